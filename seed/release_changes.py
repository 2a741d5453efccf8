"""Compares a release with the one before it, law by law and cell by cell.

The finished JSON of both is compared, so that a release can be compared with one that was made
for other tables: a key that only one of them has is a matter of the schema, and is passed over.
What proves a record (sources and what was checked against them) is not compared, only what it says.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import pairwise
from typing import Any, TypeAlias

from sqlalchemy import select
from sqlmodel import col

from models.cell_value import said
from models.coding import VALUED, CellState, CodingRow
from models.collection import COLLECTIONS
from models.database import Database
from models.provision import Change
from models.release import PreviousRelease, ReleaseRow, release_name
from models.release_change import ChangeKind, ChangePart, ChangeStep, ReleaseChange
from models.validity import BEGINNING, FOREVER
from seed.differences import LIFE, PROOF, differences, text


@dataclass(frozen=True)
class State:
    """What a record says during an interval, days as ISO text."""

    start: str
    end: str
    text: str
    """Finished JSON of the record; for a coding, of its cell."""


States: TypeAlias = Mapping[str, Sequence[State]]
"""The states of the records of a collection by id, oldest first."""


@dataclass(frozen=True)
class Content:
    """What a release says of laws and cells."""

    laws: States
    effects: States
    provisions: States
    indicators: States
    codings: States


COMPARED = ("laws", "effects", "provisions", "indicators", "codings")
"""The collections that are compared."""


def content_of(states: Iterable[tuple[str, str, State]]) -> Content:
    """Sort states, each with its collection and id, into the content of a release."""
    sorted_: dict[str, dict[str, list[State]]] = {name: {} for name in COMPARED}
    for collection, id_, state in states:
        if collection in sorted_:
            sorted_[collection].setdefault(id_, []).append(state)
    return Content(**sorted_)


def read_previous(database: Database) -> tuple[PreviousRelease, Content]:
    """Read the release before, also one that was made for other tables."""
    # Not `database.release`: its record may lack what records have since.
    told = json.loads(database.read(database.compile(select(col(ReleaseRow.record))), {})[0][0])
    name = release_name(told["version"], told["content_hash"])
    previous = PreviousRelease(name=name, version=told["version"], date=told["date"])
    return previous, content_of(_stored(database))


def _stored(database: Database) -> Iterator[tuple[str, str, State]]:
    """Read all states of the collections that are compared."""
    for name in COMPARED:
        table: Any = COLLECTIONS[name].table
        record: Any = CodingRow.cell if name == "codings" else table.record
        statement = select(table.id, table.valid_from, table.valid_to, record)
        statement = statement.order_by(table.id, table.valid_from)
        for id_, start, end, said_ in database.read(database.compile(statement), {}):
            yield name, id_, State(start, end, said_)


class Comparison:
    """Compares two contents; what took effect after the earlier one's day is a change of law."""

    def __init__(self, previous: PreviousRelease, old: Content, new: Content) -> None:
        """Compare `new` with what was published before."""
        self.published = previous.date.isoformat()
        self.old, self.new = old, new
        self._read = lru_cache(maxsize=None)(json.loads)
        self._surveyed = {id_.partition("~")[0] for id_ in old.codings}
        self._jurisdictions = {
            id_: str(self._read(states[-1].text)["extent"][0])
            for id_, states in [*old.laws.items(), *new.laws.items()]
        }

    def changes(self) -> Iterator[ReleaseChange]:
        """Yield all changes: those of each law, then cells by jurisdiction and indicator."""
        by_law: dict[str, list[ReleaseChange]] = {}
        for found in (self._laws(), self._effects(), self._provisions()):
            for change in found:
                by_law.setdefault(str(change.law), []).append(change)
        for _, of_law in sorted(by_law.items()):
            yield from of_law
        yield from self._cells()

    # --- laws -----------------------------------------------------------------------------------

    def _laws(self) -> Iterator[ReleaseChange]:
        """What is said of laws whatever the day; their status over time is their effects'."""
        for id_ in _ids(self.old.laws, self.new.laws):
            before, after = _last(self.old.laws, id_), _last(self.new.laws, id_)
            found = self._differ(before, after, LIFE)
            kind, began = ChangeKind.CORRECTION, None
            if before is None:
                began = self.new.laws[id_][0].start
                kind = ChangeKind.LAW if began > self.published else ChangeKind.COVERAGE
            elif after is not None and not found:
                continue
            step = _step(before, after)
            yield self._of_law(kind, ChangePart.LAW, step, id_, began, None, found)

    def _effects(self) -> Iterator[ReleaseChange]:
        """Effects that are new, gone, or that say other things."""
        for id_ in _ids(self.old.effects, self.new.effects):
            old, new = _last(self.old.effects, id_), _last(self.new.effects, id_)
            found = self._differ(old, new)
            if old and new and not found:
                continue
            before: Any = self._read(old.text) if old else None
            after: Any = self._read(new.text) if new else None
            kind = self._effect_kind(id_.partition("~")[0], before, after)
            day = (after or before)["date"]
            step = _step(before, after)
            yield self._of_law(kind, ChangePart.EFFECT, step, id_, day, None, found)

    def _effect_kind(self, law: str, before: Any, after: Any) -> ChangeKind:
        """Tell why an effect differs."""
        days = [side["date"] for side in (before, after) if side and side["date"]]
        if any(day > self.published for day in days):
            if before and after and all(before[f] == after[f] for f in ("date", "outcome")):
                return ChangeKind.CORRECTION
            # A commencement that was put off, or an amendment that came since.
            return ChangeKind.LAW if self._known(law) else ChangeKind.COVERAGE
        if before is None and (not self._known(law) or not days):
            return ChangeKind.COVERAGE
        return ChangeKind.CORRECTION

    def _provisions(self) -> Iterator[ReleaseChange]:
        """Provisions that say other things of the same days."""
        for id_ in _ids(self.old.provisions, self.new.provisions):
            yield from _joined(self._provision(id_))

    def _provision(self, id_: str) -> Iterator[ReleaseChange]:
        """What is said otherwise of a provision, span by span."""
        old, new = self.old.provisions.get(id_, ()), self.new.provisions.get(id_, ())
        for start, end, before, after in _segments(old, new):
            found = self._differ(before, after)
            if found or before is None or after is None:
                kind = self._provision_kind(id_.partition("~")[0], old, start, before, after)
                step = _step(before, after)
                yield self._of_law(kind, ChangePart.PROVISION, step, id_, start, end, found)

    def _provision_kind(
        self,
        law: str,
        old: Sequence[State],
        start: str,
        before: State | None,
        after: State | None,
    ) -> ChangeKind:
        """Tell why a provision differs from a day on."""
        if start <= self.published:
            if before is None and not self._covered(old, start):
                return ChangeKind.COVERAGE
            return ChangeKind.CORRECTION
        if before is not None and after is not None and before.start == after.start:
            made = [self._read(side.text)["made_by"] for side in (before, after)]
            if made[0] == made[1]:
                return ChangeKind.CORRECTION  # a version to come, coded anew
        return ChangeKind.LAW if self._known(law) else ChangeKind.COVERAGE

    def _covered(self, old: Sequence[State], day: str) -> bool:
        """Tell whether the release before claimed to know that a provision was not in force."""
        if not old:
            return False
        return day >= old[0].start or not self._read(old[0].text)["earlier_uncoded"]

    def _known(self, law: str) -> bool:
        """Tell whether a law is of the release before, or younger than it."""
        if law in self.old.laws:
            return True
        states = self.new.laws.get(law)
        return states is not None and states[0].start > self.published

    def _of_law(
        self,
        kind: ChangeKind,
        part: ChangePart,
        step: ChangeStep,
        id_: str,
        start: str | None,
        end: str | None,
        changes: list[Change],
    ) -> ReleaseChange:
        """Describe a change of a law or of a part of it."""
        law = id_.partition("~")[0]
        place = self._jurisdictions.get(law, "")
        return _change(kind, part, step, place, law, None, id_, start, end, changes)

    def _differ(
        self, before: State | None, after: State | None, ignored: frozenset[str] = frozenset()
    ) -> list[Change]:
        """List what two records say differently; nothing where there is only one."""
        if before is None or after is None or before.text == after.text:
            return []
        old, new = self._read(before.text), self._read(after.text)
        return list(differences("", old, new, PROOF | ignored))

    # --- cells ----------------------------------------------------------------------------------

    def _cells(self) -> Iterator[ReleaseChange]:
        """Cells with another state, value or qualifier on the same days."""
        for id_ in _ids(self.old.codings, self.new.codings):
            yield from _joined(self._cell(id_))

    def _cell(self, id_: str) -> Iterator[ReleaseChange]:
        """What is said otherwise of a cell, span by span."""
        place, _, indicator = id_.partition("~")
        old, new = _values(self.old.codings.get(id_, ())), _values(self.new.codings.get(id_, ()))
        for start, end, before, after in _segments(old, new):
            was, is_ = _read_cell(before), _read_cell(after)
            found = list(_told(was, is_))
            if not found:
                continue
            if start <= self.published and self._rule_changed(indicator):
                kind = ChangeKind.CODEBOOK
            elif was is None or is_ is None:
                since = start > self.published and place in self._surveyed
                by_law = since and (is_ is None or is_["state"] in VALUED)
                kind = ChangeKind.LAW if by_law else ChangeKind.COVERAGE
            elif start <= self.published or (before and after and before.start == after.start):
                kind = ChangeKind.CORRECTION  # also of a change to come
            else:
                kind = ChangeKind.LAW
            step = _step(was, is_)
            yield _change(
                kind, ChangePart.CELL, step, place, None, indicator, id_, start, end, found
            )

    def _rule_changed(self, indicator: str) -> bool:
        """Tell whether an indicator is new, gone, or derived otherwise than before."""
        old, new = self.old.indicators.get(indicator), self.new.indicators.get(indicator)
        if not old or not new:
            return True
        before, after = self._read(old[0].text), self._read(new[0].text)
        return any(before.get(name) != after.get(name) for name in ("rule_text", "type"))


