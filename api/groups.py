"""Groups of jurisdictions and their members over time."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from api.paging import Page
from api.query import Filters, ListQuery
from api.resources import Resource
from models.jurisdiction import GroupRecord


class GroupFilters(Filters):
    """Which groups are meant."""

    jurisdiction: list[str] | None = Field(None, examples=[["SG"]])
    """Groups of which these are members on that day."""
    sort: Literal["id", "-id", "name", "-name"] = "id"
    """Order of the items; `-` reverses it."""


class GroupQuery(GroupFilters, ListQuery):
    """Parameters of a page of groups."""

    count_by: list[Literal["jurisdiction"]] | None = Field(None, examples=[["jurisdiction"]])
    """Parameters by which to count the whole list."""


class GroupPage(Page[GroupRecord]):
    """One page of groups."""


router = Resource(
    name="groups",
    singular="group",
    page=GroupPage,
    filters=GroupFilters,
    query=GroupQuery,
    about="Groups of jurisdictions with their members on that day.",
    example="asean",
).router()
