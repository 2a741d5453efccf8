"""What every test program does, with the client that openapi-python-client makes."""

import json
import sys
from datetime import date

from lexcompare_client import Client
from lexcompare_client.api.comparisons import get_matrix
from lexcompare_client.api.laws import export_laws_csv, export_laws_xlsx, list_laws
from lexcompare_client.api.provisions import get_provision
from lexcompare_client.models import LawPage, Matrix, Problem, ProvisionRecord
from lexcompare_client.types import File

client = Client(base_url=sys.argv[1])
day = date(2024, 6, 1)

laws: list[str] = []
cursor: str | None = None
while True:
    page = list_laws.sync(client=client, as_of=day, limit=100, cursor=cursor)
    assert isinstance(page, LawPage)
    laws += [law.id for law in page.items]
    cursor = page.next_cursor
    if cursor is None:
        break

provision = get_provision.sync("sg-penal-code-1871~sec_377BK", client=client, as_of=day)
assert isinstance(provision, ProvisionRecord)
prison = provision.offences[0].penalties[0].prison
assert prison is not None
assert prison.max_ is not None

matrix = get_matrix.sync(
    client=client, as_of=day, jurisdiction=["SG", "EU"], indicator=["possession_max_prison"]
)
assert isinstance(matrix, Matrix)

problem = list_laws.sync(client=client, jurisdiction=["UK"])
assert isinstance(problem, Problem)

table = export_laws_csv.sync(client=client, as_of=day)
assert isinstance(table, str)
workbook = export_laws_xlsx.sync(client=client, as_of=day)
assert isinstance(workbook, File)

print(
    json.dumps(
        {
            "laws": laws,
            "offences": [offence.id for offence in provision.offences],
            "prison_max_months": prison.max_.months,
            "cells": [
                [cell.jurisdiction, cell.state.value, cell.value_integer] for cell in matrix.cells
            ],
            "evidence": [proof.id for cell in matrix.cells for proof in cell.evidence],
            "problem": [problem.status, problem.errors[0].parameter, problem.errors[0].suggestion],
            "csv_lines": len(table.splitlines()),
            "xlsx_start": workbook.payload.read(2).decode(),
        }
    )
)
