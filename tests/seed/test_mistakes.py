"""What curators are told about their mistakes: the exact words, at the exact place."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from itertools import pairwise
from pathlib import Path

import pytest

from models.duty import Duty
from models.penalty import Term
from models.record import Record, Reference
from models.vocabulary import Word
from seed.checks import check
from seed.cli import FILES, file_schema
from seed.dataset import Dataset, load
from seed.mistakes import Mistake, SeedError, nearest
from seed.shapes import _PATTERNS

SMALL = Path(__file__).parents[1] / "data" / "small"
CASES = Path(__file__).with_name("mistakes.txt")
ACT = "laws/SG/sg-example-act-2020.yaml"

PLACE = "‸"
STANDS_FOR = {"⇥": "\t", "␇": "\x07", "⏎": "\n"}


@dataclass
class Case:
    """An edit of one file, and what is said of it."""

    name: str
    file: str
    old: list[str] = field(default_factory=list)
    new: list[str] = field(default_factory=list)
    whole: list[str] = field(default_factory=list)
    places: list[str] = field(default_factory=list)
    messages: list[str] = field(default_factory=list)


def read_cases() -> list[Case]:
    """Read `mistakes.txt`."""
    cases: list[Case] = []
    fields = {"-": "old", "+": "new", "=": "whole", "@": "places", "!": "messages"}
    for block in CASES.read_text(encoding="utf-8").split("\n=== ")[1:]:
        name, file, *rest = [line for line in block.split("\n") if line and line[0] != "#"]
        case = Case(name, file)
        for line in rest:
            getattr(case, fields[line[0]]).append(line[2:])
        cases.append(case)
    return cases


def place_of(text: str, index: int) -> str:
    """Line and column of a place in a text."""
    before = text[:index]
    return f"{before.count(chr(10)) + 1}:{len(before) - before.rfind(chr(10))}"


def edit(case: Case, text: str) -> tuple[str, list[str]]:
    """Return the file with the mistake in it, and the places that are marked in it."""
    if case.whole:
        marked = "\n".join(case.whole) + "\n"
    else:
        old = "\n".join(case.old)
        assert text.count(old) == 1, f"{old!r} stands {text.count(old)} times in {case.file}"
        marked = (
            text.replace(old, "\n".join(case.new)) if case.new else text.replace(old + "\n", "")
        )
    for sign, meant in STANDS_FOR.items():
        marked = marked.replace(sign, meant)
    places: list[str] = []
    while PLACE in marked:
        index = marked.index(PLACE)
        places.append(f"{case.file}:{place_of(marked, index)}")
        marked = marked.replace(PLACE, "", 1)
    return marked, places


def other_place(folder: Path, said: str) -> str:
    """Find a place that a case names by its text."""
    file, _, snippet = said.partition(": ")
    if not snippet:
        return f"{file}:1:1"
    snippet = snippet.replace("⏎", "\n")
    text = (folder / file).read_text(encoding="utf-8")
    plain = snippet.replace(PLACE, "")
    assert text.count(plain) == 1, f"{plain!r} stands {text.count(plain)} times in {file}"
    return f"{file}:{place_of(text, text.index(plain) + snippet.index(PLACE))}"


@pytest.fixture
def small(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the small dataset in the working directory, free of mistakes."""
    folder = tmp_path / "data"
    shutil.copytree(SMALL, folder)
    monkeypatch.chdir(folder)
    return folder


def mistakes(folder: Path, today: date | None = None) -> list[str]:
    """Everything that is said about a dataset."""
    try:
        check(load(folder), today)
    except SeedError as error:
        return str(error).split("\n")
    return []


def change(folder: Path, file: str, old: str, new: str) -> None:
    """Make one edit."""
    path = folder / file
    text = path.read_text(encoding="utf-8")
    assert text.count(old) == 1, f"{old!r} stands {text.count(old)} times in {file}"
    path.write_text(text.replace(old, new), encoding="utf-8")


