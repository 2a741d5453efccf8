"""The lock file of sources: what each address gave when it was last read. Sorted, for reviews."""

from __future__ import annotations

import json
import os
import tempfile
from pathlib import Path

from pydantic import Field, ValidationError

from models.record import Day, Record
from models.vocabulary import Word

NAME = "sources.lock.json"
"""Name of the file, in the folder of the dataset."""


class Standing(Word):
    """What became of an address."""

    NEW = "new", "answers, and has its first fingerprint now"
    UNCHANGED = "unchanged", "answers as it did when it was read"
    CHANGED = "changed", "answers otherwise than when it was read"
    MOVED = "moved", "has gone to another address for good, or to the site's front page"
    GONE = "gone", "is not there any more (404 or 410)"
    UNREACHABLE = "unreachable", "gave no usable answer"
    BARRED = "barred", "is closed to programs (robots.txt, 401, 403): look at it by hand"


class Fingerprint(Record):
    """What is known of an address."""

    standing: Standing
    """What became of it when it was last asked."""
    status: int | None = None
    """HTTP status of that answer; null without one."""
    reason: str | None = None
    """Why there was no usable answer."""
    at: str | None = None
    """The address that answered, where that is another after redirects."""
    etag: str | None = None
    """ETag of the body last seen."""
    last_modified: str | None = None
    """Last-Modified of the body last seen."""
    sha256: str | None = None
    """Hash of the body with which the records agree, without what changes at every load."""
    seen_sha256: str | None = None
    """Hash of the body last seen, while that is another."""
    changed_on: Day | None = None
    """Day on which that other body was first seen."""
    since: Day | None = None
    """Day since which it stands so, where that is no good standing."""
    checked_on: Day
    """Day on which it was last asked."""


class LockError(Exception):
    """The lock file cannot be read."""


class _File(Record):
    """The file as a whole."""

    version: int = Field(default=1, ge=1, le=1)
    sources: dict[str, Fingerprint] = Field(default_factory=dict)


def read_lock(path: Path) -> dict[str, Fingerprint]:
    """Read a lock file; without one nothing is known. Raises `LockError`."""
    try:
        return _File.model_validate_json(path.read_bytes()).sources
    except FileNotFoundError:
        return {}
    except OSError as error:
        raise LockError(f"{path} cannot be read: {error.strerror}") from error
    except ValidationError as error:
        first = error.errors()[0]
        place = "/".join(str(step) for step in first["loc"])
        raise LockError(f"{path} is no lock file of sources: {place} {first['msg']}") from error


def write_lock(path: Path, sources: dict[str, Fingerprint]) -> None:
    """Write a lock file in one step: whoever reads it meets the old or the new one, whole."""
    said = {
        "version": 1,
        "sources": {
            address: entry.model_dump(mode="json", exclude_none=True)
            for address, entry in sorted(sources.items())
        },
    }
    handle, aside = tempfile.mkstemp(prefix=f".{path.name}-", dir=path.parent)
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            json.dump(said, file, indent=1, ensure_ascii=False)
            file.write("\n")
            file.flush()
            os.fsync(file.fileno())
        os.chmod(aside, 0o644)
        os.replace(aside, path)
    finally:
        Path(aside).unlink(missing_ok=True)
