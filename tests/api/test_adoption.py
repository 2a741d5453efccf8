"""Adoption: the numbers of each date are those of its matrix, and the first are the first."""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta
from itertools import pairwise
from typing import Any

import httpx
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from models.adoption import Standing, standing
from models.coding import CellState, CellValue
from models.indicator import ValueType

PATH = "/v1/comparisons/adoption"
DAYS = st.dates(date(1980, 1, 1), date(2027, 1, 1))


def adoption(client: httpx.Client, first: date | str, last: date | str, **more: Any) -> Any:
    params = {"date_from": str(first), "date_to": str(last), **more}
    answer = client.get(PATH, params=params)
    assert answer.status_code == 200, answer.text
    return answer.json()


def standings(client: httpx.Client, day: date | str) -> dict[str, dict[str, Standing]]:
    """How every jurisdiction stands to every indicator, by the matrix of a day."""
    answer = client.get("/v1/comparisons/matrix", params={"as_of": str(day)}).json()
    codes = answer["jurisdictions"]
    found: dict[str, dict[str, Standing]] = {}
    for cell in answer["cells"]:
        state = cell["jurisdiction"].split("-")[0]
        if state != cell["jurisdiction"] and state in codes:
            continue  # a part of a state (`GB-SCT`) counts with its state
        said = {name: cell[name] for name in CellValue.model_fields}
        how = standing(CellValue.model_validate(said))
        found.setdefault(cell["indicator"], {})[cell["jurisdiction"]] = how
    return found


def check_points(client: httpx.Client, first: date, last: date, days: list[date]) -> None:
    """The point that holds on a day has the numbers of that day's matrix."""
    found = adoption(client, first, last)
    for day in {first, last, *days}:
        expected = standings(client, day)
        for feature in found["indicators"]:
            held = [p for p in feature["points"] if p["date"] <= str(day)][-1]
            number = Counter(expected[feature["indicator"]].values())
            for how in Standing:
                assert held[how] == number[how], (feature["indicator"], day)
            assert held["surveyed"] == number.total() - number[Standing.NOT_SURVEYED]
            if held["surveyed"]:
                assert held["share"] == round(held["adopted"] / held["surveyed"], 4)
            else:
                assert held["share"] is None
    for feature in found["indicators"]:
        days_of = [point["date"] for point in feature["points"]]
        assert days_of[0] == str(first)
        assert days_of == sorted(set(days_of))
        numbers = [{n: v for n, v in p.items() if n != "date"} for p in feature["points"]]
        assert all(one != two for one, two in pairwise(numbers))


