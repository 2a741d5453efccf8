import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.File;
import java.io.FileInputStream;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.openapitools.client.ApiClient;
import org.openapitools.client.ApiException;
import org.openapitools.client.api.ComparisonsApi;
import org.openapitools.client.api.LawsApi;
import org.openapitools.client.api.ProvisionsApi;
import org.openapitools.client.model.*;

/** What every test program does, with the client of openapi-generator's java (library native). */
public class Main {
  public static void main(String[] arguments) throws Exception {
    ApiClient client = new ApiClient();
    client.updateBaseUri(arguments[0]);
    ObjectMapper mapper = client.getObjectMapper();
    LocalDate day = LocalDate.of(2024, 6, 1);
    LawsApi lawsApi = new LawsApi(client);

    List<String> laws = new ArrayList<>();
    String cursor = null;
    do {
      LawPage page = lawsApi.listLaws(day, null, 100, cursor, null, null, null, null, null, null,
          null, null, null, null, null, null, null, null);
      page.getItems().forEach(law -> laws.add(law.getId()));
      cursor = page.getNextCursor();
    } while (cursor != null);

    ProvisionRecord provision =
        new ProvisionsApi(client).getProvision("sg-penal-code-1871~sec_377BK", day, null);
    Matrix matrix = new ComparisonsApi(client)
        .getMatrix(
            day, List.of("SG", "EU"), null, List.of("possession_max_prison"), null, null, null);
    Problem problem = null;
    try {
      lawsApi.listLaws(null, null, null, null, null, List.of("UK"), null, null, null, null, null,
          null, null, null, null, null, null, null);
    } catch (ApiException refused) {
      problem = mapper.readValue(refused.getResponseBody(), Problem.class);
    }
    File workbook = lawsApi.exportLawsXlsx(
        day, null, null, null, null, null, null, null, null, null, null, null, null, null);

    Map<String, Object> said = new LinkedHashMap<>();
    said.put("laws", laws);
    said.put("offences", provision.getOffences().stream().map(OffenceRecord::getId).toList());
    said.put("prison_max_months",
        provision.getOffences().get(0).getPenalties().get(0).getPrison().getMax().getMonths());
    List<Object> cells = new ArrayList<>();
    List<String> evidence = new ArrayList<>();
    for (MatrixCell cell : matrix.getCells()) {
      List<Object> row = new ArrayList<>();
      row.add(cell.getJurisdiction());
      row.add(cell.getState().getValue());
      row.add(cell.getValueInteger());
      cells.add(row);
      cell.getEvidence().forEach(proof -> evidence.add(proof.getId()));
    }
    said.put("cells", cells);
    said.put("evidence", evidence);
    Mistake mistake = problem.getErrors().get(0);
    said.put("problem",
        List.of(problem.getStatus(), mistake.getParameter(), mistake.getSuggestion()));
    try (FileInputStream start = new FileInputStream(workbook)) {
      said.put("xlsx_start", new String(start.readNBytes(2)));
    }
    System.out.println(mapper.writeValueAsString(said));
  }
}
