"""Finished cells read back: what they say, without what proves it."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

from models.coding import CellValue


def said(cell: bytes) -> bytes:
    """Return the part of a finished cell that says what it says: all before `via` and evidence.

    Two cells of a jurisdiction and indicator say the same exactly when this is the same. Within
    JSON strings quotes are escaped, so that the first `,"via":` is the field.
    """
    return cell.partition(b',"via":')[0]


def read_value(cell: bytes) -> CellValue:
    """Read what a finished cell says; its evidence is not looked at."""
    return CellValue.model_validate_json(said(cell) + b"}")


def reader() -> Callable[[bytes], CellValue]:
    """Return a function that reads each distinct cell once: days share their cells."""
    return cache(read_value)
