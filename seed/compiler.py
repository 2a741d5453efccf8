"""Compiles the seed files into a fresh database and puts it in the place of the served one."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Connection, insert

from models.collection import COLLECTIONS
from models.database import Pointer, Store
from models.flat import csv_line, row
from models.provision import HistoryRow, OutlineRow
from models.quality import QualityRow
from models.release import ReleaseRecord, ReleaseRow, schema_hash
from models.row import Code, Number, Row
from models.validity import FOREVER, Interval
from seed.checks import check
from seed.dataset import Dataset, load
from seed.history import history
from seed.quality import quality_of
from seed.records import Builder, Stored, kind_of
from seed.timeline import Timeline

Progress = Callable[[str], None]
"""Called with each step of long work."""

BATCH = 5_000
"""Rows written at once."""


@dataclass(frozen=True)
class Compiled:
    """What compiling gave."""

    pointer: Pointer
    release: ReleaseRecord
    fresh: bool
    """False when the served database was up to date already."""


@dataclass(frozen=True)
class Finished:
    """A stored record with its finished texts."""

    stored: Stored
    json: str

    @property
    def order(self) -> tuple[str, str, Interval]:
        """Where it stands among all records, whatever the order of the files."""
        return (self.stored.collection, self.stored.record.id, self.stored.interval)


def compile_seed(folder: Path, store: Store, progress: Progress = lambda _: None) -> Compiled:
    """Read, check, compile and publish a dataset.

    Raises `SeedError` or `StoreError`; then nothing changed.
    """
    progress("reading the files")
    inputs = inputs_hash(folder)  # first: a file that changes meanwhile is compiled again
    dataset = load(folder)
    progress("checking")
    check(dataset)
    store.prepare()
    progress("building the records")
    return publish(dataset, inputs, store, progress)


def publish(
    dataset: Dataset, inputs: str, store: Store, progress: Progress = lambda _: None
) -> Compiled:
    """Compile a checked dataset into the store and point at it."""
    builder = Builder(dataset)
    finished = sorted(_finish(builder), key=lambda item: item.order)
    content = hashlib.sha256()
    for item in finished:
        content.update(
            "\x1f".join([item.stored.collection, str(item.stored.interval), item.json]).encode()
        )
    trees = trees_of(dataset)
    for told in (*trees.outlines, *trees.histories):
        content.update("\x1f".join(map(str, told.values())).encode())
    facts = quality_of(builder, (item.stored for item in finished)).model_dump_json()
    content.update(facts.encode())
    # Records are counted, not the states that they had over time.
    counts = Counter(
        name for name, _ in {(item.stored.collection, item.stored.record.id) for item in finished}
    )
    release = ReleaseRecord(
        version=dataset.release.version,
        content_hash=content.hexdigest(),
        date=dataset.release.date,
        title=dataset.release.title,
        license=dataset.release.license,
        counts={name: counts.get(name, 0) for name in COLLECTIONS},
    )
    schema = schema_hash()
    name = f"lexcompare_{release.content_hash[:12]}_{schema[:8]}"
    pointer = Pointer(name, release.content_hash, schema, inputs)
    progress(f"writing {len(finished):,} records")
    with store.write(name) as connection:
        _write(connection, finished, release, schema)
        for table, told_rows in ((OutlineRow, trees.outlines), (HistoryRow, trees.histories)):
            if told_rows:
                connection.execute(insert(table), told_rows)
        said = {"date": release.date.isoformat(), "record": facts}
        connection.execute(insert(QualityRow), [said])
    store.publish(pointer)
    return Compiled(pointer, release, fresh=True)


def compile_if_needed(folder: Path, store: Store, progress: Progress = lambda _: None) -> Compiled:
    """Compile unless the store already holds what these files, and this code, would give."""
    pointer = store.current()
    if (
        pointer
        and pointer.schema_hash == schema_hash()
        and pointer.inputs_hash == inputs_hash(folder)
    ):
        database = store.open(pointer)
        try:
            return Compiled(pointer, database.release, fresh=False)
        finally:
            database.close()
    return compile_seed(folder, store, progress)


def inputs_hash(folder: Path) -> str:
    """Return the hash of the seed files and of the code that compiles them."""
    content = hashlib.sha256()
    package = Path(__file__).parents[1]
    code = [path for room in ("models", "seed") for path in sorted((package / room).glob("*.py"))]
    for path in [*sorted(folder.rglob("*.y*ml")), *code]:
        content.update(path.name.encode())
        content.update(hashlib.sha256(path.read_bytes()).digest())
    return content.hexdigest()


def _finish(builder: Builder) -> Iterator[Finished]:
    """Write every record's JSON with the schema that documents it."""
    for stored in builder.build():
        yield Finished(stored, stored.record.model_dump_json())


