"""The OpenAPI document: what FastAPI makes of the routes, in the shape that generators take best.

Each rule below keeps at least one code generator from producing wrong or ugly code.
"""

from __future__ import annotations

import re
from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi

from api.problems import Problem
from api.query import PARAMETER_SCHEMAS

REF = "#/components/schemas/{model}"


def document(app: FastAPI) -> dict[str, Any]:
    """Return the OpenAPI document of the app, made once."""
    if app.openapi_schema is None:
        app.openapi_schema = _document(app)
    return app.openapi_schema


def _document(app: FastAPI) -> dict[str, Any]:
    said = get_openapi(
        title=app.title,
        version=app.version,
        summary=app.summary,
        description=app.description,
        routes=app.routes,
        tags=app.openapi_tags,
        servers=[{"url": "/", "description": "The server that answers this document."}],
        contact=app.contact,
        license_info=app.license_info,
    )
    schemas = said["components"]["schemas"]
    problem = Problem.model_json_schema(ref_template=REF, mode="serialization")
    for extra in (problem.pop("$defs", {}), {"Problem": problem}, PARAMETER_SCHEMAS):
        for name, schema in extra.items():
            schemas.setdefault(name, schema)
    for name in ("HTTPValidationError", "ValidationError"):
        schemas.pop(name, None)
    for path in said["paths"].values():
        for operation in path.values():
            if operation["summary"] == operation["operationId"].replace("_", " ").title():
                # FastAPI's own, made from the name: the first sentence says more.
                operation["summary"] = re.split(r"[:.;\n]", operation["description"])[0]
            for parameter in operation.get("parameters", []):
                if parameter["in"] == "path":
                    # Filled in by the interactive documentation, unlike an example of the schema.
                    (parameter["example"],) = parameter["schema"].pop("examples")
            operation["responses"] = {
                status: answer
                for status, answer in operation["responses"].items()
                if "HTTPValidationError" not in str(answer)
            }
            _with_headers(operation["responses"]["200"])
    for schema in schemas.values():
        _without_defaults(schema)
    nullable_types(said)
    _one_word_enums(said)
    said["components"]["schemas"] = dict(sorted(schemas.items()))
    return said


_HEADERS = {
    "ETag": "Changes whenever the answer does; send it back as `If-None-Match`.",
    "Lexcompare-Release": "Version and content hash of the dataset that answered.",
}


def _with_headers(answer: dict[str, Any]) -> None:
    """Describe the headers that every answer has."""
    answer["headers"] = {
        name: {"description": text, "schema": {"type": "string"}} for name, text in _HEADERS.items()
    }


def _without_defaults(node: Any) -> None:
    """Drop defaults from schemas of answers: fields are always sent, and defaults unsettle SDKs."""
    if isinstance(node, dict):
        if "default" in node and not isinstance(node["default"], dict):
            del node["default"]
        for child in node.values():
            _without_defaults(child)
    elif isinstance(node, list):
        for child in node:
            _without_defaults(child)


def _one_word_enums(node: Any) -> None:
    """Write `const` as an enum of one word, which more generators know."""
    if isinstance(node, dict):
        if "const" in node:
            node["enum"] = [node.pop("const")]
        for child in node.values():
            _one_word_enums(child)
    elif isinstance(node, list):
        for child in node:
            _one_word_enums(child)


def nullable_types(node: Any) -> None:
    """Rewrite `anyOf: [X, null]` as `type: [x, "null"]`, or as `oneOf` where X is a `$ref`."""
    if isinstance(node, list):
        for child in node:
            nullable_types(child)
    elif isinstance(node, dict):
        options = node.get("anyOf", [])
        if len(options) == 2 and {"type": "null"} in options:
            del node["anyOf"]
            other = next(option for option in options if option != {"type": "null"})
            if "type" in other:
                node.update(other, type=[other["type"], "null"])
            else:
                node["oneOf"] = [other, {"type": "null"}]
        for child in list(node.values()):
            nullable_types(child)
