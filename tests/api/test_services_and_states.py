"""The hard cases of the legal model, read back over HTTP: duties, obligations, treaties, extent."""

from __future__ import annotations

import httpx
import pytest

from tests.api.test_legal_model import ask, names, table

DIRECTIVE = "eu-example-directive-2011"
CONVENTION = "coe-example-convention-2007"
REPORTING = "us-example-code-18~sec_2258A"

# --- duties -------------------------------------------------------------------------------------


def test_a_deadline_without_a_number_is_a_class(world: httpx.Client):
    duty = ask(world, f"duties/{REPORTING}~duty_1", as_of="2024-05-07")
    assert duty["deadline"] == {
        "hours": None,
        "days": None,
        "months": None,
        "kind": "promptly",
        "starts": "knowledge",
    }
    row = table(world, "duties", provision=REPORTING, as_of="2024-05-07")[f"{REPORTING}~duty_1"]
    assert (row["deadline_hours"], row["deadline_kind"]) == ("", "promptly")
    power = ask(world, "powers/sg-example-services-act-1994~sec_46~power_1", as_of="2024-01-01")
    assert (power["deadline"]["kind"], power["deadline"]["starts"]) == ("set_by_authority", "order")


def test_a_deadline_in_days_becomes_one_in_months(world: httpx.Client):
    before, after = (
        ask(world, f"duties/{REPORTING}~duty_2", as_of=day)["deadline"]
        for day in ("2024-05-06", "2024-05-07")
    )
    assert (before["days"], before["months"], before["kind"]) == (90, None, "fixed")
    assert (after["days"], after["months"], after["starts"]) == (None, 12, "report")


def test_a_deadline_in_hours_is_a_number(world: httpx.Client):
    asked = {"kind": "remove", "subject": "intimate", "as_of": "2026-05-19"}
    (duty,) = ask(world, "duties", **asked)["items"]
    deadline = duty["deadline"]
    assert (deadline["hours"], deadline["kind"], deadline["starts"]) == (48, "fixed", "report")


def test_fines_rise_with_users_and_with_repetition(world: httpx.Client):
    before, after = (
        ask(world, f"duties/{REPORTING}~duty_1", as_of=day)["breach"]
        for day in ("2024-05-06", "2024-05-07")
    )
    said = [
        (case["when"]["prior"], case["when"]["users_min"], case["fine"]["amount"]) for case in after
    ]
    assert said == [
        (None, None, 600_000),
        (None, 100_000_000, 850_000),
        (1, None, 850_000),
        (1, 100_000_000, 1_000_000),
    ]
    assert [(c["when"]["prior"], c["fine"]["amount"]) for c in before] == [
        (None, 150_000),
        (1, 300_000),
    ]
    base = {"provision": REPORTING, "base": "true", "as_of": "2024-05-07"}
    assert names(world, "penalties", **base) == [f"{REPORTING}~duty_1~penalty_1"]
    row = table(world, "duties", provision=REPORTING, as_of="2024-05-07")[f"{REPORTING}~duty_1"]
    assert (row["breach_fine_amount"], row["breach_cases"]) == ("600000", "4")


def test_a_third_offence_is_a_case_of_its_own(world: httpx.Client):
    duty = "ca-example-reporting-act-2011~sec_3~duty_1"
    cases = ask(world, f"duties/{duty}", as_of="2020-01-01")["breach"]
    assert [(c["when"]["prior"], c["fine"]["amount"]) for c in cases] == [
        (None, 1_000),
        (1, 5_000),
        (2, 10_000),
    ]
    assert [c["prison"] and c["prison"]["max"]["text"] for c in cases] == [None, None, "6m"]


@pytest.mark.parametrize(
    ("stance", "duties"),
    [
        ("required", []),
        ("permitted", ["eu-example-interim-regulation-2021~art_3~duty_1"]),
        ("excluded", [f"{REPORTING}~duty_3"]),
    ],
)
def test_searching_is_permitted_here_and_excluded_there(
    world: httpx.Client, stance: str, duties: list[str]
):
    asked = {"kind": "detect", "subject": "csam", "as_of": "2025-01-01"}
    assert names(world, "duties", **asked, stance=stance) == duties


def test_a_report_made_abroad_is_enough(world: httpx.Client):
    for duty, day in (
        ("ca-example-reporting-act-2011~sec_3~duty_1", "2020-01-01"),
        ("gb-example-online-act-2023~sec_66~duty_1", "2026-05-01"),
    ):
        said = ask(world, f"duties/{duty}", as_of=day)
        assert (said["kind"], said["satisfied_by"]) == ("report", ["foreign-report"])
    own = ask(world, f"duties/{REPORTING}~duty_1", as_of="2026-05-01")
    assert own["satisfied_by"] == []


# --- what states owe ----------------------------------------------------------------------------


