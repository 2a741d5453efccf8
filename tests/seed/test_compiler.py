"""Compiling: the same input gives the same release, and what is served is whole at any moment."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import Connection, create_engine, func, select
from sqlmodel import SQLModel

from api.settings import Settings
from models.collection import COLLECTIONS
from models.database import KEEP, Database, Pointer, Query, Store
from models.release import ReleaseRecord, schema_hash
from models.store import open_store
from seed import compiler
from seed.compiler import compile_if_needed, compile_seed, inputs_hash
from tests.conftest import WORLD, new_database, serve

SMALL = Path(__file__).parents[1] / "data" / "small"
ACT = "laws/SG/sg-example-act-2020.yaml"
OLD_ACT = "laws/GB/gb-example-act-1990.yaml"
INSTRUMENTS = "laws/SG/instruments.yaml"
SCHEMA = schema_hash()


@pytest.fixture(autouse=True)
def _one_schema(monkeypatch: pytest.MonkeyPatch) -> None:
    """Work out the hash of the schemas once: it takes longer than compiling the small dataset."""
    monkeypatch.setattr(compiler, "schema_hash", lambda: SCHEMA)


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """A copy of the small dataset."""
    return Path(shutil.copytree(SMALL, tmp_path / "small"))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Where embedded releases are kept."""
    return tmp_path / "releases"


