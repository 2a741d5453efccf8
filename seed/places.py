"""Places: how jurisdictions lie within each other, and which groups they are in, when."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property

from models.validity import BEGINNING, FOREVER, Interval
from seed.dataset import Dataset


class Places:
    """The jurisdictions and groups of a dataset."""

    def __init__(self, dataset: Dataset) -> None:
        """Read from a dataset."""
        self.dataset = dataset

    def lineage(self, code: str) -> Iterator[str]:
        """Yield a jurisdiction and its ancestors, nearest first."""
        current: str | None = code
        while current is not None:
            yield current
            current = self.dataset.jurisdictions[current].parent

    @cached_property
    def around(self) -> Mapping[str, frozenset[str]]:
        """For each jurisdiction: itself, its ancestors and its descendants."""
        up = {code: set(self.lineage(code)) for code in self.dataset.jurisdictions}
        return {
            code: frozenset(up[code] | {other for other, above in up.items() if code in above})
            for code in up
        }

    @cached_property
    def memberships(self) -> Mapping[str, list[tuple[str, Interval]]]:
        """For each jurisdiction: the groups it is in, and when."""
        found: dict[str, list[tuple[str, Interval]]] = {}
        for group in self.dataset.groups.values():
            for member in group.members:
                span = Interval(member.since or BEGINNING, member.until or FOREVER)
                found.setdefault(member.jurisdiction, []).append((group.id, span))
        return {code: sorted(held) for code, held in found.items()}

    def codes(
        self, extent: Iterable[str], interval: Interval
    ) -> Iterator[tuple[str, str, Interval]]:
        """Yield the codes by which a record is found that is law in an extent."""
        around = {near for code in extent for near in self.around[code]}
        for code in sorted(around):
            yield "jurisdiction", code, interval
            yield from self.group_codes(code, interval)

    def group_codes(self, code: str, interval: Interval) -> Iterator[tuple[str, str, Interval]]:
        """Yield the codes of the groups that a jurisdiction is in, while it is."""
        for group, span in self.memberships.get(code, []):
            shared = interval.overlap(span)
            if shared is not None:
                yield "group", group, shared
