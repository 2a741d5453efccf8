"""Commands for curators: new, check, compile, schema, report, verify, agreement."""

from __future__ import annotations

import asyncio
import json
import sys
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import asdict
from datetime import date
from functools import partial
from importlib.metadata import metadata
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from models.database import FOLDER, Store, StoreError, open_store
from models.distribution import distribution
from models.record import Record
from models.vocabulary import LawKind
from seed.agreement import RESAMPLES, compare, results
from seed.checks import check as check_dataset
from seed.compiler import Compiled, compile_if_needed, compile_seed
from seed.dataset import Dataset, default_data, load
from seed.documents import (
    AuthoritiesFile,
    GroupsFile,
    IndicatorsFile,
    InstrumentsFile,
    JurisdictionsFile,
    LawEntry,
    LawsFile,
    QuantitiesFile,
    ReleaseFile,
    SurveysFile,
    TopicsFile,
)
from seed.facets import Facets
from seed.kappa import Agreement
from seed.mistakes import SeedError, nearest
from seed.report import coverage, quality_lines
from seed.rounds import coding_today, first_coding, read_sample, second_coding

if TYPE_CHECKING:
    from seed.lock import Fingerprint
    from seed.verify import Verified

app = typer.Typer(
    no_args_is_help=True,
    rich_markup_mode="markdown",
    help="Work on the dataset: check the YAML files, compile them, describe and count them.",
)

DataOption = Annotated[
    Path | None,
    typer.Option(
        "--data", help="Folder of the dataset; by default the one that ships with Lexcompare."
    ),
]
JsonOption = Annotated[bool, typer.Option("--json", help="Print JSON for scripts.")]
UrlOption = Annotated[
    str,
    typer.Option(
        "--database-url",
        envvar="LEXCOMPARE_DATABASE_URL",
        help="A postgresql:// address; empty for the embedded SQLite file.",
    ),
]
FolderOption = Annotated[
    Path, typer.Option("--folder", envvar="LEXCOMPARE_FOLDER", help="Folder of the embedded files.")
]

MISTAKES = 1
"""Exit code when the dataset holds mistakes."""
TO_READ_AGAIN = 1
"""Exit code when sources are to be read again."""
INTERRUPTED = 130
"""Exit code of what was interrupted, as shells have it."""

UNUSABLE = 2
"""Exit code when a setting, the folder or the database cannot be used."""


@contextmanager
def plainly(*errors: type[Exception]) -> Iterator[None]:
    """End the command with a plain line where the store cannot be used, or for other errors."""
    meant: tuple[type[Exception], ...] = (StoreError, *errors)
    try:
        yield
    except meant as error:
        _say(str(error))
        raise typer.Exit(UNUSABLE) from None


def _say(line: str) -> None:
    """Tell a person, on standard error, what is going on."""
    typer.echo(line, err=True)


def _fail(error: SeedError, as_json: bool) -> typer.Exit:
    """Print mistakes for a person or a script."""
    if as_json:
        typer.echo(
            json.dumps({"ok": False, "mistakes": [vars(m) for m in error.mistakes]}, indent=2)
        )
    else:
        for mistake in error.mistakes:
            _say(str(mistake))
        _say(f"{len(error.mistakes)} mistake(s)")
    return typer.Exit(MISTAKES)


def _load(data: Path | None, as_json: bool, progress: bool) -> Dataset:
    """Load and check a dataset, or end the command with its mistakes."""
    shown = progress and sys.stderr.isatty()
    try:
        dataset = load(
            data or default_data(), (lambda name: _say(f"  {name}")) if shown else _silent
        )
        check_dataset(dataset)
    except SeedError as error:
        raise _fail(error, as_json) from None
    return dataset


def _silent(_: str) -> None:
    """Show no progress."""


