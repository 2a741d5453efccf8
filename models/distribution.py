"""Distributions: the files in which a whole release is handed out, with all states over time.

They are made once a release, beside it, and put in their place when all of them are there. The
same release gives the same bytes: no file says when it was written.
"""

from __future__ import annotations

import hashlib
import shutil
import sqlite3
import tempfile
import time
import zipfile
from collections.abc import Callable, Iterator
from collections.abc import Collection as Names
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

from models import codebook
from models.collection import COLLECTIONS, Collection
from models.database import Database, Store
from models.flat import Column, columns, csv_line, header, read_lines, table_columns
from models.release import ReleaseRecord
from models.statements import states
from models.table import Cell, ColumnKind
from models.table_file import TableFile
from models.workbook import ParquetFile

ZIP, SQLITE, SUMS = "lexcompare.zip", "lexcompare.sqlite", "SHA256SUMS"
CODEBOOK_CSV, CODEBOOK_XML = "codebook.csv", "codebook.xml"

FILES: dict[str, str] = {
    ZIP: "application/zip",
    SQLITE: "application/vnd.sqlite3",
    **{f"{name}.parquet": "application/vnd.apache.parquet" for name in COLLECTIONS},
    CODEBOOK_CSV: "text/csv; charset=utf-8",
    CODEBOOK_XML: "application/xml",
    SUMS: "text/plain; charset=utf-8",
}
"""Every file of a release, with its media type."""

BATCH = 2_000
"""Rows that are read at once."""


@dataclass(frozen=True)
class Distribution:
    """The files of a release, made and in their place."""

    folder: Path
    sums: dict[str, str]
    """SHA-256 of every file, in hexadecimal."""


def distribution(store: Store, stored: str) -> Distribution:
    """Return the files of a release that is kept, making them first if they are not there yet.

    Raises `LookupError` when the release is not kept any more, and `OSError` when its files
    cannot be written.
    """
    database = store.open(stored)
    try:
        folder = store.files / f"{stored}.{_edition(database.release)}"
        if not folder.exists():
            _make(database, folder)
            _drop(store.files, lambda name: name.startswith(f"{stored}.") and name != folder.name)
    finally:
        database.close()
    lines = (folder / SUMS).read_text(encoding="ascii").splitlines()
    sums = {name: sum_ for sum_, name in (line.split("  ") for line in lines)}
    sums[SUMS] = hashlib.sha256((folder / SUMS).read_bytes()).hexdigest()
    return Distribution(folder, sums)


def prune(store: Store, kept: Names[str]) -> None:
    """Remove the files of releases that are no longer kept, and what a killed process left."""
    _drop(store.files, lambda name: not name.startswith(".") and name.partition(".")[0] not in kept)
    hour_ago = time.time() - 3600
    _drop(
        store.files,
        lambda name: (
            name.startswith(".writing-") and (store.files / name).stat().st_mtime < hour_ago
        ),
    )


def _drop(files: Path, unwanted: Callable[[str], bool]) -> None:
    """Remove folders by their names."""
    for path in files.glob("*") if files.exists() else ():
        if unwanted(path.name):
            shutil.rmtree(path, ignore_errors=True)  # whoever sends one of them goes on reading


@cache
def _code() -> bytes:
    """Hash the code that decides what the files hold."""
    content = hashlib.sha256()
    for path in sorted(Path(__file__).parent.glob("*.py")):
        content.update(path.read_bytes())
    return content.digest()


def _edition(release: ReleaseRecord) -> str:
    """Tell files apart that are made of the same content with other code, title or notes."""
    return hashlib.sha256(release.model_dump_json().encode() + _code()).hexdigest()[:8]


