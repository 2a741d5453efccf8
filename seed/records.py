"""Builds every record of a release from the checked dataset: the step from what curators wrote to
what is answered.

A dated record is built piece by piece: its days are cut wherever anything in its answer can
change, each piece is built for its first day, and neighbours that say the same become one.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property
from typing import Any, TypeVar

from models.authority import AuthorityRecord
from models.collection import FACET_RECORDS
from models.definition import Definition
from models.effect import EffectRecord
from models.facet import Facet, FacetRecord
from models.indicator import IndicatorRecord
from models.jurisdiction import GroupRecord, JurisdictionRecord, Membership
from models.law import LawRecord
from models.offence import Material, Offence
from models.penalty import Fine, FineLimb, Penalty, PenaltyRecord, Prison
from models.provision import FACET_FIELDS, ProvisionEntry, ProvisionRecord
from models.quantity import QuantityRecord
from models.record import Dated, Identified, Reference
from models.source import Source, verification
from models.survey import SurveyRecord
from models.topic import TopicRecord
from models.validity import BEGINNING, FOREVER, Interval
from models.vocabulary import Basis, EffectKind, FacetKind, ProvisionKind, SourceKind, Subject
from seed.codebook import Codebook
from seed.dataset import Dataset
from seed.derivation import Derivation
from seed.documents import LawEntry
from seed.timeline import Held, Timeline

ALWAYS = Interval(BEGINNING, FOREVER)

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


@dataclass
class Stored:
    """A record ready to be written, the days it holds for and the codes that find it."""

    collection: str
    record: Identified
    interval: Interval
    codes: list[tuple[str, str, Interval]] = field(default_factory=list)
    columns: Mapping[str, str | int] = field(default_factory=dict)
    """Values of columns that the record itself does not give."""


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


@dataclass(frozen=True)
class Tie:
    """A rule covers a facet, on these days."""

    kind: FacetKind
    rule: FacetRecord
    record: FacetRecord
    span: Interval
    named: bool
    """Whether the rule lists what it covers."""


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
                "authorities", AuthorityRecord(**_fields(authority)), [authority.jurisdiction]
            )
        yield from self._topics()
        yield from self._quantities()
        for survey in self.dataset.surveys.values():
            yield self._plain("surveys", SurveyRecord(**_fields(survey)), survey.jurisdictions)
        for law in self.dataset.laws.values():
            yield from self._law(law)
            yield from self._effects(law)
        yield from self._facets()
        yield from self._provisions()
        yield from self._indicators()

    # --- places ---------------------------------------------------------------------------------

    @cached_property
    def _around(self) -> Mapping[str, frozenset[str]]:
        """For each jurisdiction: itself, its ancestors and its descendants."""
        up: dict[str, set[str]] = {}
        for code in self.dataset.jurisdictions:
            up[code] = set()
            current: str | None = code
            while current is not None and current not in up[code]:
                up[code].add(current)
                current = self.dataset.jurisdictions[current].parent
        return {
            code: frozenset(up[code] | {other for other, above in up.items() if code in above})
            for code in self.dataset.jurisdictions
        }

    @cached_property
    def _memberships(self) -> Mapping[str, list[tuple[str, Interval]]]:
        """For each jurisdiction: the groups it is in, and when."""
        found: dict[str, list[tuple[str, Interval]]] = {}
        for group in self.dataset.groups.values():
            for member in group.members:
                span = Interval(member.since or BEGINNING, member.until or FOREVER)
                found.setdefault(member.jurisdiction, []).append((group.id, span))
        return found

    def _stored(
        self, collection: str, record: Identified, interval: Interval, extent: Iterable[str]
    ) -> Stored:
        """Store a record with its own codes and those of where it is law."""
        codes = [
            (name, str(code), interval)
            for name, values in record.codes().items()
            for code in dict.fromkeys(values)
        ]
        around: set[str] = set()
        for code in extent:
            around |= self._around[code]
        for code in around:
            for group, span in self._memberships.get(code, []):
                shared = _overlap(interval, span)
                if shared:
                    codes.append(("group", group, shared))
        codes += [("jurisdiction", code, interval) for code in sorted(around)]
        return Stored(collection, record, interval, codes)

    def _extent(self, law: LawEntry, provision: ProvisionEntry) -> list[str]:
        """Where a provision is law: as itself says, or the nearest unit around it, or the law."""
        timeline = self.timelines[law.id]
        units = (timeline.provisions[eid] for eid in timeline.lineage(provision.eid))
        return next((unit.extent for unit in units if unit.extent), law.extent)

    def _plain(self, collection: str, record: Identified, extent: Iterable[str]) -> Stored:
        """Store a record that holds whatever the day."""
        return self._stored(collection, record, ALWAYS, extent)

    def _dated(self, collection: str, record: Dated, extent: Iterable[str]) -> Stored:
        """Store a dated record."""
        return self._stored(collection, record, _span(record), extent)

    def _jurisdictions(self) -> Iterator[Stored]:
        for code, entry in self.dataset.jurisdictions.items():
            spans = self._memberships.get(code, [])
            memberships = [
                Membership(group=g, since=_start(span), until=span.open_end) for g, span in spans
            ]
            bound = [d for b in entry.bindings for d in (b.since, b.until) if d]
            cuts = [d for _, span in spans for d in (span.start, span.end)]

            def piece(
                span: Interval, entry: Any = entry, spans: Any = spans, all_: Any = memberships
            ) -> JurisdictionRecord:
                return JurisdictionRecord(
                    **_fields(entry),
                    valid_from=span.start,
                    valid_to=span.open_end,
                    groups=sorted(g for g, held in spans if span.start in held),
                    memberships=all_,
                )

            for span in ALWAYS.cut([*cuts, *bound]):
                record = piece(span)
                stored = self._dated("jurisdictions", record, [])
                stored.codes += [("jurisdiction", c, span) for c in sorted(self._around[code])]
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
                    **_fields(group), valid_from=span.start, valid_to=span.open_end, current=current
                )
                stored = self._dated("groups", record, [])
                stored.codes += [("jurisdiction", code, span) for code in current]
                yield stored

    def _topics(self) -> Iterator[Stored]:
        for topic in self.dataset.topics.values():
            narrower = sorted(t.id for t in self.dataset.topics.values() if t.broader == topic.id)
            yield self._plain("topics", TopicRecord(**_fields(topic), narrower=narrower), [])

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
            said = _fields(quantity)
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
        timeline = self.timelines[law.id]
        said = _fields(law)
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
            said = {**_fields(effect), "id": f"{law.id}~{effect.id}", "by": by.id}
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
            for held in self.held[id_]:
                if effect in {e.id for e in (held.opened_by, held.ended_by) if e is not None}:
                    yield id_

    def _touched(self, law: LawEntry, eid: str) -> list[str]:
        """A provision and all its descendants."""
        timeline = self.timelines[law.id]
        return [p.eid for p in law.provisions if eid in timeline.lineage(p.eid)]

    # --- facets ---------------------------------------------------------------------------------

    @cached_property
    def facets(self) -> dict[tuple[FacetKind, str], list[FacetRecord]]:
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
            **_fields(resolved),
            id=id_,
            valid_from=span.start,
            valid_to=span.open_end,
            provision=f"{law.id}~{provision.eid}",
            provision_number=provision.number,
            provision_heading=held.version.heading or provision.heading,
            law=law.id,
            law_title=law.title,
            extent=self._extent(law, provision),
            topics=provision.topics,
            applies=held.version.applies,
            verification=verification(held.version.sources),
            source_url=_best(held.version.sources),
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
            for held in self.held[_provision_of(reference.id)]:
                if held.interval:
                    yield from (held.interval.start, held.interval.end)
            for target in self._versions_of(reference.id):
                yield from self._cuts(target)
        for quantity in self.quantities_of(facet):
            yield from (value.since for value in self.dataset.quantities[quantity].values)

    def _versions_of(self, id_: str) -> Iterator[Facet]:
        """Every state that a facet ever had."""
        for held in self.held[_provision_of(id_)]:
            for kind, name in FACET_FIELDS.items():
                for facet in getattr(held.version, name):
                    # A provision stands for all its facets.
                    if id_.count("~") == 1 or id_.endswith(f"~{kind}_{facet.number or 1}"):
                        yield facet

    def at(self, id_: str, kind: FacetKind, day: date) -> list[Any]:
        """The facets of a kind that a reference means on a day."""
        provision = _provision_of(id_)
        for held in self.held[provision]:
            if held.interval and day in held.interval:
                facets = getattr(held.version, FACET_FIELDS[kind])
                return [
                    f for f in facets if id_ in (provision, f"{provision}~{kind}_{f.number or 1}")
                ]
        return []

    def _resolve(self, facet: Facet, day: date) -> Facet:
        """Fill in what a facet takes from elsewhere, as it stands on a day."""
        copy = facet.model_copy(deep=True)
        if isinstance(copy, Offence):
            if copy.penalties_of:
                for target in self.at(copy.penalties_of.id, FacetKind.OFFENCE, day):
                    copy.penalties = self._resolve(target, day).penalties  # type: ignore[attr-defined]
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

    def _facets(self) -> Iterator[Stored]:
        for (kind, id_), records in self.facets.items():
            law, provision = self.places[_provision_of(id_)]
            extent = self._extent(law, provision)
            for record in records:
                stored = self._dated(FACET_FIELDS[kind], record, extent)
                stored.codes += self._ties.get((record.id, record.valid_from), ())
                self._broaden(stored)
                yield stored
                yield from self._penalties(kind, record, extent)

    def _penalties(
        self, kind: FacetKind, facet: FacetRecord, extent: Iterable[str]
    ) -> Iterator[Stored]:
        """Every penalty case of a facet as a record of its own."""
        cases: list[Penalty] = getattr(facet, "penalties", None) or getattr(facet, "breach", [])
        for i, case in enumerate(cases, start=1):
            record = PenaltyRecord(
                **_fields(case),
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
                **_fields(indicator),
                position=position,
                rule=codebook.rule(id_),
                rule_text=codebook.words(id_),
            )
            stored = self._plain("indicators", record, [])
            self._broaden(stored)
            yield stored
        for coding, steps in Derivation(self).codings():
            stored = self._dated("codings", coding, [])
            stored.codes.append(("jurisdiction", coding.jurisdiction, stored.interval))
            stored.codes += [
                ("group", group, shared)
                for group, held in self._memberships.get(coding.jurisdiction, [])
                if (shared := _overlap(stored.interval, held))
            ]
            cell = coding.cell().model_dump_json()
            stored.columns = {"cell": cell, "steps": json.dumps(steps)}
            yield stored

    # --- ties -----------------------------------------------------------------------------------

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
        for (kind, _), records in self.facets.items():
            if kind in _TIED:
                for record in records:
                    by_law.setdefault(record.law, []).append((record, self._names(record)))
        rules = [
            (k, rule) for (k, _), records in self.facets.items() if k in _TYING for rule in records
        ]
        for kind, rule in rules:
            references: list[Reference] = rule.applies_to  # type: ignore[attr-defined]
            if not references and kind == FacetKind.SENTENCING:
                continue
            laws = {r.id.split("~", 1)[0] for r in references} or {rule.law}
            for record, names in (entry for law in laws for entry in by_law.get(law, [])):
                meant = [r for r in references if r.id in names]
                span = _overlap(_span(rule), _span(record))
                limits = [r.before for r in meant]
                past = bool(limits) and all(d and record.valid_from >= d for d in limits)
                if span is not None and not past and (meant or not references):
                    yield Tie(kind, rule, record, span, named=bool(references))

    @cached_property
    def _ties(self) -> Mapping[tuple[str, date], set[tuple[str, str, Interval]]]:
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

    def tied_to(self, rule: Any, day: date) -> Iterator[FacetRecord]:
        """Yield the offences, duties and powers that a rule covers on a day."""
        for tie in self._covered.get((rule.id, rule.valid_from), []):
            if day in tie.span:
                yield tie.record

    def quantities_of(self, facet: Any) -> list[str]:
        """Names of the quantities in which a facet's fines, or longest terms, are set."""
        named = {limb.quantity for limb in _limbs(facet)}
        named |= {prison.max_quantity for prison in _prisons(facet)}
        return sorted(name for name in named if name)

    def _names(self, record: FacetRecord) -> set[str]:
        """All that a reference may call a facet by: itself, its provision and those above."""
        eid = record.provision.split("~", 1)[1]
        lineage = self.timelines[record.law].lineage(eid)
        return {record.id, *(f"{record.law}~{step}" for step in lineage)}

    # --- provisions -----------------------------------------------------------------------------

    def _provisions(self) -> Iterator[Stored]:
        by_provision: dict[str, list[tuple[FacetKind, FacetRecord]]] = {}
        for (kind, id_), records in self.facets.items():
            by_provision.setdefault(_provision_of(id_), []).extend((kind, r) for r in records)
        for provision_id, versions in self.held.items():
            law, provision = self.places[provision_id]
            facets = by_provision.get(provision_id, [])
            pieces = [
                self._provision(law, provision, held, facets, span)
                for held in versions
                if held.interval is not None
                for span in held.interval.cut(
                    [
                        *(day for _, f in facets for day in (f.valid_from, f.valid_to) if day),
                        *self.timelines[law.id].commencement_days(provision.eid),
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
        timeline = self.timelines[law.id]
        said = {
            name: value
            for name, value in _fields(held.version).items()
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
            extent=self._extent(law, provision),
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


_TYING = (FacetKind.REACH, FacetKind.EXCEPTION, FacetKind.SENTENCING)
"""Kinds of facet that apply to others."""

_TIED = (FacetKind.OFFENCE, FacetKind.DUTY, FacetKind.POWER)
"""Kinds of facet that others apply to."""


def _tie_codes(kind: FacetKind, rule: Any) -> Iterator[tuple[str, str]]:
    """Codes that a facet takes from a rule that applies to it."""
    if kind == FacetKind.REACH:
        yield "reach", rule.id
        # Grounds are cumulative: only one that needs no other answers "reached on this ground".
        grounds = [basis for basis in rule.basis if basis != Basis.ANY_PERSON_ANYWHERE]
        if len(grounds) <= 1:
            yield from (("reach_basis", basis) for basis in rule.basis)
        yield from (("reach_condition", condition) for condition in rule.conditions)
    elif kind == FacetKind.EXCEPTION:
        yield "exception", rule.kind
    else:
        yield "sentencing", rule.id


def _span(record: Dated) -> Interval:
    """The days on which a record holds."""
    return Interval(record.valid_from, record.valid_to or FOREVER)


def _fields(record: Any) -> dict[str, Any]:
    """A record's fields by name, nested records kept as they are."""
    return {name: getattr(record, name) for name in type(record).model_fields}


def _provision_of(reference: str) -> str:
    """The provision part of a reference or facet id."""
    return "~".join(reference.split("~")[:2])


def _overlap(first: Interval, second: Interval) -> Interval | None:
    """The days that two intervals share."""
    start, end = max(first.start, second.start), min(first.end, second.end)
    return Interval(start, end) if start < end else None


def _start(span: Interval) -> date | None:
    """The start as records say it: null when it lies before all records."""
    return None if span.start == BEGINNING else span.start


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


def _best(sources: Iterable[Source]) -> str | None:
    """Address of the source closest to the law."""
    ranked = sorted(sources, key=lambda s: list(SourceKind).index(s.kind))
    return ranked[0].url if ranked else None
