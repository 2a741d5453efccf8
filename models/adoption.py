"""Adoption of features over time: who had one on which day, and who had it first."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

from models.cells import Cells
from models.coding import CellState, CellValue
from models.validity import BEGINNING, FOREVER
from models.vocabulary import Word

SINCE_EVER = BEGINNING.isoformat()
"""First day of what holds since before anything is known."""


class Standing(Word):
    """How a jurisdiction stands to a feature on a day."""

    ADOPTED = "adopted", "its law has it"
    GENERAL_LAW = "general_law", "only a general rule covers it"
    LACKING = "lacking", "its law was searched and does not have it"
    NOT_APPLICABLE = "not_applicable", "it presupposes something that its law does not have"
    NOT_SURVEYED = "not_surveyed", "nobody has searched for it"


def standing(value: CellValue) -> Standing:
    """Return what a cell means for having a feature.

    The law has it if it is coded and the value is neither false nor zero nor only `none`. A term
    of days is zero months, and is one: its source form is the qualifier.
    """
    if value.state == CellState.GENERAL_LAW:
        return Standing.GENERAL_LAW if _something(value) else Standing.LACKING
    if value.state in (CellState.CODED, CellState.DISPUTED):
        return Standing.ADOPTED if _something(value) else Standing.LACKING
    if value.state == CellState.NOT_APPLICABLE:
        return Standing.NOT_APPLICABLE
    return Standing.NOT_SURVEYED if value.state == CellState.NOT_SURVEYED else Standing.LACKING


def _something(value: CellValue) -> bool:
    """Tell whether a value is anything but no, nothing or none."""
    if value.value_boolean is False or value.value_codes == ["none"]:
        return False
    return value.number != 0 or value.qualifier is not None


@dataclass(frozen=True)
class Stretch:
    """Days during which a jurisdiction stands to a feature in one way."""

    start: str
    end: str | None
    """First day after; null for the last."""
    standing: Standing
    cell: bytes
    """The finished cell of the first day."""


def stretches(
    cells: Cells, code: str, position: int, read: Callable[[bytes], CellValue]
) -> list[Stretch]:
    """Return how a jurisdiction stood to an indicator's feature over all time."""
    timeline = cells.timelines.get(code)
    if timeline is None:
        cell = cells.row(code, SINCE_EVER)[position]
        return [Stretch(SINCE_EVER, None, standing(read(cell)), cell)]
    days = [
        (day, vector[position])
        for day, vector in zip(timeline.days, timeline.vectors, strict=True)
        if day < FOREVER.isoformat()
    ]
    firsts = [
        (how, *next(same)) for how, same in groupby(days, key=lambda day: standing(read(day[1])))
    ]
    ends = [*(start for _, start, _ in firsts[1:]), None]
    return [
        Stretch(start, end, how, cell) for (how, start, cell), end in zip(firsts, ends, strict=True)
    ]


def counts(
    histories: Mapping[str, Sequence[Stretch]], first: str, last: str
) -> Iterator[tuple[str, Counter[Standing]]]:
    """Yield how many jurisdictions stand how: on the first day, and on each that changes it."""
    moves: dict[str, list[tuple[Standing | None, Standing]]] = {}
    for history in histories.values():
        before: Standing | None = None
        for stretch in history:
            day = max(stretch.start, first)
            if day > last:
                break
            moves.setdefault(day, []).append((before, stretch.standing))
            before = stretch.standing
    now: Counter[Standing] = Counter()
    for day in sorted(moves):
        was = now.copy()
        for left, entered in moves[day]:
            if left is not None:
                now[left] -= 1
            now[entered] += 1
        if now != was:
            yield day, now.copy()


@dataclass(frozen=True)
class Adopter:
    """A jurisdiction whose law came to have a feature."""

    jurisdiction: str
    start: str
    end: str | None
    earlier_unknown: bool
    """Whether nobody has searched its law of the day before."""
    cell: bytes


def adopters(histories: Mapping[str, Sequence[Stretch]], last: str) -> list[Adopter]:
    """Return the jurisdictions that had a feature by a day, the earliest first."""
    found: list[Adopter] = []
    for code, history in histories.items():
        before = Standing.NOT_SURVEYED
        for stretch in history:
            if stretch.standing == Standing.ADOPTED and stretch.start <= last:
                unknown = before == Standing.NOT_SURVEYED
                found.append(Adopter(code, stretch.start, stretch.end, unknown, stretch.cell))
                break
            before = stretch.standing
    return sorted(found, key=lambda adopter: (adopter.start, adopter.jurisdiction))
