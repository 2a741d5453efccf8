"""The reach resolver on the hard cases of the legal model, and how jurisdictions add up."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from tests.api.test_legal_model import OFFENCES_ACT
from tests.api.test_reach_of_law import FRENCH_CODE, SEXUAL_ACT
from tests.api.test_reach_resolver import entry, met, of, offence, resolve


def test_entries_are_alternatives_and_the_grounds_of_one_are_cumulative(world: httpx.Client):
    case = {"conduct": "commercial_sex", "act_date": "2021-01-01", "victim_age": "15"}
    id_, both = f"{OFFENCES_ACT}~sec_20~offence_1", f"{OFFENCES_ACT}~sec_21~reach_3"
    facts = {"offender_nationality": "SG", "victim_residence": "SG", "effect_in": "TH"}
    reached = offence(resolve(world, **case, **facts, place="TH"), id_)
    assert met(reached) == [both]
    assert entry(reached, both)["basis"] == ["offender_national", "victim_resident"]
    facts["victim_residence"] = "TH"
    alone = offence(resolve(world, **case, **facts, place="TH"), id_)
    assert alone["outcome"] == "not_reached"
    assert entry(alone, both)["ground"] == "victim_resident"
    del facts["victim_residence"]
    unsaid = offence(resolve(world, **case, **facts, place="TH"), id_)
    assert (unsaid["outcome"], unsaid["explanation"]) == (
        "not_stated",
        "it depends on: victim_residence",
    )
    # What is not met beats what is open: a foreigner is not reached whoever the victim is.
    facts["offender_nationality"] = "TH"
    foreign = entry(offence(resolve(world, **case, **facts, place="TH"), id_), both)
    assert (foreign["outcome"], foreign["ground"]) == ("not_met", "offender_national")
    elsewhere = offence(resolve(world, **case, place="TH", effect_in="SG"), id_)
    assert met(elsewhere) == [f"{OFFENCES_ACT}~sec_21~reach_2"]


def test_an_act_in_several_places_is_partly_here(world: httpx.Client):
    case = {"conduct": "commercial_sex", "act_date": "2021-01-01", "victim_age": "15"}
    id_ = f"{OFFENCES_ACT}~sec_20~offence_1"
    parts = offence(resolve(world, **case, place="SG,TH"), id_)
    assert met(parts) == [f"{OFFENCES_ACT}~sec_21~reach_1"]
    assert entry(parts, None)["outcome"] == "not_met"
    whole = offence(resolve(world, **case, place="SG"), id_)
    assert met(whole) == [None, f"{OFFENCES_ACT}~sec_21~reach_1"]
    assert entry(whole, None)["evidence"] == []


def test_proceedings_pick_the_version_of_an_entry_with_that_clock(world: httpx.Client):
    case = {
        "conduct": "groom_meet",
        "place": "TH",
        "offender_nationality": "US",
        "offender_residence": "US",
        "offender_later_nationality": "GB",
        "jurisdiction": "GB",
        "act_date": "2007-01-01",
    }
    id_, later = f"{SEXUAL_ACT}~sec_15~offence_1", f"{SEXUAL_ACT}~sec_72~reach_3"
    reached = offence(resolve(world, **case, proceedings_date="2010-01-01"), id_, "GB")
    assert met(reached) == [later]
    ground = entry(reached, later)
    assert ground["conditions"] == ["dual_criminality"]
    assert (ground["clock"], ground["day"]) == ("proceedings", "2010-01-01")
    assert ground["evidence"][0]["href"].endswith("~sec_72?as_of=2010-01-01")
    # The other entries are read as of the act, when nationals too needed dual criminality.
    assert entry(reached, f"{SEXUAL_ACT}~sec_72~reach_1")["conditions"] == ["dual_criminality"]
    early = offence(resolve(world, **case, proceedings_date="2008-01-01"), id_, "GB")
    assert later not in [e["reach"] for e in early["entries"]]
    assert early["outcome"] == "not_reached"
    unsaid = entry(offence(resolve(world, **case), id_, "GB"), later)
    assert (unsaid["outcome"], unsaid["ground"], unsaid["parameter"], unsaid["day"]) == (
        "not_stated",
        "clock",
        "proceedings_date",
        None,
    )


def test_an_entry_on_acts_here_states_the_conditions_of_territoriality(world: httpx.Client):
    case = {"conduct": "possess", "act_date": "2010-01-01", "jurisdiction": "GB"}
    having = offence(resolve(world, **case, place="GB-EAW"), HAVING_IN_GB, "GB")
    (only,) = having["entries"]
    assert (only["reach"], only["conditions"]) == (
        "gb-example-images-act-1988~sec_161~reach_1",
        ["prosecutor_consent"],
    )
    assert (having["outcome"], having["via"]) == ("reached", "GB-EAW")


HAVING_IN_GB = "gb-example-images-act-1988~sec_160~offence_1"


@pytest.mark.parametrize(
    ("jurisdiction", "place", "outcome"),
    [
        ("GB-EAW", "GB-EAW", "met"),
        ("GB-EAW", "GB-SCT", "not_met"),
        ("GB-EAW", "GB", "not_stated"),  # wider than the legal order
        ("GB", "GB", "met"),  # GB reads its lead
        ("GB", "GB-SCT", "not_met"),
        ("GB", "TH", "not_met"),
    ],
)
def test_places_within_beside_and_around_a_legal_order(
    world: httpx.Client, jurisdiction: str, place: str, outcome: str
):
    case = {"conduct": "possess", "act_date": "2010-01-01", "jurisdiction": jurisdiction}
    having = offence(resolve(world, **case, place=place), HAVING_IN_GB, jurisdiction)
    assert having["entries"][0]["outcome"] == outcome


def test_nationality_is_of_the_state_whatever_its_parts(world: httpx.Client):
    case = {"conduct": "groom_meet", "act_date": "2010-01-01", "jurisdiction": "GB-EAW"}
    answer = resolve(world, **case, offender_nationality="GB", place="TH")
    reached = offence(answer, f"{SEXUAL_ACT}~sec_15~offence_1", "GB-EAW")
    assert met(reached) == [f"{SEXUAL_ACT}~sec_72~reach_1"]
    resident = resolve(world, **case, offender_residence="GB-SCT", place="TH")
    reached = offence(resident, f"{SEXUAL_ACT}~sec_15~offence_1", "GB-EAW")
    assert met(reached) == [f"{SEXUAL_ACT}~sec_72~reach_2"]


def test_a_special_entry_sets_a_general_one_aside(world: httpx.Client):
    case = {"conduct": "distribute", "offender_nationality": "FR", "place": "TH"}
    images = f"{FRENCH_CODE}~art_227-23~offence_1"
    before = offence(resolve(world, **case, act_date="1998-06-17"), images, "FR")
    assert met(before) == [f"{FRENCH_CODE}~art_113-6~reach_1"]
    general = entry(before, f"{FRENCH_CODE}~art_113-6~reach_1")
    assert general["conditions"] == ["dual_criminality", "complaint"]
    after = offence(resolve(world, **case, act_date="1998-06-18"), images, "FR")
    assert met(after) == [f"{FRENCH_CODE}~art_227-27-1~reach_1"]
    assert f"{FRENCH_CODE}~art_113-6~reach_1" not in [e["reach"] for e in after["entries"]]


def test_a_general_entry_covers_its_whole_law_with_its_condition(world: httpx.Client):
    case = {"conduct": "possess", "act_date": "2020-01-01", "place": "TH"}
    id_ = "no-example-code-2005~sec_311~offence_1"
    found = offence(resolve(world, **case, offender_found_in="NO"), id_, "NO")
    assert met(found) == ["no-example-code-2005~sec_5~reach_1"]
    assert entry(found, met(found)[0])["conditions"] == ["min_penalty"]


def test_overlaps_count_the_jurisdictions_that_reach_a_case(world: httpx.Client):
    case = {"conduct": "distribute", "act_date": "2022-01-01", "offender_nationality": "FR"}
    answer = resolve(world, **case, offender_residence="JP", place="DE", victim_place="SG")
    overlap = answer["overlap"]
    # Germany by its territory, France by nationality, Singapore if the child is young enough.
    assert (overlap["count"], overlap["reached"]) == (2, ["DE", "FR"])
    assert overlap["not_stated"] == ["SG"]
    assert {"AU", "TH"} <= set(overlap["not_reached"])
    assert {"GB", "NO", "US"} <= set(overlap["no_offence"])
    assert overlap["not_surveyed"] == ["JP"]
    assert of(answer, "JP")["offences"] == []
    listed = [j["jurisdiction"] for j in answer["jurisdictions"]]
    assert listed == sorted(listed)
    assert len(listed) == sum(len(overlap[o]) for o in OUTCOMES)


OUTCOMES = ("reached", "not_reached", "not_stated", "no_offence", "not_surveyed")


def test_only_the_jurisdictions_named_are_asked(world: httpx.Client):
    case = {"conduct": "distribute", "act_date": "2021-01-01", "place": "DE"}
    answer = resolve(world, **case, jurisdiction="SG,LV")
    assert [j["jurisdiction"] for j in answer["jurisdictions"]] == ["SG", "LV"]
    assert answer["overlap"]["not_surveyed"] == ["LV"]


def test_content_that_is_hosted_elsewhere_may_be_accessible_here(world: httpx.Client):
    case = {"conduct": "distribute", "act_date": "2024-01-01", "jurisdiction": "SG"}
    blocking = "sg-example-services-act-1994~sec_46~power_1"

    def power(**facts: str) -> Any:
        powers = of(resolve(world, **case, **facts), "SG")["powers"]
        return next(p for p in powers if p["id"] == blocking)

    assert power(service_offered_in="SG", hosted_in="US", place="US")["outcome"] == "reached"
    assert power(accessible_in="SG", hosted_in="US", place="US")["outcome"] == "reached"
    elsewhere = power(hosted_in="US", place="US")
    assert elsewhere["explanation"] == "it depends on: accessible_in"
    assert power(accessible_in="US", place="US")["outcome"] == "not_reached"
    # Hosted here is within the territory, wherever it was put there from.
    assert None in met(power(hosted_in="SG", place="US"))
