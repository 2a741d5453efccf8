"""Feeds as their readers take them, and the catalogue from which everything is found."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import feedparser
import httpx
import pytest

from api.settings import Settings
from models.store import open_store
from seed.compiler import compile_seed
from tests.conftest import WORLD, serve

DAY = "2026-01-15"


def atom(client: httpx.Client, name: str, **asked: Any) -> Any:
    """Read an Atom feed, as feed readers do."""
    answer = client.get(f"/v1/feeds/{name}.atom", params=asked)
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"] == "application/atom+xml; charset=utf-8"
    headers = {
        "content-type": answer.headers["content-type"],
        "content-location": str(answer.url),
    }
    found = feedparser.parse(answer.content, response_headers=headers)
    assert not found.bozo, found.bozo_exception
    assert found.version == "atom10"
    return found


def json_feed(client: httpx.Client, name: str, **asked: Any) -> dict[str, Any]:
    """Read a JSON Feed by the rules of version 1.1."""
    answer = client.get(f"/v1/feeds/{name}.json", params=asked)
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"] == "application/feed+json"
    feed: dict[str, Any] = answer.json()
    assert feed["version"] == "https://jsonfeed.org/version/1.1"
    assert isinstance(feed["title"], str)
    assert all(author.keys() & {"name", "url", "avatar"} for author in feed["authors"])
    ids = [item["id"] for item in feed["items"]]
    assert len(ids) == len(set(ids))
    for item in feed["items"]:
        assert isinstance(item["id"], str)
        assert "content_text" in item or "content_html" in item
        for name_ in ("date_published", "date_modified"):
            assert datetime.fromisoformat(item[name_]).tzinfo == UTC
        assert all(isinstance(tag, str) for tag in item["tags"])
    return feed


@pytest.mark.parametrize("name", ["effects", "changes"])
def test_both_forms_say_the_same_newest_first(world: httpx.Client, name: str):
    read, feed = (
        atom(world, name, as_of=DAY, limit=200),
        json_feed(world, name, as_of=DAY, limit=200),
    )
    assert len(read.entries) == len(feed["items"]) > 10
    days = []
    for entry, item in zip(read.entries, feed["items"], strict=True):
        assert entry.id == item["id"]
        assert re.fullmatch(r"tag:lexcompare\.example,2026:[!-~]+", entry.id)
        assert entry.title == item["title"]
        assert entry.content[0].value == item["content_text"]
        assert [tag.term for tag in entry.tags] == item["tags"]
        assert entry.updated == item["date_modified"]
        assert world.get(entry.link).status_code == 200, entry.link
        days.append(entry.updated[:10])
    assert days == sorted(days, reverse=True)
    assert days[0] <= DAY
    assert read.feed.updated == read.entries[0].updated
    links = {link.rel: link.href for link in read.feed.links}
    assert links["self"].endswith(f"/v1/feeds/{name}.atom?as_of={DAY}&limit=200")
    assert world.get(links["alternate"]).json() == feed


def test_effects_are_those_that_happened(world: httpx.Client):
    asked: dict[str, str | int] = {
        "outcome": "done",
        "date_to": DAY,
        "sort": "-date",
        "limit": 200,
    }
    listed = world.get("/v1/effects", params=asked).json()["items"]
    items = json_feed(world, "effects", as_of=DAY, limit=200)["items"]
    assert [i["url"].rpartition("/")[2] for i in items] == [effect["id"] for effect in listed]
    assert [i["date_published"][:10] for i in items] == [effect["date"] for effect in listed]
    assert len(json_feed(world, "effects", as_of=DAY, limit=3)["items"]) == 3
    before = json_feed(world, "effects", as_of="2020-01-01")["items"]
    assert before[0]["date_published"] == "2020-01-01T00:00:00Z"


@pytest.mark.parametrize(
    "asked",
    [
        {"jurisdiction": "SG"},
        {"law": "sg-example-offences-act-1900"},
        {"by": "sg-example-reform-act-2019"},
        {"topic": "csam-possession"},
        {"topic": "csam"},
        {"kind": "amends"},
    ],
)
def test_effects_can_be_filtered(world: httpx.Client, asked: dict[str, str]):
    given: dict[str, str | int] = {**asked, "outcome": "done", "date_to": DAY, "limit": 200}
    listed = world.get("/v1/effects", params=given).json()["items"]
    items = json_feed(world, "effects", as_of=DAY, limit=200, **asked)["items"]
    assert {i["url"].rpartition("/")[2] for i in items} == {effect["id"] for effect in listed}
    everything = json_feed(world, "effects", as_of=DAY, limit=200)["items"]
    assert 0 < len(items) < len(everything)


def test_effects_are_found_by_what_they_touch(world: httpx.Client):
    """A topic of a provision finds what was done to it; so does a broader one."""
    topics = {t["id"]: t for t in world.get("/v1/topics?limit=200").json()["items"]}
    provisions: dict[str, set[str]] = {}
    for day in ("2019-01-01", "2022-06-01", "2024-06-01"):
        page = world.get("/v1/provisions", params={"limit": 200, "as_of": day}).json()
        for provision in page["items"]:
            provisions.setdefault(provision["id"], set()).update(provision["topics"])
    for effect in world.get("/v1/effects?limit=200").json()["items"]:
        if not any(provisions.get(id_) for id_ in effect["at"]):
            continue
        topic = sorted(t for id_ in effect["at"] for t in provisions.get(id_, ()))[0]
        for asked in (topic, topics[topic]["broader"] or topic):
            found = world.get("/v1/effects", params={"topic": asked, "limit": 200}).json()
            assert effect["id"] in {item["id"] for item in found["items"]}


def test_changes_are_those_of_the_comparison(world: httpx.Client):
    asked = {"jurisdiction": "SG", "indicator": "possession,possession_max_prison"}
    span = {"date_from": "1850-01-01", "date_to": DAY}
    listed = world.get("/v1/comparisons/changes", params={**asked, **span}).json()["changes"]
    meant = [change for change in listed if change["reason"] != "coverage"]
    items = json_feed(world, "changes", as_of=DAY, **asked)["items"]
    assert {(*i["tags"], i["date_published"][:10]) for i in items} == {
        (c["jurisdiction"], c["indicator"], c["reason"], c["date"]) for c in meant
    }
    for item in items:
        (change,) = world.get(item["url"]).json()["changes"]
        assert change["date"] == item["date_published"][:10]
        for effect in change["effects"]:
            assert effect["by_title"] in item["content_text"]


def test_changes_can_be_filtered_by_law(world: httpx.Client):
    law = "sg-example-offences-act-1900"
    items = json_feed(world, "changes", as_of=DAY, jurisdiction="SG,GB", law=law)["items"]
    assert items
    assert {item["tags"][0] for item in items} == {"SG"}
    for item in items:
        (change,) = world.get(item["url"]).json()["changes"]
        proofs = [*change["before"]["evidence"], *change["after"]["evidence"]]
        assert any(proof["id"].startswith(f"{law}~") for proof in proofs)


def test_a_subscription_keeps_its_id_whatever_its_day_and_length(world: httpx.Client):
    ids = {
        atom(world, "changes", jurisdiction="SG", indicator="possession", **asked).feed.id
        for asked in ({}, {"as_of": "2020-01-01"}, {"limit": 7})
    }
    assert ids == {"tag:lexcompare.example,2026:feeds/changes?jurisdiction=SG&indicator=possession"}
    assert atom(world, "changes", jurisdiction="GB").feed.id not in ids


def test_a_feed_without_entries_is_dated_by_its_release(world: httpx.Client):
    found = atom(world, "effects", as_of="1800-01-01")
    assert found.entries == []
    assert found.feed.updated == "2026-01-15T00:00:00Z"


def test_reading_again_costs_nothing(world: httpx.Client):
    first = world.get("/v1/feeds/changes.atom?jurisdiction=SG")
    again = world.get(
        "/v1/feeds/changes.atom?jurisdiction=SG", headers={"if-none-match": first.headers["etag"]}
    )
    assert again.status_code == 304


@pytest.mark.parametrize("name", ["effects", "changes"])
def test_what_does_not_fit_is_refused(world: httpx.Client, name: str):
    answer = world.get(f"/v1/feeds/{name}.atom?jurisdiction=UK&limit=50")
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["suggestion"] == "GB"
    assert world.get(f"/v1/feeds/{name}.json?limit=1000").status_code == 422


# --- catalogue and public address ---------------------------------------------------------------


def test_everything_is_found_from_the_catalogue(world: httpx.Client):
    address = "/.well-known/api-catalog"
    first = world.get("/")
    assert f'<{address}>; rel="api-catalog"' in first.headers["link"]
    answer = world.get(address)
    profile = 'profile="https://www.rfc-editor.org/info/rfc9727"'
    assert answer.headers["content-type"] == f"application/linkset+json; {profile}"
    assert 'rel="api-catalog"' in world.head(address).headers["link"]
    catalogue, api = answer.json()["linkset"]
    assert catalogue["item"] == [{"href": api["anchor"]}]
    for relation in ("service-desc", "service-doc", "service-meta", "status"):
        for link in api[relation]:
            found = world.get(link["href"])
            assert found.status_code == 200
            assert found.headers["content-type"].startswith(link["type"])


def test_the_public_address_is_named_everywhere(tmp_path: Path):
    store = open_store("", tmp_path)
    compile_seed(WORLD, store)
    store.close()
    public = "https://law.example/lex"
    with serve(Settings(folder=tmp_path, data=WORLD, public_url=f"{public}/")) as client:
        matrix = client.get("/v1/comparisons/matrix?jurisdiction=SG&indicator=possession")
        assert f" {public}/v1/comparisons/matrix?" in matrix.json()["citation"]
        assert matrix.headers["link"].startswith(f"<{public}/v1/comparisons/matrix?")
        text = client.get("/v1/comparisons/matrix.md?jurisdiction=SG&indicator=possession").text
        assert f"<{public}/v1/comparisons/matrix?" in text
        assert client.get("/akn/sg/act/2023/24").headers["location"].startswith(f"{public}/v1/")
        for item in json_feed(client, "effects")["items"]:
            assert item["url"].startswith(f"{public}/v1/effects/")
        linkset = client.get("/.well-known/api-catalog").json()["linkset"]
        assert linkset[1]["service-desc"][0]["href"] == f"{public}/openapi.json"
        node = client.get("/v1/laws/sg-example-harms-act-2023.jsonld").json()
        assert node["@id"] == f"{public}/v1/laws/sg-example-harms-act-2023"
        assert client.get("/v1/dataset/citation").json()["apa"].endswith(public)


@pytest.mark.parametrize("wrong", ["law.example", "ftp://law.example", "https://law.example/?x"])
def test_what_is_no_public_address_is_refused(wrong: str):
    with pytest.raises(ValueError, match="public_url"):
        Settings(public_url=wrong)
