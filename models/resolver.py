"""Resolves cases: tests the entries of reach that cover an offence or power on the facts.

Entries are alternatives; the grounds within one are cumulative. Where no entry states it, law holds
within its territory. Conditions such as dual criminality are reported, not decided; of an offence's
own elements only the limits of the victim's age are looked at.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from typing import Any

from models.case import DATES, Case, Seat
from models.coding import Evidence, EvidenceKind
from models.facet import FacetRecord
from models.legal_order import GroundOutcome, LegalOrders
from models.offence import OffenceRecord
from models.power import PowerRecord
from models.resolution import OffenceReach, PowerReach, ReachOutcome, TriedEntry
from models.ties import Covering, Ties
from models.vocabulary import Addressee, Basis, Clock, PowerKind, Subject

CONTENT_POWERS = (
    PowerKind.REMOVE,
    PowerKind.DISABLE,
    PowerKind.BLOCK,
    PowerKind.RESTRICT_ACCOUNT,
    PowerKind.RESTRICT_SERVICE,
    PowerKind.APP_REMOVE,
    PowerKind.DELIST,
    PowerKind.CORRECT,
    PowerKind.DIRECT,
)
"""Kinds of power by which content, or access to it, is acted upon."""

_PLATFORMS = {
    Addressee.ONLINE_PROVIDER,
    Addressee.HOST,
    Addressee.ACCESS_PROVIDER,
    Addressee.APP_STORE,
    Addressee.SEARCH_PROVIDER,
}
_BROAD = {Subject.HARMFUL, Subject.CRIMINAL}
"""Subjects that take in material of several classes."""


def over_content(power: PowerRecord, classes: Iterable[Subject]) -> bool:
    """Tell whether a power can be aimed at content of one of the classes, or at any."""
    asked = set(classes)
    about = not asked or not power.subject or bool((asked | _BROAD) & set(power.subject))
    if power.kind == PowerKind.DIRECT:
        return about and bool(power.subject) and bool(_PLATFORMS & set(power.addressee))
    return about


def applies_on(record: FacetRecord, day: date) -> bool:
    """Tell whether a facet in force applies to anyone yet."""
    return not record.applies or any(a.since <= day for a in record.applies)


class Resolver:
    """Resolves a case in one legal order after another."""

    def __init__(self, case: Case, orders: LegalOrders) -> None:
        """Resolve a case among the legal orders of a release."""
        self.case = case
        self.orders = orders

    def offences(
        self, code: str, records: Iterable[OffenceRecord], ties: Ties
    ) -> Iterator[OffenceReach]:
        """Yield what each offence that a jurisdiction reads answers."""
        for record in records:
            through = self._through(code, record)
            if through is None or not applies_on(record, self.case.act_date):
                continue
            entries = list(self._entries(self.case, code, through, record, ties))
            unmet = self._elements(record)
            outcome, why = (ReachOutcome.NOT_REACHED, unmet) if unmet else _conclude(entries)
            yield OffenceReach(
                **self._said(code, through, record, "offences"),
                outcome=outcome,
                explanation=why,
                entries=entries,
                conduct=record.conduct,
                material_class=record.material.subjects if record.material else [],
                victim_under=record.victim_under,
                victim_over=record.victim_over,
            )

    def powers(self, code: str, records: Iterable[PowerRecord], ties: Ties) -> Iterator[PowerReach]:
        """Yield what each power that a jurisdiction reads answers."""
        case = self.case.about_content()
        for record in records:
            through = self._through(code, record)
            if through is None or not applies_on(record, self.case.act_date):
                continue
            entries = list(self._entries(case, code, through, record, ties))
            outcome, why = _conclude(entries)
            yield PowerReach(
                **self._said(code, through, record, "powers"),
                outcome=outcome,
                explanation=why,
                entries=entries,
                kind=record.kind,
                holder=record.holder,
                addressee=record.addressee,
                services=record.services,
                subject=record.subject,
            )

    def _through(self, code: str, record: FacetRecord) -> str | None:
        return self.orders.through(code, record.extent, record.law, self.case.act_date)

    def _said(
        self, code: str, through: str, record: FacetRecord, collection: str
    ) -> dict[str, Any]:
        """What is said of an offence and of a power alike."""
        day = self.case.act_date
        return {
            "id": record.id,
            "href": f"/v1/{collection}/{record.id}?as_of={day}",
            "via": None if through == code else through,
            "law": record.law,
            "law_title": record.law_title,
            "provision": record.provision,
            "provision_number": record.provision_number,
            "provision_heading": record.provision_heading,
            "evidence": [_evidence(record, day)],
        }

    def _elements(self, offence: OffenceRecord) -> str | None:
        """Say which limit of the victim's age the case does not meet, if one."""
        limits = []
        if offence.victim_under is not None:
            limits.append(self.case.below(offence.victim_under))
        if offence.victim_over is not None:
            limits.append(self.case.reached(offence.victim_over))
        unmet = [limit.why for limit in limits if limit.outcome == GroundOutcome.NOT_MET]
        return f"it is another offence: {unmet[0]}" if unmet else None

    # --- entries --------------------------------------------------------------------------------

    def _entries(
        self, case: Case, code: str, through: str, record: FacetRecord, ties: Ties
    ) -> Iterator[TriedEntry]:
        """Test what covers a facet: the principle of territoriality, then each entry."""
        order = self.orders.orders.get(code)
        spoken_for = code if order and order.lead == through else None
        covering = list(ties.covering(record.id, case))
        if not any(_territorial(each) for each in covering):
            yield self._implied(case, Seat(record.extent, spoken_for))
        for each in covering:
            yield self._entry(case, each, Seat(each.rule.extent, spoken_for))

    def _implied(self, case: Case, seat: Seat) -> TriedEntry:
        """Test the principle that law holds within its territory."""
        tested = case.ground(Basis.HERE, seat, self.orders)
        met = tested.outcome == GroundOutcome.MET
        return TriedEntry(
            reach=None,
            outcome=tested.outcome,
            basis=[Basis.HERE],
            victim_under=None,
            ground=None if met else tested.ground,
            parameter=None if met else tested.parameter,
            explanation=tested.why,
            conditions=[],
            clock=Clock.ACT,
            day=case.act_date,
            note=None,
            evidence=[],
        )

    def _entry(self, case: Case, covering: Covering, seat: Seat) -> TriedEntry:
        """Test an entry."""
        rule = covering.rule
        tested = case.test(rule, seat, self.orders)
        outcome, ground, parameter, why = (
            tested.outcome,
            tested.ground,
            tested.parameter,
            tested.why,
        )
        if covering.day is None and outcome != GroundOutcome.NOT_MET:
            outcome, ground, parameter = GroundOutcome.NOT_STATED, "clock", DATES[rule.clock]
            why = f"clock is open: {parameter}, which picks the version of the law, is not stated"
        met = outcome == GroundOutcome.MET
        return TriedEntry(
            reach=rule.id,
            outcome=outcome,
            basis=rule.basis,
            victim_under=rule.victim_under,
            ground=None if met else ground,
            parameter=None if met else parameter,
            explanation=why,
            conditions=rule.conditions,
            clock=rule.clock,
            day=covering.day,
            note=rule.note,
            evidence=[_evidence(rule, covering.day or rule.valid_from)],
        )


