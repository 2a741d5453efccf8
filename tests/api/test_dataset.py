"""Releases: what the dataset is, what changed since the one before, and answers from a kept one."""

from __future__ import annotations

import csv
import io
import shutil
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from api.settings import Settings
from models.database import KEEP
from models.store import open_store
from seed.compiler import compile_seed
from tests.conftest import WORLD, new_database, serve

OFFENCES = "laws/SG/sg-example-offences-act-1900.yaml"
INSTRUMENTS = "laws/SG/instruments.yaml"
HAVING = "sg-example-offences-act-1900~sec_13"
PASSING_ON = "sg-example-offences-act-1900~sec_14"

FIVE_YEARS = "max: 5y}, fine: unlimited, caning: discretionary, combine: prison_plus_one}"

RAISED = """
      - made_by: raised-2026
        summary: Whoever passes the material on; a longer term.
        offences:
          - {conduct: [distribute], material: {def: sec_10}, fault: reason_to_believe,
             penalties: [{prison: {max: 9y}, fine: unlimited, caning: discretionary, combine: any}]}
        sources: *law
  - eid: sec_15
"""

COVERED = """id: ie-example-images-act-1998
title: Example Images Act 1998
kind: act
year: 1998
extent: [IE]
summary: An invented act that was always there and is coded only now.
sources: &law
  - {url: 'https://law.example/ie/images', title: Example Images Act 1998, kind: official,
     checked_on: 2026-01-15}
effects:
  - {id: commencement, kind: commences, date: 1998-07-29, sources: *law}
provisions:
  - eid: sec_6
    number: "6"
    heading: Possession
    topics: [csam-possession]
    versions:
      - summary: Possession of such images.
        offences:
          - {conduct: [possess], material: {class: csam}, fault: knowledge,
             penalties: [{prison: {max: 5y}}]}
        sources: *law
"""


def change(data: Path, file: str, *pairs: tuple[str, str]) -> None:
    text = (data / file).read_text(encoding="utf-8")
    for old, new in pairs:
        assert old in text, old
        text = text.replace(old, new, 1)
    (data / file).write_text(text, encoding="utf-8")


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A dataset to make releases from."""
    return Path(shutil.copytree(WORLD, tmp_path_factory.mktemp("releases") / "data"))


def second(data: Path) -> None:
    """Correct a term, add a new law, a law that was missing, and another rule."""
    change(data, OFFENCES, (FIVE_YEARS, FIVE_YEARS.replace("5y", "6y")))  # miscoded until now
    change(
        data,
        OFFENCES,
        (
            "provisions:\n",
            "  - {id: raised-2026, kind: amends, by: sg-example-amendment-act-2026,"
            " date: 2026-03-01, at: [sec_14], sources: *law}\nprovisions:\n",
        ),
        ("\n  - eid: sec_15\n", RAISED),
    )
    with (data / INSTRUMENTS).open("a", encoding="utf-8") as file:
        file.write(
            """  - id: sg-example-amendment-act-2026
    title: Example Amendment Act 2026
    kind: act
    year: 2026
    extent: [SG]
    summary: Invented act that raised a term.
    sources: *law
    effects: [{id: commencement, kind: commences, date: 2026-03-01, sources: *law}]
