"""Every comparison over time or between jurisdictions is what the document says."""

from __future__ import annotations

import jsonschema
import pytest

YEARS = {"date_from": "2009-12-31", "date_to": "2025-12-31"}


@pytest.mark.parametrize(
    ("path", "params"),
    [
        ("/v1/comparisons/changes", YEARS),
        ("/v1/comparisons/changes", {**YEARS, "evidence": "true", "group": "eu"}),
        ("/v1/comparisons/adoption", YEARS),
        ("/v1/comparisons/similarity", {"as_of": "2022-06-01", "min_compared": 4}),
        ("/v1/comparisons/crosstab", {"row": "possession", "column": "group"}),
        ("/v1/comparisons/crosstab", {"row": "report_hours", "column": "year", **YEARS}),
        ("/v1/panel", {**YEARS, "frequency": "quarter", "topic": "csam"}),
        ("/v1/panel", {**YEARS, "group": "eu"}),
    ],
)
def test_answers_are_what_the_document_says(world, path, params):
    document = world.get("/openapi.json").json()
    content = document["paths"][path]["get"]["responses"]["200"]["content"]
    schema = content["application/json"]["schema"]
    answer = world.get(path, params=params)
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"] == "application/json"
    jsonschema.Draft202012Validator(
        {**schema, "components": document["components"]},
        format_checker=jsonschema.FormatChecker(),
    ).validate(answer.json())


@pytest.mark.parametrize(
    "path", ["/v1/comparisons/changes", "/v1/comparisons/adoption", "/v1/panel", "/v1/panel.csv"]
)
def test_a_range_is_needed_and_the_document_says_so(world, path):
    operation = world.get("/openapi.json").json()["paths"][path]["get"]
    needed = {p["name"] for p in operation["parameters"] if p["required"]}
    assert needed == {"date_from", "date_to"}
    asked = {name: YEARS[name] for name in needed}
    assert world.get(path, params={**asked, "jurisdiction": "SG"}).status_code == 200
    for name in needed:
        assert world.get(path, params={name: YEARS[name]}).status_code == 422
