"""Instruments: published lists of criteria, and obligations, asked of our own cells.

An instrument is a versioned definition over the codebook: each criterion names indicators and what
they must say. Nothing here is somebody's published score; it is what our cells give for the same
question, with bounds where nobody has searched.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import inf

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from models.adoption import Standing, standing
from models.coding import CellState, CellValue
from models.indicator import IndicatorId
from models.record import Codes, Day, Identified, Record, Slug, Text
from models.row import Row, walked
from models.source import Source
from models.vocabulary import Word


class InstrumentKind(Word):
    """What an instrument is."""

    INDEX = "index", "criteria of a published index or checklist"
    OBLIGATION = "obligation", "what a treaty or directive requires of the states it binds"


class Join(Word):
    """How the tests of a criterion work together."""

    ALL = "all", "every test must be passed"
    ANY = "any", "one test that is passed suffices"


class Verdict(Word):
    """What a criterion comes to in a jurisdiction on a day."""

    MET = "met", "the law does what is asked"
    NOT_MET = "not_met", "the law was searched and does not"
    UNKNOWN = "unknown", "not surveyed, or not asked by this codebook: it may or may not"


class CellCondition(Record):
    """What the cell of an indicator must say. Without a limit or words it must say yes."""

    indicator: IndicatorId
    """The indicator."""
    at_least: float | None = None
    """Smallest number that passes, in the indicator's unit; `life` and `unlimited` pass."""
    at_most: float | None = None
    """Largest number that passes, in the indicator's unit."""
    includes: list[str] = Field(default_factory=list)
    """Words of which the value must hold one."""
    excludes: list[str] = Field(default_factory=list)
    """Words of which the value must hold none."""
    general_law: bool = False
    """Whether a general rule that covers it is enough."""


class Criterion(Record):
    """One thing that an instrument asks."""

    id: Slug
    """Identifier within the instrument."""
    item: Text
    """Number or place in the instrument, such as `4.4.2` or `Article 20(1)(a)`."""
    question: Text
    """What it asks, in our own words."""
    tests: list[CellCondition] = Field(default_factory=list)
    """What our cells must say; empty where this codebook does not ask, which leaves it unknown."""
    join: Join = Join.ALL
    """How the tests work together."""
    points: int = Field(default=1, ge=1)
    """Points for meeting it."""
    optional: bool = False
    """Whether a state may reserve or decline it: not meeting it is then no gap."""
    obligation: str | None = None
    """The obligation it stands for, as a facet of this dataset."""
    note: Text | None = None
    """Where our reading and the instrument part."""


class Bound(Record):
    """Whom an obligation binds: parties by an indicator, or members of a group."""

    indicator: IndicatorId | None = None
    """Boolean indicator that says whether a jurisdiction is a party on a day."""
    group: Slug | None = None
    """Group whose members are bound."""
    since: Day | None = Field(default=None, validation_alias="from")
    """First day on which members were bound; null for as long as they are members."""

    @model_validator(mode="after")
    def _one(self) -> Bound:
        if (self.indicator is None) == (self.group is None):
            raise PydanticCustomError("bound", "say one of: `indicator`, `group`")
        return self


class InstrumentFields(Record):
    """What the seed file says of an instrument."""

    title: Text
    """Name of the instrument."""
    publisher: Text
    """Who published it."""
    kind: InstrumentKind
    """What it is."""
    edition: Text
    """Edition of the instrument that the criteria follow."""
    version: int = Field(ge=1)
    """Version of our definition over the indicators; it grows when the definition changes."""
    summary: Text
    """What it asks and how it is computed here, in our own words."""
    binds: Bound | None = None
    """Whom it binds; null for an index, which asks everybody."""
    sufficient_from: int | None = Field(default=None, ge=1)
    """Points from which the publisher calls a law sufficient; null where it does not."""
    criteria: list[Criterion] = Field(min_length=1)
    """Its criteria, in its order."""
    sources: list[Source] = Field(min_length=1)
    """Where its criteria were read."""
    note: Text | None = None
    """Known limits of the computation."""


class InstrumentRecord(InstrumentFields, Identified):
    """A published list of criteria as a definition over the codebook."""

    maximum: int
    """Points of all criteria together."""

    def codes(self) -> Codes:
        """Filters of instruments."""
        asked = [test.indicator for criterion in self.criteria for test in criterion.tests]
        return {"kind": [self.kind], "indicator": asked}


@walked()
class InstrumentRow(Row, table=True):
    """A published list of criteria."""

    __tablename__ = "instrument"


