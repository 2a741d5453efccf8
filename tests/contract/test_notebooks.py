"""The notebooks run from beginning to end and show what is stored in them."""

from __future__ import annotations

import subprocess
import sys

import pytest

from docs.notebook import NOTEBOOKS, differences, read, shown
from docs.server import ROOT, environment


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
def test_notebooks_show_what_is_stored(real):
    address = str(real.base_url).rstrip("/")
    command = [sys.executable, "-m", "docs.notebook", "--address", address]
    ran = subprocess.run(command, cwd=ROOT, env=environment(), capture_output=True, text=True)
    assert ran.returncode == 0, ran.stdout + ran.stderr


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.name)
def test_outputs_are_stored_and_clean(path):
    notebook = read(path)
    parts = [part for cell in notebook.cells for part in shown(cell)]
    assert sum(kind == "picture" for kind, _ in parts) >= 3
    assert sum(kind == "text" for kind, _ in parts) >= 7
    for cell in notebook.cells:
        for output in cell.get("outputs", []):
            assert output.get("name") != "stderr", output.text
            assert output.output_type != "error"
    assert path.stat().st_size < 300_000


def test_another_answer_is_a_difference():
    (path, *_) = NOTEBOOKS
    stored, fresh = read(path), read(path)
    assert not list(differences(stored, fresh))
    number, cell = next((n, c) for n, c in enumerate(fresh.cells) if shown(c))
    cell.outputs[0].data["text/plain"] = "61"
    (said,) = differences(stored, fresh)
    assert f"cell {number} " in said
    assert "61" in said
