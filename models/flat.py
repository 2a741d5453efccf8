"""Flat rows of records, for CSV: one column a value, named by its path, typed, no nesting.

Nested records become prefixed columns; lists of codes and of references are joined by `;`; of a
list of penalties the base case is shown (every case has a row of its own under penalties).
"""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterable, Iterator, Sequence
from enum import StrEnum
from functools import cache
from operator import attrgetter
from typing import Any, NamedTuple

from models.indicator import Rule
from models.penalty import FineLimb, Penalty, Term
from models.record import Record, Reference
from models.source import Source
from models.table import Cell, ColumnKind, TableColumn, kind_of, text_of, typed
from models.vocabulary import Person


class Column(NamedTuple):
    """A column of a record: its name, how to read it, and what its values are."""

    name: str
    read: Callable[[Any], Cell]
    kind: ColumnKind = ColumnKind.TEXT


_NAMED_BY = ("id", "group", "jurisdiction", "law", "treaty", "field", "since", "kind")
"""Fields by which an item of a list is named in a joined cell, best first."""


@cache
def columns(schema: type[Record]) -> tuple[Column, ...]:
    """Return the columns of a record schema, in the order of its fields."""
    return tuple(_columns(schema))


def header(schema: type[Record]) -> tuple[str, ...]:
    """Return the column names of a record schema."""
    return tuple(column.name for column in columns(schema))


@cache
def table_columns(schema: type[Record]) -> tuple[TableColumn, ...]:
    """Return the columns of a record schema with what their values are."""
    return tuple(TableColumn(column.name, column.kind) for column in columns(schema))


def read_lines(schema: type[Record], lines: Iterable[str]) -> list[list[Cell]]:
    """Read finished CSV lines of a record schema back as values."""
    kinds = [column.kind for column in columns(schema)]
    return [
        [typed(text, kind) for text, kind in zip(line, kinds, strict=True)]
        for line in csv.reader(io.StringIO("".join(lines)))
    ]


def row(record: Record) -> list[Cell]:
    """Return a record's values in the order of its columns."""
    return [column.read(record) for column in columns(type(record))]


def csv_line(cells: Sequence[Cell]) -> str:
    """Write one CSV line (RFC 4180): nothing for null, true/false, ISO dates."""
    out = io.StringIO()
    csv.writer(out).writerow([text_of(cell) for cell in cells])
    return out.getvalue()


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
    kind = getattr(kind, "__origin__", kind)  # what `Annotated` annotates
    if isinstance(kind, type) and issubclass(kind, Term):
        yield Column(f"{name}_months", _inside(get, lambda t: t.months), ColumnKind.INTEGER)
        yield Column(f"{name}_life", _inside(get, lambda t: t.life), ColumnKind.BOOLEAN)
        yield Column(f"{name}_text", _inside(get, lambda t: t.text))
    elif isinstance(kind, type) and issubclass(kind, Reference):
        yield Column(name, _inside(get, lambda reference: reference.id))
    elif isinstance(kind, type) and issubclass(kind, Record):
        for sub in columns(kind):
            yield Column(f"{name}_{sub.name}", _inside(get, sub.read), sub.kind)
    else:
        yield Column(name, get, kind_of(kind))


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
        yield Column("source_urls", lambda record: _joined(s.url for s in get(record)))
        yield Column(
            "sources_checked_on",
            lambda record: max((s.checked_on for s in get(record)), default=None),
            ColumnKind.DATE,
        )
    else:
        yield Column(name, lambda record: _joined(_name(value) for value in get(record)))


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


_ENTITY = ("fine_unlimited", "fine_day_fines", "fine_amount", "fine_currency")
"""What is shown of the entity's own fine."""


def _penalties(name: str, get: Callable[[Any], list[Penalty]]) -> Iterator[Column]:
    """The base case in full, the entity's fine beside it, and the number of all cases."""
    prefix = "" if name == "penalties" else f"{name}_"
    entity: list[Column] = []
    for column in columns(Penalty):
        if not column.name.startswith("when_"):
            read = _inside(lambda r: base_case(get(r)), column.read)
            yield Column(f"{prefix}{column.name}", read, column.kind)
        if column.name in _ENTITY:
            entity.append(column)
    for column in entity:
        read = _inside(lambda r: entity_case(get(r)), column.read)
        yield Column(f"{prefix}entity_{column.name}", read, column.kind)
    yield Column(f"{prefix}cases", lambda record: len(get(record)), ColumnKind.INTEGER)


def base_case(penalties: Sequence[Penalty]) -> Penalty | None:
    """Return the base case for individuals, on the gravest track; null without one."""
    cases = [p for p in penalties if p.when.base and p.when.person != Person.ENTITY]
    return max(
        cases, key=lambda p: p.prison.max.rank if p.prison and p.prison.max else -1, default=None
    )


def entity_case(penalties: Sequence[Penalty]) -> Penalty | None:
    """Return the base case for entities; null where none is told apart."""
    return next((p for p in penalties if p.when.base and p.when.person == Person.ENTITY), None)
