"""Linked data: JSON-LD of laws and provisions (ELI, schema.org), topics (SKOS), dataset (DCAT)."""

# No postponed annotations here: the routes' parameter types are made at run time.

import json
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Path, Response

from api.citations import law_of, places_of
from api.formats import FORMATS
from api.media import content
from api.problems import responses
from api.query import REFERRED, DayQuery, NoQuery, parameters, parsed, today
from api.resources import as_of, read_record
from api.routing import Direct
from api.serving import ReleaseDep
from models.bibliography import PUBLISHER
from models.law import LawRecord
from models.linked_data import (
    MEDIA_TYPE,
    Node,
    dataset_node,
    law_node,
    provision_node,
    topics_graph,
)
from models.manner import manner_of
from models.provision import ProvisionRecord
from models.statements import Shape
from models.topic import TopicRecord

router = APIRouter(prefix="/v1", tags=["linked_data"], route_class=Direct)

_CONTEXT = {
    "type": "object",
    "description": "Where the names of the document come from.",
    "additionalProperties": {"type": "string"},
}
_ID = {"type": "string", "description": "Its address."}
REFERRED["JsonLdThing"] = {
    "title": "JsonLdThing",
    "description": "A thing in JSON-LD; the context gives the names of what else it says.",
    "type": "object",
    "required": ["@context", "@id"],
    "properties": {"@context": _CONTEXT, "@id": _ID},
}
REFERRED["JsonLdNode"] = {
    "title": "JsonLdNode",
    "description": "A thing of a graph; the graph's context gives the names of what else it says.",
    "type": "object",
    "required": ["@id"],
    "properties": {"@id": _ID},
}
REFERRED["JsonLdGraph"] = {
    "title": "JsonLdGraph",
    "description": "Things in JSON-LD, with one context.",
    "type": "object",
    "required": ["@context", "@graph"],
    "properties": {
        "@context": _CONTEXT,
        "@graph": {
            "type": "array",
            "description": "The things.",
            "items": {"$ref": "#/components/schemas/JsonLdNode"},
        },
    },
}


def _response(schema: str) -> dict[int | str, dict[str, Any]]:
    """Describe an answer for the OpenAPI document."""
    described = content(MEDIA_TYPE, {"$ref": f"#/components/schemas/{schema}"})
    return {200: {"description": "The document.", "content": described}}


DayAsked = Annotated[DayQuery, Depends(parsed(DayQuery))]
NothingAsked = Annotated[NoQuery, Depends(parsed(NoQuery))]


def _answer(node: Node, day: str | None = None) -> Response:
    return Response(
        json.dumps(node, ensure_ascii=False),
        media_type=MEDIA_TYPE,
        headers=as_of(day) if day else None,
    )


@router.get(
    "/laws/{id}.jsonld",
    response_model=None,
    response_class=Response,
    responses={**_response("JsonLdThing"), **responses(404, 422)},
    openapi_extra=parameters(DayQuery),
)
async def export_law_jsonld(
    id: Annotated[str, Path(description="Identifier of the law.", examples=["sg-films-act-1981"])],
    release: ReleaseDep,
    query: DayAsked,
) -> Response:
    """Describe a law as it stood on a day in JSON-LD, with the words of ELI and schema.org."""
    law = LawRecord.model_validate_json(await read_record(release, "laws", id, query))
    places = await places_of(release, law.extent)
    name = manner_of(law.extent[0]).name(law, places[law.extent[0]])
    node = law_node(law, release.address, query.day, name, places)
    return _answer(node, query.day.isoformat())


@router.get(
    "/provisions/{id}.jsonld",
    response_model=None,
    response_class=Response,
    responses={**_response("JsonLdThing"), **responses(404, 422)},
    openapi_extra=parameters(DayQuery),
)
async def export_provision_jsonld(
    id: Annotated[
        str,
        Path(description="Identifier of the provision.", examples=["sg-penal-code-1871~sec_377BK"]),
    ],
    release: ReleaseDep,
    query: DayAsked,
) -> Response:
    """Describe a provision in force on a day in JSON-LD, with the words of ELI and schema.org."""
    text = await read_record(release, "provisions", id, query)
    provision = ProvisionRecord.model_validate_json(text, by_name=True, by_alias=False)
    law = await law_of(release, provision)
    places = await places_of(release, law.extent)
    manner = manner_of(law.extent[0])
    country = places[law.extent[0]]
    name = manner.name_provision(law, country, provision.kind, provision.number)
    node = provision_node(provision, law, release.address, query.day, name)
    return _answer(node, query.day.isoformat())


@router.get(
    "/topics.jsonld",
    response_model=None,
    response_class=Response,
    responses={**_response("JsonLdGraph"), **responses(422)},
    openapi_extra=parameters(NoQuery),
)
async def export_topics_jsonld(release: ReleaseDep, query: NothingAsked) -> Response:
    """Export all topics as a SKOS concept scheme in JSON-LD: labels, broader and narrower ones."""
    day = today().isoformat()
    rows = await release.read(release.page(Shape("topics")), as_of=day, limit=10_000)
    topics = (TopicRecord.model_validate_json(row[0]) for row in rows)
    return _answer(topics_graph(topics, release.address, release.record))


@router.get(
    "/dataset.jsonld",
    response_model=None,
    response_class=Response,
    responses={**_response("JsonLdGraph"), **responses(422)},
    openapi_extra=parameters(NoQuery),
)
async def export_dataset_jsonld(release: ReleaseDep, query: NothingAsked) -> Response:
    """Describe the dataset, its files and this service in JSON-LD, with the words of DCAT."""
    formats = {format_.suffix: format_.media_type for format_ in FORMATS}
    coded = sorted((await release.cells()).timelines)
    return _answer(dataset_node(release.record, release.address, PUBLISHER, formats, coded))
