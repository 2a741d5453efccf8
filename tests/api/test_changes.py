"""Changes between two days: complete, explained, and the way from one matrix to another."""

from __future__ import annotations

import csv
import io
from datetime import date, timedelta
from typing import Any

import httpx
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from models.changes import reason
from models.coding import MatrixCell

PATH = "/v1/comparisons/changes"
PROOFS = ("via", "since", "evidence")
"""Fields of a cell that do not say what it says."""

DAYS = st.dates(date(1985, 1, 1), date(2027, 1, 1))
BOUNDED = settings(
    max_examples=25,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)


def changes(client: httpx.Client, first: date | str, last: date | str, **more: Any) -> Any:
    params = {"date_from": str(first), "date_to": str(last), **more}
    answer = client.get(PATH, params=params)
    assert answer.status_code == 200, answer.text
    return answer.json()


def matrix(client: httpx.Client, day: date | str, **more: Any) -> dict[tuple[str, str], Any]:
    answer = client.get("/v1/comparisons/matrix", params={"as_of": str(day), **more})
    assert answer.status_code == 200, answer.text
    return {(cell["jurisdiction"], cell["indicator"]): cell for cell in answer.json()["cells"]}


def value(cell: dict[str, Any]) -> dict[str, Any]:
    return {name: said for name, said in cell.items() if name not in PROOFS}


def apply(cells: dict[tuple[str, str], Any], found: list[Any]) -> dict[tuple[str, str], Any]:
    """Make changes one by one; each must begin where the one before ended."""
    now = dict(cells)
    for change in found:
        key = (change["jurisdiction"], change["indicator"])
        assert change["before"] != change["after"]
        now[key] = change["after"]
    return now


def check_way(client: httpx.Client, days: tuple[date, date]) -> None:
    """matrix(a) + changes(a, b) = matrix(b), with and without what proves the cells."""
    first, last = sorted(days)
    start, end = matrix(client, first), matrix(client, last)
    whole = changes(client, first, last, evidence="true")["changes"]
    assert apply(start, whole) == end
    said = changes(client, first, last)["changes"]
    arrived = apply(start, said)
    assert {key: value(cell) for key, cell in arrived.items()} == {
        key: value(cell) for key, cell in end.items()
    }
    assert said == [change for change in whole if change["part"] != "evidence"]
    for change in whole:
        assert str(first) < change["date"] <= str(last)
        same_value = value(change["before"]) == value(change["after"])
        same_state = change["before"]["state"] == change["after"]["state"]
        part = "evidence" if same_value else "value" if same_state else "state"
        assert change["part"] == part


@given(days=st.tuples(DAYS, DAYS))
@example(days=(date(1985, 1, 1), date(2027, 1, 1)))
@example(days=(date(2020, 1, 1), date(2020, 1, 1)))
@BOUNDED
def test_changes_lead_from_one_matrix_to_the_other(world, days):
    check_way(world, days)


@given(days=st.tuples(DAYS, DAYS))
@example(days=(date(2019, 12, 31), date(2020, 1, 1)))
@settings(parent=BOUNDED, max_examples=6)
def test_changes_lead_from_one_matrix_to_the_other_in_the_real_dataset(real, days):
    check_way(real, days)


def test_each_change_begins_where_the_one_before_ended(world):
    now: dict[tuple[str, str], Any] = {}
    found = changes(world, "1985-01-01", "2027-01-01", evidence="true")
    assert found["total"] == len(found["changes"]) > 100
    last = ("", "")
    for change in found["changes"]:
        key = (change["jurisdiction"], change["indicator"])
        assert now.get(key, change["before"]) == change["before"]
        now[key] = change["after"]
        assert last <= (change["jurisdiction"], change["date"])
        last = (change["jurisdiction"], change["date"])


