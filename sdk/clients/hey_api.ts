// What every test program does, with the client that @hey-api/openapi-ts makes.
import { client } from './client/client.gen';
import { exportLawsCsv, exportLawsXlsx, getMatrix, getProvision, listLaws } from './client/sdk.gen';

client.setConfig({ baseUrl: process.argv[2] });

async function main(): Promise<void> {
  const as_of = '2024-06-01';

  const laws: string[] = [];
  let cursor: string | null = null;
  do {
    const page: Awaited<ReturnType<typeof listLaws<true>>> = await listLaws({
      query: { as_of, limit: 100, ...(cursor ? { cursor } : {}) },
      throwOnError: true,
    });
    laws.push(...page.data.items.map((law) => law.id));
    cursor = page.data.next_cursor;
  } while (cursor !== null);

  const { data: provision } = await getProvision({
    path: { id: 'sg-penal-code-1871~sec_377BK' },
    query: { as_of },
    throwOnError: true,
  });
  const { data: matrix } = await getMatrix({
    query: { as_of, jurisdiction: ['SG', 'EU'], indicator: ['possession_max_prison'] },
    throwOnError: true,
  });
  const { error: problem } = await listLaws({ query: { jurisdiction: ['UK'] } });
  if (problem === undefined) throw new Error('UK was not refused');
  const { data: table } = await exportLawsCsv({ query: { as_of }, throwOnError: true });
  const { data: workbook } = await exportLawsXlsx({ query: { as_of }, throwOnError: true });

  console.log(
    JSON.stringify({
      laws,
      offences: provision.offences.map((offence) => offence.id),
      prison_max_months: provision.offences[0]?.penalties[0]?.prison?.max?.months,
      cells: matrix.cells.map((cell) => [cell.jurisdiction, cell.state, cell.value_integer]),
      evidence: matrix.cells.flatMap((cell) => cell.evidence.map((proof) => proof.id)),
      problem: [problem.status, problem.errors[0]?.parameter, problem.errors[0]?.suggestion],
      csv_lines: table.trimEnd().split('\n').length,
      xlsx_start: await workbook.slice(0, 2).text(),
    }),
  );
}

void main();
