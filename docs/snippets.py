"""Runs the snippets of the guides and of the README against a server, and compares what they print.

A snippet is a fenced block whose first word is its language; every block is a program of its own.
An `output` block right after it says what it prints. Of a block marked `norun`, and of every
other, the addresses written out are asked; a block marked `refused` shows one that is an error.

Run by `make docs-check`; `--update` writes what the snippets print into the pages.
"""

from __future__ import annotations

import importlib.util
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import nullcontext
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Annotated
from urllib.parse import urlsplit

import httpx
import typer

from docs.server import ROOT, SHOWN, environment, running

PAGES = [ROOT / "README.md", *sorted((ROOT / "docs" / "guides").glob("*.md"))]

FENCE = re.compile(r"^```(?P<words>[^\n`]*)\n(?P<text>.*?)^```$", re.MULTILINE | re.DOTALL)

ADDRESS = re.compile(re.escape(SHOWN) + r"/[^\s'\"`)>\]$]*+(?<!=)(?!\$)")
"""An address written out; one that a program completes is left to the program."""

SECONDS = 120
"""Longest that a snippet may run."""


@dataclass(frozen=True)
class Snippet:
    """A block of code of a page."""

    page: Path
    line: int
    """Line of its fence, from 1."""
    language: str
    marks: frozenset[str]
    code: str
    output: str | None
    """What the page says that it prints; None where it does not say."""
    span: tuple[int, int] | None
    """Where the text of the output block stands in the page."""

    def __str__(self) -> str:
        """Where it is, for people."""
        return f"{self.page.name}:{self.line} {self.language}"


class Verdict(StrEnum):
    """How running a snippet ended."""

    PASSED = "passed"
    FAILED = "FAILED"
    SKIPPED = "skipped"
    """A program or package that it needs is not here."""


@dataclass(frozen=True)
class Result:
    """What running a snippet gave."""

    verdict: Verdict
    reason: str = ""
    printed: str | None = None


class MissingError(Exception):
    """A program or package is not installed."""


def snippets(page: Path) -> Iterator[Snippet]:
    """Yield the snippets of a page in a language that is known."""
    text = page.read_text(encoding="utf-8")
    fences = list(FENCE.finditer(text))
    for fence, after in zip(fences, [*fences[1:], None], strict=True):
        language, *marks = fence["words"].split() or [""]
        if language not in RUNNERS and "norun" not in marks:
            continue
        said = after
        if said and (said["words"] != "output" or text[fence.end() : said.start()].strip()):
            said = None
        yield Snippet(
            page=page,
            line=text.count("\n", 0, fence.start()) + 1,
            language=language,
            marks=frozenset(marks),
            code=fence["text"],
            output=said["text"] if said else None,
            span=said.span("text") if said else None,
        )


def check(snippet: Snippet, address: str) -> Result:
    """Ask the addresses of a snippet, run it, and compare what it prints with the page."""
    for shown in ADDRESS.findall(snippet.code):
        status = httpx.get(shown.replace(SHOWN, address), timeout=60).status_code
        if (status >= 400) != ("refused" in snippet.marks):
            return Result(Verdict.FAILED, f"{shown} answers {status}")
    if "norun" in snippet.marks:
        return Result(Verdict.PASSED, "not run, only its addresses were asked")
    try:
        with tempfile.TemporaryDirectory() as folder:
            code = snippet.code.replace(SHOWN, address)
            printed = RUNNERS[snippet.language](code, Path(folder))
    except MissingError as error:
        return Result(Verdict.SKIPPED, str(error))
    except Exception as error:
        return Result(Verdict.FAILED, str(error))
    printed = _plain(printed.replace(address, SHOWN))
    if snippet.output is not None and printed != _plain(snippet.output):
        return Result(Verdict.FAILED, f"it prints something else:\n{printed}", printed)
    return Result(Verdict.PASSED, printed=printed)


def _plain(text: str) -> str:
    """Without blanks at the ends of lines and empty lines around."""
    return "\n".join(line.rstrip() for line in text.splitlines()).strip("\n")


# --- languages ----------------------------------------------------------------------------------


