"""The panel: the matrices of its days below each other, with the codes that other data merge by."""

from __future__ import annotations

import io
from datetime import date
from itertools import pairwise
from typing import Any

import httpx
import pandas
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from models.cow import COW_CODES
from models.period import Frequency, periods

BOUNDED = settings(
    max_examples=15,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
VALUES = ("value_boolean", "value_integer", "value_number", "value_text", "value_codes")
SAME = ("state", "value_type", *VALUES, "qualifier", "via", "since")


def panel(client: httpx.Client, first: date | str, last: date | str, **more: Any) -> Any:
    params = {"date_from": str(first), "date_to": str(last), **more}
    answer = client.get("/v1/panel", params=params)
    assert answer.status_code == 200, answer.text
    return answer.json()


def frame(client: httpx.Client, path: str, **params: Any) -> pandas.DataFrame:
    """Read a CSV as users do; `NA` is Namibia."""
    answer = client.get(path, params=params)
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    return pandas.read_csv(io.StringIO(answer.text), keep_default_na=False, na_values=[""])


def matrix(client: httpx.Client, day: str, **more: Any) -> dict[tuple[str, str], Any]:
    params = {"as_of": day, **more}
    cells = client.get("/v1/comparisons/matrix", params=params).json()["cells"]
    return {(cell["jurisdiction"], cell["indicator"]): cell for cell in cells}


def check_matrices(client: httpx.Client, found: Any, **selection: Any) -> None:
    """Every cell of a panel is the cell of the matrix on the period's last day, and none lacks."""
    for period in found["periods"]:
        cells = {
            (cell["jurisdiction"], cell["indicator"]): cell
            for cell in found["cells"]
            if cell["period"] == period["period"]
        }
        expected = matrix(client, period["as_of"], **selection)
        assert cells.keys() == expected.keys()
        for key, cell in cells.items():
            assert {n: cell[n] for n in SAME} == {n: expected[key][n] for n in SAME}
            proofs = [e["id"] for e in expected[key]["evidence"] if e["kind"] != "effect"]
            assert cell["provisions"] == list(dict.fromkeys(proofs))


@given(
    first=st.dates(date(1985, 1, 1), date(2026, 12, 31)),
    number=st.integers(1, 4),
    frequency=st.sampled_from(["year", "quarter", "month"]),
    selection=st.sampled_from(
        [
            {},
            {"jurisdiction": ["SG", "GB", "US"]},
            {"group": "eu", "section": "duties"},
            {"group": ["eu", "asean"], "jurisdiction": "DE", "topic": "csam"},
        ]
    ),
)
@example(first=date(2019, 12, 31), number=2, frequency="quarter", selection={"group": "eu"}).via(
    "the United Kingdom leaves the European Union"
)
@BOUNDED
def test_a_panel_is_the_matrices_of_its_days(world, first, number, frequency, selection):
    months = number * {"year": 12, "quarter": 3, "month": 1}[frequency]
    month = first.month - 1 + months
    last = date(first.year + month // 12, month % 12 + 1, 1)
    found = panel(world, first, last, frequency=frequency, **selection)
    assert number - 1 <= len(found["periods"]) <= number + 1
    check_matrices(world, found, **selection)


def test_a_panel_of_the_real_dataset_is_the_matrices_of_its_days(real):
    check_matrices(real, panel(real, "2017-12-31", "2026-11-01"))


def test_members_of_groups_are_in_it_while_they_are_members(world):
    found = panel(world, "2018-12-31", "2021-12-31", group="eu", indicator="csam_law")
    years = [cell["period"] for cell in found["cells"] if cell["jurisdiction"] == "GB"]
    assert years == ["2018", "2019"]
    named = panel(
        world, "2018-12-31", "2021-12-31", group="eu", jurisdiction="GB", indicator="csam_law"
    )
    assert named["jurisdictions"][0]["jurisdiction"] == "GB"
    assert sum(cell["jurisdiction"] == "GB" for cell in named["cells"]) == 4


def test_changes_in_period_are_the_changes_listed(world):
    found = panel(world, "1985-12-31", "2026-12-31", frequency="quarter", section="penalties")
    params = {"date_from": "1985-09-30", "date_to": "2026-12-31", "section": "penalties"}
    listed = world.get("/v1/comparisons/changes", params=params).json()["changes"]
    expected: dict[tuple[str, str, str], int] = {}
    for change in listed:
        day = date.fromisoformat(change["date"])
        period = f"{day.year}-Q{(day.month + 2) // 3}"
        key = (change["jurisdiction"], change["indicator"], period)
        expected[key] = expected.get(key, 0) + 1
    counted = {
        (cell["jurisdiction"], cell["indicator"], cell["period"]): cell["changes_in_period"]
        for cell in found["cells"]
        if cell["changes_in_period"]
    }
    assert counted == expected
    assert sum(counted.values()) == len(listed) > 20


def test_long_csv_says_the_same_as_json(world):
    asked = {"date_from": "2018-12-31", "date_to": "2023-12-31"}
    rows = frame(world, "/v1/panel.csv", **asked)
    found = panel(world, "2018-12-31", "2023-12-31")
    assert len(rows) == len(found["cells"])
    for row, cell in zip(rows.to_dict("records"), found["cells"], strict=True):
        for name in ("jurisdiction", "indicator", "state", "value_type", "changes_in_period"):
            assert row[name] == cell[name]
        assert str(row["period"]) == cell["period"]
        shown = {n: v for n, v in row.items() if n in SAME and not pandas.isna(v)}
        said = {n: cell[n] for n in SAME if cell[n] not in (None, [])}
        assert shown.keys() == said.keys()
        if cell["value_codes"]:
            assert row["value_codes"] == ";".join(cell["value_codes"])
        if cell["value_integer"] is not None:
            assert row["value_integer"] == cell["value_integer"]


def test_wide_csv_says_the_same_as_the_long_one(world):
    asked = {"date_from": "2018-12-31", "date_to": "2023-12-31"}
    wide = frame(world, "/v1/panel-wide.csv", **asked).set_index(["jurisdiction", "period"])
    long = frame(world, "/v1/panel.csv", **asked)
    assert wide.index.is_unique
    sums = long.groupby(["jurisdiction", "period"])["changes_in_period"].sum()
    assert (wide["changes_in_period"].sort_index() == sums.sort_index()).all()
    for row in long.to_dict("records"):
        there = wide.loc[(row["jurisdiction"], row["period"])]
        assert there[f"{row['indicator']}_state"] == row["state"]
        value = next((row[name] for name in VALUES if not pandas.isna(row[name])), None)
        shown = there[row["indicator"]]
        if value is None:
            assert pandas.isna(shown)
        else:
            assert str(shown).lower() == str(value).lower() or float(shown) == float(value)
        qualifier = there[f"{row['indicator']}_qualifier"]
        assert pandas.isna(qualifier) if pandas.isna(row["qualifier"]) else True


def test_codes_of_countries_and_of_what_is_none(world):
    found = panel(world, "2019-12-31", "2019-12-31", indicator="csam_law")
    places = {place.pop("jurisdiction"): place for place in found["jurisdictions"]}
    assert places["SG"] == {
        "name": "Singapore",
        "alpha2": "SG",
        "alpha3": "SGP",
        "numeric": "702",
        "m49": "702",
        "cow": 830,
    }
    assert places["US"]["cow"] == 2
    assert places["AU"]["m49"] == "036"
    for code in ("GB-EAW", "EU"):
        assert set(places[code].values()) == {places[code]["name"], None}


def test_every_country_of_the_dataset_has_a_code_that_is_its_own(real):
    countries = real.get("/v1/jurisdictions", params={"kind": "country", "limit": 200}).json()
    codes = [item["id"] for item in countries["items"]]
    assert {"SG", "GB", "US"} <= set(codes)
    known = [COW_CODES[code] for code in codes if code in COW_CODES]
    assert len(set(known)) == len(known) > 0.9 * len(codes)
    assert len(set(COW_CODES.values())) == len(COW_CODES)


def test_it_merges_with_other_data_without_cleaning(world):
    """As with V-Dem or World Bank data: codes and years as they come."""
    ours = frame(
        world,
        "/v1/panel-wide.csv",
        date_from="2019-12-31",
        date_to="2021-12-31",
        jurisdiction="SG,AU,DE",
    )
    other = pandas.DataFrame(
        {
            "COWcode": [830, 830, 900, 255],
            "iso3": ["SGP", "SGP", "AUS", "DEU"],
            "year": [2019, 2020, 2020, 2021],
            "v2x": [0.3, 0.31, 0.9, 0.8],
        }
    )
    by_name = ours.merge(other, left_on=["alpha3", "year"], right_on=["iso3", "year"])
    by_number = ours.merge(other, left_on=["cow", "year"], right_on=["COWcode", "year"])
    assert len(by_name) == len(by_number) == 4
    assert list(by_name["jurisdiction"]) == list(by_number["jurisdiction"])


@given(
    first=st.dates(date(1800, 1, 1), date(2100, 12, 31)),
    days=st.integers(0, 3000),
    frequency=st.sampled_from(list(Frequency)),
)
@settings(max_examples=100, deadline=None, derandomize=True)
def test_periods_follow_upon_each_other_and_end_within_the_range(first, days, frequency):
    last = date.fromordinal(first.toordinal() + days)
    found = periods(first, last, frequency)
    for period in found:
        assert period.start.day == 1
        assert first <= period.end <= last
    for one, following in pairwise(found):
        assert following.eve == one.end
    if found:
        # Another one before or after would end outside.
        assert found[0].eve < first
        following = periods(found[-1].end, date(2112, 12, 31), frequency)[1]
        assert following.end > last


@pytest.mark.parametrize("path", ["/v1/panel", "/v1/panel.csv", "/v1/panel-wide.csv"])
def test_bounded_work(world, monkeypatch, path):
    none = world.get(path, params={"date_from": "2020-01-01", "date_to": "2020-12-30"})
    assert none.status_code == 422
    assert "no year ends between these days" in none.text
    monkeypatch.setattr("api.panel_rows.MOST_PANEL_CELLS", 100)
    asked = {"date_from": "2020-01-01", "date_to": "2024-12-31", "jurisdiction": "SG"}
    vast = world.get(path, params=asked)
    assert vast.status_code == 422
    assert "1 jurisdictions × 23 indicators × 5 periods" in vast.json()["detail"]
    empty = world.get(path, params={**asked, "jurisdiction": [], "group": "asean"})
    assert empty.status_code == 422


def test_the_whole_codebook_by_month_over_centuries_is_refused(world):
    asked = {"date_from": "1800-01-01", "date_to": "2100-12-31", "frequency": "month"}
    answer = world.get("/v1/panel.csv", params=asked)
    assert answer.status_code == 422
    assert "more than 200,000 cells" in answer.json()["detail"]
