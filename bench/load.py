"""Loads a server with requests over kept connections: `wrk` where there is one, else a small loop.

The loop is one thread over plain sockets. It takes about half of the time that the fastest server
here needs for an answer, so that on two cores it is the server that is measured.
"""

from __future__ import annotations

import re
import selectors
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import cycle
from pathlib import Path

CONNECTIONS = 32
PATIENCE = 20.0
"""Seconds after which an answer is given up."""

WRK = shutil.which("wrk")

_SCRIPT = """
local requests, i = {}, 0
init = function(args)
  for r in io.open(args[1], "rb"):read("*a"):gmatch("[^\\f]+") do requests[#requests + 1] = r end
end
request = function()
  i = i % #requests + 1
  return requests[i]
end
"""


@dataclass
class Asked:
    """The requests of a measurement, in turn; they go on where the last round ended."""

    requests: Sequence[bytes]
    connections: int = CONNECTIONS

    def __post_init__(self) -> None:
        self.turn: Iterator[bytes] = cycle(self.requests)


@dataclass(frozen=True)
class Load:
    """What a server did."""

    answers: int
    seconds: float


def request(target: str, etag: str | None = None) -> bytes:
    """Write a request."""
    lines = [f"GET {target} HTTP/1.1", "Host: localhost"]
    lines += [f"If-None-Match: {etag}"] if etag else []
    return "\r\n".join([*lines, "", ""]).encode()


def drive(port: int, asked: Asked, seconds: float) -> Load:
    """Ask a server for some seconds and wait for the answers. Raises `RuntimeError` on errors."""
    if WRK and seconds >= 1:
        return _wrk(WRK, port, asked, round(seconds))
    return _loop(port, asked, seconds)


class _Connection:
    """A connection that has one question open at a time."""

    def __init__(self, port: int, asked: Asked) -> None:
        self.socket = socket.create_connection(("127.0.0.1", port), timeout=PATIENCE)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.turn = asked.turn
        self.left: int | None = 0
        """Bytes still to come; null where only the last chunk tells."""
        self.started = False
        self.tail = b""

    def ask(self) -> None:
        """Send the next question."""
        self.started = False
        self.socket.sendall(next(self.turn))

    def take(self, buffer: memoryview) -> bool:
        """Take bytes of the answer and tell whether it is complete."""
        size = self.socket.recv_into(buffer)
        if size == 0:
            raise RuntimeError("the server closed a connection")
        if not self.started:
            self._start(bytes(buffer[: min(size, 4096)]), size)
        elif self.left is not None:
            self.left -= size
        if self.left is not None:
            return self.left == 0
        self.tail = (self.tail + bytes(buffer[max(0, size - 5) : size]))[-5:]
        return self.tail == b"0\r\n\r\n"

    def _start(self, head: bytes, size: int) -> None:
        """Read what the head says of the length; it comes in one piece from servers this near."""
        self.started = True
        end = head.index(b"\r\n\r\n") + 4
        status = head[9:12]
        if status == b"304":
            self.left = end - size
            return
        if status != b"200":
            raise RuntimeError(f"unexpected answer: {head[:200]!r}")
        at = head.find(b"content-length: ", 0, end)
        if at < 0:
            self.left = None
            return
        self.left = int(head[at + 16 : head.index(b"\r", at)]) + end - size


def _loop(port: int, asked: Asked, seconds: float) -> Load:
    connections = [_Connection(port, asked) for _ in range(asked.connections)]
    buffer = memoryview(bytearray(1 << 20))
    answers, open_ = 0, len(connections)
    with selectors.DefaultSelector() as selector:
        for connection in connections:
            selector.register(connection.socket, selectors.EVENT_READ, connection)
        start = now = time.perf_counter()
        for connection in connections:
            connection.ask()
        while open_:
            ready = selector.select(timeout=PATIENCE)
            if not ready:
                raise RuntimeError(f"no answer in {PATIENCE} seconds")
            now = time.perf_counter()
            for key, _ in ready:
                if not key.data.take(buffer):
                    continue
                answers += 1
                if now - start < seconds:
                    key.data.ask()
                else:
                    open_ -= 1
    for connection in connections:
        connection.socket.close()
    return Load(answers, now - start)


def _wrk(wrk: str, port: int, asked: Asked, seconds: int) -> Load:
    with tempfile.TemporaryDirectory() as folder:
        script, requests = Path(folder) / "script.lua", Path(folder) / "requests"
        script.write_text(_SCRIPT)
        requests.write_bytes(b"\f".join(asked.requests))
        command = [wrk, "-t1", f"-c{asked.connections}", f"-d{seconds}s", "-s", str(script)]
        command += [f"http://127.0.0.1:{port}", "--", str(requests)]
        done = subprocess.run(
            command, capture_output=True, text=True, timeout=seconds + PATIENCE, check=True
        )
    found = re.search(r"(\d+) requests in ([\d.]+)s", done.stdout)
    if found is None or re.search(r"Non-2xx|Socket errors", done.stdout):
        raise RuntimeError(f"wrk: {done.stdout}")
    return Load(int(found[1]), float(found[2]))
