"""Facets: the coded legal content of a provision version."""

from __future__ import annotations

from collections.abc import Mapping

from pydantic import Field
from sqlmodel import Field as Column

from models.record import Codes, Dated, Day, EId, Record, Text
from models.row import Row, TextKey, walked
from models.vocabulary import ServiceClass, Verification


class Facet(Record):
    """What every facet says, whatever its kind."""

    pinpoint: EId | None = Field(default=None, validation_alias="at")
    """Where in the provision it stands, such as `subsec_2`; null for the whole provision."""
    number: int | None = Field(default=None, ge=1, validation_alias="n")
    """Its number where a provision holds several of a kind: kept over time, never reused."""
    note: Text | None = None
    """What the coded fields cannot say."""


class Application(Record):
    """From when a version applies, to which classes of service."""

    since: Day = Field(validation_alias="from")
    """First day on which it applies."""
    services: list[ServiceClass] = Field(default_factory=list)
    """Classes of service; empty for all others."""


class FacetRecord(Dated):
    """Where a facet stands, and what proves it."""

    provision: str
    """Provision that holds it (`law~eId`)."""
    provision_number: str
    """Number of that provision as printed."""
    provision_heading: str
    """Heading of that provision."""
    law: str
    """Law that holds the provision."""
    law_title: str
    """Title of that law."""
    extent: list[str]
    """Jurisdictions in which it is law."""
    topics: list[str]
    """Topics of the provision."""
    applies: list[Application]
    """When it applies to whom, where that differs from being in force."""
    verification: Verification
    """What the version was checked against."""
    source_url: str | None
    """Address of the best source of the version."""

    def codes(self) -> Codes:
        """Filters that every kind of facet shares."""
        return {
            "law": [self.law],
            "provision": [self.provision],
            "topic": self.topics,
            "verification": [self.verification],
        }

    def columns(self) -> Mapping[str, str | int]:
        """Columns of the table of facets."""
        return {"provision": self.provision, "law": self.law, "prison_max": -1}


@walked("prison_max", within="kind")
class FacetRow(Row, table=True):
    """A facet of any kind, as it stood during an interval."""

    __tablename__ = "facet"

    kind: str = Column(sa_type=TextKey, description="Kind of facet.")
    provision: str = Column(sa_type=TextKey, description="Provision that holds it.")
    law: str = Column(sa_type=TextKey, description="Law that holds the provision.")
    prison_max: int = Column(description="Longest term of the base case in months; -1 without one.")
