"""Coverage of a dataset: what it holds, what it was checked against, what is still open."""

from __future__ import annotations

from collections import Counter

from models.provision import FACET_FIELDS
from models.record import Record
from models.source import verification
from models.vocabulary import Outcome, Verification
from seed.dataset import Dataset
from seed.documents import LawEntry
from seed.timeline import Timeline


class LawCoverage(Record):
    """What is coded of one law."""

    law: str
    """The law."""
    effects: int
    """Effects on it."""
    provisions: int
    """Provisions with at least one coded version."""
    outlines: int
    """Provisions that are named only."""
    versions: int
    """Coded versions."""
    facets: dict[str, int]
    """Facets in all versions, by kind."""
    verification: dict[str, int]
    """Versions by what they were checked against."""
    disputes: int
    """Points on which sources differ."""
    pending: list[str]
    """Effects whose date is still open."""
    oldest_check: str
    """Day of the oldest check of a version's source; empty without sources."""


class Coverage(Record):
    """What a dataset holds and what is still open in it."""

    laws: list[LawCoverage]
    """Every law, by jurisdiction and id."""
    totals: dict[str, int]
    """Sums over all laws."""
    verified_share: float
    """Percent of versions checked against an official or consolidated text."""
    unverified: list[str]
    """Provisions with a version that no source supports."""
    topics_without_provisions: list[str]
    """Topics of which no provision is coded."""


def coverage(dataset: Dataset) -> Coverage:
    """Count what a checked dataset holds."""
    laws = [_law(law) for law in sorted(dataset.laws.values(), key=lambda law: law.id)]
    levels: Counter[str] = Counter()
    for law in laws:
        levels.update(law.verification)
    versions = sum(law.versions for law in laws)
    checked = levels[Verification.OFFICIAL] + levels[Verification.CONSOLIDATED]
    used = {
        t for law in dataset.laws.values() for p in law.provisions if p.versions for t in p.topics
    }
    return Coverage(
        laws=laws,
        totals={
            "laws": len(laws),
            "effects": sum(law.effects for law in laws),
            "provisions": sum(law.provisions for law in laws),
            "outlines": sum(law.outlines for law in laws),
            "versions": versions,
            "facets": sum(sum(law.facets.values()) for law in laws),
            "disputes": sum(law.disputes for law in laws),
        },
        verified_share=round(100 * checked / versions, 1) if versions else 0.0,
        unverified=[
            f"{law.id}~{p.eid}"
            for law in dataset.laws.values()
            for p in law.provisions
            if any(verification(v.sources) == Verification.UNVERIFIED for v in p.versions)
        ],
        topics_without_provisions=sorted(set(dataset.topics) - used),
    )


def _law(law: LawEntry) -> LawCoverage:
    """Count what is coded of one law."""
    versions = [v for p in law.provisions for v in p.versions]
    facets = {
        kind.value: count
        for kind, name in FACET_FIELDS.items()
        if (count := sum(len(getattr(v, name)) for v in versions))
    }
    disputes = sum(len(v.disputes) for v in versions) + sum(len(e.disputes) for e in law.effects)
    checks = [s.checked_on.isoformat() for v in versions for s in v.sources]
    return LawCoverage(
        law=law.id,
        effects=len(Timeline(law).effects),
        provisions=sum(bool(p.versions) for p in law.provisions),
        outlines=sum(not p.versions for p in law.provisions),
        versions=len(versions),
        facets=facets,
        verification=dict(Counter(verification(v.sources).value for v in versions)),
        disputes=disputes + len(law.disputes),
        pending=[e.id for e in law.effects if e.outcome == Outcome.PENDING],
        oldest_check=min(checks, default=""),
    )
