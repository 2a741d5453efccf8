"""What the resolver answers: which offences and powers of which legal orders reach a case."""

from __future__ import annotations

from models.coding import Evidence
from models.legal_order import GroundOutcome
from models.record import Day, Record
from models.vocabulary import (
    Addressee,
    Basis,
    Clock,
    Condition,
    Conduct,
    PowerKind,
    ServiceClass,
    Subject,
    Word,
)


class ReachOutcome(Word):
    """Whether law reaches a case."""

    REACHED = "reached", "it reaches the case; conditions that are named are left open"
    NOT_REACHED = "not_reached", "it does not reach the case"
    NOT_STATED = "not_stated", "that depends on something that the case does not state"
    NO_OFFENCE = "no_offence", "no offence of the conduct is coded as in force on the day"
    NOT_SURVEYED = "not_surveyed", "no offence or reach of the jurisdiction is coded"


class TriedEntry(Record):
    """An entry of reach, or the principle of territoriality, tested on the case."""

    reach: str | None
    """The entry; null for the principle that law holds within its territory."""
    outcome: GroundOutcome
    """Whether all its grounds are met."""
    basis: list[Basis]
    """Its grounds, which must all be met."""
    victim_under: int | None
    """Age below which the victim must be; null where the entry sets none."""
    ground: str | None
    """First ground that is not met, or else is open: a basis, `victim_under` or `clock`."""
    parameter: str | None
    """The fact of the case that decides that ground; null when all are met."""
    explanation: str
    """The outcome in words."""
    conditions: list[Condition]
    """Further conditions, which are reported and not decided."""
    clock: Clock
    """Which date of the case picked the version of the entry."""
    day: Day | None
    """That date; null where the case does not state it."""
    note: str | None
    """What the coded fields of the entry cannot say."""
    evidence: list[Evidence]
    """The provision that states the entry; empty for the principle of territoriality."""


class RuleReach(Record):
    """An offence or a power, with every entry of reach that covers it tested on the case."""

    id: str
    """The offence or power."""
    href: str
    """Address of its record as it stood on the day of the act."""
    outcome: ReachOutcome
    """Whether it reaches the case."""
    explanation: str
    """Why, in words."""
    via: str | None
    """Jurisdiction through whose law it holds; null for its own."""
    law: str
    """Law that holds it."""
    law_title: str
    """Title of that law."""
    provision: str
    """Provision that holds it."""
    provision_number: str
    """Number of that provision as printed."""
    provision_heading: str
    """Heading of that provision."""
    entries: list[TriedEntry]
    """Entries of reach that cover it: alternatives, of which one suffices."""
    evidence: list[Evidence]
    """The provision that proves it."""


class OffenceReach(RuleReach):
    """An offence of the conduct, in force on the day of the act."""

    conduct: list[Conduct]
    """What it punishes."""
    material_class: list[Subject]
    """What material it is about."""
    victim_under: int | None
    """Age below which the victim must be; null where the offence sets none."""
    victim_over: int | None
    """Age that the victim must have reached; null where the offence sets none."""


class PowerReach(RuleReach):
    """A power over content, in force on the day of the act."""

    kind: PowerKind
    """What may be ordered."""
    holder: list[str]
    """Authorities that hold it."""
    addressee: list[Addressee]
    """To whom it is addressed."""
    services: list[ServiceClass]
    """Classes of service at which it is aimed."""
    subject: list[Subject]
    """Material or conduct it is about."""


class JurisdictionReach(Record):
    """What the law of a jurisdiction answers to a case."""

    jurisdiction: str
    """The jurisdiction."""
    outcome: ReachOutcome
    """Whether one of its offences reaches the case."""
    offences: list[OffenceReach]
    """Offences of the conduct, those that reach the case and those that do not."""
    powers: list[PowerReach]
    """Powers over content; empty unless the case says where content is, or a service."""


class Overlap(Record):
    """How many jurisdictions reach a case with an offence."""

    count: int
    """Number of jurisdictions that reach it."""
    reached: list[str]
    """Jurisdictions that reach it."""
    not_reached: list[str]
    """Jurisdictions whose offences of the conduct do not reach it."""
    not_stated: list[str]
    """Jurisdictions for which that depends on something that the case does not state."""
    no_offence: list[str]
    """Jurisdictions in whose coded law no offence of the conduct is in force on the day."""
    not_surveyed: list[str]
    """Jurisdictions, asked for or linked to the case, no law of which is coded."""
    powers: list[str]
    """Jurisdictions with a power over the content that reaches it."""
