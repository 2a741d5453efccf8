"""The running server, and what plain HTTP says: every client must come to the same."""

from __future__ import annotations

import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx

from sdk.tools import BUILD, ROOT, FailedError

DAY = "2024-06-01"


@contextmanager
def serving() -> Iterator[str]:
    """Serve the dataset on a free port, and yield the address."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    address = f"http://127.0.0.1:{port}"
    with (BUILD / "server.log").open("wb") as log:
        server = subprocess.Popen(
            [Path(sys.executable).parent / "lexcompare", "serve", "--port", str(port)],
            cwd=ROOT,
            stdout=log,
            stderr=subprocess.STDOUT,
        )
        try:
            _wait(server, address)
            yield address
        finally:
            server.terminate()
            server.wait(timeout=30)


def _wait(server: subprocess.Popen[bytes], address: str) -> None:
    """Wait until the server answers; it compiles the dataset first where that changed."""
    deadline = time.monotonic() + 300
    while time.monotonic() < deadline and server.poll() is None:
        try:
            if httpx.get(f"{address}/readyz").status_code == 200:
                return
        except httpx.TransportError:
            pass
        time.sleep(0.2)
    raise FailedError((BUILD / "server.log").read_text(errors="replace")[-4000:])


def expected(address: str) -> dict[str, Any]:
    """Return what every test program must print, asked without a client."""
    with httpx.Client(base_url=address, timeout=60) as client:

        def get(path: str, **asked: Any) -> Any:
            return client.get(path, params={"as_of": DAY, **asked})

        laws: list[str] = []
        asked: dict[str, Any] = {"limit": 100}
        while True:
            page = get("/v1/laws", **asked).json()
            laws += [law["id"] for law in page["items"]]
            if page["next_cursor"] is None:
                break
            asked["cursor"] = page["next_cursor"]
        provision = get("/v1/provisions/sg-penal-code-1871~sec_377BK").json()
        matrix = get(
            "/v1/comparisons/matrix", jurisdiction=["SG", "EU"], indicator="possession_max_prison"
        ).json()
        problem = get("/v1/laws", jurisdiction="UK").json()
        mistake = problem["errors"][0]
        return {
            "laws": laws,
            "offences": [offence["id"] for offence in provision["offences"]],
            "prison_max_months": provision["offences"][0]["penalties"][0]["prison"]["max"][
                "months"
            ],
            "cells": [
                [cell["jurisdiction"], cell["state"], cell["value_integer"]]
                for cell in matrix["cells"]
            ],
            "evidence": [proof["id"] for cell in matrix["cells"] for proof in cell["evidence"]],
            "problem": [problem["status"], mistake["parameter"], mistake["suggestion"]],
            "csv_lines": len(get("/v1/laws.csv").text.splitlines()),
            "xlsx_start": "PK",
        }
