"""One middleware before routing: kept answers, `ETag` and 304, HEAD, compression, common headers.

Everything that the API answers depends on the release, the code and the canonical request alone,
so these make the `ETag`, and a client that has it is answered before anything is looked up.
"""

from __future__ import annotations

import hashlib
import itertools
import re
import secrets
import time
from collections import OrderedDict
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from importlib.metadata import version
from pathlib import Path
from typing import Any

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.byte_range import Headers, Part, part_of
from api.compression import Encoder, compress, encoding_of
from api.media import general_of, is_compressed, named
from api.problems import ProblemError
from api.serving import RELEASES, Serving

COMPRESS_FROM = 1024
"""Smallest body that is compressed, in bytes."""

SHARE = 8
"""An answer that takes more than one part in so many of the room is not kept: it would drive out
many others, and what is made and dropped at once costs no new memory.
"""

BUFFER = 1 << 20
"""Largest body that is held back to be kept, in bytes; a longer one is streamed."""

EXPOSED = (
    b"ETag, Link, Accept-Ranges, Content-Range, Lexcompare-Release, Lexcompare-As-Of, X-Request-Id,"
    b" Deprecation, Sunset"
)
CORS: Headers = [
    (b"access-control-allow-origin", b"*"),
    (b"access-control-expose-headers", EXPOSED),
]
_CORS = dict(CORS)
ALLOWED = b"GET, HEAD, OPTIONS"
ABOUT_RELEASES = "/v1/dataset"
"""Addresses whose answers are about releases."""

_REQUEST_ID = re.compile(rb"[A-Za-z0-9._-]{1,64}")


class Kept:
    """A finished answer."""

    def __init__(self, headers: dict[bytes, bytes], etag: bytes, body: bytes) -> None:
        self.headers: Headers = list(headers.items())
        self.etag = etag
        self.body = body
        self.general = general_of(headers.get(b"content-type", b""))
        """The general type that some clients want it called by."""
        self.divisible = b"accept-ranges" in headers
        """Whether it takes ranges."""
        self.size = len(body) + 2_000
        """Roughly the memory it takes, in bytes."""

    @cached_property
    def not_modified(self) -> Headers:
        """Headers of a 304."""
        return [h for h in self.headers if not h[0].startswith(b"content-") and h[0] != b"link"]


@dataclass(slots=True)
class Client:
    """Who asks, and how an answer reaches it."""

    matching: bytes | None
    """`If-None-Match`."""
    part: Part | None
    accept: bytes
    """`Accept`."""
    identity: tuple[bytes, bytes]
    """The request's id, as a header."""
    head: bool
    """Whether it wants no body."""
    send: Send


