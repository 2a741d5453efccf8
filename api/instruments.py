"""Instruments: published criteria and obligations, asked of our own cells."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Annotated, ClassVar, Literal

from fastapi import Depends, Path, Response
from pydantic import BaseModel, ConfigDict, Field

from api.comparisons import proofs
from api.formats import FlatTable, add_exports
from api.legal_orders import members, orders_of
from api.paging import Page
from api.problems import responses
from api.query import DayQuery, Example, Filters, ListQuery, parameters, parsed
from api.resources import Resource, as_of, read_record
from api.selection import SelectionQuery, select
from api.serving import Release, ReleaseDep
from models.cell_value import read_value
from models.cells import Cells
from models.coding import MatrixCell
from models.instrument import (
    Criterion,
    Finding,
    InstrumentKind,
    InstrumentRecord,
    Verdict,
    assess,
    points,
)
from models.table import ColumnKind, Row, TableColumn, text_of, texts


class InstrumentFilters(Filters):
    """Which instruments are meant."""

    kind: list[InstrumentKind] | None = Field(None, examples=[["index"]])
    """What they are."""
    indicator: list[str] | None = Field(None, examples=[["possession"]])
    """Indicators that they ask."""
    sort: Literal["id", "-id"] = "id"
    """Order of the items; `-` reverses it."""


class InstrumentQuery(InstrumentFilters, ListQuery):
    """Parameters of a page of instruments."""

    count_by: list[Literal["kind", "indicator"]] | None = Field(None, examples=[["kind"]])
    """Parameters by which to count the whole list."""


class InstrumentPage(Page[InstrumentRecord]):
    """One page of instruments."""


class ResultsQuery(DayQuery):
    """Whose law is set against an instrument, on which day."""

    example: ClassVar[Example] = {**DayQuery.example, "jurisdiction": ["SG"]}

    jurisdiction: list[str] | None = Field(None, examples=[["SG", "GB"]])
    """Jurisdictions; without these and without `group`, all of which anything is coded."""
    group: list[str] | None = Field(None, examples=[["asean"]])
    """Groups whose members on that day are meant."""
    verdict: list[Verdict] | None = Field(None, examples=[None])
    """Only criteria that come to one of these: `not_met` gives the gaps."""
    bound: bool | None = Field(None, examples=[None])
    """Only jurisdictions that an obligation binds on that day, or only the others."""


class CriterionResult(BaseModel):
    """What one criterion comes to."""

    model_config = ConfigDict(use_attribute_docstrings=True)

    criterion: str
    """Identifier of the criterion."""
    item: str
    """Its number or place in the instrument."""
    verdict: Verdict
    """What it comes to."""
    points: int
    """Points it would give."""
    optional: bool
    """Whether a state may reserve or decline it."""
    shortfall: float | None
    """How far a number is from what is required, in the unit of its indicator; else null."""
    cells: list[MatrixCell]
    """The cells it was read from, each with what proves it."""


class InstrumentResult(BaseModel):
    """A jurisdiction's law against an instrument."""

    model_config = ConfigDict(use_attribute_docstrings=True)

    jurisdiction: str
    """The jurisdiction."""
    bound: bool | None
    """Whether the obligation binds it on that day; null where not known, or for an index."""
    points_min: int
    """Points of what it is known to meet."""
    points_max: int
    """Points if it also met all that is unknown; the same as `points_min` where nothing is."""
    sufficient: bool | None
    """Whether the publisher would call it sufficient; null where the bounds leave it open, or
    the publisher names no such line."""
    criteria: list[CriterionResult]
    """The criteria, in the instrument's order."""


class InstrumentResults(BaseModel):
    """What an instrument gives for jurisdictions on a day, computed from our own cells."""

    model_config = ConfigDict(use_attribute_docstrings=True)

    as_of: date
    """Day that the answer is about."""
    release: str
    """Version and content hash of the dataset that answered."""
    instrument: str
    """The instrument."""
    version: int
    """Version of our definition of it."""
    maximum: int
    """Points of all criteria together."""
    sufficient_from: int | None
    """Points from which the publisher calls a law sufficient; null where it does not."""
    results: list[InstrumentResult]
    """The jurisdictions, those with the most points first."""


router = Resource(
    name="instruments",
    singular="instrument",
    page=InstrumentPage,
    filters=InstrumentFilters,
    query=InstrumentQuery,
    about="Published lists of criteria and obligations, as definitions over the codebook.",
    example="icmec-core",
).router()

InstrumentId = Annotated[str, Path(description="Identifier.", examples=["icmec-core"])]
Asked = Annotated[ResultsQuery, Depends(parsed(ResultsQuery))]


@router.get(
    "/instruments/{id}/results",
    response_model=InstrumentResults,
    response_description="The results.",
    responses=responses(404, 422),
    openapi_extra=parameters(ResultsQuery),
)
async def get_instrument_results(id: InstrumentId, release: ReleaseDep, query: Asked) -> Response:
    """Set the law of jurisdictions against an instrument on a day, criterion by criterion.

    A part that nobody surveyed is unknown and gives bounds, never a no. With `verdict=not_met`
    the answer holds the gaps alone; `shortfall` says how far a number falls short.
    """
    results = await _results(release, id, query)
    return Response(
        results.model_dump_json(), media_type="application/json", headers=as_of(str(query.day))
    )


