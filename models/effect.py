"""Effects: what one law or judgment did to another, or to itself. The only carrier of time."""

from __future__ import annotations

from collections.abc import Mapping

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError
from sqlmodel import Field as Column

from models.record import Codes, Day, EId, Identified, Record, Slug, Text
from models.row import Row, TextKey, walked
from models.source import Dispute, Source
from models.validity import FOREVER
from models.vocabulary import EffectKind, Outcome, ServiceClass


class EffectFields(Record):
    """What an effect says in the file and in the answer alike."""

    kind: EffectKind
    """What was done."""
    date: Day | None = None
    """Day on which it takes effect; null when none is fixed, or it was not found."""
    known_by: Day | None = None
    """Day from which what commenced is known to be in force, where its own day was not found."""
    outcome: Outcome = Outcome.DONE
    """What became of it."""
    scope: list[ServiceClass] = Field(default_factory=list)
    """Service classes to which it is limited; empty for all."""
    purposes: Text | None = None
    """Purposes to which it is limited, in our own words."""
    sources: list[Source] = Field(default_factory=list)
    """What proves it."""
    disputes: list[Dispute] = Field(default_factory=list)
    """Points on which sources differ."""
    note: Text | None = None
    """What a reader should know."""

    @model_validator(mode="after")
    def _done_has_date(self) -> EffectFields:
        if self.outcome == Outcome.DONE and self.day is None:
            raise PydanticCustomError("effect", "an effect with outcome done has a date")
        commenced = self.kind == EffectKind.COMMENCES and self.outcome == Outcome.DONE
        if self.known_by is not None and (self.date is not None or not commenced):
            said = "`known_by` is said of a commencement that is done and has no date"
            raise PydanticCustomError("effect", said)
        return self

    @property
    def day(self) -> Day | None:
        """Day from which it counts: its own, or that by which it is known to have come."""
        return self.date or self.known_by


class EffectEntry(EffectFields):
    """An effect in the file of the law that it affects."""

    id: Slug
    """Identifier, unique in the file."""
    by: Slug | None = None
    """Law or judgment that did it; absent for the law itself."""
    at: list[EId] = Field(default_factory=list)
    """Provisions affected, descendants included; absent for the whole law."""


class EffectRecord(EffectFields, Identified):
    """What one law or judgment did to another, or to itself."""

    law: str
    """The law affected."""
    law_title: str
    """Its title."""
    by: str
    """The law or judgment that did it; the law itself for its own steps."""
    by_title: str
    """Its title."""
    at: list[str]
    """Provisions affected, descendants included; empty for the whole law."""

    def codes(self) -> Codes:
        """Filters of effects."""
        return {
            "law": [self.law],
            "by": [self.by],
            "kind": [self.kind],
            "outcome": [self.outcome],
            "provision": self.at,
            "scope": self.scope,
        }

    def columns(self) -> Mapping[str, str | int]:
        """Sort orders of effects; one without a day comes last."""
        return {"date": (self.day or FOREVER).isoformat(), "law": self.law}


@walked("date")
class EffectRow(Row, table=True):
    """What one law did to another."""

    __tablename__ = "effect"

    date: str = Column(sa_type=TextKey, description="Day it takes effect, 9999-12-31 without one.")
    law: str = Column(sa_type=TextKey, description="Law affected.")
