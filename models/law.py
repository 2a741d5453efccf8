"""Laws: acts, codes, regulations, treaties, bills, codes of practice, judgments."""

from __future__ import annotations

from collections.abc import Mapping

from pydantic import Field
from sqlmodel import Field as Column

from models.record import Codes, Dated, Day, JurisdictionCode, Record, Slug, Text, Url
from models.row import Row, TextKey, walked
from models.source import Dispute, Source
from models.vocabulary import LawKind, LawStatus, RelationKind, ServiceClass, Verification


class Relation(Record):
    """How a law relates to another."""

    kind: RelationKind
    """The relation, read from this law to the other."""
    law: Slug
    """The other law."""
    note: Text | None = None
    """What a reader should know."""


class LawFields(Record):
    """What the seed file says of a law, whatever the day."""

    title: Text
    """Title under which it is cited today."""
    other_titles: list[Text] = Field(default_factory=list)
    """Earlier, short or popular titles."""
    kind: LawKind
    """What kind of work it is."""
    number: Text | None = None
    """Number as cited, such as `Act 24 of 2023`."""
    year: int | None = Field(default=None, ge=1000, le=2100)
    """Year of its number or making."""
    akn_uri: str | None = Field(
        default=None,
        pattern=r"^/akn/[a-z]{2}(-[a-z0-9]+)?/\S+$",
        examples=["/akn/sg/act/2023/24"],
    )
    """Akoma Ntoso work URI."""
    eli: Url | None = None
    """European Legislation Identifier, where one exists."""
    url: Url | None = None
    """Official address of its current text."""
    extent: list[JurisdictionCode] = Field(min_length=1)
    """Jurisdictions in which it is law."""
    direct: bool = False
    """Whether it applies directly in the members of the body that made it."""
    selected: bool = False
    """Whether only the provisions that bear on the subject are coded."""
    issuer: Slug | None = None
    """Authority that issued it, where that is not the legislature."""
    topics: list[Slug] = Field(default_factory=list)
    """What it is about."""
    summary: Text
    """What it does, in our own words."""
    relations: list[Relation] = Field(default_factory=list)
    """How it relates to other laws."""
    sources: list[Source] = Field(default_factory=list)
    """What proves the record."""
    disputes: list[Dispute] = Field(default_factory=list)
    """Points on which sources differ."""
    note: Text | None = None
    """What a reader should know."""


class LawRecord(LawFields, Dated):
    """A law with its status, cut wherever an effect changes it."""

    status: LawStatus
    """Where it stands in its life during the interval."""
    outstanding_scope: list[ServiceClass]
    """Service classes for which its commencement is still outstanding."""
    outstanding_provisions: list[str]
    """Provisions whose commencement is outstanding while others have commenced: whole Parts where
    nothing coded below them is in force. Empty unless the law is partly in force."""
    introduced_on: Day | None
    """Day the bill was introduced."""
    passed_on: Day | None
    """Day it was passed."""
    assented_on: Day | None
    """Day it was assented to or signed."""
    published_on: Day | None
    """Day it was published."""
    commenced_on: Day | None
    """Day the first part commenced."""
    ended_on: Day | None
    """First day on which it was no longer law."""
    verification: Verification
    """What the record was checked against."""

    def codes(self) -> Codes:
        """Filters of laws."""
        return {
            "kind": [self.kind],
            "status": [self.status],
            "topic": self.topics,
            "related": [relation.law for relation in self.relations],
            "alias": [title.lower() for title in (self.title, *self.other_titles)],
            "verification": [self.verification],
        }

    def columns(self) -> Mapping[str, str | int]:
        """Sort orders of laws."""
        return {"title": self.title, "year": self.year or 0, "status": self.status}


@walked("title", "year", "status")
class LawRow(Row, table=True):
    """A law, as it stood during an interval."""

    __tablename__ = "law"

    title: str = Column(sa_type=TextKey, description="Title.")
    year: int = Column(description="Year of its number, 0 when unknown.")
    status: str = Column(sa_type=TextKey, description="Status.")