def test_an_obligation_with_a_floor_is_no_offence_and_no_penalty(world: httpx.Client):
    (possession, production) = ask(
        world, "obligations", law=DIRECTIVE, requires="offence", as_of="2020-01-01"
    )["items"]
    assert possession["prison_max_floor"]["months"] == 12
    assert (possession["to"], possession["conduct"]) == (["states"], ["possess"])
    assert (possession["optional"], production["optional"]) == (False, True)
    (reach,) = ask(
        world, "obligations", law=DIRECTIVE, basis="offender_national", as_of="2020-01-01"
    )["items"]
    assert reach["requires"] == "reach"
    for law in (DIRECTIVE, CONVENTION, "eu-example-services-regulation-2022"):
        for collection in ("offences", "penalties", "reaches", "exceptions", "powers"):
            assert names(world, collection, law=law, as_of="2025-01-01") == [], (law, collection)
    # Nor does it fill the answer of a state that is bound by it.
    latvia = {"jurisdiction": "LV", "as_of": "2020-01-01"}
    assert names(world, "offences", **latvia) == []
    assert names(world, "obligations", **latvia) == []


def test_a_floor_under_fines_is_an_obligation(world: httpx.Client):
    law = "eu-example-services-regulation-2022"
    (said,) = ask(world, "obligations", law=law, as_of="2025-01-01")["items"]
    assert (said["fine_share_floor"], said["fine_share_of"]) == (6, "worldwide")
    assert [a["since"] for a in said["applies"]] == ["2024-02-17"]


def test_reservations_stand_at_their_article_and_end(world: httpx.Client):
    (denmark,) = ask(world, "jurisdictions/DK", as_of="2020-01-01")["bindings"]
    assert (denmark["treaty"], denmark["signed"], denmark["since"]) == (
        CONVENTION,
        "2007-12-20",
        "2010-07-01",
    )
    assert [(r["article"], r["since"], r["until"]) for r in denmark["reservations"]] == [
        ("20(3)", "2010-07-01", "2019-06-01")
    ]
    (latvia,) = ask(world, "jurisdictions/LV", as_of="2020-01-01")["bindings"]
    assert [(r["article"], r["until"]) for r in latvia["reservations"]] == [("25(1)(e)", None)]


def test_a_treaty_binds_from_a_day_to_a_day(world: httpx.Client):
    bound = {
        day: names(world, "jurisdictions", treaty=CONVENTION, as_of=day)
        for day in ("2010-06-30", "2010-07-01", "2014-12-01", "2023-12-01")
    }
    assert list(bound.values()) == [[], ["DK"], ["DK", "LV"], ["DK"]]


def test_a_treaty_that_is_signed_only_binds_nobody(world: httpx.Client):
    treaty = "un-example-convention-2024"
    law = ask(world, f"laws/{treaty}", as_of="2026-01-01")
    assert (law["status"], law["commenced_on"]) == ("passed", None)
    assert names(world, "jurisdictions", treaty=treaty, as_of="2026-01-01") == []
    (signature,) = ask(world, "jurisdictions/TH", as_of="2026-01-01")["bindings"]
    assert (signature["signed"], signature["since"]) == ("2025-10-25", None)
    assert names(world, "obligations", law=treaty, as_of="2026-01-01") == []
    (version,) = ask(world, f"provisions/{treaty}~art_14/versions")["versions"]
    assert version["valid_from"] is None
    assert [o["conduct"] for o in version["obligations"]] == [["possess"]]


# --- where it is law ----------------------------------------------------------------------------


def test_a_law_of_one_part_is_no_law_of_the_other(world: httpx.Client):
    law = "gb-example-images-act-1988"
    assert ask(world, f"laws/{law}", as_of="2020-01-01")["extent"] == ["GB-EAW"]
    found = {
        code: names(world, "laws", jurisdiction=code, topic="csam", as_of="2020-01-01")
        for code in ("GB-EAW", "GB", "GB-SCT")
    }
    assert found == {"GB-EAW": [law], "GB": [law], "GB-SCT": []}
    # Whose law stands for the whole is said by the whole.
    assert ask(world, "jurisdictions/GB", as_of="2020-01-01")["lead"] == "GB-EAW"
    assert ask(world, "jurisdictions/GB-EAW", as_of="2020-01-01")["parent"] == "GB"


def test_a_part_of_a_law_has_an_extent_of_its_own(world: httpx.Client):
    law = "gb-example-sexual-act-2003"
    assert ask(world, f"laws/{law}", as_of="2020-01-01")["extent"] == ["GB"]
    england = {"law": law, "jurisdiction": "GB-EAW", "as_of": "2020-01-01"}
    assert names(world, "provisions", **england) == ["sec_15", "sec_72", "sec_97"]
    scotland = {**england, "jurisdiction": "GB-SCT"}
    # The Part says where it is law, for every section in it.
    assert names(world, "provisions", **scotland) == ["sec_97"]
    assert names(world, "offences", **scotland) == []
    assert names(world, "sentencings", **scotland) == ["sec_97~sentencing_1"]
    offence = ask(world, f"offences/{law}~sec_15~offence_1", as_of="2020-01-01")
    assert offence["extent"] == ["GB-EAW"]


