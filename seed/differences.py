"""Says what two pieces of finished JSON say differently, value by value with their paths.

A key that only one of them has is a matter of the schema they were made for, and is passed over:
every field of a record is always there.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from models.provision import Change
from models.table import text_of

PROOF = frozenset(
    {
        *("id", "valid_from", "valid_to", "made_by", "ended_by", "law", "law_title", "by_title"),
        *("position", "sources", "verification", "outstanding_scope", "earlier_uncoded"),
    }
)
"""Fields that identify a record, place it in time or prove it; the others say something."""

LIFE = frozenset(
    {
        *("introduced_on", "passed_on", "assented_on", "published_on", "commenced_on"),
        *("ended_on", "status"),
    }
)
"""Fields of a law that its effects give."""


def differences(path: str, old: Any, new: Any, ignored: frozenset[str]) -> Iterator[Change]:
    """Yield the values that differ between two pieces of JSON, with their paths."""
    if old == new:
        return
    if isinstance(old, dict) and isinstance(new, dict) and not _is_term(new):
        for name in old:
            if name in new and name not in ignored:
                yield from differences(_below(path, name), old[name], new[name], ignored)
    elif _is_records(old) or _is_records(new):
        before, after = _by_name(old or []), _by_name(new or [])
        for name in dict.fromkeys([*before, *after]):
            where = _below(path, name)
            yield from differences(where, before.get(name), after.get(name), ignored)
    elif isinstance(old, dict) and new is None and not _is_term(old):
        for name in old:
            if name not in ignored:
                yield from differences(_below(path, name), old[name], None, ignored)
    elif isinstance(new, dict) and old is None and not _is_term(new):
        for name in new:
            if name not in ignored:
                yield from differences(_below(path, name), None, new[name], ignored)
    else:
        before_text, after_text = text(old), text(new)
        if before_text != after_text:
            yield Change(path=path, before=before_text, after=after_text)


def _below(path: str, name: str) -> str:
    return f"{path}.{name}" if path else name


def _is_term(value: Any) -> bool:
    """Tell a term of prison, which its text says in full."""
    return isinstance(value, dict) and {"months", "text"} <= value.keys()


def _is_records(value: Any) -> bool:
    return isinstance(value, list) and bool(value) and isinstance(value[0], dict)


def _by_name(records: list[dict[str, Any]]) -> dict[str, Any]:
    """Name the records of a list: facets by their numbers, which they keep, others by place."""
    named: dict[str, Any] = {}
    for place, record in enumerate(records, start=1):
        tail = str(record.get("id", "")).rpartition("_")[2]
        named[tail if "~" in str(record.get("id", "")) and tail.isdigit() else str(place)] = record
    return named


def text(value: Any) -> str | None:
    """Write a value of JSON; nothing for what is empty."""
    if value is None or value == []:
        return None
    if _is_term(value):
        return str(value["text"])
    if isinstance(value, list):
        return ";".join(str(item) for item in value)
    return text_of(value) if isinstance(value, bool) else str(value)
