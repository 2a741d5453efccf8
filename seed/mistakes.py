"""Mistakes in seed files: where, what, and the nearest valid value."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from rapidfuzz import fuzz, process


@dataclass(frozen=True, order=True)
class Mistake:
    """A mistake at a place in a file."""

    file: str
    line: int
    column: int
    message: str
    value: str | None = None
    suggestion: str | None = None

    def __str__(self) -> str:
        """Render as `file:line:column: message`, as compilers do."""
        said = f" (found {self.value!r})" if self.value is not None else ""
        hint = f"; did you mean {self.suggestion!r}?" if self.suggestion else ""
        return f"{self.file}:{self.line}:{self.column}: {self.message}{said}{hint}"


class SeedError(Exception):
    """The seed files hold mistakes; all those of a run come together."""

    def __init__(self, mistakes: Iterable[Mistake]) -> None:
        """Keep the mistakes in the order of files and lines."""
        self.mistakes = sorted(set(mistakes))
        super().__init__("\n".join(str(mistake) for mistake in self.mistakes))


def nearest(value: str, valid: Iterable[str]) -> str | None:
    """Return the valid value that looks most like the one given, if any comes near."""
    found = process.extractOne(value, sorted(valid), scorer=fuzz.ratio, score_cutoff=55)
    return found[0] if found else None
