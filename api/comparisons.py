"""Comparisons: jurisdictions side by side, every cell with its evidence."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from operator import itemgetter
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Response
from pydantic import BaseModel, ConfigDict

from api.formats import CSV_RESPONSE
from api.problems import responses
from api.query import parameters, parsed
from api.resources import Direct, as_of
from api.selection import DaySelectionQuery, Selection, select
from api.serving import ReleaseDep
from models.coding import MatrixCell
from models.flat import csv_line

router = APIRouter(prefix="/v1/comparisons", tags=["comparisons"], route_class=Direct)


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
    cells = ",".join([",".join(row) for row in rows(selection, day)])
    body = (
        f'{{"as_of":"{day}","release":"{release.name}",'
        f'"jurisdictions":{_words(selection.jurisdictions)},'
        f'"indicators":{_words(selection.indicators)},"cells":[{cells}]}}'
    )
    return Response(body, media_type="application/json", headers=as_of(day))


def rows(selection: Selection, day: str) -> Iterator[tuple[str, ...]]:
    """Yield the finished cells of each jurisdiction on a day."""
    positions = selection.positions
    pick: Any = itemgetter(*positions) if len(positions) > 1 else None
    if not positions:
        return
    for code in selection.jurisdictions:
        row = selection.cells.row(code, day)
        yield pick(row) if pick else (row[positions[0]],)


def _words(words: list[str]) -> str:
    """A JSON list of codes, which need no escaping."""
    return "[" + ",".join(f'"{word}"' for word in words) + "]"


LONG_COLUMNS = (
    *("jurisdiction", "indicator", "as_of", "state", "value_type", "value_boolean"),
    *("value_integer", "value_number", "value_text", "value_codes", "qualifier", "since", "via"),
    *("provisions", "source_urls", "verification"),
)


@router.get(
    "/matrix.csv",
    response_class=Response,
    response_model=None,
    responses={**CSV_RESPONSE, **responses(422)},
    openapi_extra=parameters(DaySelectionQuery),
)
async def export_matrix_csv(release: ReleaseDep, query: MatrixQuery) -> Response:
    """Export a matrix as CSV in long form: one row a cell, values and states apart."""
    selection = await select(release, query, query.day)
    day = query.day.isoformat()
    lines = [csv_line(LONG_COLUMNS)]
    for row in rows(selection, day):
        for text in row:
            cell = MatrixCell.model_validate_json(text)
            proofs = [e for e in cell.evidence if e.kind != "effect"]
            lines.append(
                csv_line(
                    [
                        *(cell.jurisdiction, cell.indicator, day, cell.state, cell.value_type),
                        *(cell.value_boolean, cell.value_integer, cell.value_number),
                        *(cell.value_text, ";".join(cell.value_codes), cell.qualifier),
                        *(cell.since, cell.via, ";".join(dict.fromkeys(e.id for e in proofs))),
                        ";".join(dict.fromkeys(e.source_url for e in proofs if e.source_url)),
                        ";".join(dict.fromkeys(e.verification for e in proofs)),
                    ]
                )
            )
    return Response("".join(lines), media_type="text/csv; charset=utf-8", headers=as_of(day))


@router.get(
    "/matrix-wide.csv",
    response_class=Response,
    response_model=None,
    responses={**CSV_RESPONSE, **responses(422)},
    openapi_extra=parameters(DaySelectionQuery),
)
async def export_matrix_wide_csv(release: ReleaseDep, query: MatrixQuery) -> Response:
    """Export a matrix as CSV in wide form: a row a jurisdiction.

    An indicator has three columns: its value, its state and its qualifier.
    """
    selection = await select(release, query, query.day)
    day = query.day.isoformat()
    columns = [
        name for id_ in selection.indicators for name in (id_, f"{id_}_state", f"{id_}_qualifier")
    ]
    lines = [csv_line(["jurisdiction", "as_of", *columns])]
    for code, row in zip(selection.jurisdictions, rows(selection, day), strict=True):
        cells = [MatrixCell.model_validate_json(text) for text in row]
        values = [
            part for cell in cells for part in (plain_value(cell), cell.state, cell.qualifier)
        ]
        lines.append(csv_line([code, day, *values]))
    return Response("".join(lines), media_type="text/csv; charset=utf-8", headers=as_of(day))


def plain_value(cell: MatrixCell) -> str | int | float | bool | None:
    """Return the value of a cell, whatever its type; null where it has none."""
    for value in (cell.value_boolean, cell.value_integer, cell.value_number, cell.value_text):
        if value is not None:
            return value
    return ";".join(cell.value_codes) or None
