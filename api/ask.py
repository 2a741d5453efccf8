"""Asks the app questions from within the process: commands and pages use the same answers."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from pathlib import Path

import httpx

from api.main import create_app
from api.settings import Settings


def ask(path: str, database_url: str, folder: Path) -> httpx.Response:
    """Return what the service answers to a path."""
    return ask_all([path], database_url, folder)[0]


def ask_all(paths: Sequence[str], database_url: str, folder: Path) -> list[httpx.Response]:
    """Return what the service answers to each of many paths."""

    async def each() -> list[httpx.Response]:
        app = create_app(Settings(database_url=database_url, folder=folder))
        transport = httpx.ASGITransport(app)
        async with (
            app.router.lifespan_context(app),
            httpx.AsyncClient(transport=transport, base_url="http://lexcompare.example") as client,
        ):
            return [await client.get(path) for path in paths]

    return asyncio.run(each())
