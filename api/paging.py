"""Pages: keyset cursors, the `Link` header, and answers joined from finished records."""

from __future__ import annotations

import base64
import binascii
import hashlib
import json
from dataclasses import dataclass, replace
from datetime import date
from typing import Generic, TypeVar

from fastapi import Response
from pydantic import BaseModel, ConfigDict
from pydantic_core import to_json

from api.problems import Mistake, ProblemError, refused
from api.query import (
    ListQuery,
    NoQuery,
    check_names,
    check_ranges,
    query_string,
    shape_of,
    values_of,
)
from api.serving import Release
from models.database import Parameters
from models.statements import Shape

Item = TypeVar("Item")


class Count(BaseModel):
    """How many items have a value."""

    model_config = ConfigDict(use_attribute_docstrings=True)

    field: str
    """The parameter counted by."""
    value: str
    """Its value."""
    count: int
    """How many items of the whole list have it."""


class Page(BaseModel, Generic[Item]):
    """One page of a list."""

    model_config = ConfigDict(use_attribute_docstrings=True)

    items: list[Item]
    """The items of this page, in order."""
    next_cursor: str | None
    """`cursor` of the next page; null on the last."""
    total: int | None
    """Number of all items; null unless asked for with `total=true`."""
    counts: list[Count]
    """Counts of the whole list by the parameters named in `count_by`, most first."""
    as_of: date
    """Day that the answer is about."""
    release: str
    """Version and content hash of the dataset that answered."""


# The page of each collection takes the descriptions over; to look for docstrings in the sources of
# a class made from another one takes long and finds none.
Page.model_config["use_attribute_docstrings"] = False


@dataclass(frozen=True)
class Cursor:
    """Where a page ended: the sort value and id of its last item, and for which question."""

    after: str | int
    after_id: str
    as_of: str
    question: str

    def encode(self) -> str:
        """Render as one opaque word."""
        text = json.dumps([self.after, self.after_id, self.as_of, self.question])
        return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")

    @staticmethod
    def decode(word: str, question: str) -> Cursor:
        """Read a cursor and refuse one that belongs to another question."""
        try:
            text = base64.urlsafe_b64decode(word + "=" * (-len(word) % 4))
            after, after_id, as_of, asked = json.loads(text)
            date.fromisoformat(as_of)
            cursor = Cursor(after, str(after_id), as_of, asked)
        except (ValueError, TypeError, binascii.Error):
            raise _not_a_cursor(word, "this is not a cursor of this API") from None
        if asked != question or not isinstance(after, str | int):
            message = "this cursor belongs to other parameters: only `limit` may change"
            raise _not_a_cursor(word, message)
        return cursor


def _not_a_cursor(word: str, message: str) -> ProblemError:
    mistake = Mistake(parameter="cursor", value=word, message=message, suggestion=None)
    return refused([mistake])


def question_of(about: str, query: NoQuery) -> str:
    """Name a question by what it is about and its parameters, but for those that page."""
    said = query.model_dump_json(exclude={"limit", "cursor", "total", "count_by", "as_of"})
    return hashlib.sha256(f"{about} {said}".encode()).hexdigest()[:16]


async def read_page(release: Release, collection: str, query: ListQuery, path: str) -> Response:
    """Answer one page of a collection."""
    check_ranges(query)
    await check_names(query, release)
    shape = shape_of(collection, query, after=query.cursor is not None)
    if query.cursor is not None:
        cursor = Cursor.decode(query.cursor, question_of(collection, query))
        if query.as_of is not None and query.as_of.isoformat() != cursor.as_of:
            raise _not_a_cursor(query.cursor, f"this cursor is about as_of={cursor.as_of}")
        query.as_of = date.fromisoformat(cursor.as_of)
        values = {**values_of(query), "after": cursor.after, "after_id": cursor.after_id}
    else:
        values = values_of(query)
    found = await release.read(release.page(shape), **values, limit=query.limit + 1)
    rows = found[: query.limit]
    as_of = str(values["as_of"])
    following: str | None = None
    if len(found) > query.limit:
        question = question_of(collection, query)
        following = Cursor(rows[-1][1], rows[-1][2], as_of, question).encode()
    number, counted = await _counts(release, shape, query, values)
    body = (
        f'{{"items":[{",".join(row[0] for row in rows)}],"next_cursor":{json.dumps(following)},'
        f'"total":{json.dumps(number)},"counts":{counted},"as_of":"{as_of}","release":"{release.name}"}}'
    )
    headers = {"Lexcompare-As-Of": as_of}
    if following:
        headers["Link"] = _link(path, query, as_of, following)
    return Response(body, media_type="application/json", headers=headers)


async def _counts(
    release: Release, shape: Shape, query: ListQuery, values: Parameters
) -> tuple[int | None, str]:
    """Count what was asked to be counted, and nothing else; where a page begins plays no part."""
    fields: list[str] = getattr(query, "count_by", None) or []
    if not query.total and not fields:
        return None, "[]"
    shape = replace(shape, sort="id", descending=False, after=False)
    number = (await release.read(release.total(shape), **values))[0][0] if query.total else None
    counted = [
        {"field": field, "value": value, "count": count}
        for field in dict.fromkeys(fields)
        for value, count in await release.read(release.counts(shape, field), **values)
    ]
    return number, to_json(counted).decode()


def _link(path: str, query: ListQuery, as_of: str, following: str) -> str:
    """Return the `Link` header (RFC 8288) to the next page."""
    return f'<{path}?{query_string(query, as_of=as_of, cursor=following)}>; rel="next"'
