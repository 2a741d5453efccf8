"""The root of the `lexcompare` command: serve, describe, tell the version."""

from __future__ import annotations

import json
import logging
from contextlib import closing
from importlib.metadata import version as package_version
from pathlib import Path
from typing import Annotated

import typer

from api.settings import Settings
from models.database import FOLDER
from models.store import open_store
from seed.cli import FolderOption, UrlOption, compile_current, plainly
from seed.cli import app as seed

app = typer.Typer(
    no_args_is_help=True,
    rich_markup_mode="markdown",
    help="Lexcompare: comparative research on online-safety and child-protection law.",
)
app.add_typer(seed, name="seed")

SNAPSHOT = Path("docs/openapi.json")

DEFAULTS = Settings.model_fields

_log = logging.getLogger("lexcompare")


@app.command()
def serve(
    host: Annotated[
        str, typer.Option(envvar="LEXCOMPARE_HOST", help="Address to listen on.")
    ] = DEFAULTS["host"].default,
    port: Annotated[
        int,
        typer.Option(
            envvar="LEXCOMPARE_PORT",
            min=0,
            max=65535,
            help="Port to listen on; 0 picks a free one.",
        ),
    ] = DEFAULTS["port"].default,
    database_url: UrlOption = "",
    folder: FolderOption = FOLDER,
    compile_first: Annotated[
        bool,
        typer.Option("--compile/--no-compile", help="Compile the dataset first if it changed."),
    ] = True,
) -> None:
    """Serve the API, compiling the dataset first if its files changed.

    More settings come from LEXCOMPARE_ variables. Exit code 1 when the dataset holds mistakes, 2
    when a setting, the port, the folder or the database cannot be used.
    """
    import uvicorn

    from api.main import create_app
    from api.startup import StartError, check_port, check_published, misspelt, read_settings

    logging.basicConfig(level=logging.INFO, format="%(levelname)s %(name)s: %(message)s")
    for warning in misspelt():
        _log.warning(warning)
    with plainly(StartError):
        settings = read_settings(host=host, port=port, database_url=database_url, folder=folder)
        check_port(settings.host, settings.port)
        if compile_first:
            compile_current(settings.data, settings.database_url, settings.folder)
        elif missing := check_published(settings):
            _log.warning(missing)
    uvicorn.run(
        create_app(settings),
        host=settings.host,
        port=settings.port,
        access_log=False,
        server_header=False,
        log_level="info",
    )


@app.command()
def openapi(
    check: Annotated[
        bool, typer.Option("--check", help="Compare with the snapshot instead of writing it.")
    ] = False,
    path: Annotated[Path, typer.Option("--path", help="Where the snapshot stands.")] = SNAPSHOT,
) -> None:
    """Write the OpenAPI document, or check that the committed snapshot is up to date.

    Exit code 1 when the snapshot differs.
    """
    from api.main import create_app

    text = json.dumps(create_app().openapi(), indent=1, ensure_ascii=False) + "\n"
    if not check:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        typer.echo(f"wrote {path}", err=True)
        return
    if not path.exists() or path.read_text(encoding="utf-8") != text:
        typer.echo(f"{path} differs from the code: run `lexcompare openapi` and review", err=True)
        raise typer.Exit(1)
    typer.echo(f"{path} is up to date", err=True)


@app.command()
def explain(
    jurisdiction: Annotated[str, typer.Argument(help="Jurisdiction, such as SG.")],
    indicator: Annotated[str, typer.Argument(help="Indicator, such as possession_max_prison.")],
    as_of: Annotated[str | None, typer.Option(help="Day, YYYY-MM-DD; today by default.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON for scripts.")] = False,
    database_url: UrlOption = "",
    folder: FolderOption = FOLDER,
) -> None:
    """Tell what a cell says, and step by step how it was derived from the law.

    Reads the published release, compiling the dataset first if its files changed. Exit code 1
    when there is no such cell on that day.
    """
    from api.ask import ask

    compile_current(None, database_url, folder)
    path = f"/v1/codings/{jurisdiction}~{indicator}/explanation"
    answer = ask(f"{path}?as_of={as_of}" if as_of else path, database_url, folder)
    said = answer.json()
    if as_json:
        typer.echo(json.dumps(said, indent=2, ensure_ascii=False))
    elif answer.status_code == 200:
        cell = said["coding"]
        value = next((cell[f] for f in VALUES if cell[f] not in (None, [])), "no value")
        result = f"{cell['state']}: {value} {cell['qualifier'] or ''}".rstrip()
        typer.echo("\n".join([said["question"], result, "", said["rule_text"]]))
        typer.echo("\n".join(f"- {step}" for step in said["steps"]))
    else:
        typer.echo(said["detail"], err=True)
    if answer.status_code != 200:
        raise typer.Exit(1)


VALUES = ("value_boolean", "value_integer", "value_number", "value_text", "value_codes")
"""Fields of a cell that can hold its value."""


@app.command()
def reach(
    cases: Annotated[Path, typer.Argument(help="CSV file of cases.", exists=True, dir_okay=False)],
    into: Annotated[
        Path | None, typer.Option(help="File to write; standard output by default.")
    ] = None,
    database_url: UrlOption = "",
    folder: FolderOption = FOLDER,
) -> None:
    """Tell whose law reaches each case of a CSV file, as CSV.

    Columns are the parameters of /v1/comparisons/reach (`;` parts several values) and, if wanted,
    `case`, a name for each. Reads the published release, compiling the dataset first if its files
    changed. Exit code 1, and no answers, when a case cannot be read.
    """
    from api.ask import ask_all
    from api.cases import CasesError, answers, questions

    try:
        asked = questions(cases)
        compile_current(None, database_url, folder)
        given = ask_all([case.path for case in asked], database_url, folder)
        text = "".join(answers(cases, asked, given))
    except CasesError as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(1) from None
    if into is None:
        typer.echo(text, nl=False)
    else:
        into.write_text(text, encoding="utf-8", newline="")


@app.command()
def version(
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON for scripts.")] = False,
    database_url: UrlOption = "",
    folder: FolderOption = FOLDER,
) -> None:
    """Print the versions of the software and of the release that is published here, if any."""
    release = None
    with plainly(), closing(open_store(database_url, folder)) as store:
        pointer = store.current()
        if pointer is not None:
            with closing(store.open(pointer.name)) as database:
                release = database.release.name
    said = {"lexcompare": package_version("lexcompare"), "release": release}
    if as_json:
        typer.echo(json.dumps(said))
    else:
        typer.echo(f"lexcompare {said['lexcompare']}, release {release or 'not compiled yet'}")
