"""Indicators: the codebook's variables, each with the declarative rule that derives it.

A rule reads the facets in force in a jurisdiction on a day. `where` keeps those with one of the
values at each path; `case` picks penalty cases; `take` and `path` read the value. What a rule can
say is all here: adding an indicator is adding YAML.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pydantic import Field, GetJsonSchemaHandler, model_validator
from pydantic_core import CoreSchema, PydanticCustomError
from sqlalchemy import Executable, select
from sqlmodel import Field as Column
from sqlmodel import col

from models.record import Codes, Identified, Record, Slug, Text
from models.row import Row, walked
from models.vocabulary import Word

IndicatorId = str
"""A snake_case name: it becomes a column name."""


class ValueType(Word):
    """What kind of value an indicator has, and in which field of a cell it stands."""

    BOOLEAN = "boolean", "true or false, in `value_boolean`"
    MONTHS = "months", "whole months, in `value_integer`; qualifier `life`, or the source form"
    MONEY = "money", "whole currency units, in `value_integer`; qualifier currency, or kind of fine"
    SHARE = "share", "percent, in `value_number`; qualifier says of what"
    INTEGER = "integer", "a count or an age in years, in `value_integer`"
    HOURS = "hours", "hours, in `value_integer`; qualifier for a deadline without a number"
    DAYS = "days", "days, in `value_integer`; qualifier for a deadline without a number"
    DATE = "date", "an ISO day, in `value_text`"
    CODES = "codes", "a set of words of a vocabulary, in `value_codes`"


class Take(Word):
    """How a value is read from the facets that match."""

    ANY = "any", "whether one matches"
    MAX = "max", "the largest value"
    MIN = "min", "the smallest value"
    SET = "set", "all values"
    NOT_STATED = "not_stated", "by counting, or as a date"


class RuleSource(Word):
    """What a rule reads."""

    DEFINITION = "definition", "definitions"
    OFFENCE = "offence", "offences"
    SENTENCING = "sentencing", "sentencing rules"
    REACH = "reach", "reaches; a ground matches only where it suffices by itself"
    EXCEPTION = "exception", "exceptions"
    DUTY = "duty", "duties"
    POWER = "power", "powers"
    BINDING = "binding", "treaties that bind the jurisdiction"


class PathMatch(Record):
    """Values of which a path must have one."""

    path: Text
    """Path into the facet, by the keys of seed files, such as `material.class`."""
    values: list[str] = Field(min_length=1)
    """Values of which one suffices; `*` stands for any, or none."""


def _matches(value: Any) -> Any:
    """Read `{conduct: possess, purpose: [none, gain]}` as a list of matches."""
    if not isinstance(value, dict):
        return value
    return [
        {"path": path, "values": [_word(v) for v in (said if isinstance(said, list) else [said])]}
        for path, said in value.items()
    ]


def _word(value: Any) -> Any:
    """A scalar of YAML as the word it is compared as."""
    if isinstance(value, bool):
        return str(value).lower()
    return str(value) if isinstance(value, int | float) else value


_MAPPING = {
    "type": "object",
    "additionalProperties": {
        "anyOf": [{"type": "string"}, {"type": "boolean"}, {"type": "number"}, {"type": "array"}]
    },
}


class Rule(Record):
    """How an indicator is derived: from facets, from another indicator's rule, or from values."""

    like: IndicatorId | None = None
    """Indicator whose rule this one starts from; what is said here replaces its part."""
    of: list[RuleSource] = Field(default_factory=list)
    """What is read."""
    where: list[PathMatch] = Field(default_factory=list)
    """Conditions that must all be met."""
    through: list[PathMatch] = Field(default_factory=list)
    """Conditions that an offence, duty or power tied by `applies_to` must meet."""
    case: list[PathMatch] = Field(default_factory=list)
    """Penalty case: aggravators asked for; without any, the base case."""
    take: Take = Take.NOT_STATED
    """How the value is read."""
    path: Text | None = None
    """Path to the value; null where the match itself is the value."""
    qualifier: Text | None = None
    """Path to the word that stands for a value without a number."""
    default: list[str] = Field(default_factory=list)
    """Value where facets match and the path holds nothing; empty for none."""
    otherwise: list[PathMatch] = Field(default_factory=list, validation_alias="else")
    """Conditions that replace those of the same path when nothing matches: the general law."""
    otherwise_of: list[RuleSource] = Field(default_factory=list, validation_alias="else_of")
    """What the general law is read from, where that is something else; `else` then stands alone."""
    otherwise_through: list[PathMatch] = Field(
        default_factory=list, validation_alias="else_through"
    )
    """Conditions that what is tied to the general law must meet, in place of `through`."""
    needs: IndicatorId | None = None
    """Indicator without which this one does not apply."""
    since: IndicatorId | None = None
    """Indicator whose first day of being coded is the value."""
    count: list[IndicatorId] = Field(default_factory=list)
    """Indicators of which the true ones are counted."""

    @model_validator(mode="before")
    @classmethod
    def _short_forms(cls, value: Any) -> Any:
        if not isinstance(value, dict):
            return value
        read = dict(value)
        for key in ("where", "case", "else"):
            if key in read:
                read[key] = _matches(read[key])
        for key in ("through", "else_through"):
            if isinstance(read.get(key), dict):
                inner = read[key]
                if set(inner) != {"applies_to"}:
                    raise PydanticCustomError(
                        "rule", f"{key}: {{applies_to: {{…}}}} is the only join"
                    )
                read[key] = _matches(inner["applies_to"])
        for key in ("of", "else_of"):
            if isinstance(read.get(key), str):
                read[key] = [read[key]]
        if "default" in read and not isinstance(read["default"], list):
            read["default"] = [_word(read["default"])]
        return read

    @model_validator(mode="after")
    def _one_way(self) -> Rule:
        ways = [bool(self.of or self.like), self.since is not None, bool(self.count)]
        if sum(ways) != 1:
            raise PydanticCustomError(
                "rule", "a rule says one of: `of` or `like`, `since`, `count`"
            )
        if self.otherwise_through and not self.otherwise_of:
            raise PydanticCustomError("rule", "`else_through` says what `else_of` is tied to")
        if self.otherwise_of and not self.otherwise:
            raise PydanticCustomError("rule", "`else_of` needs an `else`: what it must meet")
        return self

    @property
    def general(self) -> Rule | None:
        """The rule that reads the general law; null where there is none."""
        if not self.otherwise:
            return None
        if self.otherwise_of:
            said = {"of": self.otherwise_of, "through": self.otherwise_through}
            return self.model_copy(update={**said, "where": self.otherwise})
        replaced = {match.path: match for match in self.otherwise}
        kept = [replaced.pop(match.path, match) for match in self.where]
        return self.model_copy(update={"where": [*kept, *replaced.values()]})

    @classmethod
    def __get_pydantic_json_schema__(
        cls, core_schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> dict[str, Any]:
        """In seed files conditions are mappings and lists may be single words."""
        schema = handler.resolve_ref_schema(handler(core_schema))
        if handler.mode == "validation":
            tied = {
                "type": "object",
                "properties": {"applies_to": _MAPPING},
                "additionalProperties": False,
            }
            short: dict[str, Any] = {
                "where": _MAPPING,
                "case": _MAPPING,
                "else": _MAPPING,
                "through": tied,
                "else_through": tied,
            }
            for key, form in {**short, "of": {}, "else_of": {}, "default": {}}.items():
                about = schema["properties"][key]["description"]
                schema["properties"][key] = {**form, "description": about}
        return schema


class Correspondence(Record):
    """A criterion of a published instrument that asks the same."""

    instrument: Slug
    """The instrument, such as `icmec`."""
    item: Text
    """Its criterion, by number or words."""


class IndicatorFields(Record):
    """What the codebook says of an indicator."""

    question: Text
    """What it asks."""
    type: ValueType
    """What kind of value it has."""
    section: Slug = Field(validation_alias="group")
    """Section of the codebook it belongs to."""
    topic: Slug
    """Topic that a survey must have covered for its absence to be known."""
    derive: Rule
    """How it is derived."""
    corresponds: list[Correspondence] = Field(default_factory=list)
    """Criteria of published instruments that ask the same."""
    note: Text | None = None
    """What a reader should know about the coding."""


class IndicatorRecord(IndicatorFields, Identified):
    """A variable of the codebook."""

    position: int
    """Its place in the codebook, from 1."""
    rule: Rule
    """The rule with everything it takes from others written out."""
    rule_text: Text
    """The rule in words."""

    def codes(self) -> Codes:
        """Filters of indicators."""
        return {
            "type": [self.type],
            "section": [self.section],
            "topic": [self.topic],
            "instrument": [c.instrument for c in self.corresponds],
        }

    def columns(self) -> Mapping[str, str | int]:
        """Sort orders of indicators."""
        return {"position": self.position, "type": self.type}


@walked("position")
class IndicatorRow(Row, table=True):
    """A variable of the codebook."""

    __tablename__ = "indicator"

    position: int = Column(description="Place in the codebook.")
    type: str = Column(description="Kind of value.")


def types_statement() -> Executable:
    """Every indicator and its type, in the order of the codebook."""
    return select(col(IndicatorRow.id), col(IndicatorRow.type)).order_by(col(IndicatorRow.position))
