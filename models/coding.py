"""Codings: an indicator's value for a jurisdiction during an interval, with what proves it."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import BindParameter, Executable, bindparam, select
from sqlmodel import Field as Column
from sqlmodel import col

from models.indicator import ValueType
from models.record import Codes, Dated, Day, Record
from models.row import Row, TextKey, walked
from models.vocabulary import Verification, Word


class CellState(Word):
    """What a cell says besides its value."""

    CODED = "coded", "the law says so, with evidence"
    ABSENT = "absent", "the law was searched and is silent"
    GENERAL_LAW = "general_law", "covered by a general rule only, which the evidence names"
    NOT_APPLICABLE = "not_applicable", "it presupposes something that is absent"
    DISPUTED = "disputed", "coded, and sources differ on it"
    NOT_SURVEYED = "not_surveyed", "nobody has searched for it, or what decides was not read"


class EvidenceKind(Word):
    """What kind of record proves a cell."""

    PROVISION = "provision", "a version of a provision"
    EFFECT = "effect", "the effect that opened the version"
    QUANTITY = "quantity", "a dated number that the provision uses"
    BINDING = "binding", "a treaty that binds the jurisdiction"
    SURVEY = "survey", "a search that found nothing"


class Evidence(Record):
    """A record that proves a cell."""

    kind: EvidenceKind
    """What kind of record."""
    id: str
    """Its id."""
    pinpoint: str | None
    """Where in the provision; null for all of it."""
    version: str | None
    """First day of the version meant; null where the record has no versions."""
    href: str
    """Address of the record as it stood."""
    source_url: str | None
    """Address of the source behind it."""
    verification: Verification
    """What the record was checked against."""


VALUED = {CellState.CODED, CellState.DISPUTED, CellState.GENERAL_LAW}
"""States in which a cell has a value."""


class CellValue(Record):
    """What a cell says, without what proves it."""

    jurisdiction: str
    """The jurisdiction."""
    indicator: str
    """The indicator."""
    state: CellState
    """What the cell says besides its value."""
    value_type: ValueType
    """Which kind of value it has."""
    value_boolean: bool | None
    """The value, if boolean."""
    value_integer: int | None
    """The value, if months, money, a number, hours or days."""
    value_number: float | None
    """The value, if a share."""
    value_text: str | None
    """The value, if a date."""
    value_codes: list[str]
    """The value, if a set of words; empty otherwise."""
    qualifier: str | None
    """What qualifies the value: currency, source form, or the word that stands for a number.

    Such words are `life`, `unlimited`, `day_fines` and `promptly`. Where a cell is not surveyed:
    bounds (`3-5`, `at least 24`), or `unread` where what decides was not read.
    """

    @property
    def valued(self) -> bool:
        """Whether the law says something: coded, disputed, or covered by a general rule."""
        return self.state in VALUED

    @property
    def number(self) -> float | None:
        """The value as a number, if it is one."""
        return self.value_number if self.value_integer is None else self.value_integer

    @property
    def plain(self) -> str | int | float | bool | None:
        """The value, whatever its type; null where there is none."""
        for value in (self.value_boolean, self.value_integer, self.value_number, self.value_text):
            if value is not None:
                return value
        return ";".join(self.value_codes) or None


class CellFields(CellValue):
    """The value of an indicator for a jurisdiction."""

    via: str | None
    """Jurisdiction through whose law it holds: the lead part, or a union; null for its own."""
    evidence: list[Evidence]
    """What proves it."""


class MatrixCell(CellFields):
    """The value of an indicator for a jurisdiction on a day."""

    since: Day | None
    """First day on which it has had this value; null when since ever, as far as is known."""


class CodingRecord(CellFields, Dated):
    """The value of an indicator for a jurisdiction during an interval."""

    since: Day | None
    """First day on which it has had this value; null when since ever, as far as is known."""

    def cell(self) -> MatrixCell:
        """Return the coding as a cell of a matrix."""
        said = {name: getattr(self, name) for name in MatrixCell.model_fields}
        return MatrixCell(**said)

    def codes(self) -> Codes:
        """Filters of codings."""
        return {
            "indicator": [self.indicator],
            "state": [self.state],
            "value_type": [self.value_type],
            "via": [self.via] if self.via else [],
        }

    def columns(self) -> Mapping[str, str | int]:
        """Columns of the table of codings."""
        return {"jurisdiction": self.jurisdiction, "indicator": self.indicator}


@walked()
class CodingRow(Row, table=True):
    """The value of an indicator for a jurisdiction during an interval."""

    __tablename__ = "coding"

    jurisdiction: str = Column(sa_type=TextKey, description="The jurisdiction.")
    indicator: str = Column(sa_type=TextKey, description="The indicator.")
    cell: str = Column(description="Finished JSON of the matrix cell.")
    steps: str = Column(description="How it was derived: a JSON list of sentences.")


def steps_statement() -> Executable:
    """A coding, how it was derived, and its indicator. Parameters: `id`, `as_of`."""
    day: BindParameter[str] = bindparam("as_of")
    return select(col(CodingRow.record), col(CodingRow.steps), col(CodingRow.indicator)).where(
        col(CodingRow.id) == bindparam("id"),
        col(CodingRow.valid_from) <= day,
        col(CodingRow.valid_to) > day,
    )


def cells_statement() -> Executable:
    """Every coding as a cell, with its interval, to be held in memory."""
    return select(
        col(CodingRow.jurisdiction),
        col(CodingRow.indicator),
        col(CodingRow.valid_from),
        col(CodingRow.valid_to),
        col(CodingRow.cell),
    ).order_by(col(CodingRow.jurisdiction), col(CodingRow.indicator), col(CodingRow.valid_from))
