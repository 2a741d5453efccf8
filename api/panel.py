"""The panel: jurisdictions by year, quarter or month, with ISO, M49 and COW codes to merge by."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Callable, Iterable, Iterator, Sequence
from functools import cache
from itertools import islice
from typing import Annotated

from fastapi import APIRouter, Depends
from fastapi.responses import StreamingResponse

from api.comparisons import proofs, wide_cell, wide_columns
from api.formats import FlatTable, add_exports
from api.panel_rows import OpenPanel, PanelJurisdiction, PanelPeriod, PanelQuery, open_panel
from api.problems import responses
from api.query import parameters, parsed
from api.serving import Release, ReleaseDep
from models.cell_value import read_value, said
from models.coding import CellValue, EvidenceKind, MatrixCell
from models.panel import PanelRow
from models.period import Frequency, Period
from models.record import Day, Record
from models.table import ColumnKind, Row, TableColumn, texts

ROWS = 20
"""Rows written at once; between them other requests get their turn."""

router = APIRouter(prefix="/v1", tags=["panel"])


class PanelCell(CellValue):
    """The value of an indicator for a jurisdiction on the last day of a period."""

    via: str | None
    """Jurisdiction through whose law it holds; null for its own."""
    since: Day | None
    """First day on which it has had this value; null when since ever, as far as is known."""
    provisions: list[str]
    """Ids of the provisions and other records that prove it, effects apart."""
    period: str
    """The period."""
    changes_in_period: int
    """How often it changed its state, value or qualifier in the period."""


class Panel(Record):
    """Jurisdictions × periods × indicators."""

    frequency: Frequency
    """How long the periods are."""
    release: str
    """Version and content hash of the dataset that answered."""
    jurisdictions: list[PanelJurisdiction]
    """Jurisdictions, in order, with their codes."""
    periods: list[PanelPeriod]
    """Periods, in order."""
    indicators: list[str]
    """Indicators, in order."""
    cells: list[PanelCell]
    """Cells, by jurisdiction, period and indicator."""


Asked = Annotated[PanelQuery, Depends(parsed(PanelQuery))]


@router.get(
    "/panel",
    response_model=Panel,
    response_description="The panel.",
    responses=responses(422),
    openapi_extra=parameters(PanelQuery),
)
async def get_panel(release: ReleaseDep, query: Asked) -> StreamingResponse:
    """Get jurisdictions by period: every cell of the matrices on the periods' last days.

    What proves a cell in full is in the matrix of its day, and in the coding's record.
    """
    found = await open_panel(release, query)
    head = {
        "frequency": query.frequency,
        "release": release.name,
        "jurisdictions": [place.model_dump() for place in found.jurisdictions.values()],
        "periods": [_period(period).model_dump(mode="json") for period in found.periods],
        "indicators": found.selection.indicators,
    }
    start = json.dumps(head, ensure_ascii=False, separators=(",", ":"))[:-1] + ',"cells":['
    tail = cache(_json_tail)

    def row_text(row: PanelRow) -> str:
        return ",".join(
            f'{tail(cell)},"period":"{row.period.label}","changes_in_period":{changes}}}'
            for cell, changes in zip(row.cells, row.changes, strict=True)
        )

    return StreamingResponse(
        _stream(start, map(row_text, found.rows), "]}"), media_type="application/json"
    )


HEAD_COLUMNS = [
    *texts("jurisdiction", "name", "alpha2", "alpha3", "numeric", "m49"),
    TableColumn("cow", ColumnKind.INTEGER),
    *texts("period"),
    TableColumn("year", ColumnKind.INTEGER),
    TableColumn("quarter", ColumnKind.INTEGER),
    TableColumn("month", ColumnKind.INTEGER),
    TableColumn("as_of", ColumnKind.DATE),
    TableColumn("changes_in_period", ColumnKind.INTEGER),
]
LONG_COLUMNS = [
    *HEAD_COLUMNS,
    *texts("indicator", "state", "value_type"),
    TableColumn("value_boolean", ColumnKind.BOOLEAN),
    TableColumn("value_integer", ColumnKind.INTEGER),
    TableColumn("value_number", ColumnKind.NUMBER),
    *texts("value_text", "value_codes", "qualifier"),
    TableColumn("since", ColumnKind.DATE),
    *texts("via", "provisions", "source_urls", "verification"),
]


async def panel_table(release: Release, query: PanelQuery) -> FlatTable:
    """Return a panel as a table in long form."""
    found = await open_panel(release, query)
    return _table(release, query, "panel", LONG_COLUMNS, _long(found))


async def wide_panel_table(release: Release, query: PanelQuery) -> FlatTable:
    """Return a panel as a table in wide form."""
    found = await open_panel(release, query)
    columns = [*HEAD_COLUMNS, *wide_columns(found.selection)]
    return _table(release, query, "panel-wide", columns, _wide(found))


def _table(
    release: Release,
    query: PanelQuery,
    name: str,
    columns: Sequence[TableColumn],
    made: Iterable[Row],
) -> FlatTable:
    about = {
        "release": release.name,
        "date_from": query.date_from.isoformat(),
        "date_to": query.date_to.isoformat(),
        "frequency": query.frequency,
    }
    return FlatTable(name, columns, made, about=about)


def _long(found: OpenPanel) -> Iterator[Row]:
    """A row a jurisdiction, period and indicator; each distinct cell is read once."""
    tail = cache(_tail)
    head = _head(found)
    for row in found.rows:
        first = head(row)
        for cell, changes in zip(row.cells, row.changes, strict=True):
            yield [*first, changes, *tail(cell)]


def _wide(found: OpenPanel) -> Iterator[Row]:
    """A row a jurisdiction and period."""
    wide = cache(lambda cell: wide_cell(read_value(cell)))
    head = _head(found)
    for row in found.rows:
        yield [*head(row), sum(row.changes), *(part for cell in row.cells for part in wide(cell))]


def _head(found: OpenPanel) -> Callable[[PanelRow], Row]:
    """Return what gives the columns of a row's jurisdiction and period."""
    places = {code: place.model_dump().values() for code, place in found.jurisdictions.items()}
    spans = {period.label: _period(period).model_dump().values() for period in found.periods}
    return lambda row: [*places[row.jurisdiction], *spans[row.period.label]]


