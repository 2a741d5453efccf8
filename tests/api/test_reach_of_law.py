"""The hard cases of the legal model, read back over HTTP: reach, exceptions and other ties."""

from __future__ import annotations

import httpx
import pytest

from tests.api.test_legal_model import OFFENCES_ACT, ask, names

SEXUAL_ACT = "gb-example-sexual-act-2003"
FRENCH_CODE = "fr-example-penal-code"

# --- which offences a reach covers --------------------------------------------------------------


def test_nationals_abroad_commit_the_named_offences_and_no_others(world: httpx.Client):
    asked = {"law": OFFENCES_ACT, "reach_basis": "offender_national"}
    # Possession, passing on and advertising are not named.
    named = ["sec_11~offence_1", "sec_12~offence_2", "sec_12~offence_3"]
    assert names(world, "offences", **asked, as_of="2021-01-01") == named
    assert names(world, "offences", **asked, as_of="2019-12-31") == []
    rule = f"{OFFENCES_ACT}~sec_15~reach_1"
    assert names(world, "offences", law=OFFENCES_ACT, reach=rule, as_of="2021-01-01") == named
    covering = {"law": OFFENCES_ACT, "as_of": "2021-01-01"}
    seeking, possession = f"{OFFENCES_ACT}~sec_12~offence_2", f"{OFFENCES_ACT}~sec_13"
    assert names(world, "reaches", **covering, applies_to=seeking) == [
        "sec_15~reach_1",
        "sec_15~reach_2",
    ]
    assert names(world, "reaches", **covering, applies_to=possession) == ["sec_15~reach_2"]
    assert names(world, "reaches", **covering, conduct="possess") == ["sec_15~reach_2"]


def test_anyone_commits_an_offence_of_the_chapter_when_the_child_is_here(world: httpx.Client):
    rule = ask(world, f"reaches/{OFFENCES_ACT}~sec_15~reach_2", as_of="2021-01-01")
    assert (rule["basis"], rule["victim_under"]) == (["victim_here"], 16)
    assert rule["applies_to"] == [{"id": f"{OFFENCES_ACT}~chp_2", "before": None}]
    asked = {"law": OFFENCES_ACT, "reach_basis": "victim_here", "as_of": "2021-01-01"}
    covered = names(world, "offences", **asked)
    assert {name.split("~")[0] for name in covered} == {"sec_11", "sec_12", "sec_13", "sec_14"}
    # A chapter that is only named can be asked for as well.
    by_chapter = {"law": OFFENCES_ACT, "applies_to": f"{OFFENCES_ACT}~chp_2"}
    assert names(world, "reaches", **by_chapter, as_of="2021-01-01") == ["sec_15~reach_2"]


def test_entries_are_alternatives_and_bases_within_one_are_cumulative(world: httpx.Client):
    provision = ask(world, f"provisions/{OFFENCES_ACT}~sec_21", as_of="2021-01-01")
    assert [(r["pinpoint"], r["basis"]) for r in provision["reaches"]] == [
        ("para_a", ["partly_here"]),
        ("para_b", ["effect_here"]),
        ("para_c", ["offender_national", "victim_resident"]),
    ]
    asked = {"law": OFFENCES_ACT, "as_of": "2021-01-01"}
    for basis in ("partly_here", "effect_here"):
        assert names(world, "offences", **asked, reach_basis=basis) == ["sec_20~offence_1"], basis
    # A ground that needs another one does not reach the offence by itself.
    for basis in ("offender_national", "victim_resident"):
        reached = names(world, "offences", **asked, reach_basis=basis)
        assert "sec_20~offence_1" not in reached, basis
    both = f"{OFFENCES_ACT}~sec_21~reach_3"
    assert names(world, "offences", **asked, reach=both) == ["sec_20~offence_1"]
    assert names(world, "reaches", **asked, basis="victim_resident") == ["sec_21~reach_3"]


def test_each_defence_names_its_sections(world: httpx.Client):
    asked = {"law": OFFENCES_ACT, "as_of": "2021-01-01"}
    own = names(world, "offences", **asked, exception="own_image")
    assert own == ["sec_11~offence_1", "sec_13~offence_1"]
    official = names(world, "offences", **asked, exception="law_enforcement")
    assert official == ["sec_12~offence_2", "sec_13~offence_1", "sec_14~offence_1"]
    assert names(world, "exceptions", **asked, conduct="distribute") == ["sec_16~exception_2"]
    for_advertising = names(world, "exceptions", **asked, conduct="advertise")
    assert for_advertising == []
    one = ask(world, f"exceptions/{OFFENCES_ACT}~sec_16~exception_1", as_of="2021-01-01")
    assert (one["kind"], one["pinpoint"]) == ("own_image", "subsec_1")
    assert [reference["id"] for reference in one["applies_to"]] == [
        f"{OFFENCES_ACT}~sec_11",
        f"{OFFENCES_ACT}~sec_13",
    ]


