"""The hard cases of the legal model, read back over HTTP: what came into force, and when."""

from __future__ import annotations

import httpx
import pytest

from tests.api.test_legal_model import ask, names

HARMS_ACT = "sg-example-harms-act-2023"
ONLINE_ACT = "gb-example-online-act-2023"
INTERIM = "eu-example-interim-regulation-2021"

# --- the life of a law --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("day", "status"),
    [
        ("2023-05-08", "proposed"),
        ("2023-07-04", "proposed"),
        ("2023-07-05", "passed"),
        ("2023-07-20", "not_yet_in_force"),
        ("2024-02-01", "partly_in_force"),
        ("2024-06-23", "partly_in_force"),
        ("2024-06-24", "in_force"),
    ],
)
def test_a_bill_becomes_law_in_steps(world: httpx.Client, day: str, status: str):
    law = ask(world, f"laws/{HARMS_ACT}", as_of=day)
    assert law["status"] == status
    assert law["valid_from"] <= day
    waiting = [f"{HARMS_ACT}~part_2"] if status == "partly_in_force" else []
    assert law["outstanding_provisions"] == waiting
    assert (law["introduced_on"], law["commenced_on"]) == ("2023-05-08", "2024-02-01")
    found = names(world, "laws", jurisdiction="SG", status=status, as_of=day)
    assert HARMS_ACT in found
    in_force = names(world, "provisions", law=HARMS_ACT, as_of=day)
    expected = ["sec_6", "sec_8"] if day >= "2024-02-01" else []
    if day >= "2024-06-24":
        expected.insert(0, "sec_21")
    assert in_force == expected


def test_a_bill_does_not_exist_before_it_was_introduced(world: httpx.Client):
    answer = world.get(f"/v1/laws/{HARMS_ACT}", params={"as_of": "2023-05-07"})
    assert (answer.status_code, answer.json()["type"]) == (404, "/problems/not-in-force")
    assert HARMS_ACT not in names(world, "laws", jurisdiction="SG", as_of="2023-05-07")


@pytest.mark.parametrize(
    ("effect", "date", "other"),
    [
        (f"{HARMS_ACT}~commencement-2", "2024-06-24", "2024-06-26"),
        ("th-example-code-1956~possession-2015", "2015-12-07", "2015-12-08"),
    ],
)
def test_sources_that_differ_on_a_day_are_both_shown(
    world: httpx.Client, effect: str, date: str, other: str
):
    said = ask(world, f"effects/{effect}")
    assert said["date"] == date
    (dispute,) = said["disputes"]
    assert (dispute["field"], dispute["other"]) == ("date", other)
    assert dispute["source"]["kind"] == "secondary"
    # The preferred day decides what is in force.
    law = effect.split("~")[0]
    opened = [
        version
        for provision in ask(world, "provisions", law=law, as_of=other)["items"]
        for version in ask(world, f"provisions/{provision['id']}/versions")["versions"]
        if version["made_by"] == effect
    ]
    assert [version["valid_from"] for version in opened] == [date]


# --- commencement: announced, withdrawn, replaced, by class of service, never -------------------


def test_a_commencement_is_announced_revoked_and_replaced(world: httpx.Client):
    asked = {"law": ONLINE_ACT, "provision": f"{ONLINE_ACT}~sec_66", "kind": "commences"}
    steps = ask(world, "effects", **asked, sort="date")["items"]
    assert [(s["date"], s["outcome"], s["scope"], s["by"]) for s in steps] == [
        ("2025-11-03", "revoked", ["user_to_user"], "gb-example-commencement-5-2025"),
        ("2026-04-07", "done", ["user_to_user"], "gb-example-commencement-6-2025"),
        (None, "pending", ["search"], ONLINE_ACT),
    ]
    duty = f"duties/{ONLINE_ACT}~sec_66~duty_1"
    for day in ("2025-11-03", "2026-04-06"):
        answer = world.get(f"/v1/{duty}", params={"as_of": day})
        assert answer.status_code == 404, "the day that was withdrawn commenced nothing"
        assert answer.json()["intervals"] == [{"valid_from": "2026-04-07", "valid_to": None}]
    assert ask(world, duty, as_of="2026-04-07")["valid_from"] == "2026-04-07"
    provision = ask(world, f"provisions/{ONLINE_ACT}~sec_66", as_of="2026-04-07")
    assert provision["outstanding_scope"] == ["search"]
    assert names(world, "effects", law=ONLINE_ACT, outcome="revoked") == ["reporting-announced"]
    assert names(world, "effects", law=ONLINE_ACT, scope="search") == [
        "duties-second",
        "reporting-search",
    ]


