"""Sources: what proves a record, where it was read and when; and disputes between them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Annotated

from pydantic import Field

from models.record import Day, Record, Text, Url
from models.vocabulary import SourceKind, Supports, Verification


class Source(Record):
    """A source that was opened, with the address to cite and what it supports."""

    url: Url
    """Official address to cite; with the site's date form where it has one."""
    title: Text
    """Title of the document."""
    kind: SourceKind
    """How close to the law it is."""
    checked_on: Day
    """Day on which it was read."""
    supports: list[Supports] = Field(default_factory=list)
    """What it proves; empty means the record as a whole."""
    read_from: Text | None = None
    """Where the text was read when that was a copy: its address, or repository, commit and path."""
    note: Text | None = None
    """What a reader should know about it."""


class Dispute(Record):
    """A point on which sources differ; the record holds the value that was preferred."""

    field: Text
    """Name of the field in doubt."""
    other: Text
    """The other value, as text."""
    source: Source
    """The source that gives the other value."""
    note: Text | None = None
    """Why the record's own value was preferred."""


Sources = Annotated[list[Source], Field(default_factory=list)]


def best_source(sources: Iterable[Source]) -> Source | None:
    """Return the source closest to the law; the first of several, null where there is none."""
    return min(sources, key=lambda source: _RANK.index(source.kind), default=None)


_RANK = [SourceKind.OFFICIAL, SourceKind.CONSOLIDATED, SourceKind.SECONDARY]
_ONLY_ABOUT_TIME = {Supports.DATE, Supports.STATUS}


def verification(sources: Sequence[Source]) -> Verification:
    """Level of the best source that supports more than a date; `unverified` without one."""
    kinds = {s.kind for s in sources if not s.supports or set(s.supports) - _ONLY_ABOUT_TIME}
    for kind in _RANK:
        if kind in kinds:
            return Verification[kind.name]
    return Verification.UNVERIFIED
