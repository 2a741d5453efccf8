"""Checks of facets: where their references lead, and what their penalties say."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date

import pycountry

from models.definition import Definition
from models.duty import Duty
from models.facet import Facet
from models.offence import Offence
from models.penalty import Fine, FineLimb, Penalty, Term
from models.power import Power
from models.provision import FACET_FIELDS, VersionEntry
from models.record import Record, Reference
from models.sentencing import Sentencing
from models.validity import FOREVER, Interval
from models.vocabulary import Caning, FacetKind
from seed.dataset import Dataset, Origin, facets_of, found_in
from seed.facets import Facets
from seed.mistakes import Mistake
from seed.reader import Trail
from seed.timeline import Held


def check_facets(
    timed: Facets, version: VersionEntry, span: Interval | None, origin: Origin, at: Trail
) -> Iterator[Mistake]:
    """Check a version's facets; `span` is when it is in force, if that is known."""
    for kind, name in FACET_FIELDS.items():
        facets: list[Facet] = getattr(version, name)
        numbers = [facet.number for facet in facets]
        for i, facet in enumerate(facets):
            if len(facets) > 1 and facet.number is None:
                said = f"of several, each {kind} has a number `n` of its own"
                yield origin.mistake((*at, name, i), said)
            elif facet.number is not None and numbers.index(facet.number) < i:
                said = f"two {name} have this number"
                yield origin.mistake((*at, name, i, "n"), said, facet.number)
    for name, i, held in facets_of(version):
        here: Trail = (*at, name, i)
        for trail, reference in found_in(held, Reference):
            yield from _reference(timed, origin, (*here, *trail), reference, span)
        yield from _authorities(timed.dataset, origin, here, held)
        for trail, penalty in _penalties(held):
            yield from _penalty(timed, origin, (*here, *trail), penalty, span)
        yield from _same_case(origin, here, held)
        yield from _terms(origin, here, held)
        if isinstance(held, Offence):
            yield from _offence(timed, origin, here, held)
        if isinstance(held, Power):
            yield from currency(origin, (*here, "fine_currency"), held.fine_currency)
            if held.fine_max is not None and held.fine_currency is None:
                said = "an amount needs its currency (`fine_currency`)"
                yield origin.mistake((*here, "fine_max"), said, held.fine_max)
        if isinstance(held, Definition) and held.age_how and not held.age_under:
            yield origin.mistake((*here, "age_how"), "a test of age needs the age (`age_under`)")


_LEADS_TO: dict[str, tuple[FacetKind, ...]] = {
    "def": (FacetKind.DEFINITION,),
    "penalties_of": (FacetKind.OFFENCE,),
    "breach_of": (FacetKind.DUTY, FacetKind.POWER),
    "breach_under": (FacetKind.OFFENCE, FacetKind.POWER),
    "overrides": (FacetKind.REACH,),
    "applies_to": (FacetKind.OFFENCE, FacetKind.DUTY, FacetKind.POWER),
}
"""Kinds of facet that a reference under a key can mean."""

_TAKEN = ("def", "penalties_of")
"""Keys under which something is taken from another facet, which must be in force meanwhile."""


def _reference(
    timed: Facets, origin: Origin, trail: Trail, reference: Reference, span: Interval | None
) -> Iterator[Mistake]:
    """A reference leads to a provision, or to a facet of the right kind of one of its versions."""
    law_id, _, rest = reference.id.partition("~")
    law = timed.dataset.laws.get(law_id)
    if law is None:
        yield origin.mistake(trail, "no such law in the reference", law_id, timed.dataset.laws)
        return
    eid, _, facet = rest.partition("~")
    if f"{law_id}~{eid}" not in timed.held:
        said = f"{law_id} has no such provision" if eid else "the reference names no provision"
        yield origin.mistake(trail, said, eid or law_id, [p.eid for p in law.provisions])
        return
    key = next(step for step in reversed(trail) if isinstance(step, str))
    kinds = _LEADS_TO.get(key, tuple(FacetKind))
    if facet:
        names = set(_facet_names(timed.held[f"{law_id}~{eid}"]))
        meant = {name for name in names if name.rpartition("_")[0] in kinds}
        if facet not in names:
            yield origin.mistake(trail, f"no version of {eid} has such a facet", facet, meant)
            return
        if facet not in meant:
            said = f"`{key}` leads to a facet of the kind {' or '.join(kinds)}"
            yield origin.mistake(trail, said, facet, meant)
            return
    elif key == "penalties_of" and span is not None:
        several = next(_several(timed.held[f"{law_id}~{eid}"], span), None)
        if several is not None:
            said = f"of several offences, name one: {', '.join(several)}"
            yield origin.mistake(trail, said, reference.id)
            return
    if key in _TAKEN and span is not None and reference.before is None:
        states = [h.interval for h, _ in timed.meant(reference.id, kinds[0]) if h.interval]
        gap = _first_gap(span, states)
        if gap is not None:
            said = f"there is no such {kinds[0]} in force on {gap}, while this is"
            yield origin.mistake(trail, said, reference.id)


