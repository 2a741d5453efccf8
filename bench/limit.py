"""Two yardsticks: the API's own bytes sent from memory by a bare ASGI app, and an empty route."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

from fastapi import FastAPI, Response

ANSWERS = "BENCH_ANSWERS"
"""Environment variable that names the file of answers."""

Headers = list[tuple[bytes, bytes]]
Answers = dict[tuple[str, bytes], tuple[Headers, Headers, bytes]]


def _answers() -> Answers:
    """Read what to answer: one answer of each question stands for all its addresses."""
    found: Answers = {}
    for said in json.loads(Path(os.environ[ANSWERS]).read_text()) if ANSWERS in os.environ else []:
        answer = (_bytes(said["headers"]), _bytes(said["unchanged"]), said["body"].encode())
        for target in said["targets"]:
            path, _, asked = target.partition("?")
            found[path, asked.encode()] = answer
    return found


def _bytes(headers: list[list[str]]) -> Headers:
    return [(name.encode("latin-1"), value.encode("latin-1")) for name, value in headers]


ANSWER = _answers()


async def app(scope: Any, receive: Any, send: Any) -> None:
    """Send the bytes of an answer, or 304 to whoever names an `ETag`."""
    assert scope["type"] == "http"
    headers, unchanged, body = ANSWER[scope["path"], scope["query_string"]]
    status = 200
    for name, _ in scope["headers"]:
        if name == b"if-none-match":
            status, headers, body = 304, unchanged, b""
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})


empty = FastAPI()


@empty.get("/empty")
async def get_empty() -> Response:
    """Answer nothing, by way of FastAPI."""
    return Response(b"{}", media_type="application/json")
