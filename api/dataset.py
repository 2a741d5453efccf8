"""The dataset as a whole: what it is, its releases, and what changed from one to the next."""

# No postponed annotations here: the routes' parameter types are made at run time.

from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Path, Response
from pydantic import BaseModel, ConfigDict, Field

from api.formats import FORMATS, FlatTable, add_exports
from api.paging import Cursor, question_of
from api.problems import responses
from api.query import NoQuery, parameters, parsed
from api.serving import RELEASES, Release, ReleaseDep, Serving, ServingDep
from models.codebook import licence_url
from models.distribution import FILES
from models.record import Day
from models.release import EarlierRelease, PreviousRelease, ReleaseRecord
from models.release_change import (
    FILTERS,
    ChangeKind,
    ChangePart,
    ChangeStep,
    ReleaseChange,
    changes_statement,
)
from models.table import ColumnKind, Row, TableColumn, texts

router = APIRouter(prefix="/v1", tags=["dataset"])


class ReleaseAnswer(ReleaseRecord):
    """A release that is kept: any GET of the API answers from it with `release=`."""

    id: str
    """Version and the first twelve digits of the content hash, as answers state it."""
    current: bool
    """Whether it answers requests that name no release."""
    license_url: str
    """Address of the licence."""
    formats: list[str]
    """Formats of every collection and comparison, as suffixes of their addresses."""
    files: list[str]
    """Addresses of its files, with all states over time."""
    links: list[str]
    """Addresses that lead on: the release, its changes, its list of jurisdictions."""


class ReleaseList(BaseModel):
    """The releases of the dataset."""

    model_config = ConfigDict(use_attribute_docstrings=True)

    items: list[ReleaseAnswer]
    """Releases that are kept and can be asked, newest first."""
    earlier: list[EarlierRelease]
    """Releases that were published before and are not kept, newest first."""
    release: str
    """Version and content hash of the dataset that answered."""


def described(release: Release, serving: Serving) -> ReleaseAnswer:
    """Return a release as it is answered."""
    record = release.record
    here = f"{RELEASES}{release.name}"
    return ReleaseAnswer.model_validate(
        {
            **record.model_dump(),
            "id": release.name,
            "current": serving.release is not None and serving.release.name == release.name,
            "license_url": licence_url(record),
            "formats": ["json", *(format_.suffix for format_ in FORMATS)],
            "files": [f"{here}/{name}" for name in FILES],
            "links": [here, f"{here}/changes", f"/v1/jurisdictions?release={release.name}"],
        }
    )


ReleaseId = Annotated[
    str,
    Path(
        description="Release: its name, or a version for the newest one of it.",
        examples=["0.1.0"],
    ),
]
NoQueryDep = Annotated[NoQuery, Depends(parsed(NoQuery))]


@router.get(
    "/dataset",
    response_model=ReleaseAnswer,
    response_description="The dataset.",
    responses=responses(422),
    openapi_extra=parameters(NoQuery),
)
async def get_dataset(release: ReleaseDep, serving: ServingDep, query: NoQueryDep) -> Response:
    """Get what the dataset is: version, hash, date, licence, what it holds, where it leads on."""
    return _answer(described(release, serving))


@router.get(
    "/dataset/releases",
    response_model=ReleaseList,
    response_description="The releases.",
    responses=responses(422),
    openapi_extra=parameters(NoQuery),
)
async def list_releases(release: ReleaseDep, serving: ServingDep, query: NoQueryDep) -> Response:
    """List the releases: those that are kept, and those that were published before."""
    items: list[ReleaseAnswer] = []
    for name in list(serving.kept):
        try:
            items.append(described(await serving.find(name), serving))
        except LookupError:
            continue  # dropped since
    versions = {item.version for item in items}
    earlier = [told for told in release.record.earlier if told.version not in versions]
    return _answer(ReleaseList(items=items, earlier=earlier, release=release.name))


@router.get(
    "/dataset/releases/{id}",
    response_model=ReleaseAnswer,
    response_description="The release.",
    responses=responses(404, 422),
    openapi_extra=parameters(NoQuery),
)
async def get_release(
    id: ReleaseId, release: ReleaseDep, serving: ServingDep, query: NoQueryDep
) -> Response:
    """Get a release that is kept, with the number of changes since the one before it."""
    return _answer(described(release, serving))


def _answer(answer: BaseModel) -> Response:
    return Response(answer.model_dump_json(), media_type="application/json")


# --- changes ------------------------------------------------------------------------------------


