"""Feeds: what happened to the law, and what that changed in comparisons, to subscribe to."""

# No postponed annotations here: the routes' parameter types are made at run time.

import asyncio
from collections.abc import Awaitable, Callable
from datetime import date, timedelta
from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, Response
from pydantic import Field

from api.causes import ChangeEffect
from api.changes import explained
from api.effects import EffectFilters
from api.legal_orders import orders_of
from api.matrix_table import STATE_WORDS, questions, words
from api.media import content
from api.problems import responses
from api.query import (
    EARLIEST,
    DayQuery,
    check_names,
    check_ranges,
    parameters,
    parsed,
    query_string,
    shape_of,
    values_of,
)
from api.resources import as_of
from api.routing import Direct
from api.selection import DaySelectionQuery, select
from api.serving import Release, ReleaseDep
from models.bibliography import PUBLISHER, written_day
from models.changes import ChangeReason, Step, steps
from models.coding import EvidenceKind, MatrixCell
from models.effect import EffectRecord
from models.feed import ATOM, JSON_FEED, Feed, FeedEntry
from models.vocabulary import EffectKind, Outcome

router = APIRouter(prefix="/v1", tags=["feeds"], route_class=Direct)

MOST_ENTRIES = 200
"""Longest feed, in entries."""

Limit = Annotated[int, Field(ge=1, le=MOST_ENTRIES)]


class EffectsFeedQuery(DayQuery):
    """Which effects a feed lists: those of `as_of` and the days before, newest first."""

    jurisdiction: list[str] | None = Field(None, examples=[["SG", "GB"]])
    """Jurisdictions: the law's extent contains one of them, its ancestor or its descendant."""
    law: list[str] | None = Field(None, examples=[["sg-penal-code-1871"]])
    """Laws affected."""
    by: list[str] | None = Field(None, examples=[["sg-criminal-law-reform-act-2019"]])
    """Laws that did it."""
    topic: list[str] | None = Field(None, examples=[["csam"]])
    """What the law or provisions affected are about; a broad topic finds the narrower ones too."""
    kind: list[EffectKind] | None = Field(None, examples=[["commences"]])
    """What was done."""
    limit: Limit = Field(50, examples=[50])
    """Most entries."""


class ChangesFeedQuery(DaySelectionQuery):
    """Which changes of cells a feed lists: those of `as_of` and the days before, newest first."""

    law: list[str] | None = Field(None, examples=[["sg-penal-code-1871"]])
    """Laws whose provisions prove the cell before or after."""
    limit: Limit = Field(50, examples=[50])
    """Most entries."""


# --- effects ------------------------------------------------------------------------------------


async def effects_feed(release: Release, query: EffectsFeedQuery) -> Feed:
    """Return what was done to laws, newest first; what is not done, or not yet, is left out."""
    given = query.model_dump(exclude={"limit", "as_of"}, exclude_unset=True)
    filters = EffectFilters(**given, outcome=[Outcome.DONE], date_to=query.day, sort="-date")
    check_ranges(filters)
    await check_names(filters, release)
    page = release.page(shape_of("effects", filters))
    rows = await release.read(page, **values_of(filters), limit=query.limit)
    effects = (EffectRecord.model_validate_json(row[0]) for row in rows)
    entries = [_effect_entry(release, effect) for effect in effects]
    about = "What laws and judgments did to laws on online safety and child protection."
    return _feed(release, query, "effects", "Legal events", about, entries)


def _effect_entry(release: Release, effect: EffectRecord) -> FeedEntry:
    """Put an effect into words."""
    assert effect.date is not None
    lines = [f"{effect.law_title}: {effect.kind.meaning} on {written_day(effect.date)}."]
    if effect.by != effect.law:
        lines.append(f"By: {effect.by_title}.")
    if effect.at:
        lines.append(f"At: {', '.join(id_.partition('~')[2] for id_ in effect.at)}.")
    if effect.scope:
        lines.append(f"For: {', '.join(word.meaning for word in effect.scope)}.")
    lines += [text for text in (effect.purposes, effect.note) if text]
    lines += [f"Source: {source.title}, {source.url}" for source in effect.sources]
    return FeedEntry(
        name=f"effects/{effect.id}",
        title=f"{effect.law_title}: {effect.kind.meaning}",
        text="\n".join(lines),
        day=effect.date,
        url=f"{release.address}/v1/effects/{effect.id}",
        tags=[effect.kind, effect.law],
    )


# --- changes ------------------------------------------------------------------------------------


async def changes_feed(release: Release, query: ChangesFeedQuery) -> Feed:
    """Return what changed in cells, newest first; what only a survey made known is left out."""
    selection = await select(release, query, query.day)
    positions = selection.positions
    found: list[Step] = []
    for code in selection.jurisdictions:
        days = EARLIEST.isoformat(), query.day.isoformat()
        found += steps(selection.cells, code, positions, *days)
        await asyncio.sleep(0)  # other requests get their turn
    found.sort(key=lambda step: step.day, reverse=True)
    meant = [step for step in found if _meant(step, query.law)]
    asked, names = await questions(release), (await orders_of(release)).orders
    entries: list[FeedEntry] = []
    async for step, before, after, why, effects in explained(release, meant):
        if why == ChangeReason.COVERAGE:
            continue
        code = step.jurisdiction
        name = names[code].name if code in names else code
        question = asked[after.indicator]
        entries.append(
            _change_entry(release, name, question, step.day, before, after, why, effects)
        )
        if len(entries) == query.limit:
            break
    about = "What became another answer to a question of the codebook, and by which law."
    return _feed(release, query, "changes", "Changes in comparisons", about, entries)


