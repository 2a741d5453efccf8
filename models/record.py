"""What every record shares: its configuration, strict days, identifiers and references."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Annotated, Any, TypeAlias

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    GetJsonSchemaHandler,
    StringConstraints,
    model_validator,
)
from pydantic_core import CoreSchema, PydanticCustomError

from models.validity import BEGINNING, FOREVER, Interval

DAY_PATTERN = re.compile(r"\d{4}-\d{2}-\d{2}")


def strict_day(value: Any) -> Any:
    """Accept `YYYY-MM-DD` only: Pydantic's own `date` also takes timestamps and numbers."""
    if isinstance(value, date):
        return value
    if not isinstance(value, str) or not DAY_PATTERN.fullmatch(value):
        raise PydanticCustomError("day", "a date is written YYYY-MM-DD")
    try:
        return date.fromisoformat(value)
    except ValueError as error:
        raise PydanticCustomError("day", "no such day: {reason}", {"reason": str(error)}) from None


Day = Annotated[date, BeforeValidator(strict_day)]
"""A calendar day, strictly `YYYY-MM-DD`."""

Slug = Annotated[
    str,
    StringConstraints(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=120),
    Field(examples=["online-safety"]),
]
"""A kebab-case identifier."""

EId = Annotated[
    str,
    StringConstraints(pattern=r"^[a-z]+_[0-9A-Za-z.-]+(__[a-z]+_[0-9A-Za-z.-]+)*$"),
    Field(examples=["subsec_2"]),
]
"""An Akoma Ntoso element id, such as `sec_377BK` or `part_10A`."""

JurisdictionCode = Annotated[
    str, StringConstraints(pattern=r"^[A-Z]{2,3}(-[A-Z0-9]{1,3})?$"), Field(examples=["SG"])
]
"""An ISO 3166 code, or one that the jurisdictions file lists with its source."""

CurrencyCode = Annotated[str, StringConstraints(pattern=r"^[A-Z]{3}$"), Field(examples=["SGD"])]
"""An ISO 4217 code."""

Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]
"""Text that is not empty."""

Url = Annotated[
    str,
    StringConstraints(pattern=r"^https?://[^\s/]+\.[^\s/]+(/\S*)?$", max_length=500),
    Field(examples=["https://sso.agc.gov.sg/Act/PC1871"]),
]
"""A web address."""

Codes: TypeAlias = Mapping[str, Iterable[str]]
"""Coded values by the filter they answer to."""

Numbers: TypeAlias = Mapping[str, Iterable[int]]
"""Numbers by the range filter they answer to."""


class Record(BaseModel):
    """Base of everything that a seed file says, that is stored and that is answered.

    Seed files use the short keys (`validation_alias`), answers the field names. Every field is
    always sent, so that generated clients can require it.
    """

    model_config = ConfigDict(
        extra="forbid",
        validate_by_name=True,
        validate_by_alias=True,
        use_attribute_docstrings=True,
        json_schema_serialization_defaults_required=True,
    )


class Reference(Record):
    """What another record points at: a provision (all its facets) or one facet."""

    id: str = Field(validation_alias="ref")
    """Provision (`law~eId`) or facet (`law~eId~offence_2`)."""
    before: Day | None = None
    """Set when the target is meant as it stood before this day."""

    @model_validator(mode="before")
    @classmethod
    def _short_form(cls, value: Any) -> Any:
        return {"ref": value} if isinstance(value, str) else value

    @classmethod
    def __get_pydantic_json_schema__(
        cls, core_schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> dict[str, Any]:
        """In seed files a bare string is enough."""
        schema = handler(core_schema)
        return short_form(schema, handler, {"type": "string"})


def short_form(
    schema: dict[str, Any], handler: GetJsonSchemaHandler, short: dict[str, Any]
) -> dict[str, Any]:
    """Offer `short` beside the full object in the schema of seed files, not of answers."""
    return {"anyOf": [short, schema]} if handler.mode == "validation" else schema


def fields_of(record: Record) -> dict[str, Any]:
    """Return a record's fields by name, nested records kept as they are."""
    return {name: getattr(record, name) for name in type(record).model_fields}


class Identified(Record):
    """A record with an id."""

    id: str
    """Stable identifier, the last part of the record's address."""

    def codes(self) -> Codes:
        """Coded values that filters and counts of the collection use."""
        return {}

    def numbers(self) -> Numbers:
        """Numbers that range filters of the collection use."""
        return {}

    def columns(self) -> Mapping[str, str | int]:
        """Values of the columns that the collection's table has of its own; never null."""
        return {}


class Lasting(Identified):
    """A record that holds during an interval of valid time, which may be since ever."""

    valid_from: Day | None
    """First day on which this state holds; null where that is since ever, as far as is known."""
    valid_to: Day | None
    """First day on which it no longer holds; null while it is open."""

    @property
    def interval(self) -> Interval:
        """The days on which the record holds."""
        return Interval(self.valid_from or BEGINNING, self.valid_to or FOREVER)


class Dated(Lasting):
    """A record that holds during an interval of valid time with a first day."""

    valid_from: Day
    """First day on which this state holds."""
