"""What commands of curators share: the dataset they are about, how they speak, how they end."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Annotated

import typer

from seed.checks import check as check_dataset
from seed.dataset import Dataset, default_data, load
from seed.mistakes import SeedError

DataOption = Annotated[
    Path | None,
    typer.Option(
        "--data", help="Folder of the dataset; by default the one that ships with Lexcompare."
    ),
]
JsonOption = Annotated[bool, typer.Option("--json", help="Print JSON for scripts.")]

MISTAKES = 1
"""Exit code when the dataset holds mistakes."""


def say(line: str) -> None:
    """Tell a person, on standard error, what is going on."""
    typer.echo(line, err=True)


def failed(error: SeedError, as_json: bool) -> typer.Exit:
    """Print mistakes for a person or a script."""
    if as_json:
        typer.echo(
            json.dumps({"ok": False, "mistakes": [vars(m) for m in error.mistakes]}, indent=2)
        )
    else:
        for mistake in error.mistakes:
            say(str(mistake))
        say(f"{len(error.mistakes)} mistake(s)")
    return typer.Exit(MISTAKES)


def load_checked(data: Path | None, as_json: bool, progress: bool) -> Dataset:
    """Load and check a dataset, or end the command with its mistakes."""
    shown = progress and sys.stderr.isatty()
    try:
        dataset = load(data or default_data(), (lambda name: say(f"  {name}")) if shown else silent)
        check_dataset(dataset)
    except SeedError as error:
        raise failed(error, as_json) from None
    return dataset


def silent(_: str) -> None:
    """Show no progress."""
