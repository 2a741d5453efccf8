"""The index of the API: every address that can be asked without an id."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, FastAPI, Request
from pydantic import BaseModel, ConfigDict

from api.problems import responses
from api.query import NoQuery, parsed
from api.serving import ReleaseDep

router = APIRouter(tags=["index"])


class IndexEntry(BaseModel):
    """An address of the API."""

    model_config = ConfigDict(use_attribute_docstrings=True)

    href: str
    """The address."""
    about: str
    """What it answers."""
    tag: str
    """What it belongs to: a collection, `comparisons` or `panel`."""
    example: str
    """The address with a question that has an answer."""


class Index(BaseModel):
    """Where to go."""

    model_config = ConfigDict(use_attribute_docstrings=True)

    release: str
    """Version and content hash of the dataset that answers."""
    documentation: str
    """Address of the interactive documentation."""
    openapi: str
    """Address of the OpenAPI document."""
    addresses: list[IndexEntry]
    """Every address that can be asked without an id."""


@router.get(
    "/v1",
    response_model=Index,
    response_description="The addresses.",
    responses=responses(422),
)
async def get_index(
    request: Request, release: ReleaseDep, query: Annotated[NoQuery, Depends(parsed(NoQuery))]
) -> Index:
    """List every address that can be asked without an id, with what it answers."""
    return Index(
        release=release.name,
        documentation="/docs",
        openapi="/openapi.json",
        addresses=list(entries(request.app)),
    )


def entries(app: FastAPI) -> Iterator[IndexEntry]:
    """Yield the addresses of the data, in the order of the OpenAPI document."""
    for href, methods in app.openapi()["paths"].items():
        operation = methods["get"]
        if "{" in href or not href.startswith("/v1/"):
            continue
        asked = [
            (parameter["name"], parameter["example"])
            for parameter in operation["parameters"]
            if "example" in parameter
        ]
        question = urlencode(
            {name: ",".join(said) if isinstance(said, list) else said for name, said in asked},
            safe=",~",
        )
        yield IndexEntry(
            href=href,
            about=operation["summary"],
            tag=operation["tags"][0],
            example=f"{href}?{question}" if question else href,
        )
