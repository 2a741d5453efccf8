"""Query parameters: read them, refuse what does not fit, suggest what comes nearest.

FastAPI's own query models cost about as much as the rest of an answer and describe a mistake in
Pydantic's words, so a request's parameters are read here, by one validation of one Pydantic model,
from which the OpenAPI document takes them too.
"""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable, Iterable, Mapping
from datetime import UTC, date, datetime
from functools import cache
from typing import Annotated, Any, ClassVar, TypeAlias, TypeVar, get_args
from urllib.parse import parse_qsl, quote

from fastapi import Request
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError
from pydantic_core import PydanticCustomError
from rapidfuzz import fuzz, process

from api.deprecation import of_parameters
from api.problems import Mistake, refused
from api.serving import Release
from models.record import Day
from models.statements import Filter, Range, Shape, parameter

ANY = 50
"""Most values of one parameter."""

EARLIEST, LATEST = date(1800, 1, 1), date(2100, 12, 31)
"""First and last day that can be asked about."""


def _answerable(day: date) -> date:
    """Refuse a day of which nobody can know the law; the ends of time stand for open intervals."""
    if not EARLIEST <= day <= LATEST:
        raise PydanticCustomError("day", f"days from {EARLIEST} to {LATEST} can be asked about")
    return day


Example: TypeAlias = Mapping[str, Any]
"""Values by parameter."""

AskedDay = Annotated[Day, AfterValidator(_answerable)]
"""A day that a request asks about."""


class NoQuery(BaseModel):
    """What every request may say, and nothing else."""

    model_config = ConfigDict(extra="forbid", use_attribute_docstrings=True)

    example: ClassVar[Example] = {}
    """A question that has an answer: what the interactive documentation fills in. The other
    parameters have examples of their own, which need not go together."""
    release: str | None = Field(None, max_length=100, examples=[None])
    """Kept release to answer from, by its name or version (see `/v1/dataset/releases`); the current
    one when left out."""


class DayQuery(NoQuery):
    """Parameters of every dated answer."""

    example: ClassVar[Example] = {"as_of": "2024-07-01"}

    as_of: AskedDay | None = Field(None, examples=["2024-07-01"])
    """Day on which the law is asked about, `YYYY-MM-DD`; today (UTC) when left out."""

    @property
    def day(self) -> date:
        """The day asked about."""
        return self.as_of or today()


class Filters(DayQuery):
    """Parameters of a list and of its exports. Repeat a parameter, or use commas, to match any."""

    columns: ClassVar[Mapping[str, str]] = {"date": "valid_from"}
    """Ranges that are on columns of the table; the others are on stored numbers."""

    sort: str = "id"
    """Order of the items; `-` reverses it. Each collection names its own orders."""


class ListQuery(Filters):
    """Parameters of one page of a list."""

    limit: int = Field(50, ge=1, le=200, examples=[50])
    """Most items on the page."""
    cursor: str | None = Field(None, pattern=r"^[A-Za-z0-9_-]+$", max_length=1000)
    """`next_cursor` of the page before; the other parameters stay as they were."""
    total: bool = Field(False, examples=[True])
    """Whether to count all items."""


Whole = Annotated[int, Field(ge=0, le=10**15)]
"""A number that a range begins or ends with."""

AnyQuery = TypeVar("AnyQuery", bound=NoQuery)

SPECIAL = {"release", "as_of", "sort", "limit", "cursor", "total", "count_by"}
"""Parameters that are not filters."""

NAMES = {
    "jurisdiction": "jurisdictions",
    "member": "jurisdictions",
    "group": "groups",
    "topic": "topics",
    "broader": "topics",
    "law": "laws",
    "by": "laws",
    "related": "laws",
    "treaty": "laws",
    "provision": "provisions",
    "applies_to": "provisions",
    "authority": "authorities",
    "reach": "reaches",
    "sentencing": "sentencings",
    "indicator": "indicators",
}
"""Filters whose values are ids, and the collection of these."""


def today() -> date:
    """Return the current day, UTC."""
    return datetime.now(UTC).date()


DEPRECATED = "lexcompare.deprecated"
"""Where a request's scope keeps the deprecations of its parameters."""

# --- reading ------------------------------------------------------------------------------------


