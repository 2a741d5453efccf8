"""Adoption: how many jurisdictions had a feature at each date, and who had it first."""

from __future__ import annotations

import asyncio
from collections import Counter
from datetime import date
from typing import Annotated

from fastapi import APIRouter, Depends, Response
from pydantic import BaseModel, ConfigDict, Field

from api.formats import FlatTable, add_exports
from api.problems import responses
from api.query import parameters, parsed
from api.ranges import RangeSelectionQuery, check_days
from api.selection import select
from api.serving import Release, ReleaseDep
from models.adoption import SINCE_EVER, Adopter, Standing, adopters, counts, stretches
from models.cell_value import reader
from models.coding import MatrixCell
from models.indicator import ValueType
from models.record import Day
from models.table import ColumnKind, Row, TableColumn, texts

router = APIRouter(prefix="/v1/comparisons", tags=["comparisons"])


class AdoptionQuery(RangeSelectionQuery):
    """Whose adoption of which features is meant, between which days."""

    adopters: int = Field(10, ge=0, le=300, examples=[10])
    """Most adopters that are listed for an indicator, the earliest first."""


class AdoptionPoint(BaseModel):
    """How many jurisdictions stood how to a feature from a day on."""

    model_config = ConfigDict(use_attribute_docstrings=True)

    date: Day
    """The day: `date_from`, or one on which a number changed."""
    adopted: int
    """Those whose law had it."""
    general_law: int
    """Those where only a general rule covered it."""
    lacking: int
    """Those whose law was searched and did not have it."""
    not_applicable: int
    """Those that did not have what it presupposes."""
    surveyed: int
    """Those of which something is known: the four before together."""
    not_surveyed: int
    """Those whose law nobody has searched."""
    share: float | None
    """`adopted` as a share of `surveyed`, 0 to 1; null where that is none. Without surveys, which
    find what is lacking, only what there is is known, and the share is 1."""


class FeatureAdopter(BaseModel):
    """A jurisdiction whose law came to have a feature."""

    model_config = ConfigDict(use_attribute_docstrings=True)

    jurisdiction: str
    """The jurisdiction."""
    date: Day | None
    """First day on which it is known to have had it; null when since ever."""
    earlier_unknown: bool
    """Whether the law of the day before was not surveyed, so that it may have had it earlier."""
    until: Day | None
    """First day on which it no longer had it; null while it lasts."""
    cell: MatrixCell
    """The cell of that first day, with its evidence."""


class IndicatorAdoption(BaseModel):
    """How the feature that an indicator asks about spread."""

    model_config = ConfigDict(use_attribute_docstrings=True)

    indicator: str
    """The indicator."""
    value_type: ValueType
    """Its type."""
    points: list[AdoptionPoint]
    """The numbers on `date_from` and on each later day that changed them."""
    adopters_total: int
    """How many jurisdictions had it by `date_to`, be it that they gave it up again."""
    adopters: list[FeatureAdopter]
    """The first of them, earliest first."""


class Adoption(BaseModel):
    """How features spread among jurisdictions."""

    model_config = ConfigDict(use_attribute_docstrings=True)

    date_from: Day
    """First day of the points."""
    date_to: Day
    """Last day of the points."""
    release: str
    """Version and content hash of the dataset that answered."""
    jurisdictions: list[str]
    """Jurisdictions that were counted."""
    indicators: list[IndicatorAdoption]
    """Each indicator's feature."""


@router.get(
    "/adoption",
    response_model=Adoption,
    response_description="The adoption of each feature.",
    responses=responses(422),
    openapi_extra=parameters(AdoptionQuery),
)
async def get_adoption(
    release: ReleaseDep, query: Annotated[AdoptionQuery, Depends(parsed(AdoptionQuery))]
) -> Response:
    """Count which jurisdictions had a feature at each date between two days, and who had it first.

    A jurisdiction has the feature of an indicator where its cell is coded and neither false nor
    zero nor `none`; a general rule alone is counted apart. Jurisdictions stay the same over time;
    a whole and its part count as two: name those that you mean.
    """
    body = await _adoption(release, query)
    return Response(body.model_dump_json(), media_type="application/json")


COLUMNS = [
    *texts("indicator", "value_type"),
    TableColumn("date", ColumnKind.DATE),
    TableColumn("adopted", ColumnKind.INTEGER),
    TableColumn("general_law", ColumnKind.INTEGER),
    TableColumn("lacking", ColumnKind.INTEGER),
    TableColumn("not_applicable", ColumnKind.INTEGER),
    TableColumn("surveyed", ColumnKind.INTEGER),
    TableColumn("not_surveyed", ColumnKind.INTEGER),
    TableColumn("share", ColumnKind.NUMBER),
]


async def adoption_table(release: Release, query: AdoptionQuery) -> FlatTable:
    """Return how features spread as a table: a row an indicator and day that changed a number."""
    body = await _adoption(release, query)
    made: list[Row] = [
        [spread.indicator, spread.value_type, *point.model_dump().values()]
        for spread in body.indicators
        for point in spread.points
    ]
    about = {
        "release": release.name,
        "date_from": query.date_from.isoformat(),
        "date_to": query.date_to.isoformat(),
    }
    return FlatTable("adoption", COLUMNS, made, about=about)


add_exports(
    router,
    "/adoption",
    "adoption",
    "How features spread: a row an indicator and day on which a number changed.",
    AdoptionQuery,
    adoption_table,
)


async def _adoption(release: Release, query: AdoptionQuery) -> Adoption:
    """Count adoption between two days."""
    check_days(query.date_from, query.date_to)
    selection = await select(release, query, query.date_to, counting=True)
    first, last = query.date_from.isoformat(), query.date_to.isoformat()
    read = reader()
    spread: list[IndicatorAdoption] = []
    for id_, position in zip(selection.indicators, selection.positions, strict=True):
        histories = {
            code: stretches(selection.cells, code, position, read)
            for code in selection.jurisdictions
        }
        found = adopters(histories, last)
        spread.append(
            IndicatorAdoption(
                indicator=id_,
                value_type=selection.cells.indicators[id_],
                points=[_point(day, number) for day, number in counts(histories, first, last)],
                adopters_total=len(found),
                adopters=[_adopter(adopter) for adopter in found[: query.adopters]],
            )
        )
        await asyncio.sleep(0)  # other requests get their turn
    return Adoption(
        date_from=query.date_from,
        date_to=query.date_to,
        release=release.name,
        jurisdictions=selection.jurisdictions,
        indicators=spread,
    )


def _point(day: str, number: Counter[Standing]) -> AdoptionPoint:
    """Put the numbers of a day into words."""
    surveyed = number.total() - number[Standing.NOT_SURVEYED]
    adopted = number[Standing.ADOPTED]
    return AdoptionPoint(
        date=date.fromisoformat(day),
        adopted=adopted,
        general_law=number[Standing.GENERAL_LAW],
        lacking=number[Standing.LACKING],
        not_applicable=number[Standing.NOT_APPLICABLE],
        surveyed=surveyed,
        not_surveyed=number[Standing.NOT_SURVEYED],
        share=round(adopted / surveyed, 4) if surveyed else None,
    )


def _adopter(adopter: Adopter) -> FeatureAdopter:
    """Put an adopter into words."""
    return FeatureAdopter(
        jurisdiction=adopter.jurisdiction,
        date=None if adopter.start == SINCE_EVER else date.fromisoformat(adopter.start),
        earlier_unknown=adopter.earlier_unknown,
        until=date.fromisoformat(adopter.end) if adopter.end else None,
        cell=MatrixCell.model_validate_json(adopter.cell),
    )