@app.command()
def new(
    jurisdiction: Annotated[str, typer.Argument(help="Jurisdiction, such as SG or GB-SCT.")],
    law: Annotated[
        str, typer.Argument(help="Id of the law: jurisdiction, short title and year, with hyphens.")
    ],
    title: Annotated[str, typer.Option("--title", help="Title, as it is cited today.")] = "",
    year: Annotated[
        int | None,
        typer.Option("--year", min=1000, max=2100, help="Year; by default that of the id."),
    ] = None,
    kind: Annotated[LawKind, typer.Option("--kind", help="What kind of work it is.")] = LawKind.ACT,
    data: DataOption = None,
) -> None:
    """Begin the file of a law: the keys in order, with what goes where.

    What a person has to read stays empty, and `lexcompare seed check` names each such place. Exit
    code 2 when the names do not fit or the law is there already.
    """
    from seed.scaffold import FILL_IN, ScaffoldError, begin

    try:
        path = begin(
            data or default_data(), jurisdiction, law, kind=kind, title=title.strip(), year=year
        )
    except ScaffoldError as error:
        raise typer.BadParameter(str(error), param_hint=error.argument) from None
    except FileNotFoundError as error:
        raise typer.BadParameter(f"no dataset there: {error}", param_hint="--data") from None
    except SeedError as error:
        raise _fail(error, as_json=False) from None
    typer.echo(path)
    _say(f"fill in what is marked with {FILL_IN!r}, then run: lexcompare seed check")


@app.command()
def check(data: DataOption = None, as_json: JsonOption = False) -> None:
    """Check every file of the dataset and print all mistakes as file:line:column.

    Exit code 0 when there are none, 1 otherwise.
    """
    started = time.perf_counter()
    dataset = _load(data, as_json, progress=not as_json)
    laws = list(dataset.laws.values())
    versions = sum(len(p.versions) for law in laws for p in law.provisions)
    if as_json:
        typer.echo(
            json.dumps({"ok": True, "laws": len(laws), "versions": versions, "mistakes": []})
        )
    else:
        took = time.perf_counter() - started
        _say(f"no mistakes in {len(laws)} laws, {versions} provision versions ({took:.1f} s)")


@app.command(name="compile")
def compile_(
    data: DataOption = None,
    database_url: UrlOption = "",
    folder: FolderOption = FOLDER,
    as_json: JsonOption = False,
) -> None:
    """Compile the dataset into a fresh database and publish it in one step.

    A running server notices within a second. When the files hold mistakes, nothing changes and the
    exit code is 1.
    """
    with plainly(), closing(open_store(database_url, folder)) as store:
        _compile(data, store, as_json)


def _compile(data: Path | None, store: Store, as_json: bool) -> None:
    """Compile and tell what was published."""
    try:
        done = compile_seed(data or default_data(), store, _silent if as_json else _say)
    except SeedError as error:
        raise _fail(error, as_json) from None
    if as_json:
        typer.echo(done.release.model_dump_json(indent=2))
    else:
        _say(f"published release {done.release.name}")


@app.command()
def files(
    data: DataOption = None, database_url: UrlOption = "", folder: FolderOption = FOLDER
) -> None:
    """Make the files of the release (zip, SQLite, Parquet, codebook) ahead of the first request.

    Compiles the dataset first if its files changed. A server that cannot write to its folder
    needs them. Exit code 1 when the dataset holds mistakes.
    """
    stored = compile_current(data, database_url, folder).pointer.name
    store = open_store(database_url, folder)
    try:
        _say(str(distribution(store, stored).folder))
    finally:
        store.close()


def compile_current(data: Path | None, database_url: str, folder: Path) -> Compiled:
    """Compile the dataset unless the store is up to date; end the command if it holds mistakes."""
    with plainly(), closing(open_store(database_url, folder)) as store:
        try:
            done = compile_if_needed(data or default_data(), store, _say)
        except SeedError as error:
            raise _fail(error, as_json=False) from None
    _say(f"release {done.release.name}{'' if done.fresh else ' is up to date'}")
    return done


FILES: dict[str, type[Record]] = {
    "law": LawEntry,
    "laws": LawsFile,
    "jurisdictions": JurisdictionsFile,
    "groups": GroupsFile,
    "authorities": AuthoritiesFile,
    "topics": TopicsFile,
    "quantities": QuantitiesFile,
    "surveys": SurveysFile,
    "indicators": IndicatorsFile,
    "instruments": InstrumentsFile,
    "release": ReleaseFile,
}
"""The kinds of seed file, and the shape of each."""


def file_schema(kind: str) -> dict[str, Any]:
    """Return the JSON Schema of a kind of seed file."""
    schema = FILES[kind].model_json_schema(mode="validation", by_alias=True)
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **schema}