def _tail(text: bytes) -> Row:
    """The columns of a finished cell."""
    cell = MatrixCell.model_validate_json(text)
    return [
        *(cell.indicator, cell.state, cell.value_type, cell.value_boolean, cell.value_integer),
        *(cell.value_number, cell.value_text, ";".join(cell.value_codes) or None, cell.qualifier),
        *(cell.since, cell.via, *proofs(cell.evidence)),
    ]


add_exports(
    router,
    "/panel",
    "panel",
    "A panel in long form: a row a jurisdiction, period and indicator.",
    PanelQuery,
    panel_table,
)
add_exports(
    router,
    "/panel-wide",
    "panel_wide",
    "A panel in wide form: a row a jurisdiction and period. An indicator has three columns: its "
    "value, its state and its qualifier. `changes_in_period` counts the changes of all of them.",
    PanelQuery,
    wide_panel_table,
)


# --- writing ------------------------------------------------------------------------------------


async def _stream(start: str, texts: Iterator[str], end: str) -> AsyncIterator[str]:
    """Write rows, some at a time, giving other requests their turn."""
    ahead = start
    while some := list(islice(texts, ROWS)):
        yield ahead + ",".join(some)
        ahead = ","
        await asyncio.sleep(0)
    yield end


def _json_tail(text: bytes) -> str:
    """A finished cell as far as it does not depend on the period, still open."""
    cell = MatrixCell.model_validate_json(text)
    since = cell.since.isoformat() if cell.since else None
    rest = {"via": cell.via, "since": since, "provisions": _ids(cell)}
    return f"{said(text).decode()},{json.dumps(rest, separators=(',', ':'))[1:-1]}"


def _ids(cell: MatrixCell) -> list[str]:
    """Ids of what proves a cell, each once, effects apart."""
    return list(dict.fromkeys(p.id for p in cell.evidence if p.kind != EvidenceKind.EFFECT))


def _period(period: Period) -> PanelPeriod:
    """A period as answers say it."""
    return PanelPeriod(
        period=period.label,
        year=period.year,
        quarter=period.quarter,
        month=period.month,
        as_of=period.end,
    )
