"""The statements that read collections: pages, items, totals, counts, lines of exports.

A statement depends on the shape of a question only (which filters, how many values each, which
order), never on its values, so that it is built and compiled once a shape and engine.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Executable, and_, bindparam, func, or_, select, tuple_
from sqlalchemy.orm import aliased
from sqlmodel import col

from models.collection import COLLECTIONS, Collection
from models.row import Code, Number, Row

Walked = aliased(Code)
"""The codes whose index is walked, told apart from those that are looked up beside it."""

BROAD = {"topic", "group", "verification", "status", "kind", "holds", "stance", "force"}
"""Filters that most rows pass: poor ones to start a search from."""


@dataclass(frozen=True)
class Filter:
    """A coded filter: the row has one of so many values."""

    field: str
    values: int


@dataclass(frozen=True)
class Range:
    """A range filter on a number or a column of the table."""

    field: str
    low: bool
    high: bool
    column: str | None = None
    """The table's own column; null for a stored number."""


@dataclass(frozen=True)
class Shape:
    """What a question asks, without its values."""

    collection: str
    filters: tuple[Filter, ...] = ()
    ranges: tuple[Range, ...] = ()
    sort: str = "id"
    descending: bool = False
    after: bool = False


def page(shape: Shape, line: bool = False) -> Executable:
    """Rows of a page in order: text, sort value, id. Parameters: `as_of`, `limit`, the filters'."""
    collection = COLLECTIONS[shape.collection]
    table = collection.table
    order: Any = _column(table, shape.sort)
    text = col(table.line if line else table.record)
    driver = _driver(shape)
    if driver is None:
        statement = select(text, order, col(table.id)).where(*_held(table), *_kind(collection))
        walked: Any = col(table.id)
    else:
        # The index of codes is walked in the order of ids and gives the keys; only those join.
        statement = (
            select(text, col(Walked.id), col(Walked.id))
            .join_from(Walked, table, col(table.key) == col(Walked.key))
            .where(*_walk(collection, driver))
        )
        walked = order = col(Walked.id)
    statement = statement.where(*_conditions(shape, collection, driver))
    if shape.after:
        statement = statement.where(_after(order, walked, shape))
    ordering = [order.desc() if shape.descending else order.asc()]
    if shape.sort != "id":
        ordering.append(walked.desc() if shape.descending else walked.asc())
    return statement.order_by(*ordering).limit(_value("limit"))


def total(shape: Shape) -> Executable:
    """Number of rows that pass the filters."""
    collection = COLLECTIONS[shape.collection]
    return (
        select(func.count())
        .select_from(collection.table)
        .where(*_held(collection.table), *_kind(collection), *_conditions(shape, collection, None))
    )


def counts(shape: Shape, field: str) -> Executable:
    """How many rows that pass the filters have each code of a field, most first."""
    collection = COLLECTIONS[shape.collection]
    table, counted = collection.table, Code
    # A row has a code once on any day, so that nothing is counted twice.
    number = func.count().label("number")
    statement = select(col(counted.code), number).where(
        col(counted.field) == collection.field(field), *_held(counted)
    )
    driver = _driver(shape)
    if driver is not None:
        statement = statement.join_from(Walked, counted, col(counted.key) == col(Walked.key))
        statement = statement.where(*_walk(collection, driver))
    if driver is None or any(range_.column for range_ in shape.ranges):
        statement = statement.join(table, col(table.key) == col(counted.key))
        statement = statement.where(*_held(table))
    return (
        statement.where(*_conditions(shape, collection, driver))
        .group_by(col(counted.code))
        .order_by(number.desc(), col(counted.code))
    )


def item(collection: Collection) -> Executable:
    """The record with an id on a day. Parameters: `id`, `as_of`."""
    table = collection.table
    return select(col(table.record)).where(
        col(table.id) == _value("id"), *_held(table), *_kind(collection)
    )


def intervals(collection: Collection) -> Executable:
    """The intervals during which an id has a record. Parameter: `id`."""
    table = collection.table
    return (
        select(col(table.valid_from), col(table.valid_to))
        .where(col(table.id) == _value("id"), *_kind(collection))
        .order_by(col(table.valid_from))
    )


