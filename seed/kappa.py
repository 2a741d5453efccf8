"""Agreement of two coders, corrected for chance: Cohen's kappa, weighted for sets of words.

Kappa is `1 - observed / expected`: the mean distance between what the two coders said, over the
mean distance that would come about if each had handed out the same values at random (Cohen 1960;
with distances between nought and one it is weighted kappa, Cohen 1968). Single values are equal or
not, which gives Cohen's unweighted kappa. Sets of words are compared by MASI (Passonneau 2006), the
usual distance for sets: the codebook lets a coder name several words, few of which ever come into
question for one provision, so counting every word that neither named as an agreement would flatter
both. Several items are summed up by pooled kappa (De Vries et al. 2008): observed and expected
distances are averaged over all items before one is divided by the other, each item keeping its own
chance.
"""

from __future__ import annotations

import random
from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass
from operator import mul
from typing import TypeAlias

Value: TypeAlias = Hashable
"""What a coder said: a word, a number, or a frozenset of words."""


def distance(one: Value, other: Value) -> float:
    """Return 0 for the same and 1 for different values; between sets, the MASI distance.

    MASI is one minus the share of common members, weighted: whole if the sets are the same, two
    thirds if one contains the other, one third if they merely overlap.
    """
    if one == other:
        return 0.0
    if not (isinstance(one, frozenset) and isinstance(other, frozenset)):
        return 1.0
    common = one & other
    if not common:
        return 1.0
    weight = 2 / 3 if common in (one, other) else 1 / 3
    return 1 - weight * len(common) / len(one | other)


@dataclass(frozen=True)
class Unit:
    """One decision that both coders made."""

    cluster: str
    """What it belongs to: units of one cluster are drawn together in the bootstrap."""
    item: str
    """What was decided, such as the fault of an offence."""
    first: Value
    second: Value


@dataclass(frozen=True)
class Agreement:
    """How far two coders agree on some items."""

    units: int
    """Decisions that both made."""
    percent: float | None
    """Percent of decisions that are the same, partly same sets counting as different."""
    kappa: float | None
    """Pooled kappa; null where there is nothing to compare or where chance alone would give full
    agreement, as when both always said the same one value.
    """
    low: float | None = None
    """Lower end of the 95 % interval."""
    high: float | None = None
    """Upper end of the 95 % interval."""


class _Item:
    """The decisions on one item, with values as small numbers and their distances worked out."""

    def __init__(self, units: Sequence[Unit]) -> None:
        rows = sorted({u.first for u in units}, key=_order)
        columns = sorted({u.second for u in units}, key=_order)
        self.row = {value: i for i, value in enumerate(rows)}
        self.column = {value: i for i, value in enumerate(columns)}
        self.distances = [[distance(one, other) for other in columns] for one in rows]

    def cell(self, unit: Unit) -> tuple[int, int]:
        """Where a decision stands in the table of the item."""
        return self.row[unit.first], self.column[unit.second]

    def observed(self, cells: Iterable[tuple[int, int]]) -> float:
        """Sum of distances between what the coders said."""
        return sum(self.distances[i][j] for i, j in cells)

    def expected(self, cells: Sequence[tuple[int, int]]) -> float:
        """Sum of distances when each coder's values fall on the decisions at random."""
        rows, columns = [0] * len(self.row), [0] * len(self.column)
        for i, j in cells:
            rows[i] += 1
            columns[j] += 1
        total: float = sum(
            n * sum(map(mul, self.distances[i], columns)) for i, n in enumerate(rows) if n
        )
        return total / len(cells)


def _order(value: Value) -> tuple[str, str]:
    """A fixed order of values of any type."""
    return type(value).__name__, str(sorted(value) if isinstance(value, frozenset) else value)


def agreement(units: Sequence[Unit], resamples: int = 0) -> Agreement:
    """Compare two coders over units of any number of items.

    With `resamples`, also a percentile bootstrap interval in which whole clusters are drawn, as
    the decisions on one provision hang together. The same units give the same interval.
    """
    if not units:
        return Agreement(0, None, None)
    by_item: dict[str, list[Unit]] = {}
    for unit in units:
        by_item.setdefault(unit.item, []).append(unit)
    items = {name: _Item(group) for name, group in sorted(by_item.items())}
    clusters: dict[str, list[tuple[str, tuple[int, int]]]] = {}
    for unit in units:
        cell = items[unit.item].cell(unit)
        clusters.setdefault(unit.cluster, []).append((unit.item, cell))
    drawn = [clusters[name] for name in sorted(clusters)]
    low, high = _interval(items, drawn, resamples) if resamples else (None, None)
    same = sum(u.first == u.second for u in units)
    return Agreement(
        units=len(units),
        percent=100 * same / len(units),
        kappa=_pooled(items, drawn),
        low=low,
        high=high,
    )


_Cluster: TypeAlias = list[tuple[str, tuple[int, int]]]


def _pooled(items: dict[str, _Item], clusters: Iterable[_Cluster]) -> float | None:
    """Kappa over the items, chance being worked out within each of them."""
    cells: dict[str, list[tuple[int, int]]] = {}
    for cluster in clusters:
        for name, cell in cluster:
            cells.setdefault(name, []).append(cell)
    observed = sum(items[name].observed(group) for name, group in cells.items())
    expected = sum(items[name].expected(group) for name, group in cells.items())
    return 1 - observed / expected if expected else None


def _interval(
    items: dict[str, _Item], clusters: Sequence[_Cluster], resamples: int
) -> tuple[float | None, float | None]:
    """The middle 95 % of kappa when clusters are drawn anew, with replacement."""
    chance = random.Random("agreement")
    draws = (_pooled(items, chance.choices(clusters, k=len(clusters))) for _ in range(resamples))
    found = sorted(kappa for kappa in draws if kappa is not None)
    if not found:
        return None, None
    return found[int(0.025 * len(found))], found[min(int(0.975 * len(found)), len(found) - 1)]


# --- pairing ------------------------------------------------------------------------------------


def pair(likeness: Sequence[Sequence[float]]) -> list[tuple[int, int]]:
    """Return the one-to-one pairing of rows with columns whose likenesses add up to the most.

    As many are paired as there are rows or columns, whichever are fewer. Hungarian method with
    potentials, O(rows² × columns).
    """
    if not likeness or not likeness[0]:
        return []
    if len(likeness) > len(likeness[0]):
        return sorted((j, i) for i, j in pair(list(zip(*likeness, strict=True))))
    rows, columns = len(likeness), len(likeness[0])
    row_potential, column_potential = [0.0] * (rows + 1), [0.0] * (columns + 1)
    held = [0] * (columns + 1)  # row that holds each column, counted from 1; column 0 is none
    for row in range(1, rows + 1):
        held[0], column = row, 0
        shortest, came_from = [float("inf")] * (columns + 1), [0] * (columns + 1)
        reached = [False] * (columns + 1)
        while held[column]:
            reached[column] = True
            step, following = float("inf"), 0
            for j in range(1, columns + 1):
                if reached[j]:
                    continue
                cost = -likeness[held[column] - 1][j - 1]
                cost -= row_potential[held[column]] + column_potential[j]
                if cost < shortest[j]:
                    shortest[j], came_from[j] = cost, column
                if shortest[j] < step:
                    step, following = shortest[j], j
            for j in range(columns + 1):
                if reached[j]:
                    row_potential[held[j]] += step
                    column_potential[j] -= step
                else:
                    shortest[j] -= step
            column = following
        while column:
            held[column] = held[came_from[column]]
            column = came_from[column]
    return sorted((held[j] - 1, j - 1) for j in range(1, columns + 1) if held[j])
