"""A running server exchanges the release whole, and survives what goes wrong meanwhile."""

from __future__ import annotations

import shutil
import threading
import time
from pathlib import Path

import pytest

from api.settings import Settings
from models.store import open_store
from seed.compiler import compile_seed
from seed.mistakes import SeedError
from tests.conftest import WORLD, new_database, serve


@pytest.fixture
def seed(tmp_path: Path) -> Path:
    return Path(shutil.copytree(WORLD, tmp_path / "data"))


@pytest.fixture
def database_url(engine: str, request: pytest.FixtureRequest, tmp_path: Path) -> str:
    if engine == "sqlite":
        return ""
    return new_database(request.getfixturevalue("postgres_url"), tmp_path.name)


def rename(seed: Path, name: str) -> None:
    """Change the dataset so that every answer can tell which release it came from."""
    path = seed / "release.yaml"
    lines = path.read_text().splitlines()
    path.write_text("\n".join(name if line.startswith("title:") else line for line in lines))
    topics = seed / "topics.yaml"
    first = topics.read_text().index("label:")
    text = topics.read_text()
    end = min(i for i in (text.find(",", first), text.find("\n", first)) if i > 0)
    topics.write_text(f"{text[:first]}label: {name.removeprefix('title: ')}{text[end:]}")


def test_a_new_release_is_noticed_within_a_second(seed, database_url, tmp_path):
    folder = tmp_path / "db"
    store = open_store(database_url, folder)
    first = compile_seed(seed, store)
    with serve(Settings(database_url=database_url, folder=folder, watch_seconds=0.2)) as client:
        before = client.get("/v1/topics", params={"limit": 200})
        assert before.json()["release"] == first.release.name
        rename(seed, "title: Second")
        second = compile_seed(seed, store)
        assert second.release.name != first.release.name
        deadline = time.monotonic() + 1.5
        while client.get("/readyz").json()["release"] != second.release.name:
            assert time.monotonic() < deadline, "the new release was not noticed"
            time.sleep(0.05)
        after = client.get("/v1/topics", headers={"If-None-Match": before.headers["etag"]})
        assert after.status_code == 200, "a validator of the old release does not hold any more"
        assert any(topic["label"] == "Second" for topic in after.json()["items"])
    store.close()


def test_a_broken_dataset_changes_nothing(seed, database_url, tmp_path):
    folder = tmp_path / "db"
    store = open_store(database_url, folder)
    compile_seed(seed, store)
    before = store.current()
    (seed / "topics.yaml").write_text("topics: [{id: x}]\n")
    with pytest.raises(SeedError):
        compile_seed(seed, store)
    assert store.current() == before
    store.close()


def test_each_request_sees_one_release(seed, database_url, tmp_path):
    """While releases come and go, a page never mixes two of them."""
    folder = tmp_path / "db"
    store = open_store(database_url, folder)
    names: dict[str, str] = {}
    for label in ("One", "Two"):
        rename(seed, f"title: {label}")
        names[compile_seed(seed, store).release.name] = label
    settings = Settings(
        database_url=database_url, folder=folder, watch_seconds=0.02, cache_megabytes=0
    )
    with serve(settings) as client:
        stop = threading.Event()

        def publish() -> None:
            other = open_store(database_url, folder)
            for i in range(6):
                rename(seed, f"title: {('One', 'Two')[i % 2]}")
                compile_seed(seed, other)
            other.close()
            stop.set()

        writer = threading.Thread(target=publish)
        writer.start()
        seen: set[str] = set()
        while not stop.is_set():
            answer = client.get("/v1/topics", params={"limit": 200})
            assert answer.status_code == 200, answer.text
            page = answer.json()
            labels = {topic["label"] for topic in page["items"]} & {"One", "Two"}
            assert labels == {names[page["release"]]}
            assert answer.headers["lexcompare-release"] == page["release"]
            seen.add(page["release"])
        writer.join()
        assert len(seen) == 2, "both releases were answered from"
    store.close()


def test_without_a_release_the_service_says_so(tmp_path):
    with serve(Settings(folder=tmp_path / "none", watch_seconds=0.05)) as client:
        assert client.get("/healthz").status_code == 200
        for path in ("/readyz", "/v1/laws", "/"):
            answer = client.get(path)
            assert answer.status_code == 503, path
            assert answer.json()["type"] == "/problems/not-ready"
