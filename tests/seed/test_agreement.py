"""Agreement of two coders: kappa against examples worked by hand, pairing, and the two codings."""

from __future__ import annotations

import json
from itertools import permutations
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from typer.testing import CliRunner, Result

from api.cli import app
from docs.data_quality import PAGE, render
from models.definition import Definition
from models.duty import Duty
from models.exception import Exemption
from models.offence import Offence
from seed.adjudication import read_adjudication
from seed.agreement import compare, results
from seed.kappa import Unit, agreement, distance, pair
from seed.rounds import Coding, as_written, drawn, read_round, read_sample, rounds, untouched


def units(*counted: tuple[Any, Any, int], item: str = "x") -> list[Unit]:
    """Units from (first, second, how many)."""
    each = [(first, second) for first, second, count in counted for _ in range(count)]
    return [Unit(str(n), item, first, second) for n, (first, second) in enumerate(each)]


# --- kappa ----------------------------------------------------------------------------------------


def test_kappa_of_two_categories():
    # 35 of 50 agree; by chance 25*30 + 25*20 of 2500 would: (0.7 - 0.5) / (1 - 0.5).
    found = agreement(
        units(("yes", "yes", 20), ("yes", "no", 5), ("no", "yes", 10), ("no", "no", 15))
    )
    assert found.percent == pytest.approx(70)
    assert found.kappa == pytest.approx(0.4)


def test_kappa_of_three_categories():
    # Cohen's own example (1960): 0.44 + 0.20 + 0.06 observed, 0.41 by chance.
    table = [[88, 14, 18], [10, 40, 10], [2, 6, 12]]
    counted = [(i, j, count) for i, row in enumerate(table) for j, count in enumerate(row)]
    assert agreement(units(*counted)).kappa == pytest.approx(0.492, abs=0.001)


def test_kappa_of_sets_gives_credit_for_what_is_common():
    one, both = frozenset({"a"}), frozenset({"a", "b"})
    # Distances: {a} to {a, b} is 1 - 2/3 * 1/2 = 2/3. Observed: one of four such. By chance: the
    # first coder says {a} in 3 of 4, the second in 2 of 4, so it falls apart in (3*2 + 1*2) of 16.
    found = agreement(units((one, one, 2), (one, both, 1), (both, both, 1)))
    assert found.kappa == pytest.approx(1 - (2 / 3 / 4) / (2 / 3 * 8 / 16))
    assert found.percent == pytest.approx(75)


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ({"a"}, {"a"}, 0),
        (set(), set(), 0),
        ({"a"}, {"b"}, 1),
        ({"a"}, set(), 1),
        ({"a"}, {"a", "b"}, 1 - 2 / 3 * 1 / 2),
        ({"a", "b"}, {"b", "c"}, 1 - 1 / 3 * 1 / 3),
    ],
)
def test_distance_of_sets(one, other, expected):
    assert distance(frozenset(one), frozenset(other)) == pytest.approx(expected)


def test_distance_of_single_values_is_all_or_nothing():
    assert distance("12", "12") == 0
    assert distance("12", "13") == distance(True, "yes") == 1


def test_full_agreement_full_disagreement_and_none():
    assert agreement(units(("a", "a", 3), ("b", "b", 2))).kappa == 1
    assert agreement(units(("a", "b", 2), ("b", "a", 2))).kappa == -1


def test_kappa_is_undefined_where_chance_alone_agrees():
    found = agreement(units(("a", "a", 9)))
    assert (found.percent, found.kappa) == (100, None)
    nothing = agreement([])
    assert (nothing.units, nothing.percent, nothing.kappa) == (0, None, None)


def test_agreeing_on_the_commonest_value_alone_is_worth_nothing():
    # One coder always says the same: 90 % agree, and chance gives 90 % too.
    assert agreement(units(("a", "a", 9), ("a", "b", 1))).kappa == pytest.approx(0)


