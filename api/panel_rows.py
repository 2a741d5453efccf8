"""What a panel is made of: its jurisdictions with their codes, its periods, its rows."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from api.query import check_names
from api.ranges import RangeSelectionQuery, check_days, too_much
from api.selection import Selection, select
from api.serving import Release
from models.cow import COW_CODES
from models.jurisdiction import GroupRecord, JurisdictionRecord
from models.panel import PanelRow, panel
from models.period import Frequency, Period, periods
from models.validity import BEGINNING, FOREVER, Interval
from models.vocabulary import JurisdictionKind

MOST_PANEL_CELLS = 200_000
"""Largest panel that is answered, in cells."""


class PanelQuery(RangeSelectionQuery):
    """Which jurisdictions and indicators are in the panel, in which periods."""

    group: list[str] | None = Field(None, examples=[["asean"]])
    """Groups whose members are in it, each in the periods on whose last day it is a member."""
    frequency: Literal["year", "quarter", "month"] = Field("year", examples=["year"])
    """How long the periods are: those whose last day lies between `date_from` and `date_to`."""


class PanelJurisdiction(BaseModel):
    """A jurisdiction and its codes in other data sets."""

    model_config = ConfigDict(use_attribute_docstrings=True)

    jurisdiction: str
    """The jurisdiction."""
    name: str
    """Usual English name."""
    alpha2: str | None
    """ISO 3166-1 alpha-2 code; null for what is no country."""
    alpha3: str | None
    """ISO 3166-1 alpha-3 code; null for what is no country."""
    numeric: str | None
    """ISO 3166-1 numeric code, three digits; null for what is no country."""
    m49: str | None
    """UN M49 code: the same number."""
    cow: int | None
    """Country code of the Correlates of War project, as of today's states; null without one."""


class PanelPeriod(BaseModel):
    """A period of the panel."""

    model_config = ConfigDict(use_attribute_docstrings=True)

    period: str
    """Its name: `2020`, `2020-Q1` or `2020-01`."""
    year: int
    """Its year."""
    quarter: int | None
    """Its quarter, 1 to 4; null for years."""
    month: int | None
    """Its month, 1 to 12; null for years and quarters."""
    as_of: date
    """Its last day, for which the cells stand."""


@dataclass(frozen=True)
class OpenPanel:
    """A panel that is ready to be written."""

    selection: Selection
    periods: list[Period]
    jurisdictions: dict[str, PanelJurisdiction]
    rows: Iterator[PanelRow]


async def open_panel(release: Release, query: PanelQuery) -> OpenPanel:
    """Find what a panel is made of. Refuses bad ranges and vast panels."""
    check_days(query.date_from, query.date_to)
    spans = periods(query.date_from, query.date_to, Frequency[query.frequency.upper()])
    if not spans:
        raise too_much(f"no {query.frequency} ends between these days")
    selection, belongs = await _select(release, query, spans)
    sizes = (len(selection.jurisdictions), len(selection.indicators), len(spans))
    if sizes[0] * sizes[1] * sizes[2] > MOST_PANEL_CELLS:
        asked = f"{sizes[0]} jurisdictions × {sizes[1]} indicators × {sizes[2]} periods"
        raise too_much(f"{asked} are more than {MOST_PANEL_CELLS:,} cells; ask in parts")
    return OpenPanel(
        selection,
        spans,
        {code: await _place(release, code, query.date_to) for code in selection.jurisdictions},
        panel(selection.cells, selection.jurisdictions, selection.positions, spans, belongs),
    )


async def _select(
    release: Release, query: PanelQuery, spans: list[Period]
) -> tuple[Selection, Callable[[str, date], bool]]:
    """Select, and tell who belongs when: those named always, members of groups while they are."""
    await check_names(query, release)
    named = list(dict.fromkeys(query.jurisdiction or []))
    members: dict[str, list[Interval]] = {}
    for group in query.group or []:
        rows = await release.read(release.item("groups"), id=group, as_of=query.date_to.isoformat())
        for member in GroupRecord.model_validate_json(rows[0][0]).members:
            span = Interval(member.since or BEGINNING, member.until or FOREVER)
            if member.jurisdiction not in named and any(p.end in span for p in spans):
                members.setdefault(member.jurisdiction, []).append(span)
    meant = [*named, *sorted(members)]
    if query.group and not meant:
        raise too_much("these groups have no members on the days of the panel", "group")
    anew = query.model_copy(update={"jurisdiction": meant or None, "group": None})

    def belongs(code: str, day: date) -> bool:
        return code not in members or any(day in span for span in members[code])

    return await select(release, anew, query.date_to), belongs


async def _place(release: Release, code: str, day: date) -> PanelJurisdiction:
    """Return a jurisdiction's codes."""
    rows = await release.read(release.item("jurisdictions"), id=code, as_of=day.isoformat())
    record = JurisdictionRecord.model_validate_json(rows[0][0])
    country = record.kind == JurisdictionKind.COUNTRY
    return PanelJurisdiction(
        jurisdiction=code,
        name=record.name,
        alpha2=code if country else None,
        alpha3=record.alpha3,
        numeric=record.numeric,
        m49=record.numeric,
        cow=COW_CODES.get(code) if country else None,
    )
