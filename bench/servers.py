"""Starts servers as processes of their own, reads what they use, and ends them whatever happens."""

from __future__ import annotations

import http.client
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parent.parent
START_WITHIN = 30.0


@dataclass(frozen=True)
class Server:
    """A running server."""

    port: int
    pid: int
    started_in: float
    """Seconds until it first answered."""

    def cpu(self) -> float:
        """Seconds of CPU that the process, all its threads included, has used."""
        # Linux numbers the CPU clock of a process so: see clock_getcpuclockid(3).
        return time.clock_gettime((~self.pid << 3) | 2)

    def private_mib(self) -> float:
        """Memory of the process alone, in MiB; not pages of files, which can be read again."""
        lines = Path(f"/proc/{self.pid}/smaps_rollup").read_text().splitlines()
        return next(int(line.split()[1]) for line in lines if line.startswith("Anon")) / 1024

    @contextmanager
    def ask(self) -> Iterator[http.client.HTTPConnection]:
        """Open a connection for single questions."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=START_WITHIN)
        try:
            yield connection
        finally:
            connection.close()


@contextmanager
def serve(
    app: str, ready: str, environment: Mapping[str, str] | None = None, factory: bool = False
) -> Iterator[Server]:
    """Run an app with uvicorn on a free port, wait until `ready` answers, and end it at the end."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "uvicorn", app, "--port", str(port), "--workers", "1"]
    command += ["--loop", "uvloop", "--http", "httptools", "--log-level", "warning"]
    command += ["--no-access-log", "--no-server-header", *(["--factory"] if factory else [])]
    begun = time.perf_counter()
    process = subprocess.Popen(command, cwd=ROOT, env={**os.environ, **(environment or {})})
    try:
        _wait(process, port, ready)
        yield Server(port, process.pid, time.perf_counter() - begun)
    finally:
        process.terminate()
        try:
            process.wait(timeout=5)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _wait(process: subprocess.Popen[bytes], port: int, ready: str) -> None:
    """Ask until the server answers."""
    begun = time.perf_counter()
    while time.perf_counter() - begun < START_WITHIN:
        if process.poll() is not None:
            raise RuntimeError(f"the server ended with exit code {process.returncode}")
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=START_WITHIN)
        try:
            connection.request("GET", ready)
            if connection.getresponse().status == 200:
                return
        except OSError:
            pass
        finally:
            connection.close()
        time.sleep(0.01)
    raise RuntimeError(f"the server did not answer within {START_WITHIN} seconds")
