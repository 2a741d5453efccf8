"""Laws: their list, tree of provisions and effects."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Annotated, ClassVar, Literal

from fastapi import Depends, Path, Response
from pydantic import BaseModel, ConfigDict, Field

from api.filters import DateFilters
from api.paging import Page
from api.problems import responses
from api.query import DayQuery, Example, ListQuery, NoQuery, Whole, parameters, parsed, today
from api.resources import Resource, as_of, missing
from api.serving import ReleaseDep
from models.database import Rows
from models.effect import EffectRecord
from models.law import LawRecord
from models.provision import OutlineNode, outline_statement
from models.statements import Filter, Shape, parameter
from models.validity import FOREVER
from models.vocabulary import LawKind, LawStatus, Standing, Verification


class LawFilters(DateFilters):
    """Which laws are meant."""

    example: ClassVar[Example] = {**DateFilters.example, "topic": ["online-safety"]}

    columns: ClassVar[Mapping[str, str]] = {"date": "valid_from", "year": "year"}

    kind: list[LawKind] | None = Field(None, examples=[["act"]])
    """Kinds of law."""
    status: list[LawStatus] | None = Field(None, examples=[["in_force"]])
    """Where they stand on that day."""
    topic: list[str] | None = Field(None, examples=[["online-safety"]])
    """What they are about; a broad topic finds the narrower ones too."""
    related: list[str] | None = Field(None, examples=[["sg-broadcasting-act-1994"]])
    """Laws to which they say they are related (amends, made under ...)."""
    year_from: Whole | None = Field(None, examples=[2020])
    """Earliest year of their number."""
    year_to: Whole | None = Field(None, examples=[2026])
    """Latest year of their number."""
    verification: list[Verification] | None = Field(None, examples=[["official"]])
    """What the record was checked against."""
    sort: Literal["id", "-id", "title", "-title", "year", "-year"] = "id"
    """Order of the items; `-` reverses it."""


class LawQuery(LawFilters, ListQuery):
    """Parameters of a page of laws."""

    count_by: list[Literal["kind", "status", "topic", "jurisdiction", "verification"]] | None = (
        Field(None, examples=[["kind"]])
    )
    """Parameters by which to count the whole list."""


class LawPage(Page[LawRecord]):
    """One page of laws."""


router = Resource(
    name="laws",
    singular="law",
    page=LawPage,
    filters=LawFilters,
    query=LawQuery,
    about="Acts, codes, regulations, treaties, bills and codes of practice, with their status on"
    " that day; a repealed law stays listed.",
    example="sg-online-criminal-harms-act-2023",
).router()


class LawTree(BaseModel):
    """The provisions of a law as a tree."""

    model_config = ConfigDict(use_attribute_docstrings=True)

    law: str
    """The law."""
    provisions: list[OutlineNode]
    """Provisions at the top of the law, in order; the others are among their children."""
    as_of: date
    """Day that the answer is about."""
    release: str
    """Version and content hash of the dataset that answered."""


class LawEffects(BaseModel):
    """The effects on a law and by a law."""

    model_config = ConfigDict(use_attribute_docstrings=True)

    law: str
    """The law."""
    on: list[EffectRecord]
    """What was done to it, by itself or by others, by date."""
    by: list[EffectRecord]
    """What it did to others, by date."""
    release: str
    """Version and content hash of the dataset that answered."""


LawId = Annotated[
    str, Path(description="Identifier of the law.", examples=["sg-broadcasting-act-1994"])
]


@router.get(
    "/laws/{law_id}/provisions",
    response_model=LawTree,
    response_description="The tree.",
    responses=responses(404, 422),
    openapi_extra=parameters(DayQuery),
)
async def get_law_provisions(
    law_id: LawId,
    release: ReleaseDep,
    query: Annotated[DayQuery, Depends(parsed(DayQuery))],
) -> Response:
    """Get the provisions of a law as a tree, those that are only named included."""
    if not await release.exists("laws", law_id):
        raise await missing(release, "laws", law_id, query)
    day = query.day.isoformat()
    rows = await release.read_statement(OUTLINE, {"law": law_id, "as_of": day})
    tree = LawTree(law=law_id, provisions=_tree(rows), as_of=query.day, release=release.name)
    return Response(tree.model_dump_json(), media_type="application/json", headers=as_of(day))


@router.get(
    "/laws/{law_id}/effects",
    response_model=LawEffects,
    response_description="The effects.",
    responses=responses(404, 422),
    openapi_extra=parameters(NoQuery),
)
async def get_law_effects(
    law_id: LawId,
    release: ReleaseDep,
    query: Annotated[NoQuery, Depends(parsed(NoQuery))],
) -> Response:
    """Get the effects on a law and by a law: its own history, and what it did to others."""
    if not await release.exists("laws", law_id):
        raise await missing(release, "laws", law_id, query)
    both = {
        side: await release.read(
            release.page(Shape("effects", (Filter(field, 1),), sort="date")),
            **{parameter(field, 0): law_id},
            as_of=today().isoformat(),
            limit=10_000,
        )
        for side, field in (("on", "law"), ("by", "by"))
    }
    on = ",".join(row[0] for row in both["on"])
    by = ",".join(row[0] for row in both["by"] if f'"law":"{law_id}"' not in row[0])
    body = f'{{"law":"{law_id}","on":[{on}],"by":[{by}],"release":"{release.name}"}}'
    return Response(body, media_type="application/json")


OUTLINE = outline_statement()


def _tree(rows: Rows) -> list[OutlineNode]:
    """Hang each provision below its parent; rows come in the order of the law."""
    nodes: dict[str, OutlineNode] = {}
    top: list[OutlineNode] = []
    for id_, parent, eid, number, heading, kind, coded, waits, start, end in rows:
        standing = Standing.NOT_IN_FORCE if coded else Standing.NOT_CODED
        if start is not None or waits:
            standing = Standing.IN_FORCE if start is not None else Standing.NOT_YET_IN_FORCE
        node = OutlineNode(
            id=id_,
            eid=eid,
            number=number,
            heading=heading,
            kind=kind,
            coded=bool(coded),
            standing=standing,
            in_force=start is not None,
            valid_from=start,
            valid_to=None if end == FOREVER.isoformat() else end,
            children=[],
        )
        nodes[id_] = node
        (nodes[parent].children if parent else top).append(node)
    for node in top:
        _derive(node)
    return top


def _derive(node: OutlineNode) -> None:
    """Let a provision that is not coded stand where what is coded below it stands."""
    for child in node.children:
        _derive(child)
    below = {child.standing for child in node.children} - {Standing.NOT_CODED}
    if node.coded or not below:
        return
    # What was made later or has ended is no part that is missing.
    living = below - {Standing.NOT_IN_FORCE} or below
    node.standing = living.pop() if len(living) == 1 else Standing.PARTLY_IN_FORCE
    node.in_force = any(child.in_force for child in node.children)
