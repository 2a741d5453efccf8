"""Ties: which reaches, exceptions and sentencing rules cover which offences, duties and powers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from typing import Any

from models.facet import FacetRecord
from models.record import Reference
from models.validity import Interval
from models.vocabulary import FacetKind
from seed.facets import Facets

_TYING = (FacetKind.REACH, FacetKind.EXCEPTION, FacetKind.SENTENCING)
"""Kinds of facet that apply to others."""

_TIED = (FacetKind.OFFENCE, FacetKind.DUTY, FacetKind.POWER)
"""Kinds of facet that others apply to."""


@dataclass(frozen=True)
class Tie:
    """A rule covers a facet, on these days."""

    kind: FacetKind
    rule: FacetRecord
    record: FacetRecord
    span: Interval
    named: bool
    """Whether the rule lists what it covers."""


class Ties:
    """The ties between the facets of a dataset."""

    def __init__(self, facets: Facets) -> None:
        """Read from the facets."""
        self.facets = facets

    @cached_property
    def _tied(self) -> list[Tie]:
        """Which rules cover which facets, on which days.

        Reaches, exceptions and sentencing rules are tied to what they apply to. A reach or
        exception without a list covers the whole of its law; a sentencing rule without one is
        tied to nothing. A tie holds while both sides do and no special rule sets the rule aside.
        """
        found: list[Tie] = []
        pairs = list(self._pairs())
        # A special reach can set a rule aside: by what it calls the rule, and the facet it covers.
        aside: dict[tuple[str, str], list[Interval]] = {}
        for tie in pairs:
            for rule in getattr(tie.rule, "overrides", []):
                aside.setdefault((rule.id, tie.record.id), []).append(tie.span)
        for tie in pairs:
            over = [
                span
                for name in self._names(tie.rule)
                for span in aside.get((name, tie.record.id), ())
            ]
            found += (replace(tie, span=span) for span in tie.span.without(over))
        return found

    def _pairs(self) -> Iterator[Tie]:
        """Every rule with every facet that it covers, on the days on which both are in force."""
        by_law: dict[str, list[tuple[FacetRecord, set[str]]]] = {}
        for (kind, _), records in self.facets.records.items():
            if kind in _TIED:
                for record in records:
                    by_law.setdefault(record.law, []).append((record, self._names(record)))
        rules = [
            (k, rule)
            for (k, _), records in self.facets.records.items()
            if k in _TYING
            for rule in records
        ]
        for kind, rule in rules:
            references: list[Reference] = rule.applies_to  # type: ignore[attr-defined]
            if not references and kind == FacetKind.SENTENCING:
                continue
            # In the order of the references: a set's would differ from run to run.
            laws = dict.fromkeys(r.id.split("~", 1)[0] for r in references) or {rule.law: None}
            for record, names in (entry for law in laws for entry in by_law.get(law, [])):
                meant = [r for r in references if r.id in names]
                span = rule.interval.overlap(record.interval)
                limits = [r.before for r in meant]
                past = bool(limits) and all(d and record.valid_from >= d for d in limits)
                if span is not None and not past and (meant or not references):
                    yield Tie(kind, rule, record, span, named=bool(references))

    @cached_property
    def codes(self) -> Mapping[tuple[str, date], set[tuple[str, str, Interval]]]:
        """Codes that facets take from each other, by id and first day of the record."""
        found: dict[tuple[str, date], set[tuple[str, str, Interval]]] = {}
        for tie in self._tied:
            on_record = found.setdefault((tie.record.id, tie.record.valid_from), set())
            on_record.update((n, code, tie.span) for n, code in _tie_codes(tie.kind, tie.rule))
            on_rule = found.setdefault((tie.rule.id, tie.rule.valid_from), set())
            conduct = getattr(tie.record, "conduct", [])
            on_rule.update(("conduct", code, tie.span) for code in conduct)
            if tie.named:
                on_rule.add(("applies_to", tie.record.id, tie.span))
                on_rule.add(("applies_to", tie.record.provision, tie.span))
        return found

    @cached_property
    def _covered(self) -> Mapping[tuple[str, date], list[Tie]]:
        """Ties by the rule that makes them."""
        found: dict[tuple[str, date], list[Tie]] = {}
        for tie in self._tied:
            found.setdefault((tie.rule.id, tie.rule.valid_from), []).append(tie)
        return found

    def covered_by(self, rule: Any, day: date) -> Iterator[FacetRecord]:
        """Yield the offences, duties and powers that a rule covers on a day."""
        for tie in self._covered.get((rule.id, rule.valid_from), []):
            if day in tie.span:
                yield tie.record

    def days(self, rule: Any) -> Iterator[date]:
        """Yield the days on which a rule begins or ceases to cover something."""
        for tie in self._covered.get((rule.id, rule.valid_from), []):
            yield from (tie.span.start, tie.span.end)

    def _names(self, record: FacetRecord) -> set[str]:
        """All that a reference may call a facet by: itself, its provision and those above."""
        eid = record.provision.split("~", 1)[1]
        lineage = self.facets.timelines[record.law].lineage(eid)
        return {record.id, *(f"{record.law}~{step}" for step in lineage)}


def _tie_codes(kind: FacetKind, rule: Any) -> Iterator[tuple[str, str]]:
    """Codes that a facet takes from a rule that applies to it."""
    if kind == FacetKind.REACH:
        yield "reach", rule.id
        yield from (("reach_basis", basis) for basis in rule.sufficient)
        yield from (("reach_condition", condition) for condition in rule.conditions)
    elif kind == FacetKind.EXCEPTION:
        yield "exception", rule.kind
    else:
        yield "sentencing", rule.id
