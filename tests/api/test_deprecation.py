"""What is deprecated says so, in answers and in the document; on invented routes."""

from __future__ import annotations

import asyncio
from datetime import date
from typing import Annotated, Any

import httpx
import pytest
from fastapi import APIRouter, Depends, FastAPI, Response
from pydantic import BaseModel, Field

from api import openapi
from api.deprecation import Deprecated
from api.query import NoQuery, parameters, parsed
from api.routing import Addresses, Direct

OLD = Deprecated(date(2027, 1, 1), date(2028, 7, 1), "`/v1/statutes`")


class ActQuery(NoQuery):
    """Parameters of acts."""

    kind: Annotated[list[str] | None, Deprecated(date(2026, 6, 1), date(2028, 1, 1), "`class`")] = (
        Field(None)
    )
    """Kinds."""
    name: str | None = Field(None)
    """Name."""


class Acts(BaseModel):
    """Acts."""

    items: list[str]


@OLD
async def list_acts(query: Annotated[ActQuery, Depends(parsed(ActQuery))]) -> Response:
    """List acts."""
    return Response("[]", media_type="application/json")


async def list_statutes(query: Annotated[ActQuery, Depends(parsed(ActQuery))]) -> Response:
    """List statutes."""
    return Response("[]", media_type="application/json")


@pytest.fixture
def app() -> FastAPI:
    app = FastAPI()
    router = APIRouter(prefix="/v1", route_class=Direct)
    for path, endpoint in (("/acts", list_acts), ("/statutes", list_statutes)):
        router.add_api_route(
            path, endpoint, response_model=Acts, openapi_extra=parameters(ActQuery)
        )
    app.router = Addresses(router.routes)
    return app


def said(app: FastAPI, path: str) -> tuple[str | None, str | None]:
    async def get() -> httpx.Response:
        transport = httpx.ASGITransport(app)
        async with httpx.AsyncClient(transport=transport, base_url="http://test") as client:
            return await client.get(path)

    answer = asyncio.run(get())
    assert answer.status_code == 200
    return answer.headers.get("deprecation"), answer.headers.get("sunset")


def test_answers_of_a_deprecated_operation_say_so(app: FastAPI) -> None:
    # Midnight UTC of 1 January 2027, and of 1 July 2028.
    assert said(app, "/v1/acts") == ("@1798761600", "Sat, 01 Jul 2028 00:00:00 GMT")


def test_a_deprecated_parameter_is_told_to_those_who_use_it(app: FastAPI) -> None:
    assert said(app, "/v1/statutes?name=x") == (None, None)
    assert said(app, "/v1/statutes?kind=x") == ("@1780272000", "Sat, 01 Jan 2028 00:00:00 GMT")


def test_the_earliest_days_count(app: FastAPI) -> None:
    assert said(app, "/v1/acts?kind=x") == ("@1780272000", "Sat, 01 Jan 2028 00:00:00 GMT")


def test_the_document_says_so(app: FastAPI) -> None:
    paths: dict[str, Any] = openapi.document(app)["paths"]
    acts, statutes = paths["/v1/acts"]["get"], paths["/v1/statutes"]["get"]
    assert acts["deprecated"] is True
    text = "Deprecated since 2027-01-01, gone from 2028-07-01 on: use `/v1/statutes`."
    assert acts["description"] == f"List acts. {text}"
    assert "deprecated" not in statutes
    for operation in (acts, statutes):
        assert {"Deprecation", "Sunset"} <= set(operation["responses"]["200"]["headers"])
        said = {parameter["name"]: parameter for parameter in operation["parameters"]}
        kind, name = said["kind"], said["name"]
        assert kind["deprecated"] is True
        assert kind["description"].endswith("gone from 2028-01-01 on: use `class`.")
        assert "deprecated" not in name


def test_nothing_is_gone_before_it_is_deprecated() -> None:
    with pytest.raises(ValueError, match="gone on 2027-01-01"):
        Deprecated(date(2027, 1, 1), date(2027, 1, 1), "`x`")
