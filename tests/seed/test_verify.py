"""Verifying sources, against a web server of our own: what is asked, kept and told."""

from __future__ import annotations

import http.server
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from email.utils import format_datetime
from itertools import pairwise
from pathlib import Path
from typing import Any

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st
from typer.testing import CliRunner, Result

from api.cli import app
from seed.dataset import default_data, load
from seed.fingerprint import fingerprint
from seed.lock import Fingerprint, Standing, read_lock, write_lock
from seed.polite import Answer, Hop
from seed.verify import addresses, judge, only

SMALL = Path(__file__).parents[1] / "data" / "small"
ACT = Path("laws/SG/sg-example-act-2020.yaml")
HASTE = ("--rate", 100, "--timeout", 1)
"""Against a server of our own there is no need to be slow."""


@dataclass
class Reply:
    """What the server answers once."""

    status: int = 200
    body: str = ""
    headers: dict[str, str] = field(default_factory=dict)
    delay: float = 0.0


@dataclass
class Asked:
    """A request that the server had."""

    path: str
    headers: dict[str, str]
    at: float


class Site:
    """A web server with pages that change as a test wants."""

    def __init__(self) -> None:
        self.pages: dict[str, list[Reply]] = {}
        self.asked: list[Asked] = []
        self.now = self.most = 0
        site, lock = self, threading.Lock()

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                with lock:
                    site.now += 1
                    site.most = max(site.most, site.now)
                    headers = {name.lower(): value for name, value in self.headers.items()}
                    site.asked.append(Asked(self.path, headers, time.monotonic()))
                    reply = site.reply(self.path)
                time.sleep(reply.delay)
                tag = reply.headers.get("ETag")
                if tag and headers.get("if-none-match") == tag:
                    reply = Reply(304, headers={"ETag": tag})
                with lock:
                    site.now -= 1
                self.send_response(reply.status)
                for name, value in {"Content-Type": "text/html", **reply.headers}.items():
                    self.send_header(name, value)
                if reply.status != 304:
                    self.send_header("Content-Length", str(len(reply.body.encode())))
                self.end_headers()
                self.wfile.write(reply.body.encode() if reply.status != 304 else b"")

            def log_message(self, *_: object) -> None:
                """Say nothing."""

            def handle(self) -> None:
                try:
                    super().handle()
                except (BrokenPipeError, ConnectionResetError):
                    pass  # the client had enough

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}"
        threading.Thread(target=self.server.serve_forever, args=(0.02,), daemon=True).start()

    def reply(self, path: str) -> Reply:
        """The next of a page's replies; the last one stays."""
        if path == "/robots.txt" and path not in self.pages:
            return Reply(404)
        replies = self.pages.get(path, [Reply(body=f"<p>The text at {path}</p>")])
        return replies.pop(0) if len(replies) > 1 else replies[0]

    def set(self, path: str, *replies: Reply) -> None:
        self.pages[path] = list(replies)

    def times(self, path: str) -> list[float]:
        return [asked.at for asked in self.asked if asked.path == path]


@pytest.fixture
def site() -> Iterator[Site]:
    site = Site()
    yield site
    site.server.shutdown()
    site.server.server_close()


@pytest.fixture
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, site: Site) -> Path:
    """A copy of the small dataset whose sources are all at the server."""
    monkeypatch.chdir(tmp_path)
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "LEXCOMPARE_CONTACT"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.lower(), raising=False)
    shutil.copytree(SMALL, "small")
    for path in Path("small").rglob("*.yaml"):
        text = path.read_text(encoding="utf-8")
        for host in ("https://example.org", "https://example.com", "https://instruments.example"):
            text = text.replace(host, site.url)
        path.write_text(text, encoding="utf-8")
    return Path("small")


def run(*arguments: object) -> Result:
    return CliRunner().invoke(app, ["seed", "verify", *(str(a) for a in arguments)])


def verify(*arguments: object, code: int = 0) -> dict[str, Any]:
    """What a run says, with its exit code checked."""
    result = run("--data", "small", "--json", *HASTE, *arguments)
    assert result.exit_code == code, result.output
    said: dict[str, Any] = json.loads(result.stdout)
    return said


