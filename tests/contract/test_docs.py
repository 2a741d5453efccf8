"""The documentation says what there is: settings, commands, collections, questions."""

from __future__ import annotations

import asyncio
import re
from pathlib import Path
from typing import Any

import pytest
import typer.main

from api.cli import app
from api.problems import KINDS
from api.settings import Settings
from docs import matrices
from docs.questions import PAGE, render
from models.collection import COLLECTIONS

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")


def test_every_setting_is_in_the_readme_with_its_default():
    found = re.findall(r"^\| `(LEXCOMPARE_[A-Z_]+)` \|(.*?)\|", README, re.MULTILINE)
    rows = {name: default.strip() for name, default in found}
    expected = {}
    for name, field in Settings.model_fields.items():
        assert field.description, name
        shown = field.default
        expected[f"LEXCOMPARE_{name.upper()}"] = f"`{shown}`" if shown not in ("", None) else ""
    assert rows == expected


def test_every_collection_is_in_the_readme():
    listed = re.search(r"\*\*Collections\*\*: (.*?)\. Each", README, re.DOTALL)
    assert listed is not None
    assert set(re.split(r",\s+", listed[1])) == set(COLLECTIONS)


def test_every_command_and_option_has_help():
    def look(command: Any, name: str) -> None:
        assert command.help, name
        for parameter in command.params:
            if parameter.name != "help":
                assert getattr(parameter, "help", None), (name, parameter.name)
        for sub, inner in getattr(command, "commands", {}).items():
            look(inner, f"{name} {sub}")

    look(typer.main.get_command(app), "lexcompare")


def test_links_between_documents_lead_somewhere():
    for page in [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *ROOT.glob("docs/**/*.md")]:
        for target in re.findall(r"\]\((?!https?:)([^)#]+)\)", page.read_text(encoding="utf-8")):
            assert (page.parent / target).exists(), (page.name, target)


def test_examples_of_the_readme_work(real):
    addresses = re.findall(r"http://127\.0\.0\.1:8000(/[^\s'\")>]*)", README)
    assert len(addresses) > 6
    for address in addresses:
        answer = real.get(address)
        assert answer.status_code == 200, (address, answer.text)
        if "json" in answer.headers["content-type"] and "/v1/" in address:
            assert answer.json().get("items", True), address


def test_questions_are_answered_as_the_page_says(real):
    async def get(path: str) -> str:
        answer = real.get(path)
        assert answer.status_code == 200, (path, answer.text)
        return str(answer.text)

    assert asyncio.run(render(get)) == PAGE.read_text(encoding="utf-8")


@pytest.mark.parametrize("day", matrices.DAYS)
def test_tables_say_what_the_service_answers(real, day):
    written = (matrices.HERE / f"{day}.md").read_text(encoding="utf-8")
    assert matrices.page(day, real.get(matrices.address(day)).text) == written


def test_every_address_among_the_questions_works(real):
    addresses = re.findall(r"^GET (/\S+)$", PAGE.read_text(encoding="utf-8"), re.MULTILINE)
    assert len(addresses) > 20
    for address in addresses:
        assert real.get(address).status_code == 200, address


def test_every_address_on_the_first_page_works(real):
    page = real.get("/").text
    addresses = re.findall(r'(?:href|src)="([^"]+)"', page)
    assert len(addresses) > 15
    for address in addresses:
        assert not address.startswith("http"), "nothing comes from the internet"
        assert real.get("/" + address.replace("&amp;", "&")).status_code == 200, address


def test_examples_of_the_interactive_documentation_have_answers(real):
    """What its form is filled in with, sent all at once, as "Execute" does."""
    for path, methods in real.get("/openapi.json").json()["paths"].items():
        parameters = methods["get"].get("parameters", [])
        examples = {p["name"]: (p["in"], p["example"]) for p in parameters if "example" in p}
        assert {p["name"] for p in parameters if p["required"]} <= set(examples), path
        question = {name: said for name, (where, said) in examples.items() if where == "query"}
        address = path.format_map({name: said for name, (_, said) in examples.items()})
        answer = real.get(address, params=question)
        assert answer.status_code == 200, (path, answer.text)
        media = answer.headers["content-type"].partition(";")[0]
        if path.startswith("/v1/dataset/releases/{id}/changes"):
            continue  # the only release there is has none before it
        if media == "text/csv":
            assert len(answer.text.splitlines()) > 1, path
        elif media == "application/json":
            assert answer.json().get("items", True), path
        else:
            assert answer.content, path


def test_the_first_page_counts_what_its_links_give(real):
    page = real.get("/").text
    tiles = re.findall(r'<a href="(v1/[a-z]+)"><b>([\d,]+)</b>', page)
    assert {href.removeprefix("v1/") for href, _ in tiles} == set(COLLECTIONS)
    for href, shown in tiles:
        total = real.get(f"/{href}", params={"total": "true", "limit": 1}).json()["total"]
        assert int(shown.replace(",", "")) == total, href


def test_every_kind_of_problem_is_explained(real):
    listed = re.findall(r'<a href="(problems/[a-z-]+)">', real.get("/problems").text)
    assert [href.removeprefix("problems/") for href in listed] == list(KINDS)
    for href in listed:
        page = real.get(f"/{href}")
        assert page.status_code == 200
        assert "`" not in page.text


def test_the_index_leads_to_answers(real):
    index = real.get("/v1").json()
    assert {f"/v1/{name}" for name in COLLECTIONS} <= {a["href"] for a in index["addresses"]}
    for entry in index["addresses"]:
        assert entry["about"], entry
        assert real.get(entry["example"]).status_code == 200, entry


def test_documentation_page_loads_only_from_here(real):
    page = real.get("/docs").text
    for address in re.findall(r'(?:href|src)="([^"]+)"', page):
        assert not address.startswith("http")
        assert real.get("/" + address).status_code == 200, address
    assert "http" not in real.get("/assets/docs.js").text.replace("https://", "")
