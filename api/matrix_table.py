"""A matrix as a table for people: words for every cell, headings, numbered citations."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from pydantic import BaseModel

from api.comparisons import rows
from api.legal_orders import orders_of
from api.ranges import too_much
from api.selection import DaySelectionQuery, select
from api.serving import Release
from models.citation import (
    Footnotes,
    Names,
    batches,
    laws_statement,
    names,
    provisions_statement,
)
from models.coding import CellState, Evidence, MatrixCell
from models.indicator import ValueType
from models.statements import Shape

MOST_PRINTED = 4_000
"""Largest matrix that is written out for people, in cells."""

_LAWS, _PROVISIONS = laws_statement(), provisions_statement()

STATE_WORDS = {
    CellState.CODED: "",
    CellState.ABSENT: "absent",
    CellState.GENERAL_LAW: "general law",
    CellState.NOT_APPLICABLE: "n/a",
    CellState.DISPUTED: "disputed",
    CellState.NOT_SURVEYED: "not surveyed",
}
"""What a cell says besides its value, in words: states are told apart without colour."""

_UNITS = {ValueType.MONTHS: "months", ValueType.HOURS: "hours", ValueType.DAYS: "days"}


@dataclass(frozen=True)
class Heading:
    """A row or column: a code, and what it stands for."""

    code: str
    text: str


@dataclass(frozen=True)
class Written:
    """A cell in words, with the numbers of its notes."""

    value: str
    state: CellState
    via: str | None
    notes: Sequence[int]

    @property
    def marks(self) -> list[str]:
        """What stands beside the value."""
        word = STATE_WORDS[self.state]
        return [*([word] if word else []), *([f"via {self.via}"] if self.via else [])]


@dataclass(frozen=True)
class Note:
    """A numbered citation."""

    number: int
    text: str
    proof: Evidence


@dataclass(frozen=True)
class Table:
    """A matrix in words, the longer side running down the page."""

    day: str
    release: str
    corner: str
    columns: list[Heading]
    lines: list[tuple[Heading, list[Written]]]
    notes: list[Note]

    @property
    def title(self) -> str:
        """What the table shows."""
        return f"Law compared, as it stood on {self.day}"

    @property
    def states(self) -> list[CellState]:
        """The states that occur, in their order."""
        found = {cell.state for _, cells in self.lines for cell in cells}
        return [state for state in CellState if state in found]


class _Indicator(BaseModel):
    """What is read of an indicator's record."""

    id: str
    question: str


class _Authority(BaseModel):
    """What is read of an authority's record."""

    id: str
    name: str


async def table(release: Release, query: DaySelectionQuery) -> Table:
    """Return a matrix in words. Refuses what nobody could read."""
    selection = await select(release, query, query.day)
    size = len(selection.jurisdictions) * len(selection.indicators)
    if size > MOST_PRINTED:
        message = f"{size:,} cells are too many to read: ask for {MOST_PRINTED:,}, or take the CSV"
        raise too_much(message, "jurisdiction")
    day = query.day.isoformat()
    grid: list[list[MatrixCell]] = [[] for _ in selection.jurisdictions]
    if selection.indicators:
        grid = [[MatrixCell.model_validate_json(t) for t in row] for row in rows(selection, day)]
    orders = await orders_of(release)
    listed = orders.orders
    places = [Heading(c, listed[c].name if c in listed else c) for c in selection.jurisdictions]
    asked = await _questions(release)
    indicators = [Heading(id_, asked[id_]) for id_ in selection.indicators]
    across, down = indicators, places
    if places and len(indicators) > len(places):
        across, down = places, indicators
        grid = [list(column) for column in zip(*grid, strict=True)]
    footnotes = Footnotes()
    authorities = await _authorities(release)
    lines = [[written(cell, footnotes, authorities) for cell in line] for line in grid]
    known = await _names(release, footnotes)
    return Table(
        day=day,
        release=release.name,
        corner="Indicator" if down is indicators else "Jurisdiction",
        columns=across,
        lines=list(zip(down, lines, strict=True)),
        notes=[Note(number, known.cite(proof), proof) for number, proof in footnotes.notes()],
    )


async def _questions(release: Release) -> dict[str, str]:
    """What each indicator asks."""
    shape = Shape("indicators", sort="position")
    found = await release.read(release.page(shape), as_of="2000-01-01", limit=10_000)
    read = [_Indicator.model_validate_json(row[0]) for row in found]
    return {indicator.id: indicator.question for indicator in read}


async def _authorities(release: Release) -> dict[str, str]:
    """What each authority is called."""
    shape = Shape("authorities")
    found = await release.read(release.page(shape), as_of="2000-01-01", limit=10_000)
    read = [_Authority.model_validate_json(row[0]) for row in found]
    return {authority.id: authority.name for authority in read}


async def _names(release: Release, footnotes: Footnotes) -> Names:
    """Names of all that is cited."""
    laws = [
        (str(row[0]), str(row[1]))
        for values in batches(footnotes.laws())
        for row in await release.read_statement(_LAWS, values)
    ]
    provisions = [
        (str(row[0]), str(row[1]), str(row[2]))
        for values in batches(footnotes.provisions())
        for row in await release.read_statement(_PROVISIONS, values)
    ]
    return names(laws, provisions)


def written(cell: MatrixCell, footnotes: Footnotes, authorities: Mapping[str, str]) -> Written:
    """Put a cell into words and number what proves it; without a value, its bounds are shown."""
    value = words(cell, authorities) if cell.valued else cell.qualifier or ""
    return Written(value, cell.state, cell.via, footnotes.numbers(cell.evidence))


def words(cell: MatrixCell, authorities: Mapping[str, str]) -> str:
    """Return the value of a cell in words, with its unit or currency; authorities by name."""
    qualifier = (cell.qualifier or "").replace("_", " ")
    aside = f" ({qualifier})" if qualifier else ""
    if cell.value_boolean is not None:
        return "yes" if cell.value_boolean else "no"
    if cell.value_codes:
        return ", ".join(authorities.get(c, c.replace("_", " ")) for c in cell.value_codes)
    if cell.value_text is not None:
        return f"{cell.value_text}{aside}"
    number = cell.value_number if cell.value_integer is None else cell.value_integer
    if number is None:
        return qualifier or "yes"
    if cell.value_type == ValueType.MONEY:
        return f"{number:,} {cell.qualifier or ''}".rstrip()
    if cell.value_type == ValueType.SHARE:
        return f"{number:g} % of {qualifier}" if qualifier else f"{number:g} %"
    unit = f" {_UNITS[cell.value_type]}" if cell.value_type in _UNITS else ""
    return f"{number:g}{unit}{aside}"
