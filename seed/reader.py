"""Reads YAML 1.2 and keeps, for every value, the line and column where it stands.

PyYAML's C parser is used for its events and marks only. Its own resolvers are those of YAML 1.1,
in which `NO` is false and `010` is 8, so scalars are resolved here by the core schema of YAML 1.2.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeAlias

import yaml

from seed.mistakes import Mistake, SeedError, nearest

Trail: TypeAlias = tuple[str | int, ...]
"""The keys and list positions that lead to a value."""

_CORE_SCHEMA: list[tuple[re.Pattern[str], Callable[[str], Any]]] = [
    (re.compile(r"(~|null|Null|NULL|)"), lambda _: None),
    (re.compile(r"(true|True|TRUE|false|False|FALSE)"), lambda text: text.lower() == "true"),
    (re.compile(r"[-+]?[0-9]{1,30}"), int),
    (re.compile(r"0o[0-7]{1,30}"), lambda text: int(text[2:], 8)),
    (re.compile(r"0x[0-9a-fA-F]{1,30}"), lambda text: int(text[2:], 16)),
    (re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?"), float),
]
"""Plain scalars by the core schema of YAML 1.2; infinities and NaN have no use here."""

LARGEST = 10**15
"""No number of the law comes near it; floats and all readers of JSON still hold it exactly."""

DEEPEST = 60
"""No seed file nests a tenth of it; parsers that call themselves for every level stop far above."""

MOST = 300_000
"""Values in a file. The largest seed file holds a thirtieth; aliases of aliases hold billions."""

_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")
"""Control characters that an escape can bring into a text; PostgreSQL, for one, takes no NUL."""


@dataclass
class Document:
    """A file's content as plain data, with the place of every value and key."""

    file: str
    data: Any = None
    places: dict[Trail, yaml.Mark] = field(default_factory=dict)
    keys: dict[Trail, yaml.Mark] = field(default_factory=dict)
    written: dict[Trail, str] = field(default_factory=dict)
    """Plain scalars that are not text, as they stand in the file: `010`, `1.10`, `True`."""

    def place(self, trail: Trail) -> tuple[int, int]:
        """Return line and column of a value, or of the nearest value around it."""
        while trail and trail not in self.places:
            trail = trail[:-1]
        return place_of(self.places[trail]) if trail in self.places else (1, 1)

    def mistake(
        self,
        trail: Trail,
        message: str,
        value: object = None,
        valid: Iterable[str] = (),
        suggestion: str | None = None,
    ) -> Mistake:
        """Describe a mistake at a value; `valid` values give the suggestion if there is none."""
        line, column = self.place(trail)
        text = None if value is None else str(value)
        if text is not None and not isinstance(value, str):
            text = self.written.get(trail, text)
        hint = suggestion or (nearest(text, valid) if text else None)
        return Mistake(self.file, line, column, message, text, hint)


def read_yaml(path: Path, name: str) -> Document:
    """Read a file; `name` is how messages call it. Raises `SeedError`."""
    document = Document(name)
    content = path.read_bytes()
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        place = _place_in(content[: error.start].decode("utf-8", "replace"))
        raise SeedError([Mistake(name, *place, "the file is not saved as UTF-8")]) from error
    mistakes: list[Mistake] = []
    try:
        _refuse_depth(name, text)
        node = yaml.compose(text, Loader=yaml.CSafeLoader)
        if node is not None:
            document.data = _build(node, (), document, mistakes)
    except yaml.reader.ReaderError as error:
        place = _place_in(text.encode()[: error.position].decode("utf-8", "replace"))
        raise SeedError([Mistake(name, *place, "not YAML: a control character")]) from error
    except yaml.MarkedYAMLError as error:
        raise SeedError([_syntax_mistake(name, text, error)]) from error
    except RecursionError as error:
        raise SeedError([Mistake(name, 1, 1, "nested without end")]) from error
    if node is None:
        raise SeedError([Mistake(name, 1, 1, "the file is empty")])
    if mistakes:
        raise SeedError(mistakes)
    return document


def _refuse_depth(name: str, text: str) -> None:
    """Read a file's events one by one: composing nodes of any depth would exhaust the stack."""
    depth = 0
    for event in yaml.parse(text, Loader=yaml.CSafeLoader):
        if isinstance(event, yaml.CollectionStartEvent):
            depth += 1
            if depth > DEEPEST and event.start_mark:
                line, column = event.start_mark.line + 1, event.start_mark.column + 1
                said = f"nested more than {DEEPEST} levels deep"
                raise SeedError([Mistake(name, line, column, said)])
        elif isinstance(event, yaml.CollectionEndEvent):
            depth -= 1


