"""Commands for curators: check, compile, schema, report."""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path
from typing import Annotated, Any

import typer

from models.database import FOLDER, open_store
from models.distribution import distribution
from models.record import Record
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
from seed.mistakes import SeedError
from seed.report import coverage

app = typer.Typer(
    no_args_is_help=True,
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
    store = open_store(database_url, folder)
    try:
        done = compile_seed(data or default_data(), store, _silent if as_json else _say)
    except SeedError as error:
        raise _fail(error, as_json) from None
    finally:
        store.close()
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
    store = open_store(database_url, folder)
    try:
        done = compile_if_needed(data or default_data(), store, _say)
    except SeedError as error:
        raise _fail(error, as_json=False) from None
    finally:
        store.close()
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
    """Show what the dataset covers: laws, versions, facets, what they were checked against."""
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
