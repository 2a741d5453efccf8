"""The OpenAPI document: reviewed, valid, and in the shape that code generators take."""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from openapi_spec_validator import validate

from api.main import create_app
from docs.breaking import newest

ROOT = Path(__file__).parents[2]
SNAPSHOT = ROOT / "docs" / "openapi.json"


@pytest.fixture(scope="module")
def document() -> dict[str, Any]:
    return create_app().openapi()


def operations(document: dict[str, Any]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            yield path, method, operation


def nodes(node: Any, trail: str = "") -> Iterator[tuple[str, dict[str, Any]]]:
    """Every mapping of the document with where it stands."""
    if isinstance(node, dict):
        yield trail, node
        for key, child in node.items():
            yield from nodes(child, f"{trail}/{key}")
    elif isinstance(node, list):
        for i, child in enumerate(node):
            yield from nodes(child, f"{trail}/{i}")


def test_snapshot_is_up_to_date(document):
    assert json.loads(SNAPSHOT.read_text(encoding="utf-8")) == document


def test_document_is_valid(document):
    assert document["openapi"].startswith("3.1")
    validate(document)


def test_only_get_is_published(document):
    assert {method for _, method, _ in operations(document)} == {"get"}


def test_operation_ids_are_unique_words(document):
    ids = [operation["operationId"] for _, _, operation in operations(document)]
    assert len(ids) == len(set(ids))
    assert all(re.fullmatch(r"(list|get|export)_[a-z_]+", id_) for id_ in ids)


def test_every_operation_is_described_and_tagged(document):
    tags = {tag["name"] for tag in document["tags"]}
    for path, _, operation in operations(document):
        assert operation["summary"], path
        assert operation["description"], path
        assert len(operation["tags"]) == 1, path
        assert set(operation["tags"]) <= tags, path
        for parameter in operation.get("parameters", []):
            assert parameter["description"], (path, parameter["name"])


def test_every_dataset_operation_names_its_problems(document):
    for path, _, operation in operations(document):
        if path.startswith("/v1"):
            assert "422" in operation["responses"], path
        for status, answer in operation["responses"].items():
            if status != "200":
                assert list(answer["content"]) == ["application/problem+json"], path


def test_no_field_is_nullable_through_any_of(document):
    for trail, node in nodes(document):
        assert {"type": "null"} not in node.get("anyOf", []), trail


def test_no_enum_is_nullable(document):
    for trail, node in nodes(document):
        if "enum" in node:
            assert None not in node["enum"], trail
            assert node.get("type") in ("string", "integer"), trail
        for option in node.get("oneOf", []):
            name = option.get("$ref", "").rpartition("/")[2]
            assert "enum" not in document["components"]["schemas"].get(name, {}), trail


def test_answers_have_no_defaults_and_require_every_field(document):
    for name, schema in document["components"]["schemas"].items():
        for trail, node in nodes(schema, name):
            assert "default" not in node or isinstance(node["default"], dict), trail
        if schema.get("type") == "object":
            said = schema["properties"]
            # Linters take a tree for one without end whose members are required.
            own = {n for n in said if said[n].get("items", {}).get("$ref", "").endswith(f"/{name}")}
            assert set(schema.get("required", [])) == set(said) - own, name


def test_nothing_is_untyped(document):
    for trail, node in nodes(document["components"]["schemas"]):
        assert node.get("additionalProperties") is not True, trail
        if "properties" in node and not trail.endswith("/properties"):
            for field, schema in node["properties"].items():
                assert schema.keys() & {"type", "$ref", "oneOf", "anyOf", "const"}, (trail, field)


def test_every_field_says_what_it_means(document):
    for name, schema in document["components"]["schemas"].items():
        assert schema.get("description"), name
        for field, said in schema.get("properties", {}).items():
            assert said.get("description") or "$ref" in said, (name, field)


def test_components_are_used_and_exist(document):
    text = json.dumps(document)
    named = set(re.findall(r"#/components/schemas/([A-Za-z0-9_]+)", text))
    assert named == set(document["components"]["schemas"])


WORDS = re.compile(r"[A-Z][A-Za-z0-9]*")
RESERVED = {
    *("match", "type", "class", "object", "error", "list", "map", "set", "string", "enum", "empty"),
    *("default", "function", "interface", "namespace", "package", "module", "import", "return"),
    *("switch", "case", "catch", "throw", "final", "static", "public", "private", "protected"),
    *("abstract", "self", "none", "true", "false", "null", "void", "int", "float", "bool", "date"),
    *("file", "option", "result", "response", "request", "exception", "api", "model", "any"),
}
"""Words that are reserved in a language, or the name of something that every client imports."""


def test_components_have_names_that_every_language_takes(document):
    """`models__law__Outcome` is what two classes of one name become: call one of them otherwise."""
    names = list(document["components"]["schemas"])
    for name in names:
        assert WORDS.fullmatch(name), name
        assert name.lower() not in RESERVED, name
        assert not name.endswith("Test"), f"{name}: Go takes its file for a test"
    assert len({name.lower() for name in names}) == len(names)


def test_enums_have_words_that_become_names(document):
    """A word and its opposite (`title`, `-title`) are one name to Go: such enums stay inline."""
    for name, schema in document["components"]["schemas"].items():
        words = schema.get("enum", [])
        assert all(re.fullmatch(r"[a-z][a-z0-9_]*", word) for word in words), name
        assert len(set(words)) == len(words), name


def test_numbers_say_how_wide_they_are(document):
    for trail, node in nodes(document):
        said = node.get("type")
        types = said if isinstance(said, list) else [said]
        if "integer" in types:
            assert node["format"] == ("int32" if node.get("maximum", 2**40) < 2**31 else "int64")
        if "number" in types:
            assert node["format"] == "double", trail


def test_answers_may_gain_fields(document):
    """Strict SDKs refuse what `additionalProperties: false` does not name."""
    for trail, node in nodes(document):
        assert node.get("additionalProperties") is not False, trail


def test_no_field_has_a_title(document):
    for trail, node in nodes(document):
        if not re.fullmatch(r"(/info|/components/schemas/\w+|.*/examples/\d+)", trail):
            assert not isinstance(node.get("title"), str), trail


def test_one_schema_a_status_in_every_media_type(document):
    """JSON beside text would make the answer a union; an export names its general type too."""
    general = {
        "application/x-ndjson": "text/plain",
        "application/x-bibtex": "text/plain",
        "application/x-research-info-systems": "text/plain",
        "application/atom+xml": "text/plain",
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": BINARY,
        "application/vnd.apache.parquet": BINARY,
    }
    for path, _, operation in operations(document):
        content = operation["responses"]["200"]["content"]
        exact, *others = content
        if path.endswith("/{file}"):
            continue  # one address for files of several kinds: all are bytes
        assert others == ([general[exact]] if exact in general else []), path
        if general.get(exact) == BINARY:
            for media_type, said in content.items():
                schema = {"type": "string", "format": "binary", "contentMediaType": media_type}
                assert said["schema"] == schema, path
        elif exact != "application/json" and not exact.endswith("+json"):
            assert all(said["schema"] == {"type": "string"} for said in content.values()), path


BINARY = "application/octet-stream"


def test_security_is_said(document):
    """Linters take silence for forgetting."""
    assert document["security"] == []


def test_every_operation_can_be_asked_wrongly(document):
    for path, _, operation in operations(document):
        assert any(status.startswith("4") for status in operation["responses"]), path


def test_the_version_is_that_of_the_changelog(document):
    package = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    section = newest((ROOT / "CHANGELOG.md").read_text(encoding="utf-8"))
    assert document["info"]["version"] == section.version == package["version"]
