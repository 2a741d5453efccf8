"""Health: whether the process lives, and whether it can answer."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Response
from pydantic import BaseModel, ConfigDict
from sqlmodel import select

from api.problems import responses
from api.query import NoQuery, parameters, parsed
from api.serving import ReleaseDep
from models.release import ReleaseRow

router = APIRouter(tags=["health"])

NEVER_KEPT = {"Cache-Control": "no-store"}
"""Answers about this moment: neither clients nor the cache keep them."""


class Health(BaseModel):
    """The process lives."""

    model_config = ConfigDict(use_attribute_docstrings=True)

    status: str
    """`ok`."""


class Readiness(BaseModel):
    """The service can answer."""

    model_config = ConfigDict(use_attribute_docstrings=True)

    status: str
    """`ready`."""
    release: str
    """Version and content hash of the dataset that answers."""


Nothing = Annotated[NoQuery, Depends(parsed(NoQuery))]


@router.get(
    "/healthz",
    response_model=Health,
    response_description="It lives.",
    responses=responses(422),
    openapi_extra=parameters(NoQuery),
)
async def get_health(response: Response, query: Nothing) -> Health:
    """Tell whether the process lives; for supervisors that restart it."""
    response.headers.update(NEVER_KEPT)
    return Health(status="ok")


@router.get(
    "/readyz",
    response_model=Readiness,
    response_description="It can answer.",
    responses=responses(422, 503),
    openapi_extra=parameters(NoQuery),
)
async def get_readiness(response: Response, release: ReleaseDep, query: Nothing) -> Readiness:
    """Tell whether a release is loaded and its database answers; for load balancers."""
    await release.read_statement(CHECK, {})
    response.headers.update(NEVER_KEPT)
    return Readiness(status="ready", release=release.name)


CHECK = select(ReleaseRow.content_hash)
