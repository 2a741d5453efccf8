"""Where releases are kept, and how they are read: one file of SQLite, or a schema of PostgreSQL.

This is the only module that knows that there are two engines. A release is written aside under a
name made of its hashes, then a pointer is moved to it in one step: readers see either the old or
the new release, never a part of one.
"""

from __future__ import annotations

import json
import os
import sqlite3
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol, TypeAlias

from sqlalchemy import Connection, Executable, create_engine, make_url, text
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine.interfaces import Dialect
from sqlalchemy.exc import ArgumentError, OperationalError
from sqlalchemy.sql import ClauseElement
from sqlalchemy.sql.compiler import SQLCompiler
from sqlmodel import SQLModel, select

from models.release import PREFIX, STORED, ReleaseRecord, ReleaseRow

if TYPE_CHECKING:
    from psycopg_pool import ConnectionPool

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


def open_store(url: str, folder: Path) -> Store:
    """Return the store for a database URL; without one, the folder of embedded files."""
    if url.startswith(("postgresql://", "postgres://")):
        return PostgresStore(url, folder)
    if url:
        raise StoreError(f"the database URL is a postgresql:// address or empty, not {url!r}")
    return SqliteStore(folder)


# --- SQLite -------------------------------------------------------------------------------------


class SqliteStore:
    """Releases as files of one folder, and `current.json` that names the one to serve."""

    def __init__(self, folder: Path) -> None:
        """Keep releases in `folder`, which is made when something is written."""
        self.folder = folder
        self.files = folder / "files"
        self._pointer = folder / "current.json"

    def current(self) -> Pointer | None:
        """Return the pointer, or nothing while there is none that leads to a file."""
        try:
            pointer = Pointer(**json.loads(self._pointer.read_text()))
        except (OSError, ValueError, TypeError):
            return None
        return pointer if (self.folder / pointer.name).exists() else None

    def prepare(self) -> None:
        """Make the folder and see that a file can be written in it."""
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            with tempfile.TemporaryFile(dir=self.folder):
                pass
        except OSError as error:
            raise StoreError(f"cannot write in {self.folder}: {error.strerror}") from None

    @contextmanager
    def write(self, name: str) -> Iterator[Connection]:
        """Write a new file aside and put it in its place when all of it is there."""
        handle, aside = tempfile.mkstemp(prefix=".writing-", suffix=".sqlite", dir=self.folder)
        os.close(handle)
        engine = create_engine(f"sqlite:///{aside}")
        try:
            with engine.begin() as connection:
                # Records are a few kilobytes: larger pages hold them whole.
                connection.execute(text("PRAGMA page_size = 16384"))
                # Held until the file is closed, and let go by a process that is killed.
                connection.execute(text("PRAGMA locking_mode = EXCLUSIVE"))
                SQLModel.metadata.create_all(connection)
                yield connection
            with engine.connect() as connection:
                connection.execute(text("ANALYZE"))
                connection.commit()
            engine.dispose()
            os.chmod(aside, 0o644)
            os.replace(aside, self.folder / name)
        finally:
            engine.dispose()
            Path(aside).unlink(missing_ok=True)

    def publish(self, pointer: Pointer) -> None:
        """Replace `current.json` in one step and drop files that nobody reads any more."""
        handle, aside = tempfile.mkstemp(prefix=".pointer-", dir=self.folder)
        with os.fdopen(handle, "w") as file:
            json.dump(asdict(pointer), file)
            file.flush()
            os.fsync(file.fileno())
        os.chmod(aside, 0o644)
        os.replace(aside, self._pointer)
        for left in self.folder.glob(".writing-*.sqlite"):
            if _abandoned(left):
                left.with_name(f"{left.name}-journal").unlink(missing_ok=True)
                left.unlink(missing_ok=True)
        for old in self.kept()[KEEP:]:
            if old != pointer.name:
                (self.folder / old).unlink(missing_ok=True)

    def kept(self) -> list[str]:
        """Return the names of the files, by the time they were written."""
        times: list[tuple[float, str]] = []
        for path in self.folder.glob(f"{PREFIX}*"):
            with suppress(FileNotFoundError):  # dropped by another process meanwhile
                times.append((path.stat().st_mtime, path.name))
        return [name for _, name in sorted(times, reverse=True) if STORED.fullmatch(name)]

    def open(self, name: str) -> Database:
        """Open a file as immutable: it is never changed, only replaced."""
        path = self.folder / name
        if not path.exists():
            raise LookupError(f"there is no release {name} in {self.folder}")
        return SqliteDatabase(path)

    def close(self) -> None:
        """Nothing is held open."""


