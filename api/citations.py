"""Citations: laws, provisions and the dataset, for footnotes and reference managers."""

# No postponed annotations here: the routes' parameter types are made at run time.

import json
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Path, Response
from pydantic import BaseModel, ConfigDict

from api.legal_orders import orders_of
from api.media import content
from api.problems import responses
from api.query import DayQuery, NoQuery, parameters, parsed, query_string
from api.resources import as_of, read_record
from api.routing import Direct
from api.serving import Release, ReleaseDep
from models.bibliography import BIBTEX, CSL_JSON, RIS, Entry, of_release, written_day
from models.law import LawRecord
from models.manner import manner_of
from models.provision import ProvisionRecord
from models.record import Day
from models.source import Source, best_source
from models.vocabulary import Supports

router = APIRouter(prefix="/v1", tags=["citations"], route_class=Direct)


class DatasetCitation(BaseModel):
    """A citation of the dataset, ready to paste."""

    model_config = ConfigDict(use_attribute_docstrings=True)

    id: str
    """What is cited."""
    text: str
    """How it is cited in a footnote; a law or provision in the manner of its jurisdiction."""
    apa: str
    """How it is cited in a bibliography, in the manner of APA."""
    bibtex: str
    """As BibTeX; by itself at the same address with `.bib`."""
    ris: str
    """As RIS; by itself at the same address with `.ris`."""
    csl_json: str
    """As CSL-JSON, a list of one item; by itself at the same address with `.csl.json`."""
    href: str
    """Address of what is cited, with its day."""
    release: str
    """Version and content hash of the dataset that answered."""


class RecordCitation(DatasetCitation):
    """A citation of a law or provision as it stood on a day, ready to paste."""

    as_of: Day
    """Day that the answer is about."""


@dataclass(frozen=True)
class Cited:
    """What an answer says so that a paper can cite it and a reader can ask for it again."""

    address: str
    """Address that asks the same, whatever the day."""
    text: str
    """Citation with release, day and address."""

    @property
    def before(self) -> str:
        """The citation up to its address."""
        return self.text.removesuffix(self.address).rstrip()

    @property
    def headers(self) -> dict[str, str]:
        """The address as a link (RFC 8574)."""
        return {"Link": f'<{self.address}>; rel="cite-as"'}


def cite_query(release: Release, query: DayQuery, path: str) -> Cited:
    """Return how the answer to a query is cited."""
    day = query.day
    address = f"{release.address}{path}?{query_string(query, as_of=day.isoformat())}"
    state = f"law as it stood on {written_day(day)}"
    return Cited(address, of_release(release.record, state, address).apa)


# --- entries ------------------------------------------------------------------------------------


async def law_entry(release: Release, id_: str, query: DayQuery) -> tuple[Entry, str]:
    """Return the entry of a law on a day, and its own address. Raises the problem without one."""
    law = LawRecord.model_validate_json(await read_record(release, "laws", id_, query))
    country = (await places_of(release, law.extent))[law.extent[0]]
    day = query.day
    url, accessed = _to_read(law.url, law.sources)
    entry = Entry(
        id=f"{law.id}@{day}",
        kind=law.kind,
        title=law.title,
        short=manner_of(law.extent[0]).name(law, country),
        place=None,
        number=law.number,
        year=law.year,
        jurisdiction=country,
        state=f"as it stood on {written_day(day)} ({law.status.replace('_', ' ')})",
        url=url,
        accessed=accessed,
    )
    return entry, _href(release, "laws", id_, day)


async def provision_entry(release: Release, id_: str, query: DayQuery) -> tuple[Entry, str]:
    """Return the entry of a provision on a day, and its own address. Raises the problem."""
    text = await read_record(release, "provisions", id_, query)
    provision = ProvisionRecord.model_validate_json(text, by_name=True, by_alias=False)
    law = await law_of(release, provision)
    country = (await places_of(release, law.extent))[law.extent[0]]
    manner = manner_of(law.extent[0])
    day = query.day
    url, accessed = _to_read(None, provision.sources)
    entry = Entry(
        id=f"{provision.id}@{day}",
        kind=law.kind,
        title=law.title,
        short=manner.name_provision(law, country, provision.kind, provision.number),
        place=manner.place(law, provision.kind, provision.number),
        number=law.number,
        year=law.year,
        jurisdiction=country,
        state=f"as in force on {written_day(day)}, in the version of"
        f" {written_day(provision.valid_from)}",
        url=url or law.url,
        accessed=accessed,
    )
    return entry, _href(release, "provisions", id_, day)


async def dataset_entry(release: Release) -> tuple[Entry, str]:
    """Return the entry of the dataset, and its own address."""
    record = release.record
    url = release.address or None
    return of_release(record, f"released on {written_day(record.date)}", url), f"{release.address}/"


async def law_of(release: Release, provision: ProvisionRecord) -> LawRecord:
    """Return the law of a provision, as it stood when the version of the provision began."""
    query = DayQuery(as_of=provision.valid_from)
    return LawRecord.model_validate_json(await read_record(release, "laws", provision.law, query))


async def places_of(release: Release, codes: list[str]) -> dict[str, str]:
    """Return the names of jurisdictions."""
    orders = (await orders_of(release)).orders
    return {code: orders[code].name if code in orders else code for code in codes}


def _to_read(url: str | None, sources: list[Source]) -> tuple[str | None, date | None]:
    """Return the address of the text, and the day on which it was read.

    Sources that give the text go before those that only support dates or details.
    """
    text = [s for s in sources if not s.supports or Supports.TEXT in s.supports]
    best = best_source(s for s in sources if s.url == url) or best_source(text)
    best = best or best_source(sources)
    return url or (best.url if best else None), best.checked_on if best else None


