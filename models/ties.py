"""Ties: which entries of reach cover which offences and powers, on the date of their clock."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from typing import Any

from sqlalchemy import Executable, and_, bindparam, select
from sqlalchemy.orm import aliased
from sqlmodel import col

from models.case import Case
from models.facet import FacetRow
from models.reach import ReachRecord
from models.row import Code
from models.statements import parameter
from models.validity import FOREVER, Interval
from models.vocabulary import FacetKind


@dataclass(frozen=True)
class Covering:
    """An entry of reach that covers an offence or power, and the date that picked its version."""

    rule: ReachRecord
    day: date | None
    """Null where the case does not state the date that the entry's clock reads."""


@dataclass
class Ties:
    """Which entries cover which facets, over time."""

    versions: dict[str, set[Interval]] = field(default_factory=dict)
    """When each facet is in force."""
    spans: dict[tuple[str, str], list[Interval]] = field(default_factory=dict)
    """When each entry covers each facet, both being in force."""
    entries: dict[str, list[ReachRecord]] = field(default_factory=dict)
    """Each entry as it stood over time."""

    def covering(self, facet: str, case: Case) -> Iterator[Covering]:
        """Yield the entries that cover a facet, each in the version that its clock picks."""
        for entry in sorted(entry for id_, entry in self.spans if id_ == facet):
            for rule in self.entries[entry]:
                day = case.days.get(rule.clock)
                if day is None:
                    if self._latest(rule, case):
                        yield Covering(rule, None)
                elif day in _span(rule) and self._covers(facet, entry, day, case.act_date):
                    yield Covering(rule, day)

    def _covers(self, facet: str, entry: str, day: date, act_date: date) -> bool:
        """Tell whether an entry covers a facet on a day.

        A facet that has ended since the act is covered as it last was.
        """
        spans = self.spans[facet, entry]
        if any(day in span for span in spans):
            return True
        ended = not any(day in version for version in self.versions[facet])
        return ended and any(act_date in span for span in spans)

    def _latest(self, rule: ReachRecord, case: Case) -> bool:
        """Tell whether a version is the one to show when the date that picks it is not stated."""
        same = [r for r in self.entries[rule.id] if r.clock == rule.clock]
        held = [r for r in same if case.act_date in _span(r)]
        return rule is (held or same)[-1]


def ties(rows: Iterable[Sequence[Any]], entries: Iterable[str]) -> Ties:
    """Read ties from what the statements give."""
    found = Ties()
    for facet, start, end, entry, tie_start, tie_end in rows:
        found.versions.setdefault(facet, set()).add(_interval(start, end))
        if entry is not None:
            spans = found.spans.setdefault((facet, entry), [])
            spans.append(_interval(tie_start, tie_end))
    for text in entries:
        rule = ReachRecord.model_validate_json(text, by_alias=False, by_name=True)
        found.entries.setdefault(rule.id, []).append(rule)
    return found


def _interval(start: str, end: str) -> Interval:
    return Interval(date.fromisoformat(start), date.fromisoformat(end))


def _span(rule: ReachRecord) -> Interval:
    return Interval(rule.valid_from, rule.valid_to or FOREVER)


# --- statements ---------------------------------------------------------------------------------


@cache
def ties_statement(collection: str, name: str, values: int) -> Executable:
    """Versions of the facets that have a code on a day, and the entries that cover each.

    Parameters: `as_of`, and the codes as a filter names them.
    """
    asked, tie = aliased(Code), aliased(Code)
    covered = and_(col(tie.key) == col(FacetRow.key), col(tie.field) == f"{collection}.reach")
    return (
        select(
            col(FacetRow.id),
            col(FacetRow.valid_from),
            col(FacetRow.valid_to),
            col(tie.code),
            col(tie.valid_from),
            col(tie.valid_to),
        )
        .join_from(asked, FacetRow, col(FacetRow.id) == col(asked.id))
        .join(tie, covered, isouter=True)
        .where(*_asked(asked, collection, name, values))
        .distinct()
    )


@cache
def entries_statement(collection: str, name: str, values: int) -> Executable:
    """Every version of every entry that covers such facets. Parameters: the same."""
    asked, tie, facet = aliased(Code), aliased(Code), aliased(FacetRow)
    covering = (
        select(col(tie.code))
        .join_from(asked, facet, col(facet.id) == col(asked.id))
        .join(tie, col(tie.key) == col(facet.key))
        .where(col(tie.field) == f"{collection}.reach", *_asked(asked, collection, name, values))
    )
    return (
        select(col(FacetRow.record))
        .where(col(FacetRow.kind) == FacetKind.REACH.value, col(FacetRow.id).in_(covering))
        .order_by(col(FacetRow.id), col(FacetRow.valid_from))
    )


def _asked(code: type[Code], collection: str, name: str, values: int) -> Iterator[Any]:
    """The code is one of those asked for, on the day."""
    day: Any = bindparam("as_of")
    yield col(code.field) == f"{collection}.{name}"
    yield col(code.code).in_([bindparam(parameter(name, n)) for n in range(values)])
    yield col(code.valid_from) <= day
    yield col(code.valid_to) > day


def asked(name: str, codes: Sequence[str]) -> Mapping[str, str]:
    """Return the parameters for codes."""
    return {parameter(name, n): str(code) for n, code in enumerate(codes)}