def states(collection: Collection) -> Executable:
    """Finished lines of all states over time, by id and first day, after one of them.

    Parameters: `after_id`, `after`, `limit`.
    """
    table = collection.table
    place = tuple_(col(table.id), col(table.valid_from))
    return (
        select(col(table.line), col(table.id), col(table.valid_from))
        .where(place > tuple_(_value("after_id"), _value("after")), *_kind(collection))
        .order_by(col(table.id), col(table.valid_from))
        .limit(_value("limit"))
    )


def ids(collection: Collection) -> Executable:
    """All ids of a collection, to suggest the nearest. Parameter: `limit`."""
    table = collection.table
    return select(col(table.id)).where(*_kind(collection)).distinct().limit(_value("limit"))


def aliases(collection: Collection) -> Executable:
    """Other words for the ids of a collection, in lower case, and the ids."""
    return (
        select(col(Code.code), col(Code.id))
        .where(col(Code.field) == collection.field("alias"))
        .distinct()
    )


def parameter(field: str, n: int) -> str:
    """Name the parameter for a filter's n-th value, unlike any that SQLAlchemy makes up itself."""
    return f"asked_{field}_{n}"


# --- parts --------------------------------------------------------------------------------------


def _driver(shape: Shape) -> Filter | None:
    """The filter whose index is walked: a narrow one with one value, when ids give the order."""
    if shape.sort != "id":
        return None
    single = [f for f in shape.filters if f.values == 1]
    return min(single, key=lambda f: f.field in BROAD, default=None)


def _walk(collection: Collection, driver: Filter) -> tuple[ColumnElement[bool], ...]:
    """The part of the index of codes that is walked."""
    return (
        col(Walked.field) == collection.field(driver.field),
        col(Walked.code) == _value(parameter(driver.field, 0)),
        *_held(Walked),
    )


def _column(table: type[Row], name: str) -> Any:
    """A column by its name."""
    return getattr(table, name)


def _value(name: str) -> Any:
    """A parameter whose value comes with the question."""
    return bindparam(name)


def _held(table: type[Row] | type[Code]) -> tuple[ColumnElement[bool], ...]:
    """The interval contains the day."""
    day = _value("as_of")
    return (col(table.valid_from) <= day, col(table.valid_to) > day)


def _kind(collection: Collection) -> tuple[ColumnElement[bool], ...]:
    """The kind of facet, where the table is shared."""
    if collection.kind is None:
        return ()
    return (_column(collection.table, "kind") == collection.kind.value,)


def _conditions(
    shape: Shape, collection: Collection, driver: Filter | None
) -> Iterable[ColumnElement[bool]]:
    """Conditions of all filters but the one that is walked."""
    table = collection.table
    key = table.key if driver is None else Walked.key
    for i, filter_ in enumerate(f for f in shape.filters if f is not driver):
        values = [_value(parameter(filter_.field, n)) for n in range(filter_.values)]
        found = select(col(Code.key)).where(
            col(Code.field) == collection.field(filter_.field),
            col(Code.code).in_(values),
            *_held(Code),
        )
        if driver is None and i == 0:
            yield col(table.key).in_(found)
        else:
            yield found.where(col(Code.key) == col(key)).correlate_except(Code).exists()
    for range_ in shape.ranges:
        low, high = _value(f"asked_{range_.field}_from"), _value(f"asked_{range_.field}_to")
        if range_.column is not None:
            column = _column(table, range_.column)
            yield and_(
                *([column >= low] if range_.low else []), *([column <= high] if range_.high else [])
            )
            continue
        found_number = select(col(Number.key)).where(
            col(Number.key) == col(key), col(Number.field) == collection.field(range_.field)
        )
        if range_.low:
            found_number = found_number.where(col(Number.value) >= low)
        if range_.high:
            found_number = found_number.where(col(Number.value) <= high)
        yield found_number.correlate_except(Number).exists()


def _after(order: Any, identity: Any, shape: Shape) -> Any:
    """Rows that come after the last one of the page before."""
    last, last_id = _value("after"), _value("after_id")
    if shape.sort == "id":
        return identity < last_id if shape.descending else identity > last_id
    if shape.descending:
        return or_(order < last, and_(order == last, identity < last_id))
    return or_(order > last, and_(order == last, identity > last_id))
