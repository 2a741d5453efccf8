"""Jurisdictions and groups of them: legal orders, memberships and treaty bindings over time."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pydantic import Field, model_validator
from sqlmodel import Field as Column

from models.record import Codes, Day, JurisdictionCode, Lasting, Record, Slug, Text
from models.row import Row, TextKey, walked
from models.source import Source
from models.vocabulary import JurisdictionKind


class Reservation(Record):
    """A reservation or declaration to an article of a treaty."""

    article: Text
    """Article concerned, as printed."""
    since: Day | None = Field(default=None, validation_alias="from")
    """From when it applies; null for the whole time of the binding."""
    until: Day | None = Field(default=None, validation_alias="to")
    """Until when it applied; null while it stands."""
    summary: Text | None = None
    """What it excludes, in our own words."""


class Binding(Record):
    """How a jurisdiction is bound by a treaty."""

    treaty: Slug = Field(validation_alias="to")
    """The treaty (a law)."""
    signed: Day | None = None
    """Day of signature."""
    since: Day | None = Field(default=None, validation_alias="from")
    """From when it binds; null when signed only."""
    until: Day | None = None
    """First day on which it no longer binds; null while it does."""
    reservations: list[Reservation] = Field(default_factory=list)
    """Reservations and declarations; in seed files `[]` says that there are none."""
    reservations_read: bool = False
    """Whether its reservations and declarations were read: all that it has are listed."""
    sources: list[Source] = Field(default_factory=list)
    """What proves it."""

    @model_validator(mode="before")
    @classmethod
    def _said(cls, value: Any) -> Any:
        """Who lists reservations, or none, has read them unless they say otherwise."""
        if isinstance(value, dict) and "reservations_read" not in value:
            return {**value, "reservations_read": "reservations" in value}
        return value


class Membership(Record):
    """Membership of a group during an interval."""

    group: Slug
    """The group."""
    since: Day | None
    """First day of membership; null when it was a member since before the group's record starts."""
    until: Day | None
    """First day after membership; null while it lasts."""


class JurisdictionFields(Record):
    """What the seed file says of a jurisdiction."""

    name: Text
    """Usual English name."""
    kind: JurisdictionKind
    """What kind of legal order it is."""
    alpha3: str | None = Field(default=None, pattern=r"^[A-Z]{3}$", examples=["SGP"])
    """ISO 3166-1 alpha-3 code; null for codes beyond that standard."""
    numeric: str | None = Field(default=None, pattern=r"^\d{3}$", examples=["702"])
    """ISO 3166-1 numeric code, three digits; null for codes beyond that standard."""
    parent: JurisdictionCode | None = None
    """The legal order of which it is part."""
    lead: JurisdictionCode | None = None
    """The part whose law stands for the whole where they differ."""
    aliases: list[Text] = Field(default_factory=list)
    """Other codes or names under which it is looked for."""
    federal: bool = False
    """Whether its own records hold federal law only, its states' law being unsurveyed."""
    bindings: list[Binding] = Field(default_factory=list)
    """Treaties that bind it."""
    sources: list[Source] = Field(default_factory=list)
    """Sources for a code beyond ISO 3166, or for memberships."""
    note: Text | None = None
    """What a reader should know."""


class JurisdictionRecord(JurisdictionFields, Lasting):
    """A legal order, with its memberships on a day."""

    groups: list[str]
    """Groups of which it is a member on that day."""
    memberships: list[Membership]
    """All its memberships over time."""

    def codes(self) -> Codes:
        """Filters of jurisdictions."""
        aliases = [self.name, *self.aliases, *([self.alpha3] if self.alpha3 else [])]
        return {
            "kind": [self.kind],
            "group": self.groups,
            "treaty": self._treaties(),
            "alias": [alias.lower() for alias in aliases],
        }

    def _treaties(self) -> list[str]:
        return [
            b.treaty
            for b in self.bindings
            if b.since
            and b.since <= self.interval.start
            and (b.until is None or self.interval.start < b.until)
        ]

    def columns(self) -> Mapping[str, str | int]:
        """Sort orders of jurisdictions."""
        return {"name": self.name}


class Member(Record):
    """A member of a group, as the seed file says it."""

    jurisdiction: JurisdictionCode
    """The member."""
    since: Day | None = Field(default=None, validation_alias="from")
    """First day of membership; null when unknown or since ever."""
    until: Day | None = Field(default=None, validation_alias="to")
    """First day after membership; null while it lasts."""


class GroupFields(Record):
    """What the seed file says of a group."""

    name: Text
    """Name of the group."""
    body: JurisdictionCode | None = None
    """The jurisdiction that the group forms, such as EU; null where it makes no law."""
    members: list[Member]
    """Members over time."""
    sources: list[Source] = Field(default_factory=list)
    """What proves the memberships."""


class GroupRecord(GroupFields, Lasting):
    """A group of jurisdictions, with its members on a day."""

    current: list[str]
    """Codes of the members on that day."""

    def columns(self) -> Mapping[str, str | int]:
        """Sort orders of groups."""
        return {"name": self.name}


@walked("name")
class JurisdictionRow(Row, table=True):
    """A legal order, as it stood during an interval."""

    __tablename__ = "jurisdiction"

    name: str = Column(sa_type=TextKey, description="Name.")


@walked("name")
class GroupRow(Row, table=True):
    """A group, as it stood during an interval."""

    __tablename__ = "jurisdiction_group"

    name: str = Column(sa_type=TextKey, description="Name.")