def _make(database: Database, folder: Path) -> None:
    """Write all files aside and put them in their place in one step."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    aside = Path(tempfile.mkdtemp(prefix=".writing-", dir=folder.parent))
    try:
        _write(database, aside)
        aside.chmod(0o755)
        try:
            aside.rename(folder)
        except OSError:
            if not folder.exists():  # otherwise another process was faster, with the same bytes
                raise
    finally:
        shutil.rmtree(aside, ignore_errors=True)


def _write(database: Database, folder: Path) -> None:
    """Write all files into a folder."""
    release = database.release
    about = {"release": release.name, "date": release.date.isoformat(), "license": release.license}
    made: list[TableFile] = []
    with (
        zipfile.ZipFile(folder / ZIP, "w", zipfile.ZIP_DEFLATED) as archive,
        _plain(folder / SQLITE) as plain,
    ):
        for collection in COLLECTIONS.values():
            made.append(_table(database, collection, folder, archive, plain, about))
        texts = codebook.texts(release, made, codebook.indicators(database))
        _about(plain, release, made)
        for name, text in texts.items():
            _put(archive, name, text, release.date)
            if name in FILES:
                (folder / name).write_text(text, encoding="utf-8", newline="")
    sums = "".join(f"{_sum(folder / name)}  {name}\n" for name in sorted(FILES) if name != SUMS)
    (folder / SUMS).write_text(sums, encoding="ascii")


def _table(
    database: Database,
    collection: Collection,
    folder: Path,
    archive: zipfile.ZipFile,
    plain: sqlite3.Connection,
    about: dict[str, str],
) -> TableFile:
    """Write a collection into every file, in one pass over its rows."""
    schema, name = collection.record, collection.name
    _create(plain, name, columns(schema), collection.dated)
    marks = ",".join("?" for _ in columns(schema))
    content, size, rows = hashlib.sha256(), 0, 0
    with (
        (folder / f"{name}.parquet").open("wb") as file,
        archive.open(_entry(f"{name}.csv", database.release.date), "w") as csv,
    ):
        parquet = ParquetFile(file, name, table_columns(schema), about)
        for lines in ([csv_line(header(schema))], *_batches(database, collection)):
            text = "".join(lines).encode()
            csv.write(text)
            content.update(text)
            size += len(text)
            if size == len(text):
                continue  # the header
            found = read_lines(schema, lines)
            rows += len(found)
            parquet.write(found)
            values = [[_sqlite(cell) for cell in row] for row in found]
            plain.executemany(f'INSERT INTO "{name}" VALUES ({marks})', values)
        parquet.close()
    return TableFile(collection, rows, size, content.hexdigest())


def _batches(database: Database, collection: Collection) -> Iterator[list[str]]:
    """Read the finished lines of all states, some at a time."""
    query = database.compile(states(collection))
    after_id = after = ""
    while rows := database.read(query, {"after_id": after_id, "after": after, "limit": BATCH}):
        yield [row[0] for row in rows]
        _, after_id, after = rows[-1]


# --- SQLite -------------------------------------------------------------------------------------

_TYPES = {
    ColumnKind.TEXT: "TEXT",
    ColumnKind.INTEGER: "INTEGER",
    ColumnKind.NUMBER: "REAL",
    ColumnKind.BOOLEAN: "BOOLEAN",
    ColumnKind.DATE: "DATE",
}

LOOKED_UP = ("law", "provision", "jurisdiction", "indicator")
"""Columns by which the plain file is indexed, beside ids."""


@contextmanager
def _plain(path: Path) -> Iterator[sqlite3.Connection]:
    """Open a new SQLite file, without a journal: it is put in its place when all of it is there."""
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA journal_mode = OFF")
        connection.execute("PRAGMA synchronous = OFF")
        yield connection
        connection.commit()


def _create(
    plain: sqlite3.Connection, name: str, described: tuple[Column, ...], dated: bool
) -> None:
    """Create the table of a collection."""
    fields = [f'"{column.name}" {_TYPES[column.kind]}' for column in described]
    key = "id, valid_from" if dated else "id"
    plain.execute(f'CREATE TABLE "{name}" ({", ".join(fields)}, PRIMARY KEY ({key}))')
    for column in described:
        if column.name in LOOKED_UP:
            plain.execute(f'CREATE INDEX "{name}_{column.name}" ON "{name}" ("{column.name}")')


def _sqlite(cell: Cell) -> str | int | float | None:
    """Return a value as SQLite holds it: days as ISO text, true and false as 1 and 0."""
    return cell.isoformat() if isinstance(cell, date) else cell


def _about(plain: sqlite3.Connection, release: ReleaseRecord, made: list[TableFile]) -> None:
    """Say in the file what it is and what its columns mean."""
    plain.execute("CREATE TABLE release (name TEXT PRIMARY KEY, value TEXT)")
    said = {
        "release": release.name,
        "title": release.title,
        "version": release.version,
        "date": release.date.isoformat(),
        "license": release.license,
        "content_hash": release.content_hash,
    }
    plain.executemany("INSERT INTO release VALUES (?, ?)", said.items())
    names = ", ".join(f"{name} TEXT" for name in codebook.HEADER)
    plain.execute(f"CREATE TABLE codebook ({names})")
    marks = ",".join("?" for _ in codebook.HEADER)
    rows = [row for table in made for row in codebook.rows(table)]
    plain.executemany(f"INSERT INTO codebook VALUES ({marks})", rows)


# --- zip ----------------------------------------------------------------------------------------


def _entry(name: str, day: date) -> zipfile.ZipInfo:
    """Name a file of the archive, dated by the release."""
    info = zipfile.ZipInfo(name, (max(day.year, 1980), day.month, day.day, 0, 0, 0))
    info.compress_type = zipfile.ZIP_DEFLATED
    info.external_attr = 0o644 << 16
    return info


def _put(archive: zipfile.ZipFile, name: str, text: str, day: date) -> None:
    archive.writestr(_entry(name, day), text.encode())


def _sum(path: Path) -> str:
    """Hash a file."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
