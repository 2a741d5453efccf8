"""Sentencing rules: what is added to, or bounds, sentences."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from api.filters import FacetFilters
from api.paging import Page
from api.query import ListQuery
from api.resources import Resource
from models.sentencing import SentencingRecord
from models.vocabulary import Addition, Clock, Conduct, Measure


class SentencingFilters(FacetFilters):
    """Which sentencings are meant."""

    adds: list[Addition] | None = Field(None, examples=[["supervision"]])
    """What they add."""
    measure: list[Measure] | None = Field(None, examples=[["curfew"]])
    """Measures of supervision that they name."""
    clock: list[Clock] | None = Field(None, examples=[["act"]])
    """Which date of a case picks the version."""
    applies_to: list[str] | None = Field(None, examples=[["sg-penal-code-1871~sec_377BG"]])
    """Provisions or offences to which they apply."""
    conduct: list[Conduct] | None = Field(None, examples=[["produce"]])
    """What the offences to which they apply punish."""
    sort: Literal["id", "-id"] = "id"
    """Order of the items; `-` reverses it."""


class SentencingQuery(SentencingFilters, ListQuery):
    """Parameters of a page of sentencings."""

    count_by: (
        list[Literal["adds", "measure", "clock", "conduct", "jurisdiction", "law", "verification"]]
        | None
    ) = Field(None, examples=[["adds"]])
    """Parameters by which to count the whole list."""


class SentencingPage(Page[SentencingRecord]):
    """One page of sentencings."""


router = Resource(
    name="sentencings",
    singular="sentencing",
    page=SentencingPage,
    filters=SentencingFilters,
    query=SentencingQuery,
    about=(
        "Rules that add to or bound the sentence of offences (supervision, minimum terms), or"
        " extend it to attempts or entities."
    ),
    example="sg-prisons-act-1933~sec_50U~sentencing_1",
).router()
