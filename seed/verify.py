"""Verifies the sources of a dataset: do they still answer, and as they did when they were read?

A change stays listed until every record that rests on the address says that it was read on that
day or later; then what the address gives now is what is compared with from then on.
"""

from __future__ import annotations

import asyncio
import signal
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date, timedelta
from urllib.parse import urlsplit

from models.provision import ProvisionEntry
from models.record import Day, Record
from models.source import Source
from seed.dataset import Dataset, Origin, found_in
from seed.documents import LawEntry
from seed.fingerprint import fingerprint
from seed.lock import Fingerprint, Standing
from seed.places import Places
from seed.polite import Answer, BarredError, Manners, PoliteClient, UnreachableError
from seed.reader import Trail

GOOD = {Standing.NEW, Standing.UNCHANGED}
TO_READ_AGAIN = {Standing.CHANGED, Standing.MOVED, Standing.GONE}
OPEN = TO_READ_AGAIN | {Standing.UNREACHABLE}
"""Standings with which a dataset is not all fine. What is barred, no later run can see either."""

SAVE_EVERY = 25
"""Addresses after which the lock file is written, whatever comes."""

Progress = Callable[[int, int, str, Fingerprint], None]
"""Called with how many of how many addresses are done, and what became of the last one."""


class Claim(Record):
    """A record that rests on an address."""

    record: str
    """The record: `law~eId`, `law~effect`, a law, or an entry of another file."""
    version: str | None
    """Which version of a provision: the effect that made it, or `original`; else null."""
    law: str | None
    """The law that holds it; null outside of laws."""
    checked_on: Day
    """Day on which a person read the source for it."""
    place: str
    """File and line where the source stands."""


class Finding(Record):
    """An address that needs a person, and what rests on it."""

    address: str
    """The address as the dataset has it."""
    standing: Standing
    """What became of it."""
    status: int | None
    """HTTP status; null without an answer."""
    reason: str | None
    """What else there is to say."""
    at: str | None
    """Where it was found, if elsewhere."""
    since: Day | None
    """Day since which it stands so."""
    claims: list[Claim]
    """What rests on it; of a changed address only what was not read since."""


class Verified(Record):
    """What verifying the sources gave."""

    addresses: int
    """Addresses that were meant."""
    asked: int
    """Addresses that were asked now; the others were asked recently enough."""
    counts: dict[str, int]
    """Addresses by standing."""
    findings: list[Finding]
    """Addresses that need a person."""

    @property
    def fine(self) -> bool:
        """Whether nothing is to be read again, and everything that is open to programs answered."""
        return not any(finding.standing in OPEN for finding in self.findings)


# --- what rests on which address ----------------------------------------------------------------

SHELVES = ("jurisdictions", "groups", "authorities", "quantities", "surveys", "instruments", "laws")


@dataclass
class Address:
    """An address and everything that rests on it."""

    claims: list[Claim] = field(default_factory=list)
    places: set[str] = field(default_factory=set)
    """Jurisdictions that it is about."""

    @property
    def read_on(self) -> date:
        """Day since which all that rests on it was read."""
        return min(claim.checked_on for claim in self.claims)


def addresses(dataset: Dataset) -> dict[str, Address]:
    """Return every source address of a dataset, without fragments, in order."""
    found: dict[str, Address] = {}
    for shelf in SHELVES:
        for id_, entry in getattr(dataset, shelf).items():
            origin = dataset.origin(shelf, id_)
            for trail, source in found_in(entry, Source):
                address = found.setdefault(source.url.partition("#")[0], Address())
                address.claims.append(_claim(shelf, id_, entry, origin, trail, source))
                address.places.update(_places(id_, entry))
    return dict(sorted(found.items()))


def _claim(
    shelf: str, id_: str, entry: Record, origin: Origin, trail: Trail, source: Source
) -> Claim:
    """Say what a source stands behind."""
    line, _ = origin.document.place((*origin.trail, *trail, "url"))
    said: tuple[str, str | None] = (id_ if isinstance(entry, LawEntry) else f"{shelf}/{id_}", None)
    match trail:
        case ("provisions", int(i), "versions", int(j), *_) if isinstance(entry, LawEntry):
            provision: ProvisionEntry = entry.provisions[i]
            said = (f"{id_}~{provision.eid}", provision.versions[j].made_by or "original")
        case ("effects", int(i), *_) if isinstance(entry, LawEntry):
            said = (f"{id_}~{entry.effects[i].id}", None)
    return Claim(
        record=said[0],
        version=said[1],
        law=id_ if isinstance(entry, LawEntry) else None,
        checked_on=source.checked_on,
        place=f"{origin.document.file}:{line}",
    )


def _places(id_: str, entry: Record) -> Iterator[str]:
    """Jurisdictions that an entry is about."""
    yield id_
    for name in ("extent", "jurisdictions"):
        yield from getattr(entry, name, [])
    if isinstance(code := getattr(entry, "jurisdiction", None), str):
        yield code


def only(dataset: Dataset, found: Mapping[str, Address], name: str) -> dict[str, Address]:
    """Return the addresses on which something of a law, or of a jurisdiction, rests."""
    if name in dataset.laws:
        return {k: a for k, a in found.items() if any(c.law == name for c in a.claims)}
    places = Places(dataset)
    meant = {code for code in dataset.jurisdictions if name in places.lineage(code)}
    return {key: address for key, address in found.items() if address.places & meant}


# --- judging ------------------------------------------------------------------------------------

_CLOSED = {401, 402, 403, 407, 451}
_FOR_GOOD = {301, 308}


