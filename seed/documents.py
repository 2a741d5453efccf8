"""The shapes of the seed files: what a curator may write, built from the models' own fields."""

from __future__ import annotations

from pydantic import Field

from models.authority import AuthorityFields
from models.effect import EffectEntry
from models.indicator import IndicatorFields
from models.instrument import InstrumentFields
from models.jurisdiction import GroupFields, JurisdictionFields
from models.law import LawFields
from models.provision import ProvisionEntry
from models.quantity import QuantityFields, QuantityValue
from models.record import Day, JurisdictionCode, Record, Slug, Text
from models.release import VERSION, EarlierRelease
from models.survey import SurveyFields
from models.topic import TopicFields


class LawEntry(LawFields):
    """A law: its head, its effects (the only carrier of time) and its provisions."""

    id: Slug
    """Identifier: jurisdiction, short title and year."""
    effects: list[EffectEntry] = Field(default_factory=list)
    """What was done to it and by what, oldest first."""
    provisions: list[ProvisionEntry] = Field(default_factory=list)
    """Its provisions, in the order of the law."""


class LawsFile(Record):
    """Several laws in one file: those that only act on others (`instruments.yaml`)."""

    laws: list[LawEntry]
    """The laws."""


class JurisdictionEntry(JurisdictionFields):
    """A jurisdiction in `jurisdictions.yaml`."""

    id: JurisdictionCode
    """Its code."""


class JurisdictionsFile(Record):
    """`jurisdictions.yaml`."""

    jurisdictions: list[JurisdictionEntry]
    """All jurisdictions."""


class GroupEntry(GroupFields):
    """A group in `groups.yaml`."""

    id: Slug
    """Identifier of the group."""


class GroupsFile(Record):
    """`groups.yaml`."""

    groups: list[GroupEntry]
    """All groups."""


class AuthorityEntry(AuthorityFields):
    """An authority in `authorities.yaml`."""

    id: Slug
    """Identifier: jurisdiction and short name."""


class AuthoritiesFile(Record):
    """`authorities.yaml`."""

    authorities: list[AuthorityEntry]
    """All authorities."""


class TopicEntry(TopicFields):
    """A topic in `topics.yaml`."""

    id: Slug
    """Identifier of the topic."""


class TopicsFile(Record):
    """`topics.yaml`."""

    topics: list[TopicEntry]
    """All topics."""


class QuantityEntry(QuantityFields):
    """A quantity in `quantities.yaml`."""

    id: Slug
    """Identifier of the quantity."""
    values: list[QuantityValue] = Field(min_length=1)
    """Its values, oldest first."""


class QuantitiesFile(Record):
    """`quantities.yaml`."""

    quantities: list[QuantityEntry]
    """All quantities."""


class SurveyEntry(SurveyFields):
    """A survey in `surveys.yaml`."""

    id: Slug
    """Identifier of the survey."""


class SurveysFile(Record):
    """`surveys.yaml`."""

    surveys: list[SurveyEntry]
    """All surveys."""


class IndicatorEntry(IndicatorFields):
    """An indicator in `indicators.yaml`."""

    id: str = Field(pattern=r"^[a-z][a-z0-9]*(_[a-z0-9]+)*$", max_length=60)
    """Identifier, snake_case: it becomes a column name."""


class IndicatorsFile(Record):
    """`indicators.yaml`: the codebook, in its order."""

    indicators: list[IndicatorEntry]
    """All indicators."""


class InstrumentEntry(InstrumentFields):
    """An instrument in `instruments.yaml`."""

    id: Slug
    """Identifier of the instrument."""


class InstrumentsFile(Record):
    """`instruments.yaml`."""

    instruments: list[InstrumentEntry]
    """All instruments."""


class ReleaseFile(Record):
    """`release.yaml`: the version under which the dataset is published."""

    version: str = Field(pattern=VERSION)
    """Version of the dataset."""
    date: Day
    """Day of the release."""
    title: Text
    """Title of the dataset."""
    license: Text
    """SPDX identifier of the data's licence."""
    notes: Text | None = None
    """What is new in it."""
    earlier: list[EarlierRelease] = Field(default_factory=list)
    """Releases that were published before, newest first."""
