"""A server of this checkout, for what the documentation shows."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx

ROOT = Path(__file__).parents[1]

SHOWN = "http://127.0.0.1:8000"
"""Address of the server in everything that the documentation shows."""

PATIENCE = 300
"""Seconds to wait for a server that compiles its dataset first."""


@contextmanager
def running() -> Iterator[str]:
    """Run the service as `make serve` does, on a free port, and give its address."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-c", "from api.cli import app; app()", "serve", "--port", str(port)]
    address = f"http://127.0.0.1:{port}"
    with subprocess.Popen(command, cwd=ROOT, env=environment()) as server:
        try:
            _wait(server, address)
            yield address
        finally:
            server.terminate()


def environment() -> dict[str, str]:
    """Variables for what is run: this checkout is importable, messages are in plain English."""
    paths = [str(ROOT), *filter(None, [os.environ.get("PYTHONPATH")])]
    return {
        **os.environ,
        "PYTHONPATH": os.pathsep.join(paths),
        "PYTHONUTF8": "1",
        "LC_ALL": "C.UTF-8",
    }


def _wait(server: subprocess.Popen[bytes], address: str) -> None:
    """Wait until the server answers."""
    deadline = time.monotonic() + PATIENCE
    while server.poll() is None and time.monotonic() < deadline:
        try:
            if httpx.get(f"{address}/readyz").status_code == 200:
                return
        except httpx.TransportError:
            pass
        time.sleep(0.1)
    raise RuntimeError("the server did not start")
