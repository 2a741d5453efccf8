"""Duties: what a service or person must do, may do, or need not do."""

from __future__ import annotations

from pydantic import Field

from models.facet import Facet, FacetRecord
from models.penalty import Penalties
from models.record import Codes, Record, Reference, Slug
from models.vocabulary import (
    DeadlineClass,
    DeadlineFrom,
    DutyKind,
    Force,
    ServiceClass,
    Stance,
    Subject,
)


class Deadline(Record):
    """How fast something must be done."""

    hours: int | None = None
    """Hours, where the law counts in hours."""
    days: int | None = None
    """Days, where the law counts in days."""
    months: int | None = None
    """Months, where the law counts in months (a year is 12)."""
    kind: DeadlineClass = Field(default=DeadlineClass.FIXED, validation_alias="class")
    """How it is expressed."""
    starts: DeadlineFrom = Field(default=DeadlineFrom.NOT_STATED, validation_alias="from")
    """From when it runs."""


class Duty(Facet):
    """What a service or person must do; `stance` says whether it is required at all."""

    kind: DutyKind
    """What is to be done."""
    stance: Stance = Stance.REQUIRED
    """Whether it is required, permitted or expressly not required."""
    services: list[ServiceClass] = Field(default_factory=list)
    """Classes of service bound; empty where the duty is not on services."""
    users_min: int | None = None
    """Only services with at least this many users."""
    designated: bool | None = None
    """Whether only designated services are bound; null where that is not coded."""
    subject: list[Subject] = Field(default_factory=list)
    """Material or conduct it is about; empty where it is about none."""
    to: list[Slug] = Field(default_factory=list)
    """Authorities to which it is owed."""
    deadline: Deadline | None = None
    """How fast; null where the law names no time."""
    satisfied_by: list[Slug] = Field(default_factory=list)
    """What else satisfies the duty, such as `foreign-report`."""
    force: Force = Force.LAW
    """Whether it binds by statute, by a code, or guides only."""
    breach: Penalties = Field(default_factory=list)
    """What breach can carry."""
    breach_unread: bool = False
    """Whether what breach can carry, or a part of it, was not read."""
    breach_under: list[Reference] = Field(default_factory=list)
    """Offences or powers elsewhere that sanction breach."""


class DutyRecord(Duty, FacetRecord):
    """A duty, as it stood during an interval."""

    def codes(self) -> Codes:
        """Filters of duties."""
        return {
            **super().codes(),
            "kind": [self.kind],
            "stance": [self.stance],
            "service": self.services,
            "subject": self.subject,
            "authority": self.to,
            "force": [self.force],
        }
