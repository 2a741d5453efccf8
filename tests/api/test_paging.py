"""Paging: every row once, in order, under any limit, and cursors that know their question."""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qs, urljoin, urlsplit

import httpx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

ORDERS = [
    ("provisions", "id"),
    ("provisions", "-id"),
    ("provisions", "place"),
    ("provisions", "-place"),
    ("offences", "prison_max"),
    ("offences", "-prison_max"),
    ("laws", "title"),
    ("laws", "-year"),
    ("effects", "date"),
    ("penalties", "-prison_max"),
]


def walk(client: httpx.Client, name: str, params: dict[str, Any]) -> list[dict[str, Any]]:
    """Follow `next_cursor` to the end."""
    items: list[dict[str, Any]] = []
    cursor: str | None = None
    while True:
        page = client.get(
            f"/v1/{name}", params={**params, **({"cursor": cursor} if cursor else {})}
        )
        assert page.status_code == 200, page.text
        assert len(page.json()["items"]) <= params["limit"]
        items += page.json()["items"]
        cursor = page.json()["next_cursor"]
        if cursor is None:
            return items


@given(order=st.sampled_from(ORDERS), limit=st.integers(1, 200), year=st.integers(2009, 2026))
@settings(
    max_examples=25,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
def test_every_row_once_in_order_under_any_limit(real, order, limit, year):
    name, sort = order
    question = {"sort": sort, "as_of": f"{year}-01-01"}
    whole = walk(real, name, {**question, "limit": 200})
    paged = walk(real, name, {**question, "limit": max(limit, len(whole) // 40)})
    assert paged == whole
    ids = [item["id"] for item in whole]
    assert len(set(ids)) == len(ids)
    if sort in ("id", "-id"):
        assert ids == sorted(ids, reverse=sort == "-id")
    total = real.get(f"/v1/{name}", params={**question, "total": "true", "limit": 1}).json()
    assert total["total"] == len(whole)


def test_sorted_by_prison_puts_life_above_every_number(real):
    items = walk(real, "offences", {"sort": "-prison_max", "limit": 50, "as_of": "2026-11-24"})

    def longest(offence: dict[str, Any]) -> int:
        terms = [
            p["prison"]["max"]
            for p in offence["penalties"]
            if p["prison"]
            and p["prison"]["max"]
            and not any(
                value is not None
                for key, value in p["when"].items()
                if key not in ("track", "person")
            )
        ]
        return max((10**6 if t["life"] else t["months"] for t in terms), default=-1)

    ranks = [longest(item) for item in items]
    assert ranks == sorted(ranks, reverse=True)
    assert ranks[0] > ranks[-1] == -1


def test_link_header_leads_through_all_pages(real):
    seen: list[str] = []
    address = "/v1/provisions?limit=100&topic=online-safety&topic=csam&as_of=2026-01-01&total=true"
    total = 0
    while address:
        page = real.get(address)
        seen += [item["id"] for item in page.json()["items"]]
        total = page.json()["total"]
        following = page.links.get("next", {}).get("url", "")
        if following:
            asked = parse_qs(urlsplit(following).query)
            assert asked["as_of"] == ["2026-01-01"]
            assert asked["topic"] == ["online-safety", "csam"]
            assert asked["cursor"] == [page.json()["next_cursor"]]
        address = urljoin(str(page.url), following) if following else ""
    assert len(seen) == total > 100


def test_a_cursor_pins_the_day_it_began_with(real):
    first = real.get("/v1/provisions", params={"limit": 5, "as_of": "2021-01-01"}).json()
    second = real.get("/v1/provisions", params={"limit": 5, "cursor": first["next_cursor"]})
    assert second.json()["as_of"] == "2021-01-01"
    assert second.headers["lexcompare-as-of"] == "2021-01-01"


@pytest.mark.parametrize(
    "change",
    [
        {"sort": "-id"},
        {"law": "sg-penal-code-1871"},
        {"as_of": "2022-01-01"},
    ],
)
def test_a_cursor_of_another_question_is_refused(real, change):
    first = real.get("/v1/provisions", params={"limit": 5, "as_of": "2021-01-01"}).json()
    asked = {"limit": 5, "as_of": "2021-01-01", "cursor": first["next_cursor"], **change}
    answer = real.get("/v1/provisions", params=asked)
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["parameter"] == "cursor"


@pytest.mark.parametrize("cursor", ["x", "AAAA", "W10", "e30", "WzEsIDIsIDMsIDRd", "bnVsbA"])
def test_a_forged_cursor_is_refused(real, cursor):
    answer = real.get("/v1/laws", params={"cursor": cursor})
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["value"] == cursor


@given(data=st.data())
@settings(
    max_examples=40,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
def test_filters_agree_with_filtering_the_whole_list(real, data):
    """Any one or two filters give what one gets by filtering everything oneself."""
    whole = walk(real, "offences", {"limit": 200, "as_of": "2024-01-01"})
    fields = {"conduct": "conduct", "fault": "fault", "purpose": "purpose", "law": "law"}
    chosen = data.draw(
        st.lists(st.sampled_from(sorted(fields)), min_size=1, max_size=2, unique=True)
    )
    question: dict[str, Any] = {"limit": 200, "as_of": "2024-01-01"}
    expected = whole
    for field in chosen:
        values = sorted({v for o in whole for v in _values(o[field])})
        wanted = data.draw(st.lists(st.sampled_from(values), min_size=1, max_size=3, unique=True))
        question[field] = wanted
        expected = [o for o in expected if set(_values(o[field])) & set(wanted)]
    assert walk(real, "offences", question) == expected


def _values(value: Any) -> list[str]:
    return value if isinstance(value, list) else [value]
