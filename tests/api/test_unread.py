"""What nobody could read: cells that depend on it say so, and bound what they can.

Silence of the dataset must not read as silence of the law: not as 0, `absent` or a lower number.
"""

from __future__ import annotations

import csv
import io
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pycountry
import pytest

from tests.conftest import served

SMALL = Path(__file__).parents[1] / "data" / "small"

INDICATORS = """
  - {id: max_fine, question: Highest fine, type: money, group: penalties,
     topic: csam-possession, derive: {of: offence, where: {conduct: possess},
       take: max, path: fine.amount, needs: possession}}
  - {id: min_prison, question: Smallest of the longest terms, type: months, group: penalties,
     topic: csam-possession, derive: {of: offence, where: {conduct: possess},
       take: min, path: prison.max, needs: possession, default: 0}}
  - {id: caning, question: Kinds of caning, type: codes, group: penalties,
     topic: csam-possession, derive: {of: offence, where: {conduct: possess},
       take: set, path: caning, needs: possession}}
  - {id: caned, question: Is caning discretionary, type: boolean, group: penalties,
     topic: csam-possession, derive: {of: offence, where: {conduct: possess, caning: discretionary},
       take: any}}
  - {id: breach_max, question: Highest fine for breach, type: money, group: sanctions,
     topic: csam, derive: {of: [duty, power],
       case: {person: entity},
       take: max, path: breach.fine.amount}}
  - {id: borrowed, question: Longest term for attending, type: months, group: penalties,
     topic: csam, derive: {of: offence, where: {conduct: attend},
       take: max, path: prison.max, default: 0}}
  - {id: advertising_fine, question: Highest fine for advertising, type: money, group: penalties,
     topic: csam, derive: {of: offence, where: {conduct: advertise},
       take: max, path: fine.amount}}
  - {id: offering_fine, question: Highest fine for offering, type: money, group: penalties,
     topic: csam, derive: {of: offence, where: {conduct: offer},
       take: max, path: fine.amount}}
  - {id: reach, question: Are nationals reached, type: boolean, group: reach, topic: csam,
     derive: {of: reach, where: {basis: offender_national},
       through: {applies_to: {conduct: possess}}, take: any}}
  - {id: convention, question: Is it bound, type: boolean, group: treaties, topic: csam,
     derive: {of: binding, where: {treaty: coe-example-convention-2007}, take: any}}
  - {id: reservations, question: With which reservations, type: codes, group: treaties, topic: csam,
     derive: {like: convention, take: set, path: reservations.article, needs: convention,
       default: [none]}}
"""

BINDING = """
    bindings:
      - to: coe-example-convention-2007
        from: 2015-01-01
        RESERVATIONS
        sources:
          - {url: 'https://example.org/t', title: Chart, kind: official, checked_on: 2025-11-03}
"""
"""A binding, at the end of a jurisdiction's entry."""

PARTIES = {
    "NO": "",
    "TH": "reservations: []",
    "LK": "reservations: [{article: '20', from: 2016-01-01, to: 2018-01-01}]",
    "DE": "reservations: [{article: '20'}]\n        reservations_read: false",
}
"""Parties to the convention, and what is said of their reservations."""

