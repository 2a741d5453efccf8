"""What a store of releases and an open release can do, whatever the engine.

A release is written aside under a name made of its hashes, then a pointer is moved to it in one
step: readers see either the old or the new release, never a part of one. `models.sqlite` keeps
releases as files, `models.postgres` as schemas; `models.store` chooses.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol, TypeAlias

from sqlalchemy import Executable
from sqlalchemy.engine.interfaces import Dialect
from sqlalchemy.sql import ClauseElement
from sqlalchemy.sql.compiler import SQLCompiler
from sqlmodel import select

from models.release import ReleaseRecord, ReleaseRow

if TYPE_CHECKING:
    pass

Parameters: TypeAlias = Mapping[str, Any]
Rows: TypeAlias = Sequence[tuple[Any, ...]]

FOLDER = Path(".lexcompare")
"""Where embedded releases are kept unless told otherwise: below the working directory."""

KEEP = 3
"""How many releases stay beside each other: a server may still be reading the one before."""


@dataclass(frozen=True)
class Pointer:
    """Which release is served, and what it was compiled from and for."""

    name: str
    """File or schema that holds it."""
    content_hash: str
    schema_hash: str
    inputs_hash: str


@dataclass(frozen=True)
class Query:
    """A statement in an engine's SQL, with the parameters that never change."""

    sql: str
    fixed: Parameters


class Database(Protocol):
    """A release, open for reading."""

    blocking: bool
    """Whether reads wait on a network, so that they belong in a thread."""

    @property
    def release(self) -> ReleaseRecord:
        """Which release it holds. Refuses one that was made for other records than today's."""

    def compile(self, statement: Executable) -> Query:
        """Turn a statement into the engine's SQL, with named parameters."""

    def read(self, query: Query, parameters: Parameters) -> Rows:
        """Run a compiled query and return all rows."""

    def close(self) -> None:
        """Let go of the engine's connections."""


class Store(Protocol):
    """A place where releases are kept."""

    files: Path
    """Folder of the files that are made of releases (`models.distribution`)."""

    def current(self) -> Pointer | None:
        """Return the pointer to the release that is served, if any. Raises `StoreError`."""

    def prepare(self) -> None:
        """Make sure that releases can be written here. Raises `StoreError`."""

    def write(self, name: str) -> Any:
        """Open a connection to a new, empty release; a context manager."""

    def publish(self, pointer: Pointer) -> None:
        """Move the pointer to a release that was written, and drop old ones."""

    def kept(self) -> list[str]:
        """Return the names of the releases that are kept, newest first."""

    def open(self, name: str) -> Database:
        """Open a release for reading. Raises `LookupError` when it is not kept any more."""

    def close(self) -> None:
        """Let go of the store's own connections."""


class StoreError(RuntimeError):
    """Why a store cannot be used, in one line."""


def compile_for(statement: Executable, dialect: Dialect) -> Query:
    """Render a statement, keeping the parameters that it brings its own values for."""
    assert isinstance(statement, ClauseElement)
    compiled = statement.compile(dialect=dialect)
    assert isinstance(compiled, SQLCompiler)
    fixed = {name: bind.value for name, bind in compiled.binds.items() if not bind.required}
    return Query(str(compiled), fixed)


def release_of(database: Database) -> ReleaseRecord:
    """Read the one release that a database holds."""
    rows = database.read(database.compile(select(ReleaseRow.record)), {})
    return ReleaseRecord.model_validate_json(rows[0][0])
