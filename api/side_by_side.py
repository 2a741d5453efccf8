"""Side by side: the coded law on a subject, jurisdiction by jurisdiction, on a day."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Annotated, ClassVar
from weakref import WeakKeyDictionary

from fastapi import APIRouter, Depends, Response
from pydantic import BaseModel, ConfigDict, Field

from api.formats import FlatTable, add_exports
from api.legal_orders import members, orders_of
from api.problems import responses
from api.query import ANY, DayQuery, Example, check_names, parameters, parsed
from api.ranges import too_much
from api.resources import as_of
from api.serving import Release, ReleaseDep
from models.legal_order import LegalOrders
from models.provision import FACET_FIELDS, ProvisionRecord
from models.searched import Searched, searched, surveys_statement, topics_statement
from models.side_by_side import SideBuilder, SideRow, SideState
from models.statements import Filter, Shape
from models.table import Cell, ColumnKind, Row, TableColumn, texts
from models.ties import asked
from models.vocabulary import Conduct, FacetKind

router = APIRouter(prefix="/v1/comparisons", tags=["comparisons"])

MOST_PROVISIONS = 400
"""Most provisions that are put side by side."""


class SideBySideQuery(DayQuery):
    """What is put side by side. At least one topic or one conduct is named."""

    example: ClassVar[Example] = {
        "jurisdiction": ["SG", "DE"],
        "conduct": ["possess"],
        **DayQuery.example,
    }

    jurisdiction: list[str] | None = Field(None, examples=[["SG", "GB"]])
    """Jurisdictions; without these and without `group`, all that have something."""
    group: list[str] | None = Field(None, examples=[["asean"]])
    """Groups whose members on that day are compared."""
    topic: list[str] | None = Field(None, examples=[["csam-possession"]])
    """Topics of the provisions; a broad topic takes in the narrower ones."""
    conduct: list[Conduct] | None = Field(None, examples=[["possess"]])
    """Conduct that the provisions punish; other conduct is then left out of the rows."""
    kind: list[FacetKind] | None = Field(None, examples=[["offence"]])
    """Kinds of facet that are shown; all by default."""


class SideBySide(BaseModel):
    """The coded law on a subject, side by side."""

    model_config = ConfigDict(use_attribute_docstrings=True)

    as_of: date
    """Day that the answer is about."""
    release: str
    """Version and content hash of the dataset that answered."""
    jurisdictions: list[str]
    """Jurisdictions, in the order of the cells of each row."""
    rows: list[SideRow]
    """Facets aligned by kind and word."""


@router.get(
    "/provisions",
    response_model=SideBySide,
    response_description="The provisions side by side.",
    responses=responses(422),
    openapi_extra=parameters(SideBySideQuery),
)
async def get_provisions_side_by_side(
    release: ReleaseDep, query: Annotated[SideBySideQuery, Depends(parsed(SideBySideQuery))]
) -> Response:
    """Put provisions on a topic or conduct side by side, aligned, and mark what differs.

    Facets stand in a row by their kind and conduct (or kind of duty, power, exception; defined
    subject; grounds of reach). Each names its provision and source.
    """
    answer = await _side_by_side(release, query)
    headers = as_of(query.day.isoformat())
    return Response(answer.model_dump_json(), media_type="application/json", headers=headers)


COLUMNS = [
    *texts("kind", "word", "jurisdiction", "state", "facet", "field", "value"),
    TableColumn("differs", ColumnKind.BOOLEAN),
    *texts("via", "law", "provision", "provision_number", "source_url", "verification"),
]


async def side_by_side_table(release: Release, query: SideBySideQuery) -> FlatTable:
    """Return provisions side by side as a table: a row a field of a facet."""
    answer = await _side_by_side(release, query)
    day = query.day.isoformat()
    about = {"release": release.name, "as_of": day}
    return FlatTable("provisions", COLUMNS, _rows(answer), as_of(day), about)


def _rows(answer: SideBySide) -> Iterator[Row]:
    """A row a field of a facet; one for a jurisdiction that has none in a row."""
    for row in answer.rows:
        for cell in row.cells:
            head: list[Cell] = [row.kind, row.word, cell.jurisdiction, cell.state]
            if not cell.facets:
                yield [*head, *[None] * (len(COLUMNS) - len(head))]
            for facet in cell.facets:
                proof = [facet.via, facet.law, facet.provision, facet.provision_number]
                for each in facet.values:
                    said: list[Cell] = [facet.id, each.field, each.value, each.field in row.differs]
                    yield [*head, *said, *proof, facet.source_url, facet.verification]


add_exports(
    router,
    "/provisions",
    "provisions_side_by_side",
    "Provisions side by side: a row a field of a facet.",
    SideBySideQuery,
    side_by_side_table,
)


async def _side_by_side(release: Release, query: SideBySideQuery) -> SideBySide:
    """Align the provisions that a query is about."""
    await _check(release, query)
    orders = await orders_of(release)
    codes = list(dict.fromkeys(query.jurisdiction or []))
    if query.group:
        codes += [c for c in await members(release, query.group, query.day) if c not in codes]
    named = bool(query.jurisdiction or query.group)
    found = await _provisions(release, query, codes, orders, named)
    if not named:
        codes = orders.standing({code for provision in found for code in provision.extent})
    builder = SideBuilder(orders, query.day)
    kinds = query.kind or list(FACET_FIELDS)
    for code in codes:
        for provision in found:
            builder.add(code, provision, kinds, query.conduct or [])
    history = await _searched(release)
    empty = {code: _empty(code, query, history, orders) for code in codes}
    return SideBySide(
        as_of=query.day,
        release=release.name,
        jurisdictions=codes,
        rows=builder.rows(codes, empty),
    )


async def _check(release: Release, query: SideBySideQuery) -> None:
    """Refuse unknown names, and questions about everything."""
    await check_names(query, release)
    if not query.topic and not query.conduct:
        raise too_much("name a topic or a conduct: everything is not put side by side", "topic")
    for name in ("jurisdiction", "group", "topic", "conduct", "kind"):
        if len(getattr(query, name) or []) > ANY:
            raise too_much(f"at most {ANY} values", name)


async def _provisions(
    release: Release, query: SideBySideQuery, codes: list[str], orders: LegalOrders, named: bool
) -> list[ProvisionRecord]:
    """The provisions that are meant, as they stood on the day."""
    reading: set[str] = set()
    for code in codes:
        reading |= orders.reads(code) | orders.unions(code, query.day)
    if named and not reading:
        return []
    meant: dict[str, Sequence[str]] = {
        "topic": query.topic or [],
        "conduct": query.conduct or [],
        "jurisdiction": sorted(reading),
    }
    distinct = {name: list(dict.fromkeys(words)) for name, words in meant.items() if words}
    shape = Shape("provisions", tuple(Filter(name, len(w)) for name, w in distinct.items()))
    values = {name: word for n, words in distinct.items() for name, word in asked(n, words).items()}
    rows = await release.read(
        release.page(shape), **values, as_of=query.day.isoformat(), limit=MOST_PROVISIONS + 1
    )
    if len(rows) > MOST_PROVISIONS:
        message = f"more than {MOST_PROVISIONS} provisions are about this; ask in parts"
        raise too_much(message, "topic")
    return [
        ProvisionRecord.model_validate_json(row[0], by_alias=False, by_name=True) for row in rows
    ]


# --- what was searched --------------------------------------------------------------------------

_SURVEYS, _TOPICS = surveys_statement(), topics_statement()
_READ: WeakKeyDictionary[Release, Searched] = WeakKeyDictionary()


async def _searched(release: Release) -> Searched:
    """What was searched, read into memory on first use."""
    if release not in _READ:
        surveys = await release.read_statement(_SURVEYS, {})
        topics = await release.read_statement(_TOPICS, {})
        _READ[release] = searched((row[0] for row in surveys), (row[0] for row in topics))
    return _READ[release]


def _empty(code: str, query: SideBySideQuery, history: Searched, orders: LegalOrders) -> SideState:
    """What it means that a jurisdiction has nothing: it was searched for, or nobody has looked.

    That the law is silent cannot be said: other provisions than those on the topics may speak.
    """
    covered = bool(query.topic) and all(
        history.covers(code, topic, query.day, orders) for topic in query.topic or []
    )
    return SideState.NONE_ON_TOPIC if covered else SideState.NOT_SURVEYED
