"""Provisions: their list, and their versions over time."""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal

from fastapi import Depends, Path, Response
from pydantic import Field

from api.filters import TopicFilters
from api.paging import Page
from api.problems import responses
from api.query import Example, ListQuery, NoQuery, parameters, parsed
from api.resources import Resource, missing
from api.serving import ReleaseDep
from models.provision import ProvisionHistory, ProvisionRecord, history_statement
from models.vocabulary import Basis, Conduct, DutyKind, FacetKind, PowerKind, ProvisionKind


class ProvisionFilters(TopicFilters):
    """Which provisions are meant."""

    example: ClassVar[Example] = {**TopicFilters.example, "topic": ["csam-possession"]}

    kind: list[ProvisionKind] | None = Field(None, examples=[["section"]])
    """Kinds of unit."""
    holds: list[FacetKind] | None = Field(None, examples=[["offence"]])
    """Kinds of facet that they hold."""
    conduct: list[Conduct] | None = Field(None, examples=[["possess"]])
    """What their offences punish."""
    basis: list[Basis] | None = Field(None, examples=[["offender_national"]])
    """Grounds of the reach that they state."""
    duty: list[DutyKind] | None = Field(None, examples=[["report"]])
    """Kinds of duty that they set."""
    power: list[PowerKind] | None = Field(None, examples=[["disable"]])
    """Kinds of power that they give."""
    sort: Literal["id", "-id", "place", "-place"] = "id"
    """Order of the items; `-` reverses it."""


class ProvisionQuery(ProvisionFilters, ListQuery):
    """Parameters of a page of provisions."""

    count_by: (
        list[
            Literal[
                "jurisdiction",
                "law",
                "topic",
                "kind",
                "holds",
                "conduct",
                "basis",
                "duty",
                "power",
                "verification",
            ]
        ]
        | None
    ) = Field(None, examples=[["jurisdiction"]])
    """Parameters by which to count the whole list."""


class ProvisionPage(Page[ProvisionRecord]):
    """One page of provisions."""


router = Resource(
    name="provisions",
    singular="provision",
    page=ProvisionPage,
    filters=ProvisionFilters,
    query=ProvisionQuery,
    about="Citable units of laws in force on that day, with everything coded of them.",
    example="sg-penal-code-1871~sec_377BK",
).router()


HISTORY = history_statement()


@router.get(
    "/provisions/{provision_id}/versions",
    response_model=ProvisionHistory,
    response_description="The versions.",
    responses=responses(404, 422),
    openapi_extra=parameters(NoQuery),
)
async def get_provision_versions(
    provision_id: Annotated[
        str,
        Path(description="Identifier of the provision.", examples=["sg-penal-code-1871~sec_377C"]),
    ],
    release: ReleaseDep,
    query: Annotated[NoQuery, Depends(parsed(NoQuery))],
) -> Response:
    """Get every version of a provision, with what changed from one to the next.

    Versions that never came into force are shown too, without dates.
    """
    rows = await release.read_statement(HISTORY, {"id": provision_id})
    if not rows:
        raise await missing(release, "provisions", provision_id, query)
    return Response(rows[0][0], media_type="application/json")
