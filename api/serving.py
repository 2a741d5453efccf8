"""The release that is served: opened at start, exchanged whole when a new one is published."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import lru_cache
from typing import Annotated, Any

from fastapi import Depends, Request
from fastapi.concurrency import run_in_threadpool
from sqlalchemy import Executable
from sqlalchemy.exc import SQLAlchemyError

from api.problems import ProblemError
from models.cells import Cells
from models.coding import cells_statement
from models.collection import COLLECTIONS
from models.database import Database, Parameters, Pointer, Query, Rows, Store
from models.indicator import ValueType, types_statement
from models.provision import named_statement
from models.release import ReleaseRecord
from models.statements import Shape, aliases, counts, ids, intervals, item, page, total

_log = logging.getLogger("lexcompare")

CELLS = cells_statement()
INDICATORS = types_statement()

NAMED = named_statement()

SUGGEST_FROM = 20_000
"""How many ids of a collection are looked through for the nearest one."""


class Release:
    """One release, with its statements compiled once. A request sees one release only."""

    def __init__(self, database: Database, address: str = "") -> None:
        """Read from an open database; `address` stands before the paths of the service."""
        self.database = database
        self.address = address
        self.record: ReleaseRecord = database.release
        self.name = self.record.name
        self.page = lru_cache(maxsize=1000)(self._page)
        self.total = lru_cache(maxsize=1000)(self._total)
        self.counts = lru_cache(maxsize=1000)(self._counts)
        self.item = lru_cache(maxsize=None)(self._item)
        self.intervals = lru_cache(maxsize=None)(self._intervals)
        self.ids = lru_cache(maxsize=None)(self._ids)
        self.compile = lru_cache(maxsize=1000)(database.compile)
        self._cells: Cells | None = None

    def _page(self, shape: Shape, line: bool = False) -> Query:
        return self.database.compile(page(shape, line))

    def _total(self, shape: Shape) -> Query:
        return self.database.compile(total(shape))

    def _counts(self, shape: Shape, field: str) -> Query:
        return self.database.compile(counts(shape, field))

    def _item(self, collection: str) -> Query:
        return self.database.compile(item(COLLECTIONS[collection]))

    def _intervals(self, collection: str) -> Query:
        return self.database.compile(intervals(COLLECTIONS[collection]))

    def _ids(self, collection: str) -> Query:
        return self.database.compile(ids(COLLECTIONS[collection]))

    async def read(self, query: Query, **parameters: Any) -> Rows:
        """Run a query: at once on the embedded file, in a thread where it waits on a network."""
        if self.database.blocking:
            return await run_in_threadpool(self.database.read, query, parameters)
        return self.database.read(query, parameters)

    async def read_statement(self, statement: Executable, parameters: Parameters) -> Rows:
        """Run a statement that is built once (a module's own), compiled once."""
        return await self.read(self.compile(statement), **parameters)

    async def cells(self) -> Cells:
        """Return all cells of the release, read into memory on first use."""
        if self._cells is None:
            rows = await self.read(self.compile(CELLS))
            found = await self.read(self.compile(INDICATORS))
            self._cells = Cells(rows, {id_: ValueType[type_.upper()] for id_, type_ in found})
        return self._cells

    async def exists(self, collection: str, id_: str) -> bool:
        """Tell whether a collection ever has a record with this id."""
        if await self.read(self.intervals(collection), id=id_):
            return True
        return collection == "provisions" and await self.coded(id_) is not None

    async def coded(self, id_: str) -> bool | None:
        """Tell whether a provision is coded, also one never in force; null if no law names it."""
        rows = await self.read_statement(NAMED, {"id": id_})
        return bool(rows[0][0]) if rows else None

    async def all_ids(self, collection: str) -> list[str]:
        """Return the ids of a collection, to suggest the nearest."""
        return [row[0] for row in await self.read(self.ids(collection), limit=SUGGEST_FROM)]

    async def aliases(self, collection: str) -> dict[str, str]:
        """Return other words (in lower case) for the ids of a collection."""
        query = self.database.compile(aliases(COLLECTIONS[collection]))
        return {row[0]: row[1] for row in await self.read(query)}


class Serving:
    """Holds the current release and watches the store for the next."""

    def __init__(self, store: Store, watch_seconds: float, address: str = "") -> None:
        """Serve from a store, once `running`."""
        self.store = store
        self.address = address.rstrip("/")
        self.release: Release | None = None
        self._pointer: Pointer | None = None
        self._watch_seconds = watch_seconds

    def refresh(self) -> bool:
        """Open the published release if it is another than the one served; say whether it was."""
        pointer = self.store.current()
        if pointer is None or pointer == self._pointer:
            return False
        self.release = Release(self.store.open(pointer), self.address)
        self._pointer = pointer
        _log.info("serving release %s", self.release.name)
        return True

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Open the current release and exchange it whenever a new one is published."""
        self.refresh()
        watching = asyncio.create_task(self._watch())
        try:
            yield
        finally:
            watching.cancel()
            if self.release is not None:
                self.release.database.close()
            self.store.close()

    async def _watch(self) -> None:
        """Look for a new release now and then; what fails is tried again."""
        while True:
            await asyncio.sleep(self._watch_seconds)
            try:
                before = self.release
                if await run_in_threadpool(self.refresh) and before is not None:
                    # Requests that began on the old release finish on it.
                    asyncio.get_running_loop().call_later(30, before.database.close)
            except (OSError, SQLAlchemyError, RuntimeError) as error:
                _log.warning("could not look for a new release: %s", error)


async def current_release(request: Request) -> Release:
    """Return the release that this request began with."""
    release: Release | None = request.scope.get("lexcompare.release")
    if release is None:
        raise ProblemError("not-ready", "No release is loaded.")
    return release


ReleaseDep = Annotated[Release, Depends(current_release)]