# --- what our cells give ------------------------------------------------------------------------


@dataclass(frozen=True)
class Finding:
    """What a test or criterion comes to."""

    verdict: Verdict
    shortfall: float | None = None
    """How far a number is from what is required, in its unit; null if it is not, or has none."""


def try_test(test: CellCondition, cell: CellValue) -> Finding:
    """Try a test on a cell."""
    if cell.state == CellState.NOT_SURVEYED:
        return Finding(_try_bounds(test, cell.qualifier or ""))
    if cell.state == CellState.GENERAL_LAW and not test.general_law:
        return Finding(Verdict.NOT_MET)
    if not cell.valued:
        return Finding(Verdict.NOT_MET, test.at_least)
    if test.includes or test.excludes:
        said = {*cell.value_codes}
        wanted = not test.includes or bool({*test.includes} & said)
        return Finding(_verdict(wanted and not {*test.excludes} & said))
    if test.at_least is None and test.at_most is None:
        return Finding(_verdict(standing(cell) in (Standing.ADOPTED, Standing.GENERAL_LAW)))
    if cell.qualifier in ("life", "unlimited"):
        return Finding(_verdict(test.at_most is None))
    if cell.number is None:  # a deadline in words, say
        return Finding(Verdict.UNKNOWN)
    below = (test.at_least or 0) - cell.number if test.at_least is not None else 0
    above = cell.number - (test.at_most or 0) if test.at_most is not None else 0
    gap = max(below, above)
    return Finding(Verdict.NOT_MET, gap) if gap > 0 else Finding(Verdict.MET)


_BOUND = re.compile(r"at (least|most) (\d+(?:\.\d+)?)(?: [A-Z]{3})?")
_COUNT = re.compile(r"(\d+)-(\d+)")


def _try_bounds(test: CellCondition, qualifier: str) -> Verdict:
    """Try a test on what is known of a value that nobody could read in full."""
    if test.includes or test.excludes:
        words = set(qualifier.removeprefix("at least ").split(";"))
        if {*test.excludes} & words:
            return Verdict.NOT_MET
        return Verdict.MET if {*test.includes} & words and not test.excludes else Verdict.UNKNOWN
    low, high = -inf, inf
    if bound := _BOUND.fullmatch(qualifier):
        low, high = (float(bound[2]), inf) if bound[1] == "least" else (-inf, float(bound[2]))
    elif count := _COUNT.fullmatch(qualifier):
        low, high = float(count[1]), float(count[2])
    if test.at_least is None and test.at_most is None:
        return Verdict.MET if low > 0 else Verdict.UNKNOWN
    least = -inf if test.at_least is None else test.at_least
    most = inf if test.at_most is None else test.at_most
    if low >= least and high <= most:
        return Verdict.MET
    return Verdict.NOT_MET if high < least or low > most else Verdict.UNKNOWN


def assess(criterion: Criterion, cells: Mapping[IndicatorId, CellValue]) -> Finding:
    """Return what a criterion comes to, from the cells of the indicators that it asks."""
    found = [try_test(test, cells[test.indicator]) for test in criterion.tests]
    verdicts = [finding.verdict for finding in found]
    verdict = _all(verdicts) if criterion.join == Join.ALL else _any(verdicts)
    gaps = [finding.shortfall for finding in found if finding.shortfall is not None]
    return Finding(verdict, max(gaps) if gaps and verdict == Verdict.NOT_MET else None)


def points(pairs: Iterable[tuple[Criterion, Finding]]) -> tuple[int, int]:
    """Return the fewest and the most points that a jurisdiction can have."""
    fewest = most = 0
    for criterion, finding in pairs:
        fewest += criterion.points if finding.verdict == Verdict.MET else 0
        most += criterion.points if finding.verdict != Verdict.NOT_MET else 0
    return fewest, most


def _verdict(passed: bool) -> Verdict:
    return Verdict.MET if passed else Verdict.NOT_MET


def _all(verdicts: Sequence[Verdict]) -> Verdict:
    if Verdict.NOT_MET in verdicts:
        return Verdict.NOT_MET
    return Verdict.UNKNOWN if Verdict.UNKNOWN in verdicts or not verdicts else Verdict.MET


def _any(verdicts: Sequence[Verdict]) -> Verdict:
    if Verdict.MET in verdicts:
        return Verdict.MET
    return Verdict.UNKNOWN if Verdict.UNKNOWN in verdicts or not verdicts else Verdict.NOT_MET
