"""Exceptions and defences."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from api.filters import FacetFilters
from api.paging import Page
from api.query import ListQuery
from api.resources import Resource
from models.exception import ExceptionRecord
from models.vocabulary import Conduct, ExceptionKind


class ExceptionFilters(FacetFilters):
    """Which exceptions are meant."""

    kind: list[ExceptionKind] | None = Field(None, examples=[["own_image"]])
    """Kinds of exception."""
    applies_to: list[str] | None = Field(None, examples=[["sg-penal-code-1871~sec_377BK"]])
    """Provisions or facets that they except from."""
    conduct: list[Conduct] | None = Field(None, examples=[["possess"]])
    """What the offences that they except from punish."""
    sort: Literal["id", "-id"] = "id"
    """Order of the items; `-` reverses it."""


class ExceptionQuery(ExceptionFilters, ListQuery):
    """Parameters of a page of exceptions."""

    count_by: list[Literal["kind", "conduct", "jurisdiction", "law", "verification"]] | None = (
        Field(None, examples=[["kind"]])
    )
    """Parameters by which to count the whole list."""


class ExceptionPage(Page[ExceptionRecord]):
    """One page of exceptions."""


router = Resource(
    name="exceptions",
    singular="exception",
    page=ExceptionPage,
    filters=ExceptionFilters,
    query=ExceptionQuery,
    about="Who or what is excepted from offences, duties or powers.",
    example="sg-penal-code-1871~sec_377BN~exception_1",
).router()
