"""Offences: what is punished, with which fault, and what it can carry."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pydantic import Field, GetJsonSchemaHandler, model_validator
from pydantic_core import CoreSchema, PydanticCustomError

from models.facet import Facet, FacetRecord
from models.penalty import Penalties
from models.record import Codes, Numbers, Record, Reference
from models.vocabulary import Caning, Conduct, Depicts, Fault, Purpose, Subject


class Material(Record):
    """The material an offence is about."""

    definition: Reference | None = Field(default=None, validation_alias="def")
    """The definition facet or provision that describes it."""
    subjects: list[Subject] = Field(default_factory=list, validation_alias="class")
    """What material it is: taken from the definition, or stated where there is none."""
    only: list[Depicts] = Field(default_factory=list)
    """Set when the offence covers only some of the defined depictions."""

    @model_validator(mode="before")
    @classmethod
    def _one_class(cls, value: Any) -> Any:
        if isinstance(value, dict) and isinstance(value.get("class"), str):
            return {**value, "class": [value["class"]]}
        return value

    @classmethod
    def __get_pydantic_json_schema__(
        cls, core_schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> dict[str, Any]:
        """In seed files a single class need not be a list."""
        schema = handler.resolve_ref_schema(handler(core_schema))
        if handler.mode == "validation":
            classes = schema["properties"]["class"]
            about = classes.pop("description")
            schema["properties"]["class"] = {
                "anyOf": [classes["items"], classes],
                "description": about,
            }
        return schema

    @model_validator(mode="after")
    def _described(self) -> Material:
        if self.definition is None and not self.subjects:
            raise PydanticCustomError("material", "material names its `def` or its `class`")
        return self


class Offence(Facet):
    """What is punished. Several in one provision are told apart by `n`."""

    conduct: list[Conduct] = Field(min_length=1)
    """What is punished; any one suffices."""
    purpose: Purpose = Purpose.NONE
    """Further purpose that must be proved."""
    material: Material | None = None
    """The material it is about; null where it is about none."""
    victim_under: int | None = None
    """The victim must be below this age."""
    victim_over: int | None = None
    """The victim must have reached this age."""
    offender_from: int | None = None
    """The offender must have reached this age."""
    fault: Fault = Fault.NOT_STATED
    """Lowest fault that suffices, as to the central element."""
    attempt: bool | None = None
    """Whether its attempt is punished, by its Act; null: not coded, or a general rule."""
    entity_liable: bool | None = None
    """Whether an entity can be convicted, by its Act; null: not coded, or a general rule."""
    officer_liable: bool | None = None
    """Whether officers answer for their entity; null where that is not coded."""
    penalties: Penalties = Field(default_factory=list)
    """Cases of what it can carry."""
    penalties_unread: bool = False
    """Whether its punishment, or a part of it, was not read: the cases are then what is known."""
    penalties_of: Reference | None = None
    """Offence whose penalties apply, where the provision refers to another."""
    breach_of: list[Reference] = Field(default_factory=list)
    """Duties or powers whose breach this offence punishes."""

    @model_validator(mode="before")
    @classmethod
    def _punished(cls, value: Any) -> Any:
        """No offence is free: where no word is said of its punishment, that was not read."""
        said = ("penalties", "penalties_of", "penalties_unread")
        if isinstance(value, dict) and not any(key in value for key in said):
            return {**value, "penalties_unread": True}
        return value


class OffenceRecord(Offence, FacetRecord):
    """An offence, as it stood during an interval."""

    def codes(self) -> Codes:
        """Filters of offences."""
        caning = {penalty.caning for penalty in self.penalties if penalty.when.base}
        return {
            **super().codes(),
            "conduct": self.conduct,
            "purpose": [self.purpose],
            "material_class": self.material.subjects if self.material else [],
            "fault": [self.fault],
            "caning": caning or {Caning.NONE},
        }

    def numbers(self) -> Numbers:
        """Range filters of offences: base case only, so that like is compared with like."""
        return {
            "prison_max": [] if self._prison_max() < 0 else [self._prison_max()],
            "victim_under": [] if self.victim_under is None else [self.victim_under],
        }

    def columns(self) -> Mapping[str, str | int]:
        """Columns of the table of facets."""
        return {**super().columns(), "prison_max": self._prison_max()}

    def _prison_max(self) -> int:
        terms = [p.prison.max for p in self.penalties if p.when.base and p.prison and p.prison.max]
        return max((term.rank for term in terms), default=-1)
