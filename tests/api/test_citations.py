"""Citations, read back by the libraries that reference managers are built of."""

from __future__ import annotations

import json
import re
import tomllib
from pathlib import Path
from typing import Any

import bibtexparser
import citeproc
import httpx
import jsonschema
import openpyxl
import pytest
import rispy
import yaml
from bibtexparser.middlewares import LatexDecodingMiddleware
from citeproc.source.json import CiteProcJSON

from models.vocabulary import LawKind
from seed.dataset import default_data

ROOT = Path(__file__).parents[2]
DAY = "2022-06-01"


def ask(client: httpx.Client, path: str, **asked: str) -> dict[str, Any]:
    answer = client.get(path, params=asked)
    assert answer.status_code == 200, answer.text
    said: dict[str, Any] = answer.json()
    return said


@pytest.mark.parametrize(
    ("record", "text"),
    [
        ("provisions/sg-penal-code-1871~sec_377BK", "Penal Code 1871 (Singapore) s 377BK"),
        ("provisions/gb-sexual-offences-act-2003~sec_15", "Sexual Offences Act 2003, s 15"),
        ("provisions/us-18usc~sec_2252A", "18 U.S.C. § 2252A"),
        ("provisions/de-strafgesetzbuch-1871~sec_184b", "§ 184b StGB"),
        ("provisions/au-criminal-code-1995~sec_474.22", "Criminal Code Act 1995 (Cth) s 474.22"),
        ("provisions/eu-interim-derogation-2021~art_3", "Regulation (EU) 2021/1232, art 3"),
        ("provisions/th-penal-code-1956~sec_287-1", "Penal Code B.E. 2499 (Thailand), s 287/1"),
        ("provisions/budapest-convention~art_9", "Convention on Cybercrime, ETS No. 185, art 9"),
        ("laws/sg-penal-code-1871", "Penal Code 1871 (Singapore)"),
        ("laws/de-strafgesetzbuch-1871", "Strafgesetzbuch (StGB)"),
        ("laws/us-18usc", "18 U.S.C."),
        ("laws/us-report-act-2024", "REPORT Act, Public Law 118-59"),
        ("laws/us-pl-110-358", "Public Law 110-358"),
        ("laws/eu-digital-services-act-2022", "Regulation (EU) 2022/2065"),
    ],
)
def test_the_manner_of_each_jurisdiction(real: httpx.Client, record: str, text: str):
    assert ask(real, f"/v1/{record}/citation", as_of="2024-07-01")["text"] == text


def test_a_bibliography_names_country_state_and_day_of_reading(real: httpx.Client):
    path = "/v1/provisions/sg-penal-code-1871~sec_377BK/citation"
    said = ask(real, path, as_of="2024-03-01")
    assert re.fullmatch(
        r"Penal Code 1871, Ordinance 4 of 1871, s 377BK \(Singapore\)\. "
        r"As in force on 1 March 2024, in the version of 1 January 2020\. "
        r"Retrieved \w+ \d+, 2026, from https://sso\.agc\.gov\.sg/Act/PC1871\?ProvIds=pr377BK-",
        said["apa"],
    )
    assert said["as_of"] == "2024-03-01"
    assert said["href"] == "/v1/provisions/sg-penal-code-1871~sec_377BK?as_of=2024-03-01"
    assert real.get(said["href"]).status_code == 200


def every(client: httpx.Client) -> list[tuple[str, dict[str, Any], dict[str, Any]]]:
    """Every law and provision of a day: its address, record and citation."""
    found = []
    for name in ("laws", "provisions"):
        for item in ask(client, f"/v1/{name}", limit="200", as_of=DAY)["items"]:
            path = f"/v1/{name}/{item['id']}/citation"
            found.append((path, item, ask(client, path, as_of=DAY)))
    return found


def addresses(item: dict[str, Any]) -> set[str | None]:
    """Where a record may be read: its own address or its sources; nowhere if it has none."""
    found = {source["url"] for source in item["sources"]} | {item.get("url")}
    return found - {None} or {None}


def test_bibtex_is_read_back(world: httpx.Client):
    for path, item, said in every(world):
        answer = world.get(f"{path}.bib", params={"as_of": DAY})
        assert answer.headers["content-type"] == "application/x-bibtex; charset=utf-8"
        assert answer.text == said["bibtex"]
        library = bibtexparser.parse_string(
            answer.text, append_middleware=[LatexDecodingMiddleware()]
        )
        assert not library.failed_blocks
        (entry,) = library.entries
        assert re.fullmatch(r"[\w:.-]+", entry.key)
        fields = {field.key: field.value for field in entry.fields}
        title = item.get("law_title") or item["title"]
        assert fields["title"].strip("{}").startswith(title)
        if "number" in item and "law" in item:
            assert item["number"] in fields["title"]
        assert said["text"] in fields["note"]
        assert fields.get("url") in addresses(item)


def test_ris_is_read_back(world: httpx.Client):
    kinds = {"bill": "BILL", "judgment": "CASE"}
    for path, item, said in every(world):
        answer = world.get(f"{path}.ris", params={"as_of": DAY})
        assert answer.text == said["ris"]
        (entry,) = rispy.loads(answer.text)
        assert "unknown_tag" not in entry
        assert entry["title"] == (item.get("law_title") or item["title"])
        assert entry["short_title"] == said["text"]
        assert entry.get("urls", [None])[0] in addresses(item)
        assert ("section" in entry) == ("law" in item)
        if "kind" in item and "law" not in item:
            assert entry["type_of_reference"] == kinds.get(item["kind"], "STAT")


