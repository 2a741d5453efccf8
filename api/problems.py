"""Errors as problem documents (RFC 9457): what was wrong, where, and the nearest valid value."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from typing import Any

from fastapi import FastAPI, Request
from fastapi.responses import Response
from pydantic import BaseModel, ConfigDict
from starlette.exceptions import HTTPException

MEDIA_TYPE = "application/problem+json"

_log = logging.getLogger("lexcompare")


class Mistake(BaseModel):
    """One thing that is wrong with a request."""

    model_config = ConfigDict(use_attribute_docstrings=True)

    parameter: str
    """Name of the parameter."""
    value: str | None
    """The value as given; null where it is missing."""
    message: str
    """What is wrong with it."""
    suggestion: str | None
    """The nearest valid value; null where none comes near."""


class Interval(BaseModel):
    """Days during which something is in force."""

    model_config = ConfigDict(use_attribute_docstrings=True)

    valid_from: str | None
    """First day; null where that is since ever."""
    valid_to: str | None
    """First day after; null while open."""


EXAMPLE: dict[str, Any] = {
    "type": "/problems/invalid-request",
    "title": "The request has parameters that do not fit",
    "status": 422,
    "detail": "jurisdiction=UK: there is nothing of this name among the jurisdictions."
    " Did you mean 'GB'?",
    "instance": "/v1/laws",
    "errors": [
        {
            "parameter": "jurisdiction",
            "value": "UK",
            "message": "there is nothing of this name among the jurisdictions",
            "suggestion": "GB",
        }
    ],
    "intervals": [],
    "links": [],
}
"""What the documentation shows."""


class Problem(BaseModel):
    """A problem document (RFC 9457)."""

    model_config = ConfigDict(
        use_attribute_docstrings=True, json_schema_extra={"examples": [EXAMPLE]}
    )

    type: str
    """Address of a page that explains this kind of problem."""
    title: str
    """Kind of problem, in words."""
    status: int
    """HTTP status code."""
    detail: str
    """What went wrong this time."""
    instance: str
    """Path of the request."""
    errors: list[Mistake]
    """Each mistake in the request; empty where none is known."""
    intervals: list[Interval]
    """When the record asked for is in force, if it is not on the day asked about."""
    links: list[str]
    """Addresses that help further."""


KINDS: dict[str, tuple[int, str, str]] = {
    "invalid-request": (
        422,
        "The request has parameters that do not fit",
        "A parameter is unknown, stands twice, or has a value that cannot be read or that nothing"
        " in the dataset is called. Each mistake is listed under `errors` with the nearest valid"
        " value.",
    ),
    "not-found": (
        404,
        "There is nothing at this address",
        "The path, or the id in it, is unknown. Where an id comes near to a known one, that one is"
        " suggested.",
    ),
    "not-in-force": (
        404,
        "Not in force on that day",
        "The record exists, but not on the day of `as_of`. `intervals` says when it is in force.",
    ),
    "method-not-allowed": (
        405,
        "The API only reads",
        "Every address answers GET, HEAD and OPTIONS, and nothing else.",
    ),
    "range-not-satisfiable": (
        416,
        "The file is shorter than that",
        "None of the ranges of bytes that were asked for is in the file. `Content-Range` says how"
        " long it is.",
    ),
    "not-writable": (
        503,
        "The files of this release cannot be made here",
        "Files of a release are written below `LEXCOMPARE_FOLDER` when they are first asked for,"
        " and that folder cannot be written to. `lexcompare seed files` makes them ahead.",
    ),
    "not-ready": (
        503,
        "No dataset is loaded yet",
        "The service is starting, or its database cannot be reached. Try again shortly.",
    ),
    "internal-error": (
        500,
        "Something went wrong on our side",
        "A defect of the service. The request id in the answer's headers helps to find it.",
    ),
}
"""Kinds of problem: status, title and explanation."""


class ProblemError(Exception):
    """An answer that is a problem document."""

    def __init__(
        self,
        kind: str,
        detail: str,
        *,
        errors: list[Mistake] | None = None,
        intervals: list[Interval] | None = None,
        links: list[str] | None = None,
    ) -> None:
        """Keep what the document will say."""
        super().__init__(detail)
        self.kind = kind
        self.detail = detail
        self.errors = errors or []
        self.intervals = intervals or []
        self.links = links or []

    def response(self, instance: str, headers: dict[str, str] | None = None) -> Response:
        """Render the document."""
        status, title, _ = KINDS[self.kind]
        body = Problem(
            type=f"/problems/{self.kind}",
            title=title,
            status=status,
            detail=self.detail,
            instance=instance,
            errors=self.errors,
            intervals=self.intervals,
            links=self.links,
        )
        return Response(
            body.model_dump_json(), status_code=status, media_type=MEDIA_TYPE, headers=headers
        )


def refused(mistakes: Sequence[Mistake], links: Sequence[str] = ()) -> ProblemError:
    """Describe mistakes as a problem: the first in full, the others by name."""
    first, *others = mistakes
    given = "" if first.value is None else f"={first.value}"
    detail = f"{first.parameter}{given}: {first.message}."
    if first.suggestion:
        detail += f" Did you mean {first.suggestion!r}?"
    named = dict.fromkeys(mistake.parameter for mistake in others)
    named.pop(first.parameter, None)
    if named:
        detail += f" Please look at {', '.join(named)}, too."
    return ProblemError("invalid-request", detail, errors=list(mistakes), links=list(links))


def responses(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """Declare the problems that a route answers with, for the OpenAPI document."""
    schema = {"$ref": "#/components/schemas/Problem"}
    said = {
        404: "Unknown, or not in force on that day.",
        416: "None of the ranges is in the file.",
        422: "A parameter does not fit.",
        503: "No release is loaded, its database does not answer, or files cannot be written.",
    }
    return {
        s: {"description": said[s], "content": {MEDIA_TYPE: {"schema": schema}}} for s in statuses
    }


def install(app: FastAPI, helpful: Callable[[str], list[str]]) -> None:
    """Make every error of the app a problem document; `helpful` names addresses near a path."""

    @app.exception_handler(ProblemError)
    async def problem(request: Request, error: ProblemError) -> Response:
        return error.response(request.url.path)

    @app.exception_handler(HTTPException)
    async def http_exception(request: Request, error: HTTPException) -> Response:
        if error.status_code == 405:
            wrong = ProblemError("method-not-allowed", f"{request.method} is not possible here.")
            return wrong.response(request.url.path, {"Allow": "GET, HEAD, OPTIONS"})
        path, near = request.url.path, helpful(request.url.path)
        asked = f"?{request.url.query}" if request.url.query else ""
        said = f"No such address: {path}"
        if len(near) == 1:
            said += f" - did you mean {near[0]}?"
            near = [f"{near[0]}{asked}"]
        elif near:
            said += " - these lie below it."
        links = list(dict.fromkeys([*near, "/v1", "/docs", "/openapi.json"]))
        missing = ProblemError("not-found", said, links=links)
        return missing.response(path)

    @app.exception_handler(Exception)
    async def internal_error(request: Request, error: Exception) -> Response:
        _log.error("unhandled error at %s", request.url, exc_info=error)
        wrong = ProblemError(
            "internal-error", "The service failed to answer; the failure is logged."
        )
        return wrong.response(request.url.path)
