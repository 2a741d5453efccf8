"""The quality of a dataset: each suspicion is found where it is, and only there."""

from __future__ import annotations

import shutil
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.coding import CellState, CodingRecord
from models.indicator import ValueType
from models.quality import QualityRecord, SuspicionKind
from seed.checks import check
from seed.dataset import default_data, load
from seed.quality import FAR, Group, outliers, quality_of
from seed.records import Builder

SMALL = Path(__file__).parents[1] / "data" / "small"
WORLD = Path(__file__).parents[1] / "data" / "world"
ACT = "laws/SG/sg-example-act-2020.yaml"


def quality(folder: Path) -> QualityRecord:
    dataset = load(folder)
    check(dataset)
    builder = Builder(dataset)
    return quality_of(builder, builder.build())


Edited = Callable[..., QualityRecord]


@pytest.fixture
def edited(tmp_path: Path) -> Edited:
    """The quality of the small dataset with some texts replaced, each in a file of it."""

    def make(*changes: tuple[str, str, str]) -> QualityRecord:
        folder = tmp_path / "small"
        shutil.copytree(SMALL, folder, dirs_exist_ok=True)
        for file, old, new in changes:
            text = (folder / file).read_text(encoding="utf-8")
            assert old in text
            (folder / file).write_text(text.replace(old, new, 1), encoding="utf-8")
        return quality(folder)

    return make


def suspicions(found: QualityRecord, kind: SuspicionKind) -> dict[str, str]:
    counted = {c.kind: c.count for c in found.suspicion_counts}
    said = [s for s in found.suspicions if s.kind == kind]
    assert counted[kind] == len(said)
    return {s.id: s.text for s in said}


def test_what_versions_were_checked_against(edited):
    found = edited()
    assert found.checked.model_dump(mode="json") == {
        "versions": 8,
        "official": 6,
        "consolidated": 1,
        "secondary": 0,
        "unverified": 1,
        "official_share": 75.0,
        "verified_share": 87.5,
        "oldest_check": "2025-11-03",
        "median_check": "2025-11-03",
        "newest_check": "2025-11-03",
    }
    (act,) = [law for law in found.laws if law.law == "sg-example-act-2020"]
    assert (act.checked.versions, act.checked.official, act.outlines, act.disputes) == (6, 4, 1, 1)
    (sg,) = [j for j in found.jurisdictions if j.jurisdiction == "SG"]
    assert (sg.laws, sg.checked.versions) == (1, 6)
    assert sum(j.checked.versions for j in found.jurisdictions) == 8


def test_ages_are_counted_on_the_day_of_the_release(edited):
    source = "sources: [{url: 'https://example.org/x', title: X, kind: official, checked_on: %s}]"
    found = edited(
        ("release.yaml", str(load(SMALL).release.date), "2025-11-13"),
        (
            ACT,
            "subject: [csam], to: [sg-minister]}",
            "subject: [csam], to: [sg-minister]}\n        " + source % "2024-11-13",
        ),
    )
    bands = {(band.days_from, band.days_to): band.checks for band in found.check_ages}
    assert bands[0, 30] == 7
    assert bands[365, 730] == 1
    assert sum(bands.values()) == 8


def test_cells_that_nobody_surveyed():
    """What a survey found absent is open again without it; nothing else changes."""
    dataset = load(WORLD)
    dataset.release.date = date(2005, 6, 1)  # a survey covered those years, and there was no duty
    builder = Builder(dataset)
    found = quality_of(builder, builder.build())
    for jurisdiction in found.jurisdictions:
        assert jurisdiction.cells == len(dataset.indicators)
        for section in jurisdiction.sections:
            assert sum(getattr(section, s.value) for s in CellState) == section.cells
    dataset.surveys.clear()
    builder = Builder(dataset)
    without = {j.jurisdiction: j for j in quality_of(builder, builder.build()).jurisdictions}
    assert any(s.absent for j in found.jurisdictions for s in j.sections)
    for before in found.jurisdictions:
        after = without[before.jurisdiction]
        absent = sum(section.absent for section in before.sections)
        assert after.not_surveyed >= before.not_surveyed + absent
        assert not any(section.absent for section in after.sections)


def test_a_dataset_without_oddities(edited):
    found = edited()
    odd = {c.kind for c in found.suspicion_counts if c.count}
    assert odd == {SuspicionKind.NO_OFFICIAL_SOURCE}
    assert set(suspicions(found, SuspicionKind.NO_OFFICIAL_SOURCE)) == {
        "sg-example-act-2020~sec_5A",
        "sg-example-act-2020~sec_9",
    }


QUANTITY = """quantities:
  - id: sg-limit
    label: Limit
    jurisdiction: SG
    values:
      - from: 1990-01-01
        term: 3m
        sources:
          - {url: 'https://example.org/l', title: L, kind: official, checked_on: 2025-11-03}
"""

AM2022 = "sg-amendment-act-2021, date: 2022-03-01, at: [sec_5]"
AM2023 = """\
  - {id: am2023, kind: amends, by: sg-amendment-act-2021, date: 2023-03-01, at: [sec_5A],
     sources: *gazette}
  - {id: end-of-9"""
OFFENCES = {"sg-example-act-2020~sec_5~offence_1", "sg-example-act-2020~sec_5~offence_2"}

