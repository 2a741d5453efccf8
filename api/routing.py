"""How a request finds its route, and how a route calls its function.

FastAPI looks through its routers and their routes one after the other, enters two exit stacks and
solves dependencies generally: for a record that takes microseconds to read, most of the time. Its
routes stay what they are, so that the OpenAPI document comes from them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from fastapi import APIRouter, Request, Response
from fastapi.routing import APIRoute
from starlette.routing import BaseRoute, Match
from starlette.types import Receive, Scope, Send

from api.deprecation import MARK, of_operation, sunset_headers
from api.query import DEPRECATED


class Direct(APIRoute):
    """Calls what a route depends on, and the route, with nothing of FastAPI's own in between.

    It also says what is deprecated: in answers, and to the OpenAPI document.
    """

    def __init__(self, path: str, endpoint: Callable[..., Any], **settings: Any) -> None:
        """Make a route; a deprecated endpoint makes a deprecated operation."""
        if (leaving := of_operation(endpoint)) is not None:
            told = {**(settings.get("openapi_extra") or {}), MARK: leaving.text}
            settings = {**settings, "deprecated": True, "openapi_extra": told}
        super().__init__(path, endpoint, **settings)
        needed: list[tuple[str, Any]] = [
            (str(dependency.name), dependency.call) for dependency in self.dependant.dependencies
        ]

        async def answer(scope: Scope, receive: Receive, send: Send) -> None:
            request = Request(scope, receive, send)
            # Every dependency here is an async function of the request.
            values = {name: await call(request) for name, call in needed}
            response: Response = await endpoint(**scope["path_params"], **values)
            used = scope.get(DEPRECATED, [])
            if leaving or used:
                response.headers.update(sunset_headers([*used, leaving] if leaving else used))
            await response(scope, receive, send)

        self.app = answer


class Addresses(APIRouter):
    """Holds all routes side by side and looks only at those that an address can mean."""

    def __init__(self, routes: Iterable[BaseRoute], **settings: Any) -> None:
        """Sort routes by their addresses; what has no fixed beginning is found the usual way."""
        super().__init__(routes=list(routes), **settings)
        self._placed: dict[str, list[APIRoute]] = {}
        for route in self.routes:
            if not isinstance(route, APIRoute):
                continue
            route.unique_id = route.name  # what the OpenAPI document calls the operation
            if ":path}" not in route.path:
                place = _place(route.path) if "{" in route.path else route.path
                self._placed.setdefault(place, []).append(route)

    async def app(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer by the first route that takes the request."""
        if scope["type"] == "http":
            path: str = scope["path"]
            for route in self._placed.get(path) or self._placed.get(_place(path)) or ():
                match, found = route.matches(scope)
                if match is Match.FULL:
                    scope.update(found)
                    await route.handle(scope, receive, send)
                    return
        await super().app(scope, receive, send)


def _place(path: str) -> str:
    """Name the place of an address: its first two words, and how many there are."""
    words = path.split("/", 3)
    return f"{'/'.join(words[:3])} {path.count('/')}"
