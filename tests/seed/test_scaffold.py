"""`lexcompare seed new`: what it writes lacks only what a person has to read."""

from __future__ import annotations

import re
import shutil
from datetime import date
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from api.cli import app
from models.law import LawFields
from models.vocabulary import LawKind
from seed.checks import check
from seed.dataset import default_data, load
from seed.documents import LawEntry
from seed.mistakes import Mistake, SeedError
from seed.reader import read_yaml
from seed.scaffold import FILL_IN, begin
from tests.conftest import WORLD

SMALL = Path(__file__).parents[1] / "data" / "small"


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """A copy of the small dataset."""
    return Path(shutil.copytree(SMALL, tmp_path / "small"))


def run(data: Path, *arguments: object) -> Result:
    words = ["seed", "new", *(str(a) for a in arguments), "--data", str(data)]
    return CliRunner().invoke(app, words)


def mistakes(data: Path) -> list[Mistake]:
    try:
        check(load(data))
    except SeedError as error:
        return error.mistakes
    return []


def marked(path: Path) -> list[int]:
    """Lines that a person is to fill in."""
    lines = path.read_text(encoding="utf-8").splitlines()
    return [i for i, line in enumerate(lines, start=1) if f"# {FILL_IN}" in line]


ANSWERS = {
    "title": "A title",
    "summary": "Does something.",
    "url": "https://example.org/x",
    "date": "2024-05-01",
}


def fill_in(path: Path) -> None:
    """Do what a curator does: put something where it is asked for."""
    text = path.read_text(encoding="utf-8")
    for key, value in ANSWERS.items():
        text = re.sub(rf"(?m)^([- ]*{key}:) (YYYY-MM-DD )?# {FILL_IN}.*$", rf"\1 {value}", text)
    path.write_text(text, encoding="utf-8")


def uncomment(path: Path) -> None:
    """Take the marks away before the example of a provision."""
    head, mark, example = path.read_text(encoding="utf-8").partition("# provisions:\n")
    path.write_text(head + (mark + example).replace("# ", "", 1).replace("\n# ", "\n"))


@pytest.mark.parametrize("kind", LawKind)
@pytest.mark.parametrize("title", ["", 'The "New" Act: part #1'])
def test_only_what_a_person_has_to_read_is_missing(data, kind, title):
    result = run(data, "GB", "gb-new-act-2024", "--kind", kind, *(["--title", title] * bool(title)))
    assert result.exit_code == 0, result.output
    path = Path(result.stdout.strip())
    assert path == data / "laws" / "GB" / "gb-new-act-2024.yaml"
    found = mistakes(data)
    assert {m.file for m in found} == {path.as_posix()}
    assert [m.line for m in found] == marked(path)
    assert len(found) == (7 if not title else 6)
    assert {m.message for m in found} == {"a value is missing", "a date is written YYYY-MM-DD"}

    fill_in(path)
    assert mistakes(data) == []
    law = load(data).laws["gb-new-act-2024"]
    assert (law.title, law.kind, law.year) == (title or "A title", kind, 2024)
    assert law.extent == ["GB"]
    assert {s.checked_on for s in law.sources} == {date.today()}
    assert law.provisions == []

    uncomment(path)
    assert mistakes(data) == []
    (provision,) = load(data).laws["gb-new-act-2024"].provisions
    assert len(provision.versions) == 1


def test_keys_stand_in_the_order_of_the_documentation(data):
    path = begin(data, "GB", "gb-new-act-2024", title="T")
    written = re.findall(r"(?m)^(?:# )?([a-z_]+):", path.read_text(encoding="utf-8"))
    keys = ["id", *LawFields.model_fields, "effects", "provisions"]
    written.remove("note")  # it stands with the summary, where a reader meets it
    assert [key for key in keys if key in written] == written
    fill_in(path)
    assert set(read_yaml(path, "x").data) <= set(LawEntry.model_fields)


@pytest.mark.parametrize(
    ("code", "law", "file", "extent"),
    [
        ("GB-EAW", "gb-eaw-act-2024", "GB/gb-eaw-act-2024.yaml", "[GB-EAW]"),
        ("NO", "no-law-2024", "NO/no-law-2024.yaml", "[NO]"),
        ("SG", "sg-law-2024", "SG/sg-law-2024.yaml", "[SG]"),
    ],
)
def test_where_it_stands_and_where_it_is_law(data, code, law, file, extent):
    path = begin(data, code, law)
    assert path == data / "laws" / file
    assert f"extent: {extent}" in path.read_text(encoding="utf-8")
    fill_in(path)
    assert mistakes(data) == []


def test_a_treaty_is_called_by_its_name(data):
    path = begin(data, "COE", "new-convention", kind=LawKind.TREATY)
    assert path.parent.name == "COE"
    assert "# year: 2000" in path.read_text(encoding="utf-8")
    fill_in(path)
    assert mistakes(data) == []


def test_a_regulation_of_a_union_applies_directly(tmp_path):
    data = Path(shutil.copytree(WORLD, tmp_path / "world"))
    regulation = begin(data, "EU", "eu-new-regulation-2024", kind=LawKind.REGULATION)
    directive = begin(data, "EU", "eu-new-directive-2024", kind=LawKind.DIRECTIVE)
    fill_in(regulation)
    fill_in(directive)
    laws = load(data).laws
    assert laws["eu-new-regulation-2024"].direct
    assert not laws["eu-new-directive-2024"].direct
    assert mistakes(data) == []


def said(result: Result) -> str:
    assert result.exit_code == 2
    return " ".join(re.sub("[│╭╮╰╯─]", " ", result.stderr).split())


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("UK", "gb-law-2024"), "no such jurisdiction: 'UK'; did you mean 'GB'?"),
        (("SGP", "sg-law-2024"), "no such jurisdiction: 'SGP'; did you mean 'SG'?"),
        (("FR", "fr-law-2024"), "no such jurisdiction: 'FR'; list it in jurisdictions.yaml first"),
        (("SG", "gb-law-2024"), "begins with sg-: sg-gb-law-2024"),
        (("SG", "SG Law 2024"), "joined by hyphens, such as sg-law-2024"),
        (("SG", "sg-example-act-2020"), "sg-example-act-2020 is there already"),
        (("SG", "sg-former-act-1970"), "sg-former-act-1970 is there already"),
        (("SG", "sg-law-2024", "--kind", "akt"), "'akt' is not one of 'act'"),
        (("SG", "sg-law-2024", "--year", "24"), "greater than or equal to 1000"),
    ],
)
def test_what_does_not_fit_is_refused_and_writes_nothing(data, arguments, message):
    before = sorted(path.as_posix() for path in data.rglob("*"))
    assert message in said(run(data, *arguments))
    assert sorted(path.as_posix() for path in data.rglob("*")) == before


def test_no_dataset_there(tmp_path):
    assert "no dataset there" in said(run(tmp_path, "SG", "sg-law-2024"))


def test_a_law_of_the_dataset_is_never_written_over(tmp_path):
    """The search in the text finds every law that loading finds."""
    data = Path(shutil.copytree(default_data(), tmp_path / "data"))
    laws = load(data).laws
    for law in list(laws)[::7]:
        code = laws[law].extent[0]
        result = run(data, code, law, "--kind", laws[law].kind)
        assert "is there already" in said(result), law


def test_other_unfinished_files_do_not_stand_in_the_way(data):
    begin(data, "SG", "sg-first-2024")
    begin(data, "SG", "sg-second-2024")
    assert len({m.file for m in mistakes(data)}) == 2
