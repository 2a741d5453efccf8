"""Authorities: regulators, competent authorities, courts, hotlines and reporting bodies."""

from __future__ import annotations

from collections.abc import Mapping

from pydantic import Field
from sqlmodel import Field as Column

from models.record import Codes, Identified, JurisdictionCode, Record, Text, Url
from models.row import Row, TextKey, walked
from models.source import Source
from models.vocabulary import Word


class AuthorityKind(Word):
    """What kind of body an authority is."""

    REGULATOR = "regulator", "regulator or competent authority"
    POLICE = "police", "police or investigating agency"
    PROSECUTOR = "prosecutor", "prosecuting authority"
    COURT = "court", "court or tribunal"
    MINISTER = "minister", "minister or government department"
    CORRECTIONS = "corrections", "prison or probation service"
    HOTLINE = "hotline", "reporting hotline"
    NGO = "ngo", "non-governmental organisation"
    INTERNATIONAL = "international", "international organisation"


class AuthorityFields(Record):
    """What the seed file says of an authority."""

    name: Text
    """Official name."""
    short_name: Text | None = None
    """Usual abbreviation."""
    kind: AuthorityKind
    """What kind of body it is."""
    jurisdiction: JurisdictionCode
    """Jurisdiction whose body it is, or in which it is seated."""
    url: Url | None = None
    """Its web site."""
    summary: Text | None = None
    """What it does under the laws recorded here, in our own words."""
    sources: list[Source] = Field(default_factory=list)
    """What proves it."""


class AuthorityRecord(AuthorityFields, Identified):
    """A body that acts under, or beside, the laws recorded here."""

    def codes(self) -> Codes:
        """Filters of authorities."""
        return {"kind": [self.kind]}

    def columns(self) -> Mapping[str, str | int]:
        """Sort orders of authorities."""
        return {"name": self.name}


@walked("name")
class AuthorityRow(Row, table=True):
    """A body that acts under the laws."""

    __tablename__ = "authority"

    name: str = Column(sa_type=TextKey, description="Name.")
