"""Exports: whole collections as CSV, streamed from finished lines."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Any

from fastapi.responses import StreamingResponse

from api.query import Filters, check_names, check_ranges, shape_of, values_of
from api.serving import Release
from models.collection import COLLECTIONS
from models.flat import csv_line, header

CHUNK = 200
"""Rows read at once; between chunks other requests get their turn."""

CSV_RESPONSE: dict[int | str, dict[str, Any]] = {
    200: {
        "description": "One row an item, with a header line; RFC 4180, UTF-8.",
        "content": {"text/csv": {"schema": {"type": "string"}}},
    }
}


async def export_csv(release: Release, collection: str, query: Filters) -> StreamingResponse:
    """Stream a whole collection, filtered, as CSV."""
    check_ranges(query)
    await check_names(query, release)
    first = csv_line(header(COLLECTIONS[collection].record))

    async def lines() -> AsyncIterator[str]:
        yield first
        shape, values = shape_of(collection, query), values_of(query)
        while True:
            rows = await release.read(release.page(shape, line=True), **values, limit=CHUNK)
            if rows:
                yield "".join(row[0] for row in rows)
            if len(rows) < CHUNK:
                return
            shape = shape_of(collection, query, after=True)
            values = {**values, "after": rows[-1][1], "after_id": rows[-1][2]}
            await asyncio.sleep(0)

    return StreamingResponse(
        lines(),
        media_type="text/csv; charset=utf-8",
        headers={
            "Lexcompare-As-Of": query.day.isoformat(),
            "Content-Disposition": f'inline; filename="{collection}.csv"',
        },
    )