def _ids(old: States, new: States) -> list[str]:
    return sorted({*old, *new})


def _last(states: States, id_: str) -> State | None:
    """Return the latest state of a record."""
    found = states.get(id_)
    return found[-1] if found else None


def _step(before: object, after: object) -> ChangeStep:
    """Tell what became of something."""
    if before is None:
        return ChangeStep.ADDED
    return ChangeStep.REMOVED if after is None else ChangeStep.CHANGED


def _segments(
    old: Sequence[State], new: Sequence[State]
) -> Iterator[tuple[str, str, State | None, State | None]]:
    """Yield the spans of days on which not both sides have the very same text."""
    days = sorted({day for state in (*old, *new) for day in (state.start, state.end)})
    for start, end in pairwise(days):
        before = next((s for s in old if s.start <= start < s.end), None)
        after = next((s for s in new if s.start <= start < s.end), None)
        if (before and before.text) != (after and after.text):
            yield start, end, before, after


def _joined(changes: Iterable[ReleaseChange]) -> Iterator[ReleaseChange]:
    """Join neighbouring spans of which the same is said."""
    last: ReleaseChange | None = None
    for change in changes:
        if last is not None and last.valid_to is not None and last.valid_to == change.valid_from:
            longer = {"valid_from": last.valid_from, "valid_to": change.valid_to}
            if last.model_copy(update=longer) == change.model_copy(update=longer):
                last = last.model_copy(update=longer)
                continue
        if last is not None:
            yield last
        last = change
    if last is not None:
        yield last


