"""Quantities: dated numbers that provisions use (penalty unit, fine level, general maximum)."""

from __future__ import annotations

from collections.abc import Mapping

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError
from sqlmodel import Field as Column

from models.penalty import Term
from models.record import Codes, CurrencyCode, Dated, Day, JurisdictionCode, Record, Text
from models.row import Row, TextKey, walked
from models.source import Source
from models.vocabulary import Clock


class QuantityValue(Record):
    """The value of a quantity from a day on."""

    since: Day = Field(validation_alias="from")
    """First day of the value."""
    until: Day | None = Field(default=None, validation_alias="to")
    """First day it no longer applies; null when the next value, or nothing, ends it."""
    amount: int | None = None
    """Money, in whole currency units."""
    term: Term | None = None
    """Term of imprisonment."""
    unlimited: bool = False
    """No limit applies."""
    sources: list[Source] = Field(default_factory=list)
    """What proves it."""


class QuantityFields(Record):
    """What the seed file says of a quantity, whatever the day."""

    label: Text
    """What it is called."""
    jurisdiction: JurisdictionCode
    """Jurisdiction whose law sets it."""
    currency: CurrencyCode | None = None
    """ISO 4217 code of its amounts."""
    clock: Clock = Clock.ACT
    """Which date of a case picks the value."""
    summary: Text | None = None
    """What it is used for, in our own words."""


class QuantityRecord(QuantityFields, Dated):
    """A dated number that other provisions use, as it stood during an interval."""

    amount: int | None
    """Money, in whole currency units."""
    term: Term | None
    """Term of imprisonment."""
    unlimited: bool
    """No limit applies."""
    sources: list[Source]
    """What proves the value."""

    @model_validator(mode="after")
    def _has_value(self) -> QuantityRecord:
        if self.amount is None and self.term is None and not self.unlimited:
            raise PydanticCustomError(
                "quantity", "a quantity has an amount, a term or is unlimited"
            )
        return self

    def codes(self) -> Codes:
        """Filters of quantities."""
        return {"clock": [self.clock]}

    def columns(self) -> Mapping[str, str | int]:
        """Sort orders of quantities."""
        return {"label": self.label}


@walked("label")
class QuantityRow(Row, table=True):
    """A dated number, as it stood during an interval."""

    __tablename__ = "quantity"

    label: str = Column(sa_type=TextKey, description="Label.")
