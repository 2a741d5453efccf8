"""The application: settings in, a FastAPI app out."""

from __future__ import annotations

import gc
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial
from importlib.metadata import version

from fastapi import FastAPI
from starlette.types import Receive, Scope, Send

from api import (
    addresses,
    adoption,
    akn,
    authorities,
    catalog,
    changes,
    citations,
    codings,
    comparisons,
    crosstab,
    dataset,
    dataset_files,
    definitions,
    duties,
    effects,
    exceptions,
    feeds,
    groups,
    health,
    index,
    indicators,
    instruments,
    jurisdictions,
    laws,
    linked_data,
    matrix_formats,
    obligations,
    offences,
    openapi,
    pages,
    panel,
    penalties,
    powers,
    problems,
    provisions,
    quality,
    quantities,
    reach_resolver,
    reaches,
    sentencings,
    side_by_side,
    similarity,
    surveys,
    topics,
)
from api.caching import Caching
from api.routing import Addresses
from api.serving import Serving
from api.settings import Settings
from models.store import open_store

COLLECTIONS = (
    jurisdictions,
    groups,
    authorities,
    topics,
    laws,
    provisions,
    effects,
    definitions,
    offences,
    sentencings,
    reaches,
    exceptions,
    duties,
    powers,
    obligations,
    penalties,
    indicators,
    instruments,
    codings,
    quantities,
    surveys,
)

COMPARISONS = (comparisons, changes, adoption, similarity, crosstab, panel)
MORE_COMPARISONS = (reach_resolver, side_by_side, matrix_formats)
"""Modules whose routes are among the comparisons too."""
DATASET = (dataset, dataset_files)

STANDARDS = (citations, linked_data, feeds)
"""What other tools take: citations, identifiers, linked data, feeds."""

DESCRIPTION = """
Coded, dated and cited law on online safety and child protection, for comparative research.

* Every answer is about a day: `as_of` (default: today, UTC). A record holds from `valid_from` up
  to, but not including, `valid_to`.
* Every list pages by cursor (`next_cursor`, or the `Link` header) and is a CSV file at the same
  address with `.csv`.
* Parameters may be repeated, or take several values with commas, to match any of them; different
  parameters must all match. An unknown parameter, code or id is an error that suggests the nearest
  valid one.
* Every record says what it was checked against (`verification`) and names its sources.
"""


class Service(FastAPI):
    """The app behind its cache, which stands before everything else that FastAPI does."""

    cache: Caching

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let the cache answer, and ask the app only if it cannot."""
        await self.cache(scope, receive, send)


def _about(text: str) -> str:
    """Return a module's docstring without the name before it, which is that of the tag."""
    name, _, about = text.strip().partition(": ")
    return about[:1].upper() + about[1:] if about else name


def create_app(settings: Settings | None = None) -> Service:
    """Return the app; it opens the published release when it starts."""
    settings = settings or Settings()
    store = open_store(settings.database_url, settings.folder)
    serving = Serving(store, settings.watch_seconds, settings.public_url)

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        async with serving.running():
            gc.collect()
            gc.freeze()
            yield

    app = Service(
        title="Lexcompare",
        version=version("lexcompare"),
        summary="Comparative research on online-safety and child-protection law.",
        description=DESCRIPTION.strip(),
        contact={"name": "Lexcompare contributors"},
        license_info={"name": "CC BY 4.0", "url": "https://creativecommons.org/licenses/by/4.0/"},
        openapi_tags=[
            {
                "name": module.__name__.rpartition(".")[2],
                "description": _about(module.__doc__ or ""),
            }
            for module in (
                *COLLECTIONS,
                comparisons,
                panel,
                dataset,
                quality,
                *STANDARDS,
                index,
                health,
            )
        ],
        docs_url=None,
        redoc_url=None,
        telemetry={"tracing": False, "metrics": False, "logs": False},
        generate_unique_id_function=lambda route: route.name,
    )
    modules = (
        *STANDARDS,
        *COLLECTIONS,
        *COMPARISONS,
        *MORE_COMPARISONS,
        *DATASET,
        quality,
        index,
        health,
        akn,
        catalog,
        pages,
    )
    routes = [route for module in modules for route in module.router.routes]
    app.router = Addresses([*app.routes, *routes], redirect_slashes=False, lifespan=lifespan)
    known = [route.path for route in routes]
    problems.install(app, partial(addresses.helpful, known=[*known, "/openapi.json"]))
    app.openapi = partial(openapi.document, app)  # type: ignore[method-assign]
    app.cache = Caching(
        partial(FastAPI.__call__, app), serving, settings.cache_megabytes, settings.max_age
    )
    return app
