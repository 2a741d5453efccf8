"""Penalties as cases of numbers: terms of imprisonment, fines, caning, per-day fines."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, TypeAlias

from pydantic import Field, GetJsonSchemaHandler, model_validator
from pydantic_core import CoreSchema, PydanticCustomError
from sqlmodel import Field as Column

from models.record import Codes, CurrencyCode, Dated, Numbers, Record, Reference, Slug, short_form
from models.row import Row, TextKey, walked
from models.vocabulary import (
    Caning,
    Combine,
    Conduct,
    FacetKind,
    PerDayFrom,
    Person,
    Purpose,
    ShareOf,
    Subject,
    Track,
    Verification,
)

LIFE_MONTHS = 100_000
"""Stands for life imprisonment where terms are compared: above every number of months."""

_TERM = re.compile(
    r"(?:(?P<years>[0-9]+)y)?(?:(?P<months>[0-9]+)m)?(?:(?P<days>[0-9]+)d)?(?P<less>-1d)?"
)


class Term(Record):
    """A term of imprisonment or supervision, as whole months."""

    text: str
    """The term as coded: `5y`, `6m`, `21d`, `2y-1d` (a day less than two years) or `life`."""
    months: int | None
    """Whole months; days alone count 0 and `2y-1d` counts 23. Null for life."""
    life: bool
    """Imprisonment for life."""

    @model_validator(mode="before")
    @classmethod
    def _read(cls, value: Any) -> Any:
        if not isinstance(value, str):
            return value
        if value == "life":
            return {"text": value, "months": None, "life": True}
        match = _TERM.fullmatch(value)
        if not value or match is None:
            raise PydanticCustomError("term", "a term is written like 5y, 6m, 21d, 2y-1d or life")
        months = 12 * int(match["years"] or 0) + int(match["months"] or 0)
        months -= bool(match["less"])
        if months < 0:
            raise PydanticCustomError("term", "a day less is said of years or months, as in 2y-1d")
        return {"text": value, "months": months, "life": False}

    @classmethod
    def __get_pydantic_json_schema__(
        cls, core_schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> dict[str, Any]:
        """A string in seed files, an object in answers."""
        if handler.mode == "validation":
            return {"type": "string", "pattern": r"^(life|(\d+y)?(\d+m)?(\d+d)?(-1d)?)$"}
        return handler(core_schema)

    @property
    def rank(self) -> int:
        """Months for comparison, with life above every number."""
        return LIFE_MONTHS if self.months is None else self.months


class Prison(Record):
    """The bounds of a term of imprisonment; null where the law sets none."""

    min: Term | None = None
    """Shortest term."""
    max: Term | None = None
    """Longest term; worked out where the law names a quantity."""
    max_quantity: Slug | None = None
    """The quantity that sets the longest term, such as a court's general limit."""


FINE_WORDS = ("unlimited", "day_fines")
"""Fines that need no more than a word in seed files."""

FINE_FORMS = "a fine is `unlimited`, `day_fines` or a mapping such as {amount: 500, currency: SGD}"
"""How a fine is written."""


class FineLimb(Record):
    """One way of setting the maximum of a fine."""

    amount: int | None = None
    """Amount in whole currency units; worked out where the law names a quantity."""
    currency: CurrencyCode | None = None
    """ISO 4217 code."""
    quantity: Slug | None = None
    """The quantity (such as a penalty unit) in which the law sets the fine."""
    times: int | None = None
    """How many of the quantity."""
    share: float | None = None
    """Percent of turnover."""
    share_of: ShareOf = Field(default=ShareOf.NOT_STATED, validation_alias="of")
    """What the share is a share of."""

    @model_validator(mode="after")
    def _one_measure(self) -> FineLimb:
        if (self.quantity is None) != (self.times is None):
            raise PydanticCustomError("fine", "quantity and times go together")
        if self.amount is not None and self.currency is None and self.quantity is None:
            raise PydanticCustomError("fine", "an amount needs a currency (ISO 4217)")
        return self


