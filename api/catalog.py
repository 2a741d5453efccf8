"""The API catalogue (RFC 9727): where a program that knows only the host finds everything else."""

from __future__ import annotations

import json
from typing import Annotated

from fastapi import APIRouter, Depends, Response

from api.query import NoQuery, parsed
from api.routing import Direct
from api.serving import ReleaseDep
from models.linked_data import MEDIA_TYPE

router = APIRouter(include_in_schema=False, route_class=Direct)

ADDRESS = "/.well-known/api-catalog"
LINKSET = 'application/linkset+json; profile="https://www.rfc-editor.org/info/rfc9727"'
LINK = f'<{ADDRESS}>; rel="api-catalog", </openapi.json>; rel="service-desc"'
"""What the first page says in its header, so that the rest can be found from it."""


@router.get(ADDRESS)
async def get_api_catalog(
    release: ReleaseDep, query: Annotated[NoQuery, Depends(parsed(NoQuery))]
) -> Response:
    """Name the API, its document, its documentation, what describes its data, and its status."""
    base = release.address
    api = f"{base}/"
    described = {
        "anchor": api,
        "service-desc": [{"href": f"{base}/openapi.json", "type": "application/json"}],
        "service-doc": [{"href": f"{base}/docs", "type": "text/html"}],
        "service-meta": [{"href": f"{base}/v1/dataset.jsonld", "type": MEDIA_TYPE}],
        "status": [{"href": f"{base}/readyz", "type": "application/json"}],
    }
    catalogue = {"anchor": f"{base}{ADDRESS}", "item": [{"href": api}]}
    return Response(
        json.dumps({"linkset": [catalogue, described]}),
        media_type=LINKSET,
        headers={"Link": f'<{ADDRESS}>; rel="api-catalog"'},
    )