ODD = {
    "a maximum from a quantity": (
        SuspicionKind.MAXIMUM_BELOW_MINIMUM,
        [
            ("quantities.yaml", "quantities:\n", QUANTITY),
            (ACT, "prison: {min: 6m, max: 5y}", "prison: {min: 6m, max_quantity: sg-limit}"),
        ],
        OFFENCES,
        "At least 6m and at most 3m.",
    ),
    "a minimum elsewhere": (
        SuspicionKind.MAXIMUM_BELOW_MINIMUM,
        [(ACT, "adds: [supervision], measures: [curfew], min: 6m, max: 2y", "min: 3y, max: 9y")],
        {"sg-example-act-2020~sec_9~sentencing_1"},
        "It asks for 3y at least; sg-example-act-2020~sec_5~offence_1 has 2y.",
    ),
    "a graver case with less": (
        SuspicionKind.AGGRAVATED_BELOW_BASE,
        [(ACT, "prison: {min: 1y, max: 10y}", "prison: {max: 10m}")],
        OFFENCES,
        "At most 10m with prior 1, and 5y without.",
    ),
    "an amendment before its act was passed": (
        SuspicionKind.COMMENCEMENT_BEFORE_ASSENT,
        [
            ("laws/SG/instruments.yaml", "passes, date: 2021-11-01", "passes, date: 2022-03-01"),
            (ACT, AM2022, AM2022.replace("2022-03-01", "2022-02-01")),
        ],
        {"sg-example-act-2020~am2022"},
        "It amends on 2022-02-01, and sg-amendment-act-2021 was made on 2022-03-01.",
    ),
    "an amendment that nobody coded": (
        SuspicionKind.EFFECT_WITHOUT_VERSION,
        [(ACT, "  - {id: end-of-9", AM2023)],
        {"sg-example-act-2020~am2023"},
        "It amends sec_5A on 2023-03-01; no version begins or ends by it.",
    ),
    "read before it began": (
        SuspicionKind.READ_BEFORE_IN_FORCE,
        [(ACT, AM2022, AM2022.replace("2022-03-01", "2025-12-01"))],
        {"sg-example-act-2020~sec_5"},
        "The version of 2025-12-01 was last read on 2025-11-03.",
    ),
    "a change to come": (
        SuspicionKind.EFFECT_AFTER_RELEASE,
        [("release.yaml", f"date: {load(SMALL).release.date}", "date: 2022-01-01")],
        {
            *("sg-example-act-2020~am2022", "sg-example-act-2020~ins2022"),
            "sg-amendment-act-2021~commenced",
        },
        "It amends on 2022-03-01, after the release of 2022-01-01.",
    ),
}


@pytest.mark.parametrize("case", ODD)
def test_what_is_odd(edited, case):
    kind, changes, ids, text = ODD[case]
    found = suspicions(edited(*changes), kind)
    assert set(found) == ids
    assert any(said.startswith(text) for said in found.values()), found


# --- outliers -------------------------------------------------------------------------------------


def coding(place: int, value: int | None, **said: Any) -> CodingRecord:
    values: dict[str, Any] = dict.fromkeys(CodingRecord.model_fields)
    values |= {
        "id": f"J{place}~possession_max_prison",
        "jurisdiction": f"J{place}",
        "indicator": "possession_max_prison",
        "state": CellState.CODED,
        "value_type": ValueType.MONTHS,
        "value_integer": value,
        "value_codes": [],
        "evidence": [],
        "valid_from": date(2020, 1, 1),
    }
    return CodingRecord.model_validate({**values, **said})


def far(codings: list[CodingRecord]) -> list[str]:
    return [
        s.jurisdictions[0] for s in outliers({(c.jurisdiction, c.indicator): c for c in codings})
    ]


def test_a_term_far_from_the_others():
    terms = [60, 60, 72, 84, 60, 48]
    assert far([coding(i, term) for i, term in enumerate(terms)]) == []
    assert far([coding(i, term) for i, term in enumerate([*terms, 600])]) == ["J6"]
    assert far([coding(i, term) for i, term in enumerate([60, 60, 60, 60, 60, 60, 61])]) == ["J6"]


def test_few_make_no_group():
    assert far([coding(i, term) for i, term in enumerate([60, 60, 60, 600])]) == []


def test_what_is_no_number_of_its_own_does_not_count():
    group = [coding(i, 60 + i) for i in range(6)]
    assert far([*group, coding(7, None, qualifier="life")]) == []
    assert far([*group, coding(7, 600, via="EU")]) == []
    assert far([*group, coding(7, 600, state=CellState.GENERAL_LAW)]) == []


def test_money_is_compared_within_a_currency():
    def money(place: int, value: int, currency: str) -> CodingRecord:
        return coding(place, value, value_type=ValueType.MONEY, qualifier=currency)

    euros = [money(i, 5000 + i, "EUR") for i in range(5)]
    assert far([*euros, money(9, 5_000_000, "IDR")]) == []
    assert far([*euros, money(9, 5_000_000, "EUR")]) == ["J9"]


NUMBERS = st.lists(st.integers(0, 1200).map(float), min_size=5, max_size=30)


@given(NUMBERS, st.integers(0, 1000), st.integers(1, 50))
def test_far_is_far_whatever_the_unit(numbers, shift, scale):
    """Moving or stretching all values changes nothing; the middle is never far."""
    group = Group.of(numbers)
    assert group.deviation(group.middle) == 0
    other = Group.of([number * scale + shift for number in numbers])
    for number in numbers:
        assert other.deviation(number * scale + shift) == pytest.approx(group.deviation(number))


@given(NUMBERS)
def test_no_more_than_half_are_far(numbers):
    group = Group.of(numbers)
    assert sum(group.deviation(n) > FAR for n in numbers) <= len(numbers) / 2


# --- the dataset that ships -----------------------------------------------------------------------


def test_it_costs_little():
    dataset = load(default_data())
    builder = Builder(dataset)
    built = list(builder.build())
    started = time.process_time()
    found = quality_of(builder, built)
    took = time.process_time() - started
    assert found.checked.versions > 900
    assert took < 1, "less than a tenth of building the records"
