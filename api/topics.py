"""Topics: the controlled vocabulary that provisions are indexed by."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from api.paging import Page
from api.query import Filters, ListQuery
from api.resources import Resource
from models.topic import TopicRecord


class TopicFilters(Filters):
    """Which topics are meant."""

    broader: list[str] | None = Field(None, examples=[["csam"]])
    """Topics right below these."""
    sort: Literal["id", "-id", "label", "-label"] = "id"
    """Order of the items; `-` reverses it."""


class TopicQuery(TopicFilters, ListQuery):
    """Parameters of a page of topics."""

    count_by: list[Literal["broader"]] | None = Field(None, examples=[["broader"]])
    """Parameters by which to count the whole list."""


class TopicPage(Page[TopicRecord]):
    """One page of topics."""


router = Resource(
    name="topics",
    singular="topic",
    page=TopicPage,
    filters=TopicFilters,
    query=TopicQuery,
    about="Concepts that provisions are about, from broad to narrow.",
    example="csam-possession",
).router()