def only(client: httpx.Client, jurisdiction: str, indicator: str, day: str) -> Any:
    """The one change of a cell on a day."""
    eve = date.fromisoformat(day) - timedelta(days=1)
    found = changes(client, eve, day, jurisdiction=jurisdiction, indicator=indicator)
    assert found["total"] == 1, found
    return found["changes"][0]


def effects(change: Any) -> list[tuple[str, str, str]]:
    return [(e["role"], e["id"], e["by"]) for e in change["effects"]]


def test_a_change_names_the_law_that_made_the_new_provision(world):
    change = only(world, "SG", "possession_max_prison", "2020-01-01")
    assert change["reason"] == "law"
    assert change["part"] == "state"
    assert change["after"]["value_integer"] == 60
    law = "sg-example-offences-act-1900"
    made = ("opened", f"{law}~reform-inserts", "sg-example-reform-act-2019")
    assert effects(change) == [made]
    raised = only(world, "SG", "possession_max_prison", "2022-03-01")
    assert (raised["part"], raised["before"]["value_integer"]) == ("value", 60)
    assert raised["after"]["value_integer"] == 84
    assert effects(raised) == [("opened", f"{law}~raised-2022", "sg-example-amendment-act-2021")]


def test_a_change_names_the_effect_that_ended_the_old_provision(world):
    change = only(world, "DE", "detection", "2026-04-03")
    assert change["before"]["value_codes"] == ["permitted"]
    assert change["after"]["state"] == "not_surveyed"
    assert change["reason"] == "law"
    assert [(e["role"], e["kind"], e["date"]) for e in change["effects"]] == [
        ("ended", "expires", "2026-04-03")
    ]


def test_law_of_another_day_that_begins_to_apply_is_told_apart(world):
    change = only(world, "IE", "complaints", "2023-08-25")
    assert change["reason"] == "application"
    assert [(e["role"], e["date"]) for e in change["effects"]] == [("earlier", "2022-11-16")]
    assert change["after"]["via"] == "EU"


@pytest.mark.parametrize(
    ("code", "indicator", "day", "reason"),
    [
        ("DK", "convention", "2010-07-01", "treaty"),
        ("LV", "convention", "2023-12-01", "treaty"),
        ("SG", "report_duty", "2000-01-01", "coverage"),
        ("SG", "report_duty", "2010-01-01", "coverage"),
    ],
)
def test_changes_that_no_effect_made_say_why(world, code, indicator, day, reason):
    change = only(world, code, indicator, day)
    assert change["reason"] == reason
    assert change["effects"] == []


@pytest.mark.parametrize(
    ("states", "expected"),
    [
        (("absent", "not_applicable"), "presupposed"),
        (("not_applicable", "absent"), "presupposed"),
        (("not_applicable", "not_surveyed"), "coverage"),
        (("absent", "absent"), "other"),
    ],
)
def test_states_tell_the_reason_where_evidence_does_not(world, states, expected):
    cell = matrix(world, "2022-06-01", jurisdiction="SG", indicator="aftercare")["SG", "aftercare"]
    before, after = (MatrixCell.model_validate({**cell, "state": state}) for state in states)
    assert reason(before, after, []) == expected


def test_evidence_alone_changes_only_when_asked(world):
    asked = {"jurisdiction": "AU", "indicator": "csam_law"}
    assert changes(world, "2020-06-30", "2020-07-01", **asked)["changes"] == []
    found = changes(world, "2020-06-30", "2020-07-01", **asked, evidence="true")["changes"]
    assert [(c["part"], c["reason"]) for c in found] == [("evidence", "quantity")]


def test_every_effect_of_a_change_exists_and_is_of_its_day(world):
    check_effects(world)


def test_every_effect_of_a_change_in_the_real_dataset_exists_and_is_of_its_day(real):
    check_effects(real)


