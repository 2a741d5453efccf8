"""Deprecations: what will go, since when, until when it stays, and what to use instead.

An operation is marked by decorating its endpoint, a parameter by standing in its annotation:

    @Deprecated(date(2027, 1, 1), date(2028, 1, 1), "`/v1/laws`")
    async def list_acts(...): ...

    kind: Annotated[list[str] | None, Deprecated(...)] = Field(None)

Answers then carry `Deprecation` (RFC 9745) and `Sunset` (RFC 8594), for a parameter only where the
request has it, and the OpenAPI document says the same.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from email.utils import format_datetime
from typing import Any, TypeVar

from pydantic import BaseModel

Endpoint = TypeVar("Endpoint", bound=Callable[..., Any])

MARK = "x-deprecated"
"""Where a route keeps the words of its deprecation until the document takes them."""

HEADERS = {
    "Deprecation": "Second since which this is deprecated, as `@` and a Unix time (RFC 9745).",
    "Sunset": "When it will be gone (RFC 8594).",
}


@dataclass(frozen=True)
class Deprecated:
    """Says that an operation or a parameter will go."""

    since: date
    """Day, UTC, from which on it is deprecated."""
    sunset: date
    """Day, UTC, from which on it may be gone."""
    instead: str
    """What to use instead, in Markdown."""

    def __post_init__(self) -> None:
        """Refuse one that is gone before it was said."""
        if self.sunset <= self.since:
            raise ValueError(f"gone on {self.sunset}, but deprecated only since {self.since}")

    def __call__(self, endpoint: Endpoint) -> Endpoint:
        """Mark an endpoint."""
        endpoint.deprecated = self  # type: ignore[attr-defined]
        return endpoint

    @property
    def text(self) -> str:
        """The deprecation in words, for the documentation."""
        return f"Deprecated since {self.since}, gone from {self.sunset} on: use {self.instead}."


def of_operation(endpoint: Callable[..., Any]) -> Deprecated | None:
    """Return the deprecation of an endpoint."""
    found: Deprecated | None = getattr(endpoint, "deprecated", None)
    return found


def of_parameters(model: type[BaseModel]) -> dict[str, Deprecated]:
    """Return the deprecated parameters of a query model."""
    return {
        name: mark
        for name, field in model.model_fields.items()
        for mark in field.metadata
        if isinstance(mark, Deprecated)
    }


def sunset_headers(deprecations: Iterable[Deprecated]) -> Mapping[str, str]:
    """Return the headers of an answer: the earliest days count; none without a deprecation."""
    found = list(deprecations)
    if not found:
        return {}
    since = _start(min(one.since for one in found))
    sunset = _start(min(one.sunset for one in found))
    return {
        "Deprecation": f"@{int(since.timestamp())}",
        "Sunset": format_datetime(sunset, usegmt=True),
    }


def _start(day: date) -> datetime:
    """The first second of a day, UTC."""
    return datetime.combine(day, time(), UTC)
