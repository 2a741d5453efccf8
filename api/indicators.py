"""Indicators: the codebook, each variable with its question, type and rule."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from api.paging import Page
from api.query import Filters, ListQuery
from api.resources import Resource
from models.indicator import IndicatorRecord, ValueType


class IndicatorFilters(Filters):
    """Which indicators are meant."""

    type: list[ValueType] | None = Field(None, examples=[["months"]])
    """Kinds of value."""
    section: list[str] | None = Field(None, examples=[["penalties"]])
    """Sections of the codebook."""
    topic: list[str] | None = Field(None, examples=[["csam-possession"]])
    """What they are about; a broad topic finds the narrower ones too."""
    instrument: list[str] | None = Field(None, examples=[["icmec"]])
    """Instruments whose criteria they correspond to."""
    sort: Literal["id", "-id", "position", "-position"] = "position"
    """Order of the items; `-` reverses it."""


class IndicatorQuery(IndicatorFilters, ListQuery):
    """Parameters of a page of indicators."""

    count_by: list[Literal["type", "section", "topic", "instrument"]] | None = Field(
        None, examples=[["section"]]
    )
    """Parameters by which to count the whole list."""


class IndicatorPage(Page[IndicatorRecord]):
    """One page of indicators."""


router = Resource(
    name="indicators",
    singular="indicator",
    page=IndicatorPage,
    filters=IndicatorFilters,
    query=IndicatorQuery,
    about="Variables of the codebook, with question, type and the rule that derives them.",
    example="possession_max_prison",
).router()
