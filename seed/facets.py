"""Facets over time: every facet of every provision as its records, filled with what it takes from
definitions, other offences and quantities.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import date, timedelta
from functools import cached_property
from typing import Any, TypeVar

from models.collection import FACET_RECORDS
from models.definition import Definition
from models.facet import Facet, FacetRecord
from models.offence import Material, Offence
from models.penalty import Fine, FineLimb, Prison
from models.provision import FACET_FIELDS, ProvisionEntry
from models.record import Dated, Reference, fields_of
from models.source import best_source, verification
from models.validity import Interval
from models.vocabulary import FacetKind, Subject
from seed.dataset import Dataset
from seed.documents import LawEntry
from seed.timeline import Held, Timeline

_MATERIAL = {
    Subject.CSAM,
    Subject.INTIMATE,
    Subject.OBSCENE,
    Subject.HARMFUL,
    Subject.CRIMINAL,
    Subject.SCAM,
    Subject.FALSEHOOD,
    Subject.HARASSMENT,
}
"""Subjects of definitions that describe material."""

AnyDated = TypeVar("AnyDated", bound=Dated)

_LAST = date.max - timedelta(days=1)
"""A day on which whatever is open still holds."""


def merge(pieces: Iterable[AnyDated]) -> list[AnyDated]:
    """Join neighbouring pieces that say the same."""
    merged: list[AnyDated] = []
    for piece in pieces:
        if merged and merged[-1].valid_to == piece.valid_from:
            last = merged[-1]
            if piece.model_copy(update={"valid_from": last.valid_from}) == last.model_copy(
                update={"valid_to": piece.valid_to}
            ):
                last.valid_to = piece.valid_to
                continue
        merged.append(piece)
    return merged


class Facets:
    """The facets of a dataset, with the timelines that they follow from."""

    def __init__(self, dataset: Dataset) -> None:
        """Read the time of every law."""
        self.dataset = dataset
        self.timelines = {id_: Timeline(law) for id_, law in dataset.laws.items()}
        self.held: dict[str, list[Held]] = {
            f"{law.id}~{provision.eid}": self.timelines[law.id].versions(provision)
            for law in dataset.laws.values()
            for provision in law.provisions
        }
        self.places = {
            f"{law.id}~{provision.eid}": (law, provision)
            for law in dataset.laws.values()
            for provision in law.provisions
        }

    def meant(self, id_: str, kind: FacetKind) -> Iterator[tuple[Held, Facet]]:
        """Every state of the facets of a kind that a reference means."""
        provision = "~".join(id_.split("~")[:2])
        for held in self.held.get(provision, []):
            for facet in getattr(held.version, FACET_FIELDS[kind]):
                if id_ in (provision, f"{provision}~{kind}_{facet.number or 1}"):
                    yield held, facet

    def extent(self, law: LawEntry, provision: ProvisionEntry) -> list[str]:
        """Where a provision is law: as itself says, or the nearest unit around it, or the law."""
        timeline = self.timelines[law.id]
        units = (timeline.provisions[eid] for eid in timeline.lineage(provision.eid))
        return next((unit.extent for unit in units if unit.extent), law.extent)

    def perhaps(self, record: FacetRecord) -> Interval | None:
        """Days before a facet's record on which it may have been in force already."""
        for held in self.held[record.provision]:
            if held.interval and held.opened_by and held.interval.start == record.valid_from:
                return self.timelines[record.law].perhaps(held.opened_by)
        return None

    @cached_property
    def records(self) -> dict[tuple[FacetKind, str], list[FacetRecord]]:
        """Every facet as its records over time."""
        found: dict[tuple[FacetKind, str], list[FacetRecord]] = {}
        for provision_id, versions in self.held.items():
            law, provision = self.places[provision_id]
            for held in versions:
                if held.interval is None:
                    continue
                for kind, name in FACET_FIELDS.items():
                    for facet in getattr(held.version, name):
                        id_ = f"{provision_id}~{kind}_{facet.number or 1}"
                        pieces = found.setdefault((kind, id_), [])
                        for span in held.interval.cut(self._cuts(facet)):
                            pieces.append(self._facet(kind, id_, facet, law, provision, held, span))
        return {key: merge(pieces) for key, pieces in found.items()}

    def _facet(
        self,
        kind: FacetKind,
        id_: str,
        facet: Facet,
        law: LawEntry,
        provision: ProvisionEntry,
        held: Held,
        span: Interval,
    ) -> FacetRecord:
        """Build one piece of a facet as it stands on the first day of a span."""
        resolved = self._resolve(facet, span.start)
        schema: Callable[..., FacetRecord] = FACET_RECORDS[kind]
        return schema(
            **fields_of(resolved),
            id=id_,
            valid_from=span.start,
            valid_to=span.open_end,
            provision=f"{law.id}~{provision.eid}",
            provision_number=provision.number,
            provision_heading=held.version.heading or provision.heading,
            law=law.id,
            law_title=law.title,
            extent=self.extent(law, provision),
            topics=provision.topics,
            applies=held.version.applies,
            verification=verification(held.version.sources),
            source_url=best.url if (best := best_source(held.version.sources)) else None,
        )

    def _cuts(self, facet: Facet) -> Iterator[date]:
        """Days on which something that a facet's record takes from elsewhere may change."""
        taken: list[Reference] = []
        if isinstance(facet, Offence):
            taken += [facet.penalties_of] if facet.penalties_of else []
            taken += (
                [facet.material.definition] if facet.material and facet.material.definition else []
            )
        for reference in taken:
            for held in self.held[provision_of(reference.id)]:
                if held.interval:
                    yield from (held.interval.start, held.interval.end)
            for target in self._versions_of(reference.id):
                yield from self._cuts(target)
        for quantity in self.quantities_of(facet):
            yield from (value.since for value in self.dataset.quantities[quantity].values)

    def _versions_of(self, id_: str) -> Iterator[Facet]:
        """Every state that a facet ever had."""
        for held in self.held[provision_of(id_)]:
            for kind, name in FACET_FIELDS.items():
                for facet in getattr(held.version, name):
                    # A provision stands for all its facets.
                    if id_.count("~") == 1 or id_.endswith(f"~{kind}_{facet.number or 1}"):
                        yield facet

    def at(self, id_: str, kind: FacetKind, day: date) -> list[Any]:
        """The facets of a kind that a reference means on a day."""
        provision = provision_of(id_)
        for held in self.held[provision]:
            if held.interval and day in held.interval:
                facets = getattr(held.version, FACET_FIELDS[kind])
                return [
                    f for f in facets if id_ in (provision, f"{provision}~{kind}_{f.number or 1}")
                ]
        return []

    def coded(self, held: Held) -> dict[str, list[Facet]]:
        """The facets of a version by the name of their list, filled as on its first day."""
        day = held.interval.start if held.interval else _LAST
        return {
            name: [self._resolve(facet, day) for facet in getattr(held.version, name)]
            for name in FACET_FIELDS.values()
        }

    def _resolve(self, facet: Facet, day: date) -> Facet:
        """Fill in what a facet takes from elsewhere, as it stands on a day."""
        copy = facet.model_copy(deep=True)
        if isinstance(copy, Offence):
            if copy.penalties_of:
                for target in self.at(copy.penalties_of.id, FacetKind.OFFENCE, day):
                    source = self._resolve(target, day)
                    assert isinstance(source, Offence)
                    copy.penalties = source.penalties
                    copy.penalties_unread = copy.penalties_unread or source.penalties_unread
            if copy.material:
                copy.material = self._material(copy.material, day)
        for limb in _limbs(copy):
            if limb.quantity and limb.times is not None:
                self._measure(limb, limb.quantity, limb.times, day)
        for prison in _prisons(copy):
            if prison.max_quantity:
                values = self.dataset.quantities[prison.max_quantity].values
                prison.max = next((v.term for v in reversed(values) if v.since <= day), None)
        return copy

    def _measure(self, limb: FineLimb, quantity: str, times: int, day: date) -> None:
        """Work out a fine that the law sets in a quantity, by its value on a day."""
        limb.currency = self.dataset.quantities[quantity].currency
        for value in self.dataset.quantities[quantity].values:
            if value.since <= day and (value.until is None or day < value.until):
                limb.amount = None if value.amount is None else value.amount * times
                if isinstance(limb, Fine):
                    limb.unlimited = value.unlimited

    def _material(self, material: Material, day: date) -> Material:
        """Say what the material is, from the definition that describes it."""
        if material.definition is None:
            return material
        found: list[Definition] = self.at(material.definition.id, FacetKind.DEFINITION, day)
        subjects = sorted({d.subject for d in found if d.subject in _MATERIAL})
        return material.model_copy(update={"subjects": subjects or material.subjects})

    def quantities_of(self, facet: Any) -> list[str]:
        """Names of the quantities in which a facet's fines, or longest terms, are set."""
        named = {limb.quantity for limb in _limbs(facet)}
        named |= {prison.max_quantity for prison in _prisons(facet)}
        return sorted(name for name in named if name)


def provision_of(reference: str) -> str:
    """Return the provision part of a reference or facet id."""
    return "~".join(reference.split("~")[:2])


def _limbs(facet: Facet) -> Iterator[FineLimb]:
    """Every limb of every fine that a facet carries."""
    for name in ("penalties", "breach"):
        for penalty in getattr(facet, name, []):
            if penalty.fine:
                yield penalty.fine
                yield from penalty.fine.greater_of


def _prisons(facet: Facet) -> Iterator[Prison]:
    """Every bound of imprisonment that a facet carries."""
    for name in ("penalties", "breach"):
        for penalty in getattr(facet, name, []):
            if penalty.prison:
                yield penalty.prison
