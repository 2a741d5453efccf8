"""Media types of what is no JSON, and what else they may be called.

Few generated clients know `application/x-ndjson`. Each such answer is documented under a general
type too, and is called so for a client that takes that and not the exact one.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from api.byte_range import Headers
from models.bibliography import BIBTEX, RIS
from models.feed import ATOM

CSV = "text/csv"
NDJSON = "application/x-ndjson"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
PARQUET = "application/vnd.apache.parquet"

COMPRESSED = {XLSX, PARQUET}
"""Types that are compressed by themselves."""

_TEXT, _BYTES = "text/plain", "application/octet-stream"

GENERAL = {
    **dict.fromkeys((NDJSON, BIBTEX, RIS, ATOM), _TEXT),
    **dict.fromkeys((XLSX, PARQUET), _BYTES),
}
"""The general type of each that few clients know."""


def content(media_type: str, schema: dict[str, Any]) -> dict[str, Any]:
    """Describe an answer for the OpenAPI document, under each of its types."""
    types = [media_type, *([GENERAL[media_type]] if media_type in GENERAL else [])]
    if schema.get("format") != "binary":
        return {type_: {"schema": schema} for type_ in types}
    # Bytes, said both ways: generators know `format: binary`, JSON Schema the other.
    return {type_: {"schema": {**schema, "contentMediaType": type_}} for type_ in types}


# --- headers ------------------------------------------------------------------------------------


@lru_cache
def general_of(exact: bytes) -> bytes | None:
    """Return the general name of a media type, if it is one that few clients know."""
    general = GENERAL.get(_plain(exact).decode())
    return general.encode() if general else None


def _plain(media_type: bytes) -> bytes:
    """A media type without its parameters."""
    return media_type.partition(b";")[0].strip().lower()


def named(headers: Headers, general: bytes, accept: bytes) -> Headers:
    """Call the media type of an export as the client knows it: its own name, or a general one.

    Only a client that takes the general type and not the exact one is given the general one.
    """
    own = dict(headers)
    own[b"vary"] = b"Accept, Accept-Encoding"
    said = own[b"content-type"]
    exact = _plain(said)
    taken = {_plain(part) for part in accept.split(b",")}
    if general in taken and not taken & {exact, b"application/*", b"*/*"}:
        own[b"content-type"] = said.replace(exact, general, 1)
    return list(own.items())


def is_compressed(headers: dict[bytes, bytes]) -> bool:
    """Tell whether an answer is compressed by itself."""
    return _plain(headers.get(b"content-type", b"")).decode() in COMPRESSED
