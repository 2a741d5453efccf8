"""Similarity of jurisdictions: Gower's coefficient over the indicators that can be compared.

Each indicator that two jurisdictions share gives a number between 0 (as unlike as can be) and 1
(the same), and their similarity is the mean of these. What nobody surveyed, what does not apply,
and amounts in different currencies are never compared.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TypeAlias

from models.coding import CellState, CellValue
from models.indicator import ValueType

TOP = {"life", "unlimited"}
"""Qualifiers that stand for the top of a range: no number is above them."""


@dataclass(frozen=True)
class Quantity:
    """A value on a scale: a number, or the top of it."""

    scale: str
    """Currency, or base of a share; empty where there is one scale only."""
    number: float | None
    """The number; null at the top."""


Trait: TypeAlias = bool | str | frozenset[str] | Quantity
"""What is compared: yes or no, a word, a set of words, or a value on a scale."""


@dataclass(frozen=True)
class Scale:
    """The range of the numbers that are compared."""

    indicator: str
    unit: str
    low: float
    high: float
    jurisdictions: int


@dataclass(frozen=True)
class Variable:
    """An indicator as it is compared."""

    indicator: str
    traits: list[Trait | None]
    """What each jurisdiction has; null where that cannot be compared."""
    scales: dict[str, Scale]


@dataclass(frozen=True)
class Pair:
    """Two jurisdictions, how alike they are, and over how many indicators."""

    a: int
    b: int
    total: float
    compared: int

    @property
    def similarity(self) -> float | None:
        """The mean over the indicators compared; null without any."""
        return round(self.total / self.compared, 6) if self.compared else None


def trait(value: CellValue) -> Trait | None:
    """Return what can be compared of a cell.

    That the law was searched and is silent counts as no, or as an empty set; there is no number
    in it.
    """
    if value.state in (CellState.NOT_SURVEYED, CellState.NOT_APPLICABLE):
        return None
    if value.value_type == ValueType.BOOLEAN:
        return value.value_boolean is True
    if value.value_type == ValueType.CODES:
        return frozenset(value.value_codes)
    if value.state == CellState.ABSENT:
        return None
    if value.value_type == ValueType.DATE:
        day = value.value_text
        return Quantity("", date.fromisoformat(day).toordinal()) if day else None
    if value.qualifier in TOP:
        return Quantity("", None)
    if value.number is None:
        return value.qualifier  # `promptly` and the like
    if value.value_type in (ValueType.MONEY, ValueType.SHARE):
        return Quantity(value.qualifier, value.number) if value.qualifier else None
    return Quantity("", value.number)


def variables(rows: Sequence[Sequence[CellValue]], indicators: Sequence[str]) -> list[Variable]:
    """Return the indicators that tell something: those that a jurisdiction has coded."""
    found: list[Variable] = []
    for at, indicator in enumerate(indicators):
        column = [row[at] for row in rows]
        if not any(value.valued for value in column):
            continue
        traits = [trait(value) for value in column]
        found.append(Variable(indicator, traits, _scales(indicator, traits)))
    return found


def _scales(indicator: str, traits: Sequence[Trait | None]) -> dict[str, Scale]:
    """The range of numbers on each scale."""
    numbers: dict[str, list[float]] = {}
    for each in traits:
        if isinstance(each, Quantity) and each.number is not None:
            numbers.setdefault(each.scale, []).append(each.number)
    return {
        unit: Scale(indicator, unit, min(held), max(held), len(held))
        for unit, held in sorted(numbers.items())
    }


def alike(x: Trait | None, y: Trait | None, scales: Mapping[str, Scale]) -> float | None:
    """Return how alike two traits of an indicator are, 0 to 1; null if they cannot be compared."""
    if x is None or y is None:
        return None
    if isinstance(x, Quantity) and isinstance(y, Quantity):
        return _near(x, y, scales)
    if isinstance(x, frozenset) and isinstance(y, frozenset):
        return len(x & y) / len(x | y) if x | y else 1.0
    return float(x == y) if type(x) is type(y) else None


def _near(x: Quantity, y: Quantity, scales: Mapping[str, Scale]) -> float | None:
    """How near two values are, as a share of the range of their scale."""
    if x.number is None and y.number is None:
        return 1.0
    if x.number is not None and y.number is not None and x.scale != y.scale:
        return None
    scale = scales[x.scale if x.number is not None else y.scale]
    span = scale.high - scale.low
    if span == 0:
        # The numbers are all the same; only what is above every number differs from them.
        return float(x.number == y.number)
    high, low = (scale.high if v.number is None else v.number for v in (x, y))
    return 1.0 - abs(high - low) / span


def pairs(found: Sequence[Variable], size: int) -> list[Pair]:
    """Compare every two jurisdictions."""
    compared: list[Pair] = []
    for a in range(size):
        totals = [0.0] * size
        numbers = [0] * size
        for variable in found:
            x, traits, scales = variable.traits[a], variable.traits, variable.scales
            if x is None:
                continue
            for b in range(a + 1, size):
                near = alike(x, traits[b], scales)
                if near is not None:
                    totals[b] += near
                    numbers[b] += 1
        compared += [Pair(a, b, totals[b], numbers[b]) for b in range(a + 1, size)]
    return compared
