"""Side by side: the coded law of several jurisdictions on a subject, aligned and compared.

Facets of the same kind and word (conduct, kind of duty, defined subject ...) share a row. A field
differs when the jurisdictions that have facets in the row do not all say the same in it. References
and authorities are each law's own and are shown, never compared; nor are amounts in different
currencies.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from models.collection import FACET_RECORDS
from models.facet import FacetRecord
from models.flat import columns, header
from models.legal_order import LegalOrders
from models.provision import FACET_FIELDS, ProvisionRecord
from models.record import Record
from models.vocabulary import Conduct, FacetKind, Verification, Word


class SideState(Word):
    """What a cell of a row means."""

    CODED = "coded", "provisions on the topics say this, with evidence"
    NONE_ON_TOPIC = "none_on_topic", "the topics were searched; no provision on them says this"
    NOT_SURVEYED = "not_surveyed", "nobody has searched for the topics, or none was named"


class FieldValue(Record):
    """What a facet says in one field."""

    field: str
    """Field, as the column of the facet's CSV export is called."""
    value: str
    """Its value as text; codes of a list are joined by `;`."""


class SideFacet(Record):
    """A facet of a provision, as one of those aligned in a row."""

    id: str
    """The facet."""
    href: str
    """Address of its record as it stood on the day."""
    via: str | None
    """Jurisdiction through whose law it holds; null for its own."""
    law: str
    """Law that holds it."""
    law_title: str
    """Title of that law."""
    provision: str
    """Provision that holds it."""
    provision_number: str
    """Number of that provision as printed."""
    provision_heading: str
    """Heading of that provision."""
    summary: str
    """What the provision says, in our own words."""
    verification: Verification
    """What the provision was checked against."""
    source_url: str | None
    """Address of the best source of the provision."""
    values: list[FieldValue]
    """What it says, field by field; fields that say nothing are left out."""


class SideCell(Record):
    """What the law of a jurisdiction has in a row."""

    jurisdiction: str
    """The jurisdiction."""
    state: SideState
    """Whether it has a facet here, and what it means if not."""
    facets: list[SideFacet]
    """Its facets, by id."""


class SideRow(Record):
    """Facets of the same kind and word, side by side."""

    kind: FacetKind
    """Kind of facet."""
    word: str
    """What aligns them: conduct, kind, subject, or grounds of reach joined by `+`."""
    differs: list[str]
    """Fields in which the jurisdictions that have facets here do not say the same."""
    cells: list[SideCell]
    """A cell for each jurisdiction, in the order of `jurisdictions`."""


_META = frozenset(header(FacetRecord))
_OWN = {
    *("pinpoint", "number", "note", "term", "applies_to", "overrides", "material_definition"),
    *("penalties_of", "breach_of", "breach_under", "holder", "to", "appeal"),
}
"""Fields that are each law's own: shown, not compared."""

_OWN_ENDINGS = ("_text", "_quantity", "_times", "cases")
"""Endings of fields that say in each law's own terms what others say comparably."""

_AMOUNTS = ("amount", "cap", "max")
"""Endings of fields that hold an amount, if there is a currency beside them."""


def words(kind: FacetKind, facet: FacetRecord, conduct: Iterable[Conduct]) -> list[str]:
    """Return the rows in which a facet stands; of conduct, only what was asked for, if anything."""
    if kind == FacetKind.OFFENCE:
        asked = set(conduct)
        done: list[Conduct] = getattr(facet, "conduct", [])
        return [str(word) for word in done if not asked or word in asked]
    if kind == FacetKind.REACH:
        return ["+".join(sorted(getattr(facet, "basis", [])))]
    if kind == FacetKind.SENTENCING:
        return [str(word) for word in getattr(facet, "adds", [])] or ["sentence"]
    name = {FacetKind.DEFINITION: "subject", FacetKind.OBLIGATION: "requires"}.get(kind, "kind")
    return [str(getattr(facet, name))]