def _territorial(covering: Covering) -> bool:
    """Tell whether an entry states the principle of territoriality itself, with its conditions."""
    return covering.rule.basis == [Basis.HERE] and covering.rule.victim_under is None


def _conclude(entries: Sequence[TriedEntry]) -> tuple[ReachOutcome, str]:
    """Say whether one of the entries is met, and in words why."""
    met = [entry for entry in entries if entry.outcome == GroundOutcome.MET]
    if met:
        return ReachOutcome.REACHED, "; or ".join(dict.fromkeys(e.explanation for e in met))
    open_ = [e.parameter for e in entries if e.outcome == GroundOutcome.NOT_STATED and e.parameter]
    if open_:
        named = ", ".join(dict.fromkeys(open_))
        return ReachOutcome.NOT_STATED, f"it depends on: {named}"
    return ReachOutcome.NOT_REACHED, "; ".join(dict.fromkeys(e.explanation for e in entries))


def _evidence(record: FacetRecord, day: date) -> Evidence:
    """The provision that holds a facet, as it stood on a day."""
    return Evidence(
        kind=EvidenceKind.PROVISION,
        id=record.provision,
        pinpoint=getattr(record, "pinpoint", None),
        version=record.valid_from.isoformat(),
        href=f"/v1/provisions/{record.provision}?as_of={day}",
        source_url=record.source_url,
        verification=record.verification,
    )