def test_pooled_kappa_keeps_the_chance_of_each_item():
    easy = units(("a", "a", 10), item="always a")
    hard = units(("a", "a", 3), ("b", "b", 3), ("a", "b", 2), ("b", "a", 2), item="a or b")
    # The item on which both always agree has no chance to disagree: it must not lift the other.
    assert agreement(hard).kappa == pytest.approx(0.2)
    assert agreement([*easy, *hard]).kappa == pytest.approx(0.2)
    mixed = units(("a", "a", 8), ("b", "b", 8), item="other")
    # Observed 4 of 36 apart; by chance 10 * 0.5 + 16 * 0.5 = 13 of 36.
    assert agreement([*easy, *hard, *mixed]).kappa == pytest.approx(1 - 4 / 13)


def test_interval_is_reproducible_and_holds_the_estimate():
    seen = units(("yes", "yes", 20), ("yes", "no", 5), ("no", "yes", 10), ("no", "no", 15))
    found = agreement(seen, 200)
    assert found == agreement(list(seen), 200)
    assert found.low is not None
    assert found.high is not None
    assert found.low < 0.4 < found.high


def test_interval_draws_whole_clusters():
    # All decisions are of one version: drawing it again and again gives the same every time.
    one = [Unit("v", "x", u.first, u.second) for u in units(("a", "a", 3), ("a", "b", 2))]
    found = agreement(one, 20)
    assert found.low == found.high == found.kappa


@given(
    st.integers(1, 4).flatmap(
        lambda n: st.lists(
            st.lists(st.floats(0, 4), min_size=n, max_size=n), min_size=1, max_size=4
        )
    )
)
def test_pairing_is_the_best_there_is(likeness):
    rows, columns = range(len(likeness)), range(len(likeness[0]))
    size = min(len(rows), len(columns))
    found = pair(likeness)
    assert len(found) == len({i for i, _ in found}) == len({j for _, j in found}) == size
    best = max(
        sum(likeness[i][j] for i, j in zip(chosen, order, strict=True))
        for chosen in permutations(rows, size)
        for order in permutations(columns, size)
    )
    assert sum(likeness[i][j] for i, j in found) == pytest.approx(best)


def test_nothing_to_pair():
    assert pair([]) == pair([[]]) == []


# --- comparing codings ----------------------------------------------------------------------------

ID = "xx-law~sec_1@2020-01-01"


def coding(**facets: Any) -> dict[str, Coding]:
    return {ID: Coding.model_validate({"version": ID, **facets})}


def decided(one: dict[str, Coding], other: dict[str, Coding]) -> dict[str, list[tuple[Any, Any]]]:
    """What was compared, by item, as pairs of what each coder said."""
    found: dict[str, list[tuple[Any, Any]]] = {}
    for d in compare(one, other, [ID]).decisions:
        found.setdefault(d.item, []).append((d.first, d.second))
    return found


def test_the_same_offence_in_other_words_agrees():
    one = coding(offences=[{"conduct": ["possess"], "penalties": [{"prison": {"max": "12m"}}]}])
    other = coding(
        offences=[{"n": 1, "at": "subsec_1", "conduct": ["possess"], "note": "Other words.",
                   "penalties": [{"prison": {"max": "1y"}}]}]
    )  # fmt: skip
    compared = compare(one, other, [ID])
    assert [d for d in compared.decisions if d.first != d.second] == []
    assert ("12m", "12m") in decided(one, other)["penalty.prison.max"]


def test_a_facet_that_one_coder_did_not_find_is_a_disagreement():
    one = coding(exceptions=[{"kind": "marriage"}])
    found = decided(one, coding())
    assert found["exception.found"] == [(True, False)]
    assert found["offence.found"] == [(False, False)]
    assert "exception.kind" not in found


def test_facets_are_paired_by_what_they_are():
    one = coding(exceptions=[{"kind": "marriage"}, {"kind": "own_image"}])
    other = coding(exceptions=[{"kind": "own_image"}])
    found = decided(one, other)
    assert found["exception.kind"] == [("own_image", "own_image")]
    assert sorted(found["exception.found"]) == [(True, False), (True, True)]