def parsed(model: type[AnyQuery]) -> Callable[[Request], Awaitable[AnyQuery]]:
    """Return a dependency that reads a request's parameters as `model`."""
    lists = frozenset(name for name in model.model_fields if _is_list(model, name))
    leaving = of_parameters(model)

    async def parse(request: Request) -> AnyQuery:
        given: dict[str, Any] = {}
        twice: list[Mistake] = []
        asked = request.scope["query_string"].decode("latin-1")
        for said, value in parse_qsl(asked, keep_blank_values=True):
            # Some generated clients write repeated parameters as `name[]=` or `name[0]=`.
            name = said.partition("[")[0] if said.endswith("]") else said
            if name in lists:
                # A trailing comma says nothing; an empty value does, and is refused below.
                parts = [part for p in value.split(",") if (part := p.strip())]
                given.setdefault(name, []).extend(parts or [""])
            elif name in given:
                message = "this parameter takes one value and stands twice"
                twice.append(Mistake(parameter=name, value=value, message=message, suggestion=None))
            else:
                given[name] = value
        try:
            query = model.model_validate(given)
        except ValidationError as error:
            raise refused([*twice, *(_mistake(model, dict(e)) for e in error.errors())]) from None
        if twice:
            raise refused(twice)
        if used := [leaving[name] for name in given if name in leaving]:
            request.scope[DEPRECATED] = used
        return query

    return parse


def _is_list(model: type[BaseModel], name: str) -> bool:
    """Tell whether a parameter takes several values."""
    annotation = model.model_fields[name].annotation
    return any(getattr(a, "__origin__", None) is list for a in (annotation, *get_args(annotation)))


MESSAGES = {
    "missing": "this parameter is required",
    "int_parsing": "this is no whole number",
    "bool_parsing": "this is neither true nor false",
    "greater_than_equal": "the least is {ge}",
    "less_than_equal": "the most is {le}",
    "string_too_long": "this is longer than {max_length} characters",
    "string_pattern_mismatch": "this is not a cursor of this API",
    "enum": "this is none of {expected}",
    "literal_error": "this is none of {expected}",
}
"""What is wrong, by Pydantic's kind of error; its own words are for programmers."""


def _mistake(model: type[BaseModel], error: Mapping[str, Any]) -> Mistake:
    """Put a Pydantic error into words for the one who asked."""
    name, value = str(error["loc"][0]), error["input"]
    shown = None if isinstance(value, dict | list) else str(value)
    if error["type"] == "extra_forbidden":
        return Mistake(
            parameter=name,
            value=shown if shown is not None else ",".join(map(str, value)),
            message=_no_such(model, name),
            suggestion=nearest(name, model.model_fields),
        )
    valid: list[str] = []
    if error["type"] in ("enum", "literal_error"):
        valid = [part.strip("'") for part in re.split(r", | or ", error["ctx"]["expected"])]
    return Mistake(
        parameter=name,
        value=shown,
        message=message_of(error, valid),
        suggestion=nearest(shown, valid) if shown else None,
    )


def message_of(error: Mapping[str, Any], valid: Iterable[str] = ()) -> str:
    """Say in words for users what a Pydantic error says."""
    message = MESSAGES.get(error["type"], str(error["msg"]))
    return message.format_map({**error.get("ctx", {}), "expected": ", ".join(valid)})


def _no_such(model: type[BaseModel], name: str) -> str:
    """Say why a parameter is not there; an export has all of a list's but the page's."""
    export = issubclass(model, Filters) and not issubclass(model, ListQuery)
    if export and name in {*ListQuery.model_fields, "count_by"}:
        return "an export holds every row, so that there is no such parameter here"
    return "there is no such parameter here"


# --- known names --------------------------------------------------------------------------------


async def check_names(query: NoQuery, release: Release) -> None:
    """Refuse ids and codes that stand for nothing in the release."""
    mistakes: list[Mistake] = []
    for name in _given(query):
        collection = NAMES.get(name)
        values = getattr(query, name) if collection else None
        for value in values or []:
            asked = "~".join(value.split("~")[:2]) if name == "applies_to" else value
            if not await release.exists(str(collection), asked):
                mistakes.append(await _unknown(release, name, str(collection), value))
    if mistakes:
        raise refused(mistakes)


async def _unknown(release: Release, name: str, collection: str, value: str) -> Mistake:
    """Describe a name that stands for nothing."""
    return Mistake(
        parameter=name,
        value=value,
        message=f"there is nothing of this name among the {collection}",
        suggestion=await suggest(release, collection, value),
    )


async def suggest(release: Release, collection: str, value: str) -> str | None:
    """Return the id of a collection that comes nearest to a value."""
    meant = (await release.aliases(collection)).get(value.lower())
    return meant or nearest(value, await release.all_ids(collection))


