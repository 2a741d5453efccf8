"""Executes the notebooks against a server, and compares what they show with what is stored in them.

Run by `make docs-check`; `--update` stores what they show. Text and tables are compared; a picture
has to be there, since its bytes differ from one computer to another.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import nullcontext
from pathlib import Path
from typing import Annotated, Any

import nbformat
import typer
from nbclient import NotebookClient

from docs.server import ROOT, SHOWN, running

NOTEBOOKS = sorted((ROOT / "docs" / "notebooks").glob("*.ipynb"))

SECONDS = 120
"""Longest that a cell may run."""


def read(path: Path) -> Any:
    """Read a notebook."""
    return nbformat.read(path, as_version=4)


def execute(path: Path, address: str) -> Any:
    """Execute a notebook against the server at an address and return it with its outputs."""
    notebook = read(path)
    sources = [cell.source for cell in notebook.cells]
    # Executing writes this computer's version of Python into it.
    metadata = notebook.metadata.copy()
    for cell in notebook.cells:
        if cell.cell_type == "code":
            cell.source = cell.source.replace(SHOWN, address)
    NotebookClient(notebook, timeout=SECONDS, record_timing=False).execute()
    for cell, source in zip(notebook.cells, sources, strict=True):
        cell.source = source
    notebook.metadata = metadata
    return notebook


def shown(cell: Any) -> list[tuple[str, str]]:
    """What a cell shows, as kind and text; of pictures the kind only, of warnings nothing."""
    parts = []
    for output in cell.get("outputs", []):
        if output.output_type == "stream":
            parts += [("text", output.text)] if output.name == "stdout" else []
        elif "image/png" in output.data:
            parts.append(("picture", ""))
        else:
            parts.append(("text", output.data["text/plain"]))
    return parts


def differences(stored: Any, fresh: Any) -> Iterator[str]:
    """Say which cells show something else than what is stored."""
    for number, (before, after) in enumerate(zip(stored.cells, fresh.cells, strict=True)):
        if shown(before) != shown(after):
            texts = "\n".join(text or kind for kind, text in shown(after))
            yield f"cell {number} shows something else than is stored:\n{texts}"


def main(
    address: Annotated[
        str, typer.Option(help="A server that runs; one of this checkout is started by default.")
    ] = "",
    update: Annotated[
        bool, typer.Option("--update", help="Store what the notebooks show.")
    ] = False,
) -> None:
    """Execute the notebooks of the documentation. Exit code 1 when one shows something else."""
    failed = False
    with nullcontext(address) if address else running() as server:
        for path in NOTEBOOKS:
            fresh = execute(path, server)
            if update:
                nbformat.write(fresh, path)
            found = list(differences(read(path), fresh))
            failed = failed or bool(found)
            typer.echo("\n".join([f"{'FAILED' if found else 'passed':8} {path.name}", *found]))
    if failed:
        raise typer.Exit(1)


if __name__ == "__main__":
    typer.run(main)
