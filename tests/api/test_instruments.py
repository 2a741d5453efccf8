"""Instruments: results are what the cells of the matrix say, with bounds where nobody looked."""

from __future__ import annotations

import csv
import io
from datetime import date
from typing import Any

import httpx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from models.coding import CellState, CellValue
from models.indicator import ValueType
from models.instrument import CellCondition, try_test

DAYS = st.dates(date(1980, 1, 1), date(2027, 1, 1))


def results(client: httpx.Client, id_: str, **params: Any) -> Any:
    answer = client.get(f"/v1/instruments/{id_}/results", params=params)
    assert answer.status_code == 200, answer.text
    return answer.json()


def verdicts(found: Any) -> dict[tuple[str, str], str]:
    return {
        (result["jurisdiction"], each["criterion"]): each["verdict"]
        for result in found["results"]
        for each in result["criteria"]
    }


def matrix(client: httpx.Client, day: str) -> dict[tuple[str, str], Any]:
    cells = client.get("/v1/comparisons/matrix", params={"as_of": day}).json()["cells"]
    return {(cell["jurisdiction"], cell["indicator"]): cell for cell in cells}


@given(day=DAYS)
@settings(
    max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_a_verdict_is_what_the_cells_of_that_day_say(world, day):
    cells = matrix(world, str(day))
    found = results(world, "core", as_of=str(day))
    for (place, criterion), verdict in verdicts(found).items():
        if criterion == "unasked":
            assert verdict == "unknown"
        if criterion == "law":
            cell = cells[place, "csam_law"]
            expected = {"coded": "met", "disputed": "met", "not_surveyed": "unknown"}
            assert verdict == expected.get(cell["state"], "not_met")
        if criterion == "possession":
            cell = cells[place, "possession"]
            expected = {"coded": "met", "disputed": "met", "not_surveyed": "unknown"}
            assert verdict == expected.get(cell["state"], "not_met"), (
                "general law is no offence of its own"
            )
        if criterion in ("long", "short"):
            cell = cells[place, "possession_max_prison"]
            if cell["state"] == "not_surveyed":
                assert verdict == "unknown"
            elif cell["state"] != "coded":
                assert verdict == "not_met"
            elif cell["qualifier"] == "life":
                assert verdict == ("met" if criterion == "long" else "not_met")
            else:
                months = cell["value_integer"]
                passes = months >= 120 if criterion == "long" else months <= 60
                assert verdict == ("met" if passes else "not_met")
        if criterion in ("free-reach", "no-dual"):
            cell = cells[place, "reach_conditions"]
            said = set(cell["value_codes"])
            passes = "none" in said if criterion == "free-reach" else "dual_criminality" not in said
            if cell["state"] == "not_surveyed":
                assert verdict == "unknown"
            else:
                valued = cell["state"] in ("coded", "disputed")
                assert verdict == ("met" if valued and passes else "not_met")
    for result in found["results"]:
        known = [c for c in result["criteria"] if c["verdict"] == "met"]
        open_ = [c for c in result["criteria"] if c["verdict"] == "unknown"]
        assert result["points_min"] == sum(c["points"] for c in known)
        assert result["points_max"] == result["points_min"] + sum(c["points"] for c in open_)
        low, high = result["points_min"] >= 4, result["points_max"] < 4
        assert result["sufficient"] is (True if low else False if high else None)
        for each in result["criteria"]:
            for cell in each["cells"]:
                assert cell == cells[cell["jurisdiction"], cell["indicator"]], "evidence and all"


@pytest.mark.parametrize(
    ("test", "qualifier", "verdict"),
    [
        ({"at_least": 12}, "at least 24", "met"),
        ({"at_least": 24}, "at least 24", "met"),
        ({"at_least": 36}, "at least 24", "unknown"),
        ({"at_most": 12}, "at least 24", "not_met"),
        ({"at_most": 36}, "at least 24", "unknown"),
        ({"at_least": 36}, "at most 24", "not_met"),
        ({"at_most": 24}, "at most 24", "met"),
        ({"at_least": 1000}, "at least 5000 SGD", "met"),
        ({}, "at least 24", "met"),
        ({}, "at most 24", "unknown"),
        ({"at_least": 3}, "3-5", "met"),
        ({"at_least": 4}, "3-5", "unknown"),
        ({"at_least": 6}, "3-5", "not_met"),
        ({"includes": ["csam"]}, "at least csam;obscene", "met"),
        ({"includes": ["harmful"]}, "at least csam;obscene", "unknown"),
        ({"excludes": ["obscene"]}, "at least csam;obscene", "not_met"),
        ({"excludes": ["harmful"]}, "at least csam;obscene", "unknown"),
        ({"at_least": 1}, "unread", "unknown"),
        ({"at_least": 1}, None, "unknown"),
        ({}, None, "unknown"),
    ],
)
def test_what_is_known_of_a_value_can_decide(test, qualifier, verdict):
    condition = CellCondition.model_validate({"indicator": "possession_max_prison", **test})
    cell = CellValue(
        jurisdiction="SG",
        indicator="possession_max_prison",
        state=CellState.NOT_SURVEYED,
        value_type=ValueType.MONTHS,
        value_boolean=None,
        value_integer=None,
        value_number=None,
        value_text=None,
        value_codes=[],
        qualifier=qualifier,
    )
    assert try_test(condition, cell).verdict == verdict


def test_general_law_counts_only_where_the_criterion_says_so(world):
    general = [
        (str(year), place)
        for year in range(1990, 2027)
        for (place, id_), cell in matrix(world, f"{year}-01-01").items()
        if id_ == "distribution_max_prison" and cell["state"] == "general_law"
    ]
    assert general
    year, place = general[0]
    found = verdicts(results(world, "core", as_of=f"{year}-01-01", jurisdiction=place))
    assert found[place, "term"] == "not_met"
    assert found[place, "term-at-all"] == "met"


def test_gaps_say_how_far_a_number_falls_short(world):
    day = "2024-01-01"
    found = results(world, "directive", as_of=day, verdict="not_met")
    assert found["results"]
    cells = matrix(world, day)
    for result in found["results"]:
        (gap,) = result["criteria"]
        cell = cells[result["jurisdiction"], "possession_max_prison"]
        months = cell["value_integer"] if cell["state"] == "coded" else 0
        assert gap["shortfall"] == 120 - months


def test_whom_an_obligation_binds_changes_over_time(world):
    def bound(id_: str, day: str) -> dict[str, bool | None]:
        found = results(world, id_, as_of=day, jurisdiction="DE,GB,GB-EAW,DK,SG")
        return {r["jurisdiction"]: r["bound"] for r in found["results"]}

    assert bound("directive", "2013-12-17") == dict.fromkeys(
        ["DE", "GB", "GB-EAW", "DK", "SG"], False
    )
    assert bound("directive", "2019-01-01") == {
        "DE": True,
        "GB": True,
        "GB-EAW": True,
        "DK": True,
        "SG": False,
    }
    assert bound("directive", "2020-02-01")["GB-EAW"] is False, "no longer a member"
    assert bound("treaty", "2010-06-30")["DK"] is not True
    assert bound("treaty", "2010-07-01")["DK"] is True
    assert {r["bound"] for r in results(world, "core")["results"]} == {None}
    only = results(world, "directive", as_of="2019-01-01", bound="true")
    assert only["results"]
    assert all(r["bound"] for r in only["results"])


def test_the_csv_holds_the_same(world):
    asked = {"as_of": "2024-01-01"}
    answer = world.get("/v1/instruments/core/results.csv", params=asked)
    rows = list(csv.DictReader(io.StringIO(answer.text)))
    found = verdicts(results(world, "core", **asked))
    assert {(r["jurisdiction"], r["criterion"]): r["verdict"] for r in rows} == found
    assert {r["bound"] for r in rows} == {""}


def test_a_definition_is_a_record_with_its_version(world):
    record = world.get("/v1/instruments/core").json()
    assert (record["version"], record["maximum"]) == (2, 11)
    listed = world.get("/v1/instruments", params={"kind": "obligation"}).json()["items"]
    assert [item["id"] for item in listed] == ["directive", "treaty"]
    asking = world.get("/v1/instruments", params={"indicator": "csam_age"}).json()["items"]
    assert [item["id"] for item in asking] == ["treaty"]


@pytest.mark.parametrize(
    ("path", "status", "word"),
    [
        ("/v1/instruments/cor/results", 404, "core"),
        ("/v1/instruments/core/results?jurisdiction=UK", 422, "GB"),
        ("/v1/instruments/core/results?verdict=no", 422, "not_met"),
        ("/v1/instruments/core/results?group=asaen", 422, "asean"),
        ("/v1/instruments/core/results?as_of=2024-1-1", 422, "YYYY-MM-DD"),
    ],
)
def test_a_wrong_request_is_told_what_is_right(world, path, status, word):
    answer = world.get(path)
    assert answer.status_code == status
    assert word in answer.text


def test_icmec_core_is_the_indicator_that_counts_the_same(real):
    """Two ways to the same number: the instrument, and the codebook's own count."""
    for day in ("2015-01-01", "2020-01-01", "2024-07-01"):
        counted = {
            place: cell for (place, id_), cell in matrix(real, day).items() if id_ == "icmec"
        }
        for result in results(real, "icmec-core", as_of=day)["results"]:
            cell = counted[result["jurisdiction"]]
            low = result["points_min"]
            bounds = f"{low}-{result['points_max']}"
            assert cell["value_integer"] == low or cell["qualifier"] in (bounds, None)
