"""HTTP manners: validators, HEAD, OPTIONS, CORS, compression, request ids, health."""

from __future__ import annotations

import gzip
import http.client
from urllib.parse import urlsplit

import httpx
import pytest
import zstandard


def raw(client: httpx.Client, path: str, **headers: str) -> tuple[int, dict[str, str], bytes]:
    """Ask without any help from a client library."""
    parts = urlsplit(str(client.base_url))
    connection = http.client.HTTPConnection(parts.hostname or "", parts.port)
    connection.request("GET", path, headers={k.replace("_", "-"): v for k, v in headers.items()})
    answer = connection.getresponse()
    found = {name.lower(): value for name, value in answer.getheaders()}
    body = answer.read()
    connection.close()
    return answer.status, found, body


PATHS = ["/v1/laws", "/v1/laws/sg-penal-code-1871", "/v1/offences.csv", "/", "/openapi.json"]


@pytest.mark.parametrize("path", PATHS)
def test_etag_answers_304_hot_and_cold(real, path):
    first = real.get(path)
    etag = first.headers["etag"]
    assert etag.startswith('"')
    again = real.get(path, headers={"If-None-Match": f'W/"other", {etag}'})
    assert again.status_code == 304
    assert again.content == b""
    assert again.headers["etag"] == etag
    assert again.headers["cache-control"] == first.headers["cache-control"]
    assert again.headers["vary"] == "Accept-Encoding"
    assert real.get(path, headers={"If-None-Match": '"other"'}).status_code == 200
    assert real.get(path, headers={"If-None-Match": "*"}).status_code == 304


def test_etag_is_known_before_anything_is_looked_up(real):
    """A client's validator holds although the server never kept the answer."""
    path = "/v1/provisions?limit=7&as_of=2023-03-03"
    etag = raw(real, path, Accept_Encoding="identity")[1]["etag"]
    same = "/v1/provisions?as_of=2023-03-03&limit=7"
    status, headers, _ = raw(real, same, Accept_Encoding="identity", If_None_Match=etag)
    assert (status, headers["etag"]) == (304, etag), "the order of parameters does not matter"


def test_etags_differ_by_question_day_and_encoding(real):
    asked = [
        raw(real, "/v1/laws?as_of=2024-01-01"),
        raw(real, "/v1/laws?as_of=2024-01-02"),
        raw(real, "/v1/laws?as_of=2024-01-01", Accept_Encoding="gzip"),
        raw(real, "/v1/laws.csv?as_of=2024-01-01"),
    ]
    assert len({headers["etag"] for _, headers, _ in asked}) == 4


@pytest.mark.parametrize("path", [*PATHS, "/v1/nothing", "/v1/laws?limt=1"])
def test_head_is_get_without_a_body(real, path):
    got = real.get(path, headers={"Accept-Encoding": "identity"})
    headed = real.head(path, headers={"Accept-Encoding": "identity"})
    assert headed.status_code == got.status_code
    assert headed.content == b""
    for name in ("etag", "content-type", "content-length", "cache-control"):
        assert headed.headers.get(name) == got.headers.get(name), name


def test_compression(real):
    path = "/v1/provisions?limit=20&as_of=2024-05-05"
    plain = raw(real, path)[2]
    _, headers, body = raw(real, path, Accept_Encoding="gzip, br")
    assert headers["content-encoding"] == "gzip"
    assert gzip.decompress(body) == plain
    _, headers, body = raw(real, path, Accept_Encoding="gzip, zstd")
    assert headers["content-encoding"] == "zstd"
    assert zstandard.ZstdDecompressor().decompress(body) == plain
    assert "content-encoding" not in raw(real, path, Accept_Encoding="zstd;q=0, gzip;q=0")[1]
    assert "content-encoding" not in raw(real, "/healthz", Accept_Encoding="gzip")[1]


def test_long_exports_are_streamed_compressed_and_whole(real):
    plain = raw(real, "/v1/provisions.csv")[2]
    assert len(plain) > 200_000
    _, headers, body = raw(real, "/v1/provisions.csv", Accept_Encoding="gzip")
    assert headers["content-encoding"] == "gzip"
    assert gzip.decompress(body) == plain


def test_browsers_may_read_from_anywhere(real):
    for answer in (
        real.get("/v1/laws", headers={"Origin": "https://research.example"}),
        real.get("/v1/nothing", headers={"Origin": "https://research.example"}),
    ):
        assert answer.headers["access-control-allow-origin"] == "*"
        assert "ETag" in answer.headers["access-control-expose-headers"]
    preflight = real.options(
        "/v1/laws",
        headers={
            "Origin": "https://research.example",
            "Access-Control-Request-Method": "GET",
            "Access-Control-Request-Headers": "if-none-match",
        },
    )
    assert preflight.status_code == 204
    assert preflight.headers["access-control-allow-headers"] == "if-none-match"
    assert "GET" in preflight.headers["access-control-allow-methods"]


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE"])
def test_nothing_writes(real, method):
    answer = real.request(method, "/v1/laws")
    assert answer.status_code == 405
    assert answer.headers["allow"] == "GET, HEAD, OPTIONS"
    assert answer.headers["content-type"] == "application/problem+json"


def test_request_ids(real):
    first, second = (real.get("/v1/laws").headers["x-request-id"] for _ in range(2))
    assert first != second
    own = real.get("/v1/laws", headers={"X-Request-Id": "my-run.7"})
    assert own.headers["x-request-id"] == "my-run.7"
    forged = real.get("/v1/laws", headers={"X-Request-Id": "a b<script>"})
    assert "script" not in forged.headers["x-request-id"]


def test_health(real):
    alive = real.get("/healthz")
    assert alive.json() == {"status": "ok"}
    ready = real.get("/readyz")
    assert ready.json()["status"] == "ready"
    assert ready.json()["release"] == real.get("/v1/laws").json()["release"]
    for answer in (alive, ready):
        assert answer.headers["cache-control"] == "no-store"


def test_release_and_day_are_named_in_headers(real):
    answer = real.get("/v1/laws", params={"as_of": "2020-02-02"})
    assert answer.headers["lexcompare-release"] == answer.json()["release"]
    assert answer.headers["lexcompare-as-of"] == "2020-02-02" == answer.json()["as_of"]


def test_errors_are_not_kept_by_caches(real):
    assert real.get("/v1/laws/nothing").headers["cache-control"] == "no-cache"