def standing(said: dict[str, Any]) -> dict[str, str]:
    """The addresses that need a person, by path."""
    return {
        "/" + finding["address"].split("/", 3)[3]: finding["standing"]
        for finding in said["findings"]
    }


def lock() -> dict[str, Any]:
    sources = json.loads(Path("small/sources.lock.json").read_text(encoding="utf-8"))["sources"]
    return {"/" + address.split("/", 3)[3]: entry for address, entry in sources.items()}


# --- a first run and one without changes -------------------------------------------------------


def test_a_first_run_asks_every_address_once_and_keeps_fingerprints(data, site):
    said = verify()
    paths = [asked.path for asked in site.asked]
    assert sorted(set(paths)) == sorted(paths), "robots.txt and each address once"
    assert said["addresses"] == said["asked"] == said["counts"]["new"] == len(paths) - 1
    assert said["findings"] == []
    assert list(lock()) == sorted(lock())
    assert set(lock()) == set(paths) - {"/robots.txt"}
    entry = lock()["/acts/ex2020"]
    assert entry == {
        "standing": "new",
        "status": 200,
        "sha256": fingerprint(b"The text at /acts/ex2020", "text/plain"),
        "checked_on": date.today().isoformat(),
    }


def test_nothing_changed(data, site):
    site.set("/codes", Reply(body="Codes", headers={"ETag": '"a"'}))
    stamp = format_datetime(datetime(2024, 5, 1, tzinfo=UTC), usegmt=True)
    site.set("/news", Reply(body="News", headers={"Last-Modified": stamp}))
    verify()
    before = lock()
    site.asked.clear()
    said = verify()
    assert said["counts"]["unchanged"] == said["addresses"]
    sent = {asked.path: asked.headers for asked in site.asked}
    assert sent["/codes"]["if-none-match"] == '"a"'
    assert sent["/news"]["if-modified-since"] == stamp
    assert not {"if-none-match", "if-modified-since"} & set(sent["/members"])
    assert lock()["/codes"]["status"] == 304
    for path, entry in lock().items():
        assert entry["sha256"] == before[path]["sha256"]
    assert "since" not in lock()["/codes"]


def test_what_changes_with_every_load_is_no_change(data, site):
    page = "<html><head><script>token='{0}'</script><style>.{0}{{}}</style></head><!-- {0} -->"
    page += "<body><form><input type=hidden value={0}></form><p>Section 5 &amp; 6</p>{1}</body>"
    site.set("/members", Reply(body=page.format("a1", "")), Reply(body=page.format("b2", "\n\n  ")))
    verify()
    assert standing(verify()) == {}


# --- changed ------------------------------------------------------------------------------------


def test_a_changed_page_is_listed_with_what_rests_on_it_until_that_was_read_again(data, site):
    verify()
    site.set("/acts/ex2020", Reply(body="<p>Another text</p>"))
    said = verify(code=1)
    assert standing(said) == {"/acts/ex2020": "changed"}
    (finding,) = said["findings"]
    claims = {(claim["record"], claim["version"]) for claim in finding["claims"]}
    assert ("sg-example-act-2020", None) in claims
    assert ("sg-example-act-2020~sec_5", "original") in claims
    assert {claim["law"] for claim in finding["claims"]} == {"sg-example-act-2020"}
    first = next(c for c in finding["claims"] if c["record"] == "sg-example-act-2020")
    path, line = first["place"].split(":")
    assert "/acts/ex2020" in Path(path).read_text(encoding="utf-8").splitlines()[int(line) - 1]

    assert standing(verify(code=1)) == {"/acts/ex2020": "changed"}, "also the next time"

    text = (data / ACT).read_text(encoding="utf-8")
    today = date.today().isoformat()
    (data / ACT).write_text(text.replace("checked_on: 2025-11-03", f"checked_on: {today}"))
    assert standing(verify()) == {}
    assert lock()["/acts/ex2020"].keys() == {"standing", "status", "sha256", "checked_on"}


