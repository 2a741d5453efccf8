"""Histories of provisions: every version as coded, and what changed from one to the next."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from models.facet import Facet
from models.penalty import Term
from models.provision import FACET_FIELDS, Change, ProvisionEntry, ProvisionHistory, VersionRecord
from models.record import Record
from models.source import verification
from seed.documents import LawEntry
from seed.timeline import Held, Timeline


def history(law: LawEntry, provision: ProvisionEntry, versions: list[Held]) -> ProvisionHistory:
    """Return all versions of a provision, also those that never came into force."""
    records: list[VersionRecord] = []
    before: dict[str, str] | None = None
    for number, held in enumerate(versions, start=1):
        coded = dict(_coded(held.version))
        said = {
            name: getattr(held.version, name)
            for name in type(held.version).model_fields
            if name in VersionRecord.model_fields
        }
        said["heading"] = held.version.heading or provision.heading
        said["made_by"] = f"{law.id}~{held.opened_by.id}" if held.opened_by else None
        coded["heading"] = said["heading"]
        records.append(
            VersionRecord(
                **said,
                number=number,
                valid_from=held.interval.start if held.interval else None,
                valid_to=held.interval.open_end if held.interval else None,
                ended_by=f"{law.id}~{held.ended_by.id}" if held.ended_by else None,
                verification=verification(held.version.sources),
                changes=[] if before is None else _changes(before, coded),
            )
        )
        # What never was law changed nothing: the next version is compared with the one in force.
        if held.interval is not None:
            before = coded
    return ProvisionHistory(
        id=f"{law.id}~{provision.eid}",
        law=law.id,
        number=provision.number,
        heading=provision.heading,
        earlier_uncoded=Timeline(law).earlier_uncoded(provision),
        versions=records,
    )


def _changes(before: dict[str, str], after: dict[str, str]) -> list[Change]:
    """Compare two versions value by value."""
    paths = dict.fromkeys([*before, *after])
    return [
        Change(path=path, before=before.get(path), after=after.get(path))
        for path in paths
        if before.get(path) != after.get(path)
    ]


def _coded(version: Record) -> Iterator[tuple[str, str]]:
    """Every coded value of a version with its path; summaries and sources are not coded values."""
    for name in FACET_FIELDS.values():
        facets: list[Facet] = getattr(version, name)
        for facet in facets:
            yield from _values(f"{name}.{facet.number or 1}", facet)


def _values(path: str, value: Any) -> Iterator[tuple[str, str]]:
    """The scalars below a value; lists of codes count as one value."""
    if value is None or value == []:
        return
    if isinstance(value, Term):
        yield path, value.text
    elif isinstance(value, Record):
        for name in type(value).model_fields:
            if name not in ("number", "note"):
                yield from _values(f"{path}.{name}", getattr(value, name))
    elif isinstance(value, list) and isinstance(value[0], Record):
        for i, inner in enumerate(value, start=1):
            yield from _values(f"{path}.{i}", inner)
    elif isinstance(value, list):
        yield path, ";".join(str(inner) for inner in value)
    elif isinstance(value, bool):
        yield path, str(value).lower()
    else:
        yield path, str(value)