def _first_gap(span: Interval, covered: Iterable[Interval]) -> date | None:
    """The first day of a span that none of the intervals covers."""
    day = span.start
    for one in sorted(covered):
        if one.start > day:
            break
        day = max(day, one.end)
    return day if day < span.end else None


def _facet_names(versions: list[Held]) -> Iterator[str]:
    """Names of the facets that a provision ever held, such as `offence_2`."""
    for held in versions:
        for kind, name in FACET_FIELDS.items():
            for facet in getattr(held.version, name):
                yield f"{kind}_{facet.number or 1}"


def _several(versions: list[Held], span: Interval) -> Iterator[list[str]]:
    """Yield the offences of versions that hold several while a reference to their section holds."""
    for held in versions:
        if held.interval and held.interval.overlap(span) and len(held.version.offences) > 1:
            yield [f"offence_{offence.number}" for offence in held.version.offences]


def _authorities(
    dataset: Dataset, origin: Origin, trail: Trail, facet: Record
) -> Iterator[Mistake]:
    for name in ("to", "holder", "appeal"):
        if isinstance(facet, Duty | Power):
            for i, id_ in enumerate(getattr(facet, name, [])):
                yield from origin.named((*trail, name, i), "authority", id_, dataset.authorities)


def _offence(timed: Facets, origin: Origin, trail: Trail, offence: Offence) -> Iterator[Mistake]:
    yield from _ages(origin, trail, offence.victim_over, offence.victim_under)
    if offence.material and offence.material.definition and offence.material.subjects:
        said = "the definition says what the material is: leave `class` out"
        yield origin.mistake((*trail, "material", "class"), said)
    if offence.penalties_of is None:
        return
    if offence.penalties:
        said = "an offence has penalties or takes them, not both"
        yield origin.mistake((*trail, "penalties_of"), said)
    seen: set[str] = set()
    todo = [offence.penalties_of.id]
    while todo:
        current = todo.pop()
        for _, other in timed.meant(current, FacetKind.OFFENCE):
            if other is offence:
                said = "this takes the penalties from itself in the end"
                yield origin.mistake((*trail, "penalties_of"), said, offence.penalties_of.id)
                return
            further = getattr(other, "penalties_of", None)
            if further is not None and further.id not in seen:
                seen.add(further.id)
                todo.append(further.id)


def _ages(origin: Origin, trail: Trail, over: int | None, under: int | None) -> Iterator[Mistake]:
    if over is not None and under is not None and over >= under:
        said = f"nobody below {under} has reached this age"
        yield origin.mistake((*trail, "victim_over"), said, over)


def _terms(origin: Origin, trail: Trail, facet: Record) -> Iterator[Mistake]:
    """Bounds of terms come in order."""
    bounds: list[tuple[Trail, Term | None, Term | None]] = []
    if isinstance(facet, Sentencing):
        bounds.append((trail, facet.min, facet.max))
    for at, penalty in _penalties(facet):
        if penalty.prison:
            bounds.append(((*trail, *at, "prison"), penalty.prison.min, penalty.prison.max))
    for at, low, high in bounds:
        if low and high and low.rank > high.rank:
            said = f"the minimum is above the maximum ({high.text})"
            yield origin.mistake((*at, "min"), said, low.text)