def _href(release: Release, collection: str, id_: str, day: date) -> str:
    return f"{release.address}/v1/{collection}/{id_}?as_of={day}"


# --- routes -------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Written:
    """A format of citations with a path of its own."""

    suffix: str
    label: str
    media_type: str
    write: Callable[[Entry], str]
    schema: dict[str, Any]

    @property
    def responses(self) -> dict[int | str, dict[str, Any]]:
        """Its answer as the OpenAPI document describes it."""
        described = content(self.media_type, self.schema)
        return {200: {"description": f"The citation as {self.label}.", "content": described}}


def _csl_json(entry: Entry) -> str:
    return json.dumps([entry.csl()], ensure_ascii=False)


_CSL_TEXTS = (
    *("id", "type", "title", "title-short", "section", "number", "version", "jurisdiction"),
    *("URL", "note"),
)
_CSL_DATE = {
    "type": "object",
    "properties": {
        "date-parts": {"type": "array", "items": {"type": "array", "items": {"type": "integer"}}}
    },
}
_CSL_ITEM: dict[str, Any] = {
    "title": "CslItem",
    "description": "An item of CSL-JSON; what is not known is left out.",
    "type": "object",
    "required": ["id", "type", "title"],
    "properties": {
        **{name: {"type": "string"} for name in _CSL_TEXTS},
        "issued": _CSL_DATE,
        "accessed": _CSL_DATE,
        "author": {
            "type": "array",
            "items": {"type": "object", "properties": {"literal": {"type": "string"}}},
        },
    },
}

_FORMATS = (
    _Written("bib", "BibTeX", BIBTEX, Entry.bibtex, {"type": "string"}),
    _Written("ris", "RIS", RIS, Entry.ris, {"type": "string"}),
    _Written(
        "csl.json",
        "CSL-JSON",
        CSL_JSON,
        _csl_json,
        {"type": "array", "items": _CSL_ITEM},
    ),
)


def _answer(release: Release, entry: Entry, href: str, day: date | None) -> Response:
    """Answer a citation in every form."""
    said = DatasetCitation(
        id=entry.id.partition("@")[0],
        text=entry.short if day else entry.apa,
        apa=entry.apa,
        bibtex=entry.bibtex(),
        ris=entry.ris(),
        csl_json=_csl_json(entry),
        href=href,
        release=release.name,
    )
    if day is None:
        return Response(said.model_dump_json(), media_type="application/json")
    whole = RecordCitation(**said.model_dump(), as_of=day)
    headers = as_of(day.isoformat())
    return Response(whole.model_dump_json(), media_type="application/json", headers=headers)


_Answer = Callable[[Release, Entry, str, date | None], Response]


def _file(format_: _Written) -> _Answer:
    """Return what answers a citation in one format, as a file that reference managers take."""
    charset = "" if format_.suffix == "csl.json" else "; charset=utf-8"
    media_type = format_.media_type + charset

    def answer(release: Release, entry: Entry, href: str, day: date | None) -> Response:
        name = entry.id.replace("~", "-").replace("@", "-")
        headers = {"Content-Disposition": f'inline; filename="{name}.{format_.suffix}"'}
        if day is not None:
            headers |= as_of(day.isoformat())
        return Response(format_.write(entry), media_type=media_type, headers=headers)

    return answer


def _add(
    path: str,
    what: str,
    about: str,
    id_: tuple[str, str] | None,
    find: Callable[..., Awaitable[tuple[Entry, str]]],
) -> None:
    """Add the routes of one kind of citation: all forms as JSON, and a path for each format."""
    query_model: type[NoQuery] = DayQuery if id_ else NoQuery
    problems = responses(404, 422) if id_ else responses(422)

    def endpoint(answer: _Answer) -> Callable[..., Awaitable[Response]]:
        if id_ is None:

            async def cite(
                release: ReleaseDep, query: Annotated[Any, Depends(parsed(query_model))]
            ) -> Response:
                return answer(release, *await find(release), None)

            return cite

        async def cite_record(
            id: Annotated[str, Path(description=id_[0], examples=[id_[1]])],
            release: ReleaseDep,
            query: Annotated[Any, Depends(parsed(query_model))],
        ) -> Response:
            return answer(release, *await find(release, id, query), query.day)

        return cite_record

    router.add_api_route(
        path,
        endpoint(_answer),
        name=f"get_{what}_citation",
        summary=f"Cite {about}",
        description=f"Cite {about}: as text, BibTeX, RIS and CSL-JSON.",
        response_model=RecordCitation if id_ else DatasetCitation,
        response_description="The citation.",
        responses=problems,
        openapi_extra=parameters(query_model),
    )
    for format_ in _FORMATS:
        word = format_.suffix.replace(".", "_")
        router.add_api_route(
            f"{path}.{format_.suffix}",
            endpoint(_file(format_)),
            name=f"export_{what}_citation_{word}",
            summary=f"Cite {about} as {format_.label}",
            description=f"Cite {about} as {format_.label}, to import into a reference manager.",
            response_model=None,
            response_class=Response,
            responses={**format_.responses, **problems},
            openapi_extra=parameters(query_model),
        )


_add(
    "/laws/{id}/citation",
    "law",
    "a law as it stood on a day",
    ("Identifier of the law.", "sg-online-criminal-harms-act-2023"),
    law_entry,
)
_add(
    "/provisions/{id}/citation",
    "provision",
    "a provision as in force on a day",
    ("Identifier of the provision.", "sg-penal-code-1871~sec_377BK"),
    provision_entry,
)
_add(
    "/dataset/citation",
    "dataset",
    "the dataset, in the release that answers",
    None,
    dataset_entry,
)
