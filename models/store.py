"""Which engine keeps the releases: the only module that knows that there are two."""

from __future__ import annotations

from pathlib import Path

from models.database import Store, StoreError
from models.postgres import PostgresStore
from models.sqlite import SqliteStore


def open_store(url: str, folder: Path) -> Store:
    """Return the store for a database URL; without one, the folder of embedded files."""
    if url.startswith(("postgresql://", "postgres://")):
        return PostgresStore(url, folder)
    if url:
        raise StoreError(f"the database URL is a postgresql:// address or empty, not {url!r}")
    return SqliteStore(folder)