def test_a_commencement_for_one_class_leaves_the_other_outstanding(world: httpx.Client):
    provision = f"provisions/{ONLINE_ACT}~sec_10"
    first, last, second = (
        ask(world, provision, as_of=day) for day in ("2025-03-17", "2025-07-24", "2025-07-25")
    )
    assert first == last
    assert (first["outstanding_scope"], second["outstanding_scope"]) == (["search"], [])
    assert (first["valid_to"], second["valid_from"]) == ("2025-07-25", "2025-07-25")
    law = ask(world, f"laws/{ONLINE_ACT}", as_of="2026-05-01")
    assert (law["status"], law["outstanding_scope"]) == ("partly_in_force", ["search"])


def test_a_part_that_never_commenced_is_never_in_force(world: httpx.Client):
    law = "au-example-transitional-act-2021"
    effect = ask(world, f"effects/{law}~commencement-2")
    assert (effect["date"], effect["outcome"]) == (None, "never")
    assert names(world, "provisions", law=law, as_of="2100-01-01") == ["sched_1"]
    history = ask(world, f"provisions/{law}~sched_2__part_3/versions")
    (version,) = history["versions"]
    assert (version["valid_from"], version["valid_to"]) == (None, None)
    assert version["summary"].startswith("Amendments that depended")
    assert ask(world, f"laws/{law}", as_of="2026-01-01")["status"] == "partly_in_force"
    # The record exists: its address says so, and leads to the version that never was law.
    answer = world.get(f"/v1/provisions/{law}~sched_2__part_3")
    assert (answer.status_code, answer.json()["type"]) == (404, "/problems/not-in-force")
    assert answer.json()["intervals"] == []
    assert f"/v1/provisions/{law}~sched_2__part_3/versions" in answer.json()["links"]
    about = {"provision": f"{law}~sched_2__part_3", "outcome": "never"}
    assert names(world, "effects", **about) == [f"{law}~commencement-2"]


# --- in force is not applicable -----------------------------------------------------------------


@pytest.mark.parametrize(
    ("provision", "in_force", "applies"),
    [
        (
            "eu-example-services-regulation-2022~art_16",
            "2022-11-16",
            [("2023-08-25", ["vlop", "vlose"]), ("2024-02-17", [])],
        ),
        ("us-example-takedown-act-2025~sec_3", "2025-05-19", [("2026-05-19", [])]),
    ],
)
def test_a_provision_in_force_says_to_whom_it_applies_when(
    world: httpx.Client, provision: str, in_force: str, applies: list[tuple[str, list[str]]]
):
    said = ask(world, f"provisions/{provision}", as_of=in_force)
    assert said["valid_from"] == in_force
    assert [(a["since"], a["services"]) for a in said["applies"]] == applies
    # A duty read by itself must not pass for one that applies already.
    (duty,) = ask(world, "duties", provision=provision, as_of=in_force)["items"]
    assert duty["applies"] == said["applies"]


# --- an end that was set, and moved -------------------------------------------------------------


def test_an_end_date_is_moved_once_and_then_comes(world: httpx.Client):
    effects = ask(world, f"laws/{INTERIM}/effects")["on"]
    assert [(e["kind"], e["date"], e["outcome"]) for e in effects] == [
        ("commences", "2021-08-02", "done"),
        ("extends", "2024-05-15", "done"),
        ("expires", "2024-08-03", "revoked"),
        ("expires", "2026-04-03", "done"),
    ]
    duty = f"duties/{INTERIM}~art_3~duty_1"
    at_first_end, last_day = (ask(world, duty, as_of=day) for day in ("2024-08-03", "2026-04-02"))
    assert at_first_end == last_day
    assert last_day["valid_to"] == "2026-04-03"
    lapsed = world.get(f"/v1/{duty}", params={"as_of": "2026-04-03"})
    assert lapsed.json()["intervals"] == [{"valid_from": "2021-08-02", "valid_to": "2026-04-03"}]
    law = {day: ask(world, f"laws/{INTERIM}", as_of=day) for day in ("2026-04-02", "2026-04-03")}
    assert [state["status"] for state in law.values()] == ["in_force", "expired"]
    assert law["2026-04-03"]["ended_on"] == "2026-04-03"
    (ended,) = ask(world, f"provisions/{INTERIM}~art_3/versions")["versions"]
    assert ended["ended_by"] == f"{INTERIM}~end"
