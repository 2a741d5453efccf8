"""The root of the `lexcompare` command."""

from __future__ import annotations

import typer

from seed.cli import app as seed

app = typer.Typer(no_args_is_help=True, help="Lexcompare: comparative research on online-safety and child-protection law.")
app.add_typer(seed, name="seed")
