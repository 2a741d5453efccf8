"""The reach resolver: whose law reaches a case, on which ground, and why other law does not."""

from __future__ import annotations

from typing import Any

import httpx

from tests.api.test_legal_model import ask

PENAL_CODE = "sg-penal-code-1871"
MAKING = {"conduct": "produce", "material_class": "csam", "act_date": "2021-05-01"}
HAVING = {**MAKING, "conduct": "possess"}


def resolve(client: httpx.Client, **case: str) -> Any:
    return ask(client, "comparisons/reach", **case)


def of(answer: Any, code: str) -> Any:
    """What the law of a jurisdiction answers."""
    (found,) = [j for j in answer["jurisdictions"] if j["jurisdiction"] == code]
    return found


def offence(answer: Any, id_: str, code: str = "SG") -> Any:
    (found,) = [o for o in of(answer, code)["offences"] if o["id"] == id_]
    return found


def met(rule: Any) -> list[str | None]:
    """The entries of a rule whose grounds are all met."""
    return [entry["reach"] for entry in rule["entries"] if entry["outcome"] == "met"]


def entry(rule: Any, reach: str | None) -> Any:
    (found,) = [e for e in rule["entries"] if e["reach"] == reach]
    return found


# --- Singapore's law ----------------------------------------------------------------------------


def test_a_citizen_who_produces_abroad_is_reached(real: httpx.Client):
    answer = resolve(real, **MAKING, offender_nationality="SG", place="TH")
    making = offence(answer, f"{PENAL_CODE}~sec_377BH~offence_1")
    assert making["outcome"] == "reached"
    assert making["explanation"].startswith("offender_national is met: offender_nationality is SG")
    assert met(making) == [f"{PENAL_CODE}~sec_377BO~reach_1"]
    ground = entry(making, f"{PENAL_CODE}~sec_377BO~reach_1")
    assert (ground["basis"], ground["conditions"]) == (["offender_national"], [])
    (proof,) = ground["evidence"]
    assert proof["id"] == f"{PENAL_CODE}~sec_377BO"
    assert proof["href"] == f"/v1/provisions/{PENAL_CODE}~sec_377BO?as_of=2021-05-01"
    assert proof["source_url"].startswith("https://sso.agc.gov.sg/")
    assert "SG" in answer["overlap"]["reached"]
    assert answer["overlap"]["count"] == len(answer["overlap"]["reached"])


def test_every_address_of_an_answer_leads_to_the_record_of_the_day(real: httpx.Client):
    answer = resolve(real, **MAKING, offender_nationality="SG", place="TH")
    for rule in of(answer, "SG")["offences"]:
        record = real.get(rule["href"])
        assert record.status_code == 200
        assert record.json()["id"] == rule["id"]
        for proof in [*rule["evidence"], *(e for i in rule["entries"] for e in i["evidence"])]:
            provision = real.get(proof["href"]).json()
            assert provision["id"] == proof["id"]
            assert provision["valid_from"] <= "2021-05-01"
            assert proof["source_url"] in [source["url"] for source in provision["sources"]]


def test_a_citizen_who_possesses_abroad_is_not_reached_and_the_answer_says_why(real: httpx.Client):
    answer = resolve(real, **HAVING, offender_nationality="SG", place="TH")
    assert of(answer, "SG")["outcome"] == "not_reached"
    having = offence(answer, f"{PENAL_CODE}~sec_377BK~offence_1")
    assert having["outcome"] == "not_reached"
    assert met(having) == []
    whys = {e["reach"]: (e["outcome"], e["ground"], e["parameter"]) for e in having["entries"]}
    assert whys == {
        f"{PENAL_CODE}~sec_2~reach_1": ("not_met", "here", "place"),
        f"{PENAL_CODE}~sec_4~reach_1": ("not_met", "offender_official", "offender_official_of"),
        f"{PENAL_CODE}~sec_4~reach_2": ("not_met", "offender_official", "offender_official_of"),
    }
    assert "here is not met: place is TH, the law is that of SG" in having["explanation"]
    # As a public servant who acts as such, the same citizen is reached.
    official = resolve(
        real, **HAVING, offender_nationality="SG", place="TH", offender_official_of="SG"
    )
    reached = offence(official, f"{PENAL_CODE}~sec_377BK~offence_1")
    assert met(reached) == [f"{PENAL_CODE}~sec_4~reach_1"]


def test_a_foreigner_abroad_is_reached_when_the_child_is_here(real: httpx.Client):
    facts = {"offender_nationality": "AU", "offender_residence": "AU", "place": "TH"}
    answer = resolve(real, **MAKING, **facts, victim_place="SG", victim_age="12")
    making = offence(answer, f"{PENAL_CODE}~sec_377BH~offence_1")
    assert met(making) == [f"{PENAL_CODE}~sec_377BO~reach_4"]
    # The child of twelve is not the minor of sixteen or seventeen of another offence.
    older = offence(answer, f"{PENAL_CODE}~sec_377BL~offence_2")
    assert older["outcome"] == "not_reached"
    assert older["explanation"].startswith("it is another offence: victim_over is not met")
    elsewhere = resolve(real, **MAKING, **facts, victim_place="TH", victim_age="12")
    assert of(elsewhere, "SG")["outcome"] == "not_reached"
    unsaid = resolve(real, **MAKING, **facts, victim_age="12")
    assert of(unsaid, "SG")["outcome"] == "not_stated"
    assert offence(unsaid, making["id"])["explanation"] == "it depends on: victim_place"


