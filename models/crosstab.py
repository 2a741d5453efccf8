"""Two-way tables: jurisdictions counted by two characteristics at once."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from models.coding import CellState, CellValue

NO_GROUP = "no group"
"""Category of jurisdictions without a group."""

_STATES = list(CellState)


@dataclass(frozen=True)
class Category:
    """A value of a characteristic. What cells without a value say comes last."""

    order: tuple[int, float, str]
    label: str
    state: CellState | None
    """State of the cells; null where the characteristic is no indicator."""


def category(value: CellValue) -> Category:
    """Return the category of a cell: its value and qualifier, its state where that says more."""
    if not value.valued:
        return Category((2, _STATES.index(value.state), ""), value.state, value.state)
    shown = value.plain
    text = str(shown).lower() if isinstance(shown, bool) else str(shown)
    label = " ".join(part for part in (text if shown is not None else "", value.qualifier) if part)
    if value.state != CellState.CODED:
        label = f"{label} ({value.state})".strip()
    number = value.number
    if number is None:
        number = 0 if value.value_boolean is None else 1 - value.value_boolean
    above = value.number is None and value.qualifier is not None
    return Category((int(above), number, label), label or value.state, value.state)


def attribute(label: str, order: float = 0) -> Category:
    """Return the category of an attribute of jurisdictions."""
    return Category((2 if label == NO_GROUP else 0, order, label), label, None)


@dataclass(frozen=True)
class Observation:
    """A jurisdiction, once or in a year, with its categories: several where it is in groups."""

    jurisdiction: str
    rows: Sequence[Category]
    columns: Sequence[Category]


@dataclass(frozen=True)
class Table:
    """How many jurisdictions are in each two categories, and which."""

    rows: list[tuple[Category, int]]
    columns: list[tuple[Category, int]]
    cells: list[tuple[Category, Category, list[str]]]


def table(observations: Iterable[Observation]) -> Table:
    """Count observations; in the margins each counts once a category."""
    rows: dict[Category, int] = {}
    columns: dict[Category, int] = {}
    cells: dict[tuple[Category, Category], list[str]] = {}
    for seen in observations:
        for row in seen.rows:
            rows[row] = rows.get(row, 0) + 1
            for column in seen.columns:
                cells.setdefault((row, column), []).append(seen.jurisdiction)
        for column in seen.columns:
            columns[column] = columns.get(column, 0) + 1
    return Table(
        sorted(rows.items(), key=lambda item: item[0].order),
        sorted(columns.items(), key=lambda item: item[0].order),
        [
            (*both, codes)
            for both, codes in sorted(
                cells.items(), key=lambda item: (item[0][0].order, item[0][1].order)
            )
        ],
    )
