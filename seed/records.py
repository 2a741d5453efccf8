"""Builds every record of a release from the checked dataset: the step from what curators wrote to
what is answered.

A dated record is built piece by piece: its days are cut wherever anything in its answer can
change, each piece is built for its first day, and neighbours that say the same become one.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from models.authority import AuthorityRecord
from models.effect import EffectRecord
from models.facet import FacetRecord
from models.indicator import IndicatorRecord
from models.instrument import InstrumentRecord
from models.jurisdiction import GroupRecord, JurisdictionRecord, Membership
from models.law import LawRecord
from models.offence import Material
from models.penalty import Penalty, PenaltyRecord
from models.provision import FACET_FIELDS, ProvisionEntry, ProvisionRecord
from models.quantity import QuantityRecord
from models.record import Identified, Lasting, fields_of
from models.source import verification
from models.survey import SurveyRecord
from models.topic import TopicRecord
from models.validity import BEGINNING, FOREVER, Interval
from models.vocabulary import EffectKind, FacetKind, ProvisionKind, Purpose
from seed.codebook import Codebook
from seed.dataset import Dataset
from seed.derivation import Derivation
from seed.documents import LawEntry
from seed.facets import Facets, merge, provision_of
from seed.places import Places
from seed.ties import Ties
from seed.timeline import Held

ALWAYS = Interval(BEGINNING, FOREVER)


@dataclass
class Stored:
    """A record ready to be written, the days it holds for and the codes that find it."""

    collection: str
    record: Identified
    interval: Interval
    codes: list[tuple[str, str, Interval]] = field(default_factory=list)
    columns: Mapping[str, str | int] = field(default_factory=dict)
    """Values of columns that the record itself does not give."""


def coalesce(codes: Iterable[tuple[str, str, Interval]]) -> list[tuple[str, str, Interval]]:
    """Join the days of equal codes, so that a filter finds each record once."""
    joined: list[tuple[str, str, Interval]] = []
    for name, code, span in sorted(set(codes)):
        if joined and joined[-1][:2] == (name, code) and span.start <= joined[-1][2].end:
            span = Interval(joined[-1][2].start, max(joined.pop()[2].end, span.end))
        joined.append((name, code, span))
    return joined


class Builder:
    """Builds the records of a dataset, in the order in which they depend on each other."""

    def __init__(self, dataset: Dataset) -> None:
        """Read the time of every law."""
        self.dataset = dataset
        self.facets = Facets(dataset)
        self.ties = Ties(self.facets)
        self.places = Places(dataset)

    def build(self) -> Iterator[Stored]:
        """Yield everything that a release holds."""
        for stored in self._all():
            stored.codes = coalesce(stored.codes)
            yield stored

    def _all(self) -> Iterator[Stored]:
        """Yield every record, in the order in which they depend on each other."""
        yield from self._jurisdictions()
        yield from self._groups()
        for authority in self.dataset.authorities.values():
            yield self._plain(
                "authorities", AuthorityRecord(**fields_of(authority)), [authority.jurisdiction]
            )
        yield from self._topics()
        yield from self._quantities()
        for survey in self.dataset.surveys.values():
            yield self._plain("surveys", SurveyRecord(**fields_of(survey)), survey.jurisdictions)
        for law in self.dataset.laws.values():
            yield from self._law(law)
            yield from self._effects(law)
        yield from self._facets()
        yield from self._provisions()
        yield from self._indicators()

    # --- storing ---------------------------------------------------------------------------------

    def _stored(
        self, collection: str, record: Identified, interval: Interval, extent: Iterable[str]
    ) -> Stored:
        """Store a record with its own codes and those of where it is law."""
        codes = [
            (name, str(code), interval)
            for name, values in record.codes().items()
            for code in dict.fromkeys(values)
        ]
        codes += self.places.codes(extent, interval)
        return Stored(collection, record, interval, codes)

    def _plain(self, collection: str, record: Identified, extent: Iterable[str]) -> Stored:
        """Store a record that holds whatever the day."""
        return self._stored(collection, record, ALWAYS, extent)

    def _dated(self, collection: str, record: Lasting, extent: Iterable[str]) -> Stored:
        """Store a dated record."""
        return self._stored(collection, record, record.interval, extent)

    def _jurisdictions(self) -> Iterator[Stored]:
        for code, entry in self.dataset.jurisdictions.items():
            spans = self.places.memberships.get(code, [])
            memberships = [
                Membership(group=g, since=_start(span), until=span.open_end) for g, span in spans
            ]
            bound = [d for b in entry.bindings for d in (b.since, b.until) if d]
            cuts = [d for _, span in spans for d in (span.start, span.end)]

            def piece(
                span: Interval, entry: Any = entry, spans: Any = spans, all_: Any = memberships
            ) -> JurisdictionRecord:
                return JurisdictionRecord(
                    **fields_of(entry),
                    valid_from=_start(span),
                    valid_to=span.open_end,
                    groups=sorted(g for g, held in spans if span.start in held),
                    memberships=all_,
                )

            for span in ALWAYS.cut([*cuts, *bound]):
                record = piece(span)
                stored = self._dated("jurisdictions", record, [])
                stored.codes += [
                    ("jurisdiction", c, span) for c in sorted(self.places.around[code])
                ]
                yield stored

    def _groups(self) -> Iterator[Stored]:
        for group in self.dataset.groups.values():
            spans = [
                (m.jurisdiction, Interval(m.since or BEGINNING, m.until or FOREVER))
                for m in group.members
            ]
            for span in ALWAYS.cut(d for _, s in spans for d in (s.start, s.end)):
                current = sorted(code for code, held in spans if span.start in held)
                record = GroupRecord(
                    **fields_of(group),
                    valid_from=_start(span),
                    valid_to=span.open_end,
                    current=current,
                )
                stored = self._dated("groups", record, [])
                stored.codes += [("jurisdiction", code, span) for code in current]
                yield stored

    def _topics(self) -> Iterator[Stored]:
        for topic in self.dataset.topics.values():
            narrower = sorted(t.id for t in self.dataset.topics.values() if t.broader == topic.id)
            yield self._plain("topics", TopicRecord(**fields_of(topic), narrower=narrower), [])

    def _with_broader(self, topics: Iterable[str]) -> list[str]:
        """Topics and everything above them: a filter by a broad topic finds the narrow ones."""
        found: dict[str, None] = {}
        for topic in topics:
            current: str | None = topic
            while current is not None:
                found[current] = None
                current = self.dataset.topics[current].broader
        return list(found)

    def _quantities(self) -> Iterator[Stored]:
        for quantity in self.dataset.quantities.values():
            said = fields_of(quantity)
            said.pop("values")
            for i, value in enumerate(quantity.values):
                following = quantity.values[i + 1].since if i + 1 < len(quantity.values) else None
                record = QuantityRecord(
                    **said,
                    valid_from=value.since,
                    valid_to=value.until or following,
                    amount=value.amount,
                    term=value.term,
                    unlimited=value.unlimited,
                    sources=value.sources,
                )
                yield self._dated("quantities", record, [quantity.jurisdiction])

    # --- laws -----------------------------------------------------------------------------------

    def _law(self, law: LawEntry) -> Iterator[Stored]:
        timeline = self.facets.timelines[law.id]
        said = fields_of(law)
        for name in ("effects", "provisions"):
            said.pop(name)
        life: dict[str, Any] = {
            "introduced_on": timeline.first(EffectKind.INTRODUCES),
            "passed_on": timeline.first(EffectKind.PASSES),
            "assented_on": timeline.first(EffectKind.ASSENTS),
            "published_on": timeline.first(EffectKind.PUBLISHES),
            "commenced_on": timeline.first(EffectKind.COMMENCES),
            "ended_on": timeline.ended_on(),
            "verification": verification(law.sources),
        }
        days = timeline.days()
        pieces = [
            LawRecord(
                **said,
                **life,
                valid_from=span.start,
                valid_to=span.open_end,
                status=timeline.status(span.start),
                outstanding_scope=timeline.outstanding_scope(None, span.start),
                outstanding_provisions=[
                    f"{law.id}~{eid}" for eid in timeline.outstanding_provisions(span.start)
                ],
            )
            for span in Interval(days[0]).cut(days)
        ]
        for record in merge(pieces):
            stored = self._dated("laws", record, law.extent)
            self._broaden(stored)
            yield stored

    def _broaden(self, stored: Stored) -> None:
        """Let a filter by a broad topic find records of the narrow ones."""
        topics = [code for name, code, _ in stored.codes if name == "topic"]
        extra = {("topic", topic, stored.interval) for topic in self._with_broader(topics)}
        stored.codes += extra

    def _effects(self, law: LawEntry) -> Iterator[Stored]:
        for effect in law.effects:
            by = self.dataset.laws[effect.by] if effect.by else law
            said = {**fields_of(effect), "id": f"{law.id}~{effect.id}", "by": by.id}
            said["at"] = [f"{law.id}~{eid}" for eid in effect.at]
            record = EffectRecord(**said, law=law.id, law_title=law.title, by_title=by.title)
            stored = self._plain("effects", record, law.extent)
            if not effect.at:
                stored.codes += [("provision", id_, ALWAYS) for id_ in self._moved(law, effect.id)]
            for eid in effect.at:
                stored.codes += [
                    ("provision", f"{law.id}~{step}", ALWAYS)
                    for step in self._touched(law, eid)
                    if step != eid
                ]
            yield stored

    def _moved(self, law: LawEntry, effect: str) -> Iterator[str]:
        """Provisions of which an effect on the whole law opened or ended a version."""
        for provision in law.provisions:
            id_ = f"{law.id}~{provision.eid}"
            for held in self.facets.held[id_]:
                if effect in {e.id for e in (held.opened_by, held.ended_by) if e is not None}:
                    yield id_

    def _touched(self, law: LawEntry, eid: str) -> list[str]:
        """A provision and all its descendants."""
        timeline = self.facets.timelines[law.id]
        return [p.eid for p in law.provisions if eid in timeline.lineage(p.eid)]

    # --- facets ---------------------------------------------------------------------------------

    def _facets(self) -> Iterator[Stored]:
        for (kind, id_), records in self.facets.records.items():
            law, provision = self.facets.places[provision_of(id_)]
            extent = self.facets.extent(law, provision)
            for record in records:
                stored = self._dated(FACET_FIELDS[kind], record, extent)
                stored.codes += self.ties.codes.get((record.id, record.valid_from), ())
                self._broaden(stored)
                yield stored
                yield from self._penalties(kind, record, extent)

    def _penalties(
        self, kind: FacetKind, facet: FacetRecord, extent: Iterable[str]
    ) -> Iterator[Stored]:
        """Every penalty case of a facet as a record of its own."""
        cases: list[Penalty] = getattr(facet, "penalties", None) or getattr(facet, "breach", [])
        material: Material | None = getattr(facet, "material", None)
        for i, case in enumerate(cases, start=1):
            record = PenaltyRecord(
                **fields_of(case),
                id=f"{facet.id}~penalty_{i}",
                valid_from=facet.valid_from,
                valid_to=facet.valid_to,
                facet=facet.id,
                facet_kind=kind,
                provision=facet.provision,
                law=facet.law,
                extent=facet.extent,
                topics=facet.topics,
                conduct=getattr(facet, "conduct", []),
                purpose=getattr(facet, "purpose", Purpose.NONE),
                material_class=material.subjects if material else [],
                base=case.when.base,
                set_by=getattr(facet, "penalties_of", None),
                verification=facet.verification,
            )
            stored = self._dated("penalties", record, extent)
            self._broaden(stored)
            yield stored

    def _indicators(self) -> Iterator[Stored]:
        """Indicators, and what they give for every jurisdiction."""
        codebook = Codebook(self.dataset.indicators)
        for position, (id_, indicator) in enumerate(self.dataset.indicators.items(), start=1):
            record = IndicatorRecord(
                **fields_of(indicator),
                position=position,
                rule=codebook.rule(id_),
                rule_text=codebook.words(id_),
            )
            stored = self._plain("indicators", record, [])
            self._broaden(stored)
            yield stored
        for instrument in self.dataset.instruments.values():
            maximum = sum(criterion.points for criterion in instrument.criteria)
            written = InstrumentRecord(**fields_of(instrument), maximum=maximum)
            yield self._plain("instruments", written, [])
        for coding, steps in Derivation(self.facets, self.ties, self.places).codings():
            stored = self._dated("codings", coding, [])
            stored.codes.append(("jurisdiction", coding.jurisdiction, stored.interval))
            stored.codes += self.places.group_codes(coding.jurisdiction, stored.interval)
            cell = coding.cell().model_dump_json()
            stored.columns = {"cell": cell, "steps": json.dumps(steps)}
            yield stored

    # --- provisions -----------------------------------------------------------------------------

    def _provisions(self) -> Iterator[Stored]:
        by_provision: dict[str, list[tuple[FacetKind, FacetRecord]]] = {}
        for (kind, id_), records in self.facets.records.items():
            by_provision.setdefault(provision_of(id_), []).extend((kind, r) for r in records)
        for provision_id, versions in self.facets.held.items():
            law, provision = self.facets.places[provision_id]
            facets = by_provision.get(provision_id, [])
            pieces = [
                self._provision(law, provision, held, facets, span)
                for held in versions
                if held.interval is not None
                for span in held.interval.cut(
                    [
                        *(day for _, f in facets for day in (f.valid_from, f.valid_to) if day),
                        *self.facets.timelines[law.id].commencement_days(provision.eid),
                    ]
                )
            ]
            for record in merge(pieces):
                stored = self._dated("provisions", record, record.extent)
                self._broaden(stored)
                yield stored

    def _provision(
        self,
        law: LawEntry,
        provision: ProvisionEntry,
        held: Held,
        facets: list[tuple[FacetKind, FacetRecord]],
        span: Interval,
    ) -> ProvisionRecord:
        """Build one piece of a provision as it stands on the first day of a span."""
        timeline = self.facets.timelines[law.id]
        said = {
            name: value
            for name, value in fields_of(held.version).items()
            if name in ProvisionRecord.model_fields and name not in FACET_FIELDS.values()
        }
        said["heading"] = held.version.heading or provision.heading
        said["made_by"] = f"{law.id}~{held.opened_by.id}" if held.opened_by else None
        current: dict[str, list[FacetRecord]] = {name: [] for name in FACET_FIELDS.values()}
        for kind, record in facets:
            if record.valid_from <= span.start and (
                not record.valid_to or span.start < record.valid_to
            ):
                current[FACET_FIELDS[kind]].append(record)
        fields: dict[str, Any] = {**said, **current}
        return ProvisionRecord(
            **fields,
            id=f"{law.id}~{provision.eid}",
            valid_from=span.start,
            valid_to=span.open_end,
            eid=provision.eid,
            number=provision.number,
            kind=provision.kind or kind_of(provision.eid),
            law=law.id,
            law_title=law.title,
            parent=f"{law.id}~{provision.parent}" if provision.parent else None,
            position=law.provisions.index(provision) + 1,
            extent=self.facets.extent(law, provision),
            topics=provision.topics,
            ended_by=f"{law.id}~{held.ended_by.id}" if held.ended_by else None,
            earlier_uncoded=timeline.earlier_uncoded(provision),
            outstanding_scope=timeline.outstanding_scope(provision.eid, span.start),
            verification=verification(held.version.sources),
        )


KINDS_BY_PREFIX = {
    "part": ProvisionKind.PART,
    "chp": ProvisionKind.CHAPTER,
    "dvs": ProvisionKind.DIVISION,
    "sec": ProvisionKind.SECTION,
    "art": ProvisionKind.ARTICLE,
    "rule": ProvisionKind.RULE,
    "reg": ProvisionKind.RULE,
    "para": ProvisionKind.PARAGRAPH,
    "sched": ProvisionKind.SCHEDULE,
    "schedule": ProvisionKind.SCHEDULE,
    "att": ProvisionKind.SCHEDULE,
}
"""What unit the prefix of an eId stands for (Akoma Ntoso naming convention)."""


def kind_of(eid: str) -> ProvisionKind:
    """Read the kind of a provision from its eId; a paragraph where the prefix says nothing."""
    return KINDS_BY_PREFIX.get(eid.split("__")[-1].split("_")[0], ProvisionKind.PARAGRAPH)


def _start(span: Interval) -> date | None:
    """The start as records say it: null when it lies before all records."""
    return None if span.start == BEGINNING else span.start
