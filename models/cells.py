"""All cells of a release in memory: a vector of finished cells for each day that changes one.

A matrix on a day is one bisection a jurisdiction and one join of bytes. What has no coding is a
cell that says `not_surveyed`.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import TypeAlias

from models.coding import CellState, MatrixCell
from models.indicator import ValueType
from models.validity import FOREVER

Row: TypeAlias = tuple[str, str, str, str, str]
"""Jurisdiction, indicator, first day, first day after, finished cell."""


@dataclass(frozen=True)
class Timeline:
    """A jurisdiction's cells over time: from each day on, one vector in the order of indicators."""

    days: list[str]
    vectors: list[tuple[bytes, ...]]


class Cells:
    """Finished cells of every jurisdiction, by day."""

    def __init__(self, rows: Iterable[Row], indicators: Mapping[str, ValueType]) -> None:
        """Read codings; `indicators` gives the order of the codebook and the types."""
        self.indicators = dict(indicators)
        self._unknown: dict[str, tuple[bytes, ...]] = {}
        self.position = {id_: i for i, id_ in enumerate(self.indicators)}
        changes: dict[str, dict[str, list[tuple[int, bytes | None]]]] = {}
        for jurisdiction, indicator, start, end, cell in rows:
            by_day = changes.setdefault(jurisdiction, {})
            at = self.position[indicator]
            by_day.setdefault(start, []).append((at, cell.encode()))
            if end != FOREVER.isoformat():
                by_day.setdefault(end, []).insert(0, (at, None))
        self.timelines = {code: self._timeline(code, by_day) for code, by_day in changes.items()}

    def _timeline(self, code: str, changes: dict[str, list[tuple[int, bytes | None]]]) -> Timeline:
        """Replay a jurisdiction's changes day by day."""
        vector = list(self.unknown(code))
        blank = tuple(vector)
        days = ["0001-01-01"]
        vectors = [blank]
        for day in sorted(changes):
            for at, cell in changes[day]:
                vector[at] = blank[at] if cell is None else cell
            if day == days[-1]:
                vectors[-1] = tuple(vector)
            else:
                days.append(day)
                vectors.append(tuple(vector))
        return Timeline(days, vectors)

    def unknown(self, code: str) -> Iterator[bytes]:
        """Yield the cells of a jurisdiction that nobody has surveyed."""
        for id_, value_type in self.indicators.items():
            yield (
                MatrixCell(
                    jurisdiction=code,
                    indicator=id_,
                    state=CellState.NOT_SURVEYED,
                    value_type=value_type,
                    value_boolean=None,
                    value_integer=None,
                    value_number=None,
                    value_text=None,
                    value_codes=[],
                    qualifier=None,
                    via=None,
                    evidence=[],
                    since=None,
                )
                .model_dump_json()
                .encode()
            )

    def row(self, code: str, day: str) -> tuple[bytes, ...]:
        """Return a jurisdiction's cells on a day, in the order of the codebook."""
        timeline = self.timelines.get(code)
        if timeline is None:
            if code not in self._unknown:
                self._unknown[code] = tuple(self.unknown(code))
            return self._unknown[code]
        return timeline.vectors[bisect_right(timeline.days, day) - 1]

    def change_days(self, code: str) -> list[str]:
        """Return the days on which a cell of a jurisdiction changes."""
        timeline = self.timelines.get(code)
        return timeline.days[1:] if timeline else []
