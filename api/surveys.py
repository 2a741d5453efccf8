"""Surveys: what was searched, and where."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from api.filters import PlaceFilters
from api.paging import Page
from api.query import ListQuery
from api.resources import Resource
from models.survey import SurveyRecord


class SurveyFilters(PlaceFilters):
    """Which surveys are meant."""

    topic: list[str] | None = Field(None, examples=[["csam"]])
    """Topics searched for."""
    sort: Literal["id", "-id"] = "id"
    """Order of the items; `-` reverses it."""


class SurveyQuery(SurveyFilters, ListQuery):
    """Parameters of a page of surveys."""

    count_by: list[Literal["topic", "jurisdiction"]] | None = Field(None, examples=[["topic"]])
    """Parameters by which to count the whole list."""


class SurveyPage(Page[SurveyRecord]):
    """One page of surveys."""


router = Resource(
    name="surveys",
    singular="survey",
    page=SurveyPage,
    filters=SurveyFilters,
    query=SurveyQuery,
    about="Searches of jurisdictions for topics: they turn nothing found into absent.",
    example="sg-child-abuse-material",
).router()
