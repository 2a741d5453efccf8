"""Scope: which facets, treaties and surveys a jurisdiction reads, when, and through whose law."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from models.facet import FacetRecord
from models.jurisdiction import Binding
from models.validity import BEGINNING, FOREVER, Interval
from models.vocabulary import FacetKind
from seed.documents import SurveyEntry
from seed.facets import Facets
from seed.places import Places


@dataclass(frozen=True)
class Found:
    """Something that a rule reads, the days on which it holds, and through whose law."""

    record: FacetRecord | Binding
    span: Interval
    via: str | None
    perhaps: Interval | None = None
    """Days on which it may have held already: its commencement was not found."""
    tied: tuple[FacetRecord, ...] = ()
    """What a reach, exception or sentencing rule covers of what was asked for."""


_APPLIED = (FacetKind.DUTY, FacetKind.POWER)
"""Kinds of facet that can begin to apply later than the provision is in force."""


class Scope:
    """What each jurisdiction reads: its own law, its lead's, and directly applicable law."""

    def __init__(self, facets: Facets, places: Places) -> None:
        """Read from the facets and places of a dataset."""
        self.facets = facets
        self.places = places
        self.dataset = facets.dataset
        self._read: dict[str, list[Found]] = {}
        self._bound: dict[str, list[Found]] = {}

    def touched(self, code: str) -> bool:
        """Tell whether anything is known of a jurisdiction."""
        entry = self.dataset.jurisdictions[code]
        return bool(self.law(code) or entry.bindings or self.surveys(code))

    def bindings(self, code: str) -> list[Found]:
        """Return the treaties that bind a jurisdiction, with the reservations that stand.

        A part of a state is bound through the state.
        """
        if code not in self._bound:
            self._bound[code] = [
                found
                for place in self.places.lineage(code)
                for each in self.dataset.jurisdictions[place].bindings
                for found in _standing(each, None if place == code else place)
            ]
        return self._bound[code]

    def law(self, code: str) -> list[Found]:
        """Return the facets that a jurisdiction reads, over all time."""
        if code not in self._read:
            self._read[code] = list(self._law(code))
        return self._read[code]

    def _law(self, code: str) -> Iterator[Found]:
        own = set(self.places.lineage(code))
        lead = self.dataset.jurisdictions[code].lead
        led = set(self.places.lineage(lead)) - own if lead else set()
        bodies = {
            group.body: [m for m in group.members if m.jurisdiction == code]
            for group in self.dataset.groups.values()
            if group.body is not None
        }
        for record in self._applicable:
            extent = set(record.extent)
            if extent & own:
                yield Found(record, record.interval, None, self.facets.perhaps(record))
            elif extent & led:
                yield Found(record, record.interval, lead, self.facets.perhaps(record))
            elif self.dataset.laws[record.law].direct:
                for body in sorted(extent & bodies.keys()):
                    for member in bodies[body]:
                        span = Interval(member.since or BEGINNING, member.until or FOREVER)
                        shared = record.interval.overlap(span)
                        perhaps = self.facets.perhaps(record)
                        if shared is not None:
                            before = perhaps.overlap(span) if perhaps else None
                            yield Found(record, shared, body, before)

    @cached_property
    def _applicable(self) -> list[FacetRecord]:
        """Every facet; duties and powers only from when they apply to a service they name."""
        found: list[FacetRecord] = []
        for (kind, _), records in self.facets.records.items():
            for record in records:
                days = self._applies(record) if kind in _APPLIED else []
                if not days:
                    found.append(record)
                    continue
                start = max(record.valid_from, min(days))
                if record.valid_to is None or start < record.valid_to:
                    found.append(record.model_copy(update={"valid_from": start}))
        return found

    @staticmethod
    def _applies(record: FacetRecord) -> list[date]:
        """Days from which a duty applies to a class of service that it names."""
        services = set(getattr(record, "services", []))
        return [
            application.since
            for application in record.applies
            if not application.services or not services or services & set(application.services)
        ]

    def surveys(self, code: str) -> list[SurveyEntry]:
        """Return the surveys of a jurisdiction, of what it is part of, and of its lead."""
        lead = self.dataset.jurisdictions[code].lead
        meant = {*self.places.lineage(code), *([lead] if lead else [])}
        return [s for s in self.dataset.surveys.values() if meant & set(s.jurisdictions)]

    def searched(self, code: str, topic: str, day: date) -> list[SurveyEntry]:
        """Return the surveys that searched for a topic, or one above it, on a day."""
        above: set[str] = set()
        current: str | None = topic
        while current is not None:
            above.add(current)
            current = self.dataset.topics[current].broader
        return [
            survey
            for survey in self.surveys(code)
            if survey.since <= day < (survey.until or FOREVER) and above & set(survey.topics)
        ]


def _standing(binding: Binding, via: str | None) -> Iterator[Found]:
    """A binding over time, each piece with the reservations that stand in it."""
    if binding.since is None:
        return
    spans = {
        id(each): Interval(each.since or BEGINNING, each.until or FOREVER)
        for each in binding.reservations
    }
    days = [day for span in spans.values() for day in (span.start, span.end)]
    for span in Interval(binding.since, binding.until or FOREVER).cut(days):
        standing = [each for each in binding.reservations if span.start in spans[id(each)]]
        yield Found(binding.model_copy(update={"reservations": standing}), span, via)
