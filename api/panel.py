"""The panel: jurisdictions by year, quarter or month, with ISO, M49 and COW codes to merge by."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Callable, Iterable, Iterator
from functools import cache
from itertools import islice
from typing import Annotated

from fastapi import APIRouter, Depends
from fastapi.responses import StreamingResponse

from api.formats import CSV_RESPONSE
from api.panel_rows import OpenPanel, PanelJurisdiction, PanelPeriod, PanelQuery, open_panel
from api.problems import responses
from api.query import parameters, parsed
from api.serving import ReleaseDep
from models.cell_value import reader, said
from models.coding import CellValue, Evidence, EvidenceKind, MatrixCell
from models.flat import Cell, csv_line
from models.panel import PanelRow
from models.period import Frequency, Period
from models.record import Day, Record

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
        _stream(start, found.rows, row_text, ",", "]}"), media_type="application/json"
    )


PLACE_COLUMNS = tuple(PanelJurisdiction.model_fields)
PERIOD_COLUMNS = tuple(PanelPeriod.model_fields)
LONG_COLUMNS = (
    *PLACE_COLUMNS,
    *PERIOD_COLUMNS,
    *("changes_in_period", "indicator", "state", "value_type", "value_boolean", "value_integer"),
    *("value_number", "value_text", "value_codes", "qualifier", "since", "via"),
    *("provisions", "source_urls", "verification"),
)


@router.get(
    "/panel.csv",
    response_class=StreamingResponse,
    response_model=None,
    responses={**CSV_RESPONSE, **responses(422)},
    openapi_extra=parameters(PanelQuery),
)
async def export_panel_csv(release: ReleaseDep, query: Asked) -> StreamingResponse:
    """Export a panel as CSV in long form: a row a jurisdiction, period and indicator."""
    found = await open_panel(release, query)
    tail = cache(_csv_tail)
    ahead = _ahead(found)

    def row_text(row: PanelRow) -> str:
        first = ahead(row)
        return "".join(
            f"{first},{changes},{tail(cell)}"
            for cell, changes in zip(row.cells, row.changes, strict=True)
        )

    return _csv(LONG_COLUMNS, found.rows, row_text)


@router.get(
    "/panel-wide.csv",
    response_class=StreamingResponse,
    response_model=None,
    responses={**CSV_RESPONSE, **responses(422)},
    openapi_extra=parameters(PanelQuery),
)
async def export_panel_wide_csv(release: ReleaseDep, query: Asked) -> StreamingResponse:
    """Export a panel as CSV in wide form: a row a jurisdiction and period.

    An indicator has three columns: its value, its state and its qualifier. `changes_in_period`
    counts the changes of all indicators of the row.
    """
    found = await open_panel(release, query)
    read = reader()
    wide = cache(lambda cell: _fragment([read(cell).plain, read(cell).state, read(cell).qualifier]))
    ahead = _ahead(found)

    def row_text(row: PanelRow) -> str:
        parts = (ahead(row), str(sum(row.changes)), *(wide(cell) for cell in row.cells))
        return ",".join(parts) + "\r\n"

    named = [
        name
        for id_ in found.selection.indicators
        for name in (id_, f"{id_}_state", f"{id_}_qualifier")
    ]
    columns = (*PLACE_COLUMNS, *PERIOD_COLUMNS, "changes_in_period", *named)
    return _csv(columns, found.rows, row_text)


# --- writing ------------------------------------------------------------------------------------


def _csv(
    columns: tuple[str, ...], rows: Iterator[PanelRow], row_text: Callable[[PanelRow], str]
) -> StreamingResponse:
    """Stream rows as CSV."""
    return StreamingResponse(
        _stream(csv_line(columns), rows, row_text, "", ""),
        media_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": 'inline; filename="panel.csv"'},
    )


async def _stream(
    start: str,
    rows: Iterator[PanelRow],
    row_text: Callable[[PanelRow], str],
    between: str,
    end: str,
) -> AsyncIterator[str]:
    """Write rows, some at a time, giving other requests their turn."""
    text = start
    while some := list(islice(rows, ROWS)):
        yield text + between.join(row_text(row) for row in some)
        text = between
        await asyncio.sleep(0)
    yield end


def _ahead(found: OpenPanel) -> Callable[[PanelRow], str]:
    """Return what writes the columns of a row's jurisdiction and period."""
    places = {
        code: _fragment(place.model_dump().values()) for code, place in found.jurisdictions.items()
    }
    spans = {
        period.label: _fragment(_period(period).model_dump().values()) for period in found.periods
    }
    return lambda row: f"{places[row.jurisdiction]},{spans[row.period.label]}"


def _fragment(values: Iterable[Cell]) -> str:
    """A part of a CSV line."""
    return csv_line(list(values)).removesuffix("\r\n")


def _csv_tail(text: str) -> str:
    """The columns of a finished cell, with the end of the line."""
    cell = MatrixCell.model_validate_json(text)
    proofs = _proofs(cell)
    return csv_line(
        [
            *(cell.indicator, cell.state, cell.value_type, cell.value_boolean, cell.value_integer),
            *(cell.value_number, cell.value_text, ";".join(cell.value_codes), cell.qualifier),
            *(cell.since, cell.via, ";".join(_ids(cell))),
            ";".join(dict.fromkeys(proof.source_url for proof in proofs if proof.source_url)),
            ";".join(dict.fromkeys(proof.verification for proof in proofs)),
        ]
    )


def _json_tail(text: str) -> str:
    """A finished cell as far as it does not depend on the period, still open."""
    cell = MatrixCell.model_validate_json(text)
    since = cell.since.isoformat() if cell.since else None
    rest = {"via": cell.via, "since": since, "provisions": _ids(cell)}
    return f"{said(text)},{json.dumps(rest, separators=(',', ':'))[1:-1]}"


def _ids(cell: MatrixCell) -> list[str]:
    """Ids of what proves a cell, each once."""
    return list(dict.fromkeys(proof.id for proof in _proofs(cell)))


def _proofs(cell: MatrixCell) -> list[Evidence]:
    """What proves a cell, effects apart."""
    return [proof for proof in cell.evidence if proof.kind != EvidenceKind.EFFECT]


def _period(period: Period) -> PanelPeriod:
    """A period as answers say it."""
    return PanelPeriod(
        period=period.label,
        year=period.year,
        quarter=period.quarter,
        month=period.month,
        as_of=period.end,
    )
