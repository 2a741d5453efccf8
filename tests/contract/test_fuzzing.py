"""Contract fuzzing: generated requests against the whole document, every check of schemathesis."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import httpx

ROOT = Path(__file__).parents[2]


def test_every_operation_keeps_its_contract(world: httpx.Client) -> None:
    """Its configuration (`schemathesis.toml`) makes one allowance: 422 for an unknown code."""
    command = [
        *(sys.executable, "-m", "schemathesis.cli", "run", f"{world.base_url}/openapi.json"),
        *("--checks", "all", "--max-examples", "12", "--seed", "7", "--no-color"),
    ]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=600)
    assert done.returncode == 0, done.stdout[-5000:] + done.stderr[-2000:]
    assert "Test cases:" in done.stdout
