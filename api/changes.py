"""Changes between two days: which cells became others, when, and by which law and effect."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from datetime import date
from typing import Annotated

from fastapi import APIRouter, Depends, Response
from pydantic import BaseModel, ConfigDict, Field

from api.causes import Causes, ChangeEffect
from api.comparisons import proofs
from api.formats import FlatTable, add_exports
from api.problems import responses
from api.query import parameters, parsed
from api.ranges import RangeSelectionQuery, check_days, too_much
from api.selection import Selection, select
from api.serving import Release, ReleaseDep
from models.cell_value import read_value
from models.changes import ChangedPart, ChangeReason, Step, reason, steps
from models.coding import MatrixCell
from models.record import Day
from models.table import ColumnKind, Row, TableColumn, text_of, texts

MOST_CHANGES = 5_000
"""Most changes that are answered at once."""

router = APIRouter(prefix="/v1/comparisons", tags=["comparisons"])


class ChangesQuery(RangeSelectionQuery):
    """Which changes are meant: those after `date_from`, up to and on `date_to`."""

    evidence: bool = Field(False, examples=[True])
    """Whether to list also changes of what proves a cell while its value stays."""


class CellChange(BaseModel):
    """A cell that became another on a day."""

    model_config = ConfigDict(use_attribute_docstrings=True)

    jurisdiction: str
    """The jurisdiction."""
    indicator: str
    """The indicator."""
    date: Day
    """First day of the new cell."""
    part: ChangedPart
    """What changed."""
    reason: ChangeReason
    """Why it changed."""
    effects: list[ChangeEffect]
    """The effects behind it: of that day; earlier ones only where none of that day is known."""
    before: MatrixCell
    """The cell of the day before."""
    after: MatrixCell
    """The cell from that day on."""


class Changes(BaseModel):
    """Changes of cells between two days."""

    model_config = ConfigDict(use_attribute_docstrings=True)

    date_from: Day
    """Day before the first changes: the matrix of this day is what they begin with."""
    date_to: Day
    """Day of the last changes: the matrix of this day is what they lead to."""
    release: str
    """Version and content hash of the dataset that answered."""
    jurisdictions: list[str]
    """Jurisdictions that were looked at, in order."""
    indicators: list[str]
    """Indicators that were looked at, in order."""
    total: int
    """Number of changes."""
    changes: list[CellChange]
    """The changes, by jurisdiction, day and indicator."""


Asked = Annotated[ChangesQuery, Depends(parsed(ChangesQuery))]


@router.get(
    "/changes",
    response_model=Changes,
    response_description="The changes.",
    responses=responses(422),
    openapi_extra=parameters(ChangesQuery),
)
async def get_changes(release: ReleaseDep, query: Asked) -> Response:
    """List what changed between two days: each cell before and after, the day, and by which law.

    The matrix of `date_from` with these changes made in order is the matrix of `date_to`. A cell
    that changed several times stands in the list as often.
    """
    selection, found = await _found(release, query)
    listed = [
        f'{{"jurisdiction":"{step.jurisdiction}","indicator":"{after.indicator}",'
        f'"date":"{step.day}","part":"{step.part}","reason":"{why}",'
        f'"effects":[{",".join(effect.model_dump_json() for effect in effects)}],'
        f'"before":{step.before.decode()},"after":{step.after.decode()}}}'
        async for step, _, after, why, effects in explained(release, found)
    ]
    body = (
        f'{{"date_from":"{query.date_from}","date_to":"{query.date_to}",'
        f'"release":"{release.name}","jurisdictions":{json.dumps(selection.jurisdictions)},'
        f'"indicators":{json.dumps(selection.indicators)},"total":{len(listed)},'
        f'"changes":[{",".join(listed)}]}}'
    )
    return Response(body, media_type="application/json")


COLUMNS = [
    *texts("jurisdiction", "indicator"),
    TableColumn("date", ColumnKind.DATE),
    *texts("part", "reason", "value_type"),
    *texts("before_state", "before_value", "before_qualifier"),
    *texts("after_state", "after_value", "after_qualifier"),
    *texts("effects", "effect_roles", "laws", "law_titles", "by", "by_titles"),
    *texts("provisions", "source_urls", "verification"),
]


async def changes_table(release: Release, query: ChangesQuery) -> FlatTable:
    """Return what changed between two days as a table: a row a change."""
    _, found = await _found(release, query)
    made: list[Row] = []
    async for step, before, after, why, effects in explained(release, found):
        old, new = read_value(step.before), read_value(step.after)
        joined: list[list[str]] = [
            [e.id for e in effects],
            [e.role for e in effects],
            [e.law for e in effects],
            [e.law_title for e in effects],
            [e.by for e in effects],
            [e.by_title for e in effects],
        ]
        made.append(
            [
                *(step.jurisdiction, after.indicator, date.fromisoformat(step.day)),
                *(step.part, why, new.value_type),
                *(old.state, text_of(old.plain) or None, old.qualifier),
                *(new.state, text_of(new.plain) or None, new.qualifier),
                *(";".join(parts) or None for parts in joined),
                *proofs(after.evidence or before.evidence),
            ]
        )
    about = {
        "release": release.name,
        "date_from": query.date_from.isoformat(),
        "date_to": query.date_to.isoformat(),
    }
    return FlatTable("changes", COLUMNS, made, about=about)


add_exports(
    router,
    "/changes",
    "changes",
    "What changed between two days: a row a change, with the laws behind it.",
    ChangesQuery,
    changes_table,
)


async def _found(release: Release, query: ChangesQuery) -> tuple[Selection, list[Step]]:
    """Find the changes that a query is about. Refuses bad ranges and vast answers."""
    check_days(query.date_from, query.date_to)
    selection = await select(release, query, query.date_to)
    positions = selection.positions
    found: list[Step] = []
    for code in selection.jurisdictions:
        first, last = query.date_from.isoformat(), query.date_to.isoformat()
        for step in steps(selection.cells, code, positions, first, last):
            if query.evidence or not step.same_value:
                found.append(step)
        if len(found) > MOST_CHANGES:
            raise too_much(f"these are more than {MOST_CHANGES:,} changes; ask in parts")
        await asyncio.sleep(0)
    return selection, found


Explained = tuple[Step, MatrixCell, MatrixCell, ChangeReason, list[ChangeEffect]]


async def explained(release: Release, found: list[Step]) -> AsyncIterator[Explained]:
    """Yield each change with its cells read, why it came about, and the effects behind it."""
    causes = Causes(release)
    for i, step in enumerate(found):
        before = MatrixCell.model_validate_json(step.before)
        after = MatrixCell.model_validate_json(step.after)
        effects = await causes.of(step, before, after)
        yield step, before, after, reason(before, after, {e.role for e in effects}), effects
        if i % 20 == 19:
            await asyncio.sleep(0)  # other requests get their turn
