"""Duties of services and persons."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from api.filters import FacetFilters
from api.paging import Page
from api.query import ListQuery
from api.resources import Resource
from models.duty import DutyRecord
from models.vocabulary import (
    Basis,
    Condition,
    DutyKind,
    ExceptionKind,
    Force,
    ServiceClass,
    Stance,
    Subject,
)


class DutyFilters(FacetFilters):
    """Which duties are meant."""

    kind: list[DutyKind] | None = Field(None, examples=[["report"]])
    """What is to be done."""
    stance: list[Stance] | None = Field(None, examples=[["required"]])
    """Whether it is required, permitted or excluded."""
    service: list[ServiceClass] | None = Field(None, examples=[["social_media"]])
    """Classes of service bound."""
    subject: list[Subject] | None = Field(None, examples=[["csam"]])
    """Material or conduct they are about."""
    authority: list[str] | None = Field(None, examples=[["sg-imda"]])
    """Authorities to which they are owed."""
    force: list[Force] | None = Field(None, examples=[["law"]])
    """Whether they bind by statute or by a code."""
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


class DutyQuery(DutyFilters, ListQuery):
    """Parameters of a page of duties."""

    count_by: (
        list[
            Literal[
                "kind",
                "stance",
                "service",
                "subject",
                "authority",
                "force",
                "reach_basis",
                "jurisdiction",
                "law",
                "verification",
            ]
        ]
        | None
    ) = Field(None, examples=[["kind"]])
    """Parameters by which to count the whole list."""


class DutyPage(Page[DutyRecord]):
    """One page of duties."""


router = Resource(
    name="duties",
    singular="duty",
    page=DutyPage,
    filters=DutyFilters,
    query=DutyQuery,
    about="What services or persons must do, may do, or need not do.",
    example="sg-broadcasting-act-1994~sec_45J~duty_1",
).router()