@pytest.fixture
def url(engine: str, request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The address of a database of its own; empty for the embedded file."""
    if engine == "sqlite":
        return ""
    return new_database(request.getfixturevalue("postgres_url"), f"seed_{tmp_path.name}")


def change(data: Path, file: str, old: str, new: str) -> None:
    text = (data / file).read_text(encoding="utf-8")
    assert old in text
    (data / file).write_text(text.replace(old, new, 1), encoding="utf-8")


def compiled(data: Path, url: str, folder: Path) -> ReleaseRecord:
    with closing(open_store(url, folder)) as store:
        return compile_seed(data, store).release


class Memory:
    """A store that keeps nothing: for tests that look at hashes only."""

    files = Path("nowhere")

    def __init__(self) -> None:
        self.pointer: Pointer | None = None

    def prepare(self) -> None:
        pass

    def current(self) -> Pointer | None:
        return self.pointer

    @contextmanager
    def write(self, _: str) -> Iterator[Connection]:
        engine = create_engine("sqlite://")
        with engine.begin() as connection:
            SQLModel.metadata.create_all(connection)
            yield connection
        engine.dispose()

    def publish(self, pointer: Pointer) -> None:
        self.pointer = pointer

    def kept(self) -> list[str]:
        return []

    def open(self, name: str) -> Database:
        raise NotImplementedError

    def close(self) -> None:
        pass


def hashed(data: Path) -> ReleaseRecord:
    """The release that a dataset gives."""
    return compile_seed(data, Memory()).release


@pytest.fixture(scope="module")
def small_hash() -> ReleaseRecord:
    """The release of the small dataset as it is."""
    return hashed(SMALL)


def distinct(database: Database, collection: str) -> int:
    """Number of records that a database really holds of a collection."""
    of = COLLECTIONS[collection]
    statement = select(func.count(of.table.id.distinct()))  # type: ignore[attr-defined]
    if of.kind is not None:
        statement = statement.where(of.table.kind == of.kind.value)  # type: ignore[attr-defined]
    return int(database.read(database.compile(statement), {})[0][0])


def check_whole(store: Store, pointer: Pointer) -> str:
    """Assert that a pointer leads to a complete release, and return the release's name."""
    with closing(store.open(pointer.name)) as database:
        assert database.release.content_hash == pointer.content_hash
        assert pointer.content_hash[:12] in pointer.name
        for collection, number in database.release.counts.items():
            assert distinct(database, collection) == number, collection
        return database.release.name


# --- the same input, the same release -----------------------------------------------------------


def test_the_engine_does_not_matter(data, url, folder, small_hash):
    assert compiled(data, url, folder) == small_hash


def test_compiling_again_gives_the_same(data, small_hash):
    assert hashed(data) == small_hash
    assert sum(small_hash.counts.values()) > 40


def test_the_order_of_files_and_entries_does_not_matter(data):
    first = hashed(data)
    for name in ("topics", "authorities", "jurisdictions"):
        text = (data / f"{name}.yaml").read_text(encoding="utf-8")
        head, *entries = text.rstrip("\n").split("\n  - ")
        assert len(entries) > 1
        (data / f"{name}.yaml").write_text("\n  - ".join([head, *entries[::-1]]) + "\n")
    text = (data / INSTRUMENTS).read_text(encoding="utf-8").replace("&history", "")
    parts = text.replace("sources: *history", f"sources: {HISTORY}").split("\n  - id: ")
    (data / INSTRUMENTS).unlink()
    for name, part in zip(("zz", "aa"), parts[1:], strict=True):
        (data / f"laws/SG/{name}.yaml").write_text(f"laws:\n  - id: {part}\n", encoding="utf-8")
    assert hashed(data) == first


COMPILE = """
import sys
from pathlib import Path
from models.store import open_store
from seed.compiler import compile_seed
print(compile_seed(Path(sys.argv[1]), open_store("", Path(sys.argv[2]))).release.content_hash)
"""


def test_the_order_of_hashes_does_not_matter(tmp_path):
    """Python gives words other hashes, and sets another order, in every process."""
    data = Path(shutil.copytree(WORLD, tmp_path / "world"))
    laws = data / "laws" / "GB"
    images = (laws / "gb-example-images-act-1988.yaml").read_text(encoding="utf-8")
    other = images.replace("gb-example-images-act-1988", "gb-example-pictures-act-1988")
    (laws / "gb-example-pictures-act-1988.yaml").write_text(other, encoding="utf-8")
    one = "[gb-example-images-act-1988~sec_160]"
    both = "[gb-example-images-act-1988~sec_160, gb-example-pictures-act-1988~sec_160]"
    change(data, "laws/GB/gb-example-sexual-act-2003.yaml", one, both)
    rule = "of: sentencing, where: {}, through: {applies_to: {conduct: possess}}"
    change(data, "indicators.yaml", "of: sentencing, where: {adds: [ban]}", rule)
    hashes = set()
    for seed in "0123":
        command = [sys.executable, "-c", COMPILE, str(data), str(tmp_path / seed)]
        environment = {**os.environ, "PYTHONHASHSEED": seed}
        hashes.add(subprocess.run(command, env=environment, capture_output=True, check=True).stdout)
    assert len(hashes) == 1


HISTORY = (
    "[{url: 'https://example.org/acts/history', title: History of acts, kind: secondary,"
    " checked_on: 2025-11-03}]"
)

WHAT_CURATORS_SAY = [
    (ACT, "Punishes possession of the material and lets", "Forbids possession and lets"),
    (ACT, "summary: Punishes possession of the material.", "summary: Forbids it."),
    (ACT, "fault: knowledge", "fault: intent"),
    (ACT, "term: child,", "term: young person,"),
    (ACT, "amount: 10000,", "amount: 10001,"),
    (ACT, "min: 6m, max: 5y", "min: 7m, max: 5y"),
    (ACT, "hours: 24", "hours: 23"),
    (ACT, "note: The gazette is preferred.", "note: The gazette is older."),
    (ACT, "date: 2020-01-06", "date: 2020-01-07"),
    (ACT, "title: Gazette 1,", "title: Gazette 2,"),
    (ACT, "kind: repeals, by", "note: Not yet., kind: repeals, by"),
    (OLD_ACT, 'number: "1"', 'number: "1A"'),
    (OLD_ACT, "    heading: Possession", "    heading: Having"),
    (OLD_ACT, "topics: [csam-possession]", "topics: [csam]"),
    ("topics.yaml", "definition: Having the material.", "definition: Holding it."),
    ("authorities.yaml", "name: Regulator of Media", "name: Regulator of all Media"),
    ("groups.yaml", "from: 1995-01-01", "from: 1995-01-02"),
    ("jurisdictions.yaml", "aliases: [UK, ", "aliases: ["),
    ("jurisdictions.yaml", "Reach by residence is excluded.", "Residence is no ground."),
    ("quantities.yaml", "amount: 5000", "amount: 5001"),
    ("surveys.yaml", "by the words of the topic", "by words"),
]


@pytest.mark.parametrize(("file", "old", "new"), WHAT_CURATORS_SAY)
def test_whatever_changes_shows_in_the_hash(data, small_hash, file, old, new):
    change(data, file, old, new)
    assert hashed(data) != small_hash


@pytest.mark.parametrize(
    ("file", "old", "new"),
    [
        pytest.param(ACT, "heading: Material", "heading: The material", id="outline only"),
        pytest.param(ACT, "Leaves no more than", "Leaves nothing but", id="version to come"),
    ],
)
def test_what_only_trees_and_histories_say_shows_in_the_hash(data, small_hash, file, old, new):
    change(data, file, old, new)
    assert hashed(data) != small_hash


def test_comments_and_layout_do_not_show_in_the_hash(data, small_hash):
    change(data, ACT, "year: 2020\n", "year: 2020 # the year\n\n")
    change(data, ACT, "extent: [SG]", "extent:\n  - SG")
    assert hashed(data) == small_hash


# --- compiling only when needed -----------------------------------------------------------------


def test_what_is_up_to_date_is_not_compiled_again(data, url, folder):
    with closing(open_store(url, folder)) as store:
        first = compile_if_needed(data, store)
        again = compile_if_needed(data, store)
        assert (first.fresh, again.fresh) == (True, False)
        assert (again.pointer, again.release) == (first.pointer, first.release)
        change(data, "topics.yaml", "Having the material.", "Holding it.")
        third = compile_if_needed(data, store)
        assert third.fresh
        assert third.release.name != first.release.name
        assert store.current() == third.pointer


def test_a_comment_compiles_again_to_the_same_release(data, url, folder):
    with closing(open_store(url, folder)) as store:
        first = compile_if_needed(data, store)
        change(data, ACT, "year: 2020\n", "year: 2020 # the year\n")
        again = compile_if_needed(data, store)
        assert again.fresh
        assert again.release == first.release
        check_whole(store, again.pointer)


def test_another_schema_means_compiling_again(data, url, folder, monkeypatch):
    with closing(open_store(url, folder)) as store:
        first = compile_if_needed(data, store)
        monkeypatch.setattr(compiler, "schema_hash", lambda: "f" * 64)
        again = compile_if_needed(data, store)
        assert again.fresh
        assert again.pointer.schema_hash == "f" * 64
        assert again.pointer.name != first.pointer.name
        assert again.release.name == first.release.name
        assert again.release.schema_version == "f" * 12
        assert again.release.previous is None, "it is not compared with itself"
        assert not compile_if_needed(data, store).fresh


def test_reading_needs_no_room_to_write(data, folder):
    """A read-only root has nowhere for the files into which SQLite sorts what is large."""
    with closing(open_store("", folder)) as store:
        name = compile_if_needed(data, store).pointer.name
        with closing(store.open(name)) as database:
            query = Query("PRAGMA temp_store", {})
            assert database.read(query, {}) == [(2,)], "in memory"


def test_what_is_named_otherwise_is_left_alone(data, url, folder):
    strangers = ("lexcompare_notes", "lexcompare_58e97b000a09_d8f287ca")
    with closing(open_store(url, folder)) as store:
        store.prepare()
        for stranger in strangers:
            if url:
                with psycopg.connect(url) as connection:
                    connection.execute(f'CREATE SCHEMA "{stranger}"')
            else:
                (folder / stranger).write_text("of somebody else")
        said = "Having the material."
        for other in ("Holding it.", "Keeping it.", "Owning it.", "Storing it."):
            change(data, "topics.yaml", said, other)
            said = other
            compiled = compile_if_needed(data, store)
        assert compiled.release.previous is not None
        assert not set(strangers) & set(store.kept())
        if url:
            with psycopg.connect(url) as connection:
                held = [row[0] for row in connection.execute("SELECT nspname FROM pg_namespace")]
        else:
            held = [path.name for path in folder.iterdir()]
        assert set(strangers) <= set(held)


def test_other_code_means_compiling_again(data, monkeypatch, tmp_path):
    before = inputs_hash(data)
    package = tmp_path / "package"
    for room in ("models", "seed"):
        (package / room).mkdir(parents=True)
        for path in (Path(compiler.__file__).parents[1] / room).glob("*.py"):
            shutil.copy(path, package / room)
    monkeypatch.setattr(compiler, "__file__", str(package / "seed" / "compiler.py"))
    assert inputs_hash(data) == before
    for room in ("models", "seed"):
        with next((package / room).glob("*.py")).open("a") as file:
            file.write("\n# changed\n")
        assert inputs_hash(data) != before
        before = inputs_hash(data)


@pytest.mark.parametrize("damage", ["no pointer", "half a pointer", "no file", "older pointer"])
def test_a_damaged_folder_is_compiled_again(data, folder, damage):
    with closing(open_store("", folder)) as store:
        first = compile_if_needed(data, store)
        pointer = folder / "current.json"
        if damage == "no pointer":
            pointer.unlink()
        elif damage == "half a pointer":
            pointer.write_text(pointer.read_text()[:30])
        elif damage == "no file":
            (folder / first.pointer.name).unlink()
        else:
            pointer.write_text('{"name": "x", "hash": "y"}')
        assert store.current() is None
        again = compile_if_needed(data, store)
        assert again.fresh
        assert again.pointer == first.pointer
        check_whole(store, again.pointer)


def snapshot(*folders: Path) -> dict[str, tuple[int, int, int]]:
    """All that a write would change: every file, and the folders themselves."""
    return {
        str(path): (status.st_ino, status.st_size, status.st_mtime_ns)
        for folder in folders
        for path in [folder, *folder.rglob("*")]
        for status in [path.stat()]
    }


def test_a_read_only_folder_that_is_up_to_date_serves_without_writing(data, folder):
    release = compiled(data, "", folder)
    before = snapshot(folder, data)
    paths = [folder, *folder.rglob("*"), data, *data.rglob("*")]
    modes = {path: path.stat().st_mode for path in paths}
    for path in paths:
        path.chmod(0o555 if path.is_dir() else 0o444)
    try:
        with closing(open_store("", folder)) as store:
            assert not compile_if_needed(data, store).fresh
        with serve(Settings(folder=folder, data=data, watch_seconds=0.05)) as client:
            answer = client.get("/v1/laws")
            time.sleep(0.2)  # it looks for a new release meanwhile
            assert client.get("/v1/laws/sg-example-act-2020").status_code == 200
        assert answer.json()["release"] == release.name
        assert snapshot(folder, data) == before
    finally:
        for path, mode in modes.items():
            path.chmod(mode)


# --- old releases -------------------------------------------------------------------------------


def kept(url: str, folder: Path) -> set[str]:
    """Names of the releases that are there."""
    if not url:
        return {path.name for path in folder.glob("lexcompare_*")}

    with psycopg.connect(url) as connection:
        rows = connection.execute(
            "SELECT nspname FROM pg_namespace WHERE nspname LIKE 'lexcompare\\_%'"
        )
        return {row[0] for row in rows}


def test_old_releases_are_dropped_and_the_last_ones_stay(data, url, folder):
    names: list[str] = []
    with closing(open_store(url, folder)) as store:
        for number in range(KEEP + 2):
            change(data, "topics.yaml", "Having", f"Having {number}")
            names.append(compile_seed(data, store).pointer.name)
            assert kept(url, folder) == set(names[-KEEP:])
        pointer = store.current()
        assert pointer is not None
        assert pointer.name == names[-1]
        check_whole(store, pointer)
    if not url:
        assert {path.name for path in folder.iterdir()} == {"current.json", *names[-KEEP:]}


def test_going_back_to_an_old_release_keeps_it(data, url, folder):
    with closing(open_store(url, folder)) as store:
        first = compile_seed(data, store)
        for number in range(KEEP):
            change(data, "topics.yaml", "Having", f"Having {number}")
            compile_seed(data, store)
        shutil.rmtree(data)
        shutil.copytree(SMALL, data)
        again = compile_seed(data, store)
        assert again.pointer == first.pointer == store.current()
        check_whole(store, again.pointer)
        assert len(kept(url, folder)) == KEEP


def test_who_reads_a_dropped_file_goes_on_reading(data, folder):
    with closing(open_store("", folder)) as store:
        pointer = compile_seed(data, store).pointer
        with closing(store.open(pointer.name)) as database:
            for number in range(KEEP + 1):
                change(data, "topics.yaml", "Having", f"Having{number}")
                compile_seed(data, store)
            assert not (folder / pointer.name).exists()
            assert distinct(database, "laws") == database.release.counts["laws"]


# --- at any moment ------------------------------------------------------------------------------

LOOP = """
import sys
from pathlib import Path
from models.store import open_store
from seed.compiler import compile_seed

data, url, folder, rounds = Path(sys.argv[1]), sys.argv[2], Path(sys.argv[3]), int(sys.argv[4])
topics = data / "topics.yaml"
text = topics.read_text()
store = open_store(url, folder)
for number in range(rounds):
    topics.write_text(text.replace("Having", f"Having {number % 2}"))
    compile_seed(data, store)
    print("compiled", flush=True)
"""

HANG = """
import sys, time
from pathlib import Path
from models import postgres, sqlite
from models.store import open_store
from seed import compiler

def hang(*_):
    print("hanging", flush=True)
    time.sleep(600)

if sys.argv[4] == "writing":
    write = compiler._write
    compiler._write = lambda *said: (write(*said), hang())
else:
    sqlite.SqliteStore.publish = postgres.PostgresStore.publish = hang
compiler.compile_seed(Path(sys.argv[1]), open_store(sys.argv[2], Path(sys.argv[3])))
"""


def start(code: str, *arguments: object) -> subprocess.Popen[str]:
    """Run code in a process of its own."""
    return subprocess.Popen(
        [sys.executable, "-c", code, *map(str, arguments)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        cwd=Path(compiler.__file__).parents[1],
        env={**os.environ, "PYTHONWARNINGS": "default"},
    )


def finish(process: subprocess.Popen[str]) -> str:
    out, err = process.communicate(timeout=60)
    assert process.returncode == 0, err
    return out


def test_the_pointer_always_leads_to_a_whole_file(data, folder, tmp_path):
    """Two servers that start in one folder compile at the same time, again and again."""
    first = compiled(data, "", folder)
    copies = [shutil.copytree(data, tmp_path / f"copy{n}") for n in range(2)]
    processes = [start(LOOP, copy, "", folder, 4) for copy in copies]
    seen: set[str] = set()
    reads = 0
    with closing(open_store("", folder)) as store:
        while any(process.poll() is None for process in processes):
            pointer = store.current()
            assert pointer is not None
            seen.add(check_whole(store, pointer))
            reads += 1
        for process in processes:
            assert finish(process).count("compiled") == 4
        pointer = store.current()
        assert pointer is not None
        seen.add(check_whole(store, pointer))
    assert seen - {first.name}, "another release was seen"
    assert reads > 1, "and read while the two wrote"
    assert not list(folder.glob(".*")), "nothing half-written is left"


@pytest.mark.parametrize("moment", ["writing", "before the pointer moves"])
def test_a_compile_that_is_killed_leaves_the_served_release(data, url, folder, moment):
    with closing(open_store(url, folder)) as store:
        first = compile_seed(data, store)
        change(data, "topics.yaml", "Having", "Holding")
        process = start(HANG, data, url, folder, moment)
        assert process.stdout is not None
        assert process.stdout.readline() == "hanging\n"
        assert store.current() == first.pointer
        process.send_signal(signal.SIGKILL)
        process.communicate(timeout=60)
        assert process.returncode == -signal.SIGKILL
        assert store.current() == first.pointer
        assert check_whole(store, first.pointer) == first.release.name
        again = compile_if_needed(data, store)
        assert again.fresh
        assert check_whole(store, again.pointer) == again.release.name != first.release.name


def test_what_a_killed_compile_leaves_is_removed_by_the_next(data, folder):
    def rest() -> set[str]:
        """Let every half-written file look as if it had rested; return their names."""
        for path in folder.glob(".writing-*"):
            os.utime(path, (time.time() - 60, time.time() - 60))
        return {path.name for path in folder.glob(".writing-*.sqlite")}

    with closing(open_store("", folder)) as store:
        compile_seed(data, store)
        change(data, "topics.yaml", "Having", "Holding")
        process = start(HANG, data, "", folder, "writing")
        assert process.stdout is not None
        assert process.stdout.readline() == "hanging\n"
        writing = rest()
        assert len(writing) == 1
        compile_seed(data, store)
        assert rest() == writing, "what is still being written stays"
        process.send_signal(signal.SIGKILL)
        process.communicate(timeout=60)
        assert rest() == writing
        compile_seed(data, store)
        assert not list(folder.glob(".writing-*"))


def test_a_compile_that_is_killed_at_any_time_leaves_a_whole_release(data, folder):
    with closing(open_store("", folder)) as store:
        compile_seed(data, store)
        process = start(LOOP, data, "", folder, 1000)
        assert process.stdout is not None
        for _ in range(2):
            process.stdout.readline()
        began = time.monotonic()
        process.stdout.readline()
        took = time.monotonic() - began
        for part in (0.3, 0.7):
            time.sleep(took * part)
            process.kill()
            process.communicate(timeout=60)
            pointer = store.current()
            assert pointer is not None
            check_whole(store, pointer)
            process = start(LOOP, data, "", folder, 1000)
            assert process.stdout is not None
            process.stdout.readline()
        process.kill()
        process.communicate(timeout=60)
        pointer = store.current()
        assert pointer is not None
        check_whole(store, pointer)


def test_a_compile_that_fails_leaves_nothing_behind(data, url, folder, monkeypatch):
    with closing(open_store(url, folder)) as store:
        first = compile_seed(data, store)
        before = kept(url, folder)
        change(data, "topics.yaml", "Having", "Holding")

        def fail(*_: object) -> None:
            raise OSError("no space left on device")

        monkeypatch.setattr(compiler, "_write", fail)
        with pytest.raises(OSError, match="no space left"):
            compile_seed(data, store)
        assert store.current() == first.pointer
        assert kept(url, folder) == before
        check_whole(store, first.pointer)
    if not url:
        assert not list(folder.glob(".*"))
