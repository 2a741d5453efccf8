"""Exceptions: who or what is excepted from offences, duties or powers."""

from __future__ import annotations

from pydantic import Field

from models.facet import Facet, FacetRecord
from models.record import Codes, Reference
from models.vocabulary import ExceptionKind


class Exemption(Facet):
    """An exception or defence; its inner conditions stand in the provision's summary."""

    kind: ExceptionKind
    """What kind of exception."""
    applies_to: list[Reference] = Field(default_factory=list)
    """Offences, duties or powers it excepts from; empty for the whole law."""


class ExceptionRecord(Exemption, FacetRecord):
    """An exception or defence, as it stood during an interval."""

    def codes(self) -> Codes:
        """Filters of exceptions."""
        return {
            **super().codes(),
            "kind": [self.kind],
            "applies_to": [reference.id for reference in self.applies_to],
        }
