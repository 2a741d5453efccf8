"""Flat rows of records, for CSV: one column a value, named by its path, typed, no nesting.

Nested records become prefixed columns; lists of codes and of references are joined by `;`; of a
list of penalties the base case is shown (every case has a row of its own under penalties).
"""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date
from enum import StrEnum
from functools import cache
from operator import attrgetter
from typing import Any, TypeAlias

from models.indicator import Rule
from models.penalty import FineLimb, Penalty, Term
from models.record import Record, Reference
from models.source import Source
from models.vocabulary import Person

Cell: TypeAlias = str | int | float | bool | date | None
Column: TypeAlias = tuple[str, Callable[[Any], Cell]]
"""A column's name and how to read it from a record."""

_NAMED_BY = ("id", "group", "jurisdiction", "law", "treaty", "field", "since", "kind")
"""Fields by which an item of a list is named in a joined cell, best first."""


@cache
def columns(schema: type[Record]) -> tuple[Column, ...]:
    """Return the columns of a record schema, in the order of its fields."""
    return tuple(_columns(schema))


def header(schema: type[Record]) -> tuple[str, ...]:
    """Return the column names of a record schema."""
    return tuple(name for name, _ in columns(schema))


def row(record: Record) -> list[Cell]:
    """Return a record's values in the order of its columns."""
    return [read(record) for _, read in columns(type(record))]


def csv_line(cells: Sequence[Cell]) -> str:
    """Write one CSV line (RFC 4180): nothing for null, true/false, ISO dates."""
    out = io.StringIO()
    csv.writer(out).writerow([_text(cell) for cell in cells])
    return out.getvalue()


def _text(cell: Cell) -> str:
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "true" if cell else "false"
    return cell.isoformat() if isinstance(cell, date) else str(cell)


def _columns(schema: type[Record]) -> Iterator[Column]:
    for name, info in schema.model_fields.items():
        if info.annotation is Rule:
            continue  # a tree, which stands beside it in words (`rule_text`)
        yield from _field(name, info.annotation, attrgetter(name))


def _field(name: str, annotation: Any, get: Callable[[Any], Any]) -> Iterator[Column]:
    """Columns of one field, by what it holds."""
    inner = [a for a in getattr(annotation, "__args__", ()) if a is not type(None)]
    if getattr(annotation, "__origin__", None) is list:
        yield from _list(name, inner[0], get)
        return
    kind = inner[0] if inner else annotation
    if isinstance(kind, type) and issubclass(kind, Term):
        yield f"{name}_months", _inside(get, lambda term: term.months)
        yield f"{name}_life", _inside(get, lambda term: term.life)
        yield f"{name}_text", _inside(get, lambda term: term.text)
    elif isinstance(kind, type) and issubclass(kind, Reference):
        yield name, _inside(get, lambda reference: reference.id)
    elif isinstance(kind, type) and issubclass(kind, Record):
        for sub, read in columns(kind):
            yield f"{name}_{sub}", _inside(get, read)
    else:
        yield name, get


def _inside(get: Callable[[Any], Any], read: Callable[[Any], Cell]) -> Callable[[Any], Cell]:
    """Read a part of a value that may be null."""

    def cell(record: Any) -> Cell:
        value = get(record)
        return None if value is None else read(value)

    return cell


def _list(name: str, item: Any, get: Callable[[Any], Any]) -> Iterator[Column]:
    """Columns of a list: base penalties in full, everything else joined."""
    if item is Penalty:
        yield from _penalties(name, get)
    elif item is Source:
        yield "source_urls", lambda record: _joined(s.url for s in get(record))
        yield (
            "sources_checked_on",
            lambda record: max((s.checked_on for s in get(record)), default=None),
        )
    else:
        yield name, lambda record: _joined(_name(value) for value in get(record))


def _joined(names: Iterable[str]) -> str:
    """Names in one cell, each once: a member that left and came back is one member."""
    return ";".join(dict.fromkeys(names))


def _name(value: Any) -> str:
    """How an item of a list is named in a joined cell."""
    if isinstance(value, FineLimb):
        if value.share is not None:
            return f"{value.share:g}% {value.share_of}"
        return f"{value.amount} {value.currency}"
    if isinstance(value, Record):
        for field in _NAMED_BY:
            named = getattr(value, field, None)
            if named is not None:
                return str(named)
        return ":".join(str(said) for _, said in value if isinstance(said, str))
    return value.value if isinstance(value, StrEnum) else str(value)


def _penalties(name: str, get: Callable[[Any], list[Penalty]]) -> Iterator[Column]:
    """The base case in full, the entity's fine beside it, and the number of all cases."""
    prefix = "" if name == "penalties" else f"{name}_"
    for column, read in columns(Penalty):
        if not column.startswith("when_"):
            yield f"{prefix}{column}", _inside(lambda r: base_case(get(r)), read)
    for column in ("fine_unlimited", "fine_amount", "fine_currency"):
        read = dict(columns(Penalty))[column]
        yield f"{prefix}entity_{column}", _inside(lambda r: entity_case(get(r)), read)
    yield f"{prefix}cases", lambda record: len(get(record))


def base_case(penalties: Sequence[Penalty]) -> Penalty | None:
    """Return the base case for individuals, on the gravest track; null without one."""
    cases = [p for p in penalties if p.when.base and p.when.person != Person.ENTITY]
    return max(
        cases, key=lambda p: p.prison.max.rank if p.prison and p.prison.max else -1, default=None
    )


def entity_case(penalties: Sequence[Penalty]) -> Penalty | None:
    """Return the base case for entities; null where none is told apart."""
    return next((p for p in penalties if p.when.base and p.when.person == Person.ENTITY), None)