LAW = """
id: no-example-act-2015
title: Example Act 2015
kind: act
extent: ["NO"]
summary: An invented act of which parts could not be read.
sources: &sources
  - {url: 'https://example.org/no/2015', title: Act, kind: official, checked_on: 2025-11-03}
effects:
  - {id: commenced, kind: commences, date: 2015-01-01, sources: *sources}
  - {id: second, kind: commences, date: 2016-01-01, at: [sec_2, sec_7], sources: *sources}
  - {id: third, kind: commences, date: 2017-01-01, at: [sec_3], sources: *sources}
provisions:
  - eid: sec_1
    number: "1"
    heading: Possession
    versions:
      - summary: Possession is an offence; its punishment was not read.
        offences: [{conduct: [possess], material: {class: csam}, penalties_unread: true}]
        sources: *sources
  - eid: sec_2
    number: "2"
    heading: Possession of more
    versions:
      - summary: Possession of more is an offence with known punishment.
        offences:
          - conduct: [possess]
            material: {class: csam}
            penalties:
              - prison: {max: 2y}
                fine: {amount: 5000000, currency: NOK}
                caning: discretionary
        sources: *sources
  - eid: sec_3
    number: "3"
    heading: Possession of most
    versions:
      - summary: Possession of most carries life and any fine.
        offences:
          - conduct: [possess]
            material: {class: csam}
            penalties: [{prison: {max: life}, fine: unlimited}]
        sources: *sources
  - eid: sec_4
    number: "4"
    heading: Attending
    versions:
      - summary: Attending is punished like possession.
        offences: [{conduct: [attend], penalties_of: sec_1~offence_1}]
        sources: *sources
  - eid: sec_5
    number: "5"
    heading: Services
    versions:
      - summary: Services report; what breach carries was read in part.
        duties:
          - kind: report
            subject: [csam]
            breach: [{when: {person: entity}, fine: {amount: 700, currency: NOK}}]
            breach_unread: true
        sources: *sources
  - eid: sec_6
    number: "6"
    heading: Advertising
    versions:
      - summary: Advertising and offering carry day fines or an amount.
        offences:
          - n: 1
            conduct: [advertise]
            penalties: [{prison: {max: 1y}, fine: {day_fines: true, units_min: 5, units_max: 360}}]
          - n: 2
            conduct: [advertise, offer]
            penalties: [{fine: {amount: 9000, currency: NOK}}]
        sources: *sources
  - eid: sec_7
    number: "7"
    heading: Offering
    versions:
      - summary: Offering carries a fine of which the size was not read.
        offences: [{conduct: [offer], penalties: [{fine: {}}]}]
        sources: *sources
"""

UNDATED = """
id: lk-example-act-2012
title: Example Act 2012
kind: act
extent: [LK]
summary: An invented act that an authority applies; its commencement was not found.
sources: &sources
  - {url: 'https://example.org/lk/2012', title: Act, kind: official, checked_on: 2025-11-03}
effects:
  - {id: introduced, kind: introduces, date: 2011-05-01, sources: *sources}
  - {id: assented, kind: assents, date: 2012-03-01, sources: *sources}
  - {id: commenced, kind: commences, known_by: 2015-06-01, sources: *sources}
provisions:
  - eid: sec_1
    number: "1"
    heading: Possession
    versions:
      - summary: Possession is an offence.
        offences:
          - {conduct: [possess], material: {class: csam}, penalties: [{prison: {max: 3y}}]}
        sources: *sources
  - eid: sec_2
    number: "2"
    heading: Reach
    versions:
      - summary: Nationals are reached abroad.
        reaches: [{basis: [offender_national], applies_to: [sec_1]}]
        sources: *sources
"""


