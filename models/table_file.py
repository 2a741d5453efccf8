"""A table of a release as it was written to a file."""

from __future__ import annotations

import inspect
from dataclasses import dataclass

from models.collection import Collection
from models.flat import Column, columns


@dataclass(frozen=True)
class TableFile:
    """A collection as it was written to its CSV file."""

    collection: Collection
    rows: int
    size: int
    """Bytes of the CSV file."""
    content: str
    """SHA-256 of the CSV file, in hexadecimal."""

    @property
    def name(self) -> str:
        """What the table is called."""
        return self.collection.name

    @property
    def columns(self) -> tuple[Column, ...]:
        """The columns of its records."""
        return columns(self.collection.record)

    @property
    def about(self) -> str:
        """What a row is."""
        told = inspect.getdoc(self.collection.record) or ""
        over_time = " A row for each state over time." if self.collection.dated else ""
        return " ".join(told.split()) + over_time

    @property
    def key(self) -> list[str]:
        """The columns that tell its rows apart."""
        return ["id", "valid_from"] if self.collection.dated else ["id"]
