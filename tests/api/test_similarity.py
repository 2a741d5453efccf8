"""Similarity: symmetric, whole on itself, and blind to what nobody coded."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import httpx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from models.coding import CellState, CellValue
from models.indicator import ValueType
from models.similarity import Pair, alike, pairs, trait, variables

PATH = "/v1/comparisons/similarity"
BOUNDED = settings(
    max_examples=100,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)


def cell(state: CellState, value_type: ValueType, **said: Any) -> CellValue:
    """A cell that says something."""
    values: dict[str, Any] = dict.fromkeys(CellValue.model_fields)
    values |= {"jurisdiction": "SG", "indicator": "x", "value_codes": []}
    return CellValue.model_validate({**values, "state": state, "value_type": value_type, **said})


def unvalued(value_type: ValueType) -> st.SearchStrategy[CellValue]:
    """Cells without a value."""
    states = [CellState.NOT_SURVEYED, CellState.NOT_APPLICABLE, CellState.ABSENT]
    return st.sampled_from(states).map(lambda state: cell(state, value_type))


def valued(value_type: ValueType) -> st.SearchStrategy[CellValue]:
    """Cells with a value."""
    states = st.sampled_from([CellState.CODED, CellState.DISPUTED, CellState.GENERAL_LAW])
    said: st.SearchStrategy[dict[str, Any]]
    if value_type == ValueType.BOOLEAN:
        said = st.fixed_dictionaries({"value_boolean": st.booleans()})
    elif value_type == ValueType.CODES:
        words = st.lists(st.sampled_from("abcd"), unique=True, max_size=3)
        said = st.fixed_dictionaries({"value_codes": words})
    elif value_type == ValueType.DATE:
        said = st.fixed_dictionaries({"value_text": st.dates().map(str)})
    elif value_type == ValueType.MONEY:
        said = st.one_of(
            st.fixed_dictionaries(
                {
                    "value_integer": st.integers(0, 10**9),
                    "qualifier": st.sampled_from(["SGD", "GBP"]),
                }
            ),
            st.just({"qualifier": "unlimited"}),
        )
    else:
        number = st.fixed_dictionaries({"value_integer": st.integers(0, 400)})
        said = st.one_of(
            number, st.sampled_from([{"qualifier": "life"}, {"qualifier": "promptly"}])
        )
    return st.builds(lambda state, more: cell(state, value_type, **more), states, said)


@st.composite
def tables(draw: st.DrawFn) -> list[list[CellValue]]:
    """Rows of cells, each column of one type."""
    types = draw(st.lists(st.sampled_from(list(ValueType)), min_size=1, max_size=6))
    size = draw(st.integers(2, 5))
    return [[draw(valued(t) | unvalued(t)) for t in types] for _ in range(size)]


def compare(rows: Sequence[Sequence[CellValue]]) -> dict[tuple[int, int], Pair]:
    names = [f"i{n}" for n in range(len(rows[0]))]
    return {(pair.a, pair.b): pair for pair in pairs(variables(rows, names), len(rows))}


@given(rows=tables())
@BOUNDED
def test_it_is_symmetric_and_between_0_and_1(rows):
    found, turned = compare(rows), compare(rows[::-1])
    last = len(rows) - 1
    for (a, b), pair in found.items():
        other = turned[last - b, last - a]
        assert (pair.similarity, pair.compared) == (other.similarity, other.compared)
        assert pair.similarity is None or 0 <= pair.similarity <= 1


@given(rows=tables())
@BOUNDED
def test_it_is_1_on_itself(rows):
    twice = compare([*rows, rows[0]])
    pair = twice[0, len(rows)]
    assert pair.similarity in (1.0, None)
    names = [f"i{n}" for n in range(len(rows[0]))]
    for variable in variables(rows, names):
        for each in variable.traits:
            assert alike(each, each, variable.scales) == (None if each is None else 1.0)


@given(rows=tables(), value_type=st.sampled_from(list(ValueType)), data=st.data())
@BOUNDED
def test_indicators_that_nobody_coded_change_nothing(rows, value_type, data):
    wider = [[*row, data.draw(unvalued(value_type))] for row in rows]
    assert compare(wider) == compare(rows)


def near(one: CellValue, two: CellValue, *others: CellValue) -> float | None:
    """How alike the first two are, among all."""
    return compare([[value] for value in (one, two, *others)])[0, 1].similarity


def months(number: int | None, **more: Any) -> CellValue:
    return cell(CellState.CODED, ValueType.MONTHS, value_integer=number, **more)


def money(number: int | None, qualifier: str) -> CellValue:
    return cell(CellState.CODED, ValueType.MONEY, value_integer=number, qualifier=qualifier)


def test_numbers_are_near_by_the_range_among_those_compared():
    assert near(months(60), months(120)) == 0
    assert near(months(60), months(120), months(180)) == 0.5
    assert near(months(60), months(60), months(180)) == 1


def test_life_is_the_top_of_the_range():
    life = months(None, qualifier="life")
    assert near(life, life) == 1
    assert near(life, months(60), months(120), months(60)) == 0
    assert near(life, months(90), months(120), months(60)) == 0.5
    # All numbers are the same: nothing is between them and life.
    assert near(life, months(60)) == 0


def test_currencies_are_never_compared():
    assert near(money(5, "SGD"), money(5, "GBP")) is None
    assert near(money(5, "SGD"), money(10, "SGD"), money(15, "SGD"), money(9, "GBP")) == 0.5
    assert near(money(None, "unlimited"), money(None, "unlimited")) == 1
    assert near(money(None, "unlimited"), money(5, "SGD"), money(15, "SGD")) == 0


def test_silence_counts_as_no_and_as_an_empty_set_but_is_no_number():
    no = cell(CellState.ABSENT, ValueType.BOOLEAN, value_boolean=False)
    yes = cell(CellState.CODED, ValueType.BOOLEAN, value_boolean=True)
    unknown = cell(CellState.NOT_SURVEYED, ValueType.BOOLEAN)
    idle = cell(CellState.NOT_APPLICABLE, ValueType.BOOLEAN)
    assert near(no, yes) == 0
    assert near(no, no, yes) == 1
    assert near(unknown, yes) is None
    assert near(idle, yes) is None
    silent = cell(CellState.ABSENT, ValueType.CODES)
    words = cell(CellState.CODED, ValueType.CODES, value_codes=["intent", "knowledge"])
    word = cell(CellState.CODED, ValueType.CODES, value_codes=["intent"])
    assert near(silent, words) == 0
    assert near(word, words) == 0.5
    assert trait(cell(CellState.ABSENT, ValueType.MONTHS)) is None


# --- through HTTP -------------------------------------------------------------------------------


def similarity(client: httpx.Client, **params: Any) -> Any:
    answer = client.get(PATH, params={"as_of": "2022-06-01", **params})
    assert answer.status_code == 200, answer.text
    assert answer.headers["lexcompare-as-of"] == answer.json()["as_of"]
    return answer.json()


def by_pair(answer: Any) -> dict[frozenset[str], tuple[float | None, int]]:
    return {
        frozenset([pair["first"], pair["second"]]): (pair["similarity"], pair["compared"])
        for pair in answer["pairs"]
    }


def test_the_order_of_jurisdictions_and_indicators_changes_nothing(world):
    codes = ["SG", "GB", "US", "DE", "TH"]
    ids = ["possession", "possession_max_prison", "csam_age", "reach_conditions"]
    one = similarity(world, jurisdiction=codes, indicator=ids)
    two = similarity(world, jurisdiction=codes[::-1], indicator=ids[::-1])
    assert by_pair(one) == by_pair(two)
    assert len(one["pairs"]) == 10


def test_indicators_that_nobody_coded_change_nothing_there_either(world):
    ids = ["possession", "possession_max_prison", "csam_age"]
    one = similarity(world, indicator=ids)
    two = similarity(world, indicator=[*ids, "aftercare"])
    assert {**one, "release": ""} == {**two, "release": ""}
    assert [each["indicator"] for each in two["indicators"]] == ids


def test_neighbours_are_the_pairs_sorted(world):
    found = similarity(world, nearest=300)
    for place in found["jurisdictions"]:
        code = place["jurisdiction"]
        pairs_of = [p for p in found["pairs"] if code in (p["first"], p["second"])]
        expected = sorted(
            (
                (
                    -pair["similarity"],
                    -pair["compared"],
                    pair["second"] if pair["first"] == code else pair["first"],
                )
                for pair in pairs_of
                if pair["similarity"] is not None
            ),
        )
        listed = [(-n["similarity"], -n["compared"], n["jurisdiction"]) for n in place["nearest"]]
        assert listed == expected
        assert all(pair["compared"] <= place["comparable"] for pair in pairs_of)
    some = similarity(world, nearest=1)
    assert [p["nearest"] for p in some["jurisdictions"]] == [
        p["nearest"][:1] for p in found["jurisdictions"]
    ]


def test_a_whole_is_the_same_as_the_part_that_leads_it(world):
    found = by_pair(similarity(world, jurisdiction=["GB", "GB-EAW"]))
    assert found[frozenset(["GB", "GB-EAW"])][0] == 1


def test_too_little_to_compare_is_null(world):
    found = similarity(world, min_compared=9)
    assert all((p["similarity"] is None) == (p["compared"] < 9) for p in found["pairs"])
    assert all(n["compared"] >= 9 for p in found["jurisdictions"] for n in p["nearest"])
    assert any(p["similarity"] is not None for p in found["pairs"])


def test_scales_say_how_numbers_were_compared(world):
    found = similarity(world, indicator="entity_fine_max")
    scales = {scale["unit"]: scale for scale in found["indicators"][0]["scales"]}
    assert scales["USD"]["low"] == 150_000
    assert set(scales) == {"EUR", "USD"}
    assert all(pair["compared"] == 0 for pair in found["pairs"])


@pytest.mark.parametrize(
    ("params", "wrong"),
    [
        ({"nearest": "-1"}, "nearest"),
        ({"min_compared": "0"}, "min_compared"),
        ({"jurisdiction": "UK"}, "jurisdiction"),
        ({"date_from": "2020-01-01"}, "date_from"),
    ],
)
def test_what_does_not_fit_is_refused(world, params, wrong):
    answer = world.get(PATH, params=params)
    assert answer.status_code == 422
    assert [mistake["parameter"] for mistake in answer.json()["errors"]] == [wrong]


def test_bounded_work(world, monkeypatch):
    monkeypatch.setattr("api.similarity.MOST_COMPARISONS", 10)
    answer = world.get(PATH, params={"as_of": "2022-06-01"})
    assert answer.status_code == 422
    assert "more than 10 comparisons" in answer.json()["detail"]


def test_the_real_dataset_answers(real):
    found = similarity(real, as_of="2026-11-01")
    assert found["jurisdictions"]
    for pair in found["pairs"]:
        assert pair["similarity"] is None or 0 <= pair["similarity"] <= 1
