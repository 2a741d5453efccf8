"""The files of a release: zip, SQLite, Parquet and codebook, streamed from disk, also in ranges.

They are made when the first of them is asked for, unless `lexcompare seed files` was run before.
"""

# No postponed annotations here: the routes' parameter types are made at run time.

import re
from pathlib import Path as FilePath
from typing import Annotated, Any

from fastapi import APIRouter, Path, Request, Response
from fastapi.responses import FileResponse
from starlette.types import Receive, Scope, Send

from api.dataset import NoQueryDep, ReleaseId
from api.problems import ProblemError, responses
from api.query import NoQuery, nearest, parameters
from api.serving import RELEASES, ReleaseDep, ServingDep
from models.distribution import FILES, ZIP

router = APIRouter(prefix="/v1", tags=["dataset"])

_RANGES = re.compile(r"bytes\s*=\s*((\d+-\d*|-\d+)(\s*,\s*(\d+-\d*|-\d+))*)\s*", re.IGNORECASE)
"""A range header that can be read; any other is passed over, as HTTP has it."""


class ReleaseFile(FileResponse):
    """A file of a release, or parts of it."""

    def __init__(self, path: FilePath, headers: dict[str, str], parts: list[str] | None) -> None:
        """Answer a file; `parts` are the ranges that were asked for and that it has."""
        super().__init__(path, headers=headers, media_type=FILES[path.name])
        self.parts = parts

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send it, and to HEAD, which the app sees as GET, its headers only."""
        headers = [header for header in scope["headers"] if header[0] != b"range"]
        if self.parts:
            headers.append((b"range", f"bytes={','.join(self.parts)}".encode()))
        method = scope.get("lexcompare.method", scope["method"])
        await super().__call__({**scope, "headers": headers, "method": method}, receive, send)


def parts_of(range_: str | None, size: int) -> list[str] | None:
    """Return the ranges of a header that a file has; null without a header that can be read."""
    said = _RANGES.fullmatch(range_ or "")
    if said is None:
        return None
    found: list[str] = []
    for part in said[1].replace(" ", "").split(","):
        first, _, last = part.partition("-")
        if first and last and int(last) < int(first):
            return None
        if int(first) < size if first else 0 < int(last) and size:
            found.append(part)
    return found


def _content() -> dict[str, Any]:
    """The media types of the files, for the document."""
    names = sorted({media_type.partition(";")[0] for media_type in FILES.values()})
    return {name: {"schema": {"type": "string", "contentMediaType": name}} for name in names}


@router.get(
    "/dataset/releases/{id}/{file}",
    response_model=None,
    response_class=Response,
    responses={
        200: {"description": "The file.", "content": _content()},
        **responses(404, 416, 422, 503),
    },
    openapi_extra=parameters(NoQuery),
)
async def get_release_file(
    id: ReleaseId,
    file: Annotated[
        str,
        Path(
            description="Name of the file: `lexcompare.zip`, `lexcompare.sqlite`, `SHA256SUMS`,"
            " `codebook.csv`, `codebook.xml`, or a collection with `.parquet`.",
            examples=[ZIP],
        ),
    ],
    request: Request,
    release: ReleaseDep,
    serving: ServingDep,
    query: NoQueryDep,
) -> Response:
    """Get a file of a release, with the states of all records over time.

    Tables have a row for each state of a record, from `valid_from` up to, but not including,
    `valid_to`. Ranges of bytes are answered with 206, so that Parquet files can be queried from
    afar. The first request for a release waits until its files are made.
    """
    if file not in FILES:
        near = nearest(file, FILES)
        hint = f" Did you mean {near!r}?" if near else ""
        links = [f"{RELEASES}{release.name}/{near}"] if near else [f"{RELEASES}{release.name}"]
        raise ProblemError("not-found", f"A release has no file {file!r}.{hint}", links=links)
    try:
        made = await serving.files(release)
    except LookupError:
        raise ProblemError("not-found", f"The release {release.name} was just dropped.") from None
    except OSError as error:
        said = f"The files of {release.name} could not be written: {error.strerror}."
        raise ProblemError("not-writable", said) from None
    path, etag = made.folder / file, f'"{made.sums[file]}"'
    headers = {
        "ETag": etag,
        "Accept-Ranges": "bytes",
        "Content-Disposition": f'attachment; filename="{file}"',
    }
    asked = request.headers
    matching = [tag.strip().removeprefix("W/") for tag in asked.get("if-none-match", "").split(",")]
    if etag in matching or "*" in matching:
        return Response(status_code=304, headers={"ETag": etag, "Accept-Ranges": "bytes"})
    size = path.stat().st_size
    parts = parts_of(asked.get("range"), size)
    if parts == [] and asked.get("if-range", etag) == etag:
        problem = ProblemError(
            "range-not-satisfiable", f"The file has {size} bytes: none of these."
        )
        return problem.response(request.url.path, {"Content-Range": f"bytes */{size}"})
    return ReleaseFile(path, headers, parts)
