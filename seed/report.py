"""Coverage of a dataset: what it holds, what it was checked against, what is still open."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from models.provision import FACET_FIELDS
from models.quality import Checked, QualityRecord, SuspicionKind
from models.record import Record
from models.source import verification
from models.vocabulary import Outcome, Verification
from seed.dataset import Dataset
from seed.documents import LawEntry
from seed.quality import disputes, quality_of
from seed.records import Builder
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
    quality: QualityRecord
    """The facts that a release of it tells about itself (`/v1/dataset/quality`)."""


def coverage(dataset: Dataset) -> Coverage:
    """Count what a checked dataset holds."""
    laws = [_law(law) for law in sorted(dataset.laws.values(), key=lambda law: law.id)]
    levels: Counter[str] = Counter()
    for law in laws:
        levels.update(law.verification)
    versions = sum(law.versions for law in laws)
    builder = Builder(dataset)
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
        quality=quality_of(builder, builder.build()),
    )


def _law(law: LawEntry) -> LawCoverage:
    """Count what is coded of one law."""
    versions = [v for p in law.provisions for v in p.versions]
    facets = {
        kind.value: count
        for kind, name in FACET_FIELDS.items()
        if (count := sum(len(getattr(v, name)) for v in versions))
    }
    checks = [s.checked_on.isoformat() for v in versions for s in v.sources]
    return LawCoverage(
        law=law.id,
        effects=len(Timeline(law).effects),
        provisions=sum(bool(p.versions) for p in law.provisions),
        outlines=sum(not p.versions for p in law.provisions),
        versions=len(versions),
        facets=facets,
        verification=dict(Counter(verification(v.sources).value for v in versions)),
        disputes=disputes(law),
        pending=[e.id for e in law.effects if e.outcome == Outcome.PENDING],
        oldest_check=min(checks, default=""),
    )


# --- for people ---------------------------------------------------------------------------------

LISTED = set(SuspicionKind) - {SuspicionKind.NO_OFFICIAL_SOURCE}
"""Suspicions that are listed one by one; the others are counted by jurisdiction."""


def quality_lines(quality: QualityRecord) -> Iterator[str]:
    """Yield the quality of a dataset as lines of text."""
    own = [j for j in quality.jurisdictions if j.laws]
    yield "versions by what they were checked against (percent), and days of the checks"
    head = ("laws", "versions", "official", "consolid.", "second.", "unverif.")
    yield f"  {'':8}" + "".join(f"{name:>10}" for name in head) + "  oldest      median"
    for j in own:
        yield f"  {j.jurisdiction:8}{j.laws:10}{_checked(j.checked)}"
    yield f"  {'all':8}{len(quality.laws):10}{_checked(quality.checked)}"
    yield ""
    yield f"age of checks on {quality.date}"
    for band in quality.check_ages:
        if band.checks:
            until = f" to {band.days_to}" if band.days_to else " or more"
            yield f"  {band.days_from}{until} days: {band.checks:,}"
    yield ""
    yield f"cells that nobody surveyed on {quality.date}, of those of each section"
    for j in (j for j in own if j.not_surveyed < j.cells):  # others make treaties only
        open_ = [f"{s.section} {s.not_surveyed}/{s.cells}" for s in j.sections if s.not_surveyed]
        yield f"  {j.jurisdiction:8}{j.not_surveyed:4} of {j.cells}: {', '.join(open_) or 'none'}"
    others = len(quality.jurisdictions) - len(own)
    none = quality.uncoded_jurisdictions
    yield f"  and {others} known by treaties or a union only, {none} not at all"
    for count in quality.suspicion_counts:
        if not count.count:
            continue
        yield ""
        yield f"{count.kind} ({count.kind.meaning}): {count.count}"
        found = [s for s in quality.suspicions if s.kind == count.kind]
        if count.kind in LISTED:
            yield from (f"  {s.id}: {s.text}" for s in found)
        else:
            places = Counter(code for s in found for code in s.jurisdictions)
            yield "  " + ", ".join(f"{code} {n}" for code, n in sorted(places.items()))


def _checked(checked: Checked) -> str:
    """What versions were checked against, as columns."""
    levels = (checked.official, checked.consolidated, checked.secondary, checked.unverified)
    shares = (f"{100 * level / (checked.versions or 1):.1f}" for level in levels)
    days = f"  {checked.oldest_check or ''!s:10}  {checked.median_check or ''}"
    return f"{checked.versions:10}" + "".join(f"{share:>10}" for share in shares) + days