def test_place_decides_between_facets_of_the_same_word():
    at = [{"at": f"subsec_{n}", "conduct": ["distribute"], "fault": fault}
          for n, fault in ((1, "intent"), (2, "strict"))]  # fmt: skip
    other = [{"at": "para_2", "conduct": ["distribute"]}]
    found = decided(coding(offences=at), coding(offences=other))
    assert found["offence.fault"] == [("strict", "not_stated")]


def test_what_was_not_coded_is_not_compared():
    one = coding(offences=[{"conduct": ["possess"], "attempt": True}])
    other = coding(offences=[{"conduct": ["possess"]}])
    found = compare(one, other, [ID])
    assert not [d for d in found.decisions if d.item == "offence.attempt"]
    assert found.one_sided["offence", "attempt"] == 1


def test_penalty_cases_are_paired_within_their_offence():
    base = {"prison": {"max": "5y"}}
    one = coding(offences=[{"conduct": ["produce"], "penalties": [base]}])
    other = coding(
        offences=[
            {
                "conduct": ["produce"],
                "penalties": [{"when": {"prior": 1}, "prison": {"max": "9y"}}, base],
            }
        ]
    )
    found = decided(one, other)
    assert found["penalty.prison.max"] == [("60m", "60m")]
    assert sorted(found["penalty.found"]) == [(False, True), (True, True)]


def test_borrowed_penalties_are_those_of_the_lender_in_the_same_provision():
    lender = {"n": 1, "conduct": ["produce"], "penalties": [{"prison": {"max": "5y"}}]}
    one = coding(offences=[lender, {"n": 2, "conduct": ["offer"], "penalties_of": f"{ID.split('@')[0]}~offence_1"}])  # noqa: E501  # fmt: skip
    other = coding(offences=[lender, {"n": 2, "conduct": ["offer"], "penalties": [{"prison": {"max": "5y"}}]}])  # noqa: E501  # fmt: skip
    assert decided(one, other)["penalty.prison.max"] == [("60m", "60m")] * 2


def test_deadlines_and_fines_are_compared_by_value():
    one = coding(
        duties=[{"kind": "report", "deadline": {"days": 1}, "breach": [{"fine": {"quantity": "unit", "times": 3}}]}]  # noqa: E501
    )  # fmt: skip
    other = coding(
        duties=[{"kind": "report", "deadline": {"hours": 24}, "breach": [{"fine": {"quantity": "other", "times": 3}}]}]  # noqa: E501
    )  # fmt: skip
    found = decided(one, other)
    assert found["duty.deadline.length"] == [("24 hours", "24 hours")]
    assert found["penalty.fine"] == [("3 units", "3 units")]


def test_unread_versions_are_left_out_and_counted():
    found = compare(coding(), coding(unread="no copy"), [ID])
    assert (found.decisions, found.unread) == ([], [ID])


def test_a_facet_is_written_as_it_was_read():
    for facet in (
        Offence.model_validate({"conduct": ["possess"], "material": {"class": "csam"}, "n": 2,
                                "penalties": [{"prison": {"max": "2y-1d"}, "fine": "unlimited"}]}),
        Duty.model_validate({"kind": "report", "deadline": {"class": "promptly"}}),
        Definition.model_validate({"class": "child", "age_under": 18, "age_how": ["is"]}),
        Exemption.model_validate({"kind": "marriage", "applies_to": ["a~sec_1"]}),
    ):  # fmt: skip
        assert type(facet).model_validate(as_written(facet)) == facet


# --- the rounds -----------------------------------------------------------------------------------


ROUNDS = rounds()


@pytest.mark.parametrize("number", ROUNDS)
def test_the_sample_is_what_the_rule_draws(number):
    sample = read_sample(number)
    # Versions that came into the dataset later could not be drawn.
    known = [n for n in ROUNDS if read_sample(n).drawn_from <= sample.drawn_from]
    everything = [version for n in known for version in read_sample(n).versions]
    assert sorted(drawn(number, everything)) == sorted(sample.versions)
    earlier = [n for n in ROUNDS if n < number]
    assert sample.after == (earlier[-1] if earlier else None)
    if not sample.new:
        drawn_from = sample.drawn_from - sum(len(read_sample(n).versions) for n in earlier)
        assert abs(len(sample.versions) / drawn_from - 1 / sample.every) < 0.02


