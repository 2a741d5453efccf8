"""Writes the codebook over the eight legal orders on four days, `matrices/<day>.md`.

Run by `make docs`; a test checks that the files say what the service answers. These are the tables
that were read against the law line by line.
"""

from __future__ import annotations

import re
import tempfile
from pathlib import Path

from api.ask import ask_all
from models.store import open_store
from seed.compiler import compile_seed
from seed.dataset import default_data

HERE = Path(__file__).parent / "matrices"

PLACES = ("SG", "GB", "AU", "US", "DE", "LK", "TH", "EU")
DAYS = ("2015-01-01", "2020-01-01", "2024-07-01", "2026-11-24")


def address(day: str) -> str:
    """Return what is asked for a day's table."""
    return f"/v1/comparisons/matrix.md?jurisdiction={','.join(PLACES)}&as_of={day}"


def page(day: str, answer: str) -> str:
    """Return a day's file: the answer without the release, which any change of data renames."""
    told = f"`GET {address(day)}`, made by `make docs`."
    return (
        re.sub(r"release [0-9.]+-[0-9a-f]{12}", "this checkout", answer).rstrip() + f"\n\n{told}\n"
    )


def main() -> None:
    """Compile the dataset aside, ask, and write the files."""
    HERE.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        store = open_store("", Path(folder))
        compile_seed(default_data(), store)
        store.close()
        answers = ask_all([address(day) for day in DAYS], "", Path(folder))
        for day, answer in zip(DAYS, answers, strict=True):
            answer.raise_for_status()
            (HERE / f"{day}.md").write_text(page(day, answer.text), encoding="utf-8")


if __name__ == "__main__":
    main()
