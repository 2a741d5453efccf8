"""A breaking change of the document needs a word in the changelog."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable
from typing import Any

import pytest

from docs.breaking import RELEASED, Section, breaking, complaints, newest

Json = dict[str, Any]


@pytest.fixture(scope="module")
def released() -> Json:
    document: Json = json.loads(RELEASED.read_text(encoding="utf-8"))
    return document


def laws(document: Json) -> Json:
    operation: Json = document["paths"]["/v1/laws"]["get"]
    return operation


def schema(document: Json, name: str) -> Json:
    found: Json = document["components"]["schemas"][name]
    return found


def parameter(document: Json, name: str) -> Json:
    return next(one for one in laws(document)["parameters"] if one["name"] == name)


def drop_path(document: Json) -> None:
    del document["paths"]["/v1/laws.csv"]


def rename_operation(document: Json) -> None:
    laws(document)["operationId"] = "all_laws"


def drop_parameter(document: Json) -> None:
    laws(document)["parameters"].remove(parameter(document, "topic"))


def require_parameter(document: Json) -> None:
    parameter(document, "topic")["required"] = True


def add_required_parameter(document: Json) -> None:
    new = {"name": "language", "in": "query", "required": True, "schema": {"type": "string"}}
    laws(document)["parameters"].append(new)


def lower_the_limit(document: Json) -> None:
    parameter(document, "limit")["schema"]["maximum"] = 20


def another_default(document: Json) -> None:
    parameter(document, "sort")["schema"]["default"] = "title"


def drop_order(document: Json) -> None:
    parameter(document, "sort")["schema"]["enum"].remove("-title")


def another_answer(document: Json) -> None:
    content = laws(document)["responses"]["200"]["content"]["application/json"]
    content["schema"] = {"$ref": "#/components/schemas/LawTree"}


def another_media_type(document: Json) -> None:
    content = laws(document)["responses"]["422"]["content"]
    content["application/json"] = content.pop("application/problem+json")


def drop_field(document: Json) -> None:
    del schema(document, "LawRecord")["properties"]["title"]


def another_type(document: Json) -> None:
    schema(document, "LawRecord")["properties"]["title"]["type"] = "integer"


def nullable_field(document: Json) -> None:
    schema(document, "LawRecord")["properties"]["title"]["type"] = ["string", "null"]


def optional_field(document: Json) -> None:
    schema(document, "LawRecord")["required"].remove("title")


def drop_word(document: Json) -> None:
    schema(document, "LawKind")["enum"].remove("bill")


def drop_schema(document: Json) -> None:
    del document["components"]["schemas"]["LawTree"]


@pytest.mark.parametrize(
    ("change", "names"),
    [
        (drop_path, {"/v1/laws.csv"}),
        (rename_operation, {"list_laws"}),
        (drop_parameter, {"/v1/laws", "topic"}),
        (require_parameter, {"/v1/laws", "topic"}),
        (add_required_parameter, {"/v1/laws", "language"}),
        (lower_the_limit, {"/v1/laws", "limit"}),
        (another_default, {"/v1/laws", "sort"}),
        (drop_order, {"/v1/laws", "sort"}),
        (another_answer, {"/v1/laws"}),
        (another_media_type, {"/v1/laws"}),
        (drop_field, {"LawRecord", "title"}),
        (another_type, {"LawRecord", "title"}),
        (nullable_field, {"LawRecord", "title"}),
        (optional_field, {"LawRecord", "title"}),
        (drop_word, {"LawKind", "bill"}),
        (drop_schema, {"LawTree"}),
    ],
)
def test_what_breaks_clients_is_found(
    released: Json, change: Callable[[Json], None], names: set[str]
) -> None:
    new = copy.deepcopy(released)
    change(new)
    assert [set(found.names) for found in breaking(released, new)] == [names]


def test_what_is_added_breaks_nobody(released: Json) -> None:
    new = copy.deepcopy(released)
    new["paths"]["/v1/more"] = copy.deepcopy(new["paths"]["/v1/laws"])
    extra = {"name": "language", "in": "query", "required": False, "schema": {"type": "string"}}
    laws(new)["parameters"].append(extra)
    laws(new)["description"] = "Other words."
    schema(new, "LawRecord")["properties"]["language"] = {"type": "string"}
    schema(new, "LawKind")["enum"].append("ordinance")
    assert breaking(released, new) == []


CHANGELOG = """# Changelog

## 0.2.0 (unreleased)

* Something new in `LawRecord`.
* **Breaking:** `LawRecord` has no `title`
  any more.

## 0.1.0

* Breaking: `LawKind` lost `bill`.
"""


def test_only_the_newest_section_counts() -> None:
    section = newest(CHANGELOG)
    assert (section.version, section.released) == ("0.2.0", False)
    assert section.breaking == ("Breaking: `LawRecord` has no `title` any more.",)
    assert newest("# Changelog\n\n## 1.2.3\n\n* One.\n") == Section("1.2.3", True, ())
    with pytest.raises(ValueError, match="no section"):
        newest("# Changelog\n")


def versioned(document: Json, version: str) -> Json:
    new = copy.deepcopy(document)
    new["info"]["version"] = version
    return new


def test_a_breaking_change_must_be_named(released: Json) -> None:
    old, new = versioned(released, "0.1.0"), versioned(released, "0.2.0")
    drop_field(new)
    assert complaints(old, new, newest(CHANGELOG), "0.2.0") == []
    silent = Section("0.2.0", False, ("Breaking: `LawRecord` has no `titles`.",))
    (said,) = complaints(old, new, silent, "0.2.0")
    assert said.startswith("LawRecord.title is gone: CHANGELOG.md has no `* Breaking:`")


def test_versions_follow_the_changelog(released: Json) -> None:
    old, new = versioned(released, "0.1.0"), versioned(released, "0.1.1")
    section = Section("0.1.1", False, ())
    assert complaints(old, new, section, "0.1.1") == []
    assert "versions differ" in complaints(old, new, section, "0.1.0")[0]
    drop_path(new)
    told = Section("0.1.1", False, ("Breaking: `/v1/laws.csv` is gone.",))
    (said,) = complaints(old, new, told, "0.1.1")
    assert said == "0.1.0 to 0.1.1 is too small a step for a breaking change"
    major = versioned(new, "1.0.0")
    assert (
        complaints(
            versioned(released, "0.9.0"), major, Section("1.0.0", True, told.breaking), "1.0.0"
        )
        == []
    )


def test_what_is_released_does_not_change(released: Json) -> None:
    new = copy.deepcopy(released)
    version = released["info"]["version"]
    assert complaints(released, new, Section(version, True, ()), version) == []
    laws(new)["description"] = "Other words."
    (said,) = complaints(released, new, Section(version, True, ()), version)
    assert "begin a new version" in said