class Caching:
    """Answers from memory what was answered before, and gives every answer its common headers."""

    def __init__(self, app: ASGIApp, serving: Serving, megabytes: int, max_age: int) -> None:
        """Stand before `app`."""
        self.app = app
        self.serving = serving
        self.room = megabytes << 20
        self.used = 0
        self.kept: OrderedDict[tuple[Any, ...], Kept] = OrderedDict()
        self.cache_control = f"public, max-age={max_age}".encode()
        self.code = f"{code_version()} {serving.address}"
        self._today = (0, "")
        self._prefix = secrets.token_hex(4)
        self._numbers = itertools.count(1)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request from memory, with 304, or by asking the app."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        headers: Headers = scope["headers"]
        said = dict(headers)
        identity = (b"x-request-id", self._request_id(said.get(b"x-request-id")))
        method: str = scope["method"]
        if method == "OPTIONS":
            await _options(said, identity, send)
            return
        release = self.serving.release
        asked: bytes = scope["query_string"]
        scope["lexcompare.serving"] = self.serving
        scope["lexcompare.release"] = release
        if method not in ("GET", "HEAD") or release is None:
            await self.app(scope, receive, _with_headers(send, [identity, *CORS]))
            return
        path: str = scope["path"]
        if b"release" in asked or b"%" in asked or path.startswith(RELEASES):
            try:
                release = await self.serving.asked_for(path, asked) or release
            except ProblemError as error:
                refused = error.response(path, {"Cache-Control": "no-cache"})
                await refused(scope, receive, _with_headers(send, [identity, *CORS]))
                return
            scope["lexcompare.release"] = release
        encoding = encoding_of(said.get(b"accept-encoding", b""))
        day = self._day()
        # What is said of releases depends also on which are kept.
        kept_ones = self.serving.state if path.startswith(ABOUT_RELEASES) else ""
        key = (release.name, kept_ones, day, path, asked, encoding)
        matching = said.get(b"if-none-match")
        accept = said.get(b"accept", b"")
        client = Client(matching, part_of(said), accept, identity, method == "HEAD", send)
        kept = self.kept.get(key)
        if kept is not None:
            self.kept.move_to_end(key)
            await _send_kept(kept, client)
            return
        etag = self._etag(f"{release.name} {kept_ones}", day, path, asked, encoding)
        common = {
            b"etag": etag,
            b"cache-control": self.cache_control,
            b"vary": b"Accept-Encoding",
            b"lexcompare-release": release.name.encode(),
            **_CORS,
        }
        if matching and _matches(matching, etag, any_=False):
            await _start(send, 304, [*common.items(), identity])
            await send({"type": "http.response.body"})
            return
        answer = _Answer(self, key, common, encoding, etag, client)
        # A copy: the server looks at its own scope to know that HEAD has no body.
        await self.app(
            {**scope, "method": "GET", "lexcompare.method": method}, receive, answer.take
        )

    def keep(self, key: tuple[Any, ...], kept: Kept) -> None:
        """Remember an answer and forget the least used ones when room runs out."""
        if kept.size * SHARE > self.room:
            return
        before = self.kept.pop(key, None)  # two requests may have missed at the same time
        self.kept[key] = kept
        self.used += kept.size - (before.size if before else 0)
        while self.used > self.room:
            _, old = self.kept.popitem(last=False)
            self.used -= old.size

    def _day(self) -> str:
        """The current day, UTC, looked up once a second at most."""
        now = int(time.time())
        if now != self._today[0]:
            self._today = (now, time.strftime("%Y-%m-%d", time.gmtime(now)))
        return self._today[1]

    def _etag(self, release: str, day: str, path: str, asked: bytes, encoding: str) -> bytes:
        """Hash everything that an answer depends on."""
        canonical = "&".join(sorted(asked.decode("latin-1").split("&")))
        # An answer about a day that was asked for stays the same tomorrow.
        today = "" if b"as_of=" in asked else day
        text = "\n".join([release, self.code, today, path, canonical, encoding])
        return b'"' + hashlib.sha256(text.encode()).hexdigest()[:32].encode() + b'"'

    def _request_id(self, given: bytes | None) -> bytes:
        """The client's own id of the request, or a new one."""
        if given is not None and _REQUEST_ID.fullmatch(given):
            return given
        return f"{self._prefix}-{next(self._numbers):x}".encode()


