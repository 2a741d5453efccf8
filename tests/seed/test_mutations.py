"""A slip anywhere in a dataset is either named at its place or served as it was written.

The small dataset is changed at one random place: a key or item left out, a key misspelled, a word,
date or number replaced, an item repeated, a value of another type. Nothing may be dropped silently.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from copy import deepcopy
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from models.record import DAY_PATTERN
from seed.checks import check
from seed.compiler import trees_of
from seed.dataset import Dataset, load
from seed.mistakes import Mistake, SeedError
from seed.reader import Trail, read_yaml
from seed.records import Builder

SMALL = Path(__file__).parents[1] / "data" / "small"
FILES = {
    path.relative_to(SMALL).as_posix(): read_yaml(path, path.name).data
    for path in sorted(SMALL.rglob("*.yaml"))
}
"""The content of every file, as plain data."""


class Writer(yaml.CSafeDumper):
    """Writes block style, a scalar a line, without anchors; all text in quotes."""

    def ignore_aliases(self, data: Any) -> bool:
        return True

    def text(self, data: str) -> yaml.ScalarNode:
        return self.represent_scalar("tag:yaml.org,2002:str", data, style='"')

    def key(self, data: dict[str, Any]) -> yaml.MappingNode:
        node = self.represent_mapping("tag:yaml.org,2002:map", data.items())
        for key_node, _ in node.value:
            key_node.style = None
        return node


Writer.add_representer(str, Writer.text)
Writer.add_representer(dict, Writer.key)


def write(data: Any) -> str:
    return yaml.dump(data, Dumper=Writer, sort_keys=False, allow_unicode=True, width=10_000)


WRITTEN = {file: write(data) for file, data in FILES.items()}


def nodes(data: Any, trail: Trail = ()) -> Iterator[Trail]:
    """Every place in a file's content but the whole."""
    items: Any = data.items() if isinstance(data, dict) else enumerate(data)
    for step, value in items:
        yield (*trail, step)
        if isinstance(value, dict | list):
            yield from nodes(value, (*trail, step))


PLACES = [(file, trail) for file, data in FILES.items() for trail in nodes(data)]


def at(data: Any, trail: Trail) -> Any:
    for step in trail:
        data = data[step]
    return data


def scalars(data: Any) -> Iterator[Any]:
    if isinstance(data, dict | list):
        for value in data.values() if isinstance(data, dict) else data:
            yield from scalars(value)
    else:
        yield data


TEXTS = sorted({s for d in FILES.values() for s in scalars(d) if isinstance(s, str)})
KEYS = sorted({str(step) for _, trail in PLACES for step in trail if isinstance(step, str)})


# --- mutations ----------------------------------------------------------------------------------


@dataclass
class Mutation:
    """One change of one file."""

    kind: str
    file: str
    trail: Trail
    data: Any
    """The content of the file with the change."""
    old: Any
    new: Any

    @property
    def around(self) -> Any:
        """What holds the place."""
        return at(FILES[self.file], self.trail[:-1])


def another(value: Any) -> st.SearchStrategy[Any]:
    """Something else that could stand where a scalar stands."""
    if isinstance(value, bool):
        return st.just(not value)
    if isinstance(value, int):
        return st.sampled_from([value + 1, value - 1, -value, 10**18, 0])
    if DAY_PATTERN.fullmatch(value):
        days = st.dates().map(str)
        near = st.sampled_from(["2019-12-31", "2020-06-01", "2022-03-01", "2031-01-01"])
        return st.one_of(near, days, st.sampled_from([value[:-1], "2021-02-29", value + "T00:00Z"]))
    slips = [value[:-1], value + value[-1:], value[1:], value.upper(), value + " ", value + "x"]
    return st.one_of(st.sampled_from(TEXTS), st.sampled_from(slips), st.text(max_size=5))


OTHER_TYPES: list[Any] = [None, 7, -1, 1.5, True, "text", "", [], {}, ["a"], {"a": 1}]


@st.composite
def mutations(draw: st.DrawFn) -> Mutation:
    """Draw a change that changes something."""
    file, trail = draw(st.sampled_from(PLACES))
    data = deepcopy(FILES[file])
    around = at(data, trail[:-1])
    step: Any = trail[-1]
    old = around[step]
    kinds = ["leave out", "retype"]
    kinds += ["rename"] if isinstance(around, dict) else ["repeat"]
    kinds += [] if isinstance(old, dict | list) else ["replace", "replace"]
    kind = draw(st.sampled_from(kinds))
    new: Any = None
    if kind == "leave out":
        del around[step]
    elif kind == "repeat":
        around.insert(step, deepcopy(old))
        new = old
    elif kind == "rename":
        new = draw(st.sampled_from([*KEYS, step + "s", step[:-1], step.upper(), "<<"]))
        assume(new not in around)
        items = [(new if key == step else key, value) for key, value in around.items()]
        around.clear()
        around.update(items)
    else:
        new = draw(st.sampled_from(OTHER_TYPES) if kind == "retype" else another(old))
        assume(new != old or type(new) is not type(old))
        around[step] = new
    return Mutation(kind, file, trail, data, old, new)


# --- what came of it ----------------------------------------------------------------------------


def as_json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)


