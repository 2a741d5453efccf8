"""Formats: CSV, NDJSON, XLSX and Parquet hold the same values, those of the JSON answer."""

from __future__ import annotations

import csv
import io
import json
from datetime import date, datetime
from typing import Any

import httpx
import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pyarrow import parquet

from models.collection import COLLECTIONS
from models.flat import table_columns
from models.table import ColumnKind, TableColumn, text_of

YEARS = {"date_from": "2015-12-31", "date_to": "2021-12-31"}
TABLES: dict[str, dict[str, Any]] = {
    "/v1/comparisons/matrix": {"as_of": "2022-06-01"},
    "/v1/comparisons/matrix-wide": {"as_of": "2022-06-01"},
    "/v1/comparisons/changes": YEARS,
    "/v1/comparisons/adoption": YEARS,
    "/v1/comparisons/similarity": {"as_of": "2022-06-01"},
    "/v1/comparisons/crosstab": {"row": "possession", "column": "group"},
    "/v1/comparisons/provisions": {"topic": "csam-possession", "as_of": "2022-06-01"},
    "/v1/comparisons/reach": {"conduct": "possess", "place": "TH", "offender_nationality": "SG"},
    "/v1/panel": YEARS,
    "/v1/panel-wide": YEARS,
    "/v1/instruments/core/results": {"as_of": "2022-06-01"},
}
OCTETS = "application/octet-stream"
MEDIA = {
    "csv": "text/csv; charset=utf-8",
    "ndjson": "application/x-ndjson",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "parquet": "application/vnd.apache.parquet",
}


def get(client: httpx.Client, path: str, suffix: str, params: dict[str, Any]) -> httpx.Response:
    answer = client.get(f"{path}.{suffix}", params=params)
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"] == MEDIA[suffix]
    assert answer.headers["content-disposition"].endswith(f'.{suffix}"')
    return answer


def read_csv(body: bytes) -> tuple[list[str], list[list[str]]]:
    rows = list(csv.reader(io.StringIO(body.decode(), newline="")))
    return rows[0], rows[1:]


def read_parquet(body: bytes) -> tuple[list[str], list[list[Any]]]:
    found = parquet.read_table(io.BytesIO(body))
    columns = [column.to_pylist() for column in found.columns]
    return found.column_names, [list(row) for row in zip(*columns, strict=True)]


def read_xlsx(body: bytes) -> tuple[list[str], list[list[Any]]]:
    book = openpyxl.load_workbook(io.BytesIO(body), read_only=True)
    rows = [list(row) for row in book.worksheets[0].iter_rows(values_only=True)]
    width = len(rows[0])
    whole = [[*row, *[None] * (width - len(row))] for row in rows[1:]]
    return [str(name) for name in rows[0]], whole


def as_text(cell: Any) -> str:
    """A cell of a workbook or Parquet file as CSV writes it."""
    if isinstance(cell, datetime):
        cell = cell.date()
    return text_of(cell)


def check_same(client: httpx.Client, path: str, params: dict[str, Any]) -> int:
    """Every format of a table has the same cells; returns the number of rows."""
    names, rows = read_csv(get(client, path, "csv", params).content)
    columns, parquet_rows = read_parquet(get(client, path, "parquet", params).content)
    assert columns == names
    assert [[as_text(cell) for cell in row] for row in parquet_rows] == rows
    header, sheet_rows = read_xlsx(get(client, path, "xlsx", params).content)
    assert header == names
    # A spreadsheet has one kind of number: 5.0 is 5.
    said = [[as_text(cell).removesuffix(".0") for cell in row] for row in sheet_rows]
    assert said == [[cell.removesuffix(".0") for cell in row] for row in rows]
    return len(rows)


@pytest.mark.parametrize("name", list(COLLECTIONS))
def test_a_collection_is_the_same_in_every_format(world, name):
    params = {"as_of": "2022-06-01"}
    path = f"/v1/{name}"
    number = check_same(world, path, params)
    lines = get(world, path, "ndjson", params).text.splitlines()
    assert len(lines) == number
    items: list[Any] = []
    asked: dict[str, Any] = {**params, "limit": 200}
    while True:
        page = world.get(path, params=asked).json()
        items += page["items"]
        if page["next_cursor"] is None:
            break
        asked["cursor"] = page["next_cursor"]
    assert [json.loads(line) for line in lines] == items, "a line is an item of the list"


@pytest.mark.parametrize("path", list(TABLES))
def test_a_comparison_is_the_same_in_every_format(world, path):
    params = TABLES[path]
    number = check_same(world, path, params)
    assert number > 0
    names, rows = read_csv(get(world, path, "csv", params).content)
    lines = [json.loads(line) for line in get(world, path, "ndjson", params).text.splitlines()]
    assert [list(line) for line in lines] == [names] * number
    said = [[text_of(cell) for cell in line.values()] for line in lines]
    assert said == rows


@given(
    day=st.dates(date(1990, 1, 1), date(2027, 1, 1)),
    place=st.sampled_from(["SG", "GB", "DE", "SG,GB,US", None]),
    name=st.sampled_from(["offences", "penalties", "provisions", "laws", "codings", "reaches"]),
)
@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_any_filter_gives_the_same_in_every_format(world, day, place, name):
    params = {"as_of": str(day), **({"jurisdiction": place} if place else {})}
    check_same(world, f"/v1/{name}", params)


