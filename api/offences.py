"""Offences: what is punished, and what it can carry."""

from __future__ import annotations

from typing import ClassVar, Literal

from pydantic import Field

from api.filters import FacetFilters
from api.paging import Page
from api.query import Example, ListQuery, Whole
from api.resources import Resource
from models.offence import OffenceRecord
from models.vocabulary import (
    Basis,
    Caning,
    Condition,
    Conduct,
    ExceptionKind,
    Fault,
    Purpose,
    Subject,
)


class OffenceFilters(FacetFilters):
    """Which offences are meant."""

    example: ClassVar[Example] = {**FacetFilters.example, "conduct": ["possess"]}

    conduct: list[Conduct] | None = Field(None, examples=[["possess"]])
    """What they punish."""
    purpose: list[Purpose] | None = Field(None, examples=[["none"]])
    """Further purpose that must be proved."""
    material_class: list[Subject] | None = Field(None, examples=[["csam"]])
    """What material they are about."""
    fault: list[Fault] | None = Field(None, examples=[["reason_to_believe"]])
    """Lowest fault that suffices."""
    caning: list[Caning] | None = Field(None, examples=[["discretionary"]])
    """Whether the base case includes caning."""
    prison_max_from: Whole | None = Field(None, examples=[60])
    """Lowest maximum term of the base case, in months (life counts above every number)."""
    prison_max_to: Whole | None = Field(None, examples=[120])
    """Highest maximum term of the base case, in months."""
    victim_under_from: Whole | None = Field(None, examples=[16])
    """Lowest age below which the victim must be."""
    victim_under_to: Whole | None = Field(None, examples=[18])
    """Highest age below which the victim must be."""
    reach_basis: list[Basis] | None = Field(None, examples=[["offender_national"]])
    """Grounds of reach that cover them by themselves, in whichever provision these are stated."""
    reach_condition: list[Condition] | None = Field(None, examples=[["dual_criminality"]])
    """Conditions of the reach that covers them."""
    reach: list[str] | None = Field(None, examples=[["sg-penal-code-1871~sec_377BO~reach_1"]])
    """Reaches that cover them."""
    exception: list[ExceptionKind] | None = Field(None, examples=[["own_image"]])
    """Kinds of exception or defence that apply to them."""
    sentencing: list[str] | None = Field(
        None, examples=[["sg-prisons-act-1933~sec_50U~sentencing_1"]]
    )
    """Sentencing rules that apply to them."""
    sort: Literal["id", "-id", "prison_max", "-prison_max"] = "id"
    """Order of the items; `-` reverses it."""


class OffenceQuery(OffenceFilters, ListQuery):
    """Parameters of a page of offences."""

    count_by: (
        list[
            Literal[
                "conduct",
                "purpose",
                "material_class",
                "fault",
                "caning",
                "reach_basis",
                "reach_condition",
                "exception",
                "jurisdiction",
                "law",
                "topic",
                "verification",
            ]
        ]
        | None
    ) = Field(None, examples=[["conduct"]])
    """Parameters by which to count the whole list."""


class OffencePage(Page[OffenceRecord]):
    """One page of offences."""


router = Resource(
    name="offences",
    singular="offence",
    page=OffencePage,
    filters=OffenceFilters,
    query=OffenceQuery,
    about="What is punished, with which fault, and what it can carry.",
    example="sg-penal-code-1871~sec_377BK~offence_1",
).router()
