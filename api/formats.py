"""Exports: whole tables as CSV, NDJSON, XLSX or Parquet, with the same values in each.

A table is read in batches, so that an export of any size takes the same memory; between batches
other requests get their turn. XLSX and Parquet are files, written aside before the answer begins.
"""

import asyncio
import json
import tempfile
from collections.abc import (
    AsyncIterator,
    Awaitable,
    Callable,
    Iterable,
    Mapping,
    Sequence,
)
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from datetime import date
from itertools import islice
from typing import IO, Annotated, Any, Protocol

from fastapi import APIRouter, Depends, Path, Response
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import StreamingResponse

from api.media import CSV, NDJSON, PARQUET, XLSX, content
from api.problems import responses
from api.query import (
    Filters,
    NoQuery,
    check_names,
    check_ranges,
    parameters,
    parsed,
    shape_of,
    values_of,
)
from api.serving import Release, ReleaseDep
from models.collection import COLLECTIONS
from models.flat import csv_line, read_lines, table_columns
from models.table import Row, TableColumn
from models.workbook import ParquetFile, Workbook

CHUNK = 50
"""Rows read at once; between chunks other requests get their turn."""

PART = 1 << 16
"""Bytes of a file that are sent at once."""


class Table(Protocol):
    """Rows of typed columns that can be read once, in batches."""

    @property
    def name(self) -> str:
        """What its file is called."""

    @property
    def columns(self) -> Sequence[TableColumn]:
        """Its columns."""

    @property
    def headers(self) -> Mapping[str, str]:
        """Headers of the answer."""

    @property
    def about(self) -> Mapping[str, str]:
        """What a file says of itself: release and day."""

    def rows(self) -> AsyncIterator[list[Row]]:
        """Read the rows."""

    def lines(self) -> AsyncIterator[str]:
        """Read the rows as CSV, without the header."""

    def items(self) -> AsyncIterator[str]:
        """Read the rows as JSON, a line each."""


@dataclass(frozen=True)
class FlatTable:
    """A table whose rows are made in memory, some at a time."""

    name: str
    columns: Sequence[TableColumn]
    made: Iterable[Row]
    headers: Mapping[str, str] = field(default_factory=dict)
    about: Mapping[str, str] = field(default_factory=dict)

    async def rows(self) -> AsyncIterator[list[Row]]:
        """Read the rows, giving other requests their turn."""
        ahead = iter(self.made)
        while some := list(islice(ahead, CHUNK)):
            yield some
            await asyncio.sleep(0)

    async def lines(self) -> AsyncIterator[str]:
        """Write the rows as CSV."""
        async for some in self.rows():
            yield "".join(csv_line(row) for row in some)

    async def items(self) -> AsyncIterator[str]:
        """Write the rows as JSON objects, null where there is nothing."""
        names = [column.name for column in self.columns]
        async for some in self.rows():
            yield "".join(
                json.dumps(
                    {
                        name: cell.isoformat() if isinstance(cell, date) else cell
                        for name, cell in zip(names, row, strict=True)
                    },
                    ensure_ascii=False,
                )
                + "\n"
                for row in some
            )


@dataclass(frozen=True)
class CollectionTable:
    """A collection, from the finished lines and records of the release."""

    release: Release
    name: str
    query: Filters

    @property
    def columns(self) -> Sequence[TableColumn]:
        """The columns of the collection's records."""
        return table_columns(COLLECTIONS[self.name].record)

    @property
    def headers(self) -> Mapping[str, str]:
        """The day that it was asked for."""
        return {"Lexcompare-As-Of": self.query.day.isoformat()}

    @property
    def about(self) -> Mapping[str, str]:
        """Release and day."""
        return {"release": self.release.name, "as_of": self.query.day.isoformat()}

    async def _read(self, line: bool) -> AsyncIterator[list[str]]:
        """Read finished lines, or records, page by page."""
        shape, values = shape_of(self.name, self.query), values_of(self.query)
        while True:
            page = self.release.page(shape, line=line)
            rows = await self.release.read(page, **values, limit=CHUNK)
            if rows:
                yield [row[0] for row in rows]
            if len(rows) < CHUNK:
                return
            shape = shape_of(self.name, self.query, after=True)
            values = {**values, "after": rows[-1][1], "after_id": rows[-1][2]}
            await asyncio.sleep(0)

    async def rows(self) -> AsyncIterator[list[Row]]:
        """Read the finished lines back as values."""
        async for some in self._read(line=True):
            yield list(read_lines(COLLECTIONS[self.name].record, some))

    async def lines(self) -> AsyncIterator[str]:
        """Hand the finished lines on."""
        async for some in self._read(line=True):
            yield "".join(some)

    async def items(self) -> AsyncIterator[str]:
        """Hand the finished records on: what the list answers, a line each."""
        async for some in self._read(line=False):
            yield "\n".join(some) + "\n"