def judge(
    address: str, before: Fingerprint | None, answer: Answer, read_on: date, today: date
) -> Fingerprint:
    """Compare an answer with what is known; `read_on` is when all that rests on it was read."""
    known = before or Fingerprint(standing=Standing.NEW, checked_on=today)
    after = known.model_copy(
        update={"status": answer.status, "reason": None, "at": None, "checked_on": today}
    )
    if answer.hops:
        after.at = answer.address
    if known.seen_sha256 and known.changed_on and read_on >= known.changed_on:
        after.sha256, after.seen_sha256, after.changed_on = known.seen_sha256, None, None
    match answer.status:
        case 304 if after.sha256:
            seen = after.seen_sha256 or after.sha256
        case status if 200 <= status < 300:
            seen = fingerprint(answer.body, answer.headers.get("content-type", ""))
            after.etag = answer.headers.get("etag")
            after.last_modified = answer.headers.get("last-modified")
        case 404 | 410:
            return _standing(after, Standing.GONE, known, today)
        case status if status in _CLOSED:
            return _standing(after, Standing.BARRED, known, today)
        case _:
            after.reason = f"it answers {answer.status}"
            return _standing(after, Standing.UNREACHABLE, known, today)
    if after.sha256 is None:
        after.sha256, standing = seen, Standing.NEW
    elif seen == after.sha256:
        after.seen_sha256, after.changed_on, standing = None, None, Standing.UNCHANGED
    else:
        after.seen_sha256, standing = seen, Standing.CHANGED
        after.changed_on = after.changed_on or today
    if _moved(address, answer):
        after.reason = "its text changed, too" if standing == Standing.CHANGED else None
        standing = Standing.MOVED
    return _standing(after, standing, known, today)


def _standing(
    after: Fingerprint, standing: Standing, known: Fingerprint, today: date
) -> Fingerprint:
    """Set a standing, and since when."""
    same = standing == known.standing and known.since
    after.since = None if standing in GOOD else known.since if same else today
    after.standing = standing
    return after


def _moved(address: str, answer: Answer) -> bool:
    """Tell whether an address has another for good, or has become the front page of a site.

    The same address with https or a final slash is no other.
    """
    if not answer.hops or _plain(address) == _plain(answer.address):
        return False
    front = urlsplit(address).path.strip("/") and not urlsplit(answer.address).path.strip("/")
    return bool(front) or all(hop.status in _FOR_GOOD for hop in answer.hops)


def _plain(address: str) -> str:
    return address.partition("://")[2].rstrip("/")


# --- the run ------------------------------------------------------------------------------------


def due(
    found: Mapping[str, Address],
    lock: Mapping[str, Fingerprint],
    today: date,
    older_than: int | None,
) -> list[str]:
    """Return the addresses to ask: all, or those not asked for some days or in no good standing."""
    if older_than is None:
        return list(found)
    limit = today - timedelta(days=older_than)
    return [
        address
        for address in found
        if address not in lock
        or lock[address].checked_on < limit
        or lock[address].standing not in GOOD
    ]


async def ask(
    asked: list[str],
    found: Mapping[str, Address],
    lock: dict[str, Fingerprint],
    manners: Manners,
    today: date,
    save: Callable[[], None],
    progress: Progress,
) -> None:
    """Ask addresses and enter into the lock what became of them; `save` keeps it.

    What is known is saved now and then, and also when the run is interrupted. While no address at
    all has answered, nothing is: it says more about our own network than about the sources.
    """
    done, answered = 0, False

    async def one(client: PoliteClient, address: str) -> None:
        nonlocal done, answered
        before = lock.get(address)
        lock[address] = await _entry(client, address, before, found[address].read_on, today)
        done += 1
        answered = answered or lock[address].standing != Standing.UNREACHABLE
        if answered and done % SAVE_EVERY == 0:
            save()
        progress(done, len(asked), address, lock[address])

    task = asyncio.current_task()
    if task is not None:
        with suppress(NotImplementedError, RuntimeError, ValueError):  # not on every system
            asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, task.cancel)
    try:
        async with PoliteClient(manners) as client, asyncio.TaskGroup() as group:
            for address in asked:
                group.create_task(one(client, address))
    finally:
        if answered:
            save()


async def _entry(
    client: PoliteClient, address: str, before: Fingerprint | None, read_on: date, today: date
) -> Fingerprint:
    """Ask one address."""
    conditions = {}
    if before and before.sha256:
        for name, value in (
            ("If-None-Match", before.etag),
            ("If-Modified-Since", before.last_modified),
        ):
            if value:
                conditions[name] = value
    known = before or Fingerprint(standing=Standing.NEW, checked_on=today)
    try:
        answer = await client.get(address, conditions, known.at)
    except (UnreachableError, BarredError) as error:
        barred = isinstance(error, BarredError)
        standing = Standing.BARRED if barred else Standing.UNREACHABLE
        said = {"status": None, "reason": str(error), "checked_on": today}
        return _standing(known.model_copy(update=said), standing, known, today)
    return judge(address, before, answer, read_on, today)


def verified(asked: int, found: Mapping[str, Address], lock: Mapping[str, Fingerprint]) -> Verified:
    """Sum up what is known of addresses."""
    known = {address: lock[address] for address in found if address in lock}
    counts = Counter(entry.standing for entry in known.values())
    return Verified(
        addresses=len(found),
        asked=asked,
        counts={standing.value: counts[standing] for standing in Standing},
        findings=[
            Finding(
                address=address,
                standing=entry.standing,
                status=entry.status,
                reason=entry.reason,
                at=entry.at,
                since=entry.since,
                claims=[
                    claim
                    for claim in found[address].claims
                    if entry.standing != Standing.CHANGED
                    or entry.changed_on is None
                    or claim.checked_on < entry.changed_on
                ],
            )
            for address, entry in known.items()
            if entry.standing not in GOOD
        ],
    )
