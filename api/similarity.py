"""Similarity: how alike the laws of jurisdictions are, over what can be compared of them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Annotated

from fastapi import APIRouter, Depends, Response
from fastapi.concurrency import run_in_threadpool
from pydantic import BaseModel, ConfigDict, Field

from api.formats import FlatTable, add_exports
from api.problems import responses
from api.query import parameters, parsed
from api.ranges import too_much
from api.resources import as_of
from api.selection import DaySelectionQuery, Selection, select
from api.serving import Release, ReleaseDep
from models.cell_value import read_value
from models.coding import CellValue
from models.indicator import ValueType
from models.similarity import Pair, Variable, pairs, variables
from models.table import ColumnKind, Row, TableColumn, texts

MOST_COMPARISONS = 1_000_000
"""Most pairs of jurisdictions, times indicators, that are compared at once."""

router = APIRouter(prefix="/v1/comparisons", tags=["comparisons"])


class SimilarityQuery(DaySelectionQuery):
    """Which jurisdictions are compared on which indicators, on which day."""

    nearest: int = Field(5, ge=0, le=300, examples=[5])
    """Most nearest neighbours that are listed for a jurisdiction."""
    min_compared: int = Field(1, ge=1, le=1000, examples=[5])
    """Fewest indicators over which a similarity is stated; it is null below."""


class ComparedScale(BaseModel):
    """The range by which differences of numbers are divided."""

    model_config = ConfigDict(use_attribute_docstrings=True)

    unit: str | None
    """Currency, or of what a share is; null where the indicator has one scale only."""
    low: float
    """The smallest number among the jurisdictions; a date as its day, 0001-01-01 being 1."""
    high: float
    """The largest number; `life` and `unlimited` are put here."""
    jurisdictions: int
    """How many jurisdictions have a number on it."""


class ComparedIndicator(BaseModel):
    """An indicator that was compared."""

    model_config = ConfigDict(use_attribute_docstrings=True)

    indicator: str
    """The indicator."""
    value_type: ValueType
    """Its type."""
    jurisdictions: int
    """How many jurisdictions have something that can be compared."""
    scales: list[ComparedScale]
    """Ranges of its numbers; empty where it has none."""


class Neighbour(BaseModel):
    """A jurisdiction that is like another."""

    model_config = ConfigDict(use_attribute_docstrings=True)

    jurisdiction: str
    """The other jurisdiction."""
    similarity: float
    """How alike they are, 0 to 1."""
    compared: int
    """Over how many indicators."""


class Neighbourhood(BaseModel):
    """A jurisdiction and those that are most like it."""

    model_config = ConfigDict(use_attribute_docstrings=True)

    jurisdiction: str
    """The jurisdiction."""
    comparable: int
    """How many of the indicators can be compared in it."""
    nearest: list[Neighbour]
    """The others that are most like it, most alike first."""


class SimilarityPair(BaseModel):
    """How alike two jurisdictions are."""

    model_config = ConfigDict(use_attribute_docstrings=True)

    first: str
    """A jurisdiction."""
    second: str
    """Another."""
    similarity: float | None
    """0 (as unlike as can be) to 1 (the same); null where too little can be compared."""
    compared: int
    """Over how many indicators."""


class Similarity(BaseModel):
    """How alike jurisdictions are on a day."""

    model_config = ConfigDict(use_attribute_docstrings=True)

    as_of: date
    """Day that the answer is about."""
    release: str
    """Version and content hash of the dataset that answered."""
    indicators: list[ComparedIndicator]
    """Indicators that were compared; one that no jurisdiction has coded tells nothing."""
    jurisdictions: list[Neighbourhood]
    """Each jurisdiction with its nearest neighbours."""
    pairs: list[SimilarityPair]
    """Every two jurisdictions, once."""


@router.get(
    "/similarity",
    response_model=Similarity,
    response_description="The similarities.",
    responses=responses(422),
    openapi_extra=parameters(SimilarityQuery),
)
async def get_similarity(
    release: ReleaseDep, query: Annotated[SimilarityQuery, Depends(parsed(SimilarityQuery))]
) -> Response:
    """Tell how alike jurisdictions are on a day.

    It is Gower's similarity, the mean over comparable indicators. Yes or no and words are alike or
    not; sets by the share they have in common; numbers by their difference as a share of the range
    among the jurisdictions, on which `life` and `unlimited` are the top. That the law is silent
    counts as no, or as an empty set. What is not surveyed or not applicable, and amounts in
    different currencies, are never compared. Each indicator counts alike: name those that you mean,
    so that nothing counts twice.
    """
    body = await _similarity(release, query)
    headers = as_of(query.day.isoformat())
    return Response(body.model_dump_json(), media_type="application/json", headers=headers)


COLUMNS = [
    *texts("first", "second"),
    TableColumn("as_of", ColumnKind.DATE),
    TableColumn("similarity", ColumnKind.NUMBER),
    TableColumn("compared", ColumnKind.INTEGER),
]


async def similarity_table(release: Release, query: SimilarityQuery) -> FlatTable:
    """Return how alike jurisdictions are as a table: a row two jurisdictions."""
    body = await _similarity(release, query)
    made: list[Row] = [
        [pair.first, pair.second, body.as_of, pair.similarity, pair.compared] for pair in body.pairs
    ]
    day = query.day.isoformat()
    about = {"release": release.name, "as_of": day}
    return FlatTable("similarity", COLUMNS, made, as_of(day), about)


add_exports(
    router,
    "/similarity",
    "similarity",
    "How alike the laws of jurisdictions are: a row two jurisdictions.",
    SimilarityQuery,
    similarity_table,
)


async def _similarity(release: Release, query: SimilarityQuery) -> Similarity:
    """Compare every two jurisdictions."""
    selection = await select(release, query, query.day, counting=True)
    codes = selection.jurisdictions
    work = len(codes) * (len(codes) - 1) // 2 * len(selection.indicators)
    if work > MOST_COMPARISONS:
        message = f"these are more than {MOST_COMPARISONS:,} comparisons; ask in parts"
        raise too_much(message, "jurisdiction")
    day = query.day.isoformat()
    found, compared = await run_in_threadpool(_compare, selection, day)
    return Similarity(
        as_of=query.day,
        release=release.name,
        indicators=[_indicator(variable, selection) for variable in found],
        jurisdictions=_neighbourhoods(codes, found, compared, query),
        pairs=[
            SimilarityPair(
                first=codes[pair.a],
                second=codes[pair.b],
                similarity=pair.similarity if pair.compared >= query.min_compared else None,
                compared=pair.compared,
            )
            for pair in compared
        ],
    )


def _compare(selection: Selection, day: str) -> tuple[list[Variable], list[Pair]]:
    """Compare every two jurisdictions of a selection."""
    rows: list[list[CellValue]] = []
    for code in selection.jurisdictions:
        row = selection.cells.row(code, day)
        rows.append([read_value(row[position]) for position in selection.positions])
    found = variables(rows, selection.indicators)
    return found, pairs(found, len(rows))


def _indicator(variable: Variable, selection: Selection) -> ComparedIndicator:
    """Say how an indicator was compared."""
    return ComparedIndicator(
        indicator=variable.indicator,
        value_type=selection.cells.indicators[variable.indicator],
        jurisdictions=sum(trait is not None for trait in variable.traits),
        scales=[
            ComparedScale(
                unit=scale.unit or None,
                low=scale.low,
                high=scale.high,
                jurisdictions=scale.jurisdictions,
            )
            for scale in variable.scales.values()
        ],
    )


def _neighbourhoods(
    codes: Sequence[str], found: list[Variable], compared: list[Pair], query: SimilarityQuery
) -> list[Neighbourhood]:
    """The nearest neighbours of each jurisdiction."""
    others: list[list[Neighbour]] = [[] for _ in codes]
    for pair in compared:
        similarity = pair.similarity
        if similarity is not None and pair.compared >= query.min_compared:
            for one, other in ((pair.a, pair.b), (pair.b, pair.a)):
                others[one].append(
                    Neighbour(
                        jurisdiction=codes[other], similarity=similarity, compared=pair.compared
                    )
                )
    return [
        Neighbourhood(
            jurisdiction=code,
            comparable=sum(variable.traits[at] is not None for variable in found),
            nearest=sorted(others[at], key=lambda n: (-n.similarity, -n.compared, n.jurisdiction))[
                : query.nearest
            ],
        )
        for at, code in enumerate(codes)
    ]
