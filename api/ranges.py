"""Ranges of days that comparisons over time are about."""

from __future__ import annotations

from datetime import date

from pydantic import Field

from api.problems import Mistake, ProblemError
from api.selection import SelectionQuery
from models.record import Day

EARLIEST = date(1800, 1, 1)
"""First day that a comparison over time may ask about."""

LATEST = date(2100, 12, 31)
"""Last day that a comparison over time may ask about."""


class RangeSelectionQuery(SelectionQuery):
    """Which jurisdictions and indicators are compared, between which days."""

    group: list[str] | None = Field(None, examples=[["asean"]])
    """Groups whose members on `date_to` are compared."""
    date_from: Day = Field(examples=["2019-12-31"])
    """First day, `YYYY-MM-DD`."""
    date_to: Day = Field(examples=["2026-01-01"])
    """Last day, `YYYY-MM-DD`."""


def check_days(date_from: date, date_to: date) -> None:
    """Refuse a range that ends before it begins, or lies beyond what is answered."""
    mistakes = [
        _mistake(name, day, f"days from {EARLIEST} to {LATEST} can be asked about")
        for name, day in (("date_from", date_from), ("date_to", date_to))
        if not EARLIEST <= day <= LATEST
    ]
    if date_from > date_to:
        message = f"the range ends before it begins (date_from={date_from})"
        mistakes.append(_mistake("date_to", date_to, message))
    if mistakes:
        named = ", ".join(dict.fromkeys(mistake.parameter for mistake in mistakes))
        raise ProblemError("invalid-request", f"Please look at: {named}.", errors=mistakes)


def too_much(message: str, parameter: str = "date_to") -> ProblemError:
    """Return the problem of a request that asks for more than is answered at once."""
    mistake = Mistake(parameter=parameter, value=None, message=message, suggestion=None)
    return ProblemError("invalid-request", message, errors=[mistake])


def _mistake(parameter: str, day: date, message: str) -> Mistake:
    return Mistake(parameter=parameter, value=day.isoformat(), message=message, suggestion=None)
