"""Every kind of answer is what the document says, checked against the live document."""

from __future__ import annotations

from typing import Any

import httpx
import jsonschema
import pytest

from api.main import COLLECTIONS as MODULES
from models.collection import COLLECTIONS
from models.flat import header

NAMES = [module.__name__.rpartition(".")[2] for module in MODULES]


@pytest.fixture(scope="module")
def document(world: httpx.Client) -> dict[str, Any]:
    said: dict[str, Any] = world.get("/openapi.json").json()
    return said


def check(document: dict[str, Any], schema: str, answer: Any) -> None:
    """Validate an answer against a schema of the document."""
    jsonschema.Draft202012Validator(
        {"$ref": f"#/components/schemas/{schema}", "components": document["components"]},
        format_checker=jsonschema.FormatChecker(),
    ).validate(answer)


def schema_of(document: dict[str, Any], path: str) -> str:
    content = document["paths"][path]["get"]["responses"]["200"]["content"]
    return str(content["application/json"]["schema"]["$ref"]).rpartition("/")[2]


def test_every_collection_has_its_routes(document):
    assert set(NAMES) == set(COLLECTIONS)
    for name in NAMES:
        assert {f"/v1/{name}", f"/v1/{name}.csv", f"/v1/{name}/{{id}}"} <= set(document["paths"])


@pytest.mark.parametrize("name", NAMES)
def test_page_and_items(world, document, name):
    answer = world.get(f"/v1/{name}", params={"limit": 200, "total": "true", "as_of": "2022-06-01"})
    assert answer.status_code == 200
    page = answer.json()
    check(document, schema_of(document, f"/v1/{name}"), page)
    assert page["items"], f"the invented dataset has no {name} on that day"
    assert page["total"] == len(page["items"])
    for item in page["items"][:5]:
        one = world.get(f"/v1/{name}/{item['id']}", params={"as_of": "2022-06-01"})
        assert one.json() == item
        # Finished JSON is stored as the record's schema writes it, byte for byte.
        record = COLLECTIONS[name].record.model_validate_json(
            one.text, by_alias=False, by_name=True
        )
        assert record.model_dump_json() == one.text


@pytest.mark.parametrize("name", NAMES)
def test_counts_by_every_parameter_offered(world, document, name):
    parameters = {p["name"]: p for p in document["paths"][f"/v1/{name}"]["get"]["parameters"]}
    if "count_by" not in parameters:
        return
    fields = parameters["count_by"]["schema"]["items"]["enum"]
    page = world.get(f"/v1/{name}", params={"count_by": fields, "as_of": "2022-06-01"}).json()
    for count in page["counts"]:
        assert count["field"] in fields
        assert count["field"] in parameters, "what is counted by can be filtered by"
        some = {count["field"]: count["value"], "total": "true", "limit": 1, "as_of": "2022-06-01"}
        assert world.get(f"/v1/{name}", params=some).json()["total"] == count["count"]


@pytest.mark.parametrize("name", NAMES)
def test_every_filter_is_accepted_with_its_published_example(world, document, name):
    """An example is a real code, or is refused as an unknown one: never a crash."""
    for parameter in document["paths"][f"/v1/{name}"]["get"]["parameters"]:
        examples = [parameter["example"]] if "example" in parameter else []
        for example in [*examples, *parameter["schema"].get("examples", [])]:
            answer = world.get(f"/v1/{name}", params={parameter["name"]: example})
            assert answer.status_code in (200, 422), (parameter["name"], answer.text)


@pytest.mark.parametrize("name", NAMES)
def test_csv_has_the_records_columns(world, name):
    first = world.get(f"/v1/{name}.csv").text.splitlines()[0]
    columns = first.split(",")
    assert columns == list(header(COLLECTIONS[name].record))
    assert len(columns) == len(set(columns))


def test_law_tree_effects_and_versions(world, document):
    for law in world.get("/v1/laws", params={"limit": 200}).json()["items"]:
        tree = world.get(f"/v1/laws/{law['id']}/provisions").json()
        check(document, "LawTree", tree)
        check(document, "LawEffects", world.get(f"/v1/laws/{law['id']}/effects").json())
    for provision in world.get("/v1/provisions", params={"limit": 200}).json()["items"]:
        history = world.get(f"/v1/provisions/{provision['id']}/versions").json()
        check(document, "ProvisionHistory", history)


def test_problems_are_what_the_document_says(world, document):
    for path, status in (
        ("/v1/laws?jurisdicton=SG", 422),
        ("/v1/laws/nothing", 404),
        ("/v1/nothing", 404),
        ("/nothing", 404),
    ):
        answer = world.get(path)
        assert answer.status_code == status
        assert answer.headers["content-type"] == "application/problem+json"
        check(document, "Problem", answer.json())
        assert answer.json()["instance"] == path.partition("?")[0]
        explained = world.get(answer.json()["type"])
        assert explained.status_code == 200
        assert answer.json()["title"] in explained.text
