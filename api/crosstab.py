"""Cross-tabulation: jurisdictions counted by two characteristics at once."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from datetime import date
from typing import Annotated, ClassVar

from fastapi import APIRouter, Depends, Response
from pydantic import BaseModel, ConfigDict, Field

from api.formats import FlatTable, add_exports
from api.problems import Mistake, refused, responses
from api.query import AskedDay, DayQuery, Example, nearest, parameters, parsed
from api.ranges import check_days, too_much
from api.resources import as_of
from api.selection import MOST_CELLS, Selection, SelectionQuery, select
from api.serving import Release, ReleaseDep
from models.cell_value import reader
from models.coding import CellValue
from models.crosstab import NO_GROUP, Category, Observation, attribute, category, table
from models.jurisdiction import JurisdictionRecord
from models.period import Frequency, Period, periods
from models.table import ColumnKind, Row, TableColumn, texts
from models.validity import BEGINNING, FOREVER, Interval

router = APIRouter(prefix="/v1/comparisons", tags=["comparisons"])

ATTRIBUTES = ("group", "kind", "year")
"""Characteristics that are no indicators."""


class CrosstabQuery(DayQuery):
    """Which two characteristics, of which jurisdictions, on which day or in which years."""

    example: ClassVar[Example] = {"row": "possession", "column": "kind", "as_of": "2024-07-01"}

    row: str = Field(examples=["possession"])
    """What the rows are: an indicator, or `group` (membership), `kind` of jurisdiction, `year`."""
    column: str = Field(examples=["group"])
    """What the columns are, likewise."""
    jurisdiction: list[str] | None = Field(None, examples=[["SG", "GB"]])
    """Jurisdictions; without these and without `group`, all of which anything is coded."""
    group: list[str] | None = Field(None, examples=[["asean"]])
    """Groups whose members on that day (with `year`: on `date_to`) are counted."""
    date_from: AskedDay | None = Field(None, examples=["2015-01-01"])
    """Only with `year`: the first year is the first that ends on or after this day."""
    date_to: AskedDay | None = Field(None, examples=["2025-12-31"])
    """Only with `year`: the last year is the last that ends on or before this day."""


class CrosstabCategory(BaseModel):
    """A row or a column."""

    model_config = ConfigDict(use_attribute_docstrings=True)

    label: str
    """Value with its qualifier, state where there is no value, group, kind or year."""
    state: str | None
    """State of the cells; null where the characteristic is no indicator."""
    count: int
    """Jurisdictions in it (with `year`: jurisdictions times years)."""


class CrosstabCell(BaseModel):
    """Where a row and a column meet."""

    model_config = ConfigDict(use_attribute_docstrings=True)

    row: str
    """Label of the row."""
    column: str
    """Label of the column."""
    count: int
    """Jurisdictions in both."""
    jurisdictions: list[str]
    """Which they are."""


class Crosstab(BaseModel):
    """A two-way table."""

    model_config = ConfigDict(use_attribute_docstrings=True)

    row: str
    """What the rows are."""
    column: str
    """What the columns are."""
    as_of: date | None
    """Day that the answer is about; null with `year`, where it is the last day of each."""
    release: str
    """Version and content hash of the dataset that answered."""
    total: int
    """Jurisdictions counted (with `year`: jurisdictions times years)."""
    rows: list[CrosstabCategory]
    """The rows, in order; one in several groups counts in each."""
    columns: list[CrosstabCategory]
    """The columns, in order."""
    cells: list[CrosstabCell]
    """Where rows and columns meet; what is not listed is zero."""


@router.get(
    "/crosstab",
    response_model=Crosstab,
    response_description="The table.",
    responses=responses(422),
    openapi_extra=parameters(CrosstabQuery),
)
async def get_crosstab(
    release: ReleaseDep, query: Annotated[CrosstabQuery, Depends(parsed(CrosstabQuery))]
) -> Response:
    """Count jurisdictions by two characteristics at once, with those behind each number.

    Each characteristic is an indicator (its values, and apart from them its states) or `group`,
    `kind` or `year`. What is missing is never counted as a value.
    """
    body = await _crosstab(release, query)
    headers = as_of(body.as_of.isoformat()) if body.as_of else None
    return Response(body.model_dump_json(), media_type="application/json", headers=headers)


COLUMNS = [
    *texts("row", "column"),
    TableColumn("count", ColumnKind.INTEGER),
    *texts("jurisdictions"),
]


async def crosstab_table(release: Release, query: CrosstabQuery) -> FlatTable:
    """Return a cross-tab as a table: a row a value of both characteristics."""
    body = await _crosstab(release, query)
    made: list[Row] = [
        [cell.row, cell.column, cell.count, ";".join(cell.jurisdictions) or None]
        for cell in body.cells
    ]
    about = {"release": release.name, "row": query.row, "column": query.column}
    headers = as_of(body.as_of.isoformat()) if body.as_of else {}
    return FlatTable("crosstab", COLUMNS, made, headers, about)


add_exports(
    router,
    "/crosstab",
    "crosstab",
    "Jurisdictions counted by two characteristics: a row a value of both.",
    CrosstabQuery,
    crosstab_table,
)


async def _crosstab(release: Release, query: CrosstabQuery) -> Crosstab:
    """Count jurisdictions by two characteristics."""
    days = await _days(release, query)
    names = (query.row, query.column)
    asked = SelectionQuery(
        jurisdiction=query.jurisdiction,
        group=query.group,
        indicator=[name for name in names if name not in ATTRIBUTES] or None,
    )
    last = query.date_to or query.day
    selection = await select(release, asked, last, counting=True)
    if len(selection.jurisdictions) * len(days) > MOST_CELLS:
        raise too_much(f"these are more than {MOST_CELLS:,} cells; ask in parts")
    seen = await _observe(release, selection, names, days)
    found = table(seen)
    one_day = "year" not in names
    return Crosstab(
        row=query.row,
        column=query.column,
        as_of=query.day if one_day else None,
        release=release.name,
        total=len(seen),
        rows=[_category(each, count) for each, count in found.rows],
        columns=[_category(each, count) for each, count in found.columns],
        cells=[
            CrosstabCell(row=row.label, column=column.label, count=len(codes), jurisdictions=codes)
            for row, column, codes in found.cells
        ],
    )


async def _days(release: Release, query: CrosstabQuery) -> list[Period]:
    """Check what is asked; return the years, or one period that is the day."""
    cells = await release.cells()
    known = [*ATTRIBUTES, *cells.indicators]
    mistakes = [
        Mistake(
            parameter=parameter,
            value=name,
            message="this is neither an indicator nor one of group, kind, year",
            suggestion=nearest(name, known),
        )
        for parameter, name in (("row", query.row), ("column", query.column))
        if name not in known
    ]
    if query.row == query.column:
        mistakes.append(_mistake("column", "rows and columns are the same"))
    if "year" not in (query.row, query.column):
        mistakes += [
            _mistake(name, "this goes with `year` only")
            for name in ("date_from", "date_to")
            if getattr(query, name) is not None
        ]
    else:
        mistakes += [
            _mistake(name, "`year` needs this")
            for name in ("date_from", "date_to")
            if getattr(query, name) is None
        ]
        if query.as_of is not None:
            mistakes.append(_mistake("as_of", "with `year`, each year stands for its last day"))
    if mistakes:
        raise refused(mistakes)
    if query.date_from is None or query.date_to is None:
        return [Period.of_day(query.day)]
    check_days(query.date_from, query.date_to)
    years = periods(query.date_from, query.date_to, Frequency.YEAR)
    if not years:
        raise too_much("no year ends between these days")
    return years


def _mistake(parameter: str, message: str) -> Mistake:
    return Mistake(parameter=parameter, value=None, message=message, suggestion=None)


async def _observe(
    release: Release, selection: Selection, names: Sequence[str], days: Sequence[Period]
) -> list[Observation]:
    """Look at each jurisdiction on each day."""
    read = reader()
    seen: list[Observation] = []
    for code in selection.jurisdictions:
        rows = await release.read(
            release.item("jurisdictions"), id=code, as_of=days[-1].end.isoformat()
        )
        record = JurisdictionRecord.model_validate_json(rows[0][0])
        for period in days:
            row, column = (_categories(name, period, record, selection, read) for name in names)
            seen.append(Observation(code, row, column))
        await asyncio.sleep(0)  # other requests get their turn
    return seen


def _categories(
    name: str,
    period: Period,
    record: JurisdictionRecord,
    selection: Selection,
    read: Callable[[bytes], CellValue],
) -> list[Category]:
    """Return the categories of a jurisdiction in a characteristic, in a period."""
    if name == "year":
        return [attribute(period.label)]
    if name == "kind":
        return [attribute(record.kind)]
    if name == "group":
        groups = dict.fromkeys(
            m.group
            for m in record.memberships
            if period.end in Interval(m.since or BEGINNING, m.until or FOREVER)
        )
        return [attribute(group) for group in groups] or [attribute(NO_GROUP)]
    row = selection.cells.row(record.id, period.end.isoformat())
    return [category(read(row[selection.cells.position[name]]))]


def _category(each: Category, count: int) -> CrosstabCategory:
    return CrosstabCategory(label=each.label, state=each.state, count=count)