def check_effects(client: httpx.Client) -> None:
    seen: dict[str, Any] = {}
    found = changes(client, "2015-01-01", "2026-11-01")["changes"]
    assert found
    for change in found:
        for effect in change["effects"]:
            if effect["role"] != "earlier":
                assert effect["date"] == change["date"]
            seen[effect["href"]] = effect
        assert (change["reason"] == "law") == any(
            effect["role"] != "earlier" for effect in change["effects"]
        )
    for href, effect in seen.items():
        record = client.get(href).json()
        for name in ("id", "kind", "date", "law", "law_title", "by", "by_title"):
            assert record[name] == effect[name]


def test_changes_of_2020_in_singapore_are_the_reform(real):
    found = changes(real, "2019-12-31", "2020-01-01", jurisdiction="SG")["changes"]
    by_law = [change for change in found if change["reason"] == "law"]
    assert len(by_law) > 5
    laws = {effect["by"] for change in by_law for effect in change["effects"]}
    assert "sg-criminal-law-reform-act-2019" in laws


def test_groups_are_those_of_the_last_day(world):
    before = changes(world, "2019-01-01", "2020-01-31", group="eu")
    after = changes(world, "2019-01-01", "2020-02-01", group="eu")
    assert set(before["jurisdictions"]) - set(after["jurisdictions"]) == {"GB"}


def test_csv_says_the_same(world):
    params = {"date_from": "1985-01-01", "date_to": "2027-01-01"}
    answer = world.get(f"{PATH}.csv", params=params)
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    rows = list(csv.DictReader(io.StringIO(answer.text)))
    found = changes(world, "1985-01-01", "2027-01-01")["changes"]
    assert len(rows) == len(found)
    for row, change in zip(rows, found, strict=True):
        for name in ("jurisdiction", "indicator", "date", "part", "reason"):
            assert row[name] == change[name]
        for side in ("before", "after"):
            assert row[f"{side}_state"] == change[side]["state"]
            assert row[f"{side}_qualifier"] == (change[side]["qualifier"] or "")
        assert row["effects"] == ";".join(effect["id"] for effect in change["effects"])
        assert row["by"] == ";".join(effect["by"] for effect in change["effects"])
    raised = next(
        row
        for row in rows
        if (row["jurisdiction"], row["indicator"], row["date"])
        == ("SG", "possession_max_prison", "2022-03-01")
    )
    assert (raised["before_value"], raised["after_value"]) == ("60", "84")


@pytest.mark.parametrize(
    ("params", "wrong"),
    [
        ({}, {"date_from", "date_to"}),
        ({"date_from": "2020-01-01"}, {"date_to"}),
        ({"date_from": "2020-01-02", "date_to": "2020-01-01"}, {"date_to"}),
        ({"date_from": "1799-12-31", "date_to": "2020-01-01"}, {"date_from"}),
        ({"date_from": "2020-01-01", "date_to": "9999-12-31"}, {"date_to"}),
        ({"date_from": "1577836800", "date_to": "2020-01-01"}, {"date_from"}),
        ({"date_from": "2020-01-01", "date_to": "2020-01-01", "as_of": "2020-01-01"}, {"as_of"}),
        ({"date_from": "2020-01-01", "date_to": "2021-01-01", "group": "aseam"}, {"group"}),
        ({"date_from": "2020-01-01", "date_to": "2021-01-01", "indicator": "x"}, {"indicator"}),
    ],
)
@pytest.mark.parametrize("path", [PATH, f"{PATH}.csv", "/v1/comparisons/adoption", "/v1/panel"])
def test_bad_ranges_and_names_are_refused(world, path, params, wrong):
    answer = world.get(path, params=params)
    assert answer.status_code == 422
    assert answer.headers["content-type"] == "application/problem+json"
    assert {mistake["parameter"] for mistake in answer.json()["errors"]} == wrong


def test_too_many_changes_are_refused(monkeypatch, world):
    monkeypatch.setattr("api.changes.MOST_CHANGES", 3)
    params = {"date_from": "1985-01-01", "date_to": "2027-01-01", "section": "reach"}
    answer = world.get(PATH, params=params)
    assert answer.status_code == 422
    assert "more than 3 changes" in answer.json()["detail"]
