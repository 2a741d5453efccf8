"""The collections: which record schema, table and sort orders stand behind each address."""

from __future__ import annotations

from dataclasses import dataclass

from models.authority import AuthorityRecord, AuthorityRow
from models.coding import CodingRecord, CodingRow
from models.definition import DefinitionRecord
from models.duty import DutyRecord
from models.effect import EffectRecord, EffectRow
from models.exception import ExceptionRecord
from models.facet import FacetRecord, FacetRow
from models.indicator import IndicatorRecord, IndicatorRow
from models.instrument import InstrumentRecord, InstrumentRow
from models.jurisdiction import GroupRecord, GroupRow, JurisdictionRecord, JurisdictionRow
from models.law import LawRecord, LawRow
from models.obligation import ObligationRecord
from models.offence import OffenceRecord
from models.penalty import PenaltyRecord, PenaltyRow
from models.power import PowerRecord
from models.provision import FACET_FIELDS, ProvisionRecord, ProvisionRow
from models.quantity import QuantityRecord, QuantityRow
from models.reach import ReachRecord
from models.record import Identified, Lasting
from models.row import Row
from models.sentencing import SentencingRecord
from models.survey import SurveyRecord, SurveyRow
from models.topic import TopicRecord, TopicRow
from models.vocabulary import FacetKind


@dataclass(frozen=True)
class Collection:
    """What an address such as `/v1/laws` holds."""

    name: str
    """Plural name, as in its address."""
    record: type[Identified]
    """Schema of an item."""
    table: type[Row]
    """Table that stores it."""
    kind: FacetKind | None = None
    """Kind of facet, where the table is shared."""

    @property
    def dated(self) -> bool:
        """Whether its records hold during intervals of valid time."""
        return issubclass(self.record, Lasting)

    def field(self, name: str) -> str:
        """Name under which a filter's codes or numbers are stored."""
        return f"{self.name}.{name}"


FACET_RECORDS: dict[FacetKind, type[FacetRecord]] = {
    FacetKind.DEFINITION: DefinitionRecord,
    FacetKind.OFFENCE: OffenceRecord,
    FacetKind.SENTENCING: SentencingRecord,
    FacetKind.REACH: ReachRecord,
    FacetKind.EXCEPTION: ExceptionRecord,
    FacetKind.DUTY: DutyRecord,
    FacetKind.POWER: PowerRecord,
    FacetKind.OBLIGATION: ObligationRecord,
}
"""The record schema of each kind of facet."""

COLLECTIONS: dict[str, Collection] = {
    collection.name: collection
    for collection in (
        Collection("jurisdictions", JurisdictionRecord, JurisdictionRow),
        Collection("groups", GroupRecord, GroupRow),
        Collection("authorities", AuthorityRecord, AuthorityRow),
        Collection("topics", TopicRecord, TopicRow),
        Collection("laws", LawRecord, LawRow),
        Collection("provisions", ProvisionRecord, ProvisionRow),
        Collection("effects", EffectRecord, EffectRow),
        *(
            Collection(FACET_FIELDS[kind], record, FacetRow, kind)
            for kind, record in FACET_RECORDS.items()
        ),
        Collection("penalties", PenaltyRecord, PenaltyRow),
        Collection("indicators", IndicatorRecord, IndicatorRow),
        Collection("instruments", InstrumentRecord, InstrumentRow),
        Collection("codings", CodingRecord, CodingRow),
        Collection("quantities", QuantityRecord, QuantityRow),
        Collection("surveys", SurveyRecord, SurveyRow),
    )
}
"""Every collection by its name."""