def served(dataset: Dataset) -> list[str]:
    """Everything that a release would answer from a dataset."""
    trees = trees_of(dataset)
    told = [str(value) for row in (*trees.outlines, *trees.histories) for value in row.values()]
    records = [stored.record.model_dump_json() for stored in Builder(dataset).build()]
    return [*records, *told, dataset.release.model_dump_json()]


def said(dataset: Dataset) -> dict[str, Any]:
    """Everything that curators wrote, typed."""
    shelves = vars(dataset).items()
    return {
        name: {id_: entry.model_dump() for id_, entry in shelf.items()}
        for name, shelf in shelves
        if name not in ("release", "origins")
    } | {"release": dataset.release.model_dump()}


BASE = load(SMALL)
BASE_SERVED = served(BASE)
BASE_SAID = said(BASE)


def lines(text: str, trail: Trail) -> set[int]:
    """Lines of a value with its key, and the first lines of all that is around it."""
    node: Any = yaml.compose(text, Loader=yaml.CSafeLoader)
    start = node.start_mark.line + 1
    found = {start}
    for step in trail:
        if isinstance(node, yaml.MappingNode):
            pair = next((pair for pair in node.value if pair[0].value == step), None)
        else:
            pair = (node.value[int(step)],) * 2 if int(step) < len(node.value) else None
        if pair is None:
            return found
        start, node = pair[0].start_mark.line + 1, pair[1]
        found.add(start)
    end = node.end_mark
    return found | set(range(start, end.line + (2 if end.column else 1)))


def names(mutation: Mutation) -> set[str]:
    """What a message about the change may speak of: the values, and the entries around them."""
    found: set[Any] = {mutation.old, mutation.new} if _plain(mutation) else set()
    for value in (mutation.old, mutation.new):
        if isinstance(value, dict | list):
            found |= set(scalars(value))
    data: Any = FILES[mutation.file]
    for step in (*mutation.trail, None):
        if isinstance(data, dict):
            found |= {data[key] for key in ("id", "eid", "made_by", "jurisdiction") if key in data}
        if step is not None:
            data = data[step]
    return {str(name) for name in found if isinstance(name, str | int) and len(str(name)) > 1}


def _plain(mutation: Mutation) -> bool:
    return not any(isinstance(value, dict | list) for value in (mutation.old, mutation.new))


def explain(mutation: Mutation, text: str, mistakes: list[Mistake]) -> None:
    """Assert that the mistakes are those of the change."""
    trail = mutation.trail
    if mutation.kind == "rename":
        trail = (*trail[:-1], mutation.new)
    if mutation.kind == "repeat":
        trail = (*trail[:-1], int(trail[-1]) + 1)
    near = lines(text, trail) | lines(text, mutation.trail)
    if len(trail) > 1 and "effects" not in mutation.around:  # the entry, but not a whole law
        near |= lines(text, trail[:-1])
    spoken = names(mutation)
    in_effect = "effects" in trail or "outcome" in trail

    def of_it(mistake: Mistake) -> bool:
        # Effects carry the time of all provisions of their law.
        return mistake.file == mutation.file and (mistake.line in near or in_effect)

    def speaks_of_it(mistake: Mistake) -> bool:
        rendered = f"{mistake.message} {mistake.value}"
        return any(name in rendered for name in spoken)

    assert any(of_it(m) or speaks_of_it(m) for m in mistakes), "no mistake names the change"
    for mistake in mistakes:
        assert mistake.file == mutation.file or speaks_of_it(mistake), f"not of it: {mistake}"


def holds(mutation: Mutation, dataset: Dataset) -> None:
    """Assert that what would be served holds the change."""
    now = served(dataset)
    if said(dataset) == BASE_SAID:
        assert now == BASE_SERVED
        return
    assert now != BASE_SERVED, "the change is served nowhere"
    if mutation.kind in ("replace", "retype") and isinstance(mutation.new, str | int):
        new = mutation.new
        written = str(new).lower() if isinstance(new, bool) else as_json(str(new).strip())[1:-1]
        assert any(written in record for record in now), f"{written!r} is served nowhere"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The small dataset as the writer writes it, in the working directory."""
    folder = tmp_path_factory.mktemp("mutations")
    for file, text in WRITTEN.items():
        (folder / file).parent.mkdir(parents=True, exist_ok=True)
        (folder / file).write_text(text, encoding="utf-8")
    before = Path.cwd()
    os.chdir(folder)
    yield folder
    os.chdir(before)


def test_the_writer_changes_nothing(folder):
    dataset = load(folder)
    check(dataset)
    assert said(dataset) == BASE_SAID
    assert served(dataset) == BASE_SERVED


@settings(
    derandomize=True,
    max_examples=int(os.environ.get("MUTATIONS", "300")),
    deadline=None,
    suppress_health_check=list(HealthCheck),
)
@given(mutation=mutations())
def test_a_change_is_named_or_served(folder, mutation):
    path = folder / mutation.file
    text = write(mutation.data)
    path.write_text(text, encoding="utf-8")
    try:
        dataset = load(folder)
        check(dataset)
    except SeedError as error:
        explain(mutation, text, error.mistakes)
    else:
        holds(mutation, dataset)
    finally:
        path.write_text(WRITTEN[mutation.file], encoding="utf-8")
