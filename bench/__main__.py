"""Runs the benchmarks: `python -m bench`, or `make bench`. Needs Linux, and is best left alone.

Rounds interleave the servers in each question and phase, and medians of the rounds are shown: on a
machine that others use too, only ratios of one run count.

hot: one address, kept in the cache. cold: many addresses in turn, and a server of its own, whose
cache is too small for them.
limit: a bare ASGI app that sends the same bytes from memory. naive: `bench/naive.py`.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import signal
import sys
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from importlib.metadata import version
from pathlib import Path
from statistics import median
from typing import Any

from bench import dataset, limit, load, naive
from bench.load import Asked, drive, request
from bench.questions import Answer, Question, check_equal, get, questions
from bench.servers import Server, serve
from models.store import open_store
from seed.compiler import Compiled, compile_seed, publish

GIVE_UP = {False: 15 * 60, True: 40 * 60}
"""Seconds after which everything is ended, without and with the large dataset."""

SMALL = "1"
"""Megabytes of the cache when many addresses are asked in turn: too few to keep them."""

COLD = "api cold"
"""The server that has the small cache."""

PACKAGES = ("fastapi", "starlette", "uvicorn", "pydantic", "sqlmodel", "sqlalchemy")


@dataclass
class Measured:
    """What a server did in each round."""

    rates: list[float] = field(default_factory=list)
    cpus: list[float] = field(default_factory=list)
    """Microseconds of CPU an answer."""

    @property
    def rate(self) -> float:
        return median(self.rates)

    @property
    def cpu(self) -> float:
        return median(self.cpus)


@dataclass
class Row:
    """A question in a phase, put to several servers."""

    question: str
    phase: str
    asked: Mapping[str, Asked]
    measured: dict[str, Measured] = field(default_factory=dict)

    def run(self, servers: Mapping[str, Server], seconds: float) -> None:
        """Measure one round."""
        for name, asked in self.asked.items():
            server = servers.get(f"{name} {self.phase}") or servers[name]
            before = server.cpu()
            done = drive(server.port, asked, seconds)
            used = server.cpu() - before
            measured = self.measured.setdefault(name, Measured())
            measured.rates.append(done.answers / done.seconds)
            measured.cpus.append(used / done.answers * 1e6)

    def times(self, other: str, by: str = "rates") -> float | None:
        """How many times as many answers as another server the API gave: median of the rounds."""
        if other not in self.measured:
            return None
        pair = (getattr(self.measured["api"], by), getattr(self.measured[other], by))
        rounds = zip(*pair, strict=True)
        return float(median(a / b if by == "rates" else b / a for a, b in rounds))


def main() -> None:
    parser = argparse.ArgumentParser(prog="bench", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="fewer and shorter rounds")
    parser.add_argument(
        "--size", type=int, help="number of provisions (2,000 unless told, 1,000 with --quick)"
    )
    parser.add_argument(
        "--large",
        type=int,
        nargs="?",
        const=50_000,
        default=0,
        metavar="SIZE",
        help="measure growth to a larger dataset too (50,000 unless told: that takes minutes, 5 GB"
        " of memory and 3 GB of disk)",
    )
    parser.add_argument("--only", default="", help="only questions whose name contains this")
    parser.add_argument("--json", type=Path, metavar="FILE", help="keep the numbers")
    options = parser.parse_args()
    if sys.platform != "linux":
        parser.error("CPU times are read as Linux gives them")
    signal.signal(signal.SIGTERM, lambda *_: sys.exit("ended"))
    signal.signal(signal.SIGALRM, lambda *_: sys.exit("gave up: it took too long"))
    signal.alarm(GIVE_UP[bool(options.large)])
    rounds, seconds = (3, 0.15) if options.quick else (5, 1.0)
    options.size = options.size or (1_000 if options.quick else 2_000)
    with tempfile.TemporaryDirectory(prefix="bench-") as folder, ExitStack() as stack:
        report = _run(options, Path(folder), stack, rounds, seconds)
    if options.json:
        options.json.write_text(json.dumps(report, indent=1) + "\n")


def _run(
    options: argparse.Namespace, folder: Path, stack: ExitStack, rounds: int, seconds: float
) -> dict[str, Any]:
    """Measure everything and print it."""
    report: dict[str, Any] = {"environment": _environment(rounds, seconds)}
    _say(f"writing {options.size:,} provisions and compiling them")
    dataset.write(folder / "yaml", options.size)
    compiled, took = _timed(lambda: compile_seed(folder / "yaml", open_store("", folder / "small")))
    report["compile"] = {"seconds": took, "records": sum(compiled.release.counts.values())}
    report["compile"]["provisions"] = options.size
    naive.fill(folder / "small" / compiled.pointer.name, folder / "naive.sqlite")

    starts = []
    for _ in range(1 if options.quick else 3):
        with _api(folder / "small") as started:
            starts.append(started.started_in)
    report["start"] = {"seconds": median(starts)}

    servers = {"api": stack.enter_context(_api(folder / "small"))}
    servers[COLD] = stack.enter_context(_api(folder / "small", SMALL))
    asked = [q for q in questions(servers["api"]) if options.only in q.name]
    if not asked:
        raise SystemExit(f"no question's name contains {options.only!r}")
    environment = {naive.FILE: str(folder / "naive.sqlite")}
    servers["naive"] = stack.enter_context(serve("bench.naive:app", "/docs", environment))
    for question in asked:
        check_equal(question, servers["api"], servers["naive"], 20)
    _say("the API and the naive app answer alike")
    rows = _rows(asked, servers["api"], folder / "answers.json")
    environment = {limit.ANSWERS: str(folder / "answers.json")}
    servers["limit"] = stack.enter_context(serve("bench.limit:app", asked[0].api[0], environment))
    servers["empty"] = stack.enter_context(serve("bench.limit:empty", "/empty"))
    _measure(rows, servers, rounds, seconds)
    report["start"]["private_mib"] = servers[COLD].private_mib()
    report["rows"] = [_summary(row) for row in rows]
    print(_table(rows))
    _print_rest(report, rows)
    if options.large:
        report["growth"] = _growth(options.large, folder, stack, servers[COLD], rounds, seconds)
    return report


def _api(folder: Path, cache: str = "64") -> Any:
    """Run the API, with so many megabytes of cache."""
    environment = {
        "LEXCOMPARE_FOLDER": str(folder),
        "LEXCOMPARE_CACHE_MEGABYTES": cache,
        "LEXCOMPARE_WATCH_SECONDS": "60",
    }
    return serve("api.main:create_app", "/readyz", environment, factory=True)


def _rows(asked: Sequence[Question], api: Server, file: Path) -> list[Row]:
    """Choose who is asked what, and write down what the limit answers."""
    rows: list[Row] = []
    answers: list[dict[str, Any]] = []
    with api.ask() as connection:
        for question in asked:
            sample = [(get(connection, target), target) for target in question.api[:49]]
            answer, hot = sorted(sample, key=lambda pair: len(pair[0].body))[len(sample) // 2]
            answers.append(_answer(connection, question, answer, hot))
            once = [request(hot)]
            many = [request(target) for target in question.api]
            theirs = [request(target) for target in question.naive]
            n = question.connections
            rows.append(Row(question.name, "hot", {"api": Asked(once, n), "limit": Asked(once, n)}))
            cold = {"api": Asked(many, n), "limit": Asked(many, n)}
            if theirs:
                cold["naive"] = Asked(theirs, n)
            rows.append(Row(question.name, "cold", cold))
            if question is asked[0]:
                etags = [(target, get(connection, target).etag) for target in question.api]
                same = [request(hot, answer.etag)]
                all_ = [request(target, etag) for target, etag in etags]
                rows.append(Row("304", "hot", {"api": Asked(same), "limit": Asked(same)}))
                rows.append(Row("304", "cold", {"api": Asked(all_), "limit": Asked(all_)}))
    rows.append(Row("empty FastAPI route", "", {"empty": Asked([request("/empty")])}))
    file.write_text(json.dumps(answers))
    return rows


def _answer(connection: Any, question: Question, answer: Answer, hot: str) -> dict[str, Any]:
    unchanged = get(connection, hot, answer.etag)
    return {
        "targets": question.api,
        "headers": answer.headers,
        "unchanged": unchanged.headers,
        "body": answer.body,
    }


def _measure(
    rows: Sequence[Row], servers: Mapping[str, Server], rounds: int, seconds: float
) -> None:
    for n in range(1, rounds + 1):
        for row in rows:
            _say(f"round {n} of {rounds}: {row.question} {row.phase}", transient=True)
            row.run(servers, seconds)
    _say("", transient=True)


def _growth(
    size: int, folder: Path, stack: ExitStack, small: Server, rounds: int, seconds: float
) -> dict[str, Any]:
    """Compare cold answers of the same number of rows with those from a larger dataset."""
    _say(f"building {size:,} provisions and compiling them")
    compiled, took = _timed(lambda: _publish(size, folder / "large"))
    large = stack.enter_context(_api(folder / "large", SMALL))
    pairs = [
        (a, b)
        for a, b in zip(questions(small), questions(large), strict=True)
        if not a.name.startswith(("CSV", "matrix"))
    ]
    rows = [Row(a.name, "cold", {"api": _first_rows(a), "large": _first_rows(b)}) for a, b in pairs]
    _measure(rows, {"api": small, "large": large}, rounds, seconds)
    records = sum(compiled.release.counts.values())
    print(f"\nGrowth to {size:,} provisions ({records:,} records, compiled in {took:.0f} s)")
    print(f"start-up {large.started_in:.2f} s, private memory {large.private_mib():.0f} MiB")
    print(f"{'question':40}{'CPU µs small':>14}{'CPU µs large':>14}{'growth':>9}")
    for row in rows:
        before, after = row.measured["api"].cpu, row.measured["large"].cpu
        print(f"{row.question:40}{before:14.0f}{after:14.0f}{after / before:9.2f}")
    return {
        "compile": {"seconds": took, "records": records, "provisions": size},
        "start": {"seconds": large.started_in, "private_mib": large.private_mib()},
        "rows": [_summary(row) for row in rows],
    }


def _publish(size: int, folder: Path) -> Compiled:
    store = open_store("", folder)
    store.prepare()
    return publish(dataset.build(size), str(size), store)


def _first_rows(question: Question) -> Asked:
    """Ask a list for as many rows whatever the size of the dataset."""
    few = "&limit=2" if question.name.startswith("list") else ""
    return Asked([request(target + few) for target in question.api])


# --- showing ------------------------------------------------------------------------------------


def _table(rows: Sequence[Row]) -> str:
    """Render the rates, ratios and CPU of every question."""
    titles = ["API/s", "limit/s", "naive/s", "× limit", "by CPU", "× naive", "by CPU"]
    titles += ["µs API", "limit", "naive"]
    lines = ["".join([f"\n{'question':40}{'phase':6}", *(f"{title:>9}" for title in titles)])]
    for row in rows:
        servers = [row.measured.get(name) for name in ("api", "limit", "naive")]
        if "empty" in row.measured:
            servers[0] = row.measured["empty"]
        cells = [f"{m.rate:9,.0f}" if m else " " * 9 for m in servers]
        for other in ("limit", "naive"):
            for by in ("rates", "cpus"):
                times = row.times(other, by)
                cells.append(" " * 9 if times is None else f"{times:9.2f}")
        cells += [f"{m.cpu:9,.0f}" if m else " " * 9 for m in servers]
        lines.append("".join([f"{row.question:40}{row.phase:6}", *cells]).rstrip())
    return "\n".join(lines)


def _print_rest(report: Mapping[str, Any], rows: Sequence[Row]) -> None:
    empty = next(row.measured["empty"] for row in rows if "empty" in row.measured)
    for row in rows:
        if row.phase == "cold" and row.question == "item":
            item = row.measured["api"]
            print(f"\ncold item: {item.rate / empty.rate:.2f} × an empty FastAPI route")
    start, compiled = report["start"], report["compile"]
    print(f"start-up {start['seconds']:.2f} s, private memory {start['private_mib']:.0f} MiB")
    print(
        f"compiled {compiled['provisions']:,} provisions ({compiled['records']:,} records)"
        f" from YAML in {compiled['seconds']:.1f} s"
    )


def _summary(row: Row) -> dict[str, Any]:
    servers = {
        name: {"rate": m.rate, "cpu_us": m.cpu, "rates": m.rates, "cpus_us": m.cpus}
        for name, m in row.measured.items()
    }
    return {"question": row.question, "phase": row.phase, "servers": servers}


def _environment(rounds: int, seconds: float) -> dict[str, Any]:
    return {
        "python": platform.python_version(),
        **{package: version(package) for package in PACKAGES},
        "cores": os.cpu_count(),
        "client": "wrk" if load.WRK and seconds >= 1 else "own",
        "rounds": rounds,
        "seconds": seconds,
    }


def _timed(work: Callable[[], Compiled]) -> tuple[Compiled, float]:
    begun = time.perf_counter()
    return work(), time.perf_counter() - begun


def _say(text: str, transient: bool = False) -> None:
    """Say on standard error what is going on; a transient line is replaced by the next."""
    if not transient:
        print(text, file=sys.stderr)
    elif sys.stderr.isatty():
        print(f"\r\033[K{text}", end="", file=sys.stderr, flush=True)


if __name__ == "__main__":
    main()