def test_the_small_dataset_has_no_mistakes(small):
    assert mistakes(small) == []


ALL_CASES = read_cases()


@pytest.mark.parametrize("case", ALL_CASES, ids=[case.name for case in ALL_CASES])
def test_a_mistake_is_named_at_its_place(small, case):
    path = small / case.file
    text, places = edit(case, path.read_text(encoding="utf-8"))
    path.write_text(text, encoding="utf-8", newline="")
    places += [other_place(small, said) for said in case.places]
    assert len(places) == len(case.messages)
    expected = [f"{place}: {said}" for place, said in zip(places, case.messages, strict=True)]
    found = mistakes(small)
    assert sorted(found) == sorted(expected)
    order = [(file, int(line), int(column)) for file, line, column, *_ in map(_parts, found)]
    assert order == sorted(order)


def _parts(rendered: str) -> list[str]:
    return rendered.split(":", 3)


def test_names_of_cases_are_unique():
    names = [case.name for case in ALL_CASES]
    assert len(set(names)) == len(names) >= 40


# --- what is no mistake -------------------------------------------------------------------------


def test_norway_and_zeros_are_read_as_yaml_1_2_says(small):
    change(small, ACT, "prior: 1}", "prior: 010}")
    change(small, "authorities.yaml", "jurisdiction: SG, url", "jurisdiction: NO, url")
    dataset = load(small)
    check(dataset)
    assert dataset.jurisdictions["NO"].name == "Norway"
    assert dataset.authorities["sg-regulator"].jurisdiction == "NO"
    versions = dataset.laws["sg-example-act-2020"].provisions[2].versions
    assert versions[1].offences[0].penalties[1].when.prior == 10


def test_what_satisfies_a_duty_is_free(small):
    change(small, ACT, "[foreign-report]", "[whatever-a-law-says, something-else]")
    dataset = load(small)
    check(dataset)
    duty: Duty = dataset.laws["sg-example-act-2020"].provisions[4].versions[0].duties[0]
    assert duty.satisfied_by == ["whatever-a-law-says", "something-else"]


def test_a_source_may_be_checked_today_but_not_tomorrow(small):
    assert mistakes(small, date(2025, 11, 3)) == []
    assert "a source cannot be checked in the future" in mistakes(small, date(2025, 11, 2))[0]


def test_a_byte_order_mark_and_windows_line_ends_are_harmless(small):
    path = small / "topics.yaml"
    text = path.read_text(encoding="utf-8")
    path.write_bytes(b"\xef\xbb\xbf" + text.replace("\n", "\r\n").encode())
    assert mistakes(small) == []
    path.write_bytes(b"\xef\xbb\xbf" + text.replace("broader", "brooder").encode())
    assert mistakes(small) == [
        "topics.yaml:3:46: no such key here (found 'brooder'); did you mean 'broader'?"
    ]


def test_anchors_are_read_and_their_mistakes_named_once(small):
    change(small, ACT, "title: Gazette 1", "titel: Gazette 1")
    found = mistakes(small)
    assert [said.split(": ", 1)[1] for said in found] == [
        "the key 'title' is missing",
        "no such key here (found 'titel'); did you mean 'title'?",
    ]


def test_hidden_files_of_editors_and_other_kinds_of_file_are_left_alone(small):
    (small / "laws" / "SG" / ".#sg-example-act-2020.yaml").write_text("{")
    (small / "laws" / "SG" / "notes.md").write_text("# notes")
    assert mistakes(small) == []


def test_shared_files_other_than_the_release_can_be_missing(small):
    (small / "surveys.yaml").unlink()
    assert mistakes(small) == []


# --- files --------------------------------------------------------------------------------------


def put(name: str, content: str | bytes = "id: x\n") -> Callable[[Path], None]:
    """An action that writes a file."""

    def act(folder: Path) -> None:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else content.encode())

    return act


