"""Reach: jurisdiction beyond the territory, over named offences, duties or powers."""

from __future__ import annotations

from pydantic import Field

from models.facet import Facet, FacetRecord
from models.record import Codes, Reference
from models.vocabulary import Basis, Clock, Condition


class Reach(Facet):
    """A ground of jurisdiction. Entries are alternatives; the bases within one are cumulative."""

    applies_to: list[Reference] = Field(default_factory=list)
    """Offences, duties or powers it covers; empty for a general rule over the whole law."""
    basis: list[Basis] = Field(min_length=1)
    """Grounds that must all be met."""
    conditions: list[Condition] = Field(default_factory=list)
    """Further conditions that must all be met."""
    victim_under: int | None = None
    """The victim must be below this age."""
    clock: Clock = Clock.ACT
    """Which date of a case the grounds are tested at."""
    overrides: list[Reference] = Field(default_factory=list)
    """Rules that this one sets aside."""

    @property
    def sufficient(self) -> list[Basis]:
        """Grounds that need no other: they are cumulative, so only a lone one suffices."""
        grounds = [basis for basis in self.basis if basis != Basis.ANY_PERSON_ANYWHERE]
        return list(self.basis) if len(grounds) <= 1 else []


class ReachRecord(Reach, FacetRecord):
    """A ground of reach, as it stood during an interval."""

    def codes(self) -> Codes:
        """Filters of reaches."""
        return {
            **super().codes(),
            "basis": self.basis,
            "condition": self.conditions,
            "clock": [self.clock],
            "applies_to": [reference.id for reference in self.applies_to],
        }
