"""The other engine: releases as schemas of one PostgreSQL database."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import Connection, Executable, create_engine, make_url, text
from sqlalchemy.dialects import postgresql
from sqlalchemy.engine.interfaces import Dialect
from sqlalchemy.exc import ArgumentError, OperationalError
from sqlmodel import SQLModel

from models.database import (
    KEEP,
    Database,
    Parameters,
    Pointer,
    Query,
    Rows,
    StoreError,
    compile_for,
    release_of,
)
from models.release import PREFIX, STORED, ReleaseRecord

if TYPE_CHECKING:
    from psycopg_pool import ConnectionPool


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
        return release_of(self)

    def compile(self, statement: Executable) -> Query:
        """Turn a statement into PostgreSQL's SQL."""
        return compile_for(statement, self._dialect)

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
