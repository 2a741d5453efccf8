"""Asks web servers politely: a queue and a rate for each host, robots.txt, waiting when told to.

Every hop of a redirect is a request like any other: it stands in the queue of its own host and asks
that host's robots.txt.
"""

from __future__ import annotations

import asyncio
import random
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from types import TracebackType

import httpx
from protego import Protego

AGENT = "lexcompare"
"""How robots.txt calls us."""

REDIRECTS = {301, 302, 303, 307, 308}
AGAIN = {429, 500, 502, 503, 504}
"""Statuses that a later request may not meet."""

MAX_HOPS = 10
MAX_ROBOTS_HOPS = 5
"""As RFC 9309 asks."""
ROBOTS_BYTES = 500 * 1024
LARGEST = 64 * 1024 * 1024
"""Bytes of a body that are read at most."""
GIVE_UP = 5
"""Addresses of a host that fail one after the other until the rest is not asked."""


@dataclass(frozen=True)
class Manners:
    """How much is asked of servers, and how long is waited for them."""

    concurrency: int = 8
    """Requests under way at once, to all hosts."""
    per_host: int = 1
    """Requests under way at once to one host."""
    rate: float = 0.5
    """Requests a second to one host; robots.txt can ask for fewer."""
    timeout: float = 30.0
    """Seconds to wait for a connection and for each part of an answer."""
    attempts: int = 4
    """How often an address is asked that fails for the moment."""
    backoff: float = 2.0
    """Seconds to wait after the first failure; doubled after each further one."""
    longest_wait: float = 120.0
    """Seconds of waiting that a server may ask for; who asks for more is asked another day."""
    agent: str = AGENT
    """The User-Agent header."""


class UnreachableError(Exception):
    """The address gave no usable answer; another day it may."""


class BarredError(Exception):
    """The site does not want the address to be read by programs."""


@dataclass(frozen=True)
class Hop:
    """A redirect."""

    status: int
    to: str


@dataclass(frozen=True)
class Answer:
    """What an address gave in the end."""

    address: str
    """The address that answered, after all redirects."""
    status: int
    headers: httpx.Headers
    body: bytes
    hops: tuple[Hop, ...] = ()


@dataclass
class _Lane:
    """The queue of one host."""

    slots: asyncio.Semaphore
    interval: float
    free_at: float = 0.0
    failures: int = 0
    closed: str = ""
    """Why the host is not asked any more; empty while it is."""
    robots: dict[str, Protego] = field(default_factory=dict)
    reading: asyncio.Lock = field(default_factory=asyncio.Lock)

    async def turn(self) -> None:
        """Wait until the host may be asked again, and take that turn."""
        now = asyncio.get_running_loop().time
        while (wait := self.free_at - now()) > 0:  # noqa: ASYNC110 (it can grow meanwhile)
            await asyncio.sleep(wait)
        self.free_at = now() + self.interval

    def pause(self, seconds: float) -> None:
        """Let the whole host rest."""
        rested = asyncio.get_running_loop().time() + seconds
        self.free_at = max(self.free_at, rested)


