"""CSV as pandas reads it by URL: typed, flat, no cleaning, the same as JSON."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, get_origin

import pandas as pd
import pytest

from models.collection import COLLECTIONS
from models.record import Record


@pytest.mark.parametrize("name", list(COLLECTIONS))
def test_every_collection_reads_whole(real, name):
    """As many rows as the list has items, with the same ids in the same order."""
    frame = pd.read_csv(f"{real.base_url}/v1/{name}.csv?as_of=2026-11-01", keep_default_na=False)
    total = real.get(f"/v1/{name}", params={"total": "true", "limit": 1, "as_of": "2026-11-01"})
    assert len(frame) == total.json()["total"]
    assert frame["id"].is_unique
    if name != "indicators":  # these stand in the order of the codebook
        assert list(frame["id"]) == sorted(frame["id"])


@pytest.mark.parametrize("name", list(COLLECTIONS))
def test_lists_say_each_thing_once_and_in_words(real, name):
    """No class of the code stands in a cell, and no list repeats itself."""
    classes = {cls.__name__ for cls in subclasses(Record)}
    fields = COLLECTIONS[name].record.model_fields.items()
    lists = {field for field, info in fields if get_origin(info.annotation) is list}
    frame = pd.read_csv(
        f"{real.base_url}/v1/{name}.csv?as_of=2026-11-01", keep_default_na=False, dtype=str
    )
    for column in {*lists, "source_urls"} & set(frame):
        for cell in frame[column].unique():
            parts = cell.split(";")
            assert not classes & set(parts), (column, cell)
            assert len(parts) == len(set(parts)), (column, cell)


def subclasses(cls: type[Record]) -> Iterator[type[Record]]:
    for inner in cls.__subclasses__():
        yield inner
        yield from subclasses(inner)


def test_indicators_say_what_they_correspond_to(real):
    frame = pd.read_csv(f"{real.base_url}/v1/indicators.csv", keep_default_na=False)
    said = "".join(frame["corresponds"])
    assert "icmec:" in said
    assert "rule_text" in frame
    assert not [column for column in frame if str(column).startswith("derive")]


def test_since_ever_is_null(real):
    jurisdictions = real.get("/v1/jurisdictions?limit=200").json()["items"]
    since = {item["id"]: item["valid_from"] for item in jurisdictions}
    assert since["SG"] is None or since["SG"] > "1800-01-01"
    assert None in since.values()
    assert "0001-01-01" not in since.values()


def test_reading_as_the_readme_says_keeps_numbers_and_codes(real):
    frame = pd.read_csv(
        f"{real.base_url}/v1/penalties.csv?jurisdiction=SG&base=true&as_of=2024-01-01",
        keep_default_na=False,
        na_values=[""],
    )
    assert pd.api.types.is_numeric_dtype(frame["prison_max_months"])
    assert frame.groupby("conduct")["prison_max_months"].max()["possess;access"] == 60
    codes = pd.read_csv(
        f"{real.base_url}/v1/jurisdictions.csv", keep_default_na=False, na_values=[""]
    )
    assert "NA" in set(codes["id"])


def test_offences_are_typed_without_cleaning(real):
    frame = pd.read_csv(
        f"{real.base_url}/v1/offences.csv?as_of=2024-01-01", parse_dates=["valid_from", "valid_to"]
    )
    row = frame.set_index("id").loc["sg-penal-code-1871~sec_377BK~offence_1"]
    assert row["prison_max_months"] == 60
    assert row["fine_unlimited"] == True  # noqa: E712 - a bool column, whatever its dtype
    assert row["caning"] == "discretionary"
    assert row["conduct"] == "possess;access"
    assert row["valid_from"] == pd.Timestamp("2020-01-01")
    assert pd.api.types.is_numeric_dtype(frame["prison_max_months"])


def test_filters_hold_for_exports(real):
    frame = pd.read_csv(
        f"{real.base_url}/v1/penalties.csv?base=true&conduct=produce&as_of=2024-01-01"
    )
    assert set(frame["base"]) == {True}
    assert frame["conduct"].str.contains("produce").all()


def test_cells_equal_the_json(real):
    frame = pd.read_csv(
        f"{real.base_url}/v1/laws.csv?as_of=2024-03-01", keep_default_na=False, dtype=str
    )
    rows = {row["id"]: row for row in frame.to_dict("records")}
    items: list[dict[str, Any]] = []
    cursor = None
    while not items or cursor:
        asked = {"limit": 200, "as_of": "2024-03-01", **({"cursor": cursor} if cursor else {})}
        page = real.get("/v1/laws", params=asked).json()
        items, cursor = items + page["items"], page["next_cursor"]
    assert len(items) == len(rows)
    for item in items:
        row = rows[item["id"]]
        for field in (
            "title",
            "kind",
            "status",
            "valid_from",
            "summary",
            "commenced_on",
            "akn_uri",
        ):
            assert row[field] == (item[field] or "")
        assert row["selected"] == str(item["selected"]).lower()
        assert row["extent"] == ";".join(item["extent"])


def test_media_type_and_name(real):
    answer = real.get("/v1/laws.csv")
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    assert 'filename="laws.csv"' in answer.headers["content-disposition"]