async def collection_table(release: Release, collection: str, query: Filters) -> CollectionTable:
    """Return a whole collection, filtered, as a table. Refuses what stands for nothing."""
    check_ranges(query)
    await check_names(query, release)
    return CollectionTable(release, collection, query)


# --- formats ------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Format:
    """A format of exports."""

    suffix: str
    media_type: str
    label: str
    about: str
    """What its rows are, for the documentation."""
    binary: bool

    @property
    def responses(self) -> dict[int | str, dict[str, Any]]:
        """Its answer as the OpenAPI document describes it."""
        schema = {"type": "string", **({"format": "binary"} if self.binary else {})}
        return {
            200: {
                "description": self.about,
                "content": content(self.media_type, schema),
            }
        }


FORMATS = (
    Format(
        "csv",
        CSV,
        "CSV",
        "One row an item, with a header line; RFC 4180, UTF-8.",
        binary=False,
    ),
    Format(
        "ndjson",
        NDJSON,
        "NDJSON",
        "One JSON object a line, UTF-8.",
        binary=False,
    ),
    Format(
        "xlsx",
        XLSX,
        "XLSX",
        "A workbook: the rows on the first sheet, what they are on the second.",
        binary=True,
    ),
    Format(
        "parquet",
        PARQUET,
        "Parquet",
        "A Parquet file with typed columns.",
        binary=True,
    ),
)
"""The formats of every export."""


async def written(table: Table, format_: Format) -> Response:
    """Answer a table in a format."""
    headers = {
        **table.headers,
        "Content-Disposition": f'inline; filename="{table.name}.{format_.suffix}"',
    }
    if format_.suffix == "csv":
        body = _csv(table)
    elif format_.suffix == "ndjson":
        body = table.items()
    else:
        return await _file(table, format_, headers)
    charset = "; charset=utf-8" if format_.suffix == "csv" else ""
    return StreamingResponse(body, media_type=format_.media_type + charset, headers=headers)


async def _csv(table: Table) -> AsyncIterator[str]:
    yield csv_line([column.name for column in table.columns])
    async for part in table.lines():
        yield part


async def _file(table: Table, format_: Format, headers: dict[str, str]) -> Response:
    """Write a file aside, a batch at a time, and answer it."""
    kind: type[Workbook] | type[ParquetFile] = Workbook
    if format_.suffix == "parquet":
        kind = ParquetFile
    async with AsyncExitStack() as stack:
        file = await run_in_threadpool(tempfile.TemporaryFile)
        stack.callback(file.close)
        writer: Workbook | ParquetFile = await run_in_threadpool(
            kind, file, table.name, table.columns, table.about
        )
        async for rows in table.rows():
            await run_in_threadpool(writer.write, rows)
        await run_in_threadpool(writer.close)
        headers["Content-Length"] = str(file.seek(0, 2))
        file.seek(0)
        stack.pop_all()
    return StreamingResponse(_parts(file), media_type=format_.media_type, headers=headers)


async def _parts(file: IO[bytes]) -> AsyncIterator[bytes]:
    """Send a file and close it."""
    with file:
        while part := file.read(PART):
            yield part
            await asyncio.sleep(0)


# --- routes -------------------------------------------------------------------------------------


def add_exports(
    router: APIRouter,
    path: str,
    name: str,
    about: str,
    query: type[NoQuery],
    make: Callable[..., Awaitable[Table]],
    example: str = "",
) -> None:
    """Give a router the exports of a table: a path of its own for each format.

    `make` is given the release, the query and what the path names. `about` says what a row is,
    `example` is an id where the path has one.
    """
    if bool(example) != ("{id}" in path):
        raise ValueError(f"{path}: an address with an id needs an example of one")
    for format_ in FORMATS:
        router.add_api_route(
            f"{path}.{format_.suffix}",
            _route(make, query, format_, example),
            name=f"export_{name}_{format_.suffix}",
            summary=f"Export {name.replace('_', ' ')} as {format_.label}",
            description=f"{about} {format_.about}",
            response_model=None,
            response_class=Response,
            responses={**format_.responses, **responses(*([404] if example else []), 422)},
            openapi_extra=parameters(query),
        )


def _route(
    make: Callable[..., Awaitable[Table]], query_model: type[NoQuery], format_: Format, example: str
) -> Callable[..., Awaitable[Response]]:
    """Return what answers an export."""

    async def export(
        release: ReleaseDep, query: Annotated[Any, Depends(parsed(query_model))]
    ) -> Response:
        return await written(await make(release, query), format_)

    async def export_of(
        id: Annotated[str, Path(description="Identifier.", examples=[example])],
        release: ReleaseDep,
        query: Annotated[Any, Depends(parsed(query_model))],
    ) -> Response:
        return await written(await make(release, query, id), format_)

    return export_of if example else export
