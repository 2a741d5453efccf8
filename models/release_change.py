"""What changed from one release to the next: corrections told apart from changes in the law.

A release is compared with the one before it day by day of the law. What both say of a day on which
the earlier one was published already, and say differently, is a correction; what takes effect
after that day is a change in the law; what the earlier one said nothing of is coverage.
"""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import Executable, Index, bindparam, or_, select
from sqlmodel import Field as Column
from sqlmodel import SQLModel, col

from models.provision import Change
from models.record import Day, Record
from models.row import TextKey
from models.vocabulary import Word


class ChangeKind(Word):
    """Why two releases say different things."""

    CORRECTION = (
        "correction",
        "the same day of law is coded differently: the law did not change, the coding did",
    )
    LAW = "law", "it takes effect after the day of the release before"
    COVERAGE = "coverage", "the release before said nothing of it: it was coded or surveyed since"
    CODEBOOK = "codebook", "the indicator is new, is gone, or is derived by another rule"


class ChangePart(Word):
    """What of the dataset changed."""

    LAW = "law", "what is said of a law, whatever the day"
    EFFECT = "effect", "what was done to a law, and when"
    PROVISION = "provision", "a provision during an interval, with its coded content"
    CELL = "cell", "the value of an indicator for a jurisdiction during an interval"


class ChangeStep(Word):
    """What became of a record, or of a part of its time."""

    ADDED = "added", "it stands only in this release"
    CHANGED = "changed", "it stands in both, and says other things"
    REMOVED = "removed", "it stands only in the release before"


class ReleaseChange(Record):
    """Something that a release says otherwise than the one before."""

    kind: ChangeKind
    """Why they differ."""
    part: ChangePart
    """What of the dataset it is."""
    step: ChangeStep
    """What became of it."""
    jurisdiction: str
    """The jurisdiction: of a law, the first in which it is law."""
    law: str | None
    """The law; null for a cell."""
    indicator: str | None
    """The indicator, for a cell; null otherwise."""
    id: str
    """Id of the law, effect, provision or coding."""
    valid_from: Day | None
    """First day of law meant; null where it has no day, or since ever."""
    valid_to: Day | None
    """First day after; null while open."""
    changes: list[Change]
    """Values that differ; empty where all of it is in one release only."""


class ReleaseChangeRow(SQLModel, table=True):
    """A change since the release before, finished."""

    __tablename__ = "release_change"
    __table_args__ = (Index("release_change_kind", "kind", "number"),)

    number: int = Column(primary_key=True, description="Its place in the list, from 1.")
    kind: str = Column(sa_type=TextKey, description="Why the releases differ.")
    part: str = Column(sa_type=TextKey, description="What of the dataset changed.")
    step: str = Column(sa_type=TextKey, description="What became of it.")
    jurisdiction: str = Column(sa_type=TextKey, description="The jurisdiction.")
    law: str = Column(sa_type=TextKey, description="The law, or empty.")
    indicator: str = Column(sa_type=TextKey, description="The indicator, or empty.")
    record: str = Column(description="Finished JSON of the change.")


FILTERS = ("kind", "part", "step", "jurisdiction", "law", "indicator")
"""Columns by which changes are filtered."""


def row_of(number: int, change: ReleaseChange) -> Mapping[str, str | int]:
    """Return the row that stores a change."""
    said = {name: getattr(change, name) or "" for name in FILTERS}
    return {"number": number, "record": change.model_dump_json(), **said}


def changes_statement(filters: Mapping[str, int]) -> Executable:
    """Changes in order, with their numbers, after one of them.

    `filters` says how many values each filter has; the n-th of `kind` is the parameter `kind_n`.
    Parameters: `after`, `limit`, and those of the filters.
    """
    statement = select(col(ReleaseChangeRow.record), col(ReleaseChangeRow.number)).where(
        col(ReleaseChangeRow.number) > bindparam("after")
    )
    for name, values in filters.items():
        column = getattr(ReleaseChangeRow, name)
        statement = statement.where(
            or_(*(col(column) == bindparam(f"{name}_{n}") for n in range(values)))
        )
    return statement.order_by(col(ReleaseChangeRow.number)).limit(bindparam("limit"))
