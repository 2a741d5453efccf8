"""The matrix as Markdown and as a page: the cells of the JSON in words, each with its citations."""

from __future__ import annotations

import re
from html.parser import HTMLParser

import httpx
import pytest

from tests.api.test_legal_model import ask

ASKED = {"jurisdiction": "SG,GB,US,LV", "section": "offences,penalties", "as_of": "2021-01-01"}


def text_of(client: httpx.Client, name: str, **asked: str) -> str:
    answer = client.get(f"/v1/comparisons/{name}", params=asked)
    assert answer.status_code == 200, answer.text
    assert answer.headers["lexcompare-as-of"] == asked["as_of"]
    return answer.text


class Page(HTMLParser):
    """What a page holds: elements, cells, links and ids."""

    VOID = ("meta", "br", "link", "img")

    def __init__(self, text: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.tags: list[str] = []
        self.ids: list[str] = []
        self.links: list[str] = []
        self.rows: list[list[str]] = []
        self.feed(text)
        assert self.open == [], "every element is closed"

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        said = dict(attrs)
        self.tags.append(tag)
        if tag not in self.VOID:
            self.open.append(tag)
        if said.get("id"):
            self.ids.append(str(said["id"]))
        if tag == "a":
            self.links.append(str(said["href"]))
        if tag == "tr":
            self.rows.append([])
        if tag in ("th", "td"):
            self.rows[-1].append("")

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if {"th", "td"} & set(self.open):
            self.rows[-1][-1] += f" {data}" if "sup" not in self.open else ""


def markdown_rows(text: str) -> list[list[str]]:
    """The table's rows, without notes."""
    lines = [line for line in text.splitlines() if line.startswith("|")]
    cells = [re.sub(r"\[\^\d+\]", "", line).strip("|").split(" | ") for line in lines]
    return [[" ".join(cell.split()) for cell in line] for line in cells if "---" not in line[0]]


def test_cells_say_what_the_json_says(world: httpx.Client):
    matrix = ask(world, "comparisons/matrix", **ASKED)
    rows = markdown_rows(text_of(world, "matrix.md", **ASKED))
    # Eight indicators and four jurisdictions: the longer side runs down the page.
    assert [re.sub(r".*\(`(.*)`\)", r"\1", h) for h in rows[0][1:]] == matrix["jurisdictions"]
    assert [re.sub(r".*\(`(.*)`\)", r"\1", r[0]) for r in rows[1:]] == matrix["indicators"]
    found = {
        (code, indicator): rows[1 + i][1 + j]
        for i, indicator in enumerate(matrix["indicators"])
        for j, code in enumerate(matrix["jurisdictions"])
    }
    assert found["SG", "possession"] == "yes"
    assert found["SG", "possession_max_prison"] == "60 months"
    assert found["SG", "possession_fault"] == "reason to believe"
    assert found["SG", "possession_since"] == "2020-01-01"
    assert found["GB", "possession_max_prison"] == "60 months *via GB-EAW*"
    assert found["US", "any_max_prison"] == "life"
    for cell in matrix["cells"]:
        said = found[cell["jurisdiction"], cell["indicator"]]
        assert ("*not surveyed*" in said) == (cell["state"] == "not_surveyed"), said


def test_the_page_has_the_same_cells(world: httpx.Client):
    rows = markdown_rows(text_of(world, "matrix.md", **ASKED))
    page = Page(text_of(world, "matrix.html", **ASKED))
    plain = [[re.sub(r"[*`()\\]", "", cell) for cell in row] for row in rows]
    assert [[" ".join(cell.split()) for cell in row] for row in page.rows] == plain


def test_states_are_words(world: httpx.Client):
    asked = {"jurisdiction": "SG,TH", "as_of": "2020-06-01", "indicator": "report_duty,possession"}
    cells = ask(world, "comparisons/matrix", **asked)["cells"]
    words = {"absent": "absent", "general_law": "general law", "not_applicable": "n/a"}
    words |= {"disputed": "disputed", "not_surveyed": "not surveyed", "coded": "a value alone"}
    for name in ("matrix.md", "matrix.html"):
        text = text_of(world, name, **asked)
        for state in {cell["state"] for cell in cells}:
            assert words[state] in text


def test_every_cell_cites_what_proves_it(world: httpx.Client):
    matrix = ask(world, "comparisons/matrix", **ASKED)
    text = text_of(world, "matrix.md", **ASKED)
    notes = dict(re.findall(r"^\[\^(\d+)\]: (.*)$", text, re.MULTILINE))
    table = "\n".join(line for line in text.splitlines() if line.startswith("|"))
    assert set(re.findall(r"\[\^(\d+)\]", table)) == set(notes)
    assert list(notes) == [str(n) for n in range(1, len(notes) + 1)]
    cited = " ".join(notes.values())
    for cell in matrix["cells"]:
        for proof in cell["evidence"]:
            if proof["kind"] != "effect" and proof["source_url"]:
                assert f"<{proof['source_url']}>" in cited
    assert "Example Offences Act 1900, s 13, as from 2020-01-01 (official)." in cited


def test_the_page_loads_nothing_and_its_links_lead_somewhere(world: httpx.Client):
    text = text_of(world, "matrix.html", **ASKED)
    page = Page(text)
    assert not {"script", "link", "img", "iframe"} & set(page.tags)
    assert "@import" not in text
    assert "url(" not in text
    assert len(page.ids) == len(set(page.ids))
    notes = [link for link in page.links if link.startswith("#")]
    assert notes
    assert {link[1:] for link in notes} <= set(page.ids)
    records = {link for link in page.links if link.startswith("../")}
    assert len(records) > 5
    for link in records:
        assert world.get(f"/v1/{link[3:].replace('&amp;', '&')}").status_code == 200, link
    for link in set(page.links) - set(notes) - records:
        assert link.startswith("https://"), link


def test_the_page_names_its_day_and_release_and_can_be_used_by_keyboard(world: httpx.Client):
    answer = world.get("/v1/comparisons/matrix.html", params=ASKED)
    text = answer.text
    caption = re.search(r'<caption id="caption">(.*?)</caption>', text)
    assert caption is not None
    assert "2021-01-01" in caption[1]
    assert answer.headers["lexcompare-release"] in caption[1]
    assert "<title>Law compared, as it stood on 2021-01-01" in text
    assert '<div class="scroll" role="region" aria-labelledby="caption" tabindex="0">' in text
    assert text.count('<th scope="col"') == 5
    assert text.count('<th scope="row"') == len(Page(text).rows) - 1
    assert "prefers-color-scheme: dark" in text
    assert "@media print" in text


def test_media_types(world: httpx.Client):
    for name, media_type in (("matrix.md", "text/markdown"), ("matrix.html", "text/html")):
        answer = world.get(f"/v1/comparisons/{name}", params=ASKED)
        assert answer.headers["content-type"] == f"{media_type}; charset=utf-8"
        again = world.get(
            f"/v1/comparisons/{name}",
            params=ASKED,
            headers={"if-none-match": answer.headers["etag"]},
        )
        assert again.status_code == 304


@pytest.mark.parametrize("name", ["matrix.md", "matrix.html"])
def test_what_does_not_fit_is_refused(world: httpx.Client, name: str):
    answer = world.get(f"/v1/comparisons/{name}?jurisdiction=UK")
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["suggestion"] == "GB"


def test_real_law_is_cited_by_section(real: httpx.Client):
    asked = {"jurisdiction": "SG", "indicator": "possession_max_prison", "as_of": "2024-01-01"}
    text = text_of(real, "matrix.md", **asked)
    assert "| Singapore (`SG`) | 60 months" in text
    assert "Penal Code 1871, s 377BK(1), as from 2020-01-01 (official)." in text
    assert "<https://sso.agc.gov.sg/Act/PC1871?ProvIds=pr377BK-" in text


@pytest.mark.parametrize("name", ["matrix.md", "matrix.html"])
def test_authorities_are_called_by_their_names(real: httpx.Client, name: str):
    said = text_of(real, name, jurisdiction="SG", indicator="report_to", as_of="2026-11-01")
    assert "Singapore Police Force" in said
    assert "sg-spf" not in said
