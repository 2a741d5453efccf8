"""Finds how well a dataset is checked, what is still open in it, and what looks odd.

Everything is counted on the day of the release, so that the same files give the same facts.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from statistics import fmean, median

from models.coding import CellState, CodingRecord
from models.effect import EffectEntry
from models.facet import FacetRecord
from models.indicator import ValueType
from models.offence import OffenceRecord
from models.penalty import Penalty, Term
from models.provision import ProvisionEntry, VersionEntry
from models.quality import (
    CheckAge,
    Checked,
    JurisdictionQuality,
    LawQuality,
    QualityRecord,
    SectionCells,
    Suspicion,
    SuspicionCount,
    SuspicionKind,
)
from models.sentencing import SentencingRecord
from models.source import Source, verification
from models.vocabulary import EffectKind, Outcome, Verification
from seed.documents import LawEntry
from seed.facets import Facets
from seed.records import Builder, Stored
from seed.ties import Ties
from seed.timeline import OPENING

AGES = (0, 30, 90, 180, 365, 730)
"""Where bands of ages begin, in days."""

CHANGING = OPENING | {EffectKind.EXPIRES, EffectKind.SUSPENDS}
"""Kinds of effect that change what a law says, or whether it is law."""

FEWEST = 5
"""Jurisdictions that a group needs before one of them can lie far from it."""
FAR = 3.5
"""Robust deviations from the median from which a value lies far away (Iglewicz and Hoaglin)."""


def quality_of(builder: Builder, built: Iterable[Stored]) -> QualityRecord:
    """Return the quality of a checked dataset from what was built of it."""
    codings = (s.record for s in built if isinstance(s.record, CodingRecord))
    facets, ties = builder.facets, builder.ties
    dataset = facets.dataset
    day = dataset.release.date
    laws = sorted((law for law in dataset.laws.values() if law.provisions), key=lambda law: law.id)
    versions = {law.id: [v for p in law.provisions for v in p.versions] for law in laws}
    cells = {
        (c.jurisdiction, c.indicator): c for c in codings if day in c.interval
    }  # one each: intervals of a coding do not overlap
    every = [v for found in versions.values() for v in found]
    suspicions = sorted(
        [*_of_time(facets), *_of_sources(facets), *_of_penalties(facets, ties), *outliers(cells)],
        key=lambda s: (list(SuspicionKind).index(s.kind), s.id, s.text),
    )
    counts = Counter(s.kind for s in suspicions)
    known = {code for code, _ in cells} | {code for law in laws for code in law.extent}
    return QualityRecord(
        date=day,
        checked=checked(every),
        check_ages=list(_ages([s.checked_on for v in every for s in v.sources], day)),
        uncoded_jurisdictions=len(dataset.jurisdictions.keys() - known),
        jurisdictions=[
            _jurisdiction(facets, code, cells)
            for code in sorted(known & set(dataset.jurisdictions))
        ],
        laws=[
            LawQuality(
                law=law.id,
                title=law.title,
                checked=checked(versions[law.id]),
                outlines=sum(not p.versions for p in law.provisions),
                disputes=disputes(law),
            )
            for law in laws
        ],
        suspicion_counts=[SuspicionCount(kind=kind, count=counts[kind]) for kind in SuspicionKind],
        suspicions=suspicions,
    )


def checked(versions: list[VersionEntry]) -> Checked:
    """Count what versions were checked against."""
    levels = Counter(verification(v.sources) for v in versions)
    checks = sorted(s.checked_on for v in versions for s in v.sources)
    official = levels[Verification.OFFICIAL]
    verified = official + levels[Verification.CONSOLIDATED]
    return Checked(
        versions=len(versions),
        official=official,
        consolidated=levels[Verification.CONSOLIDATED],
        secondary=levels[Verification.SECONDARY],
        unverified=levels[Verification.UNVERIFIED],
        official_share=percent(official, len(versions)),
        verified_share=percent(verified, len(versions)),
        oldest_check=checks[0] if checks else None,
        median_check=checks[(len(checks) - 1) // 2] if checks else None,
        newest_check=checks[-1] if checks else None,
    )


def percent(part: int, whole: int) -> float | None:
    """A share in percent, to one decimal; null of nothing."""
    return round(100 * part / whole, 1) if whole else None


def disputes(law: LawEntry) -> int:
    """Points of a law, its effects and its versions on which sources differ."""
    versions = [v for p in law.provisions for v in p.versions]
    return (
        len(law.disputes)
        + sum(len(effect.disputes) for effect in law.effects)
        + sum(len(version.disputes) for version in versions)
    )


def _ages(checks: list[date], day: date) -> Iterator[CheckAge]:
    """Sort checks into bands by their age; one made after the release has the age 0."""
    ages = [max(0, (day - check).days) for check in checks]
    for low, high in zip(AGES, [*AGES[1:], None], strict=True):
        count = len([age for age in ages if low <= age and (high is None or age < high)])
        yield CheckAge(days_from=low, days_to=high, checks=count)


def _jurisdiction(
    facets: Facets, code: str, cells: Mapping[tuple[str, str], CodingRecord]
) -> JurisdictionQuality:
    """Say how well a jurisdiction is coded; its own law is that which names it in its extent."""
    dataset = facets.dataset
    versions: list[VersionEntry] = []
    laws = set()
    for law, provision in facets.places.values():
        if provision.versions and code in facets.extent(law, provision):
            versions += provision.versions
            laws.add(law.id)
    sections: dict[str, Counter[CellState]] = {}
    for id_, indicator in dataset.indicators.items():
        cell = cells.get((code, id_))
        state = cell.state if cell else CellState.NOT_SURVEYED
        sections.setdefault(indicator.section, Counter())[state] += 1
    told = [
        SectionCells(
            section=section,
            cells=states.total(),
            **{state.value: states[state] for state in CellState},
        )
        for section, states in sections.items()
    ]
    return JurisdictionQuality(
        jurisdiction=code,
        name=dataset.jurisdictions[code].name,
        laws=len(laws),
        checked=checked(versions),
        cells=sum(section.cells for section in told),
        not_surveyed=sum(section.not_surveyed for section in told),
        sections=told,
    )


# --- suspicions ---------------------------------------------------------------------------------


def _of_time(facets: Facets) -> Iterator[Suspicion]:
    """Effects and versions whose days, or ties to each other, look odd."""
    for law in facets.dataset.laws.values():
        for effect in law.effects:
            if effect.date is None or effect.outcome != Outcome.DONE:
                continue
            for kind, text in (
                *_before_assent(facets, law, effect),
                *_without_version(facets, law, effect),
                *_after_release(facets, effect),
            ):
                id_ = f"{law.id}~{effect.id}"
                yield Suspicion(
                    kind=kind,
                    id=id_,
                    href=f"/v1/effects/{id_}",
                    jurisdictions=law.extent,
                    text=text,
                )
    for id_, versions in facets.held.items():
        for held in versions:
            read = max((s.checked_on for s in held.version.sources), default=None)
            if held.interval and read and read < held.interval.start <= facets.dataset.release.date:
                text = f"The version of {held.interval.start} was last read on {read}."
                yield _of_provision(facets, SuspicionKind.READ_BEFORE_IN_FORCE, id_, text)


def _before_assent(
    facets: Facets, law: LawEntry, effect: EffectEntry
) -> Iterator[tuple[SuspicionKind, str]]:
    """An effect that came before the law that did it was made."""
    if effect.kind not in CHANGING or effect.date is None:
        return
    by = facets.timelines[effect.by or law.id]
    made = by.first(EffectKind.ASSENTS) or by.first(EffectKind.PASSES)
    if made is not None and effect.date < made:
        text = f"It {effect.kind} on {effect.date}, and {by.law.id} was made on {made}."
        yield SuspicionKind.COMMENCEMENT_BEFORE_ASSENT, text


def _without_version(
    facets: Facets, law: LawEntry, effect: EffectEntry
) -> Iterator[tuple[SuspicionKind, str]]:
    """An effect that names a coded provision, none of whose versions begins or ends by it."""
    if effect.kind not in CHANGING or effect.scope or effect.date is None:
        return
    for eid in effect.at:
        held = facets.held.get(f"{law.id}~{eid}", [])
        used = {e.id for h in held for e in (h.opened_by, h.ended_by) if e is not None}
        starts = [h.interval.start for h in held if h.interval]
        # What came before the first coded version is not coded, and need not be.
        if starts and effect.id not in used and effect.date > min(starts):
            text = f"It {effect.kind} {eid} on {effect.date}; no version begins or ends by it."
            yield SuspicionKind.EFFECT_WITHOUT_VERSION, text


def _after_release(facets: Facets, effect: EffectEntry) -> Iterator[tuple[SuspicionKind, str]]:
    """A change that is still to come."""
    day = facets.dataset.release.date
    if effect.kind in CHANGING and effect.date is not None and effect.date > day:
        text = f"It {effect.kind} on {effect.date}, after the release of {day}."
        yield SuspicionKind.EFFECT_AFTER_RELEASE, text


def _of_sources(facets: Facets) -> Iterator[Suspicion]:
    """Versions without an official source."""
    for id_, (_, provision) in facets.places.items():
        for version in provision.versions:
            level = verification(version.sources)
            if level != Verification.OFFICIAL:
                made = version.made_by or "the commencement"
                text = f"The version made by {made} rests on {_kinds(level, version.sources)}."
                yield _of_provision(facets, SuspicionKind.NO_OFFICIAL_SOURCE, id_, text)


def _kinds(level: Verification, sources: list[Source]) -> str:
    if level != Verification.UNVERIFIED:
        return f"{level} sources"
    return "sources for its dates only" if sources else "no source"


def _of_provision(facets: Facets, kind: SuspicionKind, id_: str, text: str) -> Suspicion:
    """A suspicion about a provision, whatever the day."""
    place: tuple[LawEntry, ProvisionEntry] = facets.places[id_]
    return Suspicion(
        kind=kind,
        id=id_,
        href=f"/v1/provisions/{id_}/versions",
        jurisdictions=facets.extent(*place),
        text=text,
    )


def _of_penalties(facets: Facets, ties: Ties) -> Iterator[Suspicion]:
    """Penalties that contradict themselves, each other, or a rule on the sentence."""
    for records in facets.records.values():
        for record in records:
            cases: list[Penalty] = getattr(record, "penalties", None) or getattr(
                record, "breach", []
            )
            for text in _upside_down(cases):
                yield _of_facet(SuspicionKind.MAXIMUM_BELOW_MINIMUM, record, text)
            for text in _graver_is_less(cases):
                yield _of_facet(SuspicionKind.AGGRAVATED_BELOW_BASE, record, text)
            if isinstance(record, SentencingRecord) and record.min and not record.adds:
                for other in ties.covered_by(record, record.valid_from):
                    low = _base_maximum(other)
                    if low is not None and low.rank < record.min.rank:
                        text = f"It asks for {record.min.text} at least; {other.id} has {low.text}."
                        yield _of_facet(SuspicionKind.MAXIMUM_BELOW_MINIMUM, record, text)


def _upside_down(cases: list[Penalty]) -> Iterator[str]:
    """Terms whose longest, perhaps taken from a quantity, is below the shortest."""
    for case in cases:
        if case.prison and case.prison.min and case.prison.max:
            low, high = case.prison.min, case.prison.max
            if low.rank > high.rank:
                yield f"At least {low.text} and at most {high.text}."


def _graver_is_less(cases: list[Penalty]) -> Iterator[str]:
    """Graver cases with a shorter longest term than the base case of the same track and person."""
    plain = {
        (case.when.track, case.when.person): case.prison.max
        for case in cases
        if case.when.base and case.prison and case.prison.max
    }
    for case in cases:
        base = plain.get((case.when.track, case.when.person))
        high = case.prison.max if case.prison else None
        if base and high and not case.when.base and high.rank < base.rank:
            said = case.when.model_dump(exclude_defaults=True, mode="json")
            circumstances = ", ".join(f"{name} {value}" for name, value in said.items())
            yield f"At most {high.text} with {circumstances}, and {base.text} without."


def _base_maximum(record: FacetRecord) -> Term | None:
    """The longest term of an offence in its base case; null without imprisonment."""
    if not isinstance(record, OffenceRecord):
        return None
    terms = [c.prison.max for c in record.penalties if c.when.base and c.prison and c.prison.max]
    return max(terms, key=lambda term: term.rank, default=None)


def _of_facet(kind: SuspicionKind, record: FacetRecord, text: str) -> Suspicion:
    """A suspicion about a facet, as it stood."""
    return Suspicion(
        kind=kind,
        id=record.id,
        href=f"/v1/provisions/{record.provision}?as_of={record.valid_from}",
        jurisdictions=record.extent,
        text=f"{text} (from {record.valid_from})",
    )


# --- outliers -----------------------------------------------------------------------------------


@dataclass(frozen=True)
class Group:
    """Numbers that are compared with each other, and how they spread."""

    middle: float
    spread: float
    """The deviation of one unit: from the median deviation, or the mean one where that is 0."""

    @classmethod
    def of(cls, numbers: list[float]) -> Group:
        """Measure numbers, robustly: a few wild ones change neither middle nor spread."""
        middle = median(numbers)
        distances = [abs(number - middle) for number in numbers]
        return cls(middle, 1.4826 * median(distances) or 1.2533 * fmean(distances))

    def deviation(self, number: float) -> float:
        """How many spreads a number lies from the middle; 0 where all numbers are the same."""
        return abs(number - self.middle) / self.spread if self.spread else 0.0


def outliers(cells: Mapping[tuple[str, str], CodingRecord]) -> Iterator[Suspicion]:
    """Penalties that lie far from those of the other jurisdictions for the same question.

    Money is compared within a currency. What a jurisdiction has through another's law is not a
    value of its own. Life and unlimited fines are no numbers.
    """

    def key(cell: CodingRecord) -> tuple[str, str]:
        money = cell.value_type == ValueType.MONEY
        return (cell.indicator, cell.qualifier or "" if money else "")

    numbers = [
        cell
        for cell in cells.values()
        if cell.value_type in (ValueType.MONTHS, ValueType.MONEY)
        and cell.value_integer is not None
        and cell.state in (CellState.CODED, CellState.DISPUTED)
        and cell.via is None
    ]
    for (indicator, _), found in groupby(sorted(numbers, key=key), key=key):
        alike = list(found)
        if len(alike) < FEWEST:
            continue
        group = Group.of([_number(cell) for cell in alike])
        for cell in alike:
            if (away := group.deviation(_number(cell))) > FAR:
                text = (
                    f"{_number(cell):g} against a median of {group.middle:g} in {len(alike)}"
                    f" jurisdictions, {away:.1f} robust deviations away."
                )
                yield Suspicion(
                    kind=SuspicionKind.PENALTY_OUTLIER,
                    id=f"{cell.jurisdiction}~{indicator}",
                    href=f"/v1/codings/{cell.id}?as_of={cell.valid_from}",
                    jurisdictions=[cell.jurisdiction],
                    text=text,
                )


def _number(cell: CodingRecord) -> float:
    assert cell.value_integer is not None
    return float(cell.value_integer)