RESTED = 5
"""Seconds after which a file without a lock is abandoned: it is locked later than it is made."""


def _abandoned(file: Path) -> bool:
    """Tell whether a file was left by a compile that was killed: at rest, and without a lock."""
    try:
        if file.stat().st_mtime > time.time() - RESTED:
            return False
        connection = sqlite3.connect(f"{file.resolve().as_uri()}?mode=rw", uri=True, timeout=0)
    except (FileNotFoundError, sqlite3.OperationalError):
        return False  # its own compile has just finished with it
    try:
        connection.execute("BEGIN EXCLUSIVE")
    except sqlite3.OperationalError:
        return False
    except sqlite3.DatabaseError:
        return True  # cut off before it was a database
    finally:
        connection.close()
    return True


class SqliteDatabase:
    """One immutable file, read through one connection: reads are short and run in the loop."""

    blocking = False

    def __init__(self, path: Path) -> None:
        """Open the file."""
        uri = f"{path.resolve().as_uri()}?mode=ro&immutable=1"
        self._connection = sqlite3.connect(uri, uri=True, check_same_thread=False)
        self._connection.execute("PRAGMA mmap_size = 1073741824")
        self._connection.execute("PRAGMA query_only = 1")
        # Large sorts would spill into files, and fail where nothing can be written.
        self._connection.execute("PRAGMA temp_store = MEMORY")
        self._dialect: Dialect = sqlite.dialect(paramstyle="named")

    @cached_property
    def release(self) -> ReleaseRecord:
        """Which release the file holds."""
        return _release(self)

    def compile(self, statement: Executable) -> Query:
        """Turn a statement into SQLite's SQL."""
        return _compile(statement, self._dialect)

    def read(self, query: Query, parameters: Parameters) -> Rows:
        """Run a compiled query and return all rows."""
        return self._connection.execute(query.sql, {**query.fixed, **parameters}).fetchall()

    def close(self) -> None:
        """Close the file."""
        self._connection.close()


# --- PostgreSQL ---------------------------------------------------------------------------------

_POINTER_TABLE = """
CREATE TABLE IF NOT EXISTS lexcompare_current (
    one integer PRIMARY KEY CHECK (one = 1),
    name text NOT NULL,
    content_hash text NOT NULL,
    schema_hash text NOT NULL,
    inputs_hash text NOT NULL
)"""


_SCHEMAS = text(
    "SELECT nspname FROM pg_namespace"
    f" WHERE starts_with(nspname, '{PREFIX}')"
    " ORDER BY pg_namespace.oid DESC"
)

_ONE_WRITER = text("SELECT pg_advisory_xact_lock(3720610)")
"""Lets replicas that start together write one after the other; held until the transaction ends."""


