"""What every test program does, with the client of openapi-generator's python."""

import json
import sys
from datetime import date

from openapi_client import ApiClient, Configuration
from openapi_client.api import ComparisonsApi, LawsApi, ProvisionsApi
from openapi_client.exceptions import UnprocessableEntityException
from openapi_client.models import Problem

client = ApiClient(Configuration(host=sys.argv[1]))
laws_api = LawsApi(client)
day = date(2024, 6, 1)

laws: list[str] = []
cursor: str | None = None
while True:
    page = laws_api.list_laws(as_of=day, limit=100, cursor=cursor)
    laws += [law.id for law in page.items]
    cursor = page.next_cursor
    if cursor is None:
        break

provision = ProvisionsApi(client).get_provision("sg-penal-code-1871~sec_377BK", as_of=day)
matrix = ComparisonsApi(client).get_matrix(
    as_of=day, jurisdiction=["SG", "EU"], indicator=["possession_max_prison"]
)
try:
    laws_api.list_laws(jurisdiction=["UK"])
    raise AssertionError("UK was not refused")
except UnprocessableEntityException as refused:
    problem = refused.data
assert isinstance(problem, Problem)
table = laws_api.export_laws_csv(as_of=day)
workbook = laws_api.export_laws_xlsx(as_of=day)

print(
    json.dumps(
        {
            "laws": laws,
            "offences": [offence.id for offence in provision.offences],
            "prison_max_months": provision.offences[0].penalties[0].prison.max.months,
            "cells": [
                [cell.jurisdiction, cell.state.value, cell.value_integer] for cell in matrix.cells
            ],
            "evidence": [proof.id for cell in matrix.cells for proof in cell.evidence],
            "problem": [problem.status, problem.errors[0].parameter, problem.errors[0].suggestion],
            "csv_lines": len(table.splitlines()),
            "xlsx_start": workbook[:2].decode(),
        }
    )
)
