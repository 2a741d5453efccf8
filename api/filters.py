"""Filters that several collections share."""

from __future__ import annotations

from typing import ClassVar

from pydantic import Field

from api.query import AskedDay, DayQuery, Example, Filters
from models.vocabulary import Verification


class PlaceFilters(Filters):
    """Where it is law."""

    example: ClassVar[Example] = {"jurisdiction": ["SG"], **DayQuery.example}

    jurisdiction: list[str] | None = Field(None, examples=[["SG", "GB"]])
    """Jurisdictions: the record's extent contains one of them, its ancestor or its descendant."""
    group: list[str] | None = Field(None, examples=[["asean"]])
    """Groups of which a jurisdiction of the record's extent is a member on that day."""


class DateFilters(PlaceFilters):
    """Since when."""

    date_from: AskedDay | None = Field(None, examples=["2020-01-01"])
    """Earliest first day (`valid_from`) of the state that holds on `as_of`."""
    date_to: AskedDay | None = Field(None, examples=["2020-12-31"])
    """Latest first day (`valid_from`) of the state that holds on `as_of`."""


class TopicFilters(DateFilters):
    """In which law, about what."""

    law: list[str] | None = Field(None, examples=[["sg-penal-code-1871"]])
    """Laws that contain them."""
    topic: list[str] | None = Field(None, examples=[["csam-possession"]])
    """What they are about; a broad topic finds the narrower ones too."""
    verification: list[Verification] | None = Field(None, examples=[["official"]])
    """What the record was checked against."""


class FacetFilters(TopicFilters):
    """What every kind of facet can be filtered by."""

    provision: list[str] | None = Field(None, examples=[["sg-penal-code-1871~sec_377BK"]])
    """Provisions that hold them."""
