"""Side by side: provisions aligned by kind and conduct, what differs marked, silence told apart."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from tests.api.test_legal_model import OFFENCES_ACT, ask


def side(client: httpx.Client, **asked: str) -> Any:
    return ask(client, "comparisons/provisions", **asked)


def row(answer: Any, kind: str, word: str) -> Any:
    (found,) = [r for r in answer["rows"] if (r["kind"], r["word"]) == (kind, word)]
    return found


def cell(row: Any, code: str) -> Any:
    (found,) = [c for c in row["cells"] if c["jurisdiction"] == code]
    return found


def values(facet: Any) -> dict[str, str]:
    return {value["field"]: value["value"] for value in facet["values"]}


def test_offences_of_the_same_conduct_share_a_row(world: httpx.Client):
    answer = side(world, topic="csam-possession", as_of="2022-06-01")
    possession = row(answer, "offence", "possess")
    assert [c["jurisdiction"] for c in possession["cells"]] == answer["jurisdictions"]
    (singapore,) = cell(possession, "SG")["facets"]
    assert singapore["id"] == f"{OFFENCES_ACT}~sec_13~offence_1"
    assert values(singapore)["conduct"] == "possess;access"
    assert values(singapore)["prison_max_months"] == "84"
    (access,) = cell(row(answer, "offence", "access"), "SG")["facets"]
    assert access == singapore
    (german,) = cell(possession, "DE")["facets"]
    assert values(german)["prison_max_months"] == "60"
    assert values(german)["material_only"] == "real;realistic"
    record = world.get(german["href"]).json()
    assert record["id"] == german["id"]
    assert record["source_url"] == german["source_url"]


def test_what_differs_is_marked_and_what_does_not_is_not(world: httpx.Client):
    asked = {"topic": "csam-possession", "as_of": "2022-06-01"}
    two = row(side(world, **asked, jurisdiction="SG,DE"), "offence", "access")
    assert {"prison_max_months", "prison_min_months", "material_only", "caning"} <= set(
        two["differs"]
    )
    assert "purpose" not in two["differs"]
    # The same list in another order is no difference, nor is a law's own reference.
    assert not {"conduct", "material_definition", "pinpoint"} & set(two["differs"])
    one = side(world, **asked, jurisdiction="SG")
    assert all(r["differs"] == [] for r in one["rows"])


def test_amounts_in_different_currencies_are_not_compared(world: httpx.Client):
    asked = {"topic": "csam-distribution", "as_of": "2022-06-01", "jurisdiction": "FR,TH"}
    distribution = row(side(world, **{**asked, "topic": "csam"}), "offence", "distribute")
    fines = {
        c["jurisdiction"]: values(c["facets"][0])["fine_amount"] for c in distribution["cells"]
    }
    assert fines == {"FR": "75000", "TH": "140000"}
    assert "fine_currency" in distribution["differs"]
    assert "fine_amount" not in distribution["differs"]


def test_a_day_picks_the_versions(world: httpx.Client):
    asked = {"conduct": "possess", "jurisdiction": "SG"}
    for day, months in (("2022-02-28", "60"), ("2022-03-01", "84")):
        (facet,) = cell(row(side(world, **asked, as_of=day), "offence", "possess"), "SG")["facets"]
        assert values(facet)["prison_max_months"] == months
    assert side(world, **asked, as_of="2019-12-31")["rows"] == []


def test_conduct_leaves_other_conduct_out(world: httpx.Client):
    answer = side(world, conduct="possess", as_of="2022-06-01", kind="offence")
    assert [(r["kind"], r["word"]) for r in answer["rows"]] == [("offence", "possess")]
    assert {"SG", "DE", "GB", "NO", "TH", "US"} <= set(answer["jurisdictions"])


def test_silence_is_told_apart_from_what_nobody_searched(world: httpx.Client):
    # Singapore was searched for the topic since 2020; Germany was not.
    answer = side(world, topic="csam", as_of="2022-06-01", jurisdiction="SG,DE,FR,US")
    advertising = row(answer, "offence", "advertise")
    assert cell(advertising, "SG")["state"] == "coded"
    assert cell(advertising, "DE")["state"] == "not_surveyed"
    # It has an offence of distribution, but not under this topic: the cell claims no more.
    asked = {"topic": "csam-possession", "jurisdiction": "SG,DE"}
    distribution = row(side(world, **asked, as_of="2022-06-01"), "offence", "distribute")
    assert cell(distribution, "SG")["state"] == "none_on_topic"
    unknown = side(world, conduct="advertise", as_of="2022-06-01", jurisdiction="SG,DE")
    assert cell(row(unknown, "offence", "advertise"), "DE")["state"] == "not_surveyed"


def test_a_whole_reads_its_lead(world: httpx.Client):
    answer = side(world, conduct="possess", as_of="2010-01-01", jurisdiction="GB,GB-EAW,GB-SCT")
    possession = row(answer, "offence", "possess")
    (whole,) = cell(possession, "GB")["facets"]
    (part,) = cell(possession, "GB-EAW")["facets"]
    assert (whole["id"], whole["via"], part["via"]) == (part["id"], "GB-EAW", None)
    assert cell(possession, "GB-SCT")["facets"] == []
    assert "GB" in side(world, conduct="possess", as_of="2010-01-01")["jurisdictions"]


def test_members_of_a_group_are_those_of_the_day(world: httpx.Client):
    asked = {"conduct": "possess", "group": "eu"}
    assert "GB" in side(world, **asked, as_of="2020-01-31")["jurisdictions"]
    assert "GB" not in side(world, **asked, as_of="2020-02-01")["jurisdictions"]


@pytest.mark.parametrize(
    ("asked", "parameter", "suggestion"),
    [
        ("as_of=2021-01-01", "topic", None),
        ("topic=csam-posession", "topic", "csam-possession"),
        ("conduct=posess", "conduct", "possess"),
        ("topic=csam&jurisdiction=UK", "jurisdiction", "GB"),
        ("topic=csam&kind=offences", "kind", "offence"),
        ("topic=csam&indicator=x", "indicator", None),
        ("topic=csam&jurisdiction=" + ",".join(["SG"] * 51), "jurisdiction", None),
    ],
)
def test_what_does_not_fit_is_refused(
    world: httpx.Client, asked: str, parameter: str, suggestion: str | None
):
    answer = world.get(f"/v1/comparisons/provisions?{asked}")
    assert answer.status_code == 422
    error = answer.json()["errors"][0]
    assert error["parameter"] == parameter
    assert suggestion is None or error["suggestion"] == suggestion


def test_real_provisions_name_their_sources(real: httpx.Client):
    answer = side(real, topic="csam-possession", as_of="2024-01-01", jurisdiction="SG")
    (possession,) = [
        facet
        for facet in cell(row(answer, "offence", "access"), "SG")["facets"]
        if facet["provision"] == "sg-penal-code-1871~sec_377BK"
    ]
    assert possession["provision_number"] == "377BK"
    assert possession["source_url"].startswith("https://sso.agc.gov.sg/")
    assert values(possession)["prison_max_months"] == "60"
    assert values(possession)["caning"] == "discretionary"
    assert possession["summary"]