class SideBuilder:
    """Puts provisions side by side."""

    def __init__(self, orders: LegalOrders, day: date) -> None:
        """Read law as the legal orders do on a day."""
        self.orders = orders
        self.day = day
        self.found: dict[tuple[FacetKind, str], dict[str, dict[str, SideFacet]]] = {}

    def add(
        self,
        code: str,
        provision: ProvisionRecord,
        kinds: Iterable[FacetKind],
        conduct: Sequence[Conduct],
    ) -> None:
        """Add the facets of a provision, if the jurisdiction reads it."""
        through = self.orders.through(code, provision.extent, provision.law, self.day)
        if through is None:
            return
        via = None if through == code else through
        for kind in kinds:
            facets: list[FacetRecord] = getattr(provision, FACET_FIELDS[kind])
            for facet in facets:
                for word in words(kind, facet, conduct):
                    row = self.found.setdefault((kind, word), {})
                    side = self._facet(kind, facet, provision, via)
                    row.setdefault(code, {})[facet.id] = side

    def _facet(
        self, kind: FacetKind, facet: FacetRecord, provision: ProvisionRecord, via: str | None
    ) -> SideFacet:
        said = [
            FieldValue(field=name, value=_text(value))
            for name, read, *_ in columns(FACET_RECORDS[kind])
            if name not in _META and _says(name, value := read(facet))
        ]
        return SideFacet(
            id=facet.id,
            href=f"/v1/{FACET_FIELDS[kind]}/{facet.id}?as_of={self.day}",
            via=via,
            law=facet.law,
            law_title=facet.law_title,
            provision=facet.provision,
            provision_number=facet.provision_number,
            provision_heading=facet.provision_heading,
            summary=provision.summary,
            verification=facet.verification,
            source_url=facet.source_url,
            values=said,
        )

    def rows(self, codes: Sequence[str], empty: Mapping[str, SideState]) -> list[SideRow]:
        """Return the rows in order; `empty` says what a cell without a facet means."""
        order = list(FacetKind)
        rows = []
        for kind, word in sorted(self.found, key=lambda key: (order.index(key[0]), key[1])):
            row = self.found[kind, word]
            cells = []
            for code in codes:
                facets = [side for _, side in sorted(row.get(code, {}).items())]
                state = SideState.CODED if facets else empty[code]
                cells.append(SideCell(jurisdiction=code, state=state, facets=facets))
            rows.append(SideRow(kind=kind, word=word, differs=differing(cells), cells=cells))
        return rows


def differing(cells: Iterable[SideCell]) -> list[str]:
    """Return the fields in which cells with facets do not say the same, in order."""
    held = [cell for cell in cells if cell.facets]
    fields = dict.fromkeys(v.field for cell in held for facet in cell.facets for v in facet.values)
    said = {field: {_said(cell, field) for cell in held} for field in fields}
    different = [field for field in fields if _comparable(field) and len(said[field]) > 1]
    return [field for field in different if len(said.get(_currency(field), ())) <= 1]


def _said(cell: SideCell, field: str) -> frozenset[tuple[str, ...]]:
    """All that the facets of a cell say in a field, lists in any order; silence counts too."""
    values = [
        next((v.value for v in facet.values if v.field == field), "") for facet in cell.facets
    ]
    return frozenset(tuple(sorted(value.split(";"))) for value in values)


def _says(field: str, value: object) -> bool:
    """Tell whether a value says anything: no blank, no "not stated", no term that is not life."""
    return value not in (None, "", "not_stated") and not (field.endswith("_life") and not value)


def _comparable(field: str) -> bool:
    return field not in _OWN and not field.endswith(_OWN_ENDINGS)


def _currency(field: str) -> str:
    """The field that names the currency of an amount; the empty word for other fields."""
    head, _, end = field.rpartition("_")
    return f"{head}_currency" if end in _AMOUNTS else ""


def _text(value: object) -> str:
    """A value as the CSV export writes it."""
    return str(value).lower() if isinstance(value, bool) else str(value)
