"""The release that is served: opened at start, exchanged whole when a new one is published.

Older releases that are kept are opened when a request names one (`?release=`).
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import lru_cache
from typing import Annotated, Any
from urllib.parse import parse_qsl

from fastapi import Depends, Request
from fastapi.concurrency import run_in_threadpool
from sqlalchemy import Executable
from sqlalchemy.exc import SQLAlchemyError

from api.problems import Mistake, ProblemError, refused
from models.cells import Cells
from models.coding import cells_statement
from models.collection import COLLECTIONS
from models.database import Database, Parameters, Pointer, Query, Rows, Store
from models.distribution import Distribution, distribution, prune
from models.indicator import ValueType, types_statement
from models.provision import named_statement
from models.release import ReleaseRecord, name_of_stored
from models.statements import Shape, aliases, counts, ids, intervals, item, page, total

RELEASES = "/v1/dataset/releases/"
"""Addresses below name the release that they are about."""

_log = logging.getLogger("lexcompare")

CELLS = cells_statement()
INDICATORS = types_statement()

NAMED = named_statement()

REMEMBERED = 10_000
"""Most ids of which it is remembered that they exist."""

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
        self._found: set[tuple[str, str]] = set()

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
        if (collection, id_) in self._found:
            return True
        found = bool(await self.read(self.intervals(collection), id=id_))
        if not found and collection == "provisions":
            found = await self.coded(id_) is not None
        if found and len(self._found) < REMEMBERED:
            self._found.add((collection, id_))
        return found

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
    """Holds the current release, opens kept ones when they are asked for, watches for the next."""

    def __init__(self, store: Store, watch_seconds: float, address: str = "") -> None:
        """Serve from a store, once `running`."""
        self.store = store
        self.address = address.rstrip("/")
        self.release: Release | None = None
        self.kept: dict[str, str] = {}
        """Where the releases that can be asked for are stored, by their names, newest first."""
        self.state = ""
        """Changes whenever what is kept does: answers about releases depend on it."""
        self._opened: dict[str, Release] = {}
        self._opening = asyncio.Lock()
        self._files: dict[str, Distribution] = {}
        self._making = asyncio.Lock()
        self._pointer: Pointer | None = None
        self._watch_seconds = watch_seconds

    def refresh(self) -> list[Release] | None:
        """Open the published release if it is another than the one served.

        Returns the releases that are served no longer; null if nothing is new.
        """
        pointer = self.store.current()
        if pointer is None or pointer == self._pointer:
            return None
        release = Release(self.store.open(pointer.name), self.address)
        # Only what was made for the same tables can be read by this code.
        made = pointer.name.rpartition("_")[2]
        stored = self.store.kept()
        names = [name for name in stored if name.rpartition("_")[2] == made]
        before = list(self._opened.values())
        self.kept = {name_of_stored(name): name for name in names}
        self.state = f"{pointer.name} {pointer.inputs_hash} {' '.join(names)}"
        self.release, self._pointer = release, pointer
        self._opened, self._files = {release.name: release}, {}
        prune(self.store, stored)
        _log.info("serving release %s", release.name)
        return before

    async def find(self, asked: str) -> Release:
        """Return a kept release by its name, or the newest one of a version.

        Raises `LookupError` when there is none.
        """
        current = self.release
        if current is not None and asked in (current.name, current.record.version):
            return current
        name = next((n for n in self.kept if asked in (n, n.rpartition("-")[0])), None)
        if name is None:
            raise LookupError(asked)
        async with self._opening:
            if name not in self._opened:
                opened = await run_in_threadpool(self.store.open, self.kept[name])
                self._opened[name] = await run_in_threadpool(Release, opened, self.address)
            return self._opened[name]

    async def files(self, release: Release) -> Distribution:
        """Return the files of a kept release, made first if need be, one release at a time.

        Raises `LookupError` when it is not kept any more, `OSError` when they cannot be written.
        """
        made = self._files.get(release.name)
        if made is None:
            async with self._making:
                made = self._files.get(release.name)
                if made is None:
                    stored = self.kept[release.name]
                    made = await run_in_threadpool(distribution, self.store, stored)
                    self._files[release.name] = made
        return made

    async def asked_for(self, path: str, query: bytes) -> Release | None:
        """Return the release that a request names; null where it names none.

        A path below the list of releases names one, any other request may with `release=`. Raises
        the problem that names the releases that are kept.
        """
        if path.startswith(RELEASES):
            name = path.removeprefix(RELEASES).partition("/")[0]
            try:
                return await self.find(name)
            except LookupError:
                links = [f"{RELEASES}{kept}" for kept in self.kept]
                raise ProblemError("not-found", self._unknown(name), links=links) from None
        said = [
            value
            for name, value in parse_qsl(query.decode("latin-1"), keep_blank_values=True)
            if name.partition("[")[0] == "release"
        ]
        if not said:
            return None
        try:
            return await self.find(said[-1])
        except LookupError:
            mistake = Mistake(
                parameter="release",
                value=said[-1],
                message=self._unknown(said[-1]),
                suggestion=next(iter(self.kept), None),
            )
            raise refused([mistake], links=[RELEASES.rstrip("/")]) from None

    def _unknown(self, name: str) -> str:
        return f"no release {name!r} is kept here; these are: {', '.join(self.kept)}"

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Open the current release and exchange it whenever a new one is published."""
        self.refresh()
        watching = asyncio.create_task(self._watch())
        try:
            yield
        finally:
            watching.cancel()
            for release in self._opened.values():
                release.database.close()
            self.store.close()

    async def _watch(self) -> None:
        """Look for a new release now and then; what fails is tried again."""
        while True:
            await asyncio.sleep(self._watch_seconds)
            try:
                for before in await run_in_threadpool(self.refresh) or ():
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


async def served_by(request: Request) -> Serving:
    """Return what serves the releases."""
    serving: Serving = request.scope["lexcompare.serving"]
    return serving


ServingDep = Annotated[Serving, Depends(served_by)]
