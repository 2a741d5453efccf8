"""Calendar periods: years, quarters and months, each standing for its last day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from models.vocabulary import Word


class Frequency(Word):
    """How long the periods of a panel are."""

    YEAR = "year", "calendar years"
    QUARTER = "quarter", "quarters of calendar years"
    MONTH = "month", "calendar months"


MONTHS = {Frequency.YEAR: 12, Frequency.QUARTER: 3, Frequency.MONTH: 1}
"""Length of a period."""


@dataclass(frozen=True)
class Period:
    """A calendar period."""

    label: str
    """`2020`, `2020-Q1` or `2020-01`."""
    year: int
    quarter: int | None
    month: int | None
    start: date
    end: date
    """Its last day, for which it stands."""

    @classmethod
    def of_day(cls, day: date) -> Period:
        """Return a period that is one day."""
        return cls(day.isoformat(), day.year, None, None, day, day)

    @property
    def eve(self) -> date:
        """The day before it."""
        return self.start - timedelta(days=1)


def periods(first: date, last: date, frequency: Frequency) -> list[Period]:
    """Return the periods whose last day lies between two days, both included."""
    length = MONTHS[frequency]
    found: list[Period] = []
    year, month = first.year, (first.month - 1) // length * length + 1
    while True:
        start = date(year, month, 1)
        year, month = (year, month + length) if month + length <= 12 else (year + 1, 1)
        end = date(year, month, 1) - timedelta(days=1)
        if end > last:
            return found
        if end >= first:
            found.append(_period(start, end, frequency))


def _period(start: date, end: date, frequency: Frequency) -> Period:
    quarter = (start.month + 2) // 3
    if frequency == Frequency.YEAR:
        return Period(f"{start.year}", start.year, None, None, start, end)
    if frequency == Frequency.QUARTER:
        return Period(f"{start.year}-Q{quarter}", start.year, quarter, None, start, end)
    return Period(f"{start:%Y-%m}", start.year, quarter, start.month, start, end)
