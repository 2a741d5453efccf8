"""Grounds of reach tested on facts: what more facts can change, and what they cannot."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.case import IMPLIED_ACCESS, NATIONALITIES, PARAMETERS, Case, Seat
from models.legal_order import GroundOutcome, LegalOrder, LegalOrders
from models.reach import Reach
from models.validity import Interval
from models.vocabulary import Basis, Clock, JurisdictionKind

DAY = date(2019, 6, 1)


def order(parent: str | None = None, lead: str | None = None, body: bool = False) -> LegalOrder:
    kind = JurisdictionKind.SUPRANATIONAL if body else JurisdictionKind.COUNTRY
    return LegalOrder("Somewhere", JurisdictionKind.SUBDIVISION if parent else kind, parent, lead)


ORDERS = LegalOrders(
    {
        "SG": order(),
        "FR": order(),
        "GB": order(lead="GB-EAW"),
        "GB-EAW": order("GB"),
        "GB-SCT": order("GB"),
        "EU": order(body=True),
    },
    {"EU": [("FR", Interval(date.min)), ("GB", Interval(date(1973, 1, 1), date(2020, 2, 1)))]},
    frozenset({"eu-regulation"}),
    {},
)


def case(age: int | None = None, **places: list[str]) -> Case:
    return Case(places, {Clock.ACT: DAY}, age)


@pytest.mark.parametrize(
    ("place", "extent", "outcome"),
    [
        ("SG", "SG", GroundOutcome.MET),
        ("FR", "SG", GroundOutcome.NOT_MET),
        ("GB-EAW", "GB", GroundOutcome.MET),
        ("GB", "GB-EAW", GroundOutcome.NOT_STATED),
        ("GB-SCT", "GB-EAW", GroundOutcome.NOT_MET),
        ("US-CA", "US", GroundOutcome.MET),  # listed by no dataset
        ("FR", "EU", GroundOutcome.MET),
        ("GB-EAW", "EU", GroundOutcome.MET),  # until 2020
        ("EU", "FR", GroundOutcome.NOT_STATED),
        ("SG", "EU", GroundOutcome.NOT_MET),
    ],
)
def test_where_a_place_lies(place: str, extent: str, outcome: GroundOutcome):
    assert ORDERS.lies_in(place, [extent], DAY) == outcome


def test_membership_has_an_end():
    assert ORDERS.lies_in("GB", ["EU"], date(2020, 2, 1)) == GroundOutcome.NOT_MET


def test_who_reads_which_law():
    assert ORDERS.through("GB", ["GB-EAW"], "x", DAY) == "GB-EAW"
    assert ORDERS.through("GB-EAW", ["GB"], "x", DAY) == "GB-EAW"
    assert ORDERS.through("GB-SCT", ["GB-EAW"], "x", DAY) is None
    assert ORDERS.through("FR", ["EU"], "eu-regulation", DAY) == "EU"
    assert ORDERS.through("FR", ["EU"], "eu-directive", DAY) is None
    assert ORDERS.standing(["GB", "GB-EAW", "GB-SCT", "SG"]) == ["GB", "GB-SCT", "SG"]


def test_a_part_of_the_act_is_not_the_act():
    both = case(place=["SG", "FR"])
    assert both.ground(Basis.HERE, Seat(["SG"]), ORDERS).outcome == GroundOutcome.NOT_MET
    assert both.ground(Basis.PARTLY_HERE, Seat(["SG"]), ORDERS).outcome == GroundOutcome.MET


def test_what_is_not_met_beats_what_is_open():
    rule = Reach(basis=[Basis.VICTIM_RESIDENT, Basis.OFFENDER_NATIONAL], victim_under=16)
    tested = case(offender_nationality=["FR"]).test(rule, Seat(["SG"]), ORDERS)
    assert (tested.outcome, tested.ground) == (GroundOutcome.NOT_MET, "offender_national")
    tested = case(20, offender_nationality=["SG"]).test(rule, Seat(["SG"]), ORDERS)
    assert (tested.outcome, tested.ground) == (GroundOutcome.NOT_MET, "victim_under")
    tested = case(offender_nationality=["SG"]).test(rule, Seat(["SG"]), ORDERS)
    assert (tested.outcome, tested.ground) == (GroundOutcome.NOT_STATED, "victim_resident")


def test_a_victim_is_below_an_age_until_the_birthday():
    assert case(15).below(16).outcome == GroundOutcome.MET
    assert case(16).below(16).outcome == GroundOutcome.NOT_MET
    assert case(16).reached(16).outcome == GroundOutcome.MET
    assert case(15).reached(16).outcome == GroundOutcome.NOT_MET


CODES = ["SG", "FR", "GB", "GB-EAW", "GB-SCT"]
FACTS = sorted({*PARAMETERS.values(), *IMPLIED_ACCESS})
SEATS = st.sampled_from([Seat(["SG"]), Seat(["GB-EAW"]), Seat(["GB-EAW"], "GB"), Seat(["EU"])])


@st.composite
def places(draw: Any) -> dict[str, list[str]]:
    stated = draw(st.sets(st.sampled_from(FACTS), max_size=6))
    return {
        name: draw(
            st.lists(
                st.sampled_from(CODES[:3] if name in NATIONALITIES else CODES),
                min_size=1,
                max_size=2,
                unique=True,
            )
        )
        for name in sorted(stated)
    }


RULES = st.builds(
    Reach,
    basis=st.lists(st.sampled_from(list(Basis)), min_size=1, max_size=3, unique=True),
    victim_under=st.none() | st.integers(14, 21),
)
AGES = st.none() | st.integers(0, 90)


@given(RULES, places(), AGES, SEATS)
def test_an_entry_is_met_exactly_when_all_its_grounds_are(
    rule: Reach, stated: dict[str, list[str]], age: int | None, seat: Seat
):
    facts = case(age, **stated)
    outcomes = {facts.ground(basis, seat, ORDERS).outcome for basis in rule.basis}
    if rule.victim_under is not None:
        outcomes.add(facts.below(rule.victim_under).outcome)
    tested = facts.test(rule, seat, ORDERS)
    assert (tested.outcome == GroundOutcome.MET) == (outcomes == {GroundOutcome.MET})
    assert (tested.outcome == GroundOutcome.NOT_MET) == (GroundOutcome.NOT_MET in outcomes)


@given(RULES, places(), AGES, SEATS, st.randoms(use_true_random=False))
def test_the_order_of_grounds_decides_nothing(
    rule: Reach, stated: dict[str, list[str]], age: int | None, seat: Seat, random: Any
):
    shuffled = list(rule.basis)
    random.shuffle(shuffled)
    other = rule.model_copy(update={"basis": shuffled})
    facts = case(age, **stated)
    assert facts.test(rule, seat, ORDERS).outcome == facts.test(other, seat, ORDERS).outcome


@given(RULES, places(), places(), AGES, SEATS)
def test_stating_more_settles_what_was_open_and_changes_nothing_else(
    rule: Reach,
    stated: dict[str, list[str]],
    more: dict[str, list[str]],
    age: int | None,
    seat: Seat,
):
    # A special fact that is not stated is taken not to be there, and where content can be
    # accessed follows from where it is offered only while nobody says.
    special = {"offender_official_of", "for_entity_of", "craft_registered_in", "accessible_in"}
    added = {k: v for k, v in more.items() if k not in {*stated, *special}}
    if "accessible_in" in stated:
        added = {k: v for k, v in added.items() if k not in IMPLIED_ACCESS}
    before = case(None, **stated).test(rule, seat, ORDERS)
    after = case(age, **{**stated, **added}).test(rule, seat, ORDERS)
    if before.outcome == GroundOutcome.NOT_STATED:
        assert before.parameter is not None
    else:
        assert after.outcome == before.outcome
