"""Provisions: the citable units of a law, and their versions over time."""

from __future__ import annotations

from collections.abc import Mapping

from pydantic import ConfigDict, Field
from sqlalchemy import BindParameter, Index, and_, bindparam, select
from sqlalchemy.sql.expression import Executable
from sqlmodel import Field as Column
from sqlmodel import SQLModel, col

from models.definition import Definition, DefinitionRecord
from models.duty import Duty, DutyRecord
from models.exception import ExceptionRecord, Exemption
from models.facet import Application
from models.obligation import Obligation, ObligationRecord
from models.offence import Offence, OffenceRecord
from models.power import Power, PowerRecord
from models.reach import Reach, ReachRecord
from models.record import Codes, Dated, Day, EId, JurisdictionCode, Record, Slug, Text
from models.row import Row, TextKey, walked
from models.sentencing import Sentencing, SentencingRecord
from models.source import Dispute, Source
from models.vocabulary import FacetKind, ProvisionKind, ServiceClass, Standing, Verification


class Facets(Record):
    """The facets of a version as the seed file says them: a list per kind."""

    definitions: list[Definition] = Field(default_factory=list)
    """What its terms mean."""
    offences: list[Offence] = Field(default_factory=list)
    """What it punishes."""
    sentencings: list[Sentencing] = Field(default_factory=list)
    """What it adds to, or how it bounds, sentences."""
    reaches: list[Reach] = Field(default_factory=list)
    """How far beyond the territory it reaches."""
    exceptions: list[Exemption] = Field(default_factory=list)
    """Whom or what it excepts."""
    duties: list[Duty] = Field(default_factory=list)
    """What it requires of services or persons."""
    powers: list[Power] = Field(default_factory=list)
    """What it allows authorities to order or do."""
    obligations: list[Obligation] = Field(default_factory=list)
    """What it requires of states."""


class VersionFields(Record):
    """What a version says in the file and in the answer alike."""

    summary: Text
    """What the provision says, in our own words."""
    text_unchanged: bool = False
    """The words stayed as they were and the law changed, as after a judgment."""
    applies: list[Application] = Field(default_factory=list)
    """When it applies to whom, where that differs from being in force."""
    sources: list[Source] = Field(default_factory=list)
    """What proves the version."""
    disputes: list[Dispute] = Field(default_factory=list)
    """Points on which sources differ."""
    note: Text | None = None
    """What a reader should know."""


class VersionEntry(VersionFields, Facets):
    """A version of a provision in a seed file."""

    made_by: Slug | None = None
    """Effect of this file that opened it; absent for the original."""
    heading: Text | None = None
    """Heading of this version, where it differs from the provision's."""


class ProvisionEntry(Record):
    """A provision in a seed file. Without versions it is an outline: named, but not coded."""

    eid: EId
    """Akoma Ntoso element id."""
    number: Text
    """Number as printed; quote it."""
    heading: Text
    """Heading as printed."""
    kind: ProvisionKind | None = None
    """What unit it is; read from the eId's prefix where that is absent."""
    parent: EId | None = None
    """The provision that contains it."""
    extent: list[JurisdictionCode] | None = None
    """Jurisdictions in which it is law, where that differs from the law's."""
    topics: list[Slug] = Field(default_factory=list)
    """What it is about."""
    versions: list[VersionEntry] = Field(default_factory=list)
    """Its versions, oldest first."""


class ProvisionRecord(VersionFields, Dated):
    """A citable unit of a law, as it stood during an interval."""

    eid: str
    """Akoma Ntoso element id within the law."""
    number: str
    """Number as printed."""
    heading: str
    """Heading as printed."""
    kind: ProvisionKind
    """What unit it is."""
    law: str
    """The law that contains it."""
    law_title: str
    """Title of that law."""
    parent: str | None
    """The provision that contains it."""
    position: int
    """Its place in the order of the law, from 1."""
    extent: list[str]
    """Jurisdictions in which it is law."""
    topics: list[str]
    """What it is about."""
    made_by: str | None
    """Effect that opened the version: the commencement, for an original."""
    ended_by: str | None
    """Effect that ends the version; null while it is open."""
    earlier_uncoded: bool
    """Whether the provision existed, or may have, before its first coded version."""
    outstanding_scope: list[ServiceClass]
    """Service classes for which its commencement is still outstanding."""
    verification: Verification
    """What the version was checked against."""
    definitions: list[DefinitionRecord]
    """What its terms mean."""
    offences: list[OffenceRecord]
    """What it punishes."""
    sentencings: list[SentencingRecord]
    """What it adds to, or how it bounds, sentences."""
    reaches: list[ReachRecord]
    """How far beyond the territory it reaches."""
    exceptions: list[ExceptionRecord]
    """Whom or what it excepts."""
    duties: list[DutyRecord]
    """What it requires of services or persons."""
    powers: list[PowerRecord]
    """What it allows authorities to order or do."""
    obligations: list[ObligationRecord]
    """What it requires of states."""

    def codes(self) -> Codes:
        """Filters of provisions: its own, and those of the kinds of facet it holds."""
        return {
            "law": [self.law],
            "kind": [self.kind],
            "topic": self.topics,
            "holds": [kind for kind, field in FACET_FIELDS.items() if getattr(self, field)],
            "conduct": [c for offence in self.offences for c in offence.conduct],
            "basis": [basis for reach in self.reaches for basis in reach.basis],
            "duty": [duty.kind for duty in self.duties],
            "power": [power.kind for power in self.powers],
            "verification": [self.verification],
        }

    def columns(self) -> Mapping[str, str | int]:
        """Sort orders of provisions."""
        return {"law": self.law, "place": f"{self.law}~{self.position:05d}"}


