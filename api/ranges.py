"""Ranges of days that comparisons over time are about."""

from __future__ import annotations

from datetime import date
from typing import ClassVar

from pydantic import Field

from api.problems import Mistake, ProblemError, refused
from api.query import AskedDay, Example
from api.selection import SelectionQuery


class RangeSelectionQuery(SelectionQuery):
    """Which jurisdictions and indicators are compared, between which days."""

    example: ClassVar[Example] = {
        **SelectionQuery.example,
        "date_from": "2019-12-31",
        "date_to": "2026-01-01",
    }

    group: list[str] | None = Field(None, examples=[["asean"]])
    """Groups whose members on `date_to` are compared."""
    date_from: AskedDay = Field(examples=["2019-12-31"])
    """First day, `YYYY-MM-DD`."""
    date_to: AskedDay = Field(examples=["2026-01-01"])
    """Last day, `YYYY-MM-DD`."""


def check_days(date_from: date, date_to: date) -> None:
    """Refuse a range that ends before it begins."""
    if date_from > date_to:
        message = f"the range ends before it begins (date_from={date_from})"
        said = date_to.isoformat()
        raise refused([Mistake(parameter="date_to", value=said, message=message, suggestion=None)])


def too_much(message: str, parameter: str = "date_to") -> ProblemError:
    """Return the problem of a request that asks for more than is answered at once."""
    mistake = Mistake(parameter=parameter, value=None, message=message, suggestion=None)
    return ProblemError("invalid-request", message, errors=[mistake])
