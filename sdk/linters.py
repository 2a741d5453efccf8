"""Linters of the OpenAPI document: none may report an error, and the first two no warning."""

from __future__ import annotations

import json

from sdk.tools import BUILD, DOCUMENT, HERE, VENV, FailedError, jar, java, node, run


def spectral() -> str:
    """Lint with the ruleset of OpenAPI; hints count too."""
    ruleset = HERE / "spectral.yaml"
    run([node("spectral"), "lint", "-r", ruleset, "--fail-severity", "hint", DOCUMENT])
    return "no error, no warning"


def redocly() -> str:
    """Lint with the recommended ruleset."""
    said = run([node("redocly"), "lint", "--extends", "recommended", "--format", "json", DOCUMENT])
    totals = json.loads(said[said.index("{") : said.rindex("}") + 1])["totals"]
    if totals["errors"] or totals["warnings"]:
        raise FailedError(said)
    return "no error, no warning"


def vacuum() -> str:
    """Lint with vacuum's own rules; it exits with 1 for an error."""
    run([node("vacuum"), "lint", "--no-banner", "--no-style", "--fail-severity", "error", DOCUMENT])
    return "no error"


def spec_validator() -> str:
    """Validate against the schema of OpenAPI 3.1."""
    run([VENV / "bin" / "openapi-spec-validator", DOCUMENT])
    return "valid"


def generator_validator() -> str:
    """Validate with openapi-generator.

    Without its recommendations: they warn of a `nullable` that it puts into the document itself.
    """
    said = run([java(), "-jar", jar(), "validate", "-i", DOCUMENT], BUILD)
    if "warning" in said.lower():
        raise FailedError(said)
    return "no error, no warning"


LINTERS = {
    "spectral": spectral,
    "redocly": redocly,
    "vacuum": vacuum,
    "openapi-spec-validator": spec_validator,
    "openapi-generator validate": generator_validator,
}
