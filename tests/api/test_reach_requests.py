"""The reach resolver: what it refuses, what counts as a place, and answers as CSV."""

from __future__ import annotations

import csv
import io

import httpx
import pytest

from tests.api.test_legal_model import OFFENCES_ACT
from tests.api.test_reach_of_law import FRENCH_CODE
from tests.api.test_reach_resolver import met, offence, resolve

# --- requests that make no case -----------------------------------------------------------------


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ("place=SG", [("conduct", None, None)]),
        ("conduct=posess", [("conduct", "posess", "possess")]),
        ("conduct=possess&place=UK", [("place", "UK", "GB")]),
        ("conduct=possess&place=XX", [("place", "XX", None)]),
        ("conduct=possess&place=sg", [("place", "sg", "SG")]),
        ("conduct=possess&place=COE", [("place", "COE", None)]),
        ("conduct=possess&victim_nationality=GB-SCT", [("victim_nationality", "GB-SCT", "GB")]),
        ("conduct=possess&victim_nationality=US-CA", [("victim_nationality", "US-CA", "US")]),
        ("conduct=possess&jurisdiction=UK", [("jurisdiction", "UK", "GB")]),
        ("conduct=possess&victim_age=-1", [("victim_age", "-1", None)]),
        ("conduct=possess&victim_age=131", [("victim_age", "131", None)]),
        ("conduct=possess&act_date=1799-12-31", [("act_date", "1799-12-31", None)]),
        (
            "conduct=possess&act_date=2021-05-01&conviction_date=2021-04-30",
            [("conviction_date", "2021-04-30", None)],
        ),
        (
            "conduct=possess&act_date=2021-05-01&proceedings_date=2021-04-30",
            [("proceedings_date", "2021-04-30", None)],
        ),
        (
            "conduct=possess&act_date=2020-01-01&proceedings_date=2022-01-01"
            "&conviction_date=2021-01-01",
            [("conviction_date", "2021-01-01", None)],
        ),
        ("conduct=possess&conviction_date=2020-01-01", [("conviction_date", "2020-01-01", None)]),
        (
            "conduct=possess&offender_nationalty=SG",
            [("offender_nationalty", "SG", "offender_nationality")],
        ),
        (
            "conduct=possess&place=UK&victim_place=XX&conviction_date=2000-01-01",
            [
                ("place", "UK", "GB"),
                ("victim_place", "XX", None),
                ("conviction_date", "2000-01-01", None),
            ],
        ),
    ],
)
def test_what_makes_no_case_is_refused(
    world: httpx.Client, asked: str, expected: list[tuple[str, str | None, str | None]]
):
    for path in ("reach", "reach.csv"):
        answer = world.get(f"/v1/comparisons/{path}?{asked}")
        assert answer.status_code == 422, answer.text
        errors = answer.json()["errors"]
        assert [e["parameter"] for e in errors] == [parameter for parameter, _, _ in expected]
        for error, (_, value, suggestion) in zip(errors, expected, strict=True):
            assert value is None or error["value"] == value
            assert suggestion is None or error["suggestion"] == suggestion


def test_any_code_of_iso_3166_is_a_place(world: httpx.Client):
    case = {"conduct": "possess", "act_date": "2021-01-01"}
    answer = resolve(world, **case, place="US-CA", offender_nationality="JP")
    having = offence(answer, "us-example-code-18~sec_2252A~offence_1", "US")
    assert met(having) == [None]
    assert answer["overlap"]["not_surveyed"] == ["JP"]


def test_the_day_of_the_answer_is_that_of_the_act(world: httpx.Client):
    answer = world.get("/v1/comparisons/reach?conduct=possess&act_date=2021-05-01")
    assert answer.headers["lexcompare-as-of"] == "2021-05-01"
    assert answer.json()["act_date"] == "2021-05-01"
    today = world.get("/v1/comparisons/reach?conduct=possess")
    assert today.headers["lexcompare-as-of"] == today.json()["act_date"]


# --- CSV ----------------------------------------------------------------------------------------


def test_csv_has_a_row_for_each_jurisdiction_and_offence(world: httpx.Client):
    case = {"conduct": "distribute", "act_date": "2021-01-01", "offender_nationality": "FR"}
    answer = resolve(world, **case, place="JP")
    text = world.get("/v1/comparisons/reach.csv", params={**case, "place": "JP"}).text
    rows = list(csv.DictReader(io.StringIO(text)))
    expected = [
        (j["jurisdiction"], j["outcome"], rule["id"], rule["outcome"])
        for j in answer["jurisdictions"]
        for rule in j["offences"] or [{"id": "", "outcome": ""}]
    ]
    found = [
        (r["jurisdiction"], r["jurisdiction_best_outcome"], r["id"], r["outcome"]) for r in rows
    ]
    assert found == expected
    (french,) = [row for row in rows if row["jurisdiction"] == "FR"]
    assert french["basis"] == "offender_national"
    assert french["reaches"] == f"{FRENCH_CODE}~art_227-27-1~reach_1"
    assert french["source_urls"] == "https://law.example/fr/penal-code"
    (asked,) = [row for row in rows if row["id"] == f"{OFFENCES_ACT}~sec_14~offence_1"]
    assert (asked["outcome"], asked["depends_on"]) == ("not_stated", "victim_place")
