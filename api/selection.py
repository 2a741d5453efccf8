"""What a comparison is about: which jurisdictions, which indicators."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from pydantic import Field

from api.legal_orders import members, orders_of
from api.problems import Mistake, ProblemError
from api.query import DayQuery, Example, NoQuery, check_names
from api.serving import Release
from models.cells import Cells
from models.statements import Filter, Shape, parameter

MOST_CELLS = 30_000
"""Largest comparison that is answered, in cells."""


class SelectionQuery(NoQuery):
    """Which jurisdictions and indicators are compared."""

    example: ClassVar[Example] = {
        "jurisdiction": ["SG", "DE", "US"],
        "indicator": ["possession_max_prison"],
    }

    jurisdiction: list[str] | None = Field(None, examples=[["SG", "GB"]])
    """Jurisdictions; without these and without `group`, all of which anything is coded. Where they
    are counted or compared with each other, a part of a state is then counted with its state."""
    group: list[str] | None = Field(None, examples=[["asean"]])
    """Groups whose members on that day are compared."""
    indicator: list[str] | None = Field(None, examples=[["possession_max_prison"]])
    """Indicators; without these, `topic` and `section`, the whole codebook."""
    topic: list[str] | None = Field(None, examples=[["csam-possession"]])
    """Topics whose indicators (and those of narrower topics) are compared."""
    section: list[str] | None = Field(None, examples=[["penalties"]])
    """Sections of the codebook that are compared."""


class DaySelectionQuery(SelectionQuery, DayQuery):
    """Which jurisdictions and indicators are compared, on which day."""

    example: ClassVar[Example] = {**SelectionQuery.example, **DayQuery.example}


@dataclass(frozen=True)
class Selection:
    """The jurisdictions and indicators of a comparison, in order, with all cells."""

    jurisdictions: list[str]
    indicators: list[str]
    cells: Cells

    @property
    def positions(self) -> list[int]:
        """Places of the indicators in a jurisdiction's row of cells."""
        return [self.cells.position[id_] for id_ in self.indicators]


async def select(
    release: Release, query: SelectionQuery, day: date, counting: bool = False
) -> Selection:
    """Return what a query selects on a day. Refuses unknown names and vast requests.

    Where jurisdictions are counted and none is named, a part of a state counts with its state.
    """
    await check_names(query, release)
    cells = await release.cells()
    jurisdictions = await _jurisdictions(release, query, cells, day)
    if counting and not query.jurisdiction and not query.group:
        orders = await orders_of(release)
        known = set(jurisdictions)
        wholes = ((code, orders.country(code)) for code in jurisdictions)
        jurisdictions = [code for code, whole in wholes if whole == code or whole not in known]
    indicators = await _indicators(release, query, cells)
    if len(jurisdictions) * len(indicators) > MOST_CELLS:
        asked = f"{len(jurisdictions)} jurisdictions × {len(indicators)} indicators"
        raise _too_much(f"{asked} are more than {MOST_CELLS:,} cells; ask in parts")
    return Selection(jurisdictions, indicators, cells)


async def _jurisdictions(
    release: Release, query: SelectionQuery, cells: Cells, day: date
) -> list[str]:
    """Jurisdictions as named, then members of groups; all with codings where none is named."""
    named = list(dict.fromkeys(query.jurisdiction or []))
    if query.group:
        named += [m for m in await members(release, query.group, day) if m not in named]
    if query.jurisdiction or query.group:
        return named
    return sorted(cells.timelines)


async def _indicators(release: Release, query: SelectionQuery, cells: Cells) -> list[str]:
    """Indicators as named, or those of topics and sections in the order of the codebook."""
    if query.indicator:
        return list(dict.fromkeys(query.indicator))
    filters = []
    values: dict[str, str] = {}
    for name in ("topic", "section"):
        said: list[str] | None = getattr(query, name)
        if said:
            filters.append(Filter(name, len(said)))
            values.update((parameter(name, i), word) for i, word in enumerate(said))
    if not filters:
        return list(cells.indicators)
    shape = Shape("indicators", tuple(filters), sort="position")
    rows = await release.read(release.page(shape), **values, as_of="2000-01-01", limit=10_000)
    found = [row[2] for row in rows]
    if not found:
        raise _too_much("no indicator of the codebook is about this", "section")
    return found


def _too_much(message: str, parameter: str = "jurisdiction") -> ProblemError:
    mistake = Mistake(parameter=parameter, value=None, message=message, suggestion=None)
    return ProblemError("invalid-request", message, errors=[mistake])