def test_directly_applicable_law_says_so(world: httpx.Client):
    asked = {"as_of": "2023-01-01"}
    assert ask(world, "laws/eu-example-services-regulation-2022", **asked)["direct"] is True
    assert ask(world, f"laws/{DIRECTIVE}", **asked)["direct"] is False
    assert ask(world, "groups/eu", **asked)["body"] == "EU"


def test_norway_is_no_boolean(world: httpx.Client):
    asked = {"jurisdiction": "NO", "as_of": "2020-01-01"}
    (norway,) = ask(world, "jurisdictions", **asked)["items"]
    assert (norway["id"], norway["aliases"]) == ("NO", ["NO", "on", "off", "Norge"])
    assert ask(world, "laws/no-example-code-2005", as_of="2020-01-01")["extent"] == ["NO"]
    (offence,) = ask(world, "offences", **asked)["items"]
    # 010 in the file is ten, not eight.
    assert offence["penalties"][0]["fine"]["amount"] == 10


# --- groups by date of membership ---------------------------------------------------------------


def test_a_group_has_the_members_of_the_day(world: httpx.Client):
    members = {
        day: ask(world, "groups/eu", as_of=day)["current"]
        for day in ("1972-12-31", "1973-01-01", "2004-05-01", "2020-02-01")
    }
    assert members == {
        "1972-12-31": ["DE", "FR"],
        "1973-01-01": ["DE", "DK", "FR", "GB", "IE"],
        "2004-05-01": ["DE", "DK", "FR", "GB", "IE", "LV"],
        "2020-02-01": ["DE", "DK", "FR", "IE", "LV"],
    }
    assert "GB" in names(world, "jurisdictions", group="eu", as_of="2020-01-31")
    assert "GB" not in names(world, "jurisdictions", group="eu", as_of="2020-02-01")
    assert names(world, "groups", jurisdiction="GB", as_of="2020-01-31") == ["eu"]
    assert names(world, "groups", jurisdiction="GB", as_of="2020-02-01") == []
    britain = ask(world, "jurisdictions/GB", as_of="2020-02-01")
    assert britain["groups"] == []
    assert britain["memberships"] == [{"group": "eu", "since": "1973-01-01", "until": "2020-02-01"}]


def test_a_law_is_found_by_the_groups_of_the_day(world: httpx.Client):
    law = "gb-example-sexual-act-2003"
    asked = {"law": law, "group": "eu", "kind": "section"}
    assert names(world, "provisions", **asked, as_of="2020-01-31") == ["sec_15", "sec_72", "sec_97"]
    assert names(world, "provisions", **asked, as_of="2020-02-01") == []
    # The law of a part is law of the member: nothing in the group's table may go missing for that.
    images = {"group": "eu", "conduct": "possess", "law": "gb-example-images-act-1988"}
    assert names(world, "offences", **images, as_of="2020-01-31") == ["sec_160~offence_1"]
    assert names(world, "offences", **images, as_of="2020-02-01") == []


# --- what a search covered ----------------------------------------------------------------------


def test_a_survey_of_the_past_alone_has_an_end(world: httpx.Client):
    open_, closed = (ask(world, f"surveys/{id_}") for id_ in ("sg-csam-2020", "sg-reporting-2000"))
    assert (open_["since"], open_["until"]) == ("2020-01-01", None)
    assert (closed["since"], closed["until"]) == ("2000-01-01", "2010-01-01")
    assert open_["checked_on"] == "2026-01-15"
    assert names(world, "surveys", jurisdiction="SG", topic="csam") == ["sg-csam-2020"]


def test_a_part_of_a_state_is_bound_through_the_state(real):
    places = {each["id"]: each for each in ask(real, "jurisdictions", limit="200")["items"]}
    parts = [each for each in places.values() if each["parent"] and not each["bindings"]]
    assert parts
    for day in ("2005-01-01", "2012-01-01", "2026-11-24"):
        found = ask(real, "comparisons/matrix", as_of=day, section="treaties")
        cells = {(cell["jurisdiction"], cell["indicator"]): cell for cell in found["cells"]}
        for part in parts:
            if part["id"] not in found["jurisdictions"]:
                continue
            for indicator in found["indicators"]:
                mine, whole = (cells[code, indicator] for code in (part["id"], part["parent"]))
                assert mine["state"] == whole["state"], (part["id"], indicator, day)
                assert mine["value_boolean"] == whole["value_boolean"]
                assert mine["value_text"] == whole["value_text"]
                if mine["value_boolean"]:
                    assert mine["via"] == part["parent"]
                    assert mine["evidence"] == whole["evidence"]
