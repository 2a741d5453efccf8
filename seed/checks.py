"""Checks across files: everything named exists, time adds up, claims have evidence."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from itertools import pairwise

import pycountry

from models.record import Record
from models.source import Source
from models.validity import FOREVER, Interval
from models.vocabulary import JurisdictionKind
from seed.dataset import Dataset, Origin
from seed.law_checks import check_law
from seed.mistakes import Mistake, SeedError
from seed.reader import Trail


def check(dataset: Dataset, today: date | None = None) -> None:
    """Check a whole dataset. Raises `SeedError` with every mistake found."""
    day = today or date.today()
    mistakes = [
        *_jurisdictions(dataset),
        *_groups(dataset),
        *_authorities(dataset),
        *_topics(dataset),
        *_quantities(dataset),
        *_surveys(dataset),
        *(mistake for law in dataset.laws.values() for mistake in check_law(dataset, law)),
        *_sources(dataset, day),
    ]
    if mistakes:
        raise SeedError(mistakes)


def unknown(
    origin: Origin, trail: Trail, what: str, value: str | None, known: Mapping[str, object]
) -> Iterator[Mistake]:
    """Report a name that stands for nothing, with the nearest that does."""
    if value is not None and value not in known:
        yield origin.mistake(trail, f"no such {what}", value, known)


def _jurisdictions(dataset: Dataset) -> Iterator[Mistake]:
    for id_, entry in dataset.jurisdictions.items():
        origin = dataset.origin("jurisdictions", id_)
        yield from unknown(origin, ("parent",), "jurisdiction", entry.parent, dataset.jurisdictions)
        yield from unknown(origin, ("lead",), "jurisdiction", entry.lead, dataset.jurisdictions)
        parents = {key: other.parent for key, other in dataset.jurisdictions.items()}
        yield from _cycle(origin, ("parent",), id_, parents)
        if entry.kind == JurisdictionKind.COUNTRY:
            country = pycountry.countries.get(alpha_2=id_)
            if country is None:
                yield origin.mistake(
                    ("id",),
                    "not an ISO 3166-1 alpha-2 code",
                    id_,
                    [c.alpha_2 for c in pycountry.countries],
                )
            else:
                for key, right in (("alpha3", country.alpha_3), ("numeric", country.numeric)):
                    said = getattr(entry, key)
                    if said != right:
                        yield origin.mistake(
                            (key,),
                            f"ISO 3166-1 gives {id_} the {key} code {right}",
                            said or "nothing",
                        )
        elif not entry.sources and pycountry.subdivisions.get(code=id_) is None:
            yield origin.mistake(("id",), "a code beyond ISO 3166 needs a source", id_)
        for i, binding in enumerate(entry.bindings):
            at: Trail = ("bindings", i)
            yield from unknown(origin, (*at, "to"), "law", binding.treaty, dataset.laws)
            yield from _ordered(origin, (*at, "until"), binding.since, binding.until)
            if not binding.sources:
                yield origin.mistake(at, "a binding needs a source", binding.treaty)


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
        yield origin.mistake(trail, "it is above itself", above[start])


def _ordered(
    origin: Origin, trail: Trail, start: date | None, end: date | None
) -> Iterator[Mistake]:
    """Report an interval that ends before it begins."""
    if start and end and end <= start:
        yield origin.mistake(trail, f"it ends on or before the day it begins ({start})", end)


def _groups(dataset: Dataset) -> Iterator[Mistake]:
    for id_, group in dataset.groups.items():
        origin = dataset.origin("groups", id_)
        yield from unknown(origin, ("body",), "jurisdiction", group.body, dataset.jurisdictions)
        if not group.sources:
            yield origin.mistake((), "a group needs a source for its members", id_)
        spans: dict[str, list[tuple[Interval, int]]] = {}
        for i, member in enumerate(group.members):
            at: Trail = ("members", i)
            yield from unknown(
                origin,
                (*at, "jurisdiction"),
                "jurisdiction",
                member.jurisdiction,
                dataset.jurisdictions,
            )
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
        yield from unknown(
            origin, ("jurisdiction",), "jurisdiction", authority.jurisdiction, dataset.jurisdictions
        )


def _topics(dataset: Dataset) -> Iterator[Mistake]:
    above = {id_: topic.broader for id_, topic in dataset.topics.items()}
    for id_, topic in dataset.topics.items():
        origin = dataset.origin("topics", id_)
        yield from unknown(origin, ("broader",), "topic", topic.broader, dataset.topics)
        yield from _cycle(origin, ("broader",), id_, above)


def _quantities(dataset: Dataset) -> Iterator[Mistake]:
    for id_, quantity in dataset.quantities.items():
        origin = dataset.origin("quantities", id_)
        yield from unknown(
            origin, ("jurisdiction",), "jurisdiction", quantity.jurisdiction, dataset.jurisdictions
        )
        yield from currency(origin, ("currency",), quantity.currency)
        for i, value in enumerate(quantity.values):
            at: Trail = ("values", i)
            if (value.amount is not None) + (value.term is not None) + value.unlimited != 1:
                yield origin.mistake(at, "a value has one of amount, term, unlimited")
            if value.amount is not None and quantity.currency is None:
                yield origin.mistake(at, "an amount needs the quantity's currency", value.amount)
            if not value.sources:
                yield origin.mistake(at, "a value needs a source")
            yield from _ordered(origin, (*at, "to"), value.since, value.until)
        for i, (first, second) in enumerate(pairwise(quantity.values), start=1):
            if second.since <= first.since or (first.until or second.since) > second.since:
                yield origin.mistake(
                    ("values", i, "from"), "values stand in order and do not overlap", second.since
                )


def currency(origin: Origin, trail: Trail, code: str | None) -> Iterator[Mistake]:
    """Report a code that ISO 4217 does not know."""
    if code is not None and pycountry.currencies.get(alpha_3=code) is None:
        known = [c.alpha_3 for c in pycountry.currencies]
        yield origin.mistake(trail, "not an ISO 4217 currency", code, known)


def _surveys(dataset: Dataset) -> Iterator[Mistake]:
    for id_, survey in dataset.surveys.items():
        origin = dataset.origin("surveys", id_)
        for i, code in enumerate(survey.jurisdictions):
            yield from unknown(
                origin, ("jurisdictions", i), "jurisdiction", code, dataset.jurisdictions
            )
        for i, topic in enumerate(survey.topics):
            yield from unknown(origin, ("topics", i), "topic", topic, dataset.topics)
        yield from _ordered(origin, ("to",), survey.since, survey.until)


def _sources(dataset: Dataset, today: date) -> Iterator[Mistake]:
    """Check every source, wherever it stands."""
    shelves: Iterable[tuple[str, Mapping[str, Record]]] = (
        ("jurisdictions", dataset.jurisdictions),
        ("groups", dataset.groups),
        ("authorities", dataset.authorities),
        ("quantities", dataset.quantities),
        ("surveys", dataset.surveys),
        ("laws", dataset.laws),
    )
    for collection, shelf in shelves:
        for id_, entry in shelf.items():
            origin = dataset.origin(collection, id_)
            for trail, source in sources_in(entry):
                if source.checked_on > today:
                    yield origin.mistake(
                        (*trail, "checked_on"),
                        "a source cannot be checked in the future",
                        source.checked_on,
                    )
                if source.read_from and source.read_from.startswith(("/", "file:", "~")):
                    yield origin.mistake(
                        (*trail, "read_from"),
                        "a copy is named by a public address, not by a path of a machine",
                        source.read_from,
                    )


def sources_in(record: Record, trail: Trail = ()) -> Iterator[tuple[Trail, Source]]:
    """Yield every source inside a record, with its place (by the keys of the file)."""
    for name, info in type(record).model_fields.items():
        value = getattr(record, name)
        key = str(info.validation_alias or name)
        for i, item in enumerate(value) if isinstance(value, list) else [(None, value)]:
            here: Trail = (*trail, key) if i is None else (*trail, key, i)
            if isinstance(item, Source):
                yield here, item
            elif isinstance(item, Record):
                yield from sources_in(item, here)
