"""Comparisons: jurisdictions side by side, every cell with its evidence."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from itertools import chain
from operator import itemgetter
from typing import Annotated

from fastapi import APIRouter, Depends, Response
from pydantic import BaseModel, ConfigDict

from api.citations import cite_query
from api.formats import FlatTable, add_exports
from api.problems import responses
from api.query import parameters, parsed
from api.resources import as_of
from api.routing import Direct
from api.selection import DaySelectionQuery, Selection, select
from api.serving import Release, ReleaseDep
from models.cell_value import read_value
from models.coding import CellValue, Evidence, EvidenceKind, MatrixCell
from models.indicator import ValueType
from models.table import Cell, ColumnKind, Row, TableColumn, kind_of_value, texts

router = APIRouter(prefix="/v1/comparisons", tags=["comparisons"], route_class=Direct)


MATRIX = "/v1/comparisons/matrix"
"""Address of the matrix, which is cited in whatever form it is answered."""


class Matrix(BaseModel):
    """Jurisdictions × indicators on a day."""

    model_config = ConfigDict(use_attribute_docstrings=True)

    as_of: date
    """Day that the answer is about."""
    release: str
    """Version and content hash of the dataset that answered."""
    jurisdictions: list[str]
    """Jurisdictions, in the order of the rows."""
    indicators: list[str]
    """Indicators, in the order of the columns."""
    citation: str
    """How to cite this answer: dataset, release, day and the address that asks for it again."""
    cells: list[MatrixCell]
    """Cells, row by row."""


MatrixQuery = Annotated[DaySelectionQuery, Depends(parsed(DaySelectionQuery))]


@router.get(
    "/matrix",
    response_model=Matrix,
    response_description="The matrix.",
    responses=responses(422),
    openapi_extra=parameters(DaySelectionQuery),
)
async def get_matrix(release: ReleaseDep, query: MatrixQuery) -> Response:
    """Compare jurisdictions on indicators on a day; every cell has its state and its evidence."""
    selection = await select(release, query, query.day)
    day = query.day.isoformat()
    cited = cite_query(release, query, MATRIX)
    head = (
        f'{{"as_of":"{day}","release":"{release.name}",'
        f'"jurisdictions":{_words(selection.jurisdictions)},'
        f'"indicators":{_words(selection.indicators)},'
        f'"citation":{json.dumps(cited.text, ensure_ascii=False)},"cells":['
    )
    # One join, and so one copy of what can be megabytes: the ends are part of the outer cells.
    cells = list(chain.from_iterable(rows(selection, day))) or [b""]
    cells[0] = head.encode() + cells[0]
    cells[-1] += b"]}"
    headers = as_of(day) | cited.headers
    return Response(b",".join(cells), media_type="application/json", headers=headers)


def rows(selection: Selection, day: str) -> Iterator[tuple[bytes, ...]]:
    """Yield the finished cells of each jurisdiction on a day."""
    positions = selection.positions
    if not positions:
        return
    found = (selection.cells.row(code, day) for code in selection.jurisdictions)
    if positions == list(range(len(selection.cells.indicators))):
        yield from found  # the whole codebook, as a row has it
    elif len(positions) == 1:
        yield from ((row[positions[0]],) for row in found)
    else:
        yield from map(itemgetter(*positions), found)


def _words(words: list[str]) -> str:
    """A JSON list of codes, which need no escaping."""
    return '["' + '","'.join(words) + '"]' if words else "[]"


LONG_COLUMNS = [
    *texts("jurisdiction", "indicator"),
    TableColumn("as_of", ColumnKind.DATE),
    *texts("state", "value_type"),
    TableColumn("value_boolean", ColumnKind.BOOLEAN),
    TableColumn("value_integer", ColumnKind.INTEGER),
    TableColumn("value_number", ColumnKind.NUMBER),
    *texts("value_text", "value_codes", "qualifier"),
    TableColumn("since", ColumnKind.DATE),
    *texts("via", "provisions", "source_urls", "verification"),
]


async def matrix_table(release: Release, query: DaySelectionQuery) -> FlatTable:
    """Return a matrix as a table in long form."""
    selection = await select(release, query, query.day)
    return _table(release, query, "matrix", LONG_COLUMNS, _long(selection, query.day))


async def wide_table(release: Release, query: DaySelectionQuery) -> FlatTable:
    """Return a matrix as a table in wide form."""
    selection = await select(release, query, query.day)
    columns = [
        *texts("jurisdiction"),
        TableColumn("as_of", ColumnKind.DATE),
        *wide_columns(selection),
    ]
    return _table(release, query, "matrix-wide", columns, _wide(selection, query.day))


def wide_columns(selection: Selection) -> list[TableColumn]:
    """Three columns an indicator: its value, its state and its qualifier."""
    return [
        column
        for id_ in selection.indicators
        for column in (
            TableColumn(id_, kind_of_value(selection.cells.indicators[id_])),
            *texts(f"{id_}_state", f"{id_}_qualifier"),
        )
    ]


def _table(
    release: Release,
    query: DaySelectionQuery,
    name: str,
    columns: Sequence[TableColumn],
    made: Iterable[Row],
) -> FlatTable:
    day = query.day.isoformat()
    cited = cite_query(release, query, MATRIX)
    about = {"release": release.name, "as_of": day, "citation": cited.text}
    return FlatTable(name, columns, made, as_of(day) | cited.headers, about)


def _long(selection: Selection, day: date) -> Iterator[Row]:
    """A row a cell."""
    for row in rows(selection, day.isoformat()):
        for text in row:
            cell = MatrixCell.model_validate_json(text)
            yield [
                *(cell.jurisdiction, cell.indicator, day, cell.state, cell.value_type),
                *(cell.value_boolean, cell.value_integer, cell.value_number),
                *(cell.value_text, ";".join(cell.value_codes) or None, cell.qualifier),
                *(cell.since, cell.via, *proofs(cell.evidence)),
            ]


def _wide(selection: Selection, day: date) -> Iterator[Row]:
    """A row a jurisdiction."""
    codes = selection.jurisdictions
    for code, row in zip(codes, rows(selection, day.isoformat()), strict=True):
        yield [code, day, *(part for text in row for part in wide_cell(read_value(text)))]


def wide_cell(value: CellValue) -> tuple[Cell, Cell, Cell]:
    """A cell in wide form: its value, as its type has it, its state and its qualifier."""
    plain: Cell = value.plain
    if value.value_type == ValueType.DATE and value.value_text:
        plain = date.fromisoformat(value.value_text)
    return plain, value.state, value.qualifier


def proofs(evidence: Iterable[Evidence]) -> tuple[Cell, Cell, Cell]:
    """What proves a cell, effects apart: ids, addresses and what they were checked against."""
    found = [proof for proof in evidence if proof.kind != EvidenceKind.EFFECT]
    return (
        ";".join(dict.fromkeys(proof.id for proof in found)) or None,
        ";".join(dict.fromkeys(p.source_url for p in found if p.source_url)) or None,
        ";".join(dict.fromkeys(proof.verification for proof in found)) or None,
    )


add_exports(
    router,
    "/matrix",
    "matrix",
    "A matrix in long form: a row a cell, values and states apart.",
    DaySelectionQuery,
    matrix_table,
)
add_exports(
    router,
    "/matrix-wide",
    "matrix_wide",
    "A matrix in wide form: a row a jurisdiction. An indicator has three columns: its value, its "
    "state and its qualifier.",
    DaySelectionQuery,
    wide_table,
)