def test_what_was_new_to_the_study_can_be_asked_for():
    sample = read_sample(3)
    assert sample.new
    assert untouched(read_round(3)) == set(sample.versions)
    earlier = [v for n in (1, 2) for v in read_sample(n).versions]
    siblings = [f"{v.split('@')[0]}@1900-01-{day:02}" for v in earlier for day in range(1, 9)]
    assert any(sample.hits(v) for v in siblings), "the hash alone would draw some"
    assert drawn(3, siblings) == []


def test_what_an_earlier_round_draws_is_not_drawn_again():
    first, second = read_sample(1), read_sample(2)
    assert not set(first.versions) & set(second.versions)
    both = [v for v in first.versions if second.hits(v)]
    assert both, "the rule alone would draw some again"
    assert drawn(2, both) == []


@pytest.mark.parametrize("number", ROUNDS)
def test_both_coders_coded_the_whole_sample(number):
    made = read_round(number)
    assert set(made.first) == set(made.second) == set(made.sample.versions)


def test_untouched_is_what_was_new_to_the_study():
    assert untouched(read_round(1)) == set(read_sample(1).versions)
    made = read_round(2)
    before = {version.split("@")[0] for version in read_sample(1).versions}
    provisions = {version: version.split("@")[0] for version in made.sample.versions}
    assert set(made.sample.shown) <= set(provisions.values())
    touched = set(made.sample.versions) - untouched(made)
    assert touched == {v for v, p in provisions.items() if p in {*before, *made.sample.shown}}
    assert touched


@pytest.mark.parametrize("number", ROUNDS)
def test_what_is_settled_was_a_disagreement(number):
    """Some disagreements may still be open, but none is settled that was not one, or twice."""
    made = read_round(number)
    open_ = [
        (d.version, d.kind, d.name, d.place)
        for d in compare(made.first, made.second, made.sample.versions).decisions
        if d.first != d.second
    ]
    for settled in read_adjudication(number):
        open_.remove((settled.version, settled.kind, settled.field, settled.place))


@pytest.mark.parametrize("number", ROUNDS)
def test_a_coder_agrees_with_himself(number):
    made = read_round(number)
    found = results(compare(made.second, made.second, made.sample.versions), made.sample)
    assert found.overall.kappa == 1
    assert found.versions + len(found.unread) == len(made.sample.versions)


def test_the_page_says_what_the_codings_give():
    assert render() == PAGE.read_text(encoding="utf-8")


# --- the command ----------------------------------------------------------------------------------


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Few resamples: only the intervals depend on them."""
    monkeypatch.setattr("seed.agreement_command.RESAMPLES", 2)


def run(*arguments: str) -> Result:
    return CliRunner().invoke(app, ["seed", "agreement", *arguments])


def test_the_command_tells_the_latest_round(quick):
    shown = run()
    assert shown.exit_code == 0, shown.output
    assert "offence.fault" in shown.output
    assert f"round {ROUNDS[-1]}: " in shown.output.splitlines()[-1]
    assert shown.output == run("--round", str(ROUNDS[-1])).output


@pytest.mark.parametrize("number", ROUNDS)
def test_the_command_gives_scripts_what_the_comparison_gives(quick, number):
    said = json.loads(run("--round", str(number), "--json").output)
    made = read_round(number)
    found = results(compare(made.first, made.second, made.sample.versions), made.sample)
    assert (said["round"], said["versions"]) == (number, found.versions)
    assert said["overall"]["kappa"] == found.overall.kappa
    assert said["fields"].keys() == found.fields.keys()


def test_the_command_compares_with_the_dataset_of_today(quick):
    made = json.loads(run("--round", "1", "--json").output)
    today = json.loads(run("--round", "1", "--json", "--today").output)
    assert today["overall"]["kappa"] > made["overall"]["kappa"]


def test_the_command_knows_its_rounds():
    for number in ("0", "9"):
        refused = run("--round", number)
        assert refused.exit_code == 2
        assert f"{number} is none of {', '.join(map(str, ROUNDS))}" in refused.output
