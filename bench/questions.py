"""The questions that are asked, made from what a running API says it holds."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from http.client import HTTPConnection
from itertools import islice
from random import Random
from typing import Any
from urllib.parse import urlencode

from bench.dataset import NARROW_TOPICS, SEED
from bench.load import CONNECTIONS
from bench.servers import Server

PAGE = 50
ADDRESSES = 1500
"""Distinct addresses of a question, where the dataset has as many."""
MATRICES = 300
FIRST, LAST = date(2000, 1, 1), date(2026, 1, 1)


@dataclass(frozen=True)
class Question:
    """A question at many addresses: at each place, the API's and the naive app's ask the same.

    The naive app has no address where it cannot answer.
    """

    name: str
    api: Sequence[str]
    naive: Sequence[str]
    connections: int = CONNECTIONS


@dataclass(frozen=True)
class Answer:
    """A whole answer."""

    headers: list[tuple[str, str]]
    body: str

    @property
    def etag(self) -> str:
        return next(value for name, value in self.headers if name.lower() == "etag")


def get(connection: HTTPConnection, target: str, etag: str | None = None) -> Answer:
    """Ask a single question; raise `RuntimeError` if it is not answered."""
    connection.request("GET", target, headers={"If-None-Match": etag} if etag else {})
    response = connection.getresponse()
    body = response.read().decode()
    if response.status != (304 if etag else 200):
        raise RuntimeError(f"{target}: {response.status} {body[:300]}")
    return Answer([(n, v) for n, v in response.getheaders() if n not in ("date",)], body)


def questions(server: Server) -> list[Question]:
    """Make all questions to a dataset."""
    rng = Random(SEED)
    with server.ask() as connection:
        ids = _ids(get(connection, "/v1/provisions.csv").body)
        places = _ids(get(connection, "/v1/jurisdictions.csv").body)
        starts = _shuffled(rng, _starts(connection, NARROW_TOPICS))
    pairs = [{"jurisdiction": p, "topic": t} for p in places for t in NARROW_TOPICS]
    days = [(FIRST + timedelta(days=n)).isoformat() for n in range((LAST - FIRST).days)]
    days = _shuffled(rng, days)
    dated = [{"topic": rng.choice(NARROW_TOPICS), "as_of": day} for day in days]
    placed = [{"jurisdiction": rng.choice(places), "as_of": day} for day in days]
    ids, pairs = _shuffled(rng, ids), _shuffled(rng, pairs)
    return [
        Question(
            "item",
            [f"/v1/provisions/{id_}" for id_ in ids],
            [f"/provisions/{id_}" for id_ in ids],
        ),
        _asked("list: jurisdiction, topic", pairs),
        Question(
            f"page: topic, {PAGE} rows",
            [_address("/v1/provisions", {"topic": t, "cursor": c}) for t, c, _ in starts],
            [_address("/provisions", {"topic": t, "offset": n}) for t, _, n in starts],
        ),
        _asked(f"as_of: topic, any day, {PAGE} rows", dated),
        Question(
            "counts by topic: jurisdiction, any day",
            [_address("/v1/provisions", {**c, "count_by": "topic", "limit": 1}) for c in placed],
            [_address("/counts", c) for c in placed],
        ),
        Question(
            "matrix: any day",
            [_address("/v1/comparisons/matrix", {"as_of": day}) for day in days[:MATRICES]],
            [_address("/comparisons/matrix", {"as_of": day}) for day in days[:MATRICES]],
            connections=4,
        ),
        _asked("CSV: jurisdiction, any day", placed, ".csv", connections=4),
    ]


def check_equal(question: Question, api: Server, naive: Server, number: int) -> None:
    """Raise `RuntimeError` unless both apps answer alike, in what the naive one has."""
    with api.ask() as one, naive.ask() as other:
        for target, naive_target in islice(zip(question.api, question.naive, strict=False), number):
            rows = _rows(get(one, target))
            naive_rows = _rows(get(other, naive_target))
            known = [
                {name: mine[name] for name in theirs}
                for mine, theirs in zip(rows, naive_rows, strict=False)
            ]
            if len(rows) != len(naive_rows) or known != naive_rows:
                raise RuntimeError(f"different answers: {target} and {naive_target}")


def _asked(
    name: str, asked: list[dict[str, str]], suffix: str = "", connections: int = CONNECTIONS
) -> Question:
    """Make a question whose parameters are the same in both apps."""
    api = [_address(f"/v1/provisions{suffix}", parameters) for parameters in asked]
    return Question(name, api, [target.removeprefix("/v1") for target in api], connections)


def _address(path: str, parameters: dict[str, Any]) -> str:
    return f"{path}?{urlencode(parameters)}"


def _ids(text: str) -> list[str]:
    return [row["id"] for row in csv.DictReader(io.StringIO(text))]


def _shuffled(rng: Random, items: list[Any]) -> list[Any]:
    return rng.sample(items, min(ADDRESSES, len(items)))


def _starts(
    connection: HTTPConnection, topics: Sequence[str], most: int = 50
) -> list[tuple[str, str, int]]:
    """Walk topics item by item for cursors that have a whole page behind them."""
    found: list[tuple[str, str, int]] = []
    total = 0
    for topic in topics:
        asked: dict[str, Any] = {"topic": topic, "limit": 1, "total": "true"}
        for offset in range(1, most + 1):
            page = json.loads(get(connection, _address("/v1/provisions", asked)).body)
            total = total if page["total"] is None else page["total"]
            if offset + PAGE > total:
                break
            found.append((topic, page["next_cursor"], offset))
            asked = {"topic": topic, "limit": 1, "cursor": page["next_cursor"]}
    return found


def _rows(answer: Answer) -> list[dict[str, Any]]:
    """The records of an answer, whatever its form."""
    if answer.body.startswith("{"):
        said = json.loads(answer.body)
        if "id" in said:
            return [said]
        return list(said.get("counts") or said.get("cells") or said.get("items", []))
    return list(csv.DictReader(io.StringIO(answer.body)))
