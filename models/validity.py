"""Valid time: half-open intervals of days."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

BEGINNING = date.min
"""Stands for "since ever" in storage, where every interval has two ends."""
FOREVER = date.max
"""Stands for an open end in storage, where every interval has two ends."""


@dataclass(frozen=True, order=True)
class Interval:
    """The days from `start` on, up to but not including `end`."""

    start: date
    end: date = FOREVER

    def __contains__(self, day: date) -> bool:
        """Tell whether a day lies within."""
        return self.start <= day < self.end

    @property
    def open_end(self) -> date | None:
        """The end as records say it: null while open."""
        return None if self.end == FOREVER else self.end

    def overlap(self, other: Interval) -> Interval | None:
        """Return the days that both contain; null when there is none."""
        start, end = max(self.start, other.start), min(self.end, other.end)
        return Interval(start, end) if start < end else None

    def without(self, others: Iterable[Interval]) -> Iterator[Interval]:
        """Yield the days that none of the others contains."""
        start = self.start
        for other in sorted(others):
            if start < min(other.start, self.end):
                yield Interval(start, min(other.start, self.end))
            start = max(start, other.end)
        if start < self.end:
            yield Interval(start, self.end)

    def cut(self, days: Iterable[date]) -> Iterator[Interval]:
        """Split at each of the days that lies strictly within."""
        start = self.start
        for day in sorted(set(days)):
            if start < day < self.end:
                yield Interval(start, day)
                start = day
        yield Interval(start, self.end)
