"""Mistakes in seed files: where, what, and the nearest valid value."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from rapidfuzz import process, utils
from rapidfuzz.distance import OSA

SHOWN = 100
"""Most characters of a value that a message repeats."""


@dataclass(frozen=True)
class Mistake:
    """A mistake at a place in a file."""

    file: str
    line: int
    column: int
    message: str
    value: str | None = None
    suggestion: str | None = None

    @property
    def order(self) -> tuple[str, int, int, str, str]:
        """Where it stands among others: by file, then by place."""
        return (self.file, self.line, self.column, self.message, self.value or "")

    def __str__(self) -> str:
        """Render as `file:line:column: message`, as compilers do."""
        said = f" (found {_short(self.value)!r})" if self.value is not None else ""
        hint = f"; did you mean {self.suggestion!r}?" if self.suggestion else ""
        return f"{self.file}:{self.line}:{self.column}: {self.message}{said}{hint}"


class SeedError(Exception):
    """The seed files hold mistakes; all those of a run come together."""

    def __init__(self, mistakes: Iterable[Mistake]) -> None:
        """Keep the mistakes in the order of files and lines."""
        self.mistakes = sorted(set(mistakes), key=lambda mistake: mistake.order)
        super().__init__("\n".join(str(mistake) for mistake in self.mistakes))


def nearest(value: str, valid: Iterable[str]) -> str | None:
    """Return the valid value that looks most like the one given, if any comes near.

    First by the number of slips (a letter too many, too few, another, or two exchanged) that lead
    from one to the other; then by a part that is the same.
    """
    choices = sorted(valid)
    alike = process.extractOne(
        value,
        choices,
        scorer=OSA.normalized_similarity,
        processor=utils.default_process,
        score_cutoff=0.6,
    )
    found = alike or process.extractOne(
        value, choices, processor=utils.default_process, score_cutoff=80
    )
    return found[0] if found else None


def _short(value: str) -> str:
    """A value as a message repeats it."""
    return value if len(value) <= SHOWN else f"{value[:SHOWN]}…"
