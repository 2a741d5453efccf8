"""Cases: the facts by which grounds of reach are tested, and what each test gives."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from models.legal_order import GroundOutcome, LegalOrders
from models.reach import Reach
from models.vocabulary import Basis, Clock

PARAMETERS: Mapping[Basis, str] = {
    Basis.HERE: "place",
    Basis.PARTLY_HERE: "place",
    Basis.OFFENDER_NATIONAL: "offender_nationality",
    Basis.OFFENDER_RESIDENT: "offender_residence",
    Basis.OFFENDER_BECAME: "offender_later_nationality",
    Basis.OFFENDER_FOUND: "offender_found_in",
    Basis.OFFENDER_OFFICIAL: "offender_official_of",
    Basis.FOR_LOCAL_ENTITY: "for_entity_of",
    Basis.VICTIM_NATIONAL: "victim_nationality",
    Basis.VICTIM_RESIDENT: "victim_residence",
    Basis.VICTIM_HERE: "victim_place",
    Basis.EFFECT_HERE: "effect_in",
    Basis.IMPORT_INTENDED: "import_into",
    Basis.ACCESSIBLE_HERE: "accessible_in",
    Basis.SERVICE_OFFERED_HERE: "service_offered_in",
    Basis.PROVIDER_ESTABLISHED_HERE: "provider_established_in",
    Basis.LOCAL_CRAFT: "craft_registered_in",
}
"""Which fact of a case decides a ground; the grounds without one are met by every case."""

PERSONAL = {
    Basis.OFFENDER_NATIONAL,
    Basis.OFFENDER_RESIDENT,
    Basis.OFFENDER_BECAME,
    Basis.OFFENDER_OFFICIAL,
    Basis.VICTIM_NATIONAL,
    Basis.VICTIM_RESIDENT,
}
"""Grounds that tie a person to a state, rather than something to a territory."""

SPECIAL = {Basis.OFFENDER_OFFICIAL, Basis.FOR_LOCAL_ENTITY, Basis.LOCAL_CRAFT}
"""Grounds of a special capacity or place: a case that does not state them is an ordinary one."""

NATIONALITIES = ("offender_nationality", "offender_later_nationality", "victim_nationality")
"""Facts that are nationalities: countries, never parts of them."""

IMPLIED_ACCESS = ("service_offered_in", "hosted_in")
"""Facts from which it follows that content can be accessed, where no other is stated."""

DATES = {
    Clock.ACT: "act_date",
    Clock.CONVICTION: "conviction_date",
    Clock.PROCEEDINGS: "proceedings_date",
}
"""The parameter for each date of a case."""


@dataclass(frozen=True)
class Tested:
    """What testing one ground gave."""

    ground: str
    """A basis, `victim_under` or `clock`."""
    parameter: str | None
    """The fact that decides it; null where every case meets it."""
    outcome: GroundOutcome
    why: str
    """The outcome in words."""


@dataclass(frozen=True)
class Seat:
    """Where the law that is tested holds, and for which jurisdiction it is read."""

    extent: Sequence[str]
    spoken_for: str | None = None
    """The whole for which a lead part speaks: an act simply placed there counts as within."""


@dataclass(frozen=True)
class Case:
    """Facts, by the names of the parameters that state them."""

    places: Mapping[str, Sequence[str]]
    """Codes of places and countries; a fact that is not stated is absent."""
    days: Mapping[Clock, date]
    """Dates; the act's is always known."""
    victim_age: int | None = None
    content: bool = False
    """Whether the question is about content: then where it is hosted is a place of it too."""

    @property
    def act_date(self) -> date:
        """The date of the act."""
        return self.days[Clock.ACT]

    def about_content(self) -> Case:
        """Return the case as powers over content look at it."""
        return replace(self, content=True)

    # --- grounds --------------------------------------------------------------------------------

    def test(self, rule: Reach, seat: Seat, orders: LegalOrders) -> Tested:
        """Test an entry: the first ground not met, else the first that is open, else the last."""
        tested = [self.ground(basis, seat, orders) for basis in rule.basis]
        if rule.victim_under is not None:
            tested.append(self.below(rule.victim_under))
        for outcome in (GroundOutcome.NOT_MET, GroundOutcome.NOT_STATED):
            for one in tested:
                if one.outcome == outcome:
                    return one
        met = "; ".join(one.why for one in tested)
        return replace(tested[0], why=met)

    def ground(self, basis: Basis, seat: Seat, orders: LegalOrders) -> Tested:
        """Test one basis."""
        parameter = PARAMETERS.get(basis)
        if parameter is None:
            return Tested(basis, None, GroundOutcome.MET, f"{basis} is met by every case")
        stated = self._stated(basis, parameter)
        if not stated and basis in SPECIAL:
            why = f"{basis} is not met: it takes a special fact, and {parameter} states none"
            return Tested(basis, parameter, GroundOutcome.NOT_MET, why)
        if not stated:
            why = f"{basis} is open: {parameter} is not stated"
            return Tested(basis, parameter, GroundOutcome.NOT_STATED, why)
        found = [self._of(basis, code, seat, orders) for _, code in stated]
        outcome = self._all(found) if basis == Basis.HERE and not self.content else _any(found)
        # Content that is hosted or offered elsewhere may still be accessible here.
        if basis == Basis.ACCESSIBLE_HERE and parameter not in self.places:
            outcome = (
                GroundOutcome.MET if outcome == GroundOutcome.MET else GroundOutcome.NOT_STATED
            )
        return Tested(basis, parameter, outcome, _why(basis, outcome, stated, seat.extent))

    def _stated(self, basis: Basis, parameter: str) -> list[tuple[str, str]]:
        """The facts that decide a basis, each with the parameter that states it."""
        names = [parameter]
        if basis == Basis.ACCESSIBLE_HERE and parameter not in self.places:
            names = list(IMPLIED_ACCESS)
        elif basis == Basis.HERE and self.content:
            names.append("hosted_in")
        return [(name, code) for name in names for code in self.places.get(name, ())]

    def _of(self, basis: Basis, code: str, seat: Seat, orders: LegalOrders) -> GroundOutcome:
        """Test a basis on one code."""
        if basis in PERSONAL:
            return orders.belongs_to(code, seat.extent, self.act_date)
        if code == seat.spoken_for:
            return GroundOutcome.MET
        return orders.lies_in(code, seat.extent, self.act_date)

    @staticmethod
    def _all(found: Iterable[GroundOutcome]) -> GroundOutcome:
        """All must lie within."""
        outcomes = set(found)
        if outcomes == {GroundOutcome.MET}:
            return GroundOutcome.MET
        return (
            GroundOutcome.NOT_MET if GroundOutcome.NOT_MET in outcomes else GroundOutcome.NOT_STATED
        )

    def below(self, age: int) -> Tested:
        """Test that the victim is below an age."""
        return self._aged("victim_under", f"below {age}", lambda victim: victim < age)

    def reached(self, age: int) -> Tested:
        """Test that the victim has reached an age."""
        return self._aged("victim_over", f"{age} or older", lambda victim: victim >= age)

    def _aged(self, ground: str, words: str, test: Callable[[int], bool]) -> Tested:
        """Test the victim's age."""
        if self.victim_age is None:
            why = f"{ground} is open: the victim must be {words}, and victim_age is not stated"
            return Tested(ground, "victim_age", GroundOutcome.NOT_STATED, why)
        outcome = GroundOutcome.MET if test(self.victim_age) else GroundOutcome.NOT_MET
        met = "met" if outcome == GroundOutcome.MET else "not met"
        why = f"{ground} is {met}: the victim must be {words} and is {self.victim_age}"
        return Tested(ground, "victim_age", outcome, why)


def _any(found: Iterable[GroundOutcome]) -> GroundOutcome:
    """One that lies within suffices."""
    outcomes = set(found)
    return next(
        o
        for o in (GroundOutcome.MET, GroundOutcome.NOT_STATED, GroundOutcome.NOT_MET)
        if o in outcomes
    )


_WORDS = {
    GroundOutcome.MET: "met",
    GroundOutcome.NOT_MET: "not met",
    GroundOutcome.NOT_STATED: "open",
}


def _why(
    basis: Basis, outcome: GroundOutcome, stated: Sequence[tuple[str, str]], extent: Sequence[str]
) -> str:
    """An outcome in words."""
    facts: dict[str, list[str]] = {}
    for name, code in stated:
        facts.setdefault(name, []).append(code)
    said = " and ".join(f"{name} is {', '.join(codes)}" for name, codes in facts.items())
    law = ", ".join(extent)
    tail = {
        GroundOutcome.MET: f"the law is that of {law}",
        GroundOutcome.NOT_MET: f"the law is that of {law}",
        GroundOutcome.NOT_STATED: f"which does not say whether it concerns {law}",
    }[outcome]
    return f"{basis} is {_WORDS[outcome]}: {said}, {tail}"
