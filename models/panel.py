"""Panels: cells by jurisdiction and period, with how often each changed within the period."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from models.cells import Cells
from models.changes import steps
from models.period import Period


@dataclass(frozen=True)
class PanelRow:
    """A jurisdiction in a period."""

    jurisdiction: str
    period: Period
    cells: list[bytes]
    """The finished cells of the period's last day."""
    changes: list[int]
    """How often each changed its state, value or qualifier in the period."""


def panel(
    cells: Cells,
    jurisdictions: Sequence[str],
    positions: Sequence[int],
    periods: Sequence[Period],
    belongs: Callable[[str, date], bool],
) -> Iterator[PanelRow]:
    """Yield the rows of a panel: a jurisdiction's periods, then the next jurisdiction's.

    `periods` follow upon each other; `belongs` says whether a jurisdiction is meant on a day.
    """
    if not periods:
        return
    ends = [period.end.isoformat() for period in periods]
    for code in jurisdictions:
        changed: Counter[tuple[int, int]] = Counter()
        for step in steps(cells, code, positions, periods[0].eve.isoformat(), ends[-1]):
            if not step.same_value:
                changed[bisect_left(ends, step.day), step.position] += 1
        known = code in cells.timelines
        row = cells.row(code, ends[0])
        for at, period in enumerate(periods):
            if not belongs(code, period.end):
                continue
            if known:
                row = cells.row(code, ends[at])
            yield PanelRow(
                code,
                period,
                [row[position] for position in positions],
                [changed[at, position] for position in positions],
            )
