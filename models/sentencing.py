"""Sentencing: what is added to, or bounds, the sentence of offences."""

from __future__ import annotations

from pydantic import Field

from models.facet import Facet, FacetRecord
from models.penalty import Term
from models.record import Codes, Reference
from models.vocabulary import Addition, Clock, Measure


class Sentencing(Facet):
    """A rule on the sentence, or on what follows it, of the offences it applies to.

    General rules that extend the punishment of offences, to their attempt or to entities, are such.
    """

    applies_to: list[Reference] = Field(default_factory=list)
    """Offences it applies to; empty where the provision states no list."""
    min: Term | None = None
    """Shortest term it sets, of what it adds or of the sentence."""
    max: Term | None = None
    """Longest term it sets, of what it adds or of the sentence."""
    adds: list[Addition] = Field(default_factory=list)
    """What it adds."""
    measures: list[Measure] = Field(default_factory=list)
    """Measures of supervision that it names."""
    mandatory: bool | None = None
    """Whether it applies without a decision in the single case; null where that is not coded."""
    clock: Clock = Clock.ACT
    """Which date of a case picks the version."""


class SentencingRecord(Sentencing, FacetRecord):
    """A sentencing rule, as it stood during an interval."""

    def codes(self) -> Codes:
        """Filters of sentencing rules."""
        return {
            **super().codes(),
            "adds": self.adds,
            "measure": self.measures,
            "clock": [self.clock],
            "applies_to": [reference.id for reference in self.applies_to],
        }
