"""Legal orders: which of them reads which law, and whether a place or person belongs to one.

A jurisdiction reads law whose extent contains it or an order above it, the law of its lead, and
directly applicable law of a body to which it belongs on the day.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Executable, or_, select
from sqlmodel import col

from models.facet import FacetRow
from models.jurisdiction import GroupRow, JurisdictionRow
from models.law import LawRow
from models.record import Day, Record
from models.validity import BEGINNING, FOREVER, Interval
from models.vocabulary import FacetKind, JurisdictionKind, Word


class GroundOutcome(Word):
    """What testing a ground on the facts of a case gives."""

    MET = "met", "it is met"
    NOT_MET = "not_met", "it is not met"
    NOT_STATED = "not_stated", "it depends on something that the case does not state"


@dataclass(frozen=True)
class LegalOrder:
    """What reading law and placing facts needs to know of a jurisdiction."""

    name: str
    kind: JurisdictionKind
    parent: str | None
    lead: str | None


@dataclass(frozen=True)
class LegalOrders:
    """The legal orders of a release."""

    orders: Mapping[str, LegalOrder]
    bodies: Mapping[str, Sequence[tuple[str, Interval]]]
    """Members of each body that makes law, and when."""
    direct: frozenset[str]
    """Laws that apply directly in the members of the body that made them."""
    coded: Mapping[FacetKind, frozenset[str]]
    """Orders in whose law some facet of a kind is coded, whatever the day."""

    def lineage(self, code: str) -> tuple[str, ...]:
        """Return an order and those above it; the country of a subdivision that nothing lists."""
        found: list[str] = []
        current: str | None = code
        while current is not None and current not in found:
            found.append(current)
            order = self.orders.get(current)
            country, dash, _ = current.partition("-")
            current = order.parent if order else country if dash else None
        return tuple(found)

    def country(self, code: str) -> str:
        """Return the state to which an order belongs."""
        return self.lineage(code)[-1]

    def reads(self, code: str) -> frozenset[str]:
        """Return the orders whose law a jurisdiction reads as its own or as its lead's."""
        order = self.orders.get(code)
        lead = self.lineage(order.lead) if order and order.lead else ()
        return frozenset((*self.lineage(code), *lead))

    def unions(self, code: str, day: date) -> frozenset[str]:
        """Return the bodies to which an order, or one above it, belongs on a day."""
        own = self.lineage(code)
        return frozenset(
            body
            for body, members in self.bodies.items()
            if any(member in own and day in span for member, span in members)
        )

    def through(self, code: str, extent: Iterable[str], law: str, day: date) -> str | None:
        """Return through which order a jurisdiction reads a law; nothing if it does not."""
        reach = set(extent)
        if reach & set(self.lineage(code)):
            return code
        order = self.orders.get(code)
        if order and order.lead and reach & set(self.lineage(order.lead)):
            return order.lead
        if law in self.direct:
            return min(reach & self.unions(code, day), default=None)
        return None

    def standing(self, coded: Iterable[str]) -> list[str]:
        """Return the orders that speak for themselves: a lead part is spoken for by its whole."""
        found: set[str] = set()
        for code in coded:
            order = self.orders.get(code)
            above = self.orders.get(order.parent) if order and order.parent else None
            led = above is not None and above.lead == code
            found.add(str(order.parent) if led and order else code)
        return sorted(found)

    # --- facts of a case ------------------------------------------------------------------------

    def lies_in(self, place: str, extent: Iterable[str], day: date) -> GroundOutcome:
        """Tell whether a place lies within an extent; one that is wider leaves it open."""
        within = set(extent)
        if within & {*self.lineage(place), *self.unions(place, day)}:
            return GroundOutcome.MET
        wider = {w for code in within for w in (*self.lineage(code), *self.unions(code, day))}
        return GroundOutcome.NOT_STATED if place in wider else GroundOutcome.NOT_MET

    def belongs_to(self, country: str, extent: Iterable[str], day: date) -> GroundOutcome:
        """Tell whether a person of a country is one of an extent's.

        Nationality and residence are ties to a state, so that the parts of one state share them.
        """
        state = self.country(country)
        states = {self.country(code) for code in extent}
        met = state in states or bool(states & self.unions(state, day))
        return GroundOutcome.MET if met else GroundOutcome.NOT_MET


# --- statements ---------------------------------------------------------------------------------

CODED_KINDS = (FacetKind.OFFENCE, FacetKind.REACH, FacetKind.POWER)
"""Kinds of facet by which a jurisdiction counts as one whose law is coded."""


def orders_statement() -> Executable:
    """Every jurisdiction as recorded, in the order of time."""
    return select(col(JurisdictionRow.record)).order_by(
        col(JurisdictionRow.id), col(JurisdictionRow.valid_from)
    )


def groups_statement() -> Executable:
    """Every group as recorded, in the order of time."""
    return select(col(GroupRow.record)).order_by(col(GroupRow.id), col(GroupRow.valid_from))


def laws_statement() -> Executable:
    """Every law as it stands in the end: neither its extent nor how it applies changes."""
    return select(col(LawRow.record)).where(col(LawRow.valid_to) == FOREVER.isoformat())


def coded_statement() -> Executable:
    """Which laws hold facets of which of the kinds."""
    return (
        select(col(FacetRow.law), col(FacetRow.kind))
        .where(or_(*(col(FacetRow.kind) == kind.value for kind in CODED_KINDS)))
        .distinct()
    )


class _Order(Record, extra="ignore"):
    """What is read of a jurisdiction's record."""

    id: str
    name: str
    kind: JurisdictionKind
    parent: str | None
    lead: str | None


class _Member(Record, extra="ignore"):
    """What is read of a member of a group."""

    jurisdiction: str
    since: Day | None
    until: Day | None


class _Group(Record, extra="ignore"):
    """What is read of a group's record."""

    id: str
    body: str | None
    members: list[_Member]


class _Law(Record, extra="ignore"):
    """What is read of a law's record."""

    id: str
    direct: bool
    extent: list[str]


def legal_orders(
    orders: Iterable[str],
    groups: Iterable[str],
    laws: Iterable[str],
    coded: Iterable[tuple[str, str]],
) -> LegalOrders:
    """Read the legal orders from what the statements give."""
    found = {o.id: o for o in map(_Order.model_validate_json, orders)}
    bodies = {g.body: g.members for g in map(_Group.model_validate_json, groups) if g.body}
    works = {law.id: law for law in map(_Law.model_validate_json, laws)}
    extents: dict[FacetKind, set[str]] = {kind: set() for kind in CODED_KINDS}
    for law, kind in coded:
        extents[FacetKind[kind.upper()]].update(works[law].extent)
    return LegalOrders(
        {id_: LegalOrder(o.name, o.kind, o.parent, o.lead) for id_, o in found.items()},
        {body: list(_spans(members)) for body, members in bodies.items()},
        frozenset(law.id for law in works.values() if law.direct),
        {kind: frozenset(codes) for kind, codes in extents.items()},
    )


def _spans(members: Iterable[_Member]) -> Iterator[tuple[str, Interval]]:
    """The members of a body, and when."""
    for member in members:
        yield member.jurisdiction, Interval(member.since or BEGINNING, member.until or FOREVER)
