"""The examples of docs/curating.md: valid by the shapes, and what the dataset says."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from models.provision import VersionEntry
from models.record import Record
from models.vocabulary import Outcome, SourceKind
from seed.cli import FILES
from seed.dataset import Dataset, default_data, load
from seed.documents import LawEntry
from seed.lock import Standing
from seed.reader import Document, read_yaml
from seed.shapes import validate

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "curating.md").read_text(encoding="utf-8")
EXAMPLE = re.compile(r"<!-- from (?P<place>\S+) -->\n```yaml\n(?P<text>.*?)```", re.DOTALL)
EXAMPLES = [(match["place"], match["text"]) for match in EXAMPLE.finditer(PAGE)]

SOURCE = {
    "url": "https://example.org/x",
    "title": "X",
    "kind": "official",
    "checked_on": "2026-01-01",
}
LAW: dict[str, Any] = {
    "id": "x-y",
    "title": "X",
    "kind": "act",
    "extent": ["SG"],
    "summary": "X.",
    "sources": [SOURCE],
}


@pytest.fixture(scope="module")
def dataset() -> Dataset:
    return load(default_data())


def read(text: str, path: Path) -> dict[str, Any]:
    path.write_text(text, encoding="utf-8")
    data: dict[str, Any] = read_yaml(path, path.name).data
    return data


def whole(place: str, said: dict[str, Any]) -> tuple[type[Record], dict[str, Any]]:
    """Put an example where it belongs in a file that is otherwise complete."""
    if "/" in place:
        kind = place.split("/")[0]
        for entry in said[kind]:
            for value in entry.get("values", []):
                value.setdefault("sources", [SOURCE])
        return FILES[kind], said
    if "~" not in place:
        return LawEntry, {**LAW, **said}
    version = {"summary": "X.", **said}
    provision = {"eid": "sec_1", "number": "1", "heading": "X", "versions": [version]}
    return LawEntry, {**LAW, "provisions": [provision]}


def test_there_are_examples_and_all_are_checked():
    assert len(EXAMPLES) >= 20
    assert PAGE.count("```yaml") == len(EXAMPLES)


@pytest.mark.parametrize(("place", "text"), EXAMPLES)
def test_examples_fit_the_shapes(tmp_path, place, text):
    said = read(text, tmp_path / "example.yaml")
    schema, data = whole(place, said)
    validate(Document("docs/curating.md", data), schema)


@pytest.mark.parametrize(("place", "text"), EXAMPLES)
def test_examples_are_what_the_dataset_says(dataset, tmp_path, place, text):
    said = read(text, tmp_path / "example.yaml")
    found = list(written(dataset, place))
    assert found, f"the dataset has no {place}"
    assert any(holds(there, said) for there in found), f"{place} says something else"


def written(dataset: Dataset, place: str) -> Iterator[Any]:
    """What the files hold at a place: each version of a provision, a law, or a shared file."""
    if "/" in place:
        kind, id_ = place.split("/")
        yield {kind: [entry_of(dataset, kind, id_)]}
        return
    law, _, eid = place.partition("~")
    entry = entry_of(dataset, "laws", law)
    if not eid:
        yield entry
    for provision in entry["provisions"]:
        if provision["eid"] == eid:
            yield from provision["versions"]


def entry_of(dataset: Dataset, collection: str, id_: str) -> Any:
    origin = dataset.origin(collection, id_)
    held = origin.document.data
    for step in origin.trail:
        held = held[step]
    return held


def holds(there: Any, said: Any) -> bool:
    """Tell whether all that is said stands there; examples leave out what they are not about.

    Records of a list are found anywhere in it; lists of words are the same, word by word.
    """
    if isinstance(said, dict):
        return isinstance(there, dict) and all(
            key in there and holds(there[key], value) for key, value in said.items()
        )
    if isinstance(said, list) and said and isinstance(said[0], dict):
        return isinstance(there, list) and all(
            any(holds(item, one) for item in there) for one in said
        )
    return bool(there == said)


def test_the_comparison_finds_what_differs(dataset):
    (there,) = written(dataset, "sg-penal-code-1871~sec_377BK")
    offence = {"conduct": ["possess", "access"], "penalties": [{"prison": {"max": "5y"}}]}
    assert holds(there, {"offences": [offence]})
    for wrong in ({"conduct": ["possess"]}, {"penalties": [{"prison": {"max": "6y"}}]}):
        assert not holds(there, {"offences": [{**offence, **wrong}]})


def test_words_of_vocabularies_are_all_explained():
    for word in (*SourceKind, *Standing):
        assert f"| `{word}` |" in PAGE, word
    for outcome in (Outcome.DONE, Outcome.PENDING, Outcome.REVOKED):
        assert f"`{outcome}`" in PAGE
    assert set(re.findall(r"^([a-z]+):$", PAGE, re.MULTILINE)) <= {
        *VersionEntry.model_fields,
        *LawEntry.model_fields,
        *FILES,
    }


def test_contributing_leads_to_it():
    assert "(docs/curating.md)" in (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