FACET_FIELDS: dict[FacetKind, str] = {
    FacetKind.DEFINITION: "definitions",
    FacetKind.OFFENCE: "offences",
    FacetKind.SENTENCING: "sentencings",
    FacetKind.REACH: "reaches",
    FacetKind.EXCEPTION: "exceptions",
    FacetKind.DUTY: "duties",
    FacetKind.POWER: "powers",
    FacetKind.OBLIGATION: "obligations",
}
"""The field of a provision that lists each kind of facet."""


@walked("place")
class ProvisionRow(Row, table=True):
    """A provision, as it stood during an interval."""

    __tablename__ = "provision"

    law: str = Column(sa_type=TextKey, description="Law that contains it.")
    place: str = Column(sa_type=TextKey, description="Law and position, in the order of the law.")


class Change(Record):
    """A coded value that differs between two versions."""

    path: str
    """Where the value stands, such as `offences.1.penalties.1.prison.max`."""
    before: str | None
    """The value in the version before; null where it had none."""
    after: str | None
    """The value in this version; null where it has none."""


class VersionRecord(VersionFields, Facets):
    """A version as coded, also one that never came into force."""

    number: int
    """Its place among the versions, from 1."""
    heading: str
    """Heading of the provision in this version."""
    valid_from: Day | None
    """First day in force; null when it never was."""
    valid_to: Day | None
    """First day no longer in force; null while open, or when it never was in force."""
    made_by: str | None
    """Effect that opened it, or is to open it; the commencement for an original."""
    ended_by: str | None
    """Effect that ends it; null while open."""
    verification: Verification
    """What it was checked against."""
    changes: list[Change]
    """Coded values that differ from the version in force before; empty for the first."""


class ProvisionHistory(Record):
    """All versions of a provision, with what changed from one to the next."""

    id: str
    """The provision."""
    law: str
    """The law that contains it."""
    number: str
    """Number as printed."""
    heading: str
    """Heading as printed."""
    earlier_uncoded: bool
    """Whether the provision existed, or may have, before its first coded version."""
    versions: list[VersionRecord]
    """Its versions, oldest first."""


class OutlineNode(Record):
    """A provision in the tree of its law."""

    # A linter takes a tree for one without end whose members are required.
    model_config = ConfigDict(json_schema_serialization_defaults_required=False)

    id: str
    """The provision."""
    eid: str
    """Akoma Ntoso element id within the law."""
    number: str
    """Number as printed."""
    heading: str
    """Heading as printed."""
    kind: ProvisionKind
    """What unit it is."""
    coded: bool
    """Whether its content is coded; otherwise it is only named here."""
    standing: Standing
    """Where it stands on the day: itself where it is coded, else what is coded below it."""
    in_force: bool
    """Whether a coded version, of itself or of something below it, is in force on the day."""
    valid_from: Day | None
    """First day of its own state in force on the day; null when none is, or it is not coded."""
    valid_to: Day | None
    """First day after that state; null while open or when none is in force."""
    children: list[OutlineNode] = Field(default_factory=list)
    """Provisions right below it, in order."""


class HistoryRow(SQLModel, table=True):
    """All versions of a provision, finished."""

    __tablename__ = "provision_history"

    id: str = Column(primary_key=True, sa_type=TextKey, description="The provision.")
    record: str = Column(description="Finished JSON of the history.")


class OutlineRow(SQLModel, table=True):
    """A provision's place in the tree of its law, coded or not."""

    __tablename__ = "outline"
    __table_args__ = (Index("outline_law", "law", "position"),)

    id: str = Column(primary_key=True, sa_type=TextKey, description="The provision.")
    law: str = Column(sa_type=TextKey, description="The law.")
    position: int = Column(description="Place in the order of the law.")
    parent: str = Column(description="The provision above it, empty at the top.")
    eid: str = Column(description="Element id.")
    number: str = Column(description="Number as printed.")
    heading: str = Column(description="Heading as printed.")
    kind: str = Column(description="What unit it is.")
    coded: bool = Column(description="Whether it has versions.")
    enacted: str = Column(description="Day from which it awaits its commencement.")
    commenced: str = Column(description="Day until which it does; the same if it never did.")


def outline_statement() -> Executable:
    """All provisions of a law with their state on a day. Parameters: `law`, `as_of`."""
    day: BindParameter[str] = bindparam("as_of")
    state = and_(
        col(ProvisionRow.id) == col(OutlineRow.id),
        col(ProvisionRow.valid_from) <= day,
        col(ProvisionRow.valid_to) > day,
    )
    return (
        select(
            col(OutlineRow.id),
            col(OutlineRow.parent),
            col(OutlineRow.eid),
            col(OutlineRow.number),
            col(OutlineRow.heading),
            col(OutlineRow.kind),
            col(OutlineRow.coded),
            and_(col(OutlineRow.enacted) <= day, col(OutlineRow.commenced) > day),
            col(ProvisionRow.valid_from),
            col(ProvisionRow.valid_to),
        )
        .join_from(OutlineRow, ProvisionRow, state, isouter=True)
        .where(col(OutlineRow.law) == bindparam("law"))
        .order_by(col(OutlineRow.position))
    )


def named_statement() -> Executable:
    """Whether a provision that its law names is coded, in force or not. Parameter: `id`."""
    return select(col(OutlineRow.coded)).where(col(OutlineRow.id) == bindparam("id"))


def history_statement() -> Executable:
    """The finished history of a provision. Parameter: `id`."""
    return select(col(HistoryRow.record)).where(col(HistoryRow.id) == bindparam("id"))
