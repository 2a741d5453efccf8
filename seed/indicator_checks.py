"""Checks of the codebook: that every rule can be evaluated."""

from __future__ import annotations

from collections.abc import Iterator

from seed.codebook import Codebook
from seed.dataset import Dataset
from seed.mistakes import Mistake


def check_indicators(dataset: Dataset) -> Iterator[Mistake]:
    """Yield every mistake of the codebook that its shape alone does not show."""
    codebook = Codebook(dataset.indicators)
    for id_, indicator in dataset.indicators.items():
        origin = dataset.origin("indicators", id_)
        yield from origin.named(("topic",), "topic", indicator.topic, dataset.topics)
        rule = indicator.derive
        for key, names in (
            ("like", [rule.like]),
            ("needs", [rule.needs]),
            ("since", [rule.since]),
            ("count", rule.count),
        ):
            for name in names:
                yield from origin.named(("derive", key), "indicator", name, dataset.indicators)
        below = _below(codebook, id_)
        if id_ in below:
            yield origin.mistake(("derive",), "the rule builds on itself", id_)
        if any(name not in dataset.indicators or name in _below(codebook, name) for name in below):
            continue  # what it builds on has a mistake of its own, or comes back
        for key, problem in codebook.problems(id_):
            yield origin.mistake(("derive", key), f"the rule cannot be evaluated: {problem}", id_)


def _below(codebook: Codebook, id_: str) -> set[str]:
    """Return everything that a rule builds on, unknown names included."""
    seen: set[str] = set()
    ahead = list(codebook.builds_on(id_))
    while ahead:
        current = ahead.pop()
        if current not in seen:
            seen.add(current)
            if current in codebook.indicators:
                ahead += codebook.builds_on(current)
    return seen
