// What every test program does, with openapi-fetch on the types that openapi-typescript makes.
import createClient from 'openapi-fetch';
import type { components, paths } from './client';

const client = createClient<paths>({ baseUrl: process.argv[2] });

function given<T>(answer: { data?: T; error?: components['schemas']['Problem'] }): T {
  if (answer.data === undefined) throw new Error(answer.error?.detail);
  return answer.data;
}

async function main(): Promise<void> {
  const as_of = '2024-06-01';

  const laws: string[] = [];
  let cursor: string | null = null;
  do {
    const page: components['schemas']['LawPage'] = given(
      await client.GET('/v1/laws', {
        params: { query: { as_of, limit: 100, ...(cursor ? { cursor } : {}) } },
      }),
    );
    laws.push(...page.items.map((law) => law.id));
    cursor = page.next_cursor;
  } while (cursor !== null);

  const provision = given(
    await client.GET('/v1/provisions/{id}', {
      params: { path: { id: 'sg-penal-code-1871~sec_377BK' }, query: { as_of } },
    }),
  );
  const matrix = given(
    await client.GET('/v1/comparisons/matrix', {
      params: {
        query: { as_of, jurisdiction: ['SG', 'EU'], indicator: ['possession_max_prison'] },
      },
    }),
  );
  const { error: problem } = await client.GET('/v1/laws', {
    params: { query: { jurisdiction: ['UK'] } },
  });
  if (problem === undefined) throw new Error('UK was not refused');
  const table = given(
    await client.GET('/v1/laws.csv', { params: { query: { as_of } }, parseAs: 'text' }),
  );
  const workbook = given(
    await client.GET('/v1/laws.xlsx', { params: { query: { as_of } }, parseAs: 'blob' }),
  );

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
