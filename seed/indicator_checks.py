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
        unknown = False
        for key, names in (
            ("like", [rule.like]),
            ("needs", [rule.needs]),
            ("since", [rule.since]),
            ("count", rule.count),
        ):
            for name in names:
                for mistake in origin.named(("derive", key), "indicator", name, dataset.indicators):
                    unknown = True
                    yield mistake
        if unknown:
            continue
        if _comes_back(codebook, id_):
            yield origin.mistake(("derive",), "the rule builds on itself", id_)
            continue
        for key, problem in codebook.problems(id_):
            yield origin.mistake(("derive", key), f"the rule cannot be evaluated: {problem}", id_)


def _comes_back(codebook: Codebook, id_: str) -> bool:
    """Tell whether following what a rule builds on leads back to it."""
    seen: set[str] = set()
    ahead = list(codebook.builds_on(id_))
    while ahead:
        current = ahead.pop()
        if current == id_:
            return True
        if current in codebook.indicators and current not in seen:
            seen.add(current)
            ahead += codebook.builds_on(current)
    return False
