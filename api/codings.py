"""Codings: indicators' values for jurisdictions over time, with what proves them."""

from __future__ import annotations

from typing import Annotated, Literal

from fastapi import Depends, Path, Response
from pydantic import BaseModel, ConfigDict, Field, TypeAdapter

from api.filters import PlaceFilters
from api.paging import Page
from api.problems import responses
from api.query import DayQuery, ListQuery, parameters, parsed
from api.resources import Resource, as_of, missing
from api.serving import ReleaseDep
from models.coding import CellState, CodingRecord, steps_statement
from models.indicator import ValueType


class CodingFilters(PlaceFilters):
    """Which codings are meant."""

    indicator: list[str] | None = Field(None, examples=[["possession_max_prison"]])
    """Indicators."""
    state: list[CellState] | None = Field(None, examples=[["coded"]])
    """What the cells say besides their value."""
    value_type: list[ValueType] | None = Field(None, examples=[["months"]])
    """Kinds of value."""
    sort: Literal["id", "-id"] = "id"
    """Order of the items; `-` reverses it."""


class CodingQuery(CodingFilters, ListQuery):
    """Parameters of a page of codings."""

    count_by: list[Literal["state", "value_type", "indicator", "jurisdiction"]] | None = Field(
        None, examples=[["state"]]
    )
    """Parameters by which to count the whole list."""


class CodingPage(Page[CodingRecord]):
    """One page of codings."""


class Explanation(BaseModel):
    """How a cell was derived, step by step."""

    model_config = ConfigDict(use_attribute_docstrings=True)

    coding: CodingRecord
    """The cell."""
    question: str
    """What the indicator asks."""
    rule_text: str
    """The indicator's rule in words."""
    steps: list[str]
    """What the derivation looked at and concluded, in order."""
    as_of: str
    """Day that the answer is about."""
    release: str
    """Version and content hash of the dataset that answered."""


router = Resource(
    name="codings",
    singular="coding",
    page=CodingPage,
    filters=CodingFilters,
    query=CodingQuery,
    about="Values of indicators for jurisdictions, with what proves them. What nobody has "
    "surveyed has no coding.",
    example="SG~possession_max_prison",
).router()

STEPS = steps_statement()


@router.get(
    "/codings/{coding_id}/explanation",
    response_model=Explanation,
    response_description="The derivation.",
    responses=responses(404, 422),
    openapi_extra=parameters(DayQuery),
)
async def get_coding_explanation(
    coding_id: Annotated[
        str, Path(description="Identifier of the coding.", examples=["SG~possession_max_prison"])
    ],
    release: ReleaseDep,
    query: Annotated[DayQuery, Depends(parsed(DayQuery))],
) -> Response:
    """Explain how a cell was derived: what was read, what matched and what did not, and why."""
    day = query.day.isoformat()
    rows = await release.read_statement(STEPS, {"id": coding_id, "as_of": day})
    if not rows:
        raise await missing(release, "codings", coding_id, query)
    record, steps, indicator = rows[0]
    head = await release.read(release.item("indicators"), id=indicator, as_of=day)
    said = IndicatorWords.model_validate_json(head[0][0])
    body = Explanation(
        coding=CodingRecord.model_validate_json(record),
        question=said.question,
        rule_text=said.rule_text,
        steps=STEP_LIST.validate_json(steps),
        as_of=day,
        release=release.name,
    )
    return Response(body.model_dump_json(), media_type="application/json", headers=as_of(day))


class IndicatorWords(BaseModel):
    """What an explanation takes from the indicator's record."""

    question: str
    rule_text: str


STEP_LIST = TypeAdapter(list[str])