COLUMNS = [
    *texts("instrument"),
    TableColumn("version", ColumnKind.INTEGER),
    TableColumn("as_of", ColumnKind.DATE),
    *texts("jurisdiction"),
    TableColumn("bound", ColumnKind.BOOLEAN),
    *texts("criterion", "item", "verdict"),
    TableColumn("points", ColumnKind.INTEGER),
    TableColumn("optional", ColumnKind.BOOLEAN),
    TableColumn("shortfall", ColumnKind.NUMBER),
    *texts("indicators", "values", "states", "provisions", "source_urls", "verification"),
]


async def results_table(release: Release, query: ResultsQuery, id_: str) -> FlatTable:
    """Return the results of an instrument as a table: a row a jurisdiction and criterion."""
    results = await _results(release, id_, query)
    made: list[Row] = [
        [
            *(results.instrument, results.version, results.as_of, result.jurisdiction),
            *(result.bound, each.criterion, each.item, each.verdict, each.points),
            *(each.optional, each.shortfall),
            ";".join(cell.indicator for cell in each.cells) or None,
            ";".join(text_of(cell.plain) for cell in each.cells) or None,
            ";".join(cell.state for cell in each.cells) or None,
            *proofs(proof for cell in each.cells for proof in cell.evidence),
        ]
        for result in results.results
        for each in result.criteria
    ]
    day = query.day.isoformat()
    about = {"release": release.name, "as_of": day, "instrument": id_}
    return FlatTable(f"{id_}-results"[:31], COLUMNS, made, as_of(day), about)


add_exports(
    router,
    "/instruments/{id}/results",
    "instrument_results",
    "The results of an instrument: a row a jurisdiction and criterion.",
    ResultsQuery,
    results_table,
    example="icmec-core",
)


async def _results(release: Release, id_: str, query: ResultsQuery) -> InstrumentResults:
    """Compute what an instrument gives."""
    instrument = InstrumentRecord.model_validate_json(
        await read_record(release, "instruments", id_, query)
    )
    asked = dict.fromkeys(t.indicator for c in instrument.criteria for t in c.tests)
    binding = instrument.binds.indicator if instrument.binds else None
    selection = await select(
        release,
        SelectionQuery(
            jurisdiction=query.jurisdiction,
            group=query.group,
            indicator=list(dict.fromkeys([*asked, *([binding] if binding else [])])),
        ),
        query.day,
    )
    bound = await _bound(release, instrument, selection.cells, selection.jurisdictions, query.day)
    results: list[InstrumentResult] = []
    for code in selection.jurisdictions:
        if query.bound is not None and bound[code] is not query.bound:
            continue
        row = selection.cells.row(code, query.day.isoformat())
        cells = {
            id_: MatrixCell.model_validate_json(row[selection.cells.position[id_]]) for id_ in asked
        }
        found = [(criterion, assess(criterion, cells)) for criterion in instrument.criteria]
        result = _result(instrument, code, bound[code], found, cells)
        if query.verdict:
            result.criteria = [c for c in result.criteria if c.verdict in query.verdict]
        if result.criteria:
            results.append(result)
    return InstrumentResults(
        as_of=query.day,
        release=release.name,
        instrument=instrument.id,
        version=instrument.version,
        maximum=instrument.maximum,
        sufficient_from=instrument.sufficient_from,
        results=sorted(results, key=lambda r: (-r.points_min, -r.points_max, r.jurisdiction)),
    )


def _result(
    instrument: InstrumentRecord,
    code: str,
    bound: bool | None,
    found: Sequence[tuple[Criterion, Finding]],
    cells: Mapping[str, MatrixCell],
) -> InstrumentResult:
    """Put a jurisdiction's findings together."""
    fewest, most = points(found)
    line = instrument.sufficient_from
    sufficient = None
    if line is not None and (fewest >= line or most < line):
        sufficient = fewest >= line
    return InstrumentResult(
        jurisdiction=code,
        bound=bound,
        points_min=fewest,
        points_max=most,
        sufficient=sufficient,
        criteria=[
            CriterionResult(
                criterion=criterion.id,
                item=criterion.item,
                verdict=finding.verdict,
                points=criterion.points,
                optional=criterion.optional,
                shortfall=finding.shortfall,
                cells=[cells[test.indicator] for test in criterion.tests],
            )
            for criterion, finding in found
        ],
    )


async def _bound(
    release: Release,
    instrument: InstrumentRecord,
    cells: Cells,
    codes: Sequence[str],
    day: date,
) -> dict[str, bool | None]:
    """Tell whom an obligation binds: a part of a state is bound as its state is."""
    binds = instrument.binds
    if binds is None:
        return dict.fromkeys(codes)
    orders = await orders_of(release)
    if binds.group is not None:
        now = set(await members(release, [binds.group], day))
        due = binds.since is None or binds.since <= day
        return {code: due and bool(now & set(orders.lineage(code))) for code in codes}
    found: dict[str, bool | None] = {}
    for code in codes:
        for place in orders.lineage(code):
            row = cells.row(place, day.isoformat())
            value = read_value(row[cells.position[str(binds.indicator)]])
            found[code] = value.value_boolean
            if value.value_boolean:
                break
    return found
