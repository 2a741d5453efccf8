"""How much memory whole exports take: the server's peak, from a small and from a larger dataset.

    python -m bench.exports [--large SIZE]

A stream that takes constant memory has the same peak whatever its size; the ratio of the two peaks
is what is looked at. The cache of answers is off.
"""

from __future__ import annotations

import argparse
import tempfile
from dataclasses import dataclass
from pathlib import Path

from bench import dataset
from bench.servers import Server, serve
from models.store import open_store
from seed.compiler import publish

FORMATS = ("csv", "ndjson", "parquet", "xlsx")
COLLECTION = "penalties"


@dataclass(frozen=True)
class Export:
    """What one export took."""

    mib: float
    """Size of the body."""
    peak: float
    """Memory of the process at its highest, in MiB, above what it had before."""


def main() -> None:
    parser = argparse.ArgumentParser(prog="bench.exports", description=__doc__)
    parser.add_argument("--small", type=int, default=1_000, help="provisions of the small dataset")
    parser.add_argument("--large", type=int, default=10_000, help="and of the large one")
    options = parser.parse_args()
    print(f"{'format':10}{'provisions':>12}{'body MiB':>10}{'peak MiB':>10}")
    peaks: dict[str, list[float]] = {}
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        for size in (options.small, options.large):
            place = Path(folder) / str(size)
            store = open_store("", place)
            store.prepare()
            publish(dataset.build(size), str(size), store)
            environment = {"LEXCOMPARE_FOLDER": str(place), "LEXCOMPARE_CACHE_MEGABYTES": "0"}
            with serve("api.main:create_app", "/readyz", environment, factory=True) as server:
                for name in FORMATS:
                    export(server, name)  # loads what the format needs
                    taken = export(server, name)
                    peaks.setdefault(name, []).append(taken.peak)
                    print(f"{name:10}{size:12,}{taken.mib:10.1f}{taken.peak:10.1f}")
    grown = options.large / options.small
    for name, (small, large) in peaks.items():
        print(f"{name}: {large / max(small, 0.1):.1f} × the memory for {grown:.0f} × the rows")


def export(server: Server, name: str) -> Export:
    """Read a whole collection and watch the server's peak."""
    status = Path(f"/proc/{server.pid}/status")
    before = _resident(status, "VmRSS")
    Path(f"/proc/{server.pid}/clear_refs").write_text("5")  # forget the peak so far
    size = 0
    with server.ask() as connection:
        connection.request("GET", f"/v1/{COLLECTION}.{name}")
        answer = connection.getresponse()
        if answer.status != 200:
            raise RuntimeError(f"{name}: {answer.status}")
        while part := answer.read(1 << 16):
            size += len(part)
    return Export(size / 2**20, max(0.0, _resident(status, "VmHWM") - before))


def _resident(status: Path, name: str) -> float:
    line = next(line for line in status.read_text().splitlines() if line.startswith(name))
    return int(line.split()[1]) / 1024


if __name__ == "__main__":
    main()