@given(days=st.lists(DAYS, min_size=2, max_size=4))
@example(days=[date(1980, 1, 1), date(2020, 1, 1), date(2024, 1, 1), date(2027, 1, 1)])
@settings(
    max_examples=12,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
def test_points_are_the_numbers_of_the_matrices(world, days):
    days.sort()
    check_points(world, days[0], days[-1], days[1:-1])


def test_points_are_the_numbers_of_the_matrices_in_the_real_dataset(real):
    check_points(real, date(2018, 1, 1), date(2026, 11, 1), [date(2020, 1, 1), date(2024, 6, 24)])


def test_adopters_are_listed_by_their_first_day(world):
    found = adoption(world, "2000-01-01", "2027-01-01", adopters=300)
    by_day: dict[str, dict[str, dict[str, Standing]]] = {}

    def there(day: date, id_: str, code: str) -> Standing:
        if str(day) not in by_day:
            by_day[str(day)] = standings(world, day)
        return by_day[str(day)][id_][code]

    seen = 0
    for feature in found["indicators"]:
        id_ = feature["indicator"]
        assert feature["adopters_total"] == len(feature["adopters"])
        listed = [(a["date"], a["jurisdiction"]) for a in feature["adopters"]]
        assert listed == sorted(listed)
        for adopter in feature["adopters"]:
            code, day = adopter["jurisdiction"], date.fromisoformat(adopter["date"])
            assert there(day, id_, code) == Standing.ADOPTED
            before = there(day - timedelta(days=1), id_, code)
            assert before != Standing.ADOPTED
            assert adopter["earlier_unknown"] == (before == Standing.NOT_SURVEYED)
            assert adopter["cell"]["evidence"]
            asked = {"as_of": str(day), "jurisdiction": code, "indicator": id_}
            shown = world.get("/v1/comparisons/matrix", params=asked).json()["cells"]
            assert [adopter["cell"]] == shown
            if adopter["until"]:
                until = date.fromisoformat(adopter["until"])
                assert there(until, id_, code) != Standing.ADOPTED
            seen += 1
    assert seen > 50


def test_what_was_given_up_again_says_until_when(world):
    found = adoption(world, "2000-01-01", "2027-01-01", indicator="convention")["indicators"][0]
    assert [(a["jurisdiction"], a["date"], a["until"]) for a in found["adopters"]] == [
        ("DK", "2010-07-01", None),
        ("LV", "2014-12-01", "2023-12-01"),
    ]
    assert [point["adopted"] for point in found["points"]] == [0, 1, 2, 1]


def test_only_the_first_are_listed(world):
    whole = adoption(world, "2000-01-01", "2027-01-01", indicator="csam_law", adopters=300)
    some = adoption(world, "2000-01-01", "2027-01-01", indicator="csam_law", adopters=2)
    assert some["indicators"][0]["adopters"] == whole["indicators"][0]["adopters"][:2]
    assert some["indicators"][0]["adopters_total"] == whole["indicators"][0]["adopters_total"]
    early = adoption(world, "1990-01-01", "2000-01-01", indicator="csam_law", adopters=300)
    adopters = early["indicators"][0]["adopters"]
    assert adopters == [
        {**a, "until": a["until"]}
        for a in whole["indicators"][0]["adopters"]
        if a["date"] <= "2000-01-01"
    ]


def cell(state: CellState, value_type: ValueType, **said: Any) -> CellValue:
    """A cell that says something."""
    values: dict[str, Any] = dict.fromkeys(CellValue.model_fields)
    values |= {"jurisdiction": "SG", "indicator": "x", "value_codes": []}
    return CellValue.model_validate({**values, "state": state, "value_type": value_type, **said})


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (cell(CellState.CODED, ValueType.BOOLEAN, value_boolean=True), Standing.ADOPTED),
        (cell(CellState.DISPUTED, ValueType.BOOLEAN, value_boolean=True), Standing.ADOPTED),
        (cell(CellState.CODED, ValueType.BOOLEAN, value_boolean=False), Standing.LACKING),
        (cell(CellState.ABSENT, ValueType.BOOLEAN, value_boolean=False), Standing.LACKING),
        (cell(CellState.GENERAL_LAW, ValueType.BOOLEAN, value_boolean=True), Standing.GENERAL_LAW),
        (cell(CellState.CODED, ValueType.MONTHS, value_integer=0), Standing.LACKING),
        (
            cell(CellState.CODED, ValueType.MONTHS, value_integer=0, qualifier="21d"),
            Standing.ADOPTED,
        ),
        (cell(CellState.CODED, ValueType.MONTHS, qualifier="life"), Standing.ADOPTED),
        (cell(CellState.CODED, ValueType.HOURS, qualifier="promptly"), Standing.ADOPTED),
        (cell(CellState.CODED, ValueType.CODES, value_codes=["none"]), Standing.LACKING),
        (cell(CellState.CODED, ValueType.CODES, value_codes=["intent"]), Standing.ADOPTED),
        (cell(CellState.CODED, ValueType.DATE, value_text="2020-01-01"), Standing.ADOPTED),
        (cell(CellState.NOT_APPLICABLE, ValueType.MONTHS), Standing.NOT_APPLICABLE),
        (
            cell(CellState.NOT_SURVEYED, ValueType.INTEGER, qualifier="1-4"),
            Standing.NOT_SURVEYED,
        ),
    ],
)
def test_what_counts_as_having_a_feature(value, expected):
    assert standing(value) == expected
