// What every test program does, with the client of openapi-generator's go.
package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	lexcompare "lexcompare.example/lexcompare/client"
)

func check(err error) {
	if err != nil {
		panic(err)
	}
}

func main() {
	configuration := lexcompare.NewConfiguration()
	configuration.Servers = lexcompare.ServerConfigurations{{URL: os.Args[1]}}
	client := lexcompare.NewAPIClient(configuration)
	ctx := context.Background()
	day := "2024-06-01"

	laws := []string{}
	cursor := ""
	for {
		request := client.LawsAPI.ListLaws(ctx).AsOf(day).Limit(100)
		if cursor != "" {
			request = request.Cursor(cursor)
		}
		page, _, err := request.Execute()
		check(err)
		for _, law := range page.Items {
			laws = append(laws, law.Id)
		}
		next := page.NextCursor.Get()
		if next == nil {
			break
		}
		cursor = *next
	}

	provision, _, err := client.ProvisionsAPI.GetProvision(ctx, "sg-penal-code-1871~sec_377BK").AsOf(day).Execute()
	check(err)
	offences := []string{}
	for _, offence := range provision.Offences {
		offences = append(offences, offence.Id)
	}
	term := provision.Offences[0].Penalties[0].Prison.Get().Max.Get()

	matrix, _, err := client.ComparisonsAPI.GetMatrix(ctx).AsOf(day).
		Jurisdiction([]string{"SG", "EU"}).Indicator([]string{"possession_max_prison"}).Execute()
	check(err)
	cells := [][]any{}
	evidence := []string{}
	for _, cell := range matrix.Cells {
		cells = append(cells, []any{cell.Jurisdiction, cell.State, cell.ValueInteger.Get()})
		for _, proof := range cell.Evidence {
			evidence = append(evidence, proof.Id)
		}
	}

	_, _, err = client.LawsAPI.ListLaws(ctx).Jurisdiction([]string{"UK"}).Execute()
	var refused *lexcompare.GenericOpenAPIError
	if !errors.As(err, &refused) {
		panic("UK was not refused")
	}
	problem, typed := refused.Model().(lexcompare.Problem)
	if !typed {
		panic(fmt.Sprintf("not a problem: %T", refused.Model()))
	}

	table, _, err := client.LawsAPI.ExportLawsCsv(ctx).AsOf(day).Execute()
	check(err)
	workbook, _, err := client.LawsAPI.ExportLawsXlsx(ctx).AsOf(day).Execute()
	check(err)
	start := make([]byte, 2)
	_, err = workbook.Seek(0, io.SeekStart)
	check(err)
	_, err = io.ReadFull(workbook, start)
	check(err)

	check(json.NewEncoder(os.Stdout).Encode(map[string]any{
		"laws":              laws,
		"offences":          offences,
		"prison_max_months": term.Months.Get(),
		"cells":             cells,
		"evidence":          evidence,
		"problem":           []any{problem.Status, problem.Errors[0].Parameter, problem.Errors[0].Suggestion.Get()},
		"csv_lines":         strings.Count(strings.TrimRight(table, "\r\n"), "\n") + 1,
		"xlsx_start":        string(start),
	}))
}