def test_a_list_of_offences_as_they_stood_before_a_day(world: httpx.Client):
    rule = "sg-example-custody-act-1933~sec_50~sentencing_1"
    offence = f"{OFFENCES_ACT}~sec_20~offence_1"
    said = ask(world, f"sentencings/{rule}", as_of="2020-01-01")
    assert said["applies_to"] == [
        {"id": f"{OFFENCES_ACT}~sec_20", "before": "2020-01-01"},
        {"id": f"{OFFENCES_ACT}~sec_11", "before": None},
    ]
    assert (said["clock"], said["max"]["months"], said["mandatory"]) == ("act", 24, True)
    assert names(world, "offences", sentencing=rule, as_of="2019-12-31") == [offence]
    # The offence that the section holds since 2020 is another one, and not listed.
    making = f"{OFFENCES_ACT}~sec_11~offence_1"
    assert names(world, "offences", sentencing=rule, as_of="2020-01-01") == [making]
    listing = {"law": "sg-example-custody-act-1933", "as_of": "2020-01-01"}
    assert names(world, "sentencings", **listing, applies_to=f"{OFFENCES_ACT}~sec_20") == [
        "sec_50~sentencing_1"
    ]
    assert names(world, "sentencings", **listing, conduct="commercial_sex") == []
    assert names(world, "sentencings", **listing, measure="curfew") == ["sec_50~sentencing_1"]


# --- reach of duties and powers -----------------------------------------------------------------


def test_duties_and_powers_reach_services_abroad(world: httpx.Client):
    asked = {"law": "sg-example-services-act-1994", "reach_basis": "accessible_here"}
    assert names(world, "powers", **asked, as_of="2023-01-31") == []
    assert names(world, "powers", **asked, as_of="2023-02-01") == ["sec_46~power_1"]
    assert names(world, "duties", **asked, as_of="2023-02-01") == ["sec_47~duty_1"]
    assert names(world, "offences", reach_basis="accessible_here", as_of="2023-02-01") == []
    # What the rule does not name stays within the territory.
    everything = {"law": "sg-example-services-act-1994", "as_of": "2023-02-01"}
    assert names(world, "powers", **everything) == ["sec_46~power_1", "sec_9~power_1"]
    assert names(world, "duties", **everything) == [
        "sec_47~duty_1",
        "sec_47~duty_2",
        "sec_9~duty_1",
    ]


# --- conditions, and the day that they are tested at --------------------------------------------


def test_residents_need_dual_criminality_and_nationals_do_not(world: httpx.Client):
    rules = ask(world, "reaches", law=SEXUAL_ACT, as_of="2020-01-01")["items"]
    assert [(r["basis"], r["conditions"], r["clock"]) for r in rules] == [
        (["offender_national"], [], "act"),
        (["offender_resident"], ["dual_criminality"], "act"),
        (["offender_became"], ["dual_criminality"], "proceedings"),
    ]
    nationals = {"law": SEXUAL_ACT, "basis": "offender_national"}
    dual = {"condition": "dual_criminality"}
    assert names(world, "reaches", **nationals, **dual, as_of="2008-07-13") == ["sec_72~reach_1"]
    assert names(world, "reaches", **nationals, **dual, as_of="2008-07-14") == []
    late = {"law": SEXUAL_ACT, "clock": "proceedings"}
    assert names(world, "reaches", **late, as_of="2008-07-13") == []
    assert names(world, "reaches", **late, as_of="2008-07-14") == ["sec_72~reach_3"]
    became = {"law": SEXUAL_ACT, "reach_basis": "offender_became"}
    assert names(world, "offences", **became, as_of="2008-07-13") == []
    assert names(world, "offences", **became, as_of="2008-07-14") == ["sec_15~offence_1"]


@pytest.mark.parametrize(
    ("condition", "law", "basis", "offence"),
    [
        ("commerce_link", "us-example-code-18", "offender_national", "sec_2423~offence_1"),
        ("prosecutor_consent", "gb-example-images-act-1988", "here", "sec_160~offence_1"),
        ("min_penalty", "no-example-code-2005", "offender_found", "sec_311~offence_1"),
    ],
)
def test_a_condition_of_reach_is_found(
    world: httpx.Client, condition: str, law: str, basis: str, offence: str
):
    (rule,) = ask(world, "reaches", condition=condition, as_of="2020-01-01")["items"]
    assert (rule["law"], rule["basis"]) == (law, [basis])
    assert rule["conditions"] == [condition]
    assert names(world, "offences", law=law, reach_condition=condition, as_of="2020-01-01") == [
        offence
    ]


def test_a_rule_without_a_list_covers_the_whole_of_its_law(world: httpx.Client):
    (rule,) = ask(world, "reaches", law="no-example-code-2005", as_of="2020-01-01")["items"]
    assert rule["applies_to"] == []
    abroad = names(world, "offences", reach=rule["id"], as_of="2020-01-01")
    assert abroad == ["no-example-code-2005~sec_311~offence_1"]


def test_a_special_rule_sets_the_general_one_aside(world: httpx.Client):
    rules = ask(world, "reaches", law=FRENCH_CODE, as_of="2020-01-01")["items"]
    general = {"id": f"{FRENCH_CODE}~art_113-6", "before": None}
    assert [(r["id"].split("~", 1)[1], r["overrides"]) for r in rules] == [
        ("art_113-6~reach_1", []),
        ("art_227-27-1~reach_1", [general]),
        ("art_227-27-1~reach_2", [general]),
    ]
    # Before the special rule, its offences needed what all others still need.
    asked = {"law": FRENCH_CODE, "reach_condition": "dual_criminality"}
    extortion, images = "art_222-1~offence_1", "art_227-23~offence_1"
    assert names(world, "offences", **asked, as_of="1998-06-17") == [extortion, images]
    assert names(world, "offences", **asked, as_of="1998-06-18") == [extortion]
    nationals = {"law": FRENCH_CODE, "reach_basis": "offender_national", "as_of": "2020-01-01"}
    assert names(world, "offences", **nationals) == [extortion, images]
    covered = {"law": FRENCH_CODE, "conduct": "distribute", "as_of": "2020-01-01"}
    assert names(world, "reaches", **covered) == ["art_227-27-1~reach_1", "art_227-27-1~reach_2"]
