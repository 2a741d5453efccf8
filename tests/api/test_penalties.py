"""The hard cases of the legal model, read back over HTTP: what an offence or breach can carry."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from tests.api.test_legal_model import OFFENCES_ACT, ask, names, table, terms

IMAGES_ACT = "gb-example-images-act-1988"
CODE_18 = "us-example-code-18"

# --- what a penalty is --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("offence", "combine", "caning"),
    [
        (f"{OFFENCES_ACT}~sec_11~offence_1", "prison_plus_any", "discretionary"),
        (f"{OFFENCES_ACT}~sec_13~offence_1", "prison_plus_one", "discretionary"),
        (f"{OFFENCES_ACT}~sec_14~offence_1", "any", "discretionary"),
        ("fr-example-penal-code~art_227-23~offence_1", "all", "none"),
    ],
)
def test_sanctions_say_how_they_combine(
    world: httpx.Client, offence: str, combine: str, caning: str
):
    (base, *_) = ask(world, f"offences/{offence}", as_of="2021-01-01")["penalties"]
    assert (base["combine"], base["caning"]) == (combine, caning)


def test_a_term_is_raised_from_a_day_on(world: httpx.Client):
    possession = f"offences/{OFFENCES_ACT}~sec_13~offence_1"
    before, after = (ask(world, possession, as_of=day) for day in ("2022-02-28", "2022-03-01"))
    assert (terms(before["penalties"]), before["valid_to"]) == ([(None, "5y")], "2022-03-01")
    assert (terms(after["penalties"]), after["valid_to"]) == ([(None, "7y")], None)
    over_six = {"law": OFFENCES_ACT, "conduct": "possess", "prison_max_from": "72"}
    assert names(world, "offences", **over_six, as_of="2022-02-28") == []
    assert names(world, "offences", **over_six, as_of="2022-03-01") == ["sec_13~offence_1"]


def test_aggravated_cases_stay_out_of_the_base_case(world: httpx.Client):
    # The longest term of any case would compare a repeat offender in one country with a first one
    # in another: 240, 120 and 84 months instead of 120, 60 and 84.
    laws = (CODE_18, "fr-example-penal-code", OFFENCES_ACT)
    asked = {"law": ",".join(laws), "conduct": "possess,distribute", "as_of": "2025-01-01"}
    rows = table(world, "offences", **asked)
    said = {id_: (row["prison_max_months"], row["cases"]) for id_, row in rows.items()}
    assert said == {
        f"{CODE_18}~sec_1466A~offence_1": ("120", "3"),
        f"{CODE_18}~sec_2252A~offence_1": ("120", "3"),
        "fr-example-penal-code~art_227-23~offence_1": ("60", "3"),
        f"{OFFENCES_ACT}~sec_13~offence_1": ("84", "1"),
        f"{OFFENCES_ACT}~sec_14~offence_1": ("84", "1"),
    }
    # Filters and orders read the base case too.
    assert names(world, "offences", **asked, prison_max_from="121") == []
    ordered = names(world, "offences", **asked, sort="-prison_max")
    assert ordered[-1] == "fr-example-penal-code~art_227-23~offence_1"


def test_life_is_longer_than_every_number(world: httpx.Client):
    asked = {"law": CODE_18, "as_of": "2020-01-01"}
    assert names(world, "offences", **asked, sort="-prison_max")[0] == "sec_2423~offence_1"
    assert names(world, "offences", **asked, prison_max_from="1200") == ["sec_2423~offence_1"]
    row = table(world, "offences", **asked)[f"{CODE_18}~sec_2423~offence_1"]
    assert (row["prison_max_months"], row["prison_max_life"]) == ("", "true")


def test_every_case_is_a_row_among_penalties(world: httpx.Client):
    asked = {"provision": f"{CODE_18}~sec_2252A", "as_of": "2025-01-01"}
    cases = {c["id"].split("~")[-1]: c for c in ask(world, "penalties", **asked)["items"]}
    assert [(c["base"], c["when"]["victim_under"], c["when"]["prior"]) for c in cases.values()] == [
        (False, 12, None),
        (True, None, None),
        (False, None, 1),
    ]
    assert terms(list(cases.values())) == [(None, "20y"), (None, "10y"), ("10y", "20y")]
    assert [i.split("~")[-1] for i in names(world, "penalties", **asked, base="true")] == [
        "penalty_2"
    ]
    gang = ask(world, "penalties", law="fr-example-penal-code", base="false", as_of="2025-01-01")
    said = [(c["when"]["network"], c["when"]["organised"]) for c in gang["items"]]
    assert said == [(True, None), (None, True)]
    assert terms(gang["items"]) == [(None, "7y"), (None, "10y")]


# --- penalties that stand elsewhere -------------------------------------------------------------


def test_penalties_of_another_section_follow_it_through_time(world: httpx.Client):
    borrowed = f"offences/{CODE_18}~sec_1466A~offence_1"
    early, late = (ask(world, borrowed, as_of=day) for day in ("2012-12-06", "2012-12-07"))
    # Nothing was done to this section in 2012: the one that it borrows from was amended.
    assert early["penalties_of"] == late["penalties_of"]
    assert late["penalties_of"] == {"id": f"{CODE_18}~sec_2252A~offence_1", "before": None}
    assert terms(early["penalties"]) == [(None, "10y"), ("10y", "20y")]
    assert terms(late["penalties"]) == [(None, "20y"), (None, "10y"), ("10y", "20y")]
    assert (early["valid_to"], late["valid_from"]) == ("2012-12-07", "2012-12-07")
    rows = ask(world, "penalties", provision=f"{CODE_18}~sec_1466A", as_of="2020-01-01")["items"]
    assert {row["set_by"]["id"] for row in rows} == {f"{CODE_18}~sec_2252A~offence_1"}


def test_a_minimum_of_another_act_is_tied_to_the_offence(world: httpx.Client):
    rule = "au-example-crimes-act-1914~sec_16AAA~sentencing_1"
    offence = "au-example-code-1995~sec_474.22~offence_1"
    said = ask(world, f"sentencings/{rule}", as_of="2020-06-23")
    assert (said["min"]["months"], said["max"], said["mandatory"]) == (60, None, True)
    assert [reference["id"] for reference in said["applies_to"]] == [offence]
    assert names(world, "offences", sentencing=rule, as_of="2020-06-22") == []
    assert names(world, "offences", sentencing=rule, as_of="2020-06-23") == [offence]
    assert names(world, "sentencings", applies_to=offence, as_of="2024-01-01") == [rule]
    assert names(world, "sentencings", conduct="access", as_of="2024-01-01") == [rule]
    # The offence's own bounds are as its own section says: nothing is copied into it.
    own = ask(world, f"offences/{offence}", as_of="2024-01-01")["penalties"]
    assert terms(own)[0] == (None, "15y")


# --- numbers that stand elsewhere ---------------------------------------------------------------


@pytest.mark.parametrize(
    ("day", "unit", "individual", "entity"),
    [
        ("2020-06-30", 210, 189_000, 945_000),
        ("2020-07-01", 222, 199_800, 999_000),
        ("2022-12-31", 222, 199_800, 999_000),
        ("2023-01-01", 275, 247_500, 1_237_500),
    ],
)
def test_a_fine_in_penalty_units_changes_with_the_unit(
    world: httpx.Client, day: str, unit: int, individual: int, entity: int
):
    offence = ask(world, "offences/au-example-code-1995~sec_474.22~offence_1", as_of=day)
    fines = [case["fine"] for case in offence["penalties"]]
    assert [fine["amount"] for fine in fines] == [individual, entity]
    assert {(fine["quantity"], fine["currency"]) for fine in fines} == {("au-example-unit", "AUD")}
    assert [fine["times"] for fine in fines] == [900, 4500]
    assert ask(world, "quantities/au-example-unit", as_of=day)["amount"] == unit
    above = names(world, "penalties", law="au-example-code-1995", fine_max_from="190000", as_of=day)
    assert ("sec_474.22~offence_1~penalty_1" in above) == (individual >= 190_000)


def test_a_fine_level_without_a_limit_makes_fines_unlimited(world: httpx.Client):
    offence = f"offences/{IMAGES_ACT}~sec_160~offence_1"
    before, after = (
        ask(world, offence, as_of=day)["penalties"][-1]["fine"]
        for day in ("2015-03-11", "2015-03-12")
    )
    assert (before["amount"], before["currency"], before["unlimited"]) == (5000, "GBP", False)
    # No amount and not unlimited would read as a fine of unknown size.
    assert (after["amount"], after["unlimited"]) == (None, True)


def test_a_class_of_fine_sets_the_amount(world: httpx.Client):
    offence = "offences/ie-example-online-act-2009~sec_139~offence_1"
    (before,), (after,) = (
        ask(world, offence, as_of=day)["penalties"] for day in ("2017-12-31", "2018-01-01")
    )
    assert [case["fine"]["amount"] for case in (before, after)] == [5000, 6000]
    assert after["fine"]["quantity"] == "ie-example-class-a"


def test_a_limit_of_a_court_is_the_longest_term(world: httpx.Client):
    offence = f"{IMAGES_ACT}~sec_160~offence_1"
    days = ("2001-01-11", "2022-01-01", "2023-03-30", "2024-11-18")
    states = [ask(world, f"offences/{offence}", as_of=day) for day in days]
    summary = [state["penalties"][1] for state in states]
    assert [bounds for _, bounds in terms(summary)] == ["6m", "12m", "6m", "12m"]
    assert {case["prison"]["max_quantity"] for case in summary} == {"gb-example-magistrates-limit"}
    assert (states[2]["valid_from"], states[2]["valid_to"]) == ("2023-03-30", "2024-11-18")
    asked = {"law": IMAGES_ACT, "track": "summary", "prison_max_from": "12"}
    assert names(world, "penalties", **asked, as_of="2024-11-17") == []
    assert names(world, "penalties", **asked, as_of="2024-11-18") != []


def test_the_general_maximum_stands_where_an_offence_names_none(world: httpx.Client):
    platform = {"law": "de-example-code", "conduct": "run_platform", "as_of": "2020-01-01"}
    (offence,) = ask(world, "offences", **platform)["items"]
    assert terms(offence["penalties"]) == [("1y", "15y")]
    assert names(world, "offences", **platform, prison_max_from="180") == ["sec_127~offence_1"]


def test_the_day_of_conviction_picks_the_limit_of_a_summary_court(world: httpx.Client):
    quantity = "quantities/gb-example-magistrates-limit"
    found = {
        day: ask(world, quantity, as_of=day)
        for day in ("2023-03-29", "2023-03-30", "2024-11-17", "2024-11-18")
    }
    assert [q["term"]["text"] for q in found.values()] == ["12m", "6m", "6m", "12m"]
    assert {q["clock"] for q in found.values()} == {"conviction"}
    asked = {"jurisdiction": "GB-EAW", "as_of": "2024-01-01"}
    assert names(world, "quantities", **asked, clock="conviction") == [quantity.split("/")[1]]
    assert names(world, "quantities", **asked, clock="act") == ["gb-example-level-5"]


# --- tracks and persons -------------------------------------------------------------------------


def test_penalties_of_two_tracks_grow_over_time(world: httpx.Client):
    def cases(day: str) -> list[tuple[Any, ...]]:
        found = ask(world, f"offences/{IMAGES_ACT}~sec_160~offence_1", as_of=day)["penalties"]
        return [
            (c["when"]["track"], *bounds) for c, bounds in zip(found, terms(found), strict=True)
        ]

    assert cases("1990-01-01") == [("summary", None, None)]
    assert cases("1995-02-03") == [("summary", None, "6m")]
    assert cases("2001-01-11") == [("indictment", None, "5y"), ("summary", None, "6m")]
    # Flat tables show the gravest track.
    row = table(world, "offences", law=IMAGES_ACT, as_of="2001-01-11")
    assert row[f"{IMAGES_ACT}~sec_160~offence_1"]["prison_max_months"] == "60"
    by_track = {"law": IMAGES_ACT, "as_of": "2001-01-11"}
    assert names(world, "penalties", **by_track, track="summary") == ["sec_160~offence_1~penalty_2"]


def test_individuals_and_entities_are_punished_apart(world: httpx.Client):
    failure = "sg-example-harms-act-2023~sec_8~offence_1"
    offence = ask(world, f"offences/{failure}", as_of="2024-02-01")
    individual, entity = offence["penalties"]
    assert [case["when"]["person"] for case in (individual, entity)] == ["individual", "entity"]
    assert (individual["prison"]["max"]["months"], entity["prison"]) == (24, None)
    assert [case["fine"]["amount"] for case in (individual, entity)] == [20_000, 500_000]
    assert individual["per_day"] is None
    assert entity["per_day"] == {
        "amount": 20_000,
        "currency": "SGD",
        "cap": 500_000,
        "starts": "contravention",
    }
    row = table(world, "offences", law="sg-example-harms-act-2023", as_of="2024-02-01")[failure]
    assert (row["fine_amount"], row["entity_fine_amount"]) == ("20000", "500000")
    assert row["per_day_amount"] == "", "the daily fine is the entity's, not the individual's"


def test_a_daily_fine_can_begin_at_conviction(world: httpx.Client):
    duty = "duties/sg-example-harms-act-2023~sec_21~duty_1"
    (breach,) = ask(world, duty, as_of="2024-06-24")["breach"]
    assert (breach["per_day"]["amount"], breach["per_day"]["starts"]) == (100_000, "conviction")
    assert breach["per_day"]["cap"] is None
    asked = {"person": "entity", "jurisdiction": "SG", "as_of": "2024-06-24"}
    assert names(world, "penalties", **asked) == [
        "sg-example-harms-act-2023~sec_21~duty_1~penalty_1",
        "sg-example-harms-act-2023~sec_8~offence_1~penalty_2",
    ]


@pytest.mark.parametrize(
    ("power", "amount", "currency", "share_of"),
    [
        ("gb-example-online-act-2023~sched_13~power_1", 18_000_000, "GBP", "worldwide"),
        ("ie-example-online-act-2009~sec_140~power_1", 20_000_000, "EUR", "service"),
    ],
)
def test_a_fine_is_the_greater_of_an_amount_and_a_share(
    world: httpx.Client, power: str, amount: int, currency: str, share_of: str
):
    (breach,) = ask(world, f"powers/{power}", as_of="2026-01-01")["breach"]
    fine = breach["fine"]
    # Neither limb is the fine itself: a reader of `amount` alone must not take it for the maximum.
    assert (fine["amount"], fine["share"], fine["unlimited"]) == (None, None, False)
    assert [(limb["amount"], limb["currency"]) for limb in fine["greater_of"]] == [
        (amount, currency),
        (None, None),
    ]
    assert (fine["greater_of"][1]["share"], fine["greater_of"][1]["share_of"]) == (10, share_of)
    law = power.split("~")[0]
    cell = table(world, "penalties", law=law, facet_kind="power", as_of="2026-01-01")
    (row,) = cell.values()
    assert row["fine_greater_of"] == f"{amount} {currency};10% {share_of}"
