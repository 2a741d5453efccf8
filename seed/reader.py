"""Reads YAML 1.2 and keeps, for every value, the line and column where it stands.

PyYAML's C parser is used for its events and marks only. Its own resolvers are those of YAML 1.1,
in which `NO` is false and `010` is 8, so scalars are resolved here by the core schema of YAML 1.2.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeAlias, TypeVar, get_args

import yaml
from pydantic import ValidationError

from models.penalty import FINE_FORMS, FINE_WORDS
from models.record import EId, JurisdictionCode, Record, Slug, Url
from seed.mistakes import Mistake, SeedError, nearest

Trail: TypeAlias = tuple[str | int, ...]
"""The keys and list positions that lead to a value."""

AnyRecord = TypeVar("AnyRecord", bound=Record)

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
        return _place(self.places[trail]) if trail in self.places else (1, 1)

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


# --- YAML ---------------------------------------------------------------------------------------


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


def _place(mark: yaml.Mark) -> tuple[int, int]:
    """Line and column of a mark, counted from 1."""
    return mark.line + 1, mark.column + 1


def _syntax_mistake(name: str, text: str, error: yaml.MarkedYAMLError) -> Mistake:
    """Say what YAML takes offence at; the commonest cases in a curator's words."""
    mark = error.problem_mark or error.context_mark
    line, column = _place(mark) if mark else (1, 1)
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
        return Mistake(name, *_place(error.context_mark), "not YAML: this quote is never closed")
    if error.context and error.context_mark and error.context_mark.line + 1 != line:
        problem += " {} that begins at {}:{}".format(error.context, *_place(error.context_mark))
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
        mistakes.append(Mistake(document.file, *_place(key_node.start_mark), said, key))
    return built


def _scalar(node: yaml.ScalarNode) -> Any:
    """Resolve a scalar: quoted and block ones are text, plain ones follow the core schema."""
    if not node.style:
        for pattern, convert in _CORE_SCHEMA:
            if pattern.fullmatch(node.value):
                return convert(node.value)
    return node.value


# --- shapes -------------------------------------------------------------------------------------


def validate(document: Document, schema: type[AnyRecord]) -> AnyRecord:
    """Check a document's shape and return it typed. Raises `SeedError` with every mistake.

    Strict JSON: `yes` is no boolean, `"5"` no number and 1 not true; dates and words are text.
    """
    try:
        return schema.model_validate_json(
            json.dumps(document.data), strict=True, by_alias=True, by_name=False
        )
    except ValidationError as error:
        raise SeedError(
            [_shape_mistake(document, schema, dict(e)) for e in error.errors()]
        ) from error


def _shape_mistake(document: Document, schema: type[Record], error: dict[str, Any]) -> Mistake:
    """Put a Pydantic error into a curator's words, at its place."""
    trail: Trail = tuple(error["loc"])
    value: Any = error["input"]
    kind, context = error["type"], error.get("ctx", {})
    if kind in ("missing", "extra_forbidden"):
        around = _record_at(schema, trail[:-1])
        if around is not None and around.__name__ == "Term":  # what it reads from is no key
            return document.mistake(trail[:-1], _SHORT_FORMS["Term"])
        if kind == "missing":
            return document.mistake(trail[:-1], f"the key {trail[-1]!r} is missing")
        said = str(trail[-1])
        hint = _key_for(around, said) if around else None
        key = document.keys.get(trail)
        place = _place(key) if key else document.place(trail)
        return Mistake(document.file, *place, "no such key here", said, hint)
    if value is None:
        return document.mistake(trail, "a value is missing")
    shown = value if isinstance(value, str | int | float) else None
    if kind == "enum" and shown is not None:
        words = [part.strip("'") for part in re.split(r", | or ", context["expected"])]
        found = document.mistake(trail, "not a word of this vocabulary", shown, words)
        if found.suggestion:
            return found
        return document.mistake(trail, f"not one of {', '.join(words)}", shown)
    message = _message(kind, context, shown) or error["msg"]
    hint = _rewritten(kind, context, shown)
    if hint is not None and hint == shown:
        message, hint = f"{message}: leave the quotes out", None
    return document.mistake(trail, message, shown, suggestion=hint)


_SHORT_FORMS = {
    "Term": "a term is written like 5y, 6m, 21d, 2y-1d or life",
    "Fine": FINE_FORMS,
    "Reference": "a reference is written like sec_5, sec_5~offence_2 or other-law~sec_5",
}
"""How records are written that have a short form, by the name of their class."""


def _pattern(annotated: Any) -> str:
    """The pattern of an annotated text such as `Slug`."""
    return str(get_args(annotated)[1].pattern)


