"""Reads YAML 1.2 and keeps, for every value, the line and column where it stands.

PyYAML's C parser is used for its events and marks only. Its own resolvers are those of YAML 1.1,
in which `NO` is false and `010` is 8, so scalars are resolved here by the core schema of YAML 1.2.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeAlias, TypeVar

import yaml
from pydantic import ValidationError

from models.record import Record
from seed.mistakes import Mistake, SeedError, nearest

Trail: TypeAlias = tuple[str | int, ...]
"""The keys and list positions that lead to a value."""

AnyRecord = TypeVar("AnyRecord", bound=Record)

_CORE_SCHEMA: list[tuple[re.Pattern[str], Callable[[str], Any]]] = [
    (re.compile(r"(~|null|Null|NULL|)"), lambda _: None),
    (re.compile(r"(true|True|TRUE|false|False|FALSE)"), lambda text: text.lower() == "true"),
    (re.compile(r"[-+]?[0-9]+"), int),
    (re.compile(r"0o[0-7]+"), lambda text: int(text[2:], 8)),
    (re.compile(r"0x[0-9a-fA-F]+"), lambda text: int(text[2:], 16)),
    (re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?"), float),
]
"""Plain scalars by the core schema of YAML 1.2; infinities and NaN have no use here."""


@dataclass
class Document:
    """A file's content as plain data, with the place of every value and key."""

    file: str
    data: Any = None
    places: dict[Trail, tuple[int, int]] = field(default_factory=dict)

    def place(self, trail: Trail) -> tuple[int, int]:
        """Return line and column of a value, or of the nearest value around it."""
        while trail and trail not in self.places:
            trail = trail[:-1]
        return self.places.get(trail, (1, 1))

    def mistake(
        self, trail: Trail, message: str, value: object = None, valid: Iterable[str] = ()
    ) -> Mistake:
        """Describe a mistake at a value; `valid` values give the suggestion."""
        line, column = self.place(trail)
        text = None if value is None else str(value)
        hint = nearest(text, valid) if text else None
        return Mistake(self.file, line, column, message, text, hint)


def read_yaml(path: Path, name: str) -> Document:
    """Read a file; `name` is how messages call it. Raises `SeedError`."""
    document = Document(name)
    try:
        text = path.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        raise SeedError([Mistake(name, 1, 1, f"the file is not UTF-8: {error.reason}")]) from error
    try:
        node = yaml.compose(text, Loader=yaml.CSafeLoader)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line, column = (mark.line + 1, mark.column + 1) if mark else (1, 1)
        raise SeedError([Mistake(name, line, column, f"not YAML: {error.problem}")]) from error
    except yaml.YAMLError as error:
        raise SeedError([Mistake(name, 1, 1, f"not YAML: {error}")]) from error
    if node is None:
        raise SeedError([Mistake(name, 1, 1, "the file is empty")])
    mistakes: list[Mistake] = []
    document.data = _build(node, (), document, mistakes)
    if mistakes:
        raise SeedError(mistakes)
    return document


def _build(node: yaml.Node, trail: Trail, document: Document, mistakes: list[Mistake]) -> Any:
    """Turn a node into plain data, noting places and refusing duplicate and odd keys."""
    document.places.setdefault(trail, (node.start_mark.line + 1, node.start_mark.column + 1))
    if isinstance(node, yaml.MappingNode):
        built: dict[str, Any] = {}
        for key_node, value_node in node.value:
            at = (key_node.start_mark.line + 1, key_node.start_mark.column + 1)
            if not isinstance(key_node, yaml.ScalarNode) or key_node.value == "<<":
                mistakes.append(
                    Mistake(document.file, *at, "keys are plain words; there are no merge keys")
                )
                continue
            key = key_node.value
            if key in built:
                mistakes.append(
                    Mistake(document.file, *at, "the key stands twice in this mapping", key)
                )
                continue
            built[key] = _build(value_node, (*trail, key), document, mistakes)
        return built
    if isinstance(node, yaml.SequenceNode):
        return [_build(item, (*trail, i), document, mistakes) for i, item in enumerate(node.value)]
    assert isinstance(node, yaml.ScalarNode)
    return _scalar(node)


def _scalar(node: yaml.ScalarNode) -> Any:
    """Resolve a scalar: quoted and block ones are text, plain ones follow the core schema."""
    if not node.style:
        for pattern, convert in _CORE_SCHEMA:
            if pattern.fullmatch(node.value):
                return convert(node.value)
    return node.value


def validate(document: Document, schema: type[AnyRecord]) -> AnyRecord:
    """Check a document's shape and return it typed. Raises `SeedError` with every mistake."""
    try:
        return schema.model_validate(document.data, by_alias=True, by_name=False)
    except ValidationError as error:
        raise SeedError(
            [_shape_mistake(document, schema, dict(e)) for e in error.errors()]
        ) from error


def _shape_mistake(document: Document, schema: type[Record], error: dict[str, Any]) -> Mistake:
    """Put a Pydantic error into a curator's words, at its place."""
    trail: Trail = tuple(error["loc"])
    value = error["input"]
    kind, context = error["type"], error.get("ctx", {})
    if kind == "missing":
        return document.mistake(trail[:-1], f"the key {trail[-1]!r} is missing")
    if kind == "extra_forbidden":
        return document.mistake(trail, "no such key here", trail[-1], _keys(schema, trail))
    if kind == "enum":
        valid = [part.strip("'") for part in re.split(r", | or ", context["expected"])]
        return document.mistake(trail, "not a word of this vocabulary", value, valid)
    shown = value if isinstance(value, str | int | float | bool) else None
    return document.mistake(trail, _sentence(error["msg"]), shown)


def _sentence(message: str) -> str:
    """Pydantic's message in the tone of the others."""
    return message.removeprefix("Value error, ").removeprefix("Input ").strip()


def _keys(schema: type[Record], trail: Trail) -> list[str]:
    """Keys that are valid where an unknown one was found."""
    current: Any = schema
    for step in trail[:-1]:
        if isinstance(step, int):
            continue
        field_info = _by_key(current).get(step)
        current = _record_in(field_info.annotation) if field_info is not None else None
        if current is None:
            return []
    return list(_by_key(current))


def _by_key(schema: type[Record]) -> dict[str, Any]:
    """The fields of a record by the key that seed files use."""
    return {str(info.validation_alias or name): info for name, info in schema.model_fields.items()}


def _record_in(annotation: Any) -> type[Record] | None:
    """The record class inside an annotation such as `list[Offence]` or `Prison | None`."""
    if isinstance(annotation, type) and issubclass(annotation, Record):
        return annotation
    for inner in getattr(annotation, "__args__", ()):
        found = _record_in(inner)
        if found is not None:
            return found
    return None
