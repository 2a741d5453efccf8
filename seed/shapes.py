"""Gives a document its shape, and says in words for curators what does not fit."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any, TypeVar, get_args

from pydantic import ValidationError

from models.penalty import FINE_FORMS, FINE_WORDS
from models.record import EId, JurisdictionCode, Record, Slug, Url
from seed.mistakes import Mistake, SeedError, nearest
from seed.reader import Document, Trail, place_of

AnyRecord = TypeVar("AnyRecord", bound=Record)


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
        place = place_of(key) if key else document.place(trail)
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