@pytest.fixture(scope="module")
def unread(
    engine: str, request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[httpx.Client]:
    """A client of the small dataset with a law of which parts could not be read."""
    folder = tmp_path_factory.mktemp("unread")
    data = Path(shutil.copytree(SMALL, folder / "data"))
    for name, law in {"NO/no-example-act-2015": LAW, "LK/lk-example-act-2012": UNDATED}.items():
        file = data / "laws" / f"{name}.yaml"
        file.parent.mkdir()
        file.write_text(law.lstrip(), encoding="utf-8")
    jurisdictions = data / "jurisdictions.yaml"
    text = jurisdictions.read_text(encoding="utf-8")
    text = "".join(line for line in text.splitlines(True) if "id: NO" not in line)
    for code, said in PARTIES.items():
        country = pycountry.countries.get(alpha_2=code)
        assert country is not None
        text += f"  - id: {code}\n    name: {country.name}\n    kind: country\n"
        text += f"    alpha3: {country.alpha_3}\n    numeric: '{country.numeric}'"
        text += BINDING.replace("RESERVATIONS", said)
    jurisdictions.write_text(text, encoding="utf-8")
    append(data / "indicators.yaml", INDICATORS.lstrip("\n"))
    surveys = data / "surveys.yaml"
    said = surveys.read_text(encoding="utf-8").replace(
        "jurisdictions: [SG]", "jurisdictions: [NO, LK]"
    )
    surveys.write_text(said.replace("from: 2020-01-01", "from: 2010-01-01"), encoding="utf-8")
    with served(data, engine, request, folder) as client:
        yield client


def append(file: Path, text: str) -> None:
    file.write_text(file.read_text(encoding="utf-8") + text, encoding="utf-8")


def cells(client: httpx.Client, day: str, code: str = "NO") -> dict[str, tuple[Any, ...]]:
    """State, value and qualifier of every cell of a jurisdiction (Norway) on a day."""
    asked = {"jurisdiction": code, "as_of": day}
    answer = client.get("/v1/comparisons/matrix", params=asked)
    assert answer.status_code == 200, answer.text
    return {
        c["indicator"]: (
            c["state"],
            next((c[n] for n in ("value_boolean", "value_integer") if c[n] is not None), None)
            if not c["value_codes"]
            else c["value_codes"],
            c["qualifier"],
        )
        for c in answer.json()["cells"]
    }


NOTHING = ("not_surveyed", None, "unread")


def test_a_punishment_that_was_not_read_is_neither_zero_nor_absent(unread: httpx.Client):
    before, after = cells(unread, "2014-12-31"), cells(unread, "2015-01-01")
    assert before["possession"] == ("absent", False, None)
    assert before["possession_max_prison"][0] == "not_applicable"
    assert after["possession"] == ("coded", True, None), "that it is an offence is known"
    for indicator in ("possession_max_prison", "max_fine", "min_prison", "caning", "caned"):
        assert after[indicator] == NOTHING, indicator


def test_what_is_known_bounds_what_was_not_read(unread: httpx.Client):
    found = cells(unread, "2016-01-01")
    assert found["possession_max_prison"] == ("not_surveyed", None, "at least 24")
    assert found["max_fine"] == ("not_surveyed", None, "at least 5000000 NOK")
    assert found["min_prison"] == ("not_surveyed", None, "at most 24")
    assert found["caning"] == ("not_surveyed", None, "at least discretionary")
    assert found["caned"] == ("coded", True, None), "one that was read is enough"
    assert found["breach_max"] == ("not_surveyed", None, "at least 700 NOK")


def test_nothing_that_was_not_read_exceeds_life_or_an_unlimited_fine(unread: httpx.Client):
    found = cells(unread, "2017-01-01")
    assert found["possession_max_prison"] == ("coded", None, "life")
    assert found["max_fine"] == ("coded", None, "unlimited")
    assert found["min_prison"] == ("not_surveyed", None, "at most 24")


def test_who_takes_an_unread_punishment_from_elsewhere_has_not_read_it_either(unread: httpx.Client):
    assert cells(unread, "2015-01-01")["borrowed"] == NOTHING
    offence = unread.get("/v1/offences/no-example-act-2015~sec_4~offence_1").json()
    assert (offence["penalties"], offence["penalties_unread"]) == ([], True)


def test_tables_and_explanations_say_what_was_not_read(unread: httpx.Client):
    answer = unread.get("/v1/offences.csv", params={"law": "no-example-act-2015"})
    rows = {row["id"].split("~")[1]: row for row in csv.DictReader(io.StringIO(answer.text))}
    assert [rows[f"sec_{n}"]["penalties_unread"] for n in (1, 2, 3)] == ["true", "false", "false"]
    asked = {"jurisdiction": "NO", "as_of": "2016-01-01"}
    long = unread.get("/v1/comparisons/matrix.csv", params=asked).text
    cell = next(
        r for r in csv.DictReader(io.StringIO(long)) if r["indicator"] == "possession_max_prison"
    )
    assert (cell["state"], cell["value_integer"]) == ("not_surveyed", "")
    assert cell["qualifier"] == "at least 24"
    told = unread.get(
        "/v1/codings/NO~possession_max_prison/explanation", params={"as_of": "2016-01-01"}
    ).json()
    steps = "\n".join(told["steps"])
    assert "no-example-act-2015~sec_1~offence_1: prison.max was not read, or not all" in steps
    assert "no-example-act-2015~sec_2~offence_1: prison.max is 2y" in steps
    proved = {e["id"] for e in told["coding"]["evidence"]}
    assert {"no-example-act-2015~sec_1", "no-example-act-2015~sec_2"} <= proved


def test_day_fines_are_fines_without_an_amount(unread: httpx.Client):
    # Their worth depends on the offender: no amount of another offence is the highest fine.
    assert cells(unread, "2015-01-01")["advertising_fine"] == ("coded", None, "day_fines")
    assert cells(unread, "2015-01-01")["offering_fine"] == ("coded", 9000, "NOK")
    law = {"law": "no-example-act-2015", "conduct": "advertise"}
    (first, _) = unread.get("/v1/offences", params=law).json()["items"]
    fine = first["penalties"][0]["fine"]
    assert (fine["day_fines"], fine["units_min"], fine["units_max"]) == (True, 5, 360)
    assert (fine["amount"], fine["unlimited"]) == (None, False)
    table = csv.DictReader(io.StringIO(unread.get("/v1/offences.csv", params=law).text))
    assert [(row["fine_day_fines"], row["fine_units_max"]) for row in table] == [
        ("true", "360"),
        ("false", ""),
    ]
    shown = {"jurisdiction": "NO", "indicator": "advertising_fine", "as_of": "2015-01-01"}
    assert "day fines" in unread.get("/v1/comparisons/matrix.md", params=shown).text


def test_a_fine_of_which_the_size_was_not_read_bounds_like_other_unread_things(
    unread: httpx.Client,
):
    assert cells(unread, "2016-01-01")["offering_fine"] == (
        "not_surveyed",
        None,
        "at least 9000 NOK",
    )


@pytest.mark.parametrize(
    ("code", "day", "expected"),
    [
        ("NO", "2016-01-01", NOTHING),
        ("TH", "2016-01-01", ("coded", ["none"], None)),
        ("LK", "2015-12-31", ("coded", ["none"], None)),
        ("LK", "2016-01-01", ("coded", ["20"], None)),
        ("LK", "2018-01-01", ("coded", ["none"], None)),
        ("DE", "2016-01-01", ("not_surveyed", None, "at least 20")),
    ],
)
def test_reservations_that_were_not_read_are_not_none(
    unread: httpx.Client, code: str, day: str, expected: tuple[Any, ...]
):
    found = cells(unread, day, code)
    assert found["convention"] == ("coded", True, None)
    assert found["reservations"] == expected
    (binding,) = unread.get(f"/v1/jurisdictions/{code}").json()["bindings"]
    assert binding["reservations_read"] == (code in ("TH", "LK"))


def test_a_law_in_force_since_an_unknown_day_is_never_taken_for_absent(unread: httpx.Client):
    expected: dict[str, dict[str, tuple[Any, ...]]] = {
        "2012-02-29": {"possession": ("absent", False, None), "reach": ("absent", False, None)},
        "2012-03-01": {"possession": NOTHING, "possession_max_prison": NOTHING, "reach": NOTHING},
        "2015-05-31": {"possession": NOTHING, "possession_max_prison": NOTHING, "reach": NOTHING},
        "2015-06-01": {
            "possession": ("coded", True, None),
            "possession_max_prison": ("coded", 36, None),
            "reach": ("coded", True, None),
        },
    }
    for day, cells_of_day in expected.items():
        found = cells(unread, day, "LK")
        assert {name: found[name] for name in cells_of_day} == cells_of_day, day
    since = unread.get("/v1/codings/LK~possession_since", params={"as_of": "2020-01-01"}).json()
    assert (since["value_text"], since["qualifier"]) == ("2015-06-01", "or_earlier")
    told = unread.get("/v1/codings/LK~possession/explanation", params={"as_of": "2014-01-01"})
    assert any("known to be in force on 2015-06-01" in step for step in told.json()["steps"])
    assert {e["id"] for e in told.json()["coding"]["evidence"]} >= {"lk-example-act-2012~sec_1"}


def test_the_status_of_a_law_before_the_day_by_which_it_commenced_is_unknown(unread: httpx.Client):
    def law(day: str) -> dict[str, Any]:
        answer = unread.get("/v1/laws/lk-example-act-2012", params={"as_of": day})
        return dict(answer.json())

    days = ("2011-06-01", "2012-03-01", "2015-05-31", "2015-06-01")
    statuses = [law(day)["status"] for day in days]
    assert statuses == ["proposed", "unknown", "unknown", "in_force"]
    assert law("2020-01-01")["commenced_on"] is None
    effect = unread.get("/v1/effects/lk-example-act-2012~commenced").json()
    assert (effect["date"], effect["known_by"]) == (None, "2015-06-01")
    section = unread.get("/v1/provisions/lk-example-act-2012~sec_1").json()
    assert (section["valid_from"], section["earlier_uncoded"]) == ("2015-06-01", True)


def test_an_offence_without_a_word_on_its_punishment_has_it_unread():
    from models.offence import Offence

    def said(**more: Any) -> bool:
        return Offence.model_validate({"conduct": ["possess"], **more}).penalties_unread

    assert said()
    assert said(penalties=[{"prison": {"max": "2y"}}], penalties_unread=True), "read in part"
    assert not said(penalties=[]), "read, and there is none"
    assert not said(penalties=[{"prison": {"max": "2y"}}])
    assert not said(penalties_of="sec_1~offence_1")
