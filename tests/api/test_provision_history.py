"""The tree of a law, the versions of a provision, effects on and by a law, and what is not law."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from tests.api.test_legal_model import OFFENCES_ACT, ask, names

AU_CODE = "au-example-code-1995"
HARMS_ACT = "sg-example-harms-act-2023"
TRANSITIONAL_ACT = "au-example-transitional-act-2021"

# --- the tree -----------------------------------------------------------------------------------


def _flat(nodes: list[dict[str, Any]], depth: int = 0) -> list[tuple[int, str, bool, bool]]:
    return [
        line
        for node in nodes
        for line in (
            (depth, node["eid"], node["coded"], node["in_force"]),
            *_flat(node["children"], depth + 1),
        )
    ]


def test_the_tree_names_what_is_not_coded(world: httpx.Client):
    tree = ask(world, "laws/sg-example-harms-act-2023/provisions", as_of="2024-06-24")
    assert _flat(tree["provisions"]) == [
        (0, "part_1", False, True),
        (1, "sec_6", True, True),
        (1, "sec_8", True, True),
        (0, "part_2", False, True),
        (1, "sec_21", True, True),
    ]
    (part, _) = tree["provisions"]
    assert (part["kind"], part["number"], part["heading"]) == ("part", "1", "Directions")
    assert (part["valid_from"], part["valid_to"]) == (None, None)


@pytest.mark.parametrize(
    ("law", "day", "expected"),
    [
        # Enacted, partly commenced, wholly commenced: a Part stands where its sections stand.
        (HARMS_ACT, "2023-07-19", {"part_1": "not_in_force", "sec_6": "not_in_force"}),
        (HARMS_ACT, "2023-07-20", {"part_1": "not_yet_in_force", "sec_6": "not_yet_in_force"}),
        (HARMS_ACT, "2024-03-01", {"part_1": "in_force", "part_2": "not_yet_in_force"}),
        (HARMS_ACT, "2024-06-24", {"part_1": "in_force", "part_2": "in_force"}),
        # Never commenced, and the Schedule that holds it only partly.
        (TRANSITIONAL_ACT, "2026-01-01", {"sched_2__part_3": "not_yet_in_force"}),
    ],
)
def test_the_tree_says_where_every_provision_stands(
    world: httpx.Client, law: str, day: str, expected: dict[str, str]
):
    def standings(nodes: list[dict[str, Any]]) -> Iterator[tuple[str, str]]:
        for node in nodes:
            yield node["eid"], node["standing"]
            yield from standings(node["children"])

    tree = ask(world, f"laws/{law}/provisions", as_of=day)
    assert expected.items() <= dict(standings(tree["provisions"])).items()


def test_what_is_only_named_is_said_to_be_so(real: httpx.Client):
    tree = ask(real, "laws/sg-penal-code-1871/provisions", as_of="2024-01-01")
    (named,) = [node for node in tree["provisions"] if node["eid"] == "sec_376F"]
    assert (named["coded"], named["standing"], named["in_force"]) == (False, "not_coded", False)


def test_a_part_is_partly_in_force_while_one_of_its_sections_waits(real: httpx.Client):
    act = "sg-online-criminal-harms-act-2023"
    tree = ask(real, f"laws/{act}/provisions", as_of="2024-03-01")
    standing = {node["eid"]: node["standing"] for node in tree["provisions"]}
    assert standing["part_11"] == "partly_in_force"
    assert (standing["part_1"], standing["part_4"]) == ("in_force", "not_yet_in_force")
    outstanding = ["part_4", "part_5", "sec_51", "sched_2", "sched_3"]
    law = ask(real, f"laws/{act}", as_of="2024-03-01")
    assert law["outstanding_provisions"] == [f"{act}~{eid}" for eid in outstanding]


def test_the_tree_says_what_is_in_force_on_the_day(world: httpx.Client):
    def in_force(day: str) -> list[str]:
        tree = ask(world, f"laws/{OFFENCES_ACT}/provisions", as_of=day)
        assert tree["as_of"] == day
        return [eid for _, eid, coded, held in _flat(tree["provisions"]) if coded and held]

    assert in_force("1900-06-30") == []
    assert in_force("2019-12-31") == ["sec_20"]
    # In the order of the law, whatever the order of the ids.
    everything = ["sec_20", "sec_21", "sec_10", "sec_11", "sec_12", "sec_13", "sec_14", "sec_15"]
    assert in_force("2020-01-01") == [*everything, "sec_16"]
    placed = names(world, "provisions", law=OFFENCES_ACT, sort="place", as_of="2020-01-01")
    assert placed == in_force("2020-01-01")


def test_the_tree_dates_the_state_of_the_day(world: httpx.Client):
    def state(day: str) -> tuple[str | None, str | None]:
        tree = ask(world, f"laws/{OFFENCES_ACT}/provisions", as_of=day)
        (first, _) = tree["provisions"]
        (section, *_) = first["children"]
        return section["valid_from"], section["valid_to"]

    assert state("2019-12-31") == ("1900-07-01", "2020-01-01")
    assert state("2020-01-01") == ("2020-01-01", None)
    assert state("1900-06-30") == (None, None)


def test_a_tree_of_an_unknown_law_suggests_the_nearest(world: httpx.Client):
    answer = world.get("/v1/laws/sg-example-offence-act-1900/provisions")
    assert answer.status_code == 404
    assert answer.json()["links"] == [f"/v1/laws/{OFFENCES_ACT}"]


# --- versions -----------------------------------------------------------------------------------


def test_versions_say_what_changed(world: httpx.Client):
    history = ask(world, f"provisions/{OFFENCES_ACT}~sec_20/versions")
    assert (history["number"], history["earlier_uncoded"]) == ("20", False)
    first, second = history["versions"]
    assert (first["number"], first["valid_from"], first["valid_to"]) == (
        1,
        "1900-07-01",
        "2020-01-01",
    )
    assert first["changes"] == []
    assert (first["made_by"], first["ended_by"], second["made_by"], second["ended_by"]) == (
        f"{OFFENCES_ACT}~commencement",
        f"{OFFENCES_ACT}~reform-amends",
        f"{OFFENCES_ACT}~reform-amends",
        None,
    )
    assert second["changes"] == [
        {"path": "offences.1.victim_under", "before": "16", "after": "18"},
        {"path": "offences.1.penalties.1.prison.max", "before": "7y", "after": "10y"},
    ]


def test_versions_say_which_offence_went(world: httpx.Client):
    _, second = ask(world, f"provisions/{OFFENCES_ACT}~sec_12/versions")["versions"]
    gone = {c["path"]: c for c in second["changes"] if c["path"].startswith("offences.1.")}
    assert gone["offences.1.conduct"]["before"] == "advertise"
    assert {change["after"] for change in gone.values()} == {None}
    moved = [c for c in second["changes"] if c not in gone.values()]
    # The two others moved up by a subsection, and are otherwise as they were.
    assert moved == [
        {"path": "offences.2.pinpoint", "before": "subsec_2", "after": "subsec_1"},
        {"path": "offences.3.pinpoint", "before": "subsec_3", "after": "subsec_2"},
    ]


def test_a_version_that_never_commenced_is_shown_and_never_answers(world: httpx.Client):
    provision = f"{AU_CODE}~sec_474.23"
    first, never, third = ask(world, f"provisions/{provision}/versions")["versions"]
    assert (never["number"], never["valid_from"], never["valid_to"]) == (2, None, None)
    assert never["made_by"] == f"{AU_CODE}~never-amended"
    assert ask(world, f"effects/{never['made_by']}")["outcome"] == "never"
    assert {c["path"]: c["after"] for c in never["changes"]} == {
        "offences.1.penalties.1.prison.min": "1y",
        "offences.1.penalties.1.prison.max": "12y",
    }
    # The law went from the first version to the third: no minimum was ever dropped.
    assert (first["valid_to"], third["valid_from"]) == ("2023-09-01", "2023-09-01")
    assert third["changes"] == [
        {"path": "offences.1.penalties.1.prison.max", "before": "10y", "after": "15y"}
    ]
    longest = {
        day: ask(world, f"offences/{provision}~offence_1", as_of=day)["penalties"][0]["prison"]
        for day in ("2022-06-01", "2023-09-01")
    }
    assert [(p["min"], p["max"]["text"]) for p in longest.values()] == [
        (None, "10y"),
        (None, "15y"),
    ]


def test_a_provision_older_than_its_first_version_says_so(world: httpx.Client):
    history = ask(world, "provisions/de-example-code~sec_184b/versions")
    assert history["earlier_uncoded"] is True
    assert history["versions"][0]["valid_from"] == "2021-07-01"
    inserted = ask(world, "provisions/fr-example-penal-code~art_227-27-1/versions")
    assert inserted["earlier_uncoded"] is False


def test_a_version_without_a_source_is_unverified(world: httpx.Client):
    levels = {
        provision: ask(world, f"provisions/{provision}", as_of="2020-01-01")["verification"]
        for provision in (
            "th-example-code-1956~sec_1",
            "sg-example-films-act-1981~sec_31",
            f"{OFFENCES_ACT}~sec_10",
        )
    }
    assert list(levels.values()) == ["unverified", "consolidated", "official"]
    unchecked = names(world, "provisions", verification="unverified", as_of="2020-01-01")
    assert unchecked == ["th-example-code-1956~sec_1", "th-example-code-1956~sec_287-1"]


def test_two_addresses_of_a_provision_name_the_same_opener(world: httpx.Client):
    provision = "sg-example-harms-act-2023~sec_21"
    (version,) = ask(world, f"provisions/{provision}/versions")["versions"]
    state = ask(world, f"provisions/{provision}", as_of="2024-06-24")
    # It leads to the effect, and so to the dispute on its day.
    assert state["made_by"] == version["made_by"] == "sg-example-harms-act-2023~commencement-2"


# --- effects ------------------------------------------------------------------------------------


def test_effects_on_a_law_and_by_a_law(world: httpx.Client):
    on = ask(world, f"laws/{OFFENCES_ACT}/effects")
    assert [e["id"].split("~")[1] for e in on["on"]] == [
        "commencement",
        "reform-amends",
        "reform-inserts",
        "raised-2022",
        "split-2024",
    ]
    assert on["by"] == []
    reform = "sg-example-reform-act-2019"
    by = ask(world, f"laws/{reform}/effects")
    assert [(e["kind"], e["law"]) for e in by["on"]] == [
        ("passes", reform),
        ("commences", reform),
    ]
    done = [(e["law"], e["kind"], e["at"], e["by_title"]) for e in by["by"]]
    assert done == [
        (
            "sg-example-custody-act-1933",
            "amends",
            ["sg-example-custody-act-1933~sec_50"],
            "Example Reform Act 2019",
        ),
        (OFFENCES_ACT, "amends", [f"{OFFENCES_ACT}~sec_20"], "Example Reform Act 2019"),
        (
            OFFENCES_ACT,
            "inserts",
            [f"{OFFENCES_ACT}~chp_2", f"{OFFENCES_ACT}~sec_21"],
            "Example Reform Act 2019",
        ),
    ]


@pytest.mark.parametrize(
    ("provision", "effects"),
    [
        # Through the chapter that contains it.
        (f"{OFFENCES_ACT}~sec_11", ["reform-inserts"]),
        (f"{OFFENCES_ACT}~sec_13", ["raised-2022", "reform-inserts"]),
        (f"{OFFENCES_ACT}~chp_2", ["reform-inserts"]),
        # Through the law as a whole: what brought it in, or took it away.
        (f"{OFFENCES_ACT}~sec_20", ["commencement", "reform-amends"]),
        ("eu-example-interim-regulation-2021~art_3", ["end", "in-force"]),
    ],
)
def test_effects_are_found_by_the_provision_they_touch(
    world: httpx.Client, provision: str, effects: list[str]
):
    law = provision.split("~")[0]
    assert names(world, "effects", law=law, provision=provision) == effects


def test_effects_have_dates_and_no_day(world: httpx.Client):
    asked = {"law": OFFENCES_ACT, "date_from": "2020-01-02", "date_to": "2023-12-31"}
    for day in ("1800-01-01", "2100-01-01"):
        assert names(world, "effects", **asked, as_of=day) == ["raised-2022"]


# --- what is not in force -----------------------------------------------------------------------


@pytest.mark.parametrize("collection", ["offences", "provisions"])
def test_a_record_that_is_not_in_force_says_when_it_is(world: httpx.Client, collection: str):
    provision = f"{OFFENCES_ACT}~sec_13"
    id_ = provision if collection == "provisions" else f"{provision}~offence_1"
    answer = world.get(f"/v1/{collection}/{id_}", params={"as_of": "2019-12-31"})
    assert answer.status_code == 404
    assert answer.headers["content-type"] == "application/problem+json"
    problem = answer.json()
    assert (problem["type"], problem["status"]) == ("/problems/not-in-force", 404)
    assert problem["intervals"] == [
        {"valid_from": "2020-01-01", "valid_to": "2022-03-01"},
        {"valid_from": "2022-03-01", "valid_to": None},
    ]
    assert problem["links"][0] == f"/v1/provisions/{provision}/versions"
    for link in problem["links"]:
        assert world.get(link).status_code == 200, link


def test_a_provision_that_is_only_named_is_not_unknown(world: httpx.Client):
    named = f"/v1/provisions/{OFFENCES_ACT}~chp_2"
    for address in (named, f"{named}/versions"):
        answer = world.get(address)
        assert answer.status_code == 404
        assert "not coded" in answer.json()["detail"]
        assert answer.json()["links"] == [f"/v1/laws/{OFFENCES_ACT}/provisions"]
