"""Ranges of bytes: the part of a kept file that a client asks for (RFC 9110, one range)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypeAlias

Headers: TypeAlias = list[tuple[bytes, bytes]]

_RANGE = re.compile(rb"bytes=(\d{0,18})-(\d{0,18})")


@dataclass(frozen=True)
class Part:
    """The part of a file that a client asks for."""

    first: int | None
    """First byte; null for the last `last` bytes."""
    last: int | None
    """Last byte; null for the end."""
    only_of: bytes | None
    """`If-Range`: the file it has a part of."""

    def of(self, headers: Headers, etag: bytes, body: bytes) -> tuple[int, Headers, bytes]:
        """Return status, headers and the part of a file."""
        size = len(body)
        start = max(0, size - (self.last or 0)) if self.first is None else self.first
        end = size - 1 if self.first is None or self.last is None else min(self.last, size - 1)
        if self.only_of not in (None, etag):
            return 200, headers, body
        own = [h for h in headers if h[0] != b"content-length"]
        if start > end or start >= size:
            whole = f"bytes */{size}".encode()
            return 416, [*own, (b"content-range", whole), (b"content-length", b"0")], b""
        body = body[start : end + 1]
        told = [
            (b"content-range", f"bytes {start}-{end}/{size}".encode()),
            (b"content-length", str(len(body)).encode()),
        ]
        return 206, [*own, *told], body


def part_of(said: Mapping[bytes, bytes]) -> Part | None:
    """Read `Range`; several ranges, and what is no range of bytes, are answered whole."""
    asked = said.get(b"range")
    found = _RANGE.fullmatch(asked) if asked else None
    if found is None or not any(found.groups()):
        return None
    first, last = (int(digits) if digits else None for digits in found.groups())
    if first is not None and last is not None and last < first:
        return None
    return Part(first, last, said.get(b"if-range"))