def move(old: str, new: str) -> Callable[[Path], None]:
    """An action that renames a file."""

    def act(folder: Path) -> None:
        (folder / new).parent.mkdir(parents=True, exist_ok=True)
        (folder / old).rename(folder / new)

    return act


MISPLACED = "no such seed file: laws stand in laws/<jurisdiction>/<law>.yaml"


LAUGHS = "\n".join(
    ["groups:", "- &a [x, y, z]"]
    + [f"- &{name} [{', '.join([f'*{of}'] * 9)}]" for of, name in pairwise("abcdefghi")]
)
"""A few lines that aliases make into hundreds of millions of values."""


@pytest.mark.parametrize(
    ("act", "expected"),
    [
        pytest.param(
            lambda folder: (folder / "release.yaml").unlink(),
            ["release.yaml:1:1: the file is missing"],
            id="no release",
        ),
        pytest.param(
            put("topic.yaml"),
            [f"topic.yaml:1:1: {MISPLACED} (found 'topic.yaml'); did you mean 'topics.yaml'?"],
            id="shared file misspelled",
        ),
        pytest.param(
            put("topics.yml"),
            [f"topics.yml:1:1: {MISPLACED} (found 'topics.yml'); did you mean 'topics.yaml'?"],
            id="shared file with another ending",
        ),
        pytest.param(
            put("laws/sg-other-act-1990.yaml"),
            [f"laws/sg-other-act-1990.yaml:1:1: {MISPLACED} (found 'sg-other-act-1990.yaml')"],
            id="law without folder",
        ),
        pytest.param(
            put("laws/SG/acts/sg-other-act-1990.yaml"),
            [
                f"laws/SG/acts/sg-other-act-1990.yaml:1:1: {MISPLACED}"
                " (found 'sg-other-act-1990.yaml')"
            ],
            id="law in a deeper folder",
        ),
        pytest.param(
            put("laws/SG/sg-other-act-1990.YAML"),
            [f"laws/SG/sg-other-act-1990.YAML:1:1: {MISPLACED} (found 'sg-other-act-1990.YAML')"],
            id="ending in capitals",
        ),
        pytest.param(
            move(ACT, "laws/SG/sg-example-act.yaml"),
            [
                "laws/SG/sg-example-act.yaml:1:5: the file is not called like the law"
                " (found 'sg-example-act-2020'); did you mean 'sg-example-act'?"
            ],
            id="file name differs from the id",
        ),
        pytest.param(
            move(ACT, "laws/GB/sg-example-act-2020.yaml"),
            [
                "laws/GB/sg-example-act-2020.yaml:1:5: the id of a law in the folder GB begins"
                " with gb- (found 'sg-example-act-2020')"
            ],
            id="law in the folder of another jurisdiction",
        ),
        pytest.param(
            put("groups.yaml", "groups:\n  - name: Länder\n".encode("latin-1")),
            ["groups.yaml:2:12: the file is not saved as UTF-8"],
            id="Latin-1",
        ),
        pytest.param(
            put("groups.yaml", "groups: []\n".encode("utf-16")),
            ["groups.yaml:1:1: the file is not saved as UTF-8"],
            id="UTF-16",
        ),
        pytest.param(
            put("groups.yaml", ""), ["groups.yaml:1:1: the file is empty"], id="empty file"
        ),
        pytest.param(
            put("groups.yaml", "groups: " + "[" * 100_000),
            ["groups.yaml:1:68: nested more than 60 levels deep"],
            id="nested deep in brackets",
        ),
        pytest.param(
            put("groups.yaml", "groups:\n  " + "- " * 100_000),
            ["groups.yaml:2:121: nested more than 60 levels deep"],
            id="nested deep in dashes",
        ),
        pytest.param(
            put("groups.yaml", LAUGHS),
            [
                "groups.yaml:2:7: the file holds more than 300,000 values,"
                " those under aliases counted each time"
            ],
            id="aliases of aliases",
        ),
        pytest.param(
            put("groups.yaml", "groups:\n"),
            ["groups.yaml:1:8: a value is missing"],
            id="empty list",
        ),
        pytest.param(
            lambda folder: (folder / "laws" / "SG" / "x.yaml").mkdir(),
            ["laws/SG/x.yaml:1:1: the file cannot be read: Is a directory"],
            id="folder that is called like a file",
        ),
        pytest.param(
            put("laws/SG/instruments.yaml", "law:\n  - id: sg-former-act-1970\n"),
            [
                "laws/SG/instruments.yaml:1:1: no such key here"
                " (found 'law'); did you mean 'laws'?",
                "laws/SG/instruments.yaml:1:1: the key 'laws' is missing",
            ],
            id="several laws under a misspelled key",
        ),
    ],
)
def test_files(small, act, expected):
    act(small)
    assert mistakes(small) == expected


