"""Checks across files: everything named exists, time adds up, claims have evidence."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import date
from itertools import pairwise

import pycountry

from models.record import Record
from models.release import EarlierRelease
from models.source import Source
from models.validity import FOREVER, Interval
from models.vocabulary import JurisdictionKind
from seed.dataset import Dataset, Origin, found_in
from seed.documents import ReleaseFile
from seed.facet_checks import currency
from seed.indicator_checks import check_indicators
from seed.instrument_checks import check_instruments
from seed.law_checks import check_laws
from seed.mistakes import Mistake, SeedError
from seed.reader import Trail

OLDEST, NEWEST = date(1000, 1, 1), date(2200, 1, 1)
"""Days outside are slips of the pen: no law in force is older, no instrument looks as far ahead."""

_MACHINE_PATH = re.compile(r"/|~|\.{1,2}/|file:|[A-Za-z]:[\\/]|\\")

_ELSEWHERE = {"UK": "GB", "EL": "GR"}
"""Codes that are used for countries, but not by ISO 3166."""


def check(dataset: Dataset, today: date | None = None) -> None:
    """Check a whole dataset. Raises `SeedError` with every mistake found."""
    day = today or date.today()
    mistakes = [
        *_release(dataset),
        *_jurisdictions(dataset),
        *_groups(dataset),
        *_authorities(dataset),
        *_topics(dataset),
        *_quantities(dataset),
        *_surveys(dataset, day),
        *check_laws(dataset),
        *check_indicators(dataset),
        *check_instruments(dataset),
        *_everywhere(dataset, day),
    ]
    if mistakes:
        raise SeedError(mistakes)


def _release(dataset: Dataset) -> Iterator[Mistake]:
    """Earlier releases stand newest first, with falling versions and no later days."""
    origin = dataset.origins.get(("release", "release"))
    later: ReleaseFile | EarlierRelease = dataset.release
    for i, told in enumerate(dataset.release.earlier if origin else ()):
        assert origin is not None
        if _parts(told.version) >= _parts(later.version):
            message = f"an earlier release has a lower version than {later.version}"
            yield origin.mistake(("earlier", i, "version"), message, told.version)
        if told.date > later.date:
            message = f"{later.version}, which came after it, is of {later.date}"
            yield origin.mistake(("earlier", i, "date"), message, told.date)
        later = told


def _parts(version: str) -> list[int]:
    return [int(part) for part in version.split(".")]


def _jurisdictions(dataset: Dataset) -> Iterator[Mistake]:
    above = {id_: entry.parent for id_, entry in dataset.jurisdictions.items()}
    for id_, entry in dataset.jurisdictions.items():
        origin = dataset.origin("jurisdictions", id_)
        yield from dataset.unknown_place(origin, ("parent",), entry.parent)
        yield from dataset.unknown_place(origin, ("lead",), entry.lead)
        yield from _cycle(origin, ("parent",), id_, above)
        if entry.kind == JurisdictionKind.COUNTRY:
            yield from _country(origin, id_, {"alpha3": entry.alpha3, "numeric": entry.numeric})
        elif not entry.sources and pycountry.subdivisions.get(code=id_) is None:
            yield origin.mistake(("id",), "a code beyond ISO 3166 needs a source", id_)
        for i, binding in enumerate(entry.bindings):
            at: Trail = ("bindings", i)
            yield from origin.named((*at, "to"), "law", binding.treaty, dataset.laws)
            yield from _ordered(origin, (*at, "until"), binding.since, binding.until)
            for j, reservation in enumerate(binding.reservations):
                here: Trail = (*at, "reservations", j, "to")
                yield from _ordered(origin, here, reservation.since, reservation.until)
            if not binding.sources:
                yield origin.mistake(at, "a binding needs a source", binding.treaty)


def _country(origin: Origin, id_: str, said: Mapping[str, str | None]) -> Iterator[Mistake]:
    """A country has the three codes that ISO 3166-1 gives it."""
    country = pycountry.countries.get(alpha_2=id_)
    if country is None:
        known = [c.alpha_2 for c in pycountry.countries]
        hint = _ELSEWHERE.get(id_)
        yield origin.mistake(("id",), "not an ISO 3166-1 alpha-2 code", id_, known, hint)
        return
    for key, right in (("alpha3", country.alpha_3), ("numeric", country.numeric)):
        if said[key] != right:
            yield origin.mistake((key,), f"ISO 3166-1 gives {id_} the {key} {right!r}", said[key])


def _cycle(
    origin: Origin, trail: Trail, start: str, above: Mapping[str, str | None]
) -> Iterator[Mistake]:
    """Report a chain of parents that comes back to where it began."""
    seen = {start}
    current = above.get(start)
    while current is not None and current not in seen:
        seen.add(current)
        current = above.get(current)
    if current == start:
        yield origin.mistake(trail, f"this puts {start} above itself", above[start])


def _ordered(
    origin: Origin, trail: Trail, start: date | None, end: date | None
) -> Iterator[Mistake]:
    """Report an interval that ends before it begins."""
    if start and end and end <= start:
        yield origin.mistake(trail, f"it ends on or before the day it begins ({start})", end)


def _groups(dataset: Dataset) -> Iterator[Mistake]:
    for id_, group in dataset.groups.items():
        origin = dataset.origin("groups", id_)
        yield from dataset.unknown_place(origin, ("body",), group.body)
        if not group.sources:
            yield origin.mistake((), "a group needs a source for its members", id_)
        spans: dict[str, list[tuple[Interval, int]]] = {}
        for i, member in enumerate(group.members):
            at: Trail = ("members", i)
            yield from dataset.unknown_place(origin, (*at, "jurisdiction"), member.jurisdiction)
            yield from _ordered(origin, (*at, "to"), member.since, member.until)
            span = Interval(member.since or date.min, member.until or FOREVER)
            spans.setdefault(member.jurisdiction, []).append((span, i))
        for code, held in spans.items():
            for (first, _), (second, i) in pairwise(sorted(held)):
                if second.start < first.end:
                    yield origin.mistake(("members", i), "two memberships of it overlap", code)


def _authorities(dataset: Dataset) -> Iterator[Mistake]:
    for id_, authority in dataset.authorities.items():
        origin = dataset.origin("authorities", id_)
        yield from dataset.unknown_place(origin, ("jurisdiction",), authority.jurisdiction)


def _topics(dataset: Dataset) -> Iterator[Mistake]:
    above = {id_: topic.broader for id_, topic in dataset.topics.items()}
    for id_, topic in dataset.topics.items():
        origin = dataset.origin("topics", id_)
        yield from origin.named(("broader",), "topic", topic.broader, dataset.topics)
        yield from _cycle(origin, ("broader",), id_, above)


def _quantities(dataset: Dataset) -> Iterator[Mistake]:
    for id_, quantity in dataset.quantities.items():
        origin = dataset.origin("quantities", id_)
        yield from dataset.unknown_place(origin, ("jurisdiction",), quantity.jurisdiction)
        yield from currency(origin, ("currency",), quantity.currency)
        for i, value in enumerate(quantity.values):
            at: Trail = ("values", i)
            if (value.amount is not None) + (value.term is not None) + value.unlimited != 1:
                yield origin.mistake(at, "a value has one of amount, term, unlimited")
            if value.amount is not None and quantity.currency is None:
                yield origin.mistake(
                    (*at, "amount"), "an amount needs the quantity's currency", value.amount
                )
            if not value.sources:
                yield origin.mistake(at, "a value needs a source")
            yield from _ordered(origin, (*at, "to"), value.since, value.until)
        for i, (first, second) in enumerate(pairwise(quantity.values), start=1):
            if second.since <= first.since or (first.until or second.since) > second.since:
                yield origin.mistake(
                    ("values", i, "from"), "values stand in order and do not overlap", second.since
                )


def _surveys(dataset: Dataset, today: date) -> Iterator[Mistake]:
    for id_, survey in dataset.surveys.items():
        origin = dataset.origin("surveys", id_)
        for i, code in enumerate(survey.jurisdictions):
            yield from dataset.unknown_place(origin, ("jurisdictions", i), code)
        for i, topic in enumerate(survey.topics):
            yield from origin.named(("topics", i), "topic", topic, dataset.topics)
        yield from _ordered(origin, ("to",), survey.since, survey.until)
        if survey.checked_on > today:
            yield origin.mistake(
                ("checked_on",), "a survey cannot be made in the future", survey.checked_on
            )


def _everywhere(dataset: Dataset, today: date) -> Iterator[Mistake]:
    """Check every source and every date, wherever it stands."""
    shelves: tuple[tuple[str, Mapping[str, Record]], ...] = (
        ("jurisdictions", dataset.jurisdictions),
        ("groups", dataset.groups),
        ("authorities", dataset.authorities),
        ("quantities", dataset.quantities),
        ("surveys", dataset.surveys),
        ("instruments", dataset.instruments),
        ("laws", dataset.laws),
    )
    for collection, shelf in shelves:
        for id_, entry in shelf.items():
            origin = dataset.origin(collection, id_)
            for trail, source in found_in(entry, Source):
                yield from _source(origin, trail, source, today)
            for trail, day in found_in(entry, date):
                if not OLDEST <= day < NEWEST:
                    yield origin.mistake(trail, "the year can hardly be meant", day)


def _source(origin: Origin, trail: Trail, source: Source, today: date) -> Iterator[Mistake]:
    if source.checked_on > today:
        yield origin.mistake(
            (*trail, "checked_on"), "a source cannot be checked in the future", source.checked_on
        )
    if source.read_from and _MACHINE_PATH.match(source.read_from):
        yield origin.mistake(
            (*trail, "read_from"),
            "a copy is named by a public address, not by a path of a machine",
            source.read_from,
        )
