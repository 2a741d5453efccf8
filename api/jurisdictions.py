"""Jurisdictions: legal orders, their memberships and treaty bindings."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from api.filters import PlaceFilters
from api.paging import Page
from api.query import ListQuery
from api.resources import Resource
from models.jurisdiction import JurisdictionRecord
from models.vocabulary import JurisdictionKind


class JurisdictionFilters(PlaceFilters):
    """Which jurisdictions are meant."""

    kind: list[JurisdictionKind] | None = Field(None, examples=[["country"]])
    """Kinds of legal order."""
    treaty: list[str] | None = Field(None, examples=[["budapest-convention"]])
    """Treaties that bind them on that day."""
    sort: Literal["id", "-id", "name", "-name"] = "id"
    """Order of the items; `-` reverses it."""


class JurisdictionQuery(JurisdictionFilters, ListQuery):
    """Parameters of a page of jurisdictions."""

    count_by: list[Literal["kind", "group", "treaty"]] | None = Field(None, examples=[["kind"]])
    """Parameters by which to count the whole list."""


class JurisdictionPage(Page[JurisdictionRecord]):
    """One page of jurisdictions."""


router = Resource(
    name="jurisdictions",
    singular="jurisdiction",
    page=JurisdictionPage,
    filters=JurisdictionFilters,
    query=JurisdictionQuery,
    about="Legal orders: countries, their parts, unions and international bodies.",
    example="SG",
).router()