def test_columns_are_typed(world):
    body = get(world, "/v1/offences", "parquet", {}).content
    schema = parquet.read_schema(io.BytesIO(body))
    types = {field.name: str(field.type) for field in schema}
    assert types["prison_max_months"] == "int64"
    assert types["fine_unlimited"] == "bool"
    assert types["valid_from"] == "date32[day]"
    assert types["id"] == "string"
    assert (
        schema.metadata[b"lexcompare.release"].decode()
        == world.get("/v1/offences").json()["release"]
    )
    wide = get(world, "/v1/comparisons/matrix-wide", "parquet", {}).content
    wide_types = {f.name: str(f.type) for f in parquet.read_schema(io.BytesIO(wide))}
    assert wide_types["csam_law"] == "bool"
    assert wide_types["possession_max_prison"] == "int64"
    assert wide_types["possession_since"] == "date32[day]"
    assert wide_types["entity_fine_share"] == "double"


def test_a_workbook_says_what_it_is(world):
    body = get(world, "/v1/comparisons/matrix-wide", "xlsx", {"as_of": "2022-06-01"}).content
    book = openpyxl.load_workbook(io.BytesIO(body))
    assert book.sheetnames == ["matrix-wide", "about"]
    told: dict[str, str] = {}
    for row in book["about"].iter_rows(values_only=True):
        told.setdefault(str(row[0]), str(row[1]))
    assert told["as_of"] == "2022-06-01"
    assert told["release"] == world.get("/v1/topics").json()["release"]
    sheet = book["matrix-wide"]
    assert sheet.freeze_panes == "B2"
    days = [cell for cell in sheet["B"][1:] if cell.value is not None]
    assert all(isinstance(cell.value, datetime) for cell in days)


@pytest.mark.parametrize("suffix", ["xlsx", "parquet"])
def test_the_same_question_gives_the_same_bytes(world, suffix):
    params = {"as_of": "2022-06-01", "jurisdiction": "SG"}
    first = get(world, "/v1/offences", suffix, params)
    other = get(world, "/v1/offences", suffix, {"jurisdiction": "SG", "as_of": "2022-06-01"})
    assert first.content == other.content
    assert first.headers["etag"] == other.headers["etag"]
    again = {"If-None-Match": first.headers["etag"]}
    assert world.get(f"/v1/offences.{suffix}", params=params, headers=again).status_code == 304
    assert int(first.headers["content-length"]) == len(first.content)
    assert "content-encoding" not in first.headers, "it is compressed by itself"


def test_a_part_of_a_file_can_be_asked_for(world: httpx.Client) -> None:
    """As DuckDB does: the end of a Parquet file first, then the groups that it needs."""
    path = "/v1/offences.parquet?as_of=2022-06-01"
    whole = world.get(path)
    size, etag = len(whole.content), whole.headers["etag"]
    assert whole.headers["accept-ranges"] == "bytes"

    def part(asked: str, **more: str) -> httpx.Response:
        return world.get(path, headers={"Range": asked, **more})

    for asked, first, last in (
        ("bytes=-8", size - 8, size - 1),
        ("bytes=4-9", 4, 9),
        (f"bytes={size - 3}-", size - 3, size - 1),
        (f"bytes=10-{size * 2}", 10, size - 1),
    ):
        answer = part(asked)
        assert answer.status_code == 206
        assert answer.content == whole.content[first : last + 1]
        assert answer.headers["content-range"] == f"bytes {first}-{last}/{size}"
        assert answer.headers["etag"] == etag
    assert part(f"bytes={size}-").status_code == 416
    assert part("bytes=0-3", **{"If-Range": etag}).status_code == 206
    for ignored in ("bytes=9-4", "bytes=0-1,4-5", "lines=1-2", "bytes=-"):
        assert part(ignored).status_code == 200
    assert part("bytes=0-3", **{"If-Range": '"another"'}).content == whole.content
    assert world.get("/v1/offences", headers={"Range": "bytes=0-3"}).status_code == 200


def test_every_record_schema_has_typed_columns():
    """Each kind of column occurs, and a column's values are of its kind."""
    seen = {column.kind for c in COLLECTIONS.values() for column in table_columns(c.record)}
    assert seen == set(ColumnKind)
    assert TableColumn("valid_from", ColumnKind.DATE) in table_columns(COLLECTIONS["laws"].record)


@pytest.mark.parametrize(
    ("suffix", "general"), [("xlsx", OCTETS), ("parquet", OCTETS), ("ndjson", "text/plain")]
)
def test_a_client_that_takes_only_the_general_type_gets_it(world, suffix, general):
    """Some SDKs know few media types; asked twice, as the second answer is a kept one."""
    exact = MEDIA[suffix]
    for accept, named in (
        (general, general),
        (f"{general}, application/problem+json", general),
        (f"{general}, {exact}", exact),
        (f"{general};q=0.5, */*", exact),
        ("application/problem+json", exact),
        ("*/*", exact),
    ):
        for _ in range(2):
            answer = world.get(f"/v1/laws.{suffix}", headers={"accept": accept})
            assert answer.headers["content-type"] == named, accept
            assert answer.headers["vary"] == "Accept, Accept-Encoding"


def test_json_and_csv_do_not_vary_by_accept(world):
    for path in ("/v1/laws", "/v1/laws.csv"):
        assert world.get(path, headers={"accept": OCTETS}).headers["vary"] == "Accept-Encoding"