_PATTERNS = {
    _pattern(Slug): "a name is written in small letters and digits, joined by single hyphens",
    _pattern(EId): "an element id is written like sec_377BK or part_1__sec_2",
    _pattern(JurisdictionCode): "a code of a jurisdiction is written like SG or GB-EAW",
    _pattern(Url): "a web address begins with https:// or http:// and holds no space",
    r"^[A-Z]{3}$": "the code has three capital letters",
    r"^\d{3}$": "the code has three digits",
    r"^\d+\.\d+\.\d+$": "a version is written like 1.2.0",
    r"^[a-z][a-z0-9]*(_[a-z0-9]+)*$": "a name is written in small letters, joined by single `_`",
    r"^[0-9a-f]{64}$": "a content hash has 64 digits and letters a to f",
    r"^/akn/[a-z]{2}(-[a-z0-9]+)?/\S+$": "the URI is written like /akn/sg/act/2020/1",
}
"""What the patterns of texts ask for."""


def _message(kind: str, context: dict[str, Any], shown: Any) -> str | None:
    """What is expected, by the kind of Pydantic's error; nothing for our own, which say it."""
    match kind:
        case "day":
            return "there is no such day" if context else "a date is written YYYY-MM-DD"
        case "string_type":
            return "text is expected here" + ("" if shown is None else ": put it in quotes")
        case "int_type":
            return "a whole number is expected here"
        case "float_type":
            return "a number is expected here"
        case "bool_type":
            return "true or false is expected here"
        case "list_type":
            return "a list is expected here"
        case "enum":
            return "one word is expected here"
        case "model_type":
            return _SHORT_FORMS.get(context["class_name"], "a mapping is expected here")
        case "too_short":
            return "the list needs an item"
        case "string_too_short":
            return "the text is empty"
        case "string_too_long":
            return f"at most {context['max_length']} characters are allowed here"
        case "greater_than_equal":
            return f"the number is at least {context['ge']}"
        case "less_than_equal":
            return f"the number is at most {context['le']}"
        case "string_pattern_mismatch":
            return _PATTERNS.get(context["pattern"])
    return None


def _rewritten(kind: str, context: dict[str, Any], shown: Any) -> str | None:
    """What a value in a wrong form was probably meant to be."""
    if shown is None:
        return None
    text = str(shown)
    if kind == "day":
        match = re.match(r"(\d{4})[-/.]?(\d{1,2})[-/.]?(\d{1,2})(?!\d)", text)
        return (
            f"{match[1]}-{int(match[2]):02}-{int(match[3]):02}" if match and not context else None
        )
    if kind == "term":
        parts = re.findall(r"(\d+)\s*([ymd])\w*", text.lower())
        return "".join(number + unit for number, unit in parts) or None
    if kind == "fine":
        return nearest(text, FINE_WORDS)
    if kind == "bool_type":
        said = text.lower()
        return "true" if said in _YES else "false" if said in _NO else None
    if kind == "int_type":
        digits = re.sub(r"[ ,_']|\.0*$", "", text)
        return digits if digits.isdecimal() else None
    if kind == "list_type":
        return f"[{text}]"
    if kind == "string_pattern_mismatch":
        pattern = context["pattern"]
        return next((t for t in _spellings(text.strip()) if re.search(pattern, t)), None)
    return None


_YES = {"yes", "y", "on", "1", "true"}
_NO = {"no", "n", "off", "0", "false"}
"""What other dialects and lax readers take for true and false."""


def _spellings(text: str) -> Iterator[str]:
    """Ways of writing a text that a pattern may ask for."""
    yield text
    yield text.upper()
    yield re.sub(r"[^a-z0-9]+", "-", text.lower()).strip("-")
    yield re.sub(r"\W+", "_", text)
    yield re.sub(r"[^a-z0-9]+", "_", text.lower()).strip("_")
    yield text.replace(" ", "%20")
    yield f"https://{text}"
    yield f"/{text}"


def _record_at(schema: type[Record], trail: Trail) -> type[Record] | None:
    """The class of the record at a place, by the keys that lead there."""
    current: type[Record] | None = schema
    for step in trail:
        if isinstance(step, int):
            continue
        info = _by_key(current).get(step) if current is not None else None
        current = _record_in(info.annotation) if info is not None else None
    return current


def _key_for(schema: type[Record], said: str) -> str | None:
    """The key that was probably meant: that of the field so called, or the nearest."""
    info = schema.model_fields.get(said)
    return str(info.validation_alias) if info is not None else nearest(said, _by_key(schema))


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
