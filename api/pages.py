"""Pages for people: the first page, the interactive documentation, the kinds of problem."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import escape
from importlib.resources import files

from fastapi import APIRouter, FastAPI, Request, Response
from fastapi.responses import HTMLResponse

from api.index import IndexEntry, entries
from api.problems import KINDS, ProblemError
from api.query import today
from api.serving import ReleaseDep
from models.collection import COLLECTIONS
from models.statements import Shape

router = APIRouter(include_in_schema=False)

STATIC = files("api") / "static"
SWAGGER = files("fastapi_swagger") / "resources"
ASSETS = {
    "style.css": (STATIC, "text/css"),
    "docs.js": (STATIC, "text/javascript"),
    "swagger-ui.css": (SWAGGER, "text/css"),
    "swagger-ui-bundle.js": (SWAGGER, "text/javascript"),
    "favicon-32x32.png": (SWAGGER, "image/png"),
}
"""Everything that the pages load, by name: nothing comes from the internet."""

EXAMPLES: tuple[tuple[str, ...], ...] = (
    (
        "What possession could carry in Singapore on 31 December 2019, and a day later",
        "/v1/offences?jurisdiction=SG&conduct=possess&as_of=2019-12-31",
        "/v1/offences?jurisdiction=SG&conduct=possess&as_of=2020-01-01",
    ),
    (
        "Which offences reach acts abroad: those that name citizens, and those that bind everybody",
        "/v1/offences?jurisdiction=SG&reach_basis=offender_national,any_person_anywhere",
    ),
    (
        "Whose law reaches material that a Singaporean made in Thailand, and why others do not",
        "/v1/comparisons/reach.csv?conduct=produce&material_class=csam&place=TH"
        "&offender_nationality=SG&act_date=2021-05-01",
    ),
    (
        "Penalties of three jurisdictions side by side, with what proves each",
        "/v1/comparisons/matrix.html?jurisdiction=SG,DE,US&section=penalties",
    ),
    (
        "Where the Online Criminal Harms Act stood on 1 March 2024",
        "/v1/laws/sg-online-criminal-harms-act-2023?as_of=2024-03-01",
    ),
    (
        "Who may order content disabled or blocked, and what refusal carries",
        "/v1/powers?kind=disable,block",
    ),
    (
        "What the penalties for such material are, as a table",
        "/v1/penalties.csv?material_class=csam&base=true",
    ),
)


def _page(title: str, body: str, depth: str = "") -> HTMLResponse:
    """Return a page in the common frame; `depth` leads back to the root."""
    return HTMLResponse(
        f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{escape(title)}</title>'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f'<link rel="icon" href="{depth}assets/favicon-32x32.png">'
        f'<link rel="stylesheet" href="{depth}assets/style.css"></head>'
        f"<body><main>{body}</main></body></html>"
    )


@router.get("/")
async def first_page(request: Request, release: ReleaseDep) -> HTMLResponse:
    """Say what this is and where to go; the numbers are those of today, as in the lists."""
    day = today().isoformat()
    tiles = ""
    for name in COLLECTIONS:
        number = (await release.read(release.total(Shape(name)), as_of=day))[0][0]
        tiles += (
            f'<li><a href="v1/{name}"><b>{number:,}</b> {name}</a> '
            f'<a href="v1/{name}.csv">CSV</a></li>'
        )
    comparisons = "".join(
        f'<li><a href="{escape(entry.example[1:])}">{escape(entry.about)}</a>'
        f"<br><code>{escape(entry.href)}</code></li>"
        for entry in _comparisons(request.app)
    )
    examples = "".join(
        f"<li>{escape(question)}"
        + "".join(f'<br><a href="{escape(a[1:])}"><code>{escape(a)}</code></a>' for a in addresses)
        + "</li>"
        for question, *addresses in EXAMPLES
    )
    return _page(
        "Lexcompare",
        "<h1>Lexcompare</h1><p>Coded, dated and cited law on online safety and child protection. "
        "Ask about a day with <code>as_of</code>; every record names the provision and the source "
        "that prove it.</p>"
        '<nav><a class="button" href="docs">Documentation</a> '
        '<a href="openapi.json">OpenAPI document</a></nav>'
        f"<h2>Try</h2><ul class='examples'>{examples}</ul>"
        f"<h2>Browse</h2><ul class='tiles'>{tiles}</ul>"
        f"<h2>Compare</h2><ul class='examples'>{comparisons}</ul>"
        f"<footer>Release {escape(release.name)} of {release.record.date} · data "
        f"{escape(release.record.license)}</footer>",
    )


def _comparisons(app: FastAPI) -> Iterator[IndexEntry]:
    """Yield the comparisons, each in its first format and in those for reading."""
    shown: set[str] = set()
    for entry in entries(app):
        name, _, suffix = entry.href.partition(".")
        first = name not in shown
        if entry.tag in ("comparisons", "panel") and (first or suffix in ("md", "html")):
            shown.add(name)
            yield entry


@router.get("/docs")
async def interactive_documentation() -> HTMLResponse:
    """Show Swagger UI, from the server itself."""
    return HTMLResponse(
        '<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Lexcompare API</title>'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        '<link rel="icon" href="assets/favicon-32x32.png">'
        '<link rel="stylesheet" href="assets/swagger-ui.css">'
        '<link rel="stylesheet" href="assets/style.css">'
        '</head><body class="docs"><nav><a href="./">Lexcompare</a></nav>'
        '<div id="swagger-ui"></div>'
        '<script src="assets/swagger-ui-bundle.js"></script><script src="assets/docs.js"></script>'
        "</body></html>"
    )


@router.get("/assets/{name}")
async def asset(name: str) -> Response:
    """Serve a file that the pages load."""
    if name not in ASSETS:
        raise ProblemError("not-found", f"No such file: {name}")
    folder, media_type = ASSETS[name]
    return Response((folder / name).read_bytes(), media_type=media_type)


@router.get("/problems")
async def problem_kinds() -> HTMLResponse:
    """List the kinds of problem."""
    listed = "".join(
        f'<li><a href="problems/{kind}">{escape(title)}</a> (HTTP {status})</li>'
        for kind, (status, title, _) in KINDS.items()
    )
    return _page("Problems", f"<h1>Problems</h1><ul>{listed}</ul>" + _HOME.format(depth=""))


@router.get("/problems/{kind}")
async def problem_kind(kind: str) -> HTMLResponse:
    """Explain a kind of problem: where the `type` of a problem document leads."""
    if kind not in KINDS:
        raise ProblemError("not-found", f"No such kind of problem: {kind}")
    status, title, text = KINDS[kind]
    return _page(
        title,
        f"<h1>{escape(title)}</h1><p>HTTP {status}</p><p>{_marked(text)}</p>"
        + _HOME.format(depth="../"),
        depth="../",
    )


_HOME = '<p><a href="{depth}./">Lexcompare</a> · <a href="{depth}docs">Documentation</a></p>'


def _marked(text: str) -> str:
    """Write words between backticks as code."""
    return re.sub(r"`([^`]+)`", r"<code>\1</code>", escape(text))