def test_a_change_that_is_taken_back_is_none(data, site):
    verify()
    site.set(
        "/members", Reply(body="<p>Another text</p>"), Reply(body="<p>The text at /members</p>")
    )
    assert standing(verify(code=1)) == {"/members": "changed"}
    assert standing(verify()) == {}
    assert "seen_sha256" not in lock()["/members"]


def test_a_changed_page_stays_changed_when_the_server_says_not_modified(data, site):
    site.set("/members", Reply(body="one", headers={"ETag": '"1"'}))
    verify()
    site.set("/members", Reply(body="two", headers={"ETag": '"2"'}))
    verify(code=1)
    assert standing(verify(code=1)) == {"/members": "changed"}
    assert lock()["/members"]["status"] == 304
    assert lock()["/members"]["sha256"] == fingerprint(b"one", "text/html")


# --- gone, moved, closed, failing -----------------------------------------------------------------


def test_pages_that_are_gone_keep_their_fingerprint(data, site):
    verify()
    site.set("/members", Reply(404))
    site.set("/news", Reply(410))
    said = verify(code=1)
    assert standing(said) == {"/members": "gone", "/news": "gone"}
    assert {finding["status"] for finding in said["findings"]} == {404, 410}
    assert lock()["/members"]["sha256"] == fingerprint(b"The text at /members", "text/plain")


def test_moved_for_good_and_only_for_now(data, site):
    site.set("/members", Reply(301, headers={"Location": "/new/members"}))
    site.set("/news", Reply(302, headers={"Location": "/today/news"}))
    site.set("/codes", Reply(302, headers={"Location": "/"}))
    site.set("/north", Reply(308, headers={"Location": "/north/"}))
    said = verify(code=1)
    assert standing(said) == {"/members": "moved", "/codes": "moved"}
    assert {finding["at"] for finding in said["findings"]} == {
        f"{site.url}/new/members",
        f"{site.url}/",
    }
    assert lock()["/news"]["at"] == f"{site.url}/today/news"
    assert lock()["/news"]["standing"] == "new"
    assert lock()["/north"]["standing"] == "new"


def test_conditions_go_only_to_the_address_that_they_came_from(data, site):
    site.set("/members", Reply(302, headers={"Location": "/there"}))
    site.set("/there", Reply(body="there", headers={"ETag": '"there"'}))
    verify()
    site.asked.clear()
    verify()
    sent = {asked.path: asked.headers for asked in site.asked}
    assert "if-none-match" not in sent["/members"]
    assert sent["/there"]["if-none-match"] == '"there"'
    assert lock()["/members"]["standing"] == "unchanged"


def test_redirects_in_a_circle(data, site):
    site.set("/members", Reply(301, headers={"Location": "/members"}))
    said = verify(code=1)
    assert standing(said) == {"/members": "unreachable"}
    assert "more than 10 redirects" in said["findings"][0]["reason"]


@pytest.mark.parametrize("status", [401, 403])
def test_a_closed_page_is_left_to_people(data, site, status):
    site.set("/members", Reply(status))
    assert standing(verify(code=0)) == {"/members": "barred"}


def test_a_server_that_fails_once(data, site):
    site.set("/members", Reply(500), Reply(body="<p>It works</p>"))
    assert standing(verify()) == {}
    first, second = site.times("/members")
    assert second - first >= 1.5, "it waits before it asks again"


def test_a_server_that_says_when_to_come_back(data, site):
    site.set("/members", Reply(429, headers={"Retry-After": "3"}), Reply(body="ok"))
    assert standing(verify()) == {}
    first, second = site.times("/members")
    assert 2.9 < second - first < 5
    between = [a.path for a in site.asked if first + 0.5 < a.at < second]
    assert between == [], "the whole host rests"


def test_a_server_that_says_when_to_come_back_as_a_date(data, site):
    then = format_datetime(datetime.now(UTC) + timedelta(seconds=4), usegmt=True)
    site.set("/members", Reply(503, headers={"Retry-After": then}), Reply(body="ok"))
    assert standing(verify()) == {}
    first, second = site.times("/members")
    assert 1.5 < second - first < 6


