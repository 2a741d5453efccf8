"""Evidence: what proves a cell, with its version, its address and what it was checked against."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date

from models.coding import Evidence, EvidenceKind
from models.facet import FacetRecord
from models.jurisdiction import Binding
from models.source import Source, best_source, verification
from models.vocabulary import Verification
from seed.documents import SurveyEntry
from seed.facets import Facets, provision_of
from seed.timeline import Held

NOT_CONTENT = {"date", "applies", "heading"}
"""Fields of a version that are not about what it says."""


def held_on(facets: Facets, provision: str, day: date) -> Held | None:
    """Return the version of a provision that is in force on a day."""
    versions = facets.held[provision]
    return next((held for held in versions if held.interval and day in held.interval), None)


def disputed(facets: Facets, record: FacetRecord | Binding, day: date) -> bool:
    """Tell whether sources differ on what a facet's version says."""
    if isinstance(record, Binding):
        return False
    held = held_on(facets, record.provision, day)
    fields = {d.field.split(".")[0] for d in held.version.disputes} if held else set()
    return bool(fields - NOT_CONTENT)


def of_facet(facets: Facets, record: FacetRecord, day: date) -> Iterator[Evidence]:
    """Yield what proves a facet: its version, what that refers to, the effect that opened it."""
    held = held_on(facets, record.provision, day)
    if held is None:
        return
    yield _of_version(record.provision, held, getattr(record, "pinpoint", None))
    material = getattr(record, "material", None)
    for reference in (
        getattr(material, "definition", None),
        getattr(record, "penalties_of", None),
    ):
        if reference is not None:
            provision = provision_of(reference.id)
            target = held_on(facets, provision, day)
            if target is not None:
                yield _of_version(provision, target, None)
    for quantity in facets.quantities_of(record):
        yield _of_quantity(facets, quantity, day)
    if held.opened_by is not None:
        id_ = f"{record.law}~{held.opened_by.id}"
        yield _evidence(EvidenceKind.EFFECT, id_, f"/v1/effects/{id_}", held.opened_by.sources)


def of_binding(binding: Binding) -> Evidence:
    """Return a treaty binding as evidence."""
    since = binding.since.isoformat() if binding.since else None
    href = f"/v1/laws/{binding.treaty}"
    return _evidence(EvidenceKind.BINDING, binding.treaty, href, binding.sources, since)


def of_survey(survey: SurveyEntry) -> Evidence:
    """Return a survey as evidence that nothing was found."""
    href = f"/v1/surveys/{survey.id}"
    return _evidence(EvidenceKind.SURVEY, survey.id, href, survey.sources)


def _of_version(provision: str, held: Held, pinpoint: str | None) -> Evidence:
    assert held.interval is not None
    start = held.interval.start.isoformat()
    said = _evidence(
        EvidenceKind.PROVISION,
        provision,
        f"/v1/provisions/{provision}?as_of={start}",
        held.version.sources,
        start,
    )
    said.pinpoint = pinpoint
    said.verification = verification(held.version.sources)
    return said


def _of_quantity(facets: Facets, id_: str, day: date) -> Evidence:
    values = [v for v in facets.dataset.quantities[id_].values if v.since <= day]
    start = values[-1].since.isoformat() if values else None
    href = f"/v1/quantities/{id_}" + (f"?as_of={start}" if start else "")
    sources = values[-1].sources if values else []
    return _evidence(EvidenceKind.QUANTITY, id_, href, sources, start)


def _evidence(
    kind: EvidenceKind, id_: str, href: str, sources: Sequence[Source], version: str | None = None
) -> Evidence:
    """Make evidence from the source of a record that is closest to the law."""
    source = best_source(sources)
    return Evidence(
        kind=kind,
        id=id_,
        pinpoint=None,
        version=version,
        href=href,
        source_url=source.url if source else None,
        verification=Verification[source.kind.name if source else "UNVERIFIED"],
    )
