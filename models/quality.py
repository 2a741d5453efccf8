"""Quality: what a release was checked against, what is still open in it, what looks odd."""

from __future__ import annotations

from sqlalchemy import Executable, select
from sqlmodel import Field as Column
from sqlmodel import SQLModel, col

from models.record import Day, Record
from models.vocabulary import Word


class SuspicionKind(Word):
    """Why a value is looked at again. None is a mistake for sure: each may be the law."""

    MAXIMUM_BELOW_MINIMUM = "maximum_below_minimum", "the longest term is below the shortest"
    AGGRAVATED_BELOW_BASE = "aggravated_below_base", "a graver case has a shorter longest term"
    PENALTY_OUTLIER = "penalty_outlier", "a penalty far from those of the other jurisdictions"
    COMMENCEMENT_BEFORE_ASSENT = (
        "commencement_before_assent",
        "it took effect before the law that did it was assented to, or passed",
    )
    NO_OFFICIAL_SOURCE = "no_official_source", "no official source stands behind a version"
    EFFECT_WITHOUT_VERSION = (
        "effect_without_version",
        "an effect names a coded provision, and no version begins or ends by it",
    )
    READ_BEFORE_IN_FORCE = (
        "read_before_in_force",
        "a version has begun since its sources were last read",
    )
    EFFECT_AFTER_RELEASE = (
        "effect_after_release",
        "what changes a law takes effect after the release: it may still be put off",
    )


class Checked(Record):
    """What versions of provisions were checked against, and when."""

    versions: int
    """Coded versions."""
    official: int
    """Versions checked against the official text."""
    consolidated: int
    """Versions checked against a consolidation by another publisher."""
    secondary: int
    """Versions checked against secondary sources only."""
    unverified: int
    """Versions that no source supports in more than a date."""
    official_share: float | None
    """Percent checked against the official text; null without versions."""
    verified_share: float | None
    """Percent checked against an official or consolidated text; null without versions."""
    oldest_check: Day | None
    """Day of the oldest check of a source; null without one."""
    median_check: Day | None
    """Day before which half of the checks were made; null without one."""
    newest_check: Day | None
    """Day of the newest check; null without one."""


class CheckAge(Record):
    """How many checks of sources have an age."""

    days_from: int
    """Days before the release, at least."""
    days_to: int | None
    """Days before the release, less than this; null for no limit."""
    checks: int
    """Checks of that age."""


class SectionCells(Record):
    """The cells of a jurisdiction in a section of the codebook, on the day of the release."""

    section: str
    """Section of the codebook."""
    cells: int
    """Its indicators."""
    coded: int
    """Cells with a value and evidence."""
    disputed: int
    """Cells with a value on which sources differ."""
    general_law: int
    """Cells that a general rule covers."""
    not_applicable: int
    """Cells that presuppose what is absent."""
    absent: int
    """Cells where the law was searched and is silent."""
    not_surveyed: int
    """Cells for which nobody has searched."""


class LawQuality(Record):
    """How well a law is coded."""

    law: str
    """The law."""
    title: str
    """Its title."""
    checked: Checked
    """What its versions were checked against."""
    outlines: int
    """Provisions that are named only."""
    disputes: int
    """Points on which sources differ."""


class JurisdictionQuality(Record):
    """How well a jurisdiction is coded."""

    jurisdiction: str
    """The jurisdiction."""
    name: str
    """Its name."""
    laws: int
    """Laws of its own with coded provisions."""
    checked: Checked
    """What the versions of its own law were checked against."""
    cells: int
    """Cells of the codebook."""
    not_surveyed: int
    """Cells for which nobody has searched."""
    sections: list[SectionCells]
    """The same by section, in the order of the codebook."""


class Suspicion(Record):
    """Something that a person should look at."""

    kind: SuspicionKind
    """Why."""
    id: str
    """Id of the record: a provision, facet, effect or coding."""
    href: str
    """Address of the record as it stood."""
    jurisdictions: list[str]
    """Where it is law."""
    text: str
    """What is odd, in a sentence."""


class SuspicionCount(Record):
    """How many suspicions there are of a kind."""

    kind: SuspicionKind
    """The kind."""
    count: int
    """How many."""


class QualityRecord(Record):
    """What a release was checked against, what is still open in it, what looks odd."""

    date: Day
    """Day of the release, on which cells and ages are counted."""
    checked: Checked
    """What all versions were checked against."""
    check_ages: list[CheckAge]
    """Checks of sources by their age."""
    uncoded_jurisdictions: int
    """Listed jurisdictions of which nothing is known: all their cells are not surveyed."""
    jurisdictions: list[JurisdictionQuality]
    """Jurisdictions of which something is known, by code."""
    laws: list[LawQuality]
    """Laws with provisions, by id."""
    suspicion_counts: list[SuspicionCount]
    """Suspicions by kind, all kinds."""
    suspicions: list[Suspicion]
    """What a person should look at, by kind and id."""


class QualityRow(SQLModel, table=True):
    """The quality of the release that a database holds."""

    __tablename__ = "quality"

    date: str = Column(primary_key=True, description="Day of the release.")
    record: str = Column(description="Finished JSON of the quality record.")


def quality_statement() -> Executable:
    """The one quality record of a release."""
    return select(col(QualityRow.record))
