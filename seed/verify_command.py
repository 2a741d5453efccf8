"""The command `verify`: asks the sources of the dataset, and tells what is to be read again."""

from __future__ import annotations

import asyncio
import sys
from datetime import date
from functools import partial
from importlib.metadata import metadata
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from seed.console import DataOption, JsonOption, load_checked, say
from seed.dataset import default_data
from seed.mistakes import nearest

if TYPE_CHECKING:
    from seed.lock import Fingerprint
    from seed.verify import Verified

TO_READ_AGAIN = 1
"""Exit code when sources are to be read again."""

INTERRUPTED = 130
"""Exit code of what was interrupted, as shells have it."""


def verify(
    data: DataOption = None,
    only: Annotated[
        str,
        typer.Option("--only", help="Only sources of this law, or of this jurisdiction's records."),
    ] = "",
    older_than: Annotated[
        int | None,
        typer.Option(
            "--older-than",
            metavar="DAYS",
            min=0,
            help="Only sources not asked for so many days, or in no good standing.",
        ),
    ] = None,
    concurrency: Annotated[
        int, typer.Option("--concurrency", min=1, max=64, help="Requests under way at once.")
    ] = 8,
    per_host: Annotated[
        int, typer.Option("--per-host", min=1, max=4, help="Requests under way to one host.")
    ] = 1,
    rate: Annotated[
        float, typer.Option("--rate", min=0.01, max=100, help="Requests a second to one host.")
    ] = 0.5,
    timeout: Annotated[
        float, typer.Option("--timeout", min=0.1, max=600, help="Seconds to wait for an answer.")
    ] = 30.0,
    attempts: Annotated[
        int, typer.Option("--attempts", min=1, max=10, help="How often a failing address is asked.")
    ] = 4,
    contact: Annotated[
        str,
        typer.Option(
            "--contact",
            envvar="LEXCOMPARE_CONTACT",
            help="Who runs this, told to the sites: a web or mail address.",
        ),
    ] = "",
    lock: Annotated[
        Path | None,
        typer.Option("--lock", help="Lock file; by default sources.lock.json in the dataset."),
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Ask whether the sources still answer, and as they did when they were read.

    Keeps a lock file of fingerprints and lists what to read again. Polite: one queue and a rate for
    each host, robots.txt, conditional requests, waiting when told to. Exit code 0 when all is fine,
    1 when something is to be read again or did not answer, 2 for a mistake in the command.
    """
    from seed import verify as verifying
    from seed.lock import NAME, LockError, Standing, read_lock, write_lock
    from seed.polite import Manners

    if not contact.isascii() or not contact.isprintable():
        raise typer.BadParameter("a header takes plain characters only", param_hint="--contact")
    dataset = load_checked(data, as_json, progress=False)
    found = every = verifying.addresses(dataset)
    if only:
        if only not in dataset.laws and only not in dataset.jurisdictions:
            near = nearest(only, [*dataset.laws, *dataset.jurisdictions])
            hint = f"; did you mean {near!r}?" if near else ""
            raise typer.BadParameter(
                f"{only!r} is neither a law nor a jurisdiction{hint}", param_hint="--only"
            )
        found = verifying.only(dataset, every, only)
    path = lock or (data or default_data()) / NAME
    try:
        entries = {k: entry for k, entry in read_lock(path).items() if k in every}
    except LockError as error:
        raise typer.BadParameter(str(error), param_hint="--lock") from None
    if not path.parent.is_dir():
        raise typer.BadParameter(f"there is no folder {path.parent}", param_hint="--lock")
    asked, before = verifying.due(found, entries, date.today(), older_than), dict(entries)
    manners = Manners(
        concurrency=concurrency,
        per_host=per_host,
        rate=rate,
        timeout=timeout,
        attempts=attempts,
        agent=_agent(contact),
    )
    if not as_json:
        say(f"asking {len(asked):,} of {len(found):,} addresses")
    work = verifying.ask(
        asked,
        found,
        entries,
        manners,
        date.today(),
        partial(write_lock, path, entries),
        _no_progress if as_json else _asked,
    )
    interrupted = False
    try:
        asyncio.run(work)
    except (KeyboardInterrupt, asyncio.CancelledError):
        interrupted = True
        say(f"interrupted; what was found so far is kept in {path}")
    done = sum(entries.get(address) is not before.get(address) for address in asked)
    said = verifying.verified(done, found, entries)
    if done and all(entries[a].standing == Standing.UNREACHABLE for a in asked if a in entries):
        say(f"nothing answered: is this machine on the web? {path} stays as it was")
    if as_json:
        typer.echo(said.model_dump_json(indent=2))
    else:
        _tell(said)
    if interrupted:
        raise typer.Exit(INTERRUPTED)
    if not said.fine:
        raise typer.Exit(TO_READ_AGAIN)


def _agent(contact: str) -> str:
    """Name ourselves to sites: what we are, which version, and who to turn to."""
    about = metadata("lexcompare")
    urls = (url.partition(", ") for url in about.get_all("Project-URL") or [])
    home = next(url for name, _, url in urls if name == "Homepage")
    return f"lexcompare/{about['Version']} ({'; '.join([f'+{home}', *filter(None, [contact])])})"


def _no_progress(*_: object) -> None:
    """Show no progress."""


def _asked(done: int, of: int, address: str, entry: Fingerprint) -> None:
    """Show how far the asking is: each address on a screen, else now and then."""
    if sys.stderr.isatty() or done == of or done % 50 == 0:
        say(f"  {done:,}/{of:,} {entry.standing:11} {address}")


def _tell(said: Verified) -> None:
    """Print what verifying gave, for people."""
    counts = ", ".join(f"{count:,} {name}" for name, count in said.counts.items() if count)
    typer.echo(f"{said.addresses:,} addresses: {counts or 'none asked'}")
    for finding in sorted(said.findings, key=lambda f: (f.standing, f.address)):
        status = str(finding.status) if finding.status else ""
        where = f"now {finding.at}" if finding.at else ""
        told = filter(None, [status, finding.reason, where, f"since {finding.since}"])
        typer.echo(f"\n{finding.standing}: {finding.address} ({', '.join(told)})")
        for claim in finding.claims:
            version = f", version {claim.version}" if claim.version else ""
            typer.echo(f"  {claim.record}{version}, read {claim.checked_on}: {claim.place}")
