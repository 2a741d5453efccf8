"""Quantities: dated numbers that provisions use."""

from __future__ import annotations

from typing import ClassVar, Literal

from pydantic import Field

from api.filters import PlaceFilters
from api.paging import Page
from api.query import Example, ListQuery
from api.resources import Resource
from models.quantity import QuantityRecord
from models.vocabulary import Clock


class QuantityFilters(PlaceFilters):
    """Which quantities are meant."""

    example: ClassVar[Example] = {"jurisdiction": ["DE"], "as_of": "2024-07-01"}

    clock: list[Clock] | None = Field(None, examples=[["act"]])
    """Which date of a case picks the value."""
    sort: Literal["id", "-id", "label", "-label"] = "id"
    """Order of the items; `-` reverses it."""


class QuantityQuery(QuantityFilters, ListQuery):
    """Parameters of a page of quantities."""

    count_by: list[Literal["clock", "jurisdiction"]] | None = Field(None, examples=[["clock"]])
    """Parameters by which to count the whole list."""


class QuantityPage(Page[QuantityRecord]):
    """One page of quantities."""


router = Resource(
    name="quantities",
    singular="quantity",
    page=QuantityPage,
    filters=QuantityFilters,
    query=QuantityQuery,
    about="Dated numbers that provisions use, such as penalty units.",
    example="de-general-maximum",
).router()
