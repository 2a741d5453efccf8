"""Replicas that start together on an empty database all end up serving the same release."""

from __future__ import annotations

import subprocess
import sys
from contextlib import closing
from pathlib import Path

from models.store import open_store
from tests.conftest import new_database

SMALL = Path(__file__).parents[1] / "data" / "small"

START = """
import sys
from pathlib import Path
from models.store import open_store
from seed.compiler import compile_if_needed
store = open_store(sys.argv[1], Path("."))
print(compile_if_needed(Path(sys.argv[2]), store).release.name)
store.close()
"""


def test_four_replicas_start_at_once(postgres_url):
    url = new_database(postgres_url, "replicas")
    command = [sys.executable, "-c", START, url, str(SMALL)]
    root = Path(__file__).parents[2]
    started = [
        subprocess.Popen(
            command, cwd=root, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        )
        for _ in range(4)
    ]
    ended = [(*process.communicate(timeout=120), process.returncode) for process in started]
    assert [code for _, _, code in ended] == [0, 0, 0, 0], [error for _, error, _ in ended]
    names = {said.strip() for said, _, _ in ended}
    assert len(names) == 1
    with closing(open_store(url, Path())) as store:
        pointer = store.current()
        assert pointer is not None
        with closing(store.open(pointer.name)) as database:
            assert {database.release.name} == names