class PostgresStore:
    """Releases as schemas of one database, and a one-row table that names the one to serve."""

    def __init__(self, url: str, folder: Path) -> None:
        """Keep releases in the database at `url`, and files made of them below a local folder."""
        self.url = url
        self.files = folder / "files"
        try:
            address = make_url(url).set(drivername="postgresql+psycopg")
            self._engine = create_engine(address, pool_size=1, pool_pre_ping=True)
        except ArgumentError:
            raise StoreError("the database URL cannot be read") from None
        except ModuleNotFoundError:
            raise StoreError("PostgreSQL needs psycopg: install lexcompare[postgres]") from None
        self._said = address.set(drivername="postgresql").render_as_string(hide_password=True)

    @contextmanager
    def _reached(self) -> Iterator[None]:
        """Say in one line that the server does not answer, or lets nobody in."""
        try:
            yield
        except OperationalError as error:
            reason = str(error.orig).strip().splitlines()[0]
            raise StoreError(f"cannot use {self._said}: {reason}") from None

    def prepare(self) -> None:
        """Ask the server for a sign of life."""
        with self._reached(), self._engine.connect():
            pass

    def current(self) -> Pointer | None:
        """Return the pointer, or nothing while there is none."""
        with self._reached(), self._engine.connect() as connection:
            if not connection.scalar(text("SELECT to_regclass('lexcompare_current')")):
                return None
            found = connection.execute(
                text("SELECT name, content_hash, schema_hash, inputs_hash FROM lexcompare_current")
            ).first()
        return Pointer(*found) if found else None

    @contextmanager
    def write(self, name: str) -> Iterator[Connection]:
        """Write a new schema within one transaction."""
        with self._engine.begin() as connection:
            connection.execute(_ONE_WRITER)
            connection.execute(text(f'DROP SCHEMA IF EXISTS "{name}" CASCADE'))
            connection.execute(text(f'CREATE SCHEMA "{name}"'))
            connection.execute(text(f'SET LOCAL search_path TO "{name}"'))
            SQLModel.metadata.create_all(connection, checkfirst=False)
            yield connection
            connection.execute(text("ANALYZE"))

    def publish(self, pointer: Pointer) -> None:
        """Move the pointer and drop old schemas, in one transaction."""
        with self._engine.begin() as connection:
            connection.execute(_ONE_WRITER)
            connection.execute(text(_POINTER_TABLE))
            connection.execute(text("DELETE FROM lexcompare_current"))
            connection.execute(
                text(
                    "INSERT INTO lexcompare_current"
                    " VALUES (1, :name, :content_hash, :schema_hash, :inputs_hash)"
                ),
                asdict(pointer),
            )
            for name in _stored(connection)[KEEP:]:
                if name != pointer.name:
                    connection.execute(text(f'DROP SCHEMA "{name}" CASCADE'))

    def kept(self) -> list[str]:
        """Return the names of the schemas, by the order in which they were made."""
        with self._engine.connect() as connection:
            return _stored(connection)

    def open(self, name: str) -> Database:
        """Open a pool of connections that see one schema only."""
        if name not in self.kept():
            raise LookupError(f"there is no release {name} in the database")
        return PostgresDatabase(self.url, name)

    def close(self) -> None:
        """Close the connection that pointers are read and moved with."""
        self._engine.dispose()


def _stored(connection: Connection) -> list[str]:
    """Names of the schemas that hold releases, by the order in which they were made."""
    return [name for name in connection.scalars(_SCHEMAS) if STORED.fullmatch(name)]


class PostgresDatabase:
    """One schema, read through a pool of connections."""

    blocking = True

    def __init__(self, url: str, schema: str) -> None:
        """Open the pool."""
        from psycopg_pool import ConnectionPool

        self._pool: ConnectionPool = ConnectionPool(
            url,
            kwargs={"options": f"-c search_path={schema}", "autocommit": True},
            min_size=1,
            max_size=8,
            timeout=10,
            open=True,
        )
        self._dialect: Dialect = postgresql.psycopg.dialect()

    @cached_property
    def release(self) -> ReleaseRecord:
        """Which release the schema holds."""
        return _release(self)

    def compile(self, statement: Executable) -> Query:
        """Turn a statement into PostgreSQL's SQL."""
        return _compile(statement, self._dialect)

    def read(self, query: Query, parameters: Parameters) -> Rows:
        """Run a compiled query and return all rows."""
        said = {**query.fixed, **parameters}
        if any("\0" in value for value in said.values() if isinstance(value, str)):
            return []  # PostgreSQL's text cannot hold it, so nothing can match
        with self._pool.connection() as connection:
            return connection.execute(query.sql.encode(), said).fetchall()

    def close(self) -> None:
        """Close the pool."""
        self._pool.close()


# --- both ---------------------------------------------------------------------------------------


def _compile(statement: Executable, dialect: Dialect) -> Query:
    """Render a statement, keeping the parameters that it brings its own values for."""
    assert isinstance(statement, ClauseElement)
    compiled = statement.compile(dialect=dialect)
    assert isinstance(compiled, SQLCompiler)
    fixed = {name: bind.value for name, bind in compiled.binds.items() if not bind.required}
    return Query(str(compiled), fixed)


def _release(database: Database) -> ReleaseRecord:
    """Read the one release that a database holds."""
    rows = database.read(database.compile(select(ReleaseRow.record)), {})
    return ReleaseRecord.model_validate_json(rows[0][0])
