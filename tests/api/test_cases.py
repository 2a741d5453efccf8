"""`lexcompare reach`: a CSV file of cases gives a CSV file of answers."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import httpx
import pytest
from typer.testing import CliRunner

from api.cli import app
from models.store import open_store
from seed import cli
from seed.compiler import compile_seed
from tests.conftest import WORLD

CASES = """\
case,conduct,place,offender_nationality,victim_age,victim_place,act_date
maker,produce,TH,SG,,,2021-05-01
"two, three",produce;possess,FR,TH,12,SG,2021-05-01
,possess,TH,SG,,,2019-12-31
"""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with the invented dataset, compiled."""
    store = open_store("", tmp_path / "db")
    compile_seed(WORLD, store)
    store.close()
    monkeypatch.setattr(cli, "default_data", lambda: WORLD)
    return tmp_path


def run(folder: Path, text: str, *options: str) -> tuple[int, str, str]:
    file = folder / "cases.csv"
    file.write_text(text, encoding="utf-8")
    done = CliRunner().invoke(
        app, ["reach", str(file), "--folder", str(folder / "db"), *options], env={}
    )
    return done.exit_code, done.stdout, done.stderr


def test_a_row_for_each_case_jurisdiction_and_offence(folder: Path, world: httpx.Client):
    code, out, _ = run(folder, CASES)
    assert code == 0
    rows = list(csv.DictReader(io.StringIO(out)))
    assert list(dict.fromkeys(row["case"] for row in rows)) == ["maker", "two, three", "3"]
    (made,) = [r for r in rows if r["case"] == "maker" and r["outcome"] == "reached"]
    assert (made["jurisdiction"], made["basis"]) == ("SG", "offender_national")
    both = {r["codes"] for r in rows if r["case"] == "two, three" and r["outcome"] == "reached"}
    assert both == {"produce", "possess;access"}
    early = [r for r in rows if r["case"] == "3" and r["jurisdiction"] == "SG"]
    assert [r["jurisdiction_best_outcome"] for r in early] == ["no_offence"]
    # The same rows as the service gives to each case.
    asked = {"conduct": "produce", "place": "TH", "offender_nationality": "SG"}
    answer = world.get("/v1/comparisons/reach.csv", params={**asked, "act_date": "2021-05-01"})
    served = list(csv.DictReader(io.StringIO(answer.text)))
    assert [{**r, "case": "maker"} for r in served] == [r for r in rows if r["case"] == "maker"]


def test_answers_can_go_into_a_file(folder: Path):
    code, out, _ = run(folder, CASES, "--into", str(folder / "answers.csv"))
    assert (code, out) == (0, "")
    assert (folder / "answers.csv").read_bytes().startswith(b"case,jurisdiction,")
    assert b"\r\r\n" not in (folder / "answers.csv").read_bytes()


def test_a_spreadsheet_with_a_byte_order_mark_reads_like_any_other(folder: Path):
    assert run(folder, "\ufeff" + CASES)[:2] == run(folder, CASES)[:2]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("conduct,place\nproduce,UK\n", ":2: place 'UK': this is no code"),
        ("conduct,place\nproduce,UK\n", "did you mean GB?"),
        ("conduct,colour\nproduce,red\n", ":2: colour 'red': there is no such parameter here"),
        ("conduct,place\nproduce,SG\nposess,SG\n", ":3: conduct 'posess'"),
        ("conduct\nproduce,SG\n", ":2: more cells than the header has"),
        ("conduct\n", "no cases"),
        ("", "no cases"),
    ],
)
def test_a_case_that_cannot_be_read_is_named_by_its_line(folder: Path, text: str, expected: str):
    code, out, err = run(folder, text)
    assert (code, out) == (1, "")
    assert expected in err


def explain(folder: Path, *arguments: str) -> tuple[int, str, str]:
    options = ("--folder", str(folder / "db"))
    done = CliRunner().invoke(app, ["explain", *arguments, *options], env={})
    return done.exit_code, done.stdout, done.stderr


def test_an_explanation_begins_with_the_result(folder: Path):
    code, out, _ = explain(folder, "SG", "possession", "--as-of", "2021-01-01")
    assert code == 0
    question, result, blank, *_, last = out.splitlines()
    assert question.startswith("Is possessing it an offence")
    assert (result, blank) == ("coded: True", "")
    assert last.startswith("- ")


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        (("SG", "possession", "--as-of", "2020"), "as_of=2020: a date is written YYYY-MM-DD."),
        (("LV", "possession"), "'possession' is not coded for LV: what nobody has surveyed has no"),
        (("SG", "posession"), "there is no 'SG~posession'. Did you mean 'SG~possession'?"),
    ],
)
def test_an_explanation_that_cannot_be_given_says_why(folder: Path, arguments, reason):
    code, out, error = explain(folder, *arguments)
    assert (code, out) == (1, "")
    assert reason in error
