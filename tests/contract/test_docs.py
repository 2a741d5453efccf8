"""The documentation says what there is: settings, commands, collections, questions."""

from __future__ import annotations

import asyncio
import re
from pathlib import Path
from typing import Any

import typer.main

from api.cli import app
from api.settings import Settings
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


def test_every_address_on_the_first_page_works(real):
    page = real.get("/").text
    addresses = re.findall(r'(?:href|src)="([^"]+)"', page)
    assert len(addresses) > 15
    for address in addresses:
        assert not address.startswith("http"), "nothing comes from the internet"
        assert real.get("/" + address.replace("&amp;", "&")).status_code == 200, address


def test_documentation_page_loads_only_from_here(real):
    page = real.get("/docs").text
    for address in re.findall(r'(?:href|src)="([^"]+)"', page):
        assert not address.startswith("http")
        assert real.get("/" + address).status_code == 200, address
    assert "http" not in real.get("/assets/docs.js").text.replace("https://", "")
