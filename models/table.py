"""Tables: rows of typed columns, from which every flat format is written.

The same values stand in CSV, NDJSON, XLSX and Parquet: text, whole numbers, numbers, yes or no,
and days, or nothing. Codes of a list are joined by `;`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, TypeAlias

from models.indicator import ValueType
from models.vocabulary import Word

Cell: TypeAlias = str | int | float | bool | date | None
Row: TypeAlias = Sequence[Cell]


class ColumnKind(Word):
    """What the values of a column are."""

    TEXT = "text", "text, or codes joined by `;`"
    INTEGER = "integer", "a whole number"
    NUMBER = "number", "a number"
    BOOLEAN = "boolean", "true or false"
    DATE = "date", "a day"


@dataclass(frozen=True)
class TableColumn:
    """A column: its name, and what its values are."""

    name: str
    kind: ColumnKind


_KINDS: dict[Any, ColumnKind] = {
    bool: ColumnKind.BOOLEAN,
    int: ColumnKind.INTEGER,
    float: ColumnKind.NUMBER,
    date: ColumnKind.DATE,
}

_BY_TYPE = {
    ValueType.BOOLEAN: ColumnKind.BOOLEAN,
    ValueType.SHARE: ColumnKind.NUMBER,
    ValueType.DATE: ColumnKind.DATE,
    ValueType.CODES: ColumnKind.TEXT,
}


def kind_of(python: Any) -> ColumnKind:
    """Return the kind of column that holds values of a Python type."""
    return _KINDS.get(python, ColumnKind.TEXT)


def kind_of_value(value_type: ValueType) -> ColumnKind:
    """Return the kind of column that holds an indicator's values."""
    return _BY_TYPE.get(value_type, ColumnKind.INTEGER)


def typed(text: str, kind: ColumnKind) -> Cell:
    """Read a value as CSV has it."""
    if text == "":
        return None
    if kind == ColumnKind.INTEGER:
        return int(text)
    if kind == ColumnKind.NUMBER:
        return float(text)
    if kind == ColumnKind.BOOLEAN:
        return text == "true"
    return date.fromisoformat(text) if kind == ColumnKind.DATE else text


def texts(*names: str) -> list[TableColumn]:
    """Name columns of text."""
    return [TableColumn(name, ColumnKind.TEXT) for name in names]


def text_of(cell: Cell) -> str:
    """Write a value as CSV has it."""
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "true" if cell else "false"
    return cell.isoformat() if isinstance(cell, date) else str(cell)
