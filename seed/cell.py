"""A cell while it is derived: its state and value on a day, and what proves them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from models.coding import CellState, Evidence
from models.validity import Interval

TRUE_STATES = {CellState.CODED, CellState.DISPUTED, CellState.GENERAL_LAW}
"""States in which a cell has a value."""


@dataclass
class Cell:
    """What a rule gives on a day."""

    state: CellState
    boolean: bool | None = None
    integer: int | None = None
    number: float | None = None
    text: str | None = None
    codes: list[str] = field(default_factory=list)
    qualifier: str | None = None
    via: str | None = None
    evidence: list[Evidence] = field(default_factory=list)

    def add(self, evidence: Evidence) -> None:
        """Add evidence once."""
        # Compared by id first: comparing whole records is a quarter of the derivation's time.
        if not any(known.id == evidence.id and known == evidence for known in self.evidence):
            self.evidence.append(evidence)

    @property
    def value(self) -> tuple[Any, ...]:
        """What must stay the same for the cell to count as unchanged."""
        return (
            self.state,
            self.boolean,
            self.integer,
            self.number,
            self.text,
            tuple(self.codes),
            self.qualifier,
            self.via,
        )

    @property
    def holds(self) -> bool:
        """Whether the cell says yes: it has a value, and that is not false."""
        return self.state in TRUE_STATES and self.boolean is not False

    @property
    def known(self) -> bool:
        """Whether there is anything to say beyond "not surveyed"."""
        return self.state != CellState.NOT_SURVEYED or self.qualifier is not None


@dataclass(frozen=True)
class Piece:
    """A cell during an interval, and how it was found."""

    span: Interval
    cell: Cell
    steps: tuple[str, ...]