def test_csl_json_is_read_back(world: httpx.Client):
    for path, item, said in every(world):
        answer = world.get(f"{path}.csl.json", params={"as_of": DAY})
        assert answer.headers["content-type"] == "application/vnd.citationstyles.csl+json"
        items = answer.json()
        assert items == json.loads(said["csl_json"])
        (entry,) = CiteProcJSON(items).values()
        assert str(entry["title"]) == (item.get("law_title") or item["title"])
        assert entry.type.lower() in ("legislation", "bill", "legal_case", "treaty")
        rendered = rendering(items)
        assert re.search(r"\w{4}", rendered), rendered


def rendering(items: list[dict[str, Any]]) -> str:
    """The bibliography that a style makes of items."""
    style = citeproc.CitationStylesStyle("harvard-cite-them-right", validate=False)
    source = CiteProcJSON(items)
    bibliography = citeproc.CitationStylesBibliography(style, source, citeproc.formatter.plain)
    bibliography.register(citeproc.Citation([citeproc.CitationItem(key) for key in source]))
    return " ".join(str(line) for line in bibliography.bibliography())


def test_text_that_latex_would_read_is_escaped(real: httpx.Client):
    said = ask(real, "/v1/laws/sg-online-safety-code-social-media-2023/citation")
    library = bibtexparser.parse_string(said["bibtex"])
    assert not library.failed_blocks
    assert re.search(r"(?<!\\)[&%$#_]", library.entries[0]["title"]) is None


def test_unknown_and_not_in_force(world: httpx.Client):
    answer = world.get("/v1/laws/sg-example-harms-act-2032/citation")
    assert answer.status_code == 404
    assert answer.json()["links"] == ["/v1/laws/sg-example-harms-act-2023"]
    path = "/v1/provisions/sg-example-offences-act-1900~sec_13/citation.bib"
    answer = world.get(path, params={"as_of": "2019-12-31"})
    assert answer.status_code == 404
    assert answer.json()["type"] == "/problems/not-in-force"
    assert world.get("/v1/dataset/citation?as_of=2020-01-01").status_code == 422


# --- dataset ------------------------------------------------------------------------------------


def test_the_dataset_names_its_release(world: httpx.Client):
    said = ask(world, "/v1/dataset/citation")
    release = world.get("/v1/laws").headers["lexcompare-release"]
    assert said["text"] == (
        "Lexcompare contributors (2026). An invented world of law "
        f"[Data set; release {release}]. Released on 15 January 2026."
    )
    (item,) = world.get("/v1/dataset/citation.csl.json").json()
    assert (item["type"], item["version"]) == ("dataset", release)
    (entry,) = rispy.loads(world.get("/v1/dataset/citation.ris").text)
    assert entry["authors"] == ["Lexcompare contributors"]
    library = bibtexparser.parse_string(world.get("/v1/dataset/citation.bib").text)
    assert library.entries[0]["number"] == release


def test_the_citation_file_is_valid_and_names_this_dataset():
    """By the schema of the Citation File Format (CC BY 4.0), which its `$id` names."""
    schema = json.loads(
        (ROOT / "tests/data/schemas/citation-file-format-1.2.0.json").read_text(encoding="utf-8")
    )
    text = (ROOT / "CITATION.cff").read_text(encoding="utf-8")
    said = yaml.safe_load(text)
    said["date-released"] = said["date-released"].isoformat()
    jsonschema.Draft7Validator(schema, format_checker=jsonschema.FormatChecker()).validate(said)
    release = yaml.safe_load((default_data() / "release.yaml").read_text(encoding="utf-8"))
    assert said["title"] == release["title"]
    assert said["version"] == release["version"]
    assert said["license"] == release["license"]
    assert said["date-released"] == release["date"].isoformat()
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert said["authors"] == project["authors"]


# --- the matrix ---------------------------------------------------------------------------------

ASKED = {"jurisdiction": "SG,GB", "indicator": "possession", "as_of": DAY}
ADDRESS = f"/v1/comparisons/matrix?jurisdiction=SG&jurisdiction=GB&indicator=possession&as_of={DAY}"


def test_every_matrix_can_be_cited_and_asked_for_again(world: httpx.Client, tmp_path: Path):
    answer = world.get("/v1/comparisons/matrix", params=ASKED)
    matrix = answer.json()
    assert matrix["citation"] == (
        "Lexcompare contributors (2026). An invented world of law [Data set; release "
        f"{matrix['release']}]. Law as it stood on 1 June 2022. {ADDRESS}"
    )
    assert world.get(ADDRESS).json() == matrix
    for suffix in ("", ".md", ".html", ".csv", ".xlsx"):
        one = world.get(f"/v1/comparisons/matrix{suffix}", params=ASKED)
        assert one.headers["link"] == f'<{ADDRESS}>; rel="cite-as"'
    workbook = tmp_path / "matrix.xlsx"
    workbook.write_bytes(one.content)
    about = openpyxl.load_workbook(workbook)["about"]
    assert ["citation", matrix["citation"]] in [[c.value for c in row] for row in about]
    before = matrix["citation"].removesuffix(ADDRESS)
    markdown = world.get("/v1/comparisons/matrix.md", params=ASKED).text
    assert markdown.endswith(f"`{ADDRESS}`\n")
    assert before.strip() in markdown.replace("\\", "")
    page = world.get("/v1/comparisons/matrix.html", params=ASKED).text
    assert f">{ADDRESS.replace('&', '&amp;')}</a>" in page


def test_an_undated_matrix_is_cited_with_its_day(world: httpx.Client):
    answer = world.get("/v1/comparisons/matrix?jurisdiction=SG&indicator=possession")
    day = answer.headers["lexcompare-as-of"]
    assert answer.json()["citation"].endswith(f"indicator=possession&as_of={day}")


def test_kinds_of_law_have_words():
    """`howpublished` is made from the code of the kind."""
    assert all(re.fullmatch(r"[a-z_]+", kind) for kind in LawKind)