def _place_in(before: str) -> tuple[int, int]:
    """Line and column of what follows a text."""
    return before.count("\n") + 1, len(before) - before.rfind("\n")


def place_of(mark: yaml.Mark) -> tuple[int, int]:
    """Line and column of a mark, counted from 1."""
    return mark.line + 1, mark.column + 1


def _syntax_mistake(name: str, text: str, error: yaml.MarkedYAMLError) -> Mistake:
    """Say what YAML takes offence at; the commonest cases in a curator's words."""
    mark = error.problem_mark or error.context_mark
    line, column = place_of(mark) if mark else (1, 1)
    problem = str(error.problem).removeprefix("but ")
    rest = [*text.splitlines(), ""][line - 1][column - 1 :]
    if "tab character" in problem or ("cannot start" in problem and rest.startswith("\t")):
        return Mistake(name, line, column, "not YAML: a tab; indent with spaces")
    if "cannot start" in problem:
        said = "not YAML: text that begins with this character stands in quotes"
        return Mistake(name, line, column, said, rest[:1])
    if "mapping values are not allowed" in problem:
        said = "not YAML: text that holds a colon and a space stands in quotes"
        return Mistake(name, line, column, said)
    if "another document" in problem:
        return Mistake(name, line, column, "a file holds one document: there is no second `---`")
    if "undefined alias" in problem and (alias := re.match(r"\*([\w-]+)", rest)):
        known = re.findall(r"&([\w-]+)", text)
        return Mistake(name, line, column, "no such anchor", alias[1], nearest(alias[1], known))
    if error.context_mark and "quoted scalar" in str(error.context) and "end of stream" in problem:
        return Mistake(name, *place_of(error.context_mark), "not YAML: this quote is never closed")
    if error.context and error.context_mark and error.context_mark.line + 1 != line:
        problem += " {} that begins at {}:{}".format(error.context, *place_of(error.context_mark))
    return Mistake(name, line, column, f"not YAML: {problem}")


def _build(node: yaml.Node, trail: Trail, document: Document, mistakes: list[Mistake]) -> Any:
    """Turn a node into plain data, noting places and refusing what no seed file needs."""
    document.places[trail] = node.start_mark
    if len(document.places) > MOST:
        said = f"the file holds more than {MOST:,} values, those under aliases counted each time"
        raise SeedError([document.mistake(trail, said)])
    if str(node.tag).startswith("!"):
        mistakes.append(document.mistake(trail, "there are no tags in seed files", node.tag))
    if isinstance(node, yaml.MappingNode):
        return _mapping(node, trail, document, mistakes)
    if isinstance(node, yaml.SequenceNode):
        items = [_build(item, (*trail, i), document, mistakes) for i, item in enumerate(node.value)]
        for i, item in enumerate(items):
            if isinstance(item, str | int | float) and item in items[:i]:
                mistakes.append(document.mistake((*trail, i), "it stands twice in this list", item))
        return items
    assert isinstance(node, yaml.ScalarNode)
    value = _scalar(node)
    if isinstance(value, str):
        if _CONTROL.search(value):
            mistakes.append(document.mistake(trail, "a text holds a control character", value))
    elif value is not None:
        document.written[trail] = node.value
        if not 0 <= value <= LARGEST:
            said = f"a number is neither negative nor above {LARGEST:,}"
            mistakes.append(document.mistake(trail, said, value))
    return value


def _mapping(
    node: yaml.MappingNode, trail: Trail, document: Document, mistakes: list[Mistake]
) -> dict[str, Any]:
    """Turn a mapping into plain data, refusing duplicate and odd keys."""
    built: dict[str, Any] = {}
    for key_node, value_node in node.value:
        key = key_node.value if isinstance(key_node, yaml.ScalarNode) else None
        if key is None:
            said = "a key is a plain word"
        elif key == "<<":
            said = "there are no merge keys: write the keys out"
        elif key in built:
            said = "the key stands twice in this mapping"
        else:
            here = (*trail, key)
            document.keys[here] = key_node.start_mark
            built[key] = _build(value_node, here, document, mistakes)
            continue
        mistakes.append(Mistake(document.file, *place_of(key_node.start_mark), said, key))
    return built


def _scalar(node: yaml.ScalarNode) -> Any:
    """Resolve a scalar: quoted and block ones are text, plain ones follow the core schema."""
    if not node.style:
        for pattern, convert in _CORE_SCHEMA:
            if pattern.fullmatch(node.value):
                return convert(node.value)
    return node.value
