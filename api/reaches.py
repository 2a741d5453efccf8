"""Reaches: jurisdiction beyond the territory."""

from __future__ import annotations

from typing import ClassVar, Literal

from pydantic import Field

from api.filters import FacetFilters
from api.paging import Page
from api.query import Example, ListQuery
from api.resources import Resource
from models.reach import ReachRecord
from models.vocabulary import Basis, Clock, Condition, Conduct


class ReachFilters(FacetFilters):
    """Which reaches are meant."""

    example: ClassVar[Example] = {**FacetFilters.example, "basis": ["offender_national"]}

    basis: list[Basis] | None = Field(None, examples=[["offender_national"]])
    """Grounds that they state."""
    condition: list[Condition] | None = Field(None, examples=[["dual_criminality"]])
    """Further conditions."""
    clock: list[Clock] | None = Field(None, examples=[["act"]])
    """Which date of a case the grounds are tested at."""
    applies_to: list[str] | None = Field(None, examples=[["sg-penal-code-1871~sec_377BG"]])
    """Provisions or facets that they cover by name."""
    conduct: list[Conduct] | None = Field(None, examples=[["produce"]])
    """What the offences that they cover punish."""
    sort: Literal["id", "-id"] = "id"
    """Order of the items; `-` reverses it."""


class ReachQuery(ReachFilters, ListQuery):
    """Parameters of a page of reaches."""

    count_by: (
        list[
            Literal["basis", "condition", "clock", "conduct", "jurisdiction", "law", "verification"]
        ]
        | None
    ) = Field(None, examples=[["basis"]])
    """Parameters by which to count the whole list."""


class ReachPage(Page[ReachRecord]):
    """One page of reaches."""


router = Resource(
    name="reaches",
    singular="reach",
    page=ReachPage,
    filters=ReachFilters,
    query=ReachQuery,
    about="Grounds of jurisdiction beyond the territory, over named offences, duties or powers. "
    "Entries are alternatives; the bases within one are cumulative.",
    example="sg-penal-code-1871~sec_377BO~reach_1",
).router()