@app.command()
def schema(
    kind: Annotated[str, typer.Argument(help=f"Kind of file: {', '.join(FILES)}.")] = "law",
    into: Annotated[
        Path | None,
        typer.Option("--into", help="Write <kind>.schema.json of every kind into this folder."),
    ] = None,
) -> None:
    """Print the JSON Schema of a kind of seed file, for completion and hints in editors.

    Exit code 2 for a kind that does not exist.
    """
    if into is not None:
        into.mkdir(parents=True, exist_ok=True)
        for name in FILES:
            path = into / f"{name}.schema.json"
            path.write_text(json.dumps(file_schema(name), indent=2) + "\n", encoding="utf-8")
            _say(str(path))
        return
    if kind not in FILES:
        raise typer.BadParameter(f"{kind!r} is none of {', '.join(FILES)}", param_hint="kind")
    typer.echo(json.dumps(file_schema(kind), indent=2))


@app.command()
def report(data: DataOption = None, as_json: JsonOption = False) -> None:
    """Show what the dataset covers, what it was checked against, and what looks odd.

    Counts laws, versions and facets; shares of versions by the kind of their sources; ages of
    checks; cells that nobody surveyed; and lists values that a person should look at again.
    """
    found = coverage(_load(data, as_json, progress=False))
    if as_json:
        typer.echo(found.model_dump_json(indent=2))
        return
    width = max((len(law.law) for law in found.laws), default=3)
    typer.echo(f"{'law':{width}}  effects  provisions  outlines  versions  facets  checked against")
    for law in found.laws:
        levels = ", ".join(f"{count} {level}" for level, count in sorted(law.verification.items()))
        typer.echo(
            f"{law.law:{width}}  {law.effects:7}  {law.provisions:10}  {law.outlines:8}"
            f"  {law.versions:8}  {sum(law.facets.values()):6}  {levels}"
        )
    typer.echo("")
    typer.echo(", ".join(f"{count:,} {name}" for name, count in found.totals.items()))
    typer.echo(
        f"{found.verified_share} % of versions checked against official or consolidated text"
    )
    for title, names in (
        ("unverified", found.unverified),
        ("topics without a coded provision", found.topics_without_provisions),
        ("pending effects", [f"{law.law}~{id_}" for law in found.laws for id_ in law.pending]),
    ):
        if names:
            typer.echo(f"{title}: {', '.join(names)}")
    typer.echo("")
    for line in quality_lines(found.quality):
        typer.echo(line)


@app.command()
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
    dataset = _load(data, as_json, progress=False)
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
        _say(f"asking {len(asked):,} of {len(found):,} addresses")
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
        _say(f"interrupted; what was found so far is kept in {path}")
    done = sum(entries.get(address) is not before.get(address) for address in asked)
    said = verifying.verified(done, found, entries)
    if done and all(entries[a].standing == Standing.UNREACHABLE for a in asked if a in entries):
        _say(f"nothing answered: is this machine on the web? {path} stays as it was")
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
        _say(f"  {done:,}/{of:,} {entry.standing:11} {address}")


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


@app.command()
def agreement(
    data: DataOption = None,
    today: Annotated[
        bool,
        typer.Option(
            "--today",
            help="Compare with the dataset as it is, not with the first coding as it was made.",
        ),
    ] = False,
    as_json: JsonOption = False,
) -> None:
    """Show how far a second coder, who coded a random sample again, agrees with the first.

    Percent of decisions that are the same and Cohen's kappa, by kind of facet, field and
    jurisdiction; docs/data-quality.md explains how they are made.
    """
    sample, second = read_sample(), second_coding()
    if today:
        first = coding_today(Facets(_load(data, as_json, progress=False)), sample.versions)
    else:
        first = first_coding()
    found = results(compare(first, second, sample.versions), sample, RESAMPLES)
    if as_json:
        typer.echo(json.dumps(asdict(found), indent=2))
        return
    groups = {"kind": found.kinds, "field": found.fields, "jurisdiction": found.jurisdictions}
    width = max(len(name) for rows in groups.values() for name in rows)
    for title, rows in groups.items():
        typer.echo(f"{title:{width}}  decisions  same %  kappa  95 %")
        for name, row in rows.items():
            typer.echo(f"{name:{width}}  {_agreement(row)}")
        typer.echo("")
    typer.echo(f"{'all':{width}}  {_agreement(found.overall)}")
    typer.echo(f"{found.versions} versions compared, {len(found.unread)} left out as unread")


def _agreement(found: Agreement) -> str:
    """One line of the table of agreement."""
    kappa = "-" if found.kappa is None else f"{found.kappa:.3f}"
    percent = "-" if found.percent is None else f"{found.percent:.1f}"
    interval = "" if found.low is None else f"{found.low:.3f} to {found.high:.3f}"
    return f"{found.units:9}  {percent:>6}  {kappa:>5}  {interval}".rstrip()
