"""Breaking changes of the OpenAPI document: none without a word in the changelog.

`docs/openapi-released.json` is the document that users last got. `python -m docs.breaking` compares
`docs/openapi.json` with it; `python -m docs.breaking --release` makes the present document the
released one, which is part of releasing a version.
"""

from __future__ import annotations

import json
import re
import shutil
import sys
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parent.parent
DOCUMENT = ROOT / "docs" / "openapi.json"
RELEASED = ROOT / "docs" / "openapi-released.json"

Json = dict[str, Any]

SECTION = re.compile(r"^## (?P<version>\d+\.\d+\.\d+)(?P<rest>.*)$", re.MULTILINE)
ENTRY = re.compile(r"^\* (.+?)(?=^\S|\Z)", re.MULTILINE | re.DOTALL)


@dataclass(frozen=True)
class Breaking:
    """A change that breaks clients."""

    names: tuple[str, ...]
    """What a changelog entry must name: an operation and its parameter, a schema and its field."""
    text: str
    """What changed."""


# --- comparing ----------------------------------------------------------------------------------


def breaking(old: Json, new: Json) -> list[Breaking]:
    """Return what of a document breaks clients that were made with an older one."""
    return [*_operations(old, new), *_schemas(old, new)]


def _operations(old: Json, new: Json) -> Iterator[Breaking]:
    for path, methods in old["paths"].items():
        for method, was in methods.items():
            now = new["paths"].get(path, {}).get(method)
            place = f"{method.upper()} {path}"
            if now is None:
                yield Breaking((path,), f"{place} is gone")
                continue
            if now["operationId"] != was["operationId"]:
                text = f"{place}: {was['operationId']} is now called {now['operationId']}"
                yield Breaking((was["operationId"],), text)
            if now.get("tags") != was.get("tags"):
                yield Breaking((path,), f"{place} moved to another tag, which names SDK classes")
            yield from _parameters(path, place, was, now)
            yield from _answers(path, place, was, now)


def _parameters(path: str, place: str, was: Json, now: Json) -> Iterator[Breaking]:
    before, after = _by_name(was), _by_name(now)
    for key, one in before.items():
        name = one["name"]
        if key not in after:
            yield Breaking((path, name), f"{place}: parameter {name} is gone")
            continue
        if after[key].get("required") and not one.get("required"):
            yield Breaking((path, name), f"{place}: parameter {name} is now required")
        for text in _narrowed(one["schema"], after[key]["schema"]):
            yield Breaking((path, name), f"{place}: parameter {name} {text}")
    for key, one in after.items():
        if key not in before and one.get("required"):
            yield Breaking((path, one["name"]), f"{place}: new required parameter {one['name']}")


def _by_name(operation: Json) -> dict[tuple[str, str], Json]:
    return {(one["in"], one["name"]): one for one in operation.get("parameters", [])}


def _answers(path: str, place: str, was: Json, now: Json) -> Iterator[Breaking]:
    for status, answer in was["responses"].items():
        for media_type, content in answer.get("content", {}).items():
            after = now["responses"].get(status, {}).get("content", {}).get(media_type)
            if after is None:
                yield Breaking((path,), f"{place}: no {media_type} with status {status} any more")
            elif _kind(after.get("schema", {})) != _kind(content.get("schema", {})):
                yield Breaking((path,), f"{place}: status {status} answers another schema")


def _schemas(old: Json, new: Json) -> Iterator[Breaking]:
    """Compare the components by name; a renamed one is gone, and SDK users see that.

    Vocabularies grow with the law that is coded: a new word is no breaking change (docs/sdks.md).
    """
    after = new["components"]["schemas"]
    for name, was in old["components"]["schemas"].items():
        now = after.get(name)
        if now is None:
            yield Breaking((name,), f"schema {name} is gone")
            continue
        for field, before in was.get("properties", {}).items():
            if field not in now.get("properties", {}):
                yield Breaking((name, field), f"{name}.{field} is gone")
                continue
            if _kind(now["properties"][field]) != _kind(before):
                yield Breaking((name, field), f"{name}.{field} has another type")
            if field in was.get("required", []) and field not in now.get("required", []):
                yield Breaking((name, field), f"{name}.{field} may now be missing")
        for word in was.get("enum", []):
            if word not in now.get("enum", []):
                yield Breaking((name, word), f"{name}: the word {word} is gone")