def test_age_decides_between_the_entries(real: httpx.Client):
    facts = {"offender_nationality": "AU", "offender_residence": "AU", "place": "TH"}
    answer = resolve(real, **MAKING, **facts, victim_place="SG", victim_age="17")
    making = offence(answer, f"{PENAL_CODE}~sec_377BH~offence_1")
    why = entry(making, f"{PENAL_CODE}~sec_377BO~reach_4")
    assert (why["outcome"], why["ground"]) == ("not_met", "victim_under")
    assert "must be below 16 and is 17" in why["explanation"]
    older = offence(answer, f"{PENAL_CODE}~sec_377BL~offence_2")
    assert met(older) == [f"{PENAL_CODE}~sec_377BO~reach_6"]
    open_ = resolve(real, **MAKING, **facts, victim_place="SG")
    why = entry(offence(open_, making["id"]), f"{PENAL_CODE}~sec_377BO~reach_4")
    assert (why["outcome"], why["ground"], why["parameter"]) == (
        "not_stated",
        "victim_under",
        "victim_age",
    )


def test_a_resident_is_reached_like_a_citizen(real: httpx.Client):
    answer = resolve(real, **MAKING, offender_nationality="GB", offender_residence="SG", place="TH")
    making = offence(answer, f"{PENAL_CODE}~sec_377BH~offence_1")
    assert met(making) == [f"{PENAL_CODE}~sec_377BO~reach_2"]


def test_anyone_who_acts_here_is_reached(real: httpx.Client):
    answer = resolve(real, **HAVING, offender_nationality="AU", place="SG")
    having = offence(answer, f"{PENAL_CODE}~sec_377BK~offence_1")
    assert met(having) == [f"{PENAL_CODE}~sec_2~reach_1"]


def test_a_day_before_the_reform_nothing_such_was_in_force(real: httpx.Client):
    case = {"conduct": "produce,possess", "material_class": "csam", "place": "SG"}
    before = resolve(real, **case, act_date="2019-12-31")
    assert of(before, "SG") == {
        "jurisdiction": "SG",
        "outcome": "no_offence",
        "offences": [],
        "powers": [],
    }
    assert "SG" in before["overlap"]["no_offence"]
    assert of(resolve(real, **case, act_date="2020-01-01"), "SG")["outcome"] == "reached"


def test_commercial_sex_abroad_has_been_reached_since_2008(real: httpx.Client):
    case = {"conduct": "commercial_sex", "offender_nationality": "SG", "place": "TH"}
    id_ = f"{PENAL_CODE}~sec_376C~offence_1"
    answer = resolve(real, **case, victim_age="17", act_date="2010-01-01")
    assert met(offence(answer, id_)) == [f"{PENAL_CODE}~sec_376C~reach_1"]
    # In 2010 no entry asked where the victim was.
    reaches = [e["reach"] for e in offence(answer, id_)["entries"]]
    assert f"{PENAL_CODE}~sec_376C~reach_4" not in reaches
    adult = resolve(real, **case, victim_age="18", act_date="2010-01-01")
    assert offence(adult, id_)["outcome"] == "not_reached"
    early = resolve(real, **case, victim_age="17", act_date="2008-01-31")
    assert of(early, "SG")["offences"] == []


def test_powers_reach_content_that_is_hosted_abroad(real: httpx.Client):
    case = {"conduct": "distribute", "material_class": "csam", "place": "US", "hosted_in": "US"}
    answer = resolve(real, **case, service_offered_in="SG", act_date="2024-06-01")
    powers = {power["id"]: power for power in of(answer, "SG")["powers"]}
    disabling = powers["sg-broadcasting-act-1994~sec_45H~power_1"]
    assert disabling["outcome"] == "reached"
    assert set(met(disabling)) == {
        "sg-broadcasting-act-1994~sec_2A~reach_1",
        "sg-broadcasting-act-1994~sec_45B~reach_1",
    }
    assert "sg-imda" in disabling["holder"]
    # Powers over false statements are not about such material.
    assert not any(id_.startswith("sg-pofma-2019") for id_ in powers)
    assert "SG" in answer["overlap"]["powers"]
    earlier = resolve(real, **case, service_offered_in="SG", act_date="2023-01-31")
    ids = [power["id"] for power in of(earlier, "SG")["powers"]]
    assert "sg-broadcasting-act-1994~sec_45H~power_1" not in ids


def test_powers_are_answered_only_where_the_case_is_about_content(real: httpx.Client):
    assert of(resolve(real, **MAKING, place="SG"), "SG")["powers"] == []