def _meant(step: Step, laws: list[str] | None) -> bool:
    """Tell whether the value of a cell changed, and provisions of one of the laws prove it."""
    proofs = step.before + step.after
    if laws and not any(f'"id":"{law}~'.encode() in proofs for law in laws):
        return False
    return not step.same_value


def _change_entry(
    release: Release,
    place: str,
    question: str,
    day: str,
    before: MatrixCell,
    after: MatrixCell,
    why: ChangeReason,
    effects: list[ChangeEffect],
) -> FeedEntry:
    """Put a change into words."""
    first = date.fromisoformat(day)
    proofs = [e.id for e in after.evidence if e.kind == EvidenceKind.PROVISION]
    title = f"{place}: {question.rstrip('?')}? {_answer(after)}"
    lines = [
        f"{title}, from {written_day(first)}.",
        f"Before: {_answer(before)}.",
        f"Why: {why.meaning}.",
        *(
            f"{effect.law_title}: {effect.kind.meaning}, by {effect.by_title}."
            for effect in effects
        ),
        *([f"Provisions: {', '.join(dict.fromkeys(proofs))}."] if proofs else []),
    ]
    asked = {
        "jurisdiction": after.jurisdiction,
        "indicator": after.indicator,
        "date_from": (first - timedelta(days=1)).isoformat(),
        "date_to": day,
    }
    return FeedEntry(
        name=f"changes/{after.jurisdiction}/{after.indicator}/{day}",
        title=title,
        text="\n".join(lines),
        day=first,
        url=f"{release.address}/v1/comparisons/changes?{urlencode(asked)}",
        tags=[after.jurisdiction, after.indicator, why],
    )


def _answer(cell: MatrixCell) -> str:
    """Write a cell in words: its value, its state, or both."""
    value = words(cell, {}) if cell.valued else cell.qualifier or ""
    state = STATE_WORDS[cell.state]
    return f"{value} ({state})" if value and state else value or state


# --- feeds --------------------------------------------------------------------------------------


def _feed(
    release: Release,
    query: DayQuery,
    name: str,
    title: str,
    about: str,
    entries: list[FeedEntry],
) -> Feed:
    """Return a feed, named by its filters: one that is asked for by another limit is the same."""
    path = f"{release.address}/v1/feeds/{name}"
    asked = query_string(query)
    lasting = query_string(query, without=("as_of", "limit"))
    filters = [
        value
        for values in query.model_dump(mode="json", exclude={"limit", "as_of"}).values()
        for value in values or []
    ]
    return Feed(
        name=f"feeds/{name}" + (f"?{lasting}" if lasting else ""),
        title=f"Lexcompare: {title}" + (f" ({', '.join(filters)})" if filters else ""),
        about=about,
        home=f"{release.address}/",
        addresses={
            media_type: f"{path}.{suffix}" + (f"?{asked}" if asked else "")
            for suffix, media_type in (("atom", ATOM), ("json", JSON_FEED))
        },
        author=PUBLISHER,
        rights=release.record.license,
        released=release.record.date,
        entries=entries,
    )


_ITEM_TEXTS = ("id", "url", "title", "content_text", "date_published", "date_modified")
_JSON_SCHEMA: dict[str, Any] = {
    "title": "JsonFeed",
    "description": "A feed in the form of JSON Feed 1.1.",
    "type": "object",
    "required": ["version", "title", "feed_url", "items"],
    "properties": {
        **{
            name: {"type": "string"}
            for name in ("version", "title", "home_page_url", "feed_url", "description", "language")
        },
        "authors": {
            "type": "array",
            "items": {"type": "object", "properties": {"name": {"type": "string"}}},
        },
        "items": {
            "type": "array",
            "items": {
                "type": "object",
                "required": list(_ITEM_TEXTS),
                "properties": {
                    **{name: {"type": "string"} for name in _ITEM_TEXTS},
                    "tags": {"type": "array", "items": {"type": "string"}},
                },
            },
        },
    },
}

_FORMS: tuple[tuple[str, str, str, Callable[[Feed], str], dict[str, Any]], ...] = (
    ("atom", "Atom", ATOM, Feed.atom, {"type": "string"}),
    ("json", "JSON Feed", JSON_FEED, Feed.json, _JSON_SCHEMA),
)


def _add(
    name: str,
    about: str,
    query_model: type[DayQuery],
    find: Callable[[Release, Any], Awaitable[Feed]],
) -> None:
    """Add the routes of a feed: one for each form."""
    for suffix, label, media_type, write, schema in _FORMS:

        def endpoint(
            write: Callable[[Feed], str] = write, media_type: str = media_type
        ) -> Callable[..., Awaitable[Response]]:
            async def feed(
                release: ReleaseDep, query: Annotated[Any, Depends(parsed(query_model))]
            ) -> Response:
                found = await find(release, query)
                charset = "; charset=utf-8" if media_type == ATOM else ""
                headers = as_of(query.day.isoformat())
                return Response(write(found), media_type=media_type + charset, headers=headers)

            return feed

        router.add_api_route(
            f"/feeds/{name}.{suffix}",
            endpoint(),
            name=f"export_{name}_{suffix}_feed",
            summary=f"Subscribe to {name} by {label}",
            description=f"{about} Ids of entries stay the same; their day is that on which it"
            f" happened. {label}, for feed readers.",
            response_model=None,
            response_class=Response,
            responses={
                200: {"description": "The feed.", "content": content(media_type, schema)},
                **responses(422),
            },
            openapi_extra=parameters(query_model),
        )


_add(
    "effects",
    "What was done to laws, newest first: commencements, amendments, repeals and other steps.",
    EffectsFeedQuery,
    effects_feed,
)
_add(
    "changes",
    "Which cells of the comparison became others, newest first, and by which law.",
    ChangesFeedQuery,
    changes_feed,
)
