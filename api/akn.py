"""Akoma Ntoso URIs as addresses: each leads to the record of what it names.

An answer is 303 See Other: the URI names a legal text, and what stands at the other end is a record
about it, not the text itself. It is also right for a URI without a day, whose target changes.
"""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Response

from api.problems import ProblemError
from api.query import NoQuery, nearest, parsed
from api.routing import Direct
from api.serving import Release, ReleaseDep
from models.akn import AknName, read_akn

router = APIRouter(include_in_schema=False, route_class=Direct)


@router.get("/akn/{path:path}")
async def resolve(
    path: str, release: ReleaseDep, query: Annotated[NoQuery, Depends(parsed(NoQuery))]
) -> Response:
    """Lead from an Akoma Ntoso URI to the law or provision that it names."""
    try:
        named = read_akn(f"/akn/{path.rstrip('/')}")
    except ValueError as error:
        raise ProblemError("not-found", f"/akn/{path}: {error}.", links=["/v1/laws"]) from None
    law = await _law(release, named)
    collection, id_ = "laws", law
    if named.portion is not None:
        collection, id_ = "provisions", await _provision(release, named, law)
    day = named.day.isoformat() if named.day else None
    if named.original:
        held = await release.read(release.intervals(collection), id=id_)
        day = min((row[0] for row in held), default=None)
    target = f"/v1/{collection}/{id_}" + (f"?as_of={day}" if day else "")
    return Response(status_code=303, headers={"Location": f"{release.address}{target}"})


async def _law(release: Release, named: AknName) -> str:
    """The law with a work URI. Raises the problem with the nearest."""
    laws = await release.aliases("laws")
    law = laws.get(named.work.lower())
    if law is not None:
        return law
    near = nearest(named.work, (uri for uri in laws if uri.startswith("/akn/")))
    hint = f" Did you mean {near}?" if near else ""
    raise ProblemError(
        "not-found",
        f"No law here has the Akoma Ntoso URI {named.work}.{hint}",
        links=[near, f"/v1/laws/{laws[near]}"] if near else ["/v1/laws"],
    )


async def _provision(release: Release, named: AknName, law: str) -> str:
    """The provision that is, or contains, the part named. Raises the problem with the nearest."""
    for eid in named.portions():
        if await release.exists("provisions", f"{law}~{eid}"):
            return f"{law}~{eid}"
    ids = [id_ for id_ in await release.all_ids("provisions") if id_.startswith(f"{law}~")]
    near = nearest(f"{law}~{named.portion}", ids)
    hint = f" Did you mean ~{near.partition('~')[2]}?" if near else ""
    links = [f"{named.work}/~{near.partition('~')[2]}", f"/v1/provisions/{near}"] if near else []
    raise ProblemError(
        "not-found",
        f"{named.work} has no part ~{named.portion} here.{hint}",
        links=[*links, f"/v1/laws/{law}/provisions"],
    )
