"""Surveys: the assertion that a jurisdiction was searched for a topic from a date on."""

from __future__ import annotations

from pydantic import Field

from models.record import Codes, Day, Identified, JurisdictionCode, Record, Slug, Text
from models.row import Row, walked
from models.source import Source


class SurveyFields(Record):
    """What the seed file says of a survey."""

    jurisdictions: list[JurisdictionCode] = Field(min_length=1)
    """Jurisdictions that were searched."""
    topics: list[Slug] = Field(min_length=1)
    """Topics searched for, their narrower ones included."""
    since: Day = Field(validation_alias="from")
    """First day of the law that the search covered."""
    until: Day | None = Field(default=None, validation_alias="to")
    """Set only when the search covered the past alone; otherwise it holds on."""
    checked_on: Day
    """Day on which the search was last made."""
    method: Text
    """In what and how was searched, in our own words."""
    sources: list[Source] = Field(default_factory=list)
    """What was searched."""


class SurveyRecord(SurveyFields, Identified):
    """A search of a jurisdiction's law for topics: it turns "nothing found" into "absent"."""

    def codes(self) -> Codes:
        """Filters of surveys."""
        return {"topic": self.topics}


@walked()
class SurveyRow(Row, table=True):
    """A search of a law for topics."""

    __tablename__ = "survey"
