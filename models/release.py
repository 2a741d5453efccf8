"""Releases: dated, versioned, immutable states of the whole dataset."""

from __future__ import annotations

import hashlib
import json
import re

from pydantic import Field as Said
from sqlmodel import Field, SQLModel

from models.collection import COLLECTIONS
from models.record import Day, Record, Text

PREFIX = "lexcompare_"
"""What the names of stored releases begin with."""

VERSION = r"^\d+\.\d+\.\d+$"
"""How versions of the dataset are written."""


class EarlierRelease(Record):
    """A release that was published before, as the seed file tells it."""

    version: str = Said(pattern=VERSION)
    """Version of the dataset."""
    date: Day
    """Day of the release."""
    content_hash: str | None = Said(None, pattern=r"^[0-9a-f]{64}$")
    """SHA-256 over every record; null where it was not written down."""
    notes: Text | None = None
    """What was new in it."""


class PreviousRelease(Record):
    """The release that another was compared with."""

    name: str
    """Version and the first twelve digits of the content hash."""
    version: str
    """Version of the dataset."""
    date: Day
    """Day of the release: what takes effect after it is a change in the law."""


class ReleaseRecord(Record):
    """A state of the whole dataset, identified by the hash of its content."""

    version: str
    """Version of the dataset."""
    content_hash: str
    """SHA-256 over every record: the same input gives the same hash."""
    schema_version: str
    """Hash of the tables and record schemas: releases with the same one have the same columns."""
    date: Day
    """Day of the release."""
    title: str
    """Title of the dataset."""
    license: str
    """SPDX identifier of the data's licence."""
    notes: str | None
    """What is new in it; null where nothing was noted."""
    counts: dict[str, int]
    """Number of records by collection, whatever the day; states over time are not counted."""
    rows: dict[str, int]
    """Number of rows by collection: a row for each state of a record over time."""
    jurisdictions: list[str]
    """Legal orders of which provisions are coded."""
    previous: PreviousRelease | None
    """The release that it was compared with; null for a first one, with nothing to compare."""
    changes: dict[str, int]
    """Number of changes since the previous release, by kind; empty for a first one."""
    earlier: list[EarlierRelease]
    """Releases that were published before, newest first, also those that are not kept."""

    @property
    def name(self) -> str:
        """Version and the first twelve digits of the content hash, as answers state it."""
        return release_name(self.version, self.content_hash)


def release_name(version: str, content_hash: str) -> str:
    """Name a release as answers do: its version and the first twelve digits of its hash."""
    return f"{version}-{content_hash[:12]}"


def stored_name(release: ReleaseRecord, schema: str) -> str:
    """Name the file or schema that holds a release, made for tables with a hash."""
    version = release.version.replace(".", "_")
    return f"{PREFIX}{version}_{release.content_hash[:12]}_{schema[:8]}"


STORED = re.compile(rf"{PREFIX}.+_[0-9a-f]{{12}}_[0-9a-f]{{8}}")
"""How files and schemas of releases are named; others are not ours."""


def name_of_stored(stored: str) -> str:
    """Return the name of the release that a file or schema holds."""
    version, content_hash, _ = stored.removeprefix(PREFIX).rsplit("_", 2)
    return release_name(version.replace("_", "."), content_hash)


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
