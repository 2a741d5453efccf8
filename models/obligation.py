"""Obligations: what treaties and directives require of states; never a state's own penalty."""

from __future__ import annotations

from pydantic import Field

from models.facet import Facet, FacetRecord
from models.penalty import Term
from models.record import Codes
from models.vocabulary import (
    Addressed,
    Basis,
    Conduct,
    DutyKind,
    FacetKind,
    PowerKind,
    Purpose,
    ShareOf,
    Subject,
)


class Obligation(Facet):
    """What states must provide in their law: a facet, with its floors."""

    to: list[Addressed] = Field(min_length=1)
    """Whom it binds."""
    requires: FacetKind
    """Kind of facet that the state's law must have."""
    conduct: list[Conduct] = Field(default_factory=list)
    """Conduct to be punished."""
    purpose: Purpose = Purpose.NONE
    """Purpose to which the duty to punish is limited."""
    subject: list[Subject] = Field(default_factory=list)
    """Material concerned."""
    basis: list[Basis] = Field(default_factory=list)
    """Grounds of jurisdiction to be established."""
    duties: list[DutyKind] = Field(default_factory=list)
    """Duties to be placed on services or persons."""
    powers: list[PowerKind] = Field(default_factory=list)
    """Powers to be given to authorities."""
    prison_max_floor: Term | None = None
    """The maximum term must be at least this long."""
    fine_share_floor: float | None = None
    """The maximum fine must be at least this share of turnover, in percent."""
    fine_share_of: ShareOf = ShareOf.NOT_STATED
    """What that share is a share of."""
    age_under: int | None = None
    """Age limit that the state's law must use."""
    entity_liable: bool | None = None
    """Whether entities must be liable; null where it does not speak of it."""
    optional: bool = False
    """Whether states may reserve or decline it."""


class ObligationRecord(Obligation, FacetRecord):
    """An obligation of states, as it stood during an interval."""

    def codes(self) -> Codes:
        """Filters of obligations."""
        return {
            **super().codes(),
            "to": self.to,
            "requires": [self.requires],
            "conduct": self.conduct,
            "subject": self.subject,
            "basis": self.basis,
        }
