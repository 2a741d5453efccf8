"""Penalties: every case of what an offence or breach can carry."""

from __future__ import annotations

from typing import ClassVar, Literal

from pydantic import Field

from api.filters import TopicFilters
from api.paging import Page
from api.query import Example, ListQuery, Whole
from api.resources import Resource
from models.penalty import PenaltyRecord
from models.vocabulary import Caning, Conduct, FacetKind, Person, Purpose, Subject, Track


class PenaltyFilters(TopicFilters):
    """Which penalties are meant."""

    example: ClassVar[Example] = {
        **TopicFilters.example,
        "material_class": ["csam"],
        "base": ["true"],
    }

    provision: list[str] | None = Field(None, examples=[["sg-penal-code-1871~sec_377BK"]])
    """Provisions that hold them."""
    facet_kind: list[FacetKind] | None = Field(None, examples=[["offence"]])
    """Kinds of facet to which they belong."""
    conduct: list[Conduct] | None = Field(None, examples=[["possess"]])
    """What their offences punish."""
    purpose: list[Purpose] | None = Field(None, examples=[["none"]])
    """Further purpose that must be proved."""
    material_class: list[Subject] | None = Field(None, examples=[["csam"]])
    """What material their offences are about."""
    person: list[Person] | None = Field(None, examples=[["entity"]])
    """Who is punished."""
    track: list[Track] | None = Field(None, examples=[["any"]])
    """Procedural tracks."""
    caning: list[Caning] | None = Field(None, examples=[["discretionary"]])
    """Whether they include caning."""
    base: list[Literal["true", "false"]] | None = Field(None, examples=[["true"]])
    """Whether they are the base case: no aggravator is named."""
    prison_max_from: Whole | None = Field(None, examples=[60])
    """Lowest maximum term, in months (life counts above every number)."""
    prison_max_to: Whole | None = Field(None, examples=[120])
    """Highest maximum term, in months."""
    fine_max_from: Whole | None = Field(None, examples=[20000])
    """Lowest maximum fine, in whole units of its own currency."""
    fine_max_to: Whole | None = Field(None, examples=[1000000])
    """Highest maximum fine, in whole units of its own currency."""
    sort: Literal["id", "-id", "prison_max", "-prison_max"] = "id"
    """Order of the items; `-` reverses it."""


class PenaltyQuery(PenaltyFilters, ListQuery):
    """Parameters of a page of penalties."""

    count_by: (
        list[
            Literal[
                "facet_kind",
                "conduct",
                "purpose",
                "material_class",
                "person",
                "track",
                "caning",
                "base",
                "jurisdiction",
                "law",
                "topic",
                "verification",
            ]
        ]
        | None
    ) = Field(None, examples=[["facet_kind"]])
    """Parameters by which to count the whole list."""


class PenaltyPage(Page[PenaltyRecord]):
    """One page of penalties."""


router = Resource(
    name="penalties",
    singular="penalty",
    page=PenaltyPage,
    filters=PenaltyFilters,
    query=PenaltyQuery,
    about="Every penalty case of offences, and of breaches of duties and powers.",
    example="sg-penal-code-1871~sec_377BK~offence_1~penalty_1",
).router()
