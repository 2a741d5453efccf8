"""The matrix as documents: a Markdown table and a page to read and print, each with citations."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape
from importlib.resources import files
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Response

from api.citations import Cited
from api.matrix_table import STATE_WORDS, Heading, Note, Table, Written, table
from api.problems import responses
from api.query import parameters, parsed
from api.resources import as_of
from api.routing import Direct
from api.selection import DaySelectionQuery
from api.serving import ReleaseDep
from models.coding import CellState

router = APIRouter(prefix="/v1/comparisons", tags=["comparisons"], route_class=Direct)

MARKDOWN_RESPONSE: dict[int | str, dict[str, Any]] = {
    200: {
        "description": "A table and its footnotes, in Markdown.",
        "content": {"text/markdown": {"schema": {"type": "string"}}},
    }
}
HTML_RESPONSE: dict[int | str, dict[str, Any]] = {
    200: {
        "description": "A page with a table and its citations, which loads nothing else.",
        "content": {"text/html": {"schema": {"type": "string"}}},
    }
}

STYLE = files("api") / "static" / "matrix.css"

AnySelection = Annotated[DaySelectionQuery, Depends(parsed(DaySelectionQuery))]


@router.get(
    "/matrix.md",
    response_class=Response,
    response_model=None,
    responses={**MARKDOWN_RESPONSE, **responses(422)},
    openapi_extra=parameters(DaySelectionQuery),
)
async def export_matrix_markdown(release: ReleaseDep, query: AnySelection) -> Response:
    """Export a matrix as a Markdown table with footnoted citations: provision, law, source."""
    found = await table(release, query)
    return Response(
        "\n".join(markdown(found)) + "\n",
        media_type="text/markdown; charset=utf-8",
        headers=as_of(found.day) | found.cited.headers,
    )


@router.get(
    "/matrix.html",
    response_class=Response,
    response_model=None,
    responses={**HTML_RESPONSE, **responses(422)},
    openapi_extra=parameters(DaySelectionQuery),
)
async def export_matrix_html(release: ReleaseDep, query: AnySelection) -> Response:
    """Export a matrix as a page to read or print, with footnoted citations; it needs no script."""
    found = await table(release, query)
    return Response(
        "".join(page(found)),
        media_type="text/html; charset=utf-8",
        headers=as_of(found.day) | found.cited.headers,
    )


def legend(state: CellState) -> str:
    """Return how a state is written in a cell."""
    return STATE_WORDS[state] or "a value alone"


# --- Markdown -----------------------------------------------------------------------------------


def markdown(found: Table) -> Iterator[str]:
    """Yield the lines of a Markdown document."""
    yield f"# {_plain(found.title)}"
    yield ""
    yield f"Lexcompare, release {found.release}. Day: {found.day}."
    yield ""
    yield _line([found.corner, *(_heading(column) for column in found.columns)])
    yield _line(["---"] * (len(found.columns) + 1))
    for heading, cells in found.lines:
        yield _line([_heading(heading), *(_cell(cell) for cell in cells)])
    yield ""
    yield from (f"* *{legend(state)}*: {state.meaning}" for state in found.states)
    yield ""
    yield from (_footnote(note) for note in found.notes)
    yield ""
    yield f"Cite as: {_plain(found.cited.before)} {_address(found.cited.address)}"


def _line(cells: list[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _heading(heading: Heading) -> str:
    return f"{_plain(heading.text)} (`{heading.code}`)"


def _cell(cell: Written) -> str:
    marks = "; ".join(f"*{mark}*" for mark in cell.marks)
    notes = "".join(f"[^{number}]" for number in cell.notes)
    return " ".join(part for part in (_plain(cell.value), marks, notes) if part)


def _footnote(note: Note) -> str:
    """The definition of a footnote."""
    url = f" <{note.proof.source_url}>" if note.proof.source_url else ""
    version = f", as from {note.proof.version}" if note.proof.version else ""
    text = _plain(f"{note.text}{version} ({note.proof.verification})")
    return f"[^{note.number}]: {text}.{url}"


def _address(address: str) -> str:
    """Write an address; one without a host is no link that could be followed from a file."""
    return f"<{address}>" if address.startswith("http") else f"`{address}`"


def _plain(text: str) -> str:
    """Write text so that Markdown reads it as such."""
    for character in "\\`*_[]<>|":
        text = text.replace(character, f"\\{character}")
    return " ".join(text.split())


# --- HTML ---------------------------------------------------------------------------------------


def page(found: Table) -> Iterator[str]:
    """Yield the parts of a self-contained page."""
    title = escape(found.title)
    yield (
        '<!doctype html><html lang="en"><head><meta charset="utf-8">'
        f"<title>{title} · Lexcompare</title>"
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<style>{STYLE.read_text(encoding='utf-8')}</style></head><body><main>"
        f"<h1>{title}</h1>"
    )
    yield (
        '<div class="scroll" role="region" aria-labelledby="caption" tabindex="0"><table>'
        f'<caption id="caption"><span>Day: {found.day}. Release: {escape(found.release)}. '
        f"Numbers lead to the citations below the table.</span></caption>"
        f'<thead><tr><th scope="col">{found.corner}</th>'
    )
    yield from (_header(column, "col") for column in found.columns)
    yield "</tr></thead><tbody>"
    for heading, cells in found.lines:
        yield f"<tr>{_header(heading, 'row')}"
        yield from (_data(cell, column) for cell, column in zip(cells, found.columns, strict=True))
        yield "</tr>"
    yield "</tbody></table></div><section><h2>How to read a cell</h2><dl>"
    yield from (
        f"<dt>{legend(state)}</dt><dd>{escape(state.meaning)}</dd>" for state in found.states
    )
    yield "</dl></section>"
    if found.notes:
        yield "<section><h2>Citations</h2><ol>"
        yield from (_note(note) for note in found.notes)
        yield "</ol></section>"
    yield f"<footer>Cite as: {_cited(found.cited)}</footer>"
    yield "</main></body></html>"


def _header(heading: Heading, scope: str) -> str:
    return f'<th scope="{scope}">{escape(heading.text)}<br><code>{escape(heading.code)}</code></th>'


def _data(cell: Written, column: Heading) -> str:
    """A cell; it names its column, which a narrow screen shows in the cell."""
    value = f"<b>{escape(cell.value)}</b>" if cell.value else ""
    marks = "".join(f"<i>{escape(mark)}</i>" for mark in cell.marks)
    links = ", ".join(f'<a href="#note-{n}" aria-label="Citation {n}">{n}</a>' for n in cell.notes)
    notes = f"<sup>{links}</sup>" if links else ""
    named = escape(column.text)
    return f'<td class="{cell.state}" data-column="{named}">{value}{marks}{notes}</td>'


def _cited(cited: Cited) -> str:
    """How the page is cited, its address being a link."""
    here = f"../comparisons/matrix?{cited.address.partition('?')[2]}"
    link = f'<a class="source" href="{escape(here)}">{escape(cited.address)}</a>'
    return f"{escape(cited.before)} {link}"


def _note(note: Note) -> str:
    """A citation: what, in which version, where it can be read, what it was checked against."""
    proof = note.proof
    version = f", version of {proof.version}" if proof.version else ""
    here = escape(f"../{proof.href.removeprefix('/v1/')}")
    source = (
        f'<br><a class="source" href="{escape(proof.source_url)}">{escape(proof.source_url)}</a>'
        if proof.source_url
        else ""
    )
    return (
        f'<li id="note-{note.number}" value="{note.number}">'
        f'<a href="{here}">{escape(note.text)}</a>{version}; '
        f"checked: {proof.verification}{source}</li>"
    )