"""
        )
    (data / "laws/IE/ie-example-images-act-1998.yaml").write_text(COVERED, encoding="utf-8")
    change(
        data, "indicators.yaml", ("{of: offence, take: max, path", "{of: offence, take: min, path")
    )
    change(
        data,
        "release.yaml",
        ("version: 0.0.1", "version: 0.1.0"),
        ("date: 2026-01-15", "date: 2026-06-01"),
    )
    with (data / "release.yaml").open("a", encoding="utf-8") as file:
        file.write(
            "notes: A term was corrected.\n"
            "earlier:\n  - {version: 0.0.1, date: 2026-01-15, notes: The first one.}\n"
            "  - {version: 0.0.0, date: 2025-12-01}\n"
        )


@pytest.fixture(scope="module")
def two(
    data: Path, engine: str, request: pytest.FixtureRequest, tmp_path_factory: Any
) -> Iterator[tuple[httpx.Client, str, str]]:
    """A server with two releases, and their names."""
    data = Path(shutil.copytree(data, tmp_path_factory.mktemp("two") / "data"))
    url = ""
    if engine == "postgresql":
        url = new_database(request.getfixturevalue("postgres_url"), "two_releases")
    store = open_store(url, data.parent / "db")
    names = [compile_seed(data, store).release.name]
    second(data)
    names.append(compile_seed(data, store).release.name)
    store.close()
    settings = Settings(database_url=url, folder=data.parent / "db", watch_seconds=0.1)
    with serve(settings) as client:
        yield client, names[0], names[1]


def changes(client: httpx.Client, release: str, **params: Any) -> list[dict[str, Any]]:
    answer = client.get(f"/v1/dataset/releases/{release}/changes", params={"limit": 200, **params})
    assert answer.status_code == 200, answer.text
    found: list[dict[str, Any]] = answer.json()["items"]
    return found


# --- what the dataset is ------------------------------------------------------------------------


def test_the_dataset_says_what_it_is(world):
    said = world.get("/v1/dataset").json()
    assert said["version"] == "0.0.1"
    assert said["date"] == "2026-01-15"
    assert said["license"] == "CC0-1.0"
    assert said["current"] is True
    assert said["id"] == f"{said['version']}-{said['content_hash'][:12]}"
    assert said["counts"]["laws"] <= said["rows"]["laws"]
    assert {"SG", "TH", "EU"} <= set(said["jurisdictions"])
    for link in said["links"]:
        assert world.get(link).status_code == 200, link


def test_rows_are_the_states_over_time(world):
    said = world.get("/v1/dataset").json()
    held = world.get(f"/v1/provisions/{HAVING}/versions").json()["versions"]
    assert len(held) == 2
    assert said["rows"]["provisions"] >= said["counts"]["provisions"] + 1


def test_a_first_release_says_that_it_has_none_before(world):
    release = world.get("/v1/dataset").json()
    assert (release["previous"], release["changes"]) == (None, {})
    page = world.get(f"/v1/dataset/releases/{release['id']}/changes").json()
    assert (page["items"], page["previous"]) == ([], None)


# --- what changed -------------------------------------------------------------------------------


def test_releases_are_listed_newest_first_with_those_no_longer_kept(two):
    client, first, latest = two
    said = client.get("/v1/dataset/releases").json()
    assert [item["id"] for item in said["items"]] == [latest, first]
    assert [item["current"] for item in said["items"]] == [True, False]
    assert [told["version"] for told in said["earlier"]] == ["0.0.0"], "0.0.1 is kept"
    newest = said["items"][0]
    assert newest["notes"] == "A term was corrected."
    assert newest["previous"] == {"name": first, "version": "0.0.1", "date": "2026-01-15"}
    counted = {kind: len(changes(client, latest, kind=kind)) for kind in newest["changes"]}
    assert counted == newest["changes"]
    assert all(counted.values()), "each kind is among them"


def test_a_term_that_was_miscoded_is_a_correction(two):
    client, _, latest = two
    (found,) = changes(client, latest, kind="correction", part="provision")
    assert (found["id"], found["step"]) == (HAVING, "changed")
    assert (found["valid_from"], found["valid_to"]) == ("2020-01-01", "2022-03-01")
    assert found["changes"] == [
        {"path": "offences.1.penalties.1.prison.max", "before": "5y", "after": "6y"}
    ]


def test_a_term_that_was_raised_since_is_a_change_in_the_law(two):
    client, _, latest = two
    found = changes(client, latest, kind="law", part="provision")
    assert [(c["id"], c["step"], c["valid_from"], c["valid_to"]) for c in found] == [
        (PASSING_ON, "changed", "2026-03-01", None)
    ]
    values = {c["path"]: (c["before"], c["after"]) for c in found[0]["changes"]}
    assert values["offences.1.penalties.1.prison.max"] == ("7y", "9y")
    effects = changes(client, latest, kind="law", part="effect")
    assert "sg-example-offences-act-1900~raised-2026" in {c["id"] for c in effects}
    laws = changes(client, latest, kind="law", part="law")
    assert [c["id"] for c in laws] == ["sg-example-amendment-act-2026"]


def test_what_was_always_law_and_is_coded_only_now_is_coverage(two):
    client, _, latest = two
    found = changes(client, latest, law="ie-example-images-act-1998")
    assert {(c["part"], c["kind"], c["step"]) for c in found} == {
        ("law", "coverage", "added"),
        ("effect", "coverage", "added"),
        ("provision", "coverage", "added"),
    }


def test_cells_follow_with_the_same_distinction(two):
    client, _, latest = two
    cells = changes(client, latest, part="cell")
    said = {(c["id"], c["kind"]): c for c in cells}
    corrected = said["SG~possession_max_prison", "correction"]
    assert (corrected["valid_from"], corrected["valid_to"]) == ("2020-01-01", "2022-03-01")
    assert corrected["changes"] == [{"path": "value", "before": "60", "after": "72"}]
    raised = said["SG~distribution_max_prison", "law"]
    assert raised["valid_from"] == "2026-03-01"
    assert ("IE~possession", "coverage") in said
    redefined = {c["indicator"] for c in cells if c["kind"] == "codebook"}
    assert redefined == {"any_max_prison"}


def test_changes_made_in_order_lead_from_one_matrix_to_the_other(two):
    """The list is complete: every cell that differs on a day is in it, and no other."""
    client, first, latest = two
    for day in ("2005-01-01", "2021-01-01", "2026-05-01"):
        before, after = (
            {
                (c["jurisdiction"], c["indicator"]): c
                for c in client.get(
                    "/v1/comparisons/matrix", params={"release": release, "as_of": day}
                ).json()["cells"]
            }
            for release in (first, latest)
        )
        value = ("state", "value_boolean", "value_integer", "value_text", "value_codes")
        differ = {
            f"{place}~{indicator}"
            for (place, indicator), cell in after.items()
            if any(cell[name] != before[place, indicator][name] for name in value)
        }
        listed = {
            c["id"]
            for c in changes(client, latest, part="cell")
            if (c["valid_from"] or "") <= day and (c["valid_to"] or "9999") > day
        }
        assert listed == differ, day
    assert differ


def test_changes_page_and_export(two):
    client, _, latest = two
    path = f"/v1/dataset/releases/{latest}/changes"
    whole = changes(client, latest)
    paged: list[dict[str, Any]] = []
    params: dict[str, Any] = {"limit": 7}
    while True:
        page = client.get(path, params=params).json()
        paged += page["items"]
        if page["next_cursor"] is None:
            break
        params["cursor"] = page["next_cursor"]
    assert paged == whole
    rows = list(csv.DictReader(io.StringIO(client.get(f"{path}.csv").text)))
    assert {row["id"] for row in rows} == {c["id"] for c in whole}
    assert len(rows) == sum(max(1, len(c["changes"])) for c in whole)
    other = {**params, "kind": "law"}
    assert client.get(path, params=other).status_code == 422, "a cursor of another question"


# --- answers from a kept release ----------------------------------------------------------------


def term(client: httpx.Client, **params: str) -> tuple[int, str]:
    answer = client.get(
        f"/v1/offences/{HAVING}~offence_1", params={"as_of": "2021-01-01", **params}
    )
    assert answer.status_code == 200, answer.text
    months = answer.json()["penalties"][0]["prison"]["max"]["months"]
    return months, answer.headers["lexcompare-release"]


def test_any_answer_can_come_from_a_kept_release(two):
    client, first, latest = two
    for _ in range(2):  # the second time from memory
        assert term(client) == (72, latest)
        assert term(client, release=first) == (60, first)
        assert term(client, release="0.0.1") == (60, first), "a version is its newest release"
        assert term(client, release=latest) == (72, latest)
    assert client.get("/v1/dataset", params={"release": first}).json()["id"] == first
    assert client.get(f"/v1/offences.csv?release={first}").headers["lexcompare-release"] == first


def test_a_validator_of_one_release_does_not_hold_for_another(two):
    client, first, latest = two
    tags = [
        client.get("/v1/offences", params={"release": name, "as_of": "2021-01-01"}).headers["etag"]
        for name in (first, latest)
    ]
    assert tags[0] != tags[1]
    again = client.get(
        "/v1/offences",
        params={"release": first, "as_of": "2021-01-01"},
        headers={"If-None-Match": tags[0]},
    )
    assert again.status_code == 304


def test_a_page_keeps_its_release(two):
    client, first, _ = two
    answer = client.get("/v1/provisions", params={"release": first, "limit": 3})
    assert f"release={first}" in answer.headers["link"]
    following = client.get(answer.links["next"]["url"])
    assert following.json()["release"] == first


def test_a_release_that_is_not_kept_is_a_problem_that_names_those_that_are(two):
    client, first, latest = two
    for path in ("/v1/laws", "/v1/comparisons/matrix", "/v1/laws.csv", "/v1/dataset"):
        for form in ("release", "release[]"):
            answer = client.get(path, params={form: "0.9.9"})
            assert answer.status_code == 422, path
            (mistake,) = answer.json()["errors"]
            assert (mistake["parameter"], mistake["value"]) == ("release", "0.9.9")
            assert first in mistake["message"]
            assert latest in mistake["message"]
            assert answer.headers["access-control-allow-origin"] == "*"
    missing = client.get("/v1/dataset/releases/0.9.9")
    assert missing.status_code == 404
    assert missing.json()["links"] == [
        f"/v1/dataset/releases/{latest}",
        f"/v1/dataset/releases/{first}",
    ]


def test_every_operation_takes_a_release(two):
    client, _, _ = two
    document = client.get("/openapi.json").json()
    for path, methods in document["paths"].items():
        if path.startswith("/v1/"):
            names = {p["name"] for p in methods["get"]["parameters"]}
            assert "release" in names, path


def test_releases_that_go_are_no_longer_offered(data, engine, request, tmp_path):
    """The list follows what is kept, and so does what can be asked for."""
    seed = Path(shutil.copytree(data, tmp_path / "data"))
    url = ""
    if engine == "postgresql":
        url = new_database(request.getfixturevalue("postgres_url"), "going_releases")
    store = open_store(url, tmp_path / "db")
    names = [compile_seed(seed, store).release.name]
    settings = Settings(database_url=url, folder=tmp_path / "db", watch_seconds=0.05)
    with serve(settings) as client:
        before = client.get("/v1/dataset/releases")
        for n in range(1, KEEP + 1):
            change(seed, "release.yaml", (f"version: 0.0.{n}", f"version: 0.0.{n + 1}"))
            names.append(compile_seed(seed, store).release.name)
            deadline = time.monotonic() + 3
            while client.get("/readyz").json()["release"] != names[-1]:
                assert time.monotonic() < deadline
                time.sleep(0.02)
            assert client.get("/v1/laws", params={"release": names[-2]}).status_code == 200
        after = client.get(
            "/v1/dataset/releases", headers={"If-None-Match": before.headers["etag"]}
        )
        assert [item["id"] for item in after.json()["items"]] == names[:0:-1]
        assert client.get("/v1/laws", params={"release": names[0]}).status_code == 422
        newest = after.json()["items"][0]
        assert newest["previous"]["name"] == names[-2]
        assert set(newest["changes"].values()) == {0}, "only the version changed"
    store.close()