class Fine(FineLimb):
    """The maximum of a fine. Without any measure it is a fine whose size was not read."""

    unlimited: bool = False
    """A fine with no stated maximum."""
    day_fines: bool = False
    """Set in units of which the court fixes the value by the offender's means: no amount."""
    units_min: int | None = None
    """Fewest units of day fines."""
    units_max: int | None = None
    """Most units of day fines."""
    greater_of: list[FineLimb] = Field(default_factory=list)
    """Limbs of which the greater is the maximum."""

    @model_validator(mode="before")
    @classmethod
    def _short_form(cls, value: Any) -> Any:
        if isinstance(value, str):
            if value not in FINE_WORDS:
                raise PydanticCustomError("fine", FINE_FORMS)
            return {value: True}
        return value

    @model_validator(mode="after")
    def _units(self) -> Fine:
        units = [units for units in (self.units_min, self.units_max) if units is not None]
        if units and not self.day_fines:
            raise PydanticCustomError("fine", "units are those of `day_fines: true`")
        if units != sorted(units):
            raise PydanticCustomError("fine", "the fewest units are more than the most")
        return self

    @property
    def sized(self) -> bool:
        """Whether anything is said of its size."""
        said = (self.amount, self.quantity, self.share)
        return (
            any(measure is not None for measure in said)
            or self.unlimited
            or self.day_fines
            or bool(self.greater_of)
        )

    @classmethod
    def __get_pydantic_json_schema__(
        cls, core_schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> dict[str, Any]:
        """A word is enough in seed files."""
        return short_form(handler(core_schema), handler, {"enum": list(FINE_WORDS)})


class PerDay(Record):
    """A further fine for every day."""

    amount: int
    """Amount a day in whole currency units."""
    currency: CurrencyCode
    """ISO 4217 code."""
    cap: int | None = None
    """Most that the daily fines may add up to."""
    starts: PerDayFrom = Field(default=PerDayFrom.NOT_STATED, validation_alias="from")
    """From when it runs."""


class When(Record):
    """The circumstances of a penalty case; a case without aggravator is the base case."""

    track: Track = Track.ANY
    """Procedural track."""
    person: Person = Person.ANY
    """Who is punished."""
    prior: int | None = None
    """At least this many earlier convictions."""
    victim_under: int | None = None
    """The victim is below this age."""
    victim_over: int | None = None
    """The victim has reached this age."""
    gain: bool | None = None
    """Done for gain."""
    organised: bool | None = None
    """Done by an organised group."""
    network: bool | None = None
    """Done by means of an electronic network."""
    hurt: bool | None = None
    """Hurt, force or fear of it was used, or no consent was given."""
    exploitative: bool | None = None
    """The offender was in an exploitative relationship with the victim."""
    intent: bool | None = None
    """Done with a graver intention or knowledge than the offence itself asks for."""
    users_min: int | None = None
    """The service has at least this many users."""

    @property
    def base(self) -> bool:
        """Tell whether no aggravator is named."""
        neutral = {"track", "person"}
        return all(value is None for name, value in self if name not in neutral)


class Penalty(Record):
    """One case of what an offence or breach can carry."""

    when: When = Field(default_factory=When)
    """In which circumstances; empty for the base case."""
    prison: Prison | None = None
    """Imprisonment; null where none can be imposed."""
    fine: Fine | None = None
    """Fine; null where none can be imposed."""
    caning: Caning = Caning.NONE
    """Caning."""
    strokes_min: int | None = None
    """Fewest strokes."""
    strokes_max: int | None = None
    """Most strokes, where the provision says so."""
    per_day: PerDay | None = None
    """Further fine for every day."""
    combine: Combine = Combine.ANY
    """How prison, fine and caning combine."""

    @model_validator(mode="after")
    def _says_something(self) -> Penalty:
        if not (self.prison or self.fine or self.caning != Caning.NONE or self.per_day):
            raise PydanticCustomError("penalty", "a penalty names prison, fine, caning or per_day")
        return self


Penalties: TypeAlias = list[Penalty]


class PenaltyRecord(Penalty, Dated):
    """A penalty case of an offence, or of the breach of a duty or power, as a record of its own."""

    facet: str
    """The offence, duty or power that it belongs to."""
    facet_kind: FacetKind
    """Kind of that facet."""
    provision: str
    """Provision that holds the facet."""
    law: str
    """Law that holds the provision."""
    extent: list[str]
    """Jurisdictions in which it is law."""
    topics: list[str]
    """Topics of the provision."""
    conduct: list[Conduct]
    """What the offence punishes; empty for duties and powers."""
    purpose: Purpose
    """Further purpose that the offence asks for; `none` for duties and powers."""
    material_class: list[Subject]
    """What material the offence is about; empty for duties and powers."""
    base: bool
    """Whether this is the base case: no aggravator is named."""
    set_by: Reference | None
    """Where the penalty stands, when the offence takes it from another provision."""
    verification: Verification
    """What the provision was checked against."""

    def codes(self) -> Codes:
        """Filters of penalties."""
        return {
            "law": [self.law],
            "provision": [self.provision],
            "facet_kind": [self.facet_kind],
            "topic": self.topics,
            "conduct": self.conduct,
            "purpose": [self.purpose],
            "material_class": self.material_class,
            "person": [self.when.person],
            "track": [self.when.track],
            "caning": [self.caning],
            "base": ["true" if self.base else "false"],
            "verification": [self.verification],
        }

    def numbers(self) -> Numbers:
        """Range filters of penalties."""
        return {
            "prison_max": [self.prison.max.rank] if self.prison and self.prison.max else [],
            "fine_max": [self.fine.amount] if self.fine and self.fine.amount is not None else [],
        }

    def columns(self) -> Mapping[str, str | int]:
        """Sort orders of penalties; no imprisonment comes below any."""
        return {
            "provision": self.provision,
            "prison_max": self.prison.max.rank if self.prison and self.prison.max else -1,
        }


@walked("prison_max")
class PenaltyRow(Row, table=True):
    """A penalty case, as it stood during an interval."""

    __tablename__ = "penalty"

    provision: str = Column(sa_type=TextKey, description="Provision that holds it.")
    prison_max: int = Column(description="Longest term in months; -1 without one.")
