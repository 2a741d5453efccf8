"""Releases: dated, versioned, immutable states of the whole dataset."""

from __future__ import annotations

import hashlib
import json

from sqlmodel import Field, SQLModel

from models.collection import COLLECTIONS
from models.record import Day, Record


class ReleaseRecord(Record):
    """A state of the whole dataset, identified by the hash of its content."""

    version: str
    """Version of the dataset."""
    content_hash: str
    """SHA-256 over every record: the same input gives the same hash."""
    date: Day
    """Day of the release."""
    title: str
    """Title of the dataset."""
    license: str
    """SPDX identifier of the data's licence."""
    counts: dict[str, int]
    """Number of records by collection, whatever the day; states over time are not counted."""

    @property
    def name(self) -> str:
        """Version and the first twelve digits of the content hash, as answers state it."""
        return f"{self.version}-{self.content_hash[:12]}"


class ReleaseRow(SQLModel, table=True):
    """The release that a database holds."""

    __tablename__ = "release"

    content_hash: str = Field(primary_key=True, description="SHA-256 over every record.")
    schema_hash: str = Field(description="Hash of the tables and schemas it was compiled for.")
    record: str = Field(description="Finished JSON of the release record.")


def schema_hash() -> str:
    """Return the hash of tables and record schemas: a database for another is made again."""
    tables = [
        [table.name, [[column.name, str(column.type)] for column in table.columns]]
        for table in SQLModel.metadata.sorted_tables
    ]
    schemas = {
        name: c.record.model_json_schema(mode="serialization") for name, c in COLLECTIONS.items()
    }
    text = json.dumps([tables, schemas], sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()
