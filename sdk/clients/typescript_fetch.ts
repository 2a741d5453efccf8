// What every test program does, with the client of openapi-generator's typescript-fetch.
import {
  ComparisonsApi,
  Configuration,
  LawsApi,
  ProblemFromJSON,
  ProvisionsApi,
  ResponseError,
} from './client';

const configuration = new Configuration({ basePath: process.argv[2] });
const lawsApi = new LawsApi(configuration);

async function main(): Promise<void> {
  const asOf = new Date('2024-06-01');

  const laws: string[] = [];
  let cursor: string | null = null;
  do {
    const page = await lawsApi.listLaws({ asOf, limit: 100, ...(cursor ? { cursor } : {}) });
    laws.push(...page.items.map((law) => law.id));
    cursor = page.nextCursor;
  } while (cursor !== null);

  const id = 'sg-penal-code-1871~sec_377BK';
  const provision = await new ProvisionsApi(configuration).getProvision({ id, asOf });
  const matrix = await new ComparisonsApi(configuration).getMatrix({
    asOf,
    jurisdiction: ['SG', 'EU'],
    indicator: ['possession_max_prison'],
  });
  const refused: unknown = await lawsApi.listLaws({ jurisdiction: ['UK'] }).catch((e) => e);
  if (!(refused instanceof ResponseError)) throw new Error('UK was not refused');
  const problem = ProblemFromJSON(await refused.response.json());
  const table = await lawsApi.exportLawsCsv({ asOf });
  const workbook = await lawsApi.exportLawsXlsx({ asOf });

  console.log(
    JSON.stringify({
      laws,
      offences: provision.offences.map((offence) => offence.id),
      prison_max_months: provision.offences[0]?.penalties[0]?.prison?.max?.months,
      cells: matrix.cells.map((cell) => [cell.jurisdiction, cell.state, cell.valueInteger]),
      evidence: matrix.cells.flatMap((cell) => cell.evidence.map((proof) => proof.id)),
      problem: [problem.status, problem.errors[0]?.parameter, problem.errors[0]?.suggestion],
      csv_lines: table.trimEnd().split('\n').length,
      xlsx_start: await workbook.slice(0, 2).text(),
    }),
  );
}

void main();