def test_a_server_that_asks_for_too_much_patience_is_left_alone(data, site):
    site.set("/members", Reply(429, headers={"Retry-After": "86400"}))
    said = verify("--per-host", 1, code=1)
    assert standing(said)["/members"] == "unreachable"
    assert len(site.times("/members")) == 1
    reasons = {f["address"]: f["reason"] for f in said["findings"]}
    assert reasons[f"{site.url}/members"] == "it answers 429 and asks to wait for 86400 s"
    assert all(a.at <= site.times("/members")[0] for a in site.asked), "nothing is asked after that"


def test_an_answer_that_does_not_come(data, site):
    site.set("/members", Reply(delay=1.5))
    said = verify("--attempts", 1, code=1)
    assert standing(said) == {"/members": "unreachable"}
    assert said["findings"][0]["reason"] == "no answer in time"
    assert "status" not in lock()["/members"]


def test_a_host_that_is_not_there(data, site):
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        nowhere = f"http://127.0.0.1:{free.getsockname()[1]}"
    path = data / "groups.yaml"
    path.write_text(
        path.read_text(encoding="utf-8").replace(f"{site.url}/members", f"{nowhere}/members")
    )
    said = verify("--attempts", 1, code=1)
    assert standing(said) == {"/members": "unreachable"}
    assert "no connection" in said["findings"][0]["reason"]
    assert said["counts"]["new"] == said["addresses"] - 1


def test_a_host_that_keeps_failing_is_not_asked_to_the_end(data, site):
    every = verify()["addresses"]
    site.asked.clear()
    for path in lock():
        site.set(path, Reply(500))
    said = verify("--attempts", 1, code=1)
    assert said["counts"]["unreachable"] == every
    assert len(site.asked) == 1 + 5, "robots.txt and five addresses"
    assert lock()["/members"]["sha256"], "what was known stays known"


# --- manners --------------------------------------------------------------------------------------


def test_robots_txt_is_obeyed_and_read_once(data, site):
    rules = "User-agent: *\nDisallow: /acts/*x2020\n\nUser-agent: other\nDisallow: /"
    site.set("/robots.txt", Reply(body=rules))
    said = verify(code=0)
    assert standing(said) == {"/acts/ex2020": "barred"}
    assert site.times("/acts/ex2020") == []
    assert len(site.times("/robots.txt")) == 1


def test_a_redirect_to_a_forbidden_page_is_not_followed(data, site):
    site.set("/robots.txt", Reply(body="User-agent: lexcompare\nDisallow: /private/"))
    site.set("/members", Reply(302, headers={"Location": "/private/members"}))
    assert standing(verify()) == {"/members": "barred"}
    assert site.times("/private/members") == []


def test_no_robots_txt_to_be_read_is_no_permission(data, site):
    site.set("/robots.txt", Reply(503))
    said = verify("--attempts", 1, code=1)
    assert said["counts"]["unreachable"] == said["addresses"]
    assert [asked.path for asked in site.asked] == ["/robots.txt"]


def test_without_a_network_the_lock_file_stays_as_it_was(data, site):
    verify()
    before = lock()
    site.server.shutdown()
    site.server.server_close()
    result = run("--data", "small", *HASTE, "--attempts", 1)
    assert result.exit_code == 1
    assert "nothing answered" in result.stderr
    assert lock() == before


def test_the_rate_and_the_queue_of_a_host(data, site):
    for path in ("/members", "/codes", "/news", "/north"):
        site.set(path, Reply(body="x", delay=0.05))
    verify("--rate", 20, "--concurrency", 8)
    times = sorted(asked.at for asked in site.asked)
    # Single gaps depend on how busy the machine is; what they come to does not.
    assert times[-1] - times[0] > 0.04 * (len(times) - 1)
    assert site.most == 1


