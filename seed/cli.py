"""Commands for curators: new, check, compile, schema, report, verify, agreement."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Annotated, Any

import typer

from models.database import FOLDER, Store, StoreError
from models.distribution import distribution
from models.record import Record
from models.store import open_store
from models.vocabulary import LawKind
from seed.agreement_command import agreement
from seed.compiler import Compiled, compile_if_needed, compile_seed
from seed.console import DataOption, JsonOption, failed, load_checked, say, silent
from seed.dataset import default_data
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
from seed.mistakes import SeedError
from seed.report import coverage, quality_lines
from seed.verify_command import verify

app = typer.Typer(
    no_args_is_help=True,
    rich_markup_mode="markdown",
    help="Work on the dataset: check the YAML files, compile them, describe and count them.",
)

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

UNUSABLE = 2
"""Exit code when a setting, the folder or the database cannot be used."""


@contextmanager
def plainly(*errors: type[Exception]) -> Iterator[None]:
    """End the command with a plain line where the store cannot be used, or for other errors."""
    meant: tuple[type[Exception], ...] = (StoreError, *errors)
    try:
        yield
    except meant as error:
        say(str(error))
        raise typer.Exit(UNUSABLE) from None


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
        raise failed(error, as_json=False) from None
    typer.echo(path)
    say(f"fill in what is marked with {FILL_IN!r}, then run: lexcompare seed check")


@app.command()
def check(data: DataOption = None, as_json: JsonOption = False) -> None:
    """Check every file of the dataset and print all mistakes as file:line:column.

    Exit code 0 when there are none, 1 otherwise.
    """
    started = time.perf_counter()
    dataset = load_checked(data, as_json, progress=not as_json)
    laws = list(dataset.laws.values())
    versions = sum(len(p.versions) for law in laws for p in law.provisions)
    if as_json:
        typer.echo(
            json.dumps({"ok": True, "laws": len(laws), "versions": versions, "mistakes": []})
        )
    else:
        took = time.perf_counter() - started
        say(f"no mistakes in {len(laws)} laws, {versions} provision versions ({took:.1f} s)")


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
        done = compile_seed(data or default_data(), store, silent if as_json else say)
    except SeedError as error:
        raise failed(error, as_json) from None
    if as_json:
        typer.echo(done.release.model_dump_json(indent=2))
    else:
        say(f"published release {done.release.name}")


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
        say(str(distribution(store, stored).folder))
    finally:
        store.close()


def compile_current(data: Path | None, database_url: str, folder: Path) -> Compiled:
    """Compile the dataset unless the store is up to date; end the command if it holds mistakes."""
    with plainly(), closing(open_store(database_url, folder)) as store:
        try:
            done = compile_if_needed(data or default_data(), store, say)
        except SeedError as error:
            raise failed(error, as_json=False) from None
    say(f"release {done.release.name}{'' if done.fresh else ' is up to date'}")
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
            say(str(path))
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
    found = coverage(load_checked(data, as_json, progress=False))
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


app.command()(verify)
app.command()(agreement)