class PoliteClient:
    """Reads addresses with good manners; an async context manager."""

    def __init__(self, manners: Manners) -> None:
        """Prepare; nothing is asked yet."""
        self.manners = manners
        self._slots = asyncio.Semaphore(manners.concurrency)
        self._lanes: dict[str, _Lane] = {}
        self._http = httpx.AsyncClient(
            headers={"User-Agent": manners.agent, "Accept": "text/html,*/*;q=0.8"},
            timeout=manners.timeout,
            follow_redirects=False,
        )

    async def __aenter__(self) -> PoliteClient:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self._http.aclose()

    async def get(
        self, address: str, conditions: Mapping[str, str] | None = None, at: str | None = None
    ) -> Answer:
        """Read an address, following redirects. Raises `UnreachableError` and `BarredError`.

        `conditions` are headers such as `If-None-Match`; they go only to the address that they came
        from: `at`, where that is another.
        """
        hops: list[Hop] = []
        current = _url(address)
        came_from = _url(at or address)
        while len(hops) <= MAX_HOPS:
            lane = self._lane(current)
            async with lane.slots:
                rules = await self._rules(lane, current)
                if not rules.can_fetch(str(current), AGENT):
                    raise BarredError("robots.txt of the site forbids it")
                headers = conditions if conditions and current == came_from else {}
                answer = await self._patiently(lane, current, headers)
            to = answer.headers.get("location")
            if answer.status not in REDIRECTS or not to:
                return Answer(
                    answer.address, answer.status, answer.headers, answer.body, tuple(hops)
                )
            current = _url(to, current)
            hops.append(Hop(answer.status, str(current)))
        raise UnreachableError(f"more than {MAX_HOPS} redirects")

    def _lane(self, url: httpx.URL) -> _Lane:
        """Return the queue of an address's host."""
        host = url.netloc.decode("ascii")
        if host not in self._lanes:
            slots = asyncio.Semaphore(self.manners.per_host)
            self._lanes[host] = _Lane(slots, 1 / self.manners.rate)
        return self._lanes[host]

    async def _rules(self, lane: _Lane, url: httpx.URL) -> Protego:
        """Return what a site's robots.txt says, read once; a site without one allows everything."""
        origin = str(url.copy_with(raw_path=b"/robots.txt"))
        async with lane.reading:
            if origin not in lane.robots:
                try:
                    text = await self._robots(lane, httpx.URL(origin))
                except UnreachableError as error:
                    # RFC 9309: as long as it cannot be read, everything counts as forbidden.
                    lane.closed = lane.closed or f"its robots.txt cannot be read: {error}"
                    raise
                rules = lane.robots[origin] = Protego.parse(text)
                told = rules.request_rate(AGENT)
                paces = [
                    rules.crawl_delay(AGENT) or 0.0,
                    told.seconds / told.requests if told else 0,
                ]
                lane.interval = max(lane.interval, min(self.manners.longest_wait, max(paces)))
            return lane.robots[origin]

    async def _robots(self, lane: _Lane, url: httpx.URL) -> str:
        """Read a robots.txt; empty where the site has none."""
        for _ in range(MAX_ROBOTS_HOPS + 1):
            answer = await self._patiently(lane, url, {})
            if answer.status == 200:
                return answer.body[:ROBOTS_BYTES].decode("utf-8-sig", "replace")
            if answer.status not in REDIRECTS or "location" not in answer.headers:
                break
            url = _url(answer.headers["location"], url)
            lane = self._lane(url)
        return ""

    async def _patiently(self, lane: _Lane, url: httpx.URL, headers: Mapping[str, str]) -> Answer:
        """Ask until there is an answer to keep, resting as the server asks or ever longer."""
        if lane.closed:
            raise UnreachableError(f"not asked: {lane.closed}")
        for attempt in range(1, self.manners.attempts + 1):
            wait = self.manners.backoff * 2 ** (attempt - 1) * random.uniform(0.75, 1.25)
            try:
                answer = await self._once(lane, url, headers)
            except httpx.RequestError as error:
                said = _words(error)
            except TimeoutError:
                said = "the answer did not end"
            else:
                if answer.status not in AGAIN:
                    lane.failures = 0
                    return answer
                said = f"it answers {answer.status}"
                wait = _retry_after(answer.headers) or wait
            if wait > self.manners.longest_wait:
                lane.closed = said = f"{said} and asks to wait for {wait:.0f} s"
                break
            if attempt < self.manners.attempts:
                lane.pause(wait)
        lane.failures += 1
        if lane.failures >= GIVE_UP:
            lane.closed = lane.closed or f"the host failed {GIVE_UP} times in a row"
        raise UnreachableError(said)

    async def _once(self, lane: _Lane, url: httpx.URL, headers: Mapping[str, str]) -> Answer:
        """Ask once, in turn."""
        await lane.turn()
        # A server that sends a byte now and then never runs into the timeout of a part.
        async with self._slots, asyncio.timeout(4 * self.manners.timeout):
            async with self._http.stream("GET", url, headers=dict(headers)) as response:
                body = bytearray()
                async for chunk in response.aiter_bytes():
                    body += chunk
                    if len(body) > LARGEST:
                        raise UnreachableError(f"it sends more than {LARGEST >> 20} MB")
                return Answer(str(url), response.status_code, response.headers, bytes(body))


def _url(address: str, base: httpx.URL | None = None) -> httpx.URL:
    """Read an address, without the part that servers do not see."""
    try:
        url = base.join(address) if base else httpx.URL(address)
    except (httpx.InvalidURL, UnicodeError, ValueError) as error:
        raise UnreachableError(f"not an address: {address[:100]!r}") from error
    if url.scheme not in ("http", "https") or not url.host:
        raise UnreachableError(f"not an address of the web: {address[:100]!r}")
    return url.copy_with(fragment=None)


def _retry_after(headers: httpx.Headers) -> float | None:
    """Seconds that a server asks to wait; null where it does not, or not in a readable form."""
    said = headers.get("retry-after", "").strip()
    if said.isascii() and said.isdecimal():
        return float(said)
    try:
        then = parsedate_to_datetime(said)
    except ValueError:
        return None
    then = then if then.tzinfo else then.replace(tzinfo=UTC)
    return max(0.0, (then - datetime.now(UTC)).total_seconds())


def _words(error: httpx.RequestError) -> str:
    """What went wrong, for a curator."""
    match error:
        case httpx.ConnectTimeout():
            return "no connection in time"
        case httpx.TimeoutException():
            return "no answer in time"
        case httpx.ConnectError():
            return f"no connection: {error}"
        case _:
            return f"no answer: {str(error) or type(error).__name__}"
