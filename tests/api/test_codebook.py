"""Cells: each can be proved, recomputed from what is in force, and explained."""

from __future__ import annotations

from datetime import date
from typing import Any

import httpx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

SLOW = settings(
    max_examples=12,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
DAYS = st.dates(date(2005, 1, 1), date(2026, 11, 1))


def matrix(client: httpx.Client, **question: Any) -> dict[str, dict[str, Any]]:
    """The cells of Singapore on a day, by indicator."""
    answer = client.get("/v1/comparisons/matrix", params={"jurisdiction": "SG", **question})
    assert answer.status_code == 200, answer.text
    return {cell["indicator"]: cell for cell in answer.json()["cells"]}


def every(client: httpx.Client, name: str, **question: Any) -> list[dict[str, Any]]:
    """Every item of a list."""
    items: list[dict[str, Any]] = []
    cursor: dict[str, Any] = {}
    while True:
        asked = {"jurisdiction": "SG", "limit": 200, **question, **cursor}
        page = client.get(f"/v1/{name}", params=asked).json()
        items += page["items"]
        if page["next_cursor"] is None:
            return items
        cursor = {"cursor": page["next_cursor"]}


@given(day=DAYS)
@SLOW
def test_every_piece_of_evidence_leads_to_a_record_of_that_day(real, day):
    """Following a link gives the version that was in force, and a source."""
    seen: set[str] = set()
    for cell in matrix(real, as_of=str(day)).values():
        if cell["state"] in ("coded", "general_law", "disputed"):
            assert cell["evidence"], cell["indicator"]
        if cell["state"] == "absent":
            assert {e["kind"] for e in cell["evidence"]} == {"survey"}
        for evidence in cell["evidence"]:
            if evidence["href"] in seen:
                continue
            seen.add(evidence["href"])
            record = real.get(evidence["href"])
            assert record.status_code == 200, (cell["indicator"], evidence)
            if evidence["kind"] == "provision":
                end = record.json()["valid_to"]
                assert evidence["version"] <= str(day)
                assert end is None or end > evidence["version"]
                assert evidence["source_url"].startswith("http")
                now = real.get(f"/v1/provisions/{evidence['id']}", params={"as_of": str(day)})
                assert now.status_code == 200, "the provision is in force on the day"


def longest(offences: list[dict[str, Any]]) -> int | None:
    """The longest base-case term of offences, for individuals, in months."""
    terms = [
        penalty["prison"]["max"]["months"]
        for offence in offences
        for penalty in offence["penalties"]
        if penalty["prison"]
        and penalty["prison"]["max"]
        and penalty["when"]["person"] != "entity"
        and all(v is None for k, v in penalty["when"].items() if k not in ("track", "person"))
    ]
    return max(terms, default=None)


@pytest.mark.parametrize(
    ("indicator", "conduct", "purpose"),
    [
        ("possession_max_prison", "possess", "none"),
        ("distribution_max_prison", "distribute", None),
        ("production_max_prison", "produce", None),
    ],
)
@given(day=DAYS)
@SLOW
def test_longest_terms_equal_recomputing_them_from_the_offences(
    real, indicator, conduct, purpose, day
):
    cell = matrix(real, as_of=str(day), indicator=indicator)[indicator]
    question = {"conduct": conduct, "as_of": str(day)}
    if purpose:
        question["purpose"] = purpose
    special = longest(every(real, "offences", material_class="csam", **question))
    general = longest(every(real, "offences", material_class="obscene", **question))
    if special is not None:
        assert (cell["state"], cell["value_integer"]) == ("coded", special)
    elif general is not None:
        assert (cell["state"], cell["value_integer"]) == ("general_law", general)
    else:
        assert cell["value_integer"] in (None, 0)


def test_a_matrix_is_rows_of_jurisdictions_in_the_order_asked_for(real):
    answer = real.get(
        "/v1/comparisons/matrix",
        params={
            "jurisdiction": ["TH", "SG"],
            "indicator": ["possession", "csam_age"],
            "as_of": "2020-01-01",
        },
    ).json()
    assert answer["jurisdictions"] == ["TH", "SG"]
    assert [(c["jurisdiction"], c["indicator"]) for c in answer["cells"]] == [
        ("TH", "possession"),
        ("TH", "csam_age"),
        ("SG", "possession"),
        ("SG", "csam_age"),
    ]
    assert answer["cells"][2]["since"] == "2020-01-01"


def test_groups_are_taken_as_members_of_the_day(real):
    def members(day: str) -> list[str]:
        asked = {"group": "asean", "indicator": "possession", "as_of": day}
        return list(real.get("/v1/comparisons/matrix", params=asked).json()["jurisdictions"])

    assert len(members("1970-01-01")) == 5
    assert "VN" not in members("1990-01-01")
    assert "VN" in members("2000-01-01")


def test_vast_comparisons_are_refused(real):
    jurisdictions = [j["id"] for j in every(real, "jurisdictions", jurisdiction=[])]
    answer = real.get("/v1/comparisons/matrix", params={"jurisdiction": (jurisdictions * 3)[:400]})
    assert answer.status_code in (200, 422)
    unknown = real.get("/v1/comparisons/matrix", params={"group": "asena"})
    assert unknown.status_code == 422
    assert unknown.json()["errors"][0]["suggestion"] == "asean"
    assert real.get("/v1/comparisons/matrix?section=penaltys").status_code == 422


def test_sections_and_topics_choose_indicators(real):
    penalties = matrix(real, section="penalties", as_of="2024-01-01")
    assert "possession_max_prison" in penalties
    assert "csam_age" not in penalties
    narrow = matrix(real, topic="csam-possession", as_of="2024-01-01")
    broad = matrix(real, topic="csam", as_of="2024-01-01")
    assert set(narrow) < set(broad)


def test_an_explanation_names_what_matched_and_what_did_not(real):
    said = real.get(
        "/v1/codings/SG~possession_max_prison/explanation", params={"as_of": "2019-12-31"}
    ).json()
    assert said["coding"]["state"] == "general_law"
    assert said["coding"]["value_integer"] == 12
    steps = "\n".join(said["steps"])
    assert "sg-films-act-1981~sec_30~offence_2: prison.max is 12m" in steps
    assert "does not match: material.class is obscene, not csam" in steps


def test_codings_are_constant_over_their_interval(real):
    codings = every(real, "codings", indicator="possession_max_prison", as_of="2021-06-01")
    assert [(c["value_integer"], c["since"]) for c in codings] == [(60, "2020-01-01")]


def test_the_matrix_as_csv_says_the_same(real):
    import csv
    import io

    question = {"jurisdiction": "SG", "as_of": "2022-02-02"}
    cells = matrix(real, as_of="2022-02-02")
    long = csv.DictReader(io.StringIO(real.get("/v1/comparisons/matrix.csv", params=question).text))
    for row in long:
        cell = cells[row["indicator"]]
        assert row["state"] == cell["state"]
        assert row["value_integer"] == (
            "" if cell["value_integer"] is None else str(cell["value_integer"])
        )
        assert row["value_codes"] == ";".join(cell["value_codes"])
    wide = list(
        csv.DictReader(
            io.StringIO(real.get("/v1/comparisons/matrix-wide.csv", params=question).text)
        )
    )
    assert len(wide) == 1
    assert wide[0]["possession_max_prison"] == "60"
    assert wide[0]["possession_max_prison_state"] == "coded"