class ChangeFilters(NoQuery):
    """Which changes are meant."""

    kind: list[ChangeKind] | None = Field(None, examples=[["correction"]])
    """Why the releases differ: a correction, the law, coverage, or the codebook."""
    part: list[ChangePart] | None = Field(None, examples=[["provision"]])
    """What of the dataset changed."""
    step: list[ChangeStep] | None = Field(None, examples=[["changed"]])
    """What became of it."""
    jurisdiction: list[str] | None = Field(None, max_length=50, examples=[["SG"]])
    """Jurisdictions of the cells, or in which the laws were made."""
    law: list[str] | None = Field(None, max_length=50, examples=[["sg-penal-code-1871"]])
    """Laws."""
    indicator: list[str] | None = Field(None, max_length=50, examples=[["possession_max_prison"]])
    """Indicators."""


class ReleaseChangesQuery(ChangeFilters):
    """Which changes are meant, and which page of them."""

    limit: int = Field(50, ge=1, le=200, examples=[50])
    """Most changes on the page."""
    cursor: str | None = Field(None, pattern=r"^[A-Za-z0-9_-]+$", max_length=1000, examples=[None])
    """`next_cursor` of the page before; the other parameters stay as they were."""


class ReleaseChangePage(BaseModel):
    """One page of what changed from the release before to a release."""

    model_config = ConfigDict(use_attribute_docstrings=True)

    items: list[ReleaseChange]
    """The changes: law by law, then cell by cell."""
    next_cursor: str | None
    """`cursor` of the next page; null on the last."""
    previous: PreviousRelease | None
    """The release that it was compared with; null for a first one, which has no changes."""
    date: Day
    """Day of the release."""
    release: str
    """The release that the changes led to."""


@router.get(
    "/dataset/releases/{id}/changes",
    response_model=ReleaseChangePage,
    response_description="One page.",
    responses=responses(404, 422),
    openapi_extra=parameters(ReleaseChangesQuery),
)
async def list_release_changes(
    id: ReleaseId,
    release: ReleaseDep,
    query: Annotated[ReleaseChangesQuery, Depends(parsed(ReleaseChangesQuery))],
) -> Response:
    """List what changed since the release before, law by law and cell by cell.

    A `correction` codes the same day of law otherwise; a change of kind `law` takes effect after
    the day of the release before; `coverage` was not coded before.
    """
    question = question_of(f"changes of {release.name}", query)
    day = release.record.date.isoformat()
    after = 0
    if query.cursor is not None:
        said = Cursor.decode(query.cursor, question).after
        after = said if isinstance(said, int) else 0
    changes = Changes(release, query)
    found = await changes.read(after, query.limit + 1)
    rows = found[: query.limit]
    following = None
    if len(found) > query.limit:
        following = Cursor(rows[-1][1], "", day, question).encode()
    page = ReleaseChangePage(
        items=[ReleaseChange.model_validate_json(row[0]) for row in rows],
        next_cursor=following,
        previous=release.record.previous,
        date=release.record.date,
        release=release.name,
    )
    return _answer(page)


@dataclass(frozen=True)
class Changes:
    """The changes of a release that pass filters."""

    release: Release
    query: ChangeFilters

    async def read(self, after: int, limit: int) -> Any:
        """Read some changes with their numbers, after one of them."""
        asked = {name: values for name in FILTERS if (values := getattr(self.query, name))}
        statement = changes_statement({name: len(values) for name, values in asked.items()})
        values = {
            f"{name}_{n}": str(value)
            for name, given in asked.items()
            for n, value in enumerate(given)
        }
        query = self.release.database.compile(statement)
        return await self.release.read(query, **values, after=after, limit=limit)

    async def all(self) -> AsyncIterator[ReleaseChange]:
        """Read all changes."""
        after = 0
        while rows := await self.read(after, 1_000):
            for row in rows:
                yield ReleaseChange.model_validate_json(row[0])
            after = rows[-1][1]


COLUMNS = [
    *texts("kind", "part", "step", "jurisdiction", "law", "indicator", "id"),
    TableColumn("valid_from", ColumnKind.DATE),
    TableColumn("valid_to", ColumnKind.DATE),
    *texts("path", "before", "after"),
]


async def changes_table(release: Release, query: ChangeFilters, _: str) -> FlatTable:
    """Return the changes as a table: a row a value that differs."""
    made: list[Row] = []
    async for change in Changes(release, query).all():
        told: list[Any] = [getattr(change, column.name) for column in COLUMNS[:9]]
        values = [[c.path, c.before, c.after] for c in change.changes] or [[None, None, None]]
        made += [[*told, *value] for value in values]
    about = {"release": release.name}
    return FlatTable("changes", COLUMNS, made, about=about)


add_exports(
    router,
    "/dataset/releases/{id}/changes",
    "release_changes",
    "What changed since the release before: a row a value that differs.",
    ChangeFilters,
    changes_table,
    example="0.1.0",
)
