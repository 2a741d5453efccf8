"""The quality of the release: the same facts as anybody can count through the API."""

from __future__ import annotations

from typing import Any

import httpx
import jsonschema
import pytest

from models.quality import SuspicionKind

PATH = "/v1/dataset/quality"


@pytest.fixture
def quality(world: httpx.Client) -> dict[str, Any]:
    answer = world.get(PATH)
    assert answer.status_code == 200
    said: dict[str, Any] = answer.json()
    return said


def test_the_answer_is_what_the_document_says(world, quality):
    document = world.get("/openapi.json").json()
    operation = document["paths"][PATH]["get"]
    content = operation["responses"]["200"]["content"]["application/json"]
    schema = {**content["schema"], "components": document["components"]}
    jsonschema.Draft202012Validator(schema).validate(quality)
    assert [c["kind"] for c in quality["suspicion_counts"]] == [k.value for k in SuspicionKind]


def test_it_names_its_release_and_day(world, quality):
    answer = world.get(PATH)
    assert quality["release"] == answer.headers["Lexcompare-Release"]
    assert quality["date"] == answer.headers["Lexcompare-As-Of"]
    again = world.get(PATH, headers={"If-None-Match": answer.headers["ETag"]})
    assert again.status_code == 304


def test_cells_are_those_of_the_matrix(world, quality):
    for told in quality["jurisdictions"]:
        code, day = told["jurisdiction"], quality["date"]
        asked = {"jurisdiction": code, "as_of": day}
        cells = world.get("/v1/comparisons/matrix", params=asked).json()["cells"]
        assert told["cells"] == len(cells)
        silent = [cell for cell in cells if cell["state"] == "not_surveyed"]
        assert told["not_surveyed"] == len(silent)
        assert sum(section["not_surveyed"] for section in told["sections"]) == len(silent)
        valued = sum(section["coded"] for section in told["sections"])
        assert valued == sum(cell["state"] == "coded" for cell in cells)


def test_versions_are_those_of_the_histories(world, quality):
    for told in quality["laws"]:
        tree = world.get(f"/v1/laws/{told['law']}/provisions").json()["provisions"]
        levels: list[str] = []
        outlines, todo = 0, list(tree)
        while todo:
            node = todo.pop()
            todo += node["children"]
            outlines += not node["coded"]
            if node["coded"]:
                history = world.get(f"/v1/provisions/{node['id']}/versions").json()
                levels += [version["verification"] for version in history["versions"]]
        assert told["outlines"] == outlines
        assert told["checked"]["versions"] == len(levels)
        for level in ("official", "consolidated", "secondary", "unverified"):
            assert told["checked"][level] == levels.count(level)
        shares = (told["checked"]["official_share"], told["checked"]["verified_share"])
        assert (None in shares) == (not levels)


def test_suspicions_lead_to_records(world, quality):
    assert quality["suspicions"]
    for told in quality["suspicions"]:
        assert world.get(told["href"]).status_code == 200, told
    kinds = [told["kind"] for told in quality["suspicions"]]
    assert {c["kind"]: c["count"] for c in quality["suspicion_counts"] if c["count"]} == {
        kind: kinds.count(kind) for kind in kinds
    }


def test_it_takes_no_parameters(world):
    answer = world.get(PATH, params={"jurisdiction": "SG"})
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["parameter"] == "jurisdiction"


def test_every_suspicion_of_the_real_dataset_leads_to_a_record(real):
    for told in real.get(PATH).json()["suspicions"]:
        assert real.get(told["href"]).status_code == 200, told
