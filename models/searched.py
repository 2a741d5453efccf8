"""What was searched: whether surveys cover topics of a jurisdiction's law on a day."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Executable, select
from sqlmodel import col

from models.legal_order import LegalOrders
from models.record import Day, Record
from models.survey import SurveyRow
from models.topic import TopicRow
from models.validity import FOREVER


class _Survey(Record, extra="ignore"):
    """What is read of a survey's record."""

    jurisdictions: list[str]
    topics: list[str]
    since: Day
    until: Day | None


class _Topic(Record, extra="ignore"):
    """What is read of a topic's record."""

    id: str
    broader: str | None


@dataclass(frozen=True)
class Searched:
    """The surveys of a release, and which topics are parts of which."""

    surveys: Sequence[_Survey]
    broader: Mapping[str, str | None]

    def covers(self, code: str, topic: str, day: date, orders: LegalOrders) -> bool:
        """Tell whether a survey searched a jurisdiction's law for a topic on a day."""
        above: set[str] = set()
        current: str | None = topic
        while current is not None and current not in above:
            above.add(current)
            current = self.broader.get(current)
        reads = orders.reads(code)
        return any(
            above & set(survey.topics)
            and reads & set(survey.jurisdictions)
            and survey.since <= day < (survey.until or FOREVER)
            for survey in self.surveys
        )


def surveys_statement() -> Executable:
    """Every survey."""
    return select(col(SurveyRow.record)).order_by(col(SurveyRow.id))


def topics_statement() -> Executable:
    """Every topic."""
    return select(col(TopicRow.record)).order_by(col(TopicRow.id))


def searched(surveys: Iterable[str], topics: Iterable[str]) -> Searched:
    """Read what was searched from the finished records that the statements give."""
    found = map(_Topic.model_validate_json, topics)
    return Searched(
        [_Survey.model_validate_json(survey) for survey in surveys],
        {topic.id: topic.broader for topic in found},
    )