def _kind(schema: Json) -> Any:
    """Return what of a schema makes the type of an SDK; descriptions and examples do not."""
    kept: Json = {
        key: schema[key]
        for key in ("$ref", "type", "format", "enum", "const", "contentMediaType")
        if key in schema
    }
    if isinstance(kept.get("type"), list):
        kept["type"] = sorted(kept["type"])
    for key in ("items", "additionalProperties"):
        if isinstance(schema.get(key), dict):
            kept[key] = _kind(schema[key])
    for key in ("oneOf", "anyOf", "allOf"):
        if key in schema:
            kept[key] = sorted((_kind(option) for option in schema[key]), key=json.dumps)
    return kept


def _narrowed(was: Json, now: Json) -> Iterator[str]:
    """Say how a parameter takes less than it did."""
    if gone := [word for word in was.get("enum", []) if word not in now.get("enum", [word])]:
        yield f"no longer takes {', '.join(map(str, gone))}"
    if "enum" in now and "enum" not in was:
        yield "takes listed words only"
    for key in ("$ref", "format"):
        if was.get(key) != now.get(key):
            yield f"has another {key.removeprefix('$')}"
    types = [
        said if isinstance(said, list) else [said] for said in (was.get("type"), now.get("type"))
    ]
    if set(types[0]) - set(types[1]):
        yield "has another type"
    for key, worse in (("minimum", 1), ("maximum", -1), ("maxLength", -1), ("minLength", 1)):
        if key in now and (key not in was or (now[key] - was[key]) * worse > 0):
            yield f"has another {key}"
    if now.get("pattern") not in (None, was.get("pattern")):
        yield "has another pattern"
    if was.get("default") != now.get("default"):
        yield "has another default"
    if isinstance(was.get("items"), dict) and isinstance(now.get("items"), dict):
        yield from _narrowed(was["items"], now["items"])


# --- the changelog ------------------------------------------------------------------------------


@dataclass(frozen=True)
class Section:
    """The newest section of the changelog."""

    version: str
    released: bool
    breaking: tuple[str, ...]
    """Its entries that begin with `Breaking:`."""


def newest(changelog: str) -> Section:
    """Read the newest section. Raises `ValueError` if there is none."""
    heads = list(SECTION.finditer(changelog))
    if not heads:
        raise ValueError("the changelog has no section `## X.Y.Z`")
    end = heads[1].start() if len(heads) > 1 else len(changelog)
    entries = [
        " ".join(found[1].replace("**", "").split())
        for found in ENTRY.finditer(changelog[heads[0].end() : end])
    ]
    return Section(
        heads[0]["version"],
        "unreleased" not in heads[0]["rest"],
        tuple(entry for entry in entries if entry.startswith("Breaking:")),
    )


def complaints(old: Json, new: Json, section: Section, package: str) -> list[str]:
    """Return what is wrong with a document, given the one that users have."""
    version, before = new["info"]["version"], old["info"]["version"]
    found = breaking(old, new)
    said = []
    if not version == section.version == package:
        said.append(
            f"versions differ: {version} in the document, {section.version} in the changelog, "
            f"{package} in pyproject.toml"
        )
    if version == before and section.released and old != new:
        said.append(f"{version} is released, and the document changed: begin a new version")
    if found and version != before and not _steps(before, version):
        said.append(f"{before} to {version} is too small a step for a breaking change")
    for change in found:
        if not any(all(_names(entry, name) for name in change.names) for entry in section.breaking):
            named = " and ".join(f"`{name}`" for name in change.names)
            said.append(f"{change.text}: CHANGELOG.md has no `* Breaking:` that names {named}")
    return said


def _steps(before: str, after: str) -> bool:
    """Tell whether a version may break what an earlier one promised (semantic versioning)."""
    old, new = ([int(part) for part in version.split(".")] for version in (before, after))
    return new[0] > old[0] or (old[0] == 0 and new[:2] > old[:2])


def _names(entry: str, name: str) -> bool:
    """Tell whether an entry has a name as a whole word."""
    return re.search(rf"(?<![\w/-]){re.escape(name)}(?![\w/-])", entry) is not None


def main(arguments: list[str]) -> int:
    """Check, or release; return the exit code."""
    if arguments == ["--release"]:
        shutil.copyfile(DOCUMENT, RELEASED)
        return 0
    old, new = (json.loads(path.read_text(encoding="utf-8")) for path in (RELEASED, DOCUMENT))
    package = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    section = newest((ROOT / "CHANGELOG.md").read_text(encoding="utf-8"))
    said = complaints(old, new, section, package["version"])
    for line in said:
        sys.stderr.write(f"{line}\n")
    return 1 if said else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
