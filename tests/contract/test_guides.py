"""Every snippet of the guides and of the README does what its page says, on the real dataset."""

from __future__ import annotations

from pathlib import Path

import httpx
import pytest

from docs.server import running
from docs.snippets import PAGES, Verdict, check, snippets
from tests.conftest import WORLD

SNIPPETS = [snippet for page in PAGES for snippet in snippets(page)]

one_engine = pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
"""The snippets are about clients; engines are compared elsewhere."""


@one_engine
@pytest.mark.parametrize("snippet", SNIPPETS, ids=str)
def test_snippet_does_what_its_page_says(real, snippet):
    result = check(snippet, str(real.base_url).rstrip("/"))
    if result.verdict == Verdict.SKIPPED:
        pytest.skip(result.reason)
    assert result.verdict == Verdict.PASSED, result.reason


@one_engine
@pytest.mark.parametrize(
    ("page", "verdict", "reason"),
    [
        ("```sh\necho 1\n```\n\n```output\n1\n```", "passed", ""),
        ("```sh\necho 1\n```\n\n```output\n2\n```", "FAILED", "prints something else"),
        ("```sh\necho 1\n```\n\nText.\n\n```output\n2\n```", "passed", ""),
        ("```sh\nfalse\n```", "FAILED", "ends with 1"),
        ("```sh\nno-such-program\n```", "skipped", "no-such-program"),
        ("```python\nimport no_such_package\n```", "skipped", "no_such_package"),
        ("```python\nimport csv\nprint(csv.QUOTE_ALL)\n```\n```output\n1\n```", "passed", ""),
        ("```m norun\nhttp://127.0.0.1:8000/v1/laws.csv\n```", "passed", "not run"),
        ("```m norun\nhttp://127.0.0.1:8000/v1/lawz.csv\n```", "FAILED", "answers 404"),
        ("```m norun refused\nhttp://127.0.0.1:8000/v1/lawz.csv\n```", "passed", ""),
        ("```m norun refused\nhttp://127.0.0.1:8000/v1/laws.csv\n```", "FAILED", "answers 200"),
        ("```sql\nSELECT 1 AS one\n```\n```output\none\n1\n```", "passed", ""),
    ],
)
def test_checking_a_snippet(real, tmp_path, page, verdict, reason):
    file = Path(tmp_path / "page.md")
    file.write_text(page, encoding="utf-8")
    (snippet,) = snippets(file)
    result = check(snippet, str(real.base_url).rstrip("/"))
    assert result.verdict == verdict, result.reason
    assert reason in result.reason


def test_a_server_of_this_checkout_is_started_and_stopped(monkeypatch, tmp_path):
    monkeypatch.setenv("LEXCOMPARE_DATA", str(WORLD))
    monkeypatch.setenv("LEXCOMPARE_FOLDER", str(tmp_path))
    with running() as address:
        assert httpx.get(f"{address}/v1/laws").json()["items"]
    with pytest.raises(httpx.ConnectError):
        httpx.get(f"{address}/v1/laws")


def test_a_server_that_cannot_start_is_told(monkeypatch, tmp_path):
    monkeypatch.setenv("LEXCOMPARE_DATA", str(tmp_path / "nowhere"))
    monkeypatch.setenv("LEXCOMPARE_FOLDER", str(tmp_path))
    with pytest.raises(RuntimeError, match="did not start"), running():
        pass