def test_a_folder_that_is_not_there(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert mistakes(Path("nowhere")) == ["nowhere/release.yaml:1:1: the file is missing"]


def test_files_are_called_as_a_terminal_opens_them(small, monkeypatch):
    change(small, "release.yaml", "title:", "titel:")
    for here, name in ((small, "release.yaml"), (small.parent, "data/release.yaml")):
        monkeypatch.chdir(here)
        assert mistakes(small)[1] == f"{name}:3:1: " + (
            "no such key here (found 'titel'); did you mean 'title'?"
        )
        assert mistakes(Path(name).parent) == mistakes(small)
    monkeypatch.chdir(small / "laws")
    assert mistakes(small)[1].startswith(f"{small.as_posix()}/release.yaml:3:1: ")


# --- several together ---------------------------------------------------------------------------


def test_mistakes_of_all_files_come_together_in_order(small):
    change(small, "topics.yaml", "broader: csam", "brooder: csam")
    change(small, "release.yaml", "date: 2026-01-15", "date: 15.1.2026")
    change(small, ACT, "kind: replaces", "kind: replace")
    change(small, ACT, "selected: true", "selected: True?")
    change(small, "laws/SG/instruments.yaml", "date: 2021-11-01", "date: 2021-11-31")
    change(small, "groups.yaml", "name: Members", 'name: "Members')
    change(small, "laws/GB/gb-example-act-1990.yaml", "id: gb-example", "id: gb-exmple")
    put("more.yaml")(small)
    assert mistakes(small) == [
        "groups.yaml:3:11: not YAML: this quote is never closed",
        "laws/GB/gb-example-act-1990.yaml:1:5: the file is not called like the law"
        " (found 'gb-exmple-act-1990'); did you mean 'gb-example-act-1990'?",
        "laws/SG/instruments.yaml:22:42: there is no such day (found '2021-11-31')",
        f"{ACT}:9:11: true or false is expected here (found 'True?')",
        f"{ACT}:15:12: not a word of this vocabulary (found 'replace'); did you mean 'replaces'?",
        f"more.yaml:1:1: {MISPLACED} (found 'more.yaml')",
        "release.yaml:2:7: a date is written YYYY-MM-DD (found '15.1.2026')",
        "topics.yaml:3:46: no such key here (found 'brooder'); did you mean 'broader'?",
    ]


def test_mistakes_between_files_come_together_in_order(small):
    change(small, "topics.yaml", "{id: csam,", "{id: child-material,")
    said = "no such topic (found 'csam'); did you mean 'csam-possession'?"
    assert mistakes(small) == [
        f"{place}: {said}"
        for place in (
            "indicators.yaml:25:12",
            "laws/COE/coe-example-convention-2007.yaml:15:14",
            "laws/GB/gb-example-act-1990.yaml:6:10",
            "laws/SG/sg-example-act-2020.yaml:48:14",
            "surveys.yaml:4:14",
            "topics.yaml:3:55",
        )
    ]


def test_a_mistake_is_reported_once_and_sorted_by_line_not_by_text():
    first, second = Mistake("a", 9, 1, "m"), Mistake("a", 10, 1, "m", "x", "y")
    error = SeedError([second, first, Mistake("a", 9, 1, "m", "v"), first])
    assert str(error) == (
        "a:9:1: m\na:9:1: m (found 'v')\na:10:1: m (found 'x'); did you mean 'y'?"
    )


# --- suggestions --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("posess", "possess"),
        ("POSSESS", "possess"),
        ("possession", "possess"),
        ("groom", "groom_meet"),
        ("intimate-image", "intimate_image"),
        ("image", "intimate_image"),
        ("xyz", None),
        ("", None),
    ],
)
def test_the_nearest_word(said, meant):
    words = ["possess", "produce", "access", "groom_meet", "intimate_image", "falsehood"]
    assert nearest(said, words) == meant


