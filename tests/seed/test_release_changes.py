"""What a release says it changed: law to come, laws put off, and releases of other tables."""

from __future__ import annotations

import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import select
from sqlmodel import col

from models.database import Store
from models.release_change import ReleaseChange, ReleaseChangeRow
from models.store import open_store
from seed.checks import check
from seed.compiler import Compiled, compile_seed
from seed.dataset import load
from seed.mistakes import SeedError
from tests.api.test_dataset import OFFENCES, RAISED, change
from tests.conftest import WORLD

PASSING_ON = "sg-example-offences-act-1900~sec_14"
EFFECT = (
    "  - {id: raised-2026, kind: amends, by: sg-example-amendment-act-2023, date: 2026-03-01,"
    " at: [sec_14], sources: *law}\nprovisions:\n"
)


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """A dataset, released on 2026-01-15, that knows a law of 2026-03-01."""
    folder = Path(shutil.copytree(WORLD, tmp_path / "data"))
    change(folder, OFFENCES, ("provisions:\n", EFFECT), ("\n  - eid: sec_15\n", RAISED))
    return folder


def told(store: Store, done: Compiled) -> list[ReleaseChange]:
    with closing(store.open(done.pointer.name)) as database:
        statement = select(col(ReleaseChangeRow.record)).order_by(col(ReleaseChangeRow.number))
        rows = database.read(database.compile(statement), {})
    return [ReleaseChange.model_validate_json(row[0]) for row in rows]


def after(data: Path, *pairs: tuple[str, str]) -> list[tuple[str, str, str, str | None]]:
    """Change a law and say what the next release tells of provisions and effects."""
    with closing(open_store("", data.parent / "db")) as store:
        compile_seed(data, store)
        change(data, OFFENCES, *pairs)
        found = told(store, compile_seed(data, store))
    return [
        (c.kind, c.part, c.step, c.valid_from.isoformat() if c.valid_from else None)
        for c in found
        if c.id in (PASSING_ON, "sg-example-offences-act-1900~raised-2026")
    ]


def test_a_version_to_come_that_is_coded_anew_is_a_correction(data):
    found = after(data, ("max: 9y", "max: 8y"))
    assert found == [("correction", "provision", "changed", "2026-03-01")]


def test_a_law_that_is_put_off_changed(data):
    found = after(data, ("date: 2026-03-01", "date: 2026-06-01"))
    assert found == [
        ("law", "effect", "changed", "2026-06-01"),
        ("law", "provision", "changed", "2026-03-01"),
    ]


def test_an_amendment_of_the_past_that_was_overlooked_is_a_correction(data):
    found = after(data, ("date: 2026-03-01", "date: 2025-03-01"))
    assert ("correction", "provision", "changed", "2025-03-01") in found


def test_other_sources_for_the_same_law_are_no_change(data):
    found = after(
        data, ("title: Example Offences Act 1900, kind: official", "title: Act, kind: official")
    )
    assert found == []


def test_a_version_that_is_taken_out_is_told(data):
    found = after(data, (RAISED.partition("  - eid")[0], "\n"), (EFFECT, "provisions:\n"))
    assert found == [
        ("law", "effect", "removed", "2026-03-01"),
        ("law", "provision", "changed", "2026-03-01"),
    ]


def test_a_release_of_other_tables_is_compared_by_what_both_say(data, tmp_path):
    """As after a change of the models: keys that only one of them has are no changes."""
    folder = tmp_path / "db"
    with closing(open_store("", folder)) as store:
        first = compile_seed(data, store)
        stored = folder / first.pointer.name
        with closing(sqlite3.connect(stored)) as older:
            older.execute("UPDATE provision SET record = json_remove(record, '$.note', '$.topics')")
            older.execute("UPDATE law SET record = json_set(record, '$.gone', 'since')")
            older.execute("UPDATE release SET record = json_remove(record, '$.rows', '$.earlier')")
            older.commit()
        stored.rename(folder / f"{first.pointer.name.rpartition('_')[0]}_00000000")
        change(data, OFFENCES, ("max: 9y", "max: 8y"))
        second = compile_seed(data, store)
        assert second.release.previous is not None
        assert second.release.previous.name == first.release.name
        found = told(store, second)
    assert [c.id for c in found if c.part != "cell"] == [PASSING_ON]
    assert {c.kind for c in found} == {"correction"}


def test_the_history_of_releases_is_checked(data):
    with (data / "release.yaml").open("a") as file:
        file.write(
            "earlier:\n  - {version: 0.0.1, date: 2026-01-15}\n"
            "  - {version: 0.0.0, date: 2026-02-01}\n"
        )
    with pytest.raises(SeedError) as caught:
        check(load(data))
    said = [(m.line, m.message) for m in caught.value.mistakes]
    assert said == [
        (6, "an earlier release has a lower version than 0.0.1"),
        (7, "0.0.1, which came after it, is of 2026-01-15"),
    ]
