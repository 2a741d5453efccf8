"""The routes that every collection has: a list, its CSV export, and one item."""

# No postponed annotations here: the routes' parameter types are made at run time.

from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Path, Response

from api.formats import CollectionTable, add_exports, collection_table
from api.paging import Page, read_page
from api.problems import Interval, ProblemError, responses
from api.query import (
    DayQuery,
    Filters,
    ListQuery,
    NoQuery,
    parameters,
    parsed,
    suggest,
    today,
)
from api.routing import Direct
from api.serving import Release, ReleaseDep
from models.collection import COLLECTIONS
from models.validity import BEGINNING, FOREVER


@dataclass(frozen=True)
class Resource:
    """A collection as the API shows it."""

    name: str
    """Plural name, as in its address."""
    singular: str
    """Name of one item, in operation ids."""
    page: type[Page[Any]]
    """Schema of a page."""
    filters: type[Filters]
    """Parameters of exports."""
    query: type[ListQuery]
    """Parameters of a page: those of exports and those that page and count."""
    about: str
    """What the list holds, in one sentence."""
    example: str
    """Id of an item, for the documentation."""

    def router(self) -> APIRouter:
        """Return the routes."""
        address = f"/v1/{self.name}"
        router = APIRouter(prefix="/v1", tags=[self.name], route_class=Direct)
        record = COLLECTIONS[self.name].record
        title = self.name.capitalize()

        async def list_items(
            release: ReleaseDep, query: Annotated[Any, Depends(parsed(self.query))]
        ) -> Response:
            return await read_page(release, self.name, query, address)

        async def get_item(
            id: Annotated[str, Path(description="Identifier.", examples=[self.example])],
            release: ReleaseDep,
            query: Annotated[DayQuery, Depends(parsed(DayQuery))],
        ) -> Response:
            return await read_item(release, self.name, id, query)

        router.add_api_route(
            f"/{self.name}",
            list_items,
            name=f"list_{self.name}",
            summary=f"List {self.name}",
            description=f"{self.about} Answers as the law stood on `as_of`.",
            response_model=self.page,
            response_description="One page.",
            responses=responses(422),
            openapi_extra=parameters(self.query),
        )
        add_exports(router, f"/{self.name}", self.name, self.about, self.filters, self._table)
        router.add_api_route(
            f"/{self.name}/{{id}}",
            get_item,
            name=f"get_{self.singular}",
            summary=f"Get one of the {self.name}",
            description=f"{title}: one record, as it stood on `as_of`.",
            response_model=record,
            response_description="The record.",
            responses=responses(404, 422),
            openapi_extra=parameters(DayQuery),
        )
        return router

    async def _table(self, release: Release, query: Filters) -> CollectionTable:
        """Return the whole collection as a table."""
        return await collection_table(release, self.name, query)


def as_of(day: str) -> dict[str, str]:
    """Return the header that states which day an answer is about."""
    return {"Lexcompare-As-Of": day}


async def read_item(release: Release, collection: str, id_: str, query: DayQuery) -> Response:
    """Answer one record, or say why there is none."""
    record = await read_record(release, collection, id_, query)
    headers = as_of(query.day.isoformat())
    return Response(record, media_type="application/json", headers=headers)


async def read_record(release: Release, collection: str, id_: str, query: DayQuery) -> str:
    """Return the finished JSON of a record on a day. Raises the problem why there is none."""
    rows = await release.read(release.item(collection), id=id_, as_of=query.day.isoformat())
    if not rows:
        raise await missing(release, collection, id_, query)
    record: str = rows[0][0]
    return record


async def _known(release: Release, coding: str) -> bool:
    """Tell whether an id of a coding is made of a jurisdiction and an indicator that there are."""
    code, _, indicator = coding.partition("~")
    return await release.exists("jurisdictions", code) and await release.exists(
        "indicators", indicator
    )


async def missing(release: Release, collection: str, id_: str, query: NoQuery) -> ProblemError:
    """Describe why an id has no record on a day: unknown, or not in force."""
    held = await release.read(release.intervals(collection), id=id_)
    coded = await release.coded(id_) if collection == "provisions" and not held else None
    if coded is False:
        tree = f"/v1/laws/{id_.split('~')[0]}/provisions"
        said = f"{id_!r} is named in its law, but its content is not coded."
        return ProblemError("not-found", said, links=[tree])
    if collection == "codings" and not held and await _known(release, id_):
        code, _, indicator = id_.partition("~")
        said = f"{indicator!r} is not coded for {code}: what nobody has surveyed has no coding."
        return ProblemError("not-found", said, links=[f"/v1/surveys?jurisdiction={code}"])
    if not held and not coded:
        near = await suggest(release, collection, id_)
        hint = f" Did you mean {near!r}?" if near else ""
        link = [f"/v1/{collection}/{near}"] if near else [f"/v1/{collection}"]
        return ProblemError(
            "not-found", f"Among the {collection} there is no {id_!r}.{hint}", links=link
        )
    day = query.day if isinstance(query, DayQuery) else today()
    spans = [
        Interval(
            valid_from=None if start == BEGINNING.isoformat() else start,
            valid_to=None if end == FOREVER.isoformat() else end,
        )
        for start, end in held
    ]
    provision = "~".join(id_.split("~")[:2])
    links = [f"/v1/provisions/{provision}/versions"] if "~" in id_ else []
    if spans:
        # The state nearest to the day: the first one after it, or else the last before.
        later = [start for start, _ in held if start > day.isoformat()]
        links.append(f"/v1/{collection}/{id_}?as_of={later[0] if later else held[-1][0]}")
    never = "" if spans else ", and never was"
    return ProblemError(
        "not-in-force", f"{id_!r} is not in force on {day}{never}.", intervals=spans, links=links
    )
