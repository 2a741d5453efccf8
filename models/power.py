"""Powers: what an authority may order or do."""

from __future__ import annotations

from pydantic import Field

from models.duty import Deadline
from models.facet import Facet, FacetRecord
from models.penalty import Penalties
from models.record import Codes, CurrencyCode, Reference, Slug
from models.vocabulary import Addressee, PowerKind, ServiceClass, Subject


class Power(Facet):
    """What an authority may order or do, to whom, how fast, and what non-compliance carries."""

    kind: PowerKind
    """What may be ordered or done."""
    holder: list[Slug] = Field(default_factory=list)
    """Authorities that hold it."""
    addressee: list[Addressee] = Field(default_factory=list)
    """To whom it is addressed."""
    services: list[ServiceClass] = Field(default_factory=list)
    """Classes of service it can be aimed at; empty where it is not about services."""
    subject: list[Subject] = Field(default_factory=list)
    """Material or conduct it is about."""
    deadline: Deadline | None = None
    """How fast it must be complied with; null where the law names no time."""
    fine_max: int | None = None
    """Largest financial penalty the power itself allows, in whole currency units."""
    fine_currency: CurrencyCode | None = None
    """ISO 4217 code of that amount."""
    appeal: list[Slug] = Field(default_factory=list)
    """Authorities to which an appeal or application lies."""
    breach: Penalties = Field(default_factory=list)
    """What non-compliance can carry."""
    breach_unread: bool = False
    """Whether what non-compliance can carry, or a part of it, was not read."""
    breach_under: list[Reference] = Field(default_factory=list)
    """Offences or powers elsewhere that sanction non-compliance."""


class PowerRecord(Power, FacetRecord):
    """A power, as it stood during an interval."""

    def codes(self) -> Codes:
        """Filters of powers."""
        return {
            **super().codes(),
            "kind": [self.kind],
            "authority": self.holder,
            "addressee": self.addressee,
            "service": self.services,
            "subject": self.subject,
        }
