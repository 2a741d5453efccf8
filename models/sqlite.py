"""The embedded engine: releases as files of one folder."""

from __future__ import annotations

import json
import os
import sqlite3
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict
from functools import cached_property
from pathlib import Path

from sqlalchemy import Connection, Executable, create_engine, text
from sqlalchemy.dialects import sqlite
from sqlalchemy.engine.interfaces import Dialect
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
        return release_of(self)

    def compile(self, statement: Executable) -> Query:
        """Turn a statement into SQLite's SQL."""
        return compile_for(statement, self._dialect)

    def read(self, query: Query, parameters: Parameters) -> Rows:
        """Run a compiled query and return all rows."""
        return self._connection.execute(query.sql, {**query.fixed, **parameters}).fetchall()

    def close(self) -> None:
        """Close the file."""
        self._connection.close()