def test_robots_txt_can_ask_for_a_slower_pace(data, site):
    site.set("/robots.txt", Reply(body="User-agent: *\nCrawl-delay: 0.4"))
    verify("--only", "GB-EAW")
    times = sorted(asked.at for asked in site.asked if asked.path != "/robots.txt")
    assert len(times) > 1
    assert min(b - a for a, b in pairwise(times)) > 0.3


def test_it_says_who_asks(data, site):
    verify("--contact", "curator@example.org")
    for asked in site.asked:
        agent = asked.headers["user-agent"]
        assert agent.startswith("lexcompare/")
        assert agent.endswith("(+https://lexcompare.example/; curator@example.org)")


# --- what is meant --------------------------------------------------------------------------------


def test_only_a_law_or_a_jurisdiction(data, site):
    verify("--only", "gb-example-act-1990")
    assert set(lock()) == {"/gb/1990"}
    verify("--only", "COE")
    assert set(lock()) >= {"/gb/1990", "/treaties/201"}
    assert "/acts/ex2020" not in lock()
    found = addresses(load(data))
    gb = only(load(data), found, "GB")
    assert f"{site.url}/gb/1990" in gb, "its parts are meant, too"


def test_only_something_unknown(data, site):
    result = run("--data", "small", "--only", "gb-exampel-act-1990")
    assert result.exit_code == 2
    assert "gb-example-act-1990" in " ".join(result.stderr.replace("│", " ").split())
    assert site.asked == []


def test_only_what_was_not_asked_for_days(data, site):
    verify()
    path = data / "sources.lock.json"
    entries = read_lock(path)
    old, bad = f"{site.url}/members", f"{site.url}/news"
    entries[old].checked_on = date.today() - timedelta(days=31)
    entries[bad].standing = Standing.GONE
    write_lock(path, entries)
    site.asked.clear()
    said = verify("--older-than", 30)
    assert {asked.path for asked in site.asked} == {"/robots.txt", "/members", "/news"}
    assert (said["asked"], said["addresses"]) == (2, len(entries))


def test_an_address_that_the_dataset_no_longer_names_leaves_the_lock_file(data, site):
    verify()
    path = data / "groups.yaml"
    path.write_text(
        path.read_text(encoding="utf-8").replace(f"{site.url}/members", f"{site.url}/members-2")
    )
    verify()
    assert "/members-2" in lock()
    assert "/members" not in lock()


def test_a_broken_lock_file_is_left_alone(data, site):
    path = data / "sources.lock.json"
    for broken in ("{", '{"version": 1, "sources": {"x": {"standing": "odd"}}}'):
        path.write_text(broken)
        result = run("--data", "small")
        assert result.exit_code == 2
        assert path.read_text() == broken
    assert site.asked == []


# --- for people, and when interrupted -------------------------------------------------------------


