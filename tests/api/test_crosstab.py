"""Two-way tables: every jurisdiction counted once where it belongs, missing kinds apart."""

from __future__ import annotations

from collections import Counter
from typing import Any

import httpx
import pytest

PATH = "/v1/comparisons/crosstab"
DAY = "2022-06-01"


def crosstab(client: httpx.Client, row: str, column: str, **more: Any) -> Any:
    answer = client.get(PATH, params={"row": row, "column": column, **more})
    assert answer.status_code == 200, answer.text
    return answer.json()


def matrix(client: httpx.Client, day: str, **more: Any) -> dict[tuple[str, str], Any]:
    params = {"as_of": day, **more}
    answer = client.get("/v1/comparisons/matrix", params=params).json()
    counted = wholes(answer["jurisdictions"])
    return {
        (cell["jurisdiction"], cell["indicator"]): cell
        for cell in answer["cells"]
        if cell["jurisdiction"] in counted
    }


def wholes(codes: list[str]) -> set[str]:
    """Which jurisdictions are counted: a part of a state (`GB-SCT`) counts with its state."""
    return {c for c in codes if (state := c.split("-")[0]) == c or state not in codes}


def check_sums(found: Any) -> None:
    """Numbers are those of the jurisdictions named; margins are the sums of disjoint categories."""
    for cell in found["cells"]:
        assert cell["count"] == len(cell["jurisdictions"]) == len(set(cell["jurisdictions"])) > 0
    for margin, field, other in (("rows", "row", "column"), ("columns", "column", "row")):
        labels = [category["label"] for category in found[margin]]
        assert len(labels) == len(set(labels))
        if found[other] == "group":
            continue  # one in several groups stands in several cells
        for category in found[margin]:
            inside = [c["count"] for c in found["cells"] if c[field] == category["label"]]
            assert sum(inside) == category["count"]


@pytest.mark.parametrize(
    ("row", "column"),
    [
        ("possession", "csam_defined"),
        ("possession_max_prison", "report_duty"),
        ("reach_conditions", "possession_since"),
        ("entity_fine_max", "entity_fine_share"),
        ("icmec", "report_hours"),
        ("any_max_prison", "distribution_max_prison"),
    ],
)
def test_every_jurisdiction_is_counted_once(world, row, column):
    found = crosstab(world, row, column, as_of=DAY)
    check_sums(found)
    cells = matrix(world, DAY, indicator=[row, column])
    codes = {code for code, _ in cells}
    assert found["total"] == len(codes) == sum(cell["count"] for cell in found["cells"])
    assert {code for cell in found["cells"] for code in cell["jurisdictions"]} == codes
    states = {margin: {c["label"]: c["state"] for c in found[margin]} for margin in ("rows",)}
    for cell in found["cells"]:
        for code in cell["jurisdictions"]:
            assert states["rows"][cell["row"]] == cells[code, row]["state"]


def test_values_come_in_order_and_missing_kinds_apart(world):
    found = crosstab(world, "any_max_prison", "possession", as_of=DAY)
    labels = [row["label"] for row in found["rows"]]
    numbers = [int(label) for label in labels if label.isdigit()]
    assert numbers == sorted(numbers)
    assert labels[-2:] == ["life", "not_surveyed"]
    assert "null" not in labels
    before = crosstab(world, "distribution_max_prison", "report_duty", as_of="2005-01-01")
    assert "12 (general_law)" in [row["label"] for row in before["rows"]]
    assert {"absent", "true"} <= {column["label"] for column in before["columns"]}


def test_by_group_one_in_several_counts_in_each(world):
    found = crosstab(world, "group", "possession", as_of="2019-06-01")
    check_sums(found)
    groups = {row["label"]: row["count"] for row in found["rows"]}
    assert groups["asean"] == 2
    members = world.get("/v1/groups/eu", params={"as_of": "2019-06-01"}).json()["current"]
    coded = {code for code, _ in matrix(world, "2019-06-01")}
    assert groups["eu"] == len(coded & set(members))
    assert [row["label"] for row in found["rows"]][-1] == "no group"
    assert groups["no group"] + groups["asean"] + groups["eu"] == found["total"]
    assert all(row["state"] is None for row in found["rows"])