@dataclass(frozen=True)
class Trees:
    """The trees of laws and the histories of provisions, as rows of their tables."""

    outlines: list[dict[str, object]]
    histories: list[dict[str, object]]


def trees_of(dataset: Dataset) -> Trees:
    """Return the tree of every law and the history of every provision."""
    trees = Trees([], [])
    for _, law in sorted(dataset.laws.items()):
        timeline = Timeline(law)
        for position, provision in enumerate(law.provisions, start=1):
            id_ = f"{law.id}~{provision.eid}"
            waits = timeline.awaiting(provision.eid) or Interval(FOREVER, FOREVER)
            trees.outlines.append(
                {
                    "id": id_,
                    "law": law.id,
                    "position": position,
                    "parent": f"{law.id}~{provision.parent}" if provision.parent else "",
                    "eid": provision.eid,
                    "number": provision.number,
                    "heading": provision.heading,
                    "kind": provision.kind or kind_of(provision.eid),
                    "coded": bool(provision.versions),
                    "enacted": waits.start.isoformat(),
                    "commenced": waits.end.isoformat(),
                }
            )
            if provision.versions:
                found = history(law, provision, timeline.versions(provision))
                trees.histories.append({"id": id_, "record": found.model_dump_json()})
    return trees


def _write(
    connection: Connection, finished: list[Finished], release: ReleaseRecord, schema: str
) -> None:
    """Write all rows, in batches by table."""
    batches: dict[type, list[dict[str, object]]] = {}

    def put(table: type[Row] | type[Code] | type[Number], values: dict[str, object]) -> None:
        batch = batches.setdefault(table, [])
        batch.append(values)
        if len(batch) >= BATCH:
            connection.execute(insert(table), batch)
            batch.clear()

    codes = numbers = 0
    for key, item in enumerate(finished, start=1):
        stored, record = item.stored, item.stored.record
        collection = COLLECTIONS[stored.collection]
        values: dict[str, object] = {
            "key": key,
            "id": record.id,
            "valid_from": stored.interval.start.isoformat(),
            "valid_to": stored.interval.end.isoformat(),
            "record": item.json,
            "line": csv_line(row(record)),
            **record.columns(),
            **stored.columns,
        }
        if collection.kind is not None:
            values["kind"] = collection.kind
        put(collection.table, values)
        for field, code, interval in stored.codes:
            codes += 1
            put(
                Code,
                {
                    "number": codes,
                    "key": key,
                    "field": collection.field(field),
                    "code": code,
                    "id": record.id,
                    "valid_from": interval.start.isoformat(),
                    "valid_to": interval.end.isoformat(),
                },
            )
        for field, found in record.numbers().items():
            for value in found:
                numbers += 1
                put(
                    Number,
                    {
                        "number": numbers,
                        "key": key,
                        "field": collection.field(field),
                        "value": value,
                    },
                )
    for table, batch in batches.items():
        if batch:
            connection.execute(insert(table), batch)
    connection.execute(
        insert(ReleaseRow),
        [
            {
                "content_hash": release.content_hash,
                "schema_hash": schema,
                "record": release.model_dump_json(),
            }
        ],
    )
