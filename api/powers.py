"""Powers of authorities."""

from __future__ import annotations

from typing import ClassVar, Literal

from pydantic import Field

from api.filters import FacetFilters
from api.paging import Page
from api.query import Example, ListQuery
from api.resources import Resource
from models.power import PowerRecord
from models.vocabulary import (
    Addressee,
    Basis,
    Condition,
    ExceptionKind,
    PowerKind,
    ServiceClass,
    Subject,
)


class PowerFilters(FacetFilters):
    """Which powers are meant."""

    example: ClassVar[Example] = {**FacetFilters.example, "kind": ["disable"]}

    kind: list[PowerKind] | None = Field(None, examples=[["disable"]])
    """What may be ordered or done."""
    authority: list[str] | None = Field(None, examples=[["sg-imda"]])
    """Authorities that hold them."""
    addressee: list[Addressee] | None = Field(None, examples=[["online_provider"]])
    """To whom they are addressed."""
    service: list[ServiceClass] | None = Field(None, examples=[["social_media"]])
    """Classes of service at which they are aimed."""
    subject: list[Subject] | None = Field(None, examples=[["harmful"]])
    """Material or conduct they are about."""
    reach_basis: list[Basis] | None = Field(None, examples=[["offender_national"]])
    """Grounds of reach that cover them by themselves, in whichever provision these are stated."""
    reach_condition: list[Condition] | None = Field(None, examples=[["dual_criminality"]])
    """Conditions of the reach that covers them."""
    reach: list[str] | None = Field(None, examples=[["sg-penal-code-1871~sec_377BO~reach_1"]])
    """Reaches that cover them."""
    exception: list[ExceptionKind] | None = Field(None, examples=[["own_image"]])
    """Kinds of exception or defence that apply to them."""
    sort: Literal["id", "-id"] = "id"
    """Order of the items; `-` reverses it."""


class PowerQuery(PowerFilters, ListQuery):
    """Parameters of a page of powers."""

    count_by: (
        list[
            Literal[
                "kind",
                "authority",
                "addressee",
                "service",
                "subject",
                "reach_basis",
                "jurisdiction",
                "law",
                "verification",
            ]
        ]
        | None
    ) = Field(None, examples=[["kind"]])
    """Parameters by which to count the whole list."""


class PowerPage(Page[PowerRecord]):
    """One page of powers."""


router = Resource(
    name="powers",
    singular="power",
    page=PowerPage,
    filters=PowerFilters,
    query=PowerQuery,
    about="What authorities may order or do, to whom, how fast, and what non-compliance carries.",
    example="sg-broadcasting-act-1994~sec_45H~power_1",
).router()
