"""Compression: which kind a client takes, and how a whole body or a stream is compressed."""

from __future__ import annotations

import gzip
import re
import zlib

import zstandard

_ZSTD = zstandard.ZstdCompressor(level=3)


def encoding_of(accepted: bytes) -> str:
    """Choose how to compress: what the client takes and does not rule out."""
    if not accepted:
        return "identity"
    weights: dict[str, str] = {}
    for part in accepted.decode("latin-1").lower().split(","):
        name, _, weight = part.partition(";")
        weights[name.strip()] = weight.replace(" ", "")
    for name in ("zstd", "gzip"):
        if name in weights and not re.fullmatch(r"q=0(\.0*)?", weights[name]):
            return name
    return "identity"


def compress(body: bytes, encoding: str) -> bytes:
    """Compress a whole body."""
    if encoding == "zstd":
        return _ZSTD.compress(body)
    return gzip.compress(body, compresslevel=1, mtime=0)


class Encoder:
    """Compresses a stream part by part."""

    def __init__(self, encoding: str) -> None:
        self._gzip = zlib.compressobj(1, wbits=31) if encoding == "gzip" else None
        self._zstd = zstandard.ZstdCompressor(level=3).compressobj() if encoding == "zstd" else None

    def part(self, data: bytes) -> bytes:
        """Compress a part."""
        if self._gzip:
            return self._gzip.compress(data)
        return self._zstd.compress(data) if self._zstd else data

    def end(self) -> bytes:
        """Return what is still held back."""
        if self._gzip:
            return self._gzip.flush()
        return self._zstd.flush() if self._zstd else b""
