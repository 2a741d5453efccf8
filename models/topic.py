"""Topics: the concepts of a controlled vocabulary, from broad to narrow."""

from __future__ import annotations

from collections.abc import Mapping

from pydantic import Field
from sqlmodel import Field as Column

from models.record import Codes, Identified, Record, Slug, Text
from models.row import Row, TextKey, walked


class TopicFields(Record):
    """What the seed file says of a topic."""

    label: Text
    """Preferred English label."""
    alternatives: list[Text] = Field(default_factory=list)
    """Other words for the same concept."""
    broader: Slug | None = None
    """The topic above it."""
    definition: Text
    """What falls under it."""


class TopicRecord(TopicFields, Identified):
    """A concept that provisions are about."""

    narrower: list[str]
    """Topics right below it."""

    def codes(self) -> Codes:
        """Filters of topics."""
        return {"broader": [self.broader] if self.broader else []}

    def columns(self) -> Mapping[str, str | int]:
        """Sort orders of topics."""
        return {"label": self.label}


@walked("label")
class TopicRow(Row, table=True):
    """A concept that provisions are about."""

    __tablename__ = "topic"

    label: str = Column(sa_type=TextKey, description="Preferred label.")