def nearest(value: str, valid: Iterable[str]) -> str | None:
    """Return the valid value that looks most like the one given, whatever its case.

    Each part of an id must come near by itself: `DE~possession` is not what `FR~possession` means.
    """
    choices = list(valid)
    lowered = [choice.lower() for choice in choices]
    wanted = value.lower()
    found = process.extract(wanted, lowered, scorer=fuzz.ratio, score_cutoff=NEAR, limit=5)
    for choice, _, place in found:
        parts = list(zip(wanted.split("~"), choice.split("~"), strict=False))
        if all(fuzz.ratio(*pair) >= NEAR for pair in parts):
            return choices[place]
    return None


NEAR = 65
"""How alike two words must be, 0 to 100, that one is taken for the other misspelt."""


# --- shapes -------------------------------------------------------------------------------------


def shape_of(collection: str, query: Filters, after: bool = False) -> Shape:
    """Return what a query asks, without its values."""
    filters: list[Filter] = []
    ranges: dict[str, list[bool]] = {}
    for name in _given(query):
        value = getattr(query, name)
        if value is None or value == []:
            continue
        if isinstance(value, list):
            filters.append(Filter(name, len(value)))
        else:
            base, _, end = name.rpartition("_")  # `prison_max_from`, `date_to`
            ranges.setdefault(base, [False, False])[end == "to"] = True
    return Shape(
        collection,
        tuple(filters),
        tuple(Range(f, low, high, query.columns.get(f)) for f, (low, high) in ranges.items()),
        query.sort.removeprefix("-"),
        query.sort.startswith("-"),
        after,
    )


def query_string(query: NoQuery, without: Iterable[str] = (), **said: str) -> str:
    """Write the parameters of a query as its address has them, and those that are said besides."""
    given = query.model_dump(mode="json", exclude_defaults=True, exclude={*said, *without})
    return "&".join(
        f"{name}={'true' if each is True else quote(str(each), safe='~')}"
        for name, value in {**given, **said}.items()
        for each in (value if isinstance(value, list) else [value])
    )


def _given(query: NoQuery) -> list[str]:
    """Names of the filters that a request gave, always in the same order."""
    return sorted(query.model_fields_set - SPECIAL)


def values_of(query: Filters) -> dict[str, Any]:
    """Return the values of a query by the parameter names of its statement."""
    values: dict[str, Any] = {"as_of": query.day.isoformat()}
    for name in _given(query):
        value = getattr(query, name)
        if isinstance(value, list):
            values.update((parameter(name, i), str(code)) for i, code in enumerate(value))
        elif isinstance(value, date):
            values[f"asked_{name}"] = value.isoformat()
        elif value is not None:
            values[f"asked_{name}"] = value
    return values


def check_ranges(query: Filters) -> None:
    """Refuse ranges that end before they begin, and too many values."""
    mistakes: list[Mistake] = []
    for name in _given(query):
        value = getattr(query, name)
        base, _, end = name.rpartition("_")
        low = getattr(query, f"{base}_from", None) if end == "to" else None
        if value is not None and low is not None and low > value:
            message = f"the range ends before it begins ({base}_from={low})"
            mistakes.append(
                Mistake(parameter=name, value=str(value), message=message, suggestion=None)
            )
        if isinstance(value, list) and len(value) > ANY:
            message = f"at most {ANY} values"
            mistakes.append(Mistake(parameter=name, value=None, message=message, suggestion=None))
    if mistakes:
        raise refused(mistakes)


# --- OpenAPI ------------------------------------------------------------------------------------

REFERRED: dict[str, Any] = {}
"""Schemas that are referred to by name only; `api.openapi` adds them to the document."""


@cache
def parameters(model: type[NoQuery]) -> dict[str, Any]:
    """Return what the OpenAPI document says of a route's query parameters."""
    schema = model.model_json_schema(ref_template="#/components/schemas/{model}")
    REFERRED.update(schema.get("$defs", {}))
    leaving = of_parameters(model)
    said = []
    # Generators with arguments by position keep the order; what every operation has comes last.
    properties = schema.get("properties", {})
    for name in sorted(properties, key=lambda name: name in NoQuery.model_fields):
        property_ = dict(properties[name])
        property_.pop("title", None)
        if property_.get("examples") == [None]:
            property_.pop("examples")  # nothing to show
        if property_.get("default", "") is None:
            property_.pop("default")
        parameter = {
            "name": name,
            "in": "query",
            "required": name in schema.get("required", []),
            "description": property_.pop("description", ""),
            "schema": property_,
        }
        if name in model.example:
            # Filled in by the interactive documentation, all at once; examples of schemas are not.
            parameter["example"] = model.example[name]
            property_.pop("examples", None)
        if name in leaving:
            parameter["deprecated"] = True
            parameter["description"] += f" {leaving[name].text}"
        said.append(parameter)
    return {"parameters": said}