# --- penalties ----------------------------------------------------------------------------------


def _penalties(facet: Record) -> Iterator[tuple[Trail, Penalty]]:
    for name in ("penalties", "breach"):
        for i, penalty in enumerate(getattr(facet, name, [])):
            yield (name, i), penalty


def _penalty(
    timed: Facets, origin: Origin, trail: Trail, penalty: Penalty, span: Interval | None
) -> Iterator[Mistake]:
    low, high = penalty.strokes_min, penalty.strokes_max
    if low is not None and high is not None and low > high:
        said = f"the minimum is above the maximum ({high})"
        yield origin.mistake((*trail, "strokes_min"), said, low)
    if penalty.caning == Caning.NONE and (low is not None or high is not None):
        yield origin.mistake(trail, "strokes need `caning`: discretionary or mandatory")
    yield from _ages(origin, (*trail, "when"), penalty.when.victim_over, penalty.when.victim_under)
    if penalty.prison and penalty.prison.max_quantity:
        at: Trail = (*trail, "prison", "max_quantity")
        if penalty.prison.max:
            said = "the longest term is stated, or taken from a quantity, not both"
            yield origin.mistake(at, said, penalty.prison.max_quantity)
        yield from _quantity(timed, origin, at, penalty.prison.max_quantity, span, money=False)
    if penalty.fine:
        here: Trail = (*trail, "fine")
        yield from _fine(timed, origin, here, penalty.fine, span)
        for i, limb in enumerate(penalty.fine.greater_of):
            yield from _fine(timed, origin, (*here, "greater_of", i), limb, span)
    if penalty.per_day:
        yield from currency(origin, (*trail, "per_day", "currency"), penalty.per_day.currency)


def _fine(
    timed: Facets, origin: Origin, trail: Trail, fine: FineLimb, span: Interval | None
) -> Iterator[Mistake]:
    measures = [fine.amount is not None, fine.quantity is not None, fine.share is not None]
    if isinstance(fine, Fine):
        measures += [fine.unlimited, fine.day_fines, bool(fine.greater_of)]
    if sum(measures) > 1:
        yield origin.mistake(trail, "a fine has one measure; several go under `greater_of`")
    yield from currency(origin, (*trail, "currency"), fine.currency)
    if fine.quantity is None:
        return
    yield from _quantity(timed, origin, (*trail, "quantity"), fine.quantity, span, money=True)


def _quantity(
    timed: Facets, origin: Origin, here: Trail, id_: str, span: Interval | None, *, money: bool
) -> Iterator[Mistake]:
    """A quantity exists, measures what is asked for, and has a value while it is used."""
    yield from origin.named(here, "quantity", id_, timed.dataset.quantities)
    quantity = timed.dataset.quantities.get(id_)
    if quantity is None:
        return
    if money and quantity.currency is None:
        yield origin.mistake(here, "that quantity is no money: it has no currency", id_)
    if not money and any(value.term is None for value in quantity.values):
        yield origin.mistake(here, "that quantity is no term of imprisonment", id_)
    if span is not None:
        following = [*(value.since for value in quantity.values[1:]), FOREVER]
        values = [
            Interval(value.since, value.until or after)
            for value, after in zip(quantity.values, following, strict=True)
        ]
        gap = _first_gap(span, values)
        if gap is not None:
            said = f"that quantity has no value on {gap}, while this is in force"
            yield origin.mistake(here, said, id_)


def currency(origin: Origin, trail: Trail, code: str | None) -> Iterator[Mistake]:
    """Report a code that ISO 4217 does not know."""
    if code is not None and pycountry.currencies.get(alpha_3=code) is None:
        known = [c.alpha_3 for c in pycountry.currencies]
        yield origin.mistake(trail, "not an ISO 4217 currency", code, known)


def _same_case(origin: Origin, trail: Trail, facet: Record) -> Iterator[Mistake]:
    """Two cases of one facet differ in their circumstances."""
    for name in ("penalties", "breach"):
        cases = [penalty.when for penalty in getattr(facet, name, [])]
        for i, when in enumerate(cases):
            if when in cases[:i]:
                yield origin.mistake((*trail, name, i), "two penalties for the same circumstances")