class _Answer:
    """Takes the app's messages: keeps a bounded body, streams a longer one."""

    def __init__(
        self,
        cache: Caching,
        key: tuple[Any, ...],
        common: dict[bytes, bytes],
        encoding: str,
        etag: bytes,
        client: Client,
    ) -> None:
        self.cache, self.key, self.common = cache, key, common
        self.encoding, self.etag, self.client = encoding, etag, client
        self.identity, self.head, self.send = client.identity, client.head, client.send
        self.status = 0
        self.own: dict[bytes, bytes] = {}
        """The app's own headers."""
        self.chunks: list[bytes] = []
        self.held = 0
        self.encoder: Encoder | None = None
        self.passing = False
        """Whether the answer is a file, which takes ranges, and has a validator, by itself."""

    async def take(self, message: Message) -> None:
        """Take one message of the app."""
        if message["type"] == "http.response.start":
            self.status = message["status"]
            self.own = dict(message["headers"])
            self.passing = b"accept-ranges" in self.own
            if self.passing:
                own = {**self.common, **self.own}
                await _start(self.send, self.status, [*own.items(), self.identity])
            return
        if self.passing:
            await self.send(message)
            return
        body: bytes = message.get("body", b"")
        more: bool = message.get("more_body", False)
        if self.encoder is not None:
            await self._stream(body, more)
            return
        self.chunks.append(body)
        self.held += len(body)
        if more and self.held <= BUFFER:
            return
        if more:
            await self._start_stream()
        else:
            await self._finish(b"".join(self.chunks))

    async def _finish(self, body: bytes) -> None:
        """Send a whole body, and keep it if it is an answer worth keeping."""
        own = self.own
        if self.status != 200 or own.get(b"cache-control") == b"no-store":
            own.setdefault(b"cache-control", b"no-cache")
            await self._send(self.status, [*own.items(), self.identity, *CORS], body)
            return
        if is_compressed(own):
            own[b"accept-ranges"] = b"bytes"
        elif self.encoding != "identity" and len(body) >= COMPRESS_FROM:
            body = compress(body, self.encoding)
            own[b"content-encoding"] = self.encoding.encode()
        own[b"content-length"] = str(len(body)).encode()
        kept = Kept({**self.common, **own}, self.etag, body)
        self.cache.keep(self.key, kept)
        await _send_kept(kept, self.client)

    async def _start_stream(self) -> None:
        """Begin to send a body that is too long to be held back."""
        own = self.own
        encoding = "identity" if is_compressed(own) else self.encoding
        self.encoder = Encoder(encoding)
        if encoding != "identity":
            own.pop(b"content-length", None)
            own[b"content-encoding"] = encoding.encode()
        headers = list({**self.common, **own}.items())
        if general := general_of(own.get(b"content-type", b"")):
            headers = named(headers, general, self.client.accept)
        await _start(self.send, self.status, [*headers, self.identity])
        held, self.chunks = b"".join(self.chunks), []
        await self._stream(held, True)

    async def _stream(self, body: bytes, more: bool) -> None:
        """Send a part of a long body."""
        assert self.encoder is not None
        part = b"" if self.head else self.encoder.part(body)
        if not more and not self.head:
            part += self.encoder.end()
        if part or not more:
            await self.send({"type": "http.response.body", "body": part, "more_body": more})

    async def _send(self, status: int, headers: Iterable[tuple[bytes, bytes]], body: bytes) -> None:
        await _start(self.send, status, list(headers))
        await self.send({"type": "http.response.body", "body": b"" if self.head else body})


def _matches(matching: bytes, etag: bytes, any_: bool) -> bool:
    """Tell whether `If-None-Match` names the answer the client would get."""
    if matching == etag:
        return True
    if matching.strip() == b"*":
        return any_
    return any(tag.strip().removeprefix(b"W/") == etag for tag in matching.split(b","))


async def _send_kept(kept: Kept, client: Client) -> None:
    """Send a kept answer, a part of it, or 304 to a client that has it."""
    if client.matching is not None and _matches(client.matching, kept.etag, any_=True):
        await _start(client.send, 304, [*kept.not_modified, client.identity])
        await client.send({"type": "http.response.body"})
        return
    status, headers, body = 200, kept.headers, kept.body
    if client.part is not None and kept.divisible:
        status, headers, body = client.part.of(kept.headers, kept.etag, kept.body)
    if kept.general is not None:
        headers = named(headers, kept.general, client.accept)
    await _start(client.send, status, [*headers, client.identity])
    await client.send({"type": "http.response.body", "body": b"" if client.head else body})


async def _start(send: Send, status: int, headers: Headers) -> None:
    await send({"type": "http.response.start", "status": status, "headers": headers})


def _with_headers(send: Send, extra: Headers) -> Send:
    """Add headers to whatever the app answers."""

    async def wrapped(message: Message) -> None:
        if message["type"] == "http.response.start":
            message["headers"] = [*message["headers"], *extra]
        await send(message)

    return wrapped


async def _options(said: dict[bytes, bytes], identity: tuple[bytes, bytes], send: Send) -> None:
    """Answer OPTIONS, preflight requests of browsers included: anyone may read from anywhere."""
    headers: Headers = [
        (b"allow", ALLOWED),
        (b"access-control-allow-methods", ALLOWED),
        (b"access-control-max-age", b"86400"),
        (b"content-length", b"0"),
        identity,
        *CORS,
    ]
    wanted = said.get(b"access-control-request-headers")
    if wanted is not None:
        headers += [
            (b"access-control-allow-headers", wanted),
            (b"vary", b"Access-Control-Request-Headers"),
        ]
    await _start(send, 204, headers)
    await send({"type": "http.response.body"})


def code_version() -> str:
    """Return what tells this code from another: its version and the hash of its sources."""
    content = hashlib.sha256(version("lexcompare").encode())
    for folder in ("api", "models"):
        for path in sorted((Path(__file__).parent.parent / folder).rglob("*.py")):
            content.update(path.read_bytes())
    return content.hexdigest()[:12]