def _shell(code: str, folder: Path) -> str:
    try:
        return _run(["bash", "-euo", "pipefail"], code, folder / "snippet.sh")
    except subprocess.SubprocessError as error:
        if missing := re.search(r"(\S+): command not found", str(error)):
            raise MissingError(f"{missing[1]} is not installed") from None
        raise


def _python(code: str, folder: Path) -> str:
    for module in re.findall(r"^(?:import|from) (\w+)", code, re.MULTILINE):
        if importlib.util.find_spec(module) is None:
            raise MissingError(f"the Python package {module} is not installed")
    return _run([sys.executable], code, folder / "snippet.py")


def _r(code: str, folder: Path) -> str:
    try:
        return _run(["Rscript", "--vanilla"], code, folder / "snippet.R")
    except subprocess.SubprocessError as error:
        if missing := re.search(r"there is no package called .(\w+)", str(error)):
            raise MissingError(f"the R package {missing[1]} is not installed") from None
        raise


def _node(code: str, folder: Path) -> str:
    return _run(["node"], code, folder / "snippet.mjs")


def _sql(code: str, folder: Path) -> str:
    """Run statements in DuckDB and write the last result as CSV.

    Over HTTP it reads through an extension that it fetches when first used; here the files are
    fetched instead, so that checking needs no internet.
    """

    def fetch(address: re.Match[str]) -> str:
        answer = httpx.get(address[0], timeout=60).raise_for_status()
        file = folder / f"{len(list(folder.iterdir()))}{Path(urlsplit(address[0]).path).suffix}"
        file.write_bytes(answer.content)
        return str(file)

    statements = re.sub(r"http://127\.0\.0\.1:\d+/[^']*", fetch, code)
    return _python(DUCKDB.format(statements=statements), folder)


DUCKDB = '''
import csv
import sys
import duckdb

found = duckdb.sql("""{statements}""")
csv.writer(sys.stdout, lineterminator="\\n").writerows([found.columns, *found.fetchall()])
'''


def _run(command: list[str], code: str, file: Path) -> str:
    """Run a file of code with a program and return what it prints."""
    if shutil.which(command[0]) is None:
        raise MissingError(f"{command[0]} is not installed")
    file.write_text(code, encoding="utf-8")
    ran = subprocess.run(
        [*command, str(file)],
        cwd=file.parent,
        env=environment(),
        capture_output=True,
        encoding="utf-8",
        timeout=SECONDS,
    )
    if ran.returncode:
        raise subprocess.SubprocessError(f"it ends with {ran.returncode}:\n{ran.stderr}")
    return ran.stdout


RUNNERS: dict[str, Callable[[str, Path], str]] = {
    "sh": _shell,
    "python": _python,
    "r": _r,
    "sql": _sql,
    "js": _node,
}
"""How a snippet of each language is run."""


# --- the command --------------------------------------------------------------------------------


def main(
    pages: Annotated[
        list[Path] | None, typer.Argument(help="Pages; the README and all guides by default.")
    ] = None,
    address: Annotated[
        str, typer.Option(help="A server that runs; one of this checkout is started by default.")
    ] = "",
    update: Annotated[
        bool, typer.Option("--update", help="Write what the snippets print into the pages.")
    ] = False,
) -> None:
    """Run the snippets of the documentation. Exit code 1 when one of them fails."""
    failed = 0
    with nullcontext(address) if address else running() as server:
        for page in pages or PAGES:
            results = [(snippet, check(snippet, server)) for snippet in snippets(page)]
            for snippet, result in results:
                typer.echo(f"{result.verdict:8} {snippet}  {result.reason}".rstrip())
            failed += sum(result.verdict == Verdict.FAILED for _, result in results)
            if update:
                _update(page, results)
    if failed:
        typer.echo(f"{failed} snippets failed", err=True)
        raise typer.Exit(1)


def _update(page: Path, results: list[tuple[Snippet, Result]]) -> None:
    """Write what was printed into the output blocks of a page."""
    text = page.read_text(encoding="utf-8")
    for snippet, result in reversed(results):
        if snippet.span and result.printed is not None:
            start, end = snippet.span
            text = f"{text[:start]}{result.printed}\n{text[end:]}"
    page.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    typer.run(main)
