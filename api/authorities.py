"""Authorities: regulators, courts, police, hotlines."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from api.filters import PlaceFilters
from api.paging import Page
from api.query import ListQuery
from api.resources import Resource
from models.authority import AuthorityKind, AuthorityRecord


class AuthorityFilters(PlaceFilters):
    """Which authorities are meant."""

    kind: list[AuthorityKind] | None = Field(None, examples=[["regulator"]])
    """Kinds of body."""
    sort: Literal["id", "-id", "name", "-name"] = "id"
    """Order of the items; `-` reverses it."""


class AuthorityQuery(AuthorityFilters, ListQuery):
    """Parameters of a page of authorities."""

    count_by: list[Literal["kind", "jurisdiction"]] | None = Field(None, examples=[["kind"]])
    """Parameters by which to count the whole list."""


class AuthorityPage(Page[AuthorityRecord]):
    """One page of authorities."""


router = Resource(
    name="authorities",
    singular="authority",
    page=AuthorityPage,
    filters=AuthorityFilters,
    query=AuthorityQuery,
    about="Bodies that act under, or beside, the laws recorded here.",
    example="sg-imda",
).router()
