"""Definitions: what terms of a law mean."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from api.filters import FacetFilters
from api.paging import Page
from api.query import ListQuery, Whole
from api.resources import Resource
from models.definition import DefinitionRecord
from models.vocabulary import AgeHow, Depicts, Subject


class DefinitionFilters(FacetFilters):
    """Which definitions are meant."""

    subject: list[Subject] | None = Field(None, examples=[["csam"]])
    """What is defined."""
    age_how: list[AgeHow] | None = Field(None, examples=[["appears"]])
    """How age is tested."""
    depicts: list[Depicts] | None = Field(None, examples=[["realistic"]])
    """Kinds of depiction covered."""
    age_under_from: Whole | None = Field(None, examples=[16])
    """Lowest age limit."""
    age_under_to: Whole | None = Field(None, examples=[18])
    """Highest age limit."""
    sort: Literal["id", "-id"] = "id"
    """Order of the items; `-` reverses it."""


class DefinitionQuery(DefinitionFilters, ListQuery):
    """Parameters of a page of definitions."""

    count_by: (
        list[Literal["subject", "age_how", "depicts", "jurisdiction", "law", "verification"]] | None
    ) = Field(None, examples=[["subject"]])
    """Parameters by which to count the whole list."""


class DefinitionPage(Page[DefinitionRecord]):
    """One page of definitions."""


router = Resource(
    name="definitions",
    singular="definition",
    page=DefinitionPage,
    filters=DefinitionFilters,
    query=DefinitionQuery,
    about="What terms of laws mean: which material, which person, which service.",
    example="sg-penal-code-1871~sec_377C~definition_1",
).router()
