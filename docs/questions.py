"""Asks the questions of `questions.yaml` and writes `questions.md`, real requests and answers.

Run by `make docs`; a test checks that the file says what the service answers.
"""

from __future__ import annotations

import asyncio
import csv
import io
import json
import tempfile
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path
from typing import Any, TypeAlias

import httpx
import yaml

from api.main import create_app
from api.settings import Settings
from models.store import open_store
from seed.compiler import compile_seed
from seed.dataset import default_data

HERE = Path(__file__).parent
PAGE = HERE / "questions.md"

RECORD = 3
"""Slashes in the address of one record."""

Get: TypeAlias = Callable[[str], Awaitable[str]]
"""Asks an address and returns the body."""

INTRODUCTION = """# Questions and answers

Questions of research with the requests that answer them and what the service really answers (a
selection of columns; the dataset of this checkout): first those of a reader of the founding
document, then such as compare jurisdictions. Made by `make docs`, checked by a test. Any of these
addresses works with `curl`; put `.csv` after the name to read one in pandas, R or Excel, or see the
[guides](guides/).
"""


async def render(get: Get) -> str:
    """Return the page for the questions."""
    parts = [INTRODUCTION]
    questions = yaml.safe_load((HERE / "questions.yaml").read_text(encoding="utf-8"))
    for number, asked in enumerate(questions, start=1):
        parts.append(f"## {number}. {asked['question']}\n")
        if "answer" in asked:
            parts.append(f"{asked['answer'].strip()}\n")
        for request in asked["requests"]:
            parts.append(f"```\nGET {request['get']}\n```\n")
            parts.append(await _answer(get, request) + "\n")
    return "\n".join(parts)


async def _answer(get: Get, request: dict[str, Any]) -> str:
    """Ask one request and show its answer as a table."""
    path: str = request["get"]
    address, _, query = path.partition("?")
    if request.get("versions"):
        columns = ["number", "valid_from", "valid_to", "made_by", "changes", "summary"]
        rows = [_version(v) for v in json.loads(await get(path))["versions"]]
    elif address.count("/") == RECORD and "/comparisons/" not in address:
        columns = request["columns"]
        rows = [{c: _cell(v) for c, v in json.loads(await get(path)).items()}]
    else:
        columns = request["columns"]
        table = f"{address.removesuffix('.csv')}.csv?{query}"
        rows = list(csv.DictReader(io.StringIO(await get(table))))
    if not rows:
        return "No record: nothing of the kind was in force."
    return "\n".join(_table(columns, rows))


def _version(version: dict[str, Any]) -> dict[str, str]:
    """A version as a row, with what changed in few words."""
    changes = [c for c in version["changes"] if c["before"] and c["after"]]
    said = "; ".join(f"{c['path']}: {c['before']} → {c['after']}" for c in changes[:6])
    return {**{key: _cell(value) for key, value in version.items()}, "changes": said}


def _cell(value: Any) -> str:
    """A JSON value as a table cell."""
    if isinstance(value, list):
        return ", ".join(_cell(inner) for inner in value)
    return "" if value is None else str(value)


def _table(columns: list[str], rows: list[dict[str, str]]) -> Iterator[str]:
    """Write a Markdown table."""
    yield "| " + " | ".join(columns) + " |"
    yield "|" + " --- |" * len(columns)
    for row in rows:
        cells = [row[column].replace("|", "\\|").replace(";", "; ") for column in columns]
        yield "| " + " | ".join(cells) + " |"


async def main() -> None:
    """Compile the dataset aside, ask, and write the page."""
    with tempfile.TemporaryDirectory() as folder:
        settings = Settings(folder=Path(folder))
        compile_seed(default_data(), open_store("", settings.folder))
        app = create_app(settings)
        async with (
            app.router.lifespan_context(app),
            httpx.AsyncClient(
                transport=httpx.ASGITransport(app), base_url="http://lexcompare.example"
            ) as client,
        ):

            async def get(path: str) -> str:
                answer = await client.get(path)
                answer.raise_for_status()
                return answer.text

            PAGE.write_text(await render(get), encoding="utf-8")


if __name__ == "__main__":
    asyncio.run(main())