def _change(
    kind: ChangeKind,
    part: ChangePart,
    step: ChangeStep,
    jurisdiction: str,
    law: str | None,
    indicator: str | None,
    id_: str,
    start: str | None,
    end: str | None,
    changes: list[Change],
) -> ReleaseChange:
    ends = {"valid_from": (start, BEGINNING), "valid_to": (end, FOREVER)}
    days = {
        name: None if day is None or day == never.isoformat() else day
        for name, (day, never) in ends.items()
    }
    return ReleaseChange.model_validate(
        {
            "kind": kind,
            "part": part,
            "step": step,
            "jurisdiction": jurisdiction,
            "law": law,
            "indicator": indicator,
            "id": id_,
            "changes": changes,
            **days,
        }
    )


def _values(states: Sequence[State]) -> list[State]:
    """The cells without what proves them, neighbours that say the same as one."""
    joined: list[State] = []
    for state in states:
        value = said(state.text.encode()).decode()
        if joined and joined[-1].end == state.start and joined[-1].text == value:
            joined[-1] = replace(joined[-1], end=state.end)
        else:
            joined.append(State(state.start, state.end, value))
    return joined


def _read_cell(state: State | None) -> dict[str, str | None] | None:
    """Read what a cell says; one that nobody surveyed says nothing."""
    if state is None:
        return None
    told = json.loads(state.text + "}")
    if told["state"] == CellState.NOT_SURVEYED:
        return None
    values = [told[name] for name in told if name.startswith("value_") and name != "value_type"]
    value = next((value for value in values if value not in (None, [])), None)
    return {"state": told["state"], "value": text(value), "qualifier": told["qualifier"]}


def _told(was: dict[str, str | None] | None, is_: dict[str, str | None] | None) -> Iterator[Change]:
    """Say what of a cell differs."""
    for name in ("state", "value", "qualifier"):
        before, after = (None if cell is None else cell[name] for cell in (was, is_))
        if before != after:
            yield Change(path=name, before=before, after=after)