def test_by_year_each_year_stands_for_its_last_day(world):
    years = {"date_from": "2019-12-31", "date_to": "2022-12-31"}
    found = crosstab(world, "possession_max_prison", "year", **years)
    check_sums(found)
    assert [column["label"] for column in found["columns"]] == ["2019", "2020", "2021", "2022"]
    assert found["as_of"] is None
    answer = world.get(PATH, params={"row": "possession", "column": "year", **years})
    assert "lexcompare-as-of" not in answer.headers
    for year in ("2019", "2022"):
        cells = matrix(world, f"{year}-12-31", indicator="possession_max_prison")
        expected = Counter(
            cell["state"] if cell["value_integer"] is None else str(cell["value_integer"])
            for cell in cells.values()
        )
        shown = {c["row"]: c["count"] for c in found["cells"] if c["column"] == year}
        assert shown == expected


def test_groups_by_year_follow_the_memberships(world):
    years = {"date_from": "2018-12-31", "date_to": "2020-12-31"}
    found = crosstab(world, "group", "year", jurisdiction="GB", **years)
    shown = [(cell["row"], cell["column"]) for cell in found["cells"]]
    assert shown == [("eu", "2018"), ("eu", "2019"), ("no group", "2020")]


def test_by_kind(world):
    found = crosstab(world, "kind", "possession", as_of=DAY)
    check_sums(found)
    assert {row["label"] for row in found["rows"]} == {"country", "supranational"}
    named = crosstab(world, "kind", "possession", as_of=DAY, jurisdiction=["GB", "GB-SCT"])
    assert {row["label"]: row["count"] for row in named["rows"]} == {"country": 1, "subdivision": 1}
    answer = world.get(PATH, params={"row": "kind", "column": "possession", "as_of": DAY})
    assert answer.headers["lexcompare-as-of"] == DAY == found["as_of"]


def test_swapping_rows_and_columns_swaps_the_table(world):
    one = crosstab(world, "possession", "report_duty", as_of=DAY)
    two = crosstab(world, "report_duty", "possession", as_of=DAY)
    assert (one["rows"], one["columns"]) == (two["columns"], two["rows"])
    assert {(c["row"], c["column"], c["count"]) for c in one["cells"]} == {
        (c["column"], c["row"], c["count"]) for c in two["cells"]
    }


@pytest.mark.parametrize(
    ("params", "wrong"),
    [
        ({}, {"row", "column"}),
        ({"row": "possession"}, {"column"}),
        ({"row": "posession", "column": "group"}, {"row"}),
        ({"row": "possession", "column": "possession"}, {"column"}),
        ({"row": "possession", "column": "year"}, {"date_from", "date_to"}),
        (
            {
                "row": "possession",
                "column": "year",
                "date_from": "2020-01-01",
                "date_to": "2021-12-31",
                "as_of": "2020-01-01",
            },
            {"as_of"},
        ),
        ({"row": "possession", "column": "group", "date_to": "2020-01-01"}, {"date_to"}),
        (
            {
                "row": "possession",
                "column": "year",
                "date_from": "2021-01-01",
                "date_to": "2020-12-31",
            },
            {"date_to"},
        ),
        ({"row": "possession", "column": "group", "jurisdiction": "UK"}, {"jurisdiction"}),
        ({"row": "possession", "column": "group", "indicator": "possession"}, {"indicator"}),
    ],
)
def test_what_does_not_fit_is_refused(world, params, wrong):
    answer = world.get(PATH, params=params)
    assert answer.status_code == 422
    assert {mistake["parameter"] for mistake in answer.json()["errors"]} == wrong


def test_the_nearest_characteristic_is_suggested(world):
    answer = world.get(PATH, params={"row": "posession", "column": "yaer"})
    suggestions = [mistake["suggestion"] for mistake in answer.json()["errors"]]
    assert suggestions[:2] == ["possession", "year"]


def test_the_real_dataset_answers(real):
    answer = real.get("/v1/indicators", params={"limit": 200}).json()["items"]
    booleans = [item["id"] for item in answer if item["type"] == "boolean"]
    check_sums(crosstab(real, booleans[0], booleans[1], as_of="2026-11-01"))
    years = {"date_from": "2015-01-01", "date_to": "2025-12-31"}
    check_sums(crosstab(real, booleans[0], "year", **years))
