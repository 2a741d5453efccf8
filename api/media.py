"""Media types of what is no JSON, and what else they may be called.

Few generated clients know `application/x-ndjson`. Each such answer is documented under a general
type too, and is called so for a client that takes that and not the exact one.
"""

from __future__ import annotations

from typing import Any

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