def _words(cls: type[Word] = Word) -> list[type[Word]]:
    return [sub for direct in cls.__subclasses__() for sub in (direct, *_words(direct))]


def test_a_letter_left_out_of_any_word_leads_back_to_it():
    for vocabulary in _words():
        known = [word.value for word in vocabulary]
        for word in known:
            if len(word) > 4:
                assert nearest(word[:2] + word[3:], known) == word, (vocabulary, word)


def test_references_of_every_kind_of_facet_are_checked_for_where_they_lead():
    from models.provision import Facets
    from seed.facet_checks import _LEADS_TO

    def keys(schema: type[Record]) -> set[str]:
        found: set[str] = set()
        for name, info in schema.model_fields.items():
            for inner in _classes(info.annotation):
                if issubclass(inner, Reference):
                    found.add(str(info.validation_alias or name))
                elif issubclass(inner, Record):
                    found |= keys(inner)
        return found

    assert keys(Facets) == set(_LEADS_TO)


def _classes(annotation: object) -> list[type]:
    if isinstance(annotation, type):
        return [annotation]
    return [c for a in getattr(annotation, "__args__", ()) for c in _classes(a)]


@pytest.mark.parametrize(
    ("old", "new", "place"),
    [
        ("path: prison.max", "path: prison.maximum", "14:86"),
        ("{conduct: possess, material", "{conducts: possess, material", "7:34"),
        ("needs: possession,", "qualifier: nowhere,", "14:109"),
    ],
)
def test_a_rule_that_leads_nowhere_is_named_at_its_key(small, old, new, place):
    change(small, "indicators.yaml", old, new)
    said = mistakes(small)
    assert said
    assert all(
        one.startswith(f"indicators.yaml:{place}: the rule cannot be evaluated: ") for one in said
    )
    assert not any(" a offence" in one for one in said)


def test_every_pattern_of_a_seed_file_is_put_into_words():
    def patterns(schema: object) -> set[str]:
        if isinstance(schema, dict):
            inner = {found for value in schema.values() for found in patterns(value)}
            return inner | (
                {schema["pattern"]} if isinstance(schema.get("pattern"), str) else set()
            )
        if isinstance(schema, list):
            return {found for value in schema for found in patterns(value)}
        return set()

    terms = patterns(Term.model_json_schema(mode="validation"))
    found = {pattern for kind in FILES for pattern in patterns(file_schema(kind))} - terms
    assert len(found) > 5
    assert found <= set(_PATTERNS)


def test_messages_never_speak_of_pydantic():
    text = CASES.read_text(encoding="utf-8").lower()
    said = [line for line in text.splitlines() if line.startswith("! ")]
    for jargon in ("input should", "valid dictionary", "instance of", "pattern '", "pydantic"):
        assert not [line for line in said if jargon in line]


def test_a_dataset_knows_where_everything_was_written(small):
    dataset: Dataset = load(small)
    origin = dataset.origin("topics", "csam-possession")
    assert str(origin.mistake(("broader",), "m", "v")) == "topics.yaml:3:55: m (found 'v')"
    assert json.dumps(vars(origin.mistake((), "m"))) == json.dumps(
        {
            "file": "topics.yaml",
            "line": 3,
            "column": 5,
            "message": "m",
            "value": None,
            "suggestion": None,
        }
    )
