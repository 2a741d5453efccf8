"""The files of a release: what they hold, that they agree, and how they are answered."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import re
import shutil
import sqlite3
import time
import zipfile
from datetime import date
from pathlib import Path
from xml.etree import ElementTree

import duckdb
import frictionless
import httpx
import pyarrow.parquet
import pytest

from api.dataset_files import parts_of
from api.settings import Settings
from models.collection import COLLECTIONS
from models.database import KEEP
from models.distribution import FILES, distribution
from models.store import open_store
from seed.compiler import compile_seed
from tests.conftest import WORLD, new_database, serve

DDI = "{ddi:codebook:2_5}"


@pytest.fixture(scope="module")
def here(world: httpx.Client) -> str:
    """The address below which the files of the current release stand."""
    return f"/v1/dataset/releases/{world.get('/v1/dataset').json()['id']}"


@pytest.fixture(scope="module")
def unpacked(world: httpx.Client, here: str, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The zip, unpacked."""
    folder = tmp_path_factory.mktemp("unpacked")
    with zipfile.ZipFile(io.BytesIO(world.get(f"{here}/lexcompare.zip").content)) as archive:
        assert archive.testzip() is None
        archive.extractall(folder)
    return folder


@pytest.fixture(scope="module")
def plain(world: httpx.Client, here: str, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The plain SQLite file."""
    path = tmp_path_factory.mktemp("plain") / "lexcompare.sqlite"
    path.write_bytes(world.get(f"{here}/lexcompare.sqlite").content)
    return path


def rows(folder: Path, table: str) -> list[dict[str, str]]:
    text = (folder / f"{table}.csv").read_text(encoding="utf-8")
    return list(csv.DictReader(io.StringIO(text)))


# --- what they hold -----------------------------------------------------------------------------


def test_every_file_is_there_with_the_sum_that_is_told(world, here):
    addresses = world.get("/v1/dataset").json()["files"]
    assert {a.rpartition("/")[2] for a in addresses} == set(FILES)
    sums = dict(
        reversed(line.split("  ")) for line in world.get(f"{here}/SHA256SUMS").text.splitlines()
    )
    assert set(sums) == set(FILES) - {"SHA256SUMS"}
    for address in addresses:
        answer = world.get(address)
        assert answer.status_code == 200, address
        name = address.rpartition("/")[2]
        if name != "SHA256SUMS":
            assert hashlib.sha256(answer.content).hexdigest() == sums[name]
            assert answer.headers["etag"] == f'"{sums[name]}"'
        assert answer.headers["content-length"] == str(len(answer.content))
        assert answer.headers["content-type"] == FILES[name]
        assert answer.headers["accept-ranges"] == "bytes"
        assert answer.headers["access-control-allow-origin"] == "*"


def test_tables_hold_all_states_over_time(world, unpacked):
    counts = world.get("/v1/dataset").json()["rows"]
    for name in COLLECTIONS:
        assert len(rows(unpacked, name)) == counts[name], name
    states = [
        r for r in rows(unpacked, "provisions") if r["id"].endswith("offences-act-1900~sec_13")
    ]
    assert [(r["valid_from"], r["valid_to"]) for r in states] == [
        ("2020-01-01", "2022-03-01"),
        ("2022-03-01", ""),
    ]


@pytest.mark.parametrize("day", ["2010-06-01", "2021-01-01", "2025-01-01"])
@pytest.mark.parametrize("table", ["offences", "codings", "laws", "penalties"])
def test_the_states_of_a_day_are_what_the_api_answers_for_it(world, unpacked, table, day):
    """Filtering by the interval gives the very table that `as_of` gives."""
    held = [
        row
        for row in rows(unpacked, table)
        if row["valid_from"] <= day and (not row["valid_to"] or day < row["valid_to"])
    ]
    answer = world.get(f"/v1/{table}.csv", params={"as_of": day}).text
    assert held == list(csv.DictReader(io.StringIO(answer)))


def test_every_format_holds_the_same(world, here, unpacked, plain, tmp_path):
    with sqlite3.connect(plain) as connection:
        for name in COLLECTIONS:
            path = tmp_path / f"{name}.parquet"
            path.write_bytes(world.get(f"{here}/{name}.parquet").content)
            table = pyarrow.parquet.read_table(path)
            said = rows(unpacked, name)
            assert table.column("id").to_pylist() == [row["id"] for row in said]
            cursor = connection.execute(f'SELECT * FROM "{name}" ORDER BY rowid')
            assert [column[0] for column in cursor.description] == table.column_names
            kinds = [str(field.type) for field in table.schema]
            found = [
                [bool(v) if kind == "bool" and v is not None else v for v, kind in pairs]
                for pairs in (zip(row, kinds, strict=True) for row in cursor)
            ]
            expected = [
                [v.isoformat() if isinstance(v, date) else v for v in row.values()]
                for row in table.to_pylist()
            ]
            assert found == expected, name
    connection.close()


def test_the_plain_file_explains_itself(plain, world):
    with sqlite3.connect(plain) as connection:
        told = dict(connection.execute("SELECT name, value FROM release"))
        assert told["release"] == world.get("/v1/dataset").json()["id"]
        (about,) = connection.execute(
            "SELECT description FROM codebook WHERE table_name = 'offences' AND name = 'fault'"
        ).fetchone()
        assert about == "Lowest fault that suffices, as to the central element."
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        longest = connection.execute(
            "SELECT max(prison_max_months) FROM offences"
            " WHERE valid_from <= '2023-01-01' AND (valid_to IS NULL OR valid_to > '2023-01-01')"
            " AND conduct LIKE '%possess%'"
        ).fetchone()
        assert longest[0] >= 84
    connection.close()


def test_the_data_package_is_valid(unpacked):
    report = frictionless.validate(str(unpacked / "datapackage.json"))
    assert report.valid, report.flatten(["path", "rowNumber", "fieldName", "message"])
    package = json.loads((unpacked / "datapackage.json").read_text(encoding="utf-8"))
    fields = {
        (resource["name"], field["name"]): field
        for resource in package["resources"]
        for field in resource["schema"]["fields"]
    }
    assert all(field["description"] for field in fields.values())
    assert fields["provisions", "valid_from"]["type"] == "date"
    assert fields["offences", "prison_max_months"]["type"] == "integer"
    assert "not_surveyed" in fields["codings", "state"]["constraints"]["enum"]


def test_a_value_that_does_not_fit_the_data_package_is_found(unpacked, tmp_path):
    """The types and codes that are declared are really those that are checked."""
    folder = shutil.copytree(unpacked, tmp_path / "changed")
    text = (folder / "codings.csv").read_text(encoding="utf-8")
    (folder / "codings.csv").write_text(text.replace(",coded,", ",codid,", 1), encoding="utf-8")
    found = frictionless.validate(str(folder / "datapackage.json")).flatten(["type"])
    assert ["constraint-error"] in found


def test_the_codebook_names_every_column_and_indicator(world, here, unpacked):
    told = list(csv.DictReader(io.StringIO(world.get(f"{here}/codebook.csv").text)))
    named = {(row["table_name"], row["name"]) for row in told}
    for name in COLLECTIONS:
        header = (unpacked / f"{name}.csv").read_text(encoding="utf-8").splitlines()[0]
        assert {(name, column) for column in header.split(",")} <= named
    assert all(row["description"] for row in told)
    variables = {name for table, name in named if table == "codings (indicator)"}
    assert variables == {row["id"] for row in rows(unpacked, "indicators")}


def test_the_codebook_is_ddi(world, here, unpacked):
    """Every variable stands in a file and a group, and its order of parts is that of the schema."""
    book = ElementTree.fromstring(world.get(f"{here}/codebook.xml").content)
    assert book.tag == f"{DDI}codeBook"
    files = {file.get("ID"): file for file in book.findall(f"{DDI}fileDscr")}
    cases = {
        file.findtext(f".//{DDI}fileName"): file.findtext(f".//{DDI}caseQnty")
        for file in files.values()
    }
    assert cases == {f"{n}.csv": str(len(rows(unpacked, n))) for n in COLLECTIONS}
    variables = book.findall(f"{DDI}dataDscr/{DDI}var")
    ids = [variable.get("ID") for variable in variables]
    assert len(set(ids)) == len(ids)
    grouped = " ".join(g.get("var", "") for g in book.findall(f"{DDI}dataDscr/{DDI}varGrp"))
    assert set(grouped.split()) == set(ids)
    order = ["labl", "qstn", "txt", "catgry", "concept", "derivation", "varFormat"]
    for variable in variables:
        assert variable.get("files") in files
        places = [order.index(child.tag.removeprefix(DDI)) for child in variable]
        assert places == sorted(places)
    assert any(v.find(f"{DDI}derivation") is not None for v in variables)


# --- how they are answered ----------------------------------------------------------------------


@pytest.fixture(scope="module")
def parquet(world: httpx.Client, here: str) -> bytes:
    return world.get(f"{here}/provisions.parquet").content


@pytest.mark.parametrize(
    ("asked", "first", "last"),
    [
        ("0-99", 0, 99),
        ("100-", 100, None),
        ("-8", -8, None),
        ("4-4", 4, 4),
        ("10-99999999", 10, None),
    ],
)
def test_a_range_is_answered_with_206(world, here, parquet, asked, first, last):
    path = f"{here}/provisions.parquet"
    answer = world.get(path, headers={"Range": f"bytes={asked}", "Accept-Encoding": "gzip"})
    assert answer.status_code == 206
    assert answer.content == parquet[first : None if last is None else last + 1]
    start = first % len(parquet)
    end = start + len(answer.content) - 1
    assert answer.headers["content-range"] == f"bytes {start}-{end}/{len(parquet)}"
    assert answer.headers["content-length"] == str(len(answer.content))
    assert "content-encoding" not in answer.headers
    assert answer.headers["etag"] == world.head(path).headers["etag"]


def test_several_ranges_come_as_parts(world, here, parquet):
    headers = {"Range": f"bytes=0-3, 10-19, {len(parquet)}-"}
    answer = world.get(f"{here}/provisions.parquet", headers=headers)
    assert answer.status_code == 206
    assert answer.headers["content-type"].startswith("multipart/byteranges; boundary=")
    assert parquet[10:20] in answer.content
    assert b"PAR1" in answer.content


def test_a_range_beyond_the_file_is_416(world, here, parquet):
    for asked in (f"{len(parquet)}-", "99999999-", "-0"):
        answer = world.get(f"{here}/provisions.parquet", headers={"Range": f"bytes={asked}"})
        assert answer.status_code == 416
        assert answer.headers["content-range"] == f"bytes */{len(parquet)}"
        assert answer.json()["type"] == "/problems/range-not-satisfiable"


@pytest.mark.parametrize("asked", ["bytes=5-2", "lines=1-2", "bytes=a-b", "bytes", "bytes=-"])
def test_a_range_that_cannot_be_read_is_passed_over(world, here, parquet, asked):
    answer = world.get(f"{here}/provisions.parquet", headers={"Range": asked})
    assert answer.status_code == 200
    assert answer.content == parquet


def test_a_range_of_another_state_of_the_file_is_the_whole(world, here, parquet):
    path = f"{here}/provisions.parquet"
    tag = world.head(path).headers["etag"]
    same = world.get(path, headers={"Range": "bytes=0-3", "If-Range": tag})
    assert (same.status_code, same.content) == (206, b"PAR1")
    for range_ in ("bytes=0-3", "bytes=99999999-"):
        other = world.get(path, headers={"Range": range_, "If-Range": '"other"'})
        assert (other.status_code, other.content) == (200, parquet)


def test_who_has_the_file_is_told_so(world, here):
    path = f"{here}/lexcompare.zip"
    tag = world.head(path).headers["etag"]
    for matching in (tag, f'"x", {tag}', f"W/{tag}", "*"):
        answer = world.get(path, headers={"If-None-Match": matching})
        assert (answer.status_code, answer.content) == (304, b"")
        assert answer.headers["etag"] == tag


def test_head_says_how_long_it_is(world, here, parquet):
    answer = world.head(f"{here}/provisions.parquet")
    assert answer.status_code == 200
    assert answer.content == b""
    assert answer.headers["content-length"] == str(len(parquet))


def test_a_wrong_name_is_a_problem_with_the_nearest(world, here):
    answer = world.get(f"{here}/provision.parquet")
    assert answer.status_code == 404
    assert answer.json()["links"] == [f"{here}/provisions.parquet"]
    assert world.get("/v1/dataset/releases/9.9.9/lexcompare.zip").status_code == 404


def test_a_version_stands_for_its_newest_release(world, here, parquet):
    assert world.get("/v1/dataset/releases/0.0.1/provisions.parquet").content == parquet


def test_duckdb_reads_what_ranges_give(world, here, parquet, tmp_path):
    """As its remote reader does: the last bytes, then the footer, then each group of a column."""
    path = f"{here}/provisions.parquet"
    size = int(world.head(path).headers["content-length"])
    tail = world.get(path, headers={"Range": f"bytes={size - 8}-{size - 1}"}).content
    assert tail[4:] == b"PAR1"
    length = int.from_bytes(tail[:4], "little")
    footer = world.get(path, headers={"Range": f"bytes={size - 8 - length}-{size - 9}"}).content
    whole = bytearray(size)
    whole[:4], whole[size - 8 - length : size - 8], whole[-8:] = b"PAR1", footer, tail
    meta = pyarrow.parquet.ParquetFile(io.BytesIO(parquet)).metadata
    wanted = {"id", "valid_from", "valid_to"}
    for group in range(meta.num_row_groups):
        for n in range(meta.num_columns):
            column = meta.row_group(group).column(n)
            if column.path_in_schema in wanted:
                first = column.dictionary_page_offset or column.data_page_offset
                last = first + column.total_compressed_size - 1
                part = world.get(path, headers={"Range": f"bytes={first}-{last}"})
                whole[first : last + 1] = part.content
    (tmp_path / "some.parquet").write_bytes(whole)
    with duckdb.connect() as connection:
        (found,) = connection.execute(
            "SELECT count(*) FROM read_parquet(?) WHERE valid_from <= DATE '2021-01-01'"
            " AND (valid_to IS NULL OR valid_to > DATE '2021-01-01')",
            [str(tmp_path / "some.parquet")],
        ).fetchall()
    answer = world.get(
        "/v1/provisions", params={"as_of": "2021-01-01", "total": "true", "limit": 1}
    )
    assert found[0] == answer.json()["total"]


@pytest.mark.parametrize(
    ("header", "found"),
    [
        (None, None),
        ("", None),
        ("bytes=3-2", None),
        ("bytes=0-0", ["0-0"]),
        ("BYTES = 1-2 , 50-", ["1-2"]),
        ("bytes=10-", []),
        ("bytes=-0", []),
        ("bytes=9-,10-", ["9-"]),
    ],
)
def test_ranges_of_ten_bytes(header, found):
    assert parts_of(header, 10) == found


# --- when they are made -------------------------------------------------------------------------


def test_the_same_release_gives_the_same_bytes_on_each_engine(
    engine, request, tmp_path, world, here
):
    url = ""
    if engine == "postgresql":
        url = new_database(request.getfixturevalue("postgres_url"), "same_bytes")
    store = open_store(url, tmp_path)
    made = distribution(store, compile_seed(WORLD, store).pointer.name)
    store.close()
    told = world.get(f"{here}/SHA256SUMS").text
    assert (made.folder / "SHA256SUMS").read_text() == told


def test_files_go_with_their_release(engine, request, tmp_path):
    seed = Path(shutil.copytree(WORLD, tmp_path / "data"))
    url = ""
    if engine == "postgresql":
        url = new_database(request.getfixturevalue("postgres_url"), "going_files")
    folder = tmp_path / "db"
    store = open_store(url, folder)
    first = compile_seed(seed, store).release
    with serve(Settings(database_url=url, folder=folder, watch_seconds=0.05)) as client:
        assert client.get(f"/v1/dataset/releases/{first.name}/SHA256SUMS").status_code == 200
        assert len(list((folder / "files").iterdir())) == 1
        for n in range(KEEP):
            text = (seed / "release.yaml").read_text()
            new = re.sub(r"version: .*", f"version: 0.1.{n}", text)
            (seed / "release.yaml").write_text(new)
            latest = compile_seed(seed, store).release
        deadline = time.monotonic() + 5
        while client.get("/readyz").json()["release"] != latest.name:
            assert time.monotonic() < deadline
            time.sleep(0.02)
        assert list((folder / "files").iterdir()) == []
        assert client.get(f"/v1/dataset/releases/{first.name}/SHA256SUMS").status_code == 404
        assert client.get(f"/v1/dataset/releases/{latest.name}/SHA256SUMS").status_code == 200
    store.close()


def test_a_folder_that_cannot_be_written_to_is_a_problem(tmp_path, monkeypatch):
    store = open_store("", tmp_path)
    compile_seed(WORLD, store)
    store.close()
    (tmp_path / "files").write_text("no folder can be made here")
    with serve(Settings(folder=tmp_path)) as client:
        answer = client.get("/v1/dataset/releases/0.0.1/lexcompare.zip")
        assert answer.status_code == 503
        assert answer.json()["type"] == "/problems/not-writable"
        assert client.get("/v1/laws").status_code == 200
