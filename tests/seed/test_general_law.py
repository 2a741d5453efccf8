"""General law: a rule of another kind answers for the offences it covers, on the days it does."""

from __future__ import annotations

import shutil
from datetime import date
from pathlib import Path

import pytest

from models.coding import CellState
from seed.cell import Piece
from seed.codebook import Codebook
from seed.dataset import load
from seed.derivation import Derivation
from seed.facets import Facets
from seed.places import Places
from seed.ties import Ties

WORLD = Path(__file__).parents[1] / "data" / "world"
IMAGES = "laws/GB/gb-example-images-act-1988.yaml"

INDICATOR = """\
  - {id: attempt, question: Is its attempt punished, type: boolean, group: offences, topic: csam,
     derive: {of: offence, where: {material.class: csam, attempt: true}, take: any,
              else: {adds: attempt}, else_of: sentencing,
              else_through: {applies_to: {material.class: csam}}}}
"""

ATTEMPTS = """\
id: gb-example-attempts-act-1981
title: Example Attempts Act 1981
kind: act
year: 1981
extent: [GB-EAW]
summary: An invented act that punishes attempts in general.
sources: &law
  - {url: 'https://law.example/gb/attempts', title: Attempts, kind: official,
     checked_on: 2026-01-15}
effects:
  - {id: commencement, kind: commences, date: 1981-08-27, sources: *law}
  - {id: repeal, kind: repeals, date: 2010-01-01, sources: *law}
provisions:
  - eid: sec_1
    number: "1"
    heading: Attempt
    versions:
      - summary: The attempt of every offence is punished like the offence.
        sentencings:
          - {adds: [attempt], applies_to: [gb-example-images-act-1988~sec_160]}
        sources: *law
"""


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """The little world, with a general rule on attempts in England and Wales."""
    folder = Path(shutil.copytree(WORLD, tmp_path / "world"))
    (folder / "laws/GB/gb-example-attempts-act-1981.yaml").write_text(ATTEMPTS, encoding="utf-8")
    with (folder / "indicators.yaml").open("a", encoding="utf-8") as file:
        file.write(INDICATOR)
    return folder


def change(data: Path, old: str, new: str, file: str = IMAGES) -> None:
    text = (data / file).read_text(encoding="utf-8")
    assert old in text
    (data / file).write_text(text.replace(old, new, 1), encoding="utf-8")


def pieces(data: Path, code: str = "GB-EAW") -> list[Piece]:
    dataset = load(data)
    facets = Facets(dataset)
    return Derivation(facets, Ties(facets), Places(dataset)).pieces(code, "attempt")


def states(data: Path, code: str = "GB-EAW") -> list[tuple[date, CellState, bool | None]]:
    """The states of a cell, each with the first day on which it is one."""
    found: list[tuple[date, CellState, bool | None]] = []
    for piece in pieces(data, code):
        if not found or found[-1][1:] != (piece.cell.state, piece.cell.boolean):
            found.append((piece.span.start, piece.cell.state, piece.cell.boolean))
    return found


def test_the_general_rule_answers_while_it_and_an_offence_that_it_covers_are_in_force(data):
    """The rule is older than the offence, which begins in the middle of the rule's days."""
    assert states(data)[1:] == [
        (date(1988, 9, 29), CellState.GENERAL_LAW, True),
        (date(2010, 1, 1), CellState.NOT_SURVEYED, None),
    ]


def test_the_evidence_names_the_rule_and_what_it_covers(data):
    piece = next(p for p in pieces(data) if date(2000, 1, 1) in p.span)
    provisions = [e.id for e in piece.cell.evidence if e.kind == "provision"]
    assert provisions == [
        "gb-example-attempts-act-1981~sec_1",
        "gb-example-images-act-1988~sec_160",
    ]
    assert "only the general law covers it: general_law" in piece.steps


def test_what_the_offence_says_itself_comes_first(data):
    change(data, "fault: strict\n", "fault: strict\n            attempt: true\n")
    assert states(data)[1:] == [
        (date(1988, 9, 29), CellState.GENERAL_LAW, True),
        (date(2001, 1, 11), CellState.CODED, True),
    ]


def test_a_rule_answers_for_nothing_that_it_does_not_cover(data):
    change(
        data,
        "[gb-example-images-act-1988~sec_160]",
        "[gb-example-sexual-act-2003]",
        "laws/GB/gb-example-attempts-act-1981.yaml",
    )
    assert {state for _, state, _ in states(data)} == {CellState.NOT_SURVEYED}


def test_it_holds_where_the_rule_is_law(data):
    """The whole reads its lead; another jurisdiction does not read the rule."""
    assert (date(1988, 9, 29), CellState.GENERAL_LAW, True) in states(data, "GB")
    assert CellState.GENERAL_LAW not in {state for _, state, _ in states(data, "SG")}


def test_a_cell_changes_on_the_day_on_which_a_rule_begins_to_cover_something(data):
    """`through` reads ties: they begin and end on days of their own."""
    new = "of: sentencing, where: {}, through: {applies_to: {conduct: possess}}, take: any"
    change(data, "of: sentencing, where: {adds: [ban]}, take: any", new, "indicators.yaml")
    dataset = load(data)
    facets = Facets(dataset)
    found = Derivation(facets, Ties(facets), Places(dataset)).pieces("GB-EAW", "aftercare")
    assert next(p.span.start for p in found if p.cell.boolean) == date(1988, 9, 29)


def test_the_rule_in_words(data):
    said = Codebook(load(data).indicators).words("attempt")
    assert said.endswith(
        "Failing that, the general law: sentencing rules with adds = attempt,"
        " covering an offence, duty or power with material.class = csam."
    )