def test_for_people(data, site):
    site.set("/members", Reply(404))
    result = run("--data", "small", *HASTE)
    assert result.exit_code == 1
    assert result.stderr.splitlines()[0].startswith("asking ")
    lines = result.stdout.splitlines()
    assert "1 gone" in lines[0]
    at = lines.index(f"gone: {site.url}/members (404, since {date.today()})")
    assert lines[at + 1].startswith("  groups/council")
    assert "small/groups.yaml:" in lines[at + 1]


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM])
def test_what_is_known_is_kept_when_it_is_interrupted(data, site, how):
    site.set("/news", Reply(delay=20))
    process = subprocess.Popen(
        [
            *(sys.executable, "-c", "from api.cli import app; app()", "seed", "verify"),
            *("--data", "small", "--rate", "50", "--timeout", "30", "--per-host", "2"),
        ],
        env={**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
        stderr=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    deadline = time.monotonic() + 60
    while len(site.asked) < 10 or not site.times("/news"):
        assert time.monotonic() < deadline
        assert process.poll() is None, process.communicate()
        time.sleep(0.05)
    process.send_signal(how)
    _, told = process.communicate(timeout=30)
    assert process.returncode == 130, told
    assert "interrupted" in told
    kept = lock()
    assert len(kept) >= 5
    assert "/news" not in kept
    assert list(Path("small").glob(".sources*")) == [], "no half-written file is left"


# --- judging --------------------------------------------------------------------------------------

TODAY = date(2026, 11, 24)
BODIES = st.sampled_from([b"a", b"b", b"c"])


def answer(status: int, body: bytes = b"", hops: tuple[Hop, ...] = ()) -> Answer:
    at = hops[-1].to if hops else "https://example.org/x"
    return Answer(at, status, httpx.Headers({"content-type": "text/plain"}), body, hops)


@given(st.lists(st.tuples(BODIES, st.booleans()), min_size=1, max_size=12))
def test_a_page_is_unchanged_exactly_when_it_is_what_was_read(runs):
    """Days pass; each day a page gives some body, and a curator may read it again afterwards."""
    entry: Fingerprint | None = None
    read, read_on = runs[0][0], TODAY
    for i, (body, reads) in enumerate(runs):
        day = TODAY + timedelta(days=i)
        entry = judge("https://example.org/x", entry, answer(200, body), read_on, day)
        good = entry.standing in (Standing.NEW, Standing.UNCHANGED)
        assert good == (body == read)
        assert (entry.since is None) == good
        if reads:
            read, read_on = body, day


@given(st.sampled_from([404, 410, 403, 500, 302, 418, 200]), BODIES)
def test_trouble_never_loses_the_fingerprint_nor_the_day_it_began(status, body):
    first = judge("https://example.org/x", None, answer(200, b"a"), TODAY, TODAY)
    entry = first
    for i in range(1, 4):
        day = TODAY + timedelta(days=i)
        entry = judge("https://example.org/x", entry, answer(status, body), TODAY, day)
        assert entry.sha256 == first.sha256
        assert entry.checked_on == day
        assert entry.since == (
            None if entry.standing == Standing.UNCHANGED else TODAY + timedelta(1)
        )


@pytest.mark.parametrize(
    ("address", "at", "statuses", "moved"),
    [
        ("http://example.org/x", "https://example.org/x", [301], False),
        ("https://example.org/x", "https://example.org/x/", [301], False),
        ("https://example.org/x", "https://example.org/y", [301], True),
        ("https://example.org/x", "https://example.org/y", [302], False),
        ("https://example.org/x", "https://example.org/y", [301, 302], False),
        ("https://example.org/x", "https://example.org/", [302], True),
        ("https://example.org/", "https://www.example.org/", [302], False),
    ],
)
def test_what_counts_as_moved(address, at, statuses, moved):
    hops = tuple(Hop(status, at) for status in statuses)
    found = judge(address, None, answer(200, b"a", hops), TODAY, TODAY)
    assert (found.standing == Standing.MOVED) == moved
    assert found.at == at


@given(st.text(), st.text(alphabet=" \t\n", min_size=1))
def test_white_space_does_not_count(text, space):
    spread = space.join(text.split(" "))
    assert fingerprint(text.encode(), "text/plain") == fingerprint(spread.encode(), "text/plain")


def test_what_counts_in_a_page():
    html = "text/html; charset=utf-8"
    page = fingerprint(b"<p>Five <b>years</b></p>", html)
    assert fingerprint(b"<P class=x>Five<br><b id=7> years</b><script>9</script></P>", html) == page
    assert fingerprint(b"<p>Six <b>years</b></p>", html) != page
    assert fingerprint(b"<p>Fiveyears</p>", html) != page
    latin = fingerprint("<p>für</p>".encode("latin-1"), "text/html; charset=iso-8859-1")
    assert latin == fingerprint("<p>für</p>".encode(), html)
    assert fingerprint(b"%PDF a", "application/pdf") != fingerprint(b"%PDF  a", "application/pdf")


def test_every_source_of_the_dataset_has_an_address_and_something_that_rests_on_it():
    found = addresses(load(default_data()))
    assert len(found) > 500
    assert all(address.claims and "#" not in url for url, address in found.items())
    kinds = Counter(bool(claim.version) for a in found.values() for claim in a.claims)
    assert kinds[True] > 500
    assert kinds[False] > 500
