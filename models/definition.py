"""Definitions: what a term of a law means."""

from __future__ import annotations

from pydantic import Field

from models.facet import Facet, FacetRecord
from models.record import Codes, Numbers, Text
from models.vocabulary import AgeHow, Depicts, Subject


class Definition(Facet):
    """What a term means: which material, which person, which service."""

    term: Text | None = None
    """The defined term, where there is one."""
    subject: Subject = Field(validation_alias="class")
    """What is defined."""
    age_under: int | None = None
    """The age below which a person is the child or young person meant."""
    age_how: list[AgeHow] = Field(default_factory=list)
    """How age is tested; any one suffices."""
    depicts: list[Depicts] = Field(default_factory=list)
    """Kinds of depiction covered; empty where the definition is not about material."""
    ict: bool | None = None
    """Whether computers or data are named; null where that is not coded."""


class DefinitionRecord(Definition, FacetRecord):
    """A definition, as it stood during an interval."""

    def codes(self) -> Codes:
        """Filters of definitions."""
        return {
            **super().codes(),
            "subject": [self.subject],
            "age_how": self.age_how,
            "depicts": self.depicts,
        }

    def numbers(self) -> Numbers:
        """Range filters of definitions."""
        return {"age_under": [] if self.age_under is None else [self.age_under]}
