"""Effects: what laws did to each other, and when."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar, Literal

from pydantic import Field

from api.filters import PlaceFilters
from api.paging import Page
from api.query import AskedDay, Example, ListQuery
from api.resources import Resource
from models.effect import EffectRecord
from models.vocabulary import EffectKind, Outcome, ServiceClass


class EffectFilters(PlaceFilters):
    """Which effects are meant."""

    columns: ClassVar[Mapping[str, str]] = {"date": "date"}

    example: ClassVar[Example] = {"provision": ["sg-penal-code-1871~sec_377BK"]}

    law: list[str] | None = Field(None, examples=[["sg-penal-code-1871"]])
    """Laws affected."""
    by: list[str] | None = Field(None, examples=[["sg-criminal-law-reform-act-2019"]])
    """Laws that did it."""
    provision: list[str] | None = Field(None, examples=[["sg-penal-code-1871~sec_377BK"]])
    """Provisions affected, also through one that contains them."""
    kind: list[EffectKind] | None = Field(None, examples=[["commences"]])
    """What was done."""
    outcome: list[Outcome] | None = Field(None, examples=[["done"]])
    """What became of it."""
    scope: list[ServiceClass] | None = Field(None, examples=[["social_media"]])
    """Service classes to which it is limited."""
    date_from: AskedDay | None = Field(None, examples=["2020-01-01"])
    """Earliest day on which it takes effect."""
    date_to: AskedDay | None = Field(None, examples=["2020-12-31"])
    """Latest day on which it takes effect."""
    sort: Literal["id", "-id", "date", "-date"] = "id"
    """Order of the items; `-` reverses it."""


class EffectQuery(EffectFilters, ListQuery):
    """Parameters of a page of effects."""

    count_by: list[Literal["law", "by", "kind", "outcome", "jurisdiction"]] | None = Field(
        None, examples=[["law"]]
    )
    """Parameters by which to count the whole list."""


class EffectPage(Page[EffectRecord]):
    """One page of effects."""


router = Resource(
    name="effects",
    singular="effect",
    page=EffectPage,
    filters=EffectFilters,
    query=EffectQuery,
    about="What one law or judgment did to another, or to itself; listed whatever the day.",
    example="sg-online-criminal-harms-act-2023~commenced-2024-02-01",
).router()
