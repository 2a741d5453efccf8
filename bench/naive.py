"""The same questions answered the usual way: SQLModel entities, a session a request, offsets.

Written as the tutorials of FastAPI and SQLModel teach it, with an index on everything filtered.
"""

from __future__ import annotations

import json
import os
import sqlite3
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Annotated, Any

from fastapi import Depends, FastAPI, HTTPException, Query
from fastapi.responses import StreamingResponse
from sqlalchemy import JSON, MetaData
from sqlmodel import Field, Session, SQLModel, col, create_engine, func, insert, or_, select

from models.coding import Evidence
from models.definition import DefinitionRecord
from models.duty import DutyRecord
from models.exception import ExceptionRecord
from models.facet import Application
from models.flat import csv_line, header, row
from models.obligation import ObligationRecord
from models.offence import OffenceRecord
from models.power import PowerRecord
from models.reach import ReachRecord
from models.sentencing import SentencingRecord
from models.source import Dispute, Source

FILE = "BENCH_NAIVE"
"""Environment variable that names the SQLite file."""


class Base(SQLModel):
    """Keeps these tables apart from the project's."""

    metadata = MetaData()


class ProvisionFields(Base):
    id: str = Field(index=True)
    valid_from: date = Field(index=True)
    valid_to: date | None = Field(index=True)
    eid: str
    number: str
    heading: str
    kind: str
    law: str = Field(index=True)
    law_title: str
    parent: str | None
    position: int
    summary: str
    text_unchanged: bool
    note: str | None
    made_by: str | None
    ended_by: str | None
    earlier_uncoded: bool
    verification: str
    extent: list[str] = Field(sa_type=JSON)
    topics: list[str] = Field(sa_type=JSON)
    outstanding_scope: list[str] = Field(sa_type=JSON)
    applies: list[Application] = Field(sa_type=JSON)
    sources: list[Source] = Field(sa_type=JSON)
    disputes: list[Dispute] = Field(sa_type=JSON)
    definitions: list[DefinitionRecord] = Field(sa_type=JSON)
    offences: list[OffenceRecord] = Field(sa_type=JSON)
    sentencings: list[SentencingRecord] = Field(sa_type=JSON)
    reaches: list[ReachRecord] = Field(sa_type=JSON)
    exceptions: list[ExceptionRecord] = Field(sa_type=JSON)
    duties: list[DutyRecord] = Field(sa_type=JSON)
    powers: list[PowerRecord] = Field(sa_type=JSON)
    obligations: list[ObligationRecord] = Field(sa_type=JSON)


class Provision(ProvisionFields, table=True):
    key: int = Field(primary_key=True)


class ProvisionPublic(ProvisionFields):
    pass


class ProvisionPage(SQLModel):
    items: list[ProvisionPublic]
    total: int


class CellFields(Base):
    jurisdiction: str = Field(index=True)
    indicator: str = Field(index=True)
    state: str
    value_type: str
    value_boolean: bool | None = None
    value_integer: int | None = None
    value_number: float | None = None
    value_text: str | None = None
    value_codes: list[str] = Field(default_factory=list, sa_type=JSON)
    qualifier: str | None = None
    via: str | None = None
    evidence: list[Evidence] = Field(default_factory=list, sa_type=JSON)
    since: date | None = None


class Coding(CellFields, table=True):
    key: int = Field(primary_key=True)
    valid_from: date = Field(index=True)
    valid_to: date | None = Field(index=True)


class Indicator(Base, table=True):
    id: str = Field(primary_key=True)
    position: int
    type: str


class Cell(CellFields):
    pass


class Matrix(SQLModel):
    as_of: date
    jurisdictions: list[str]
    indicators: list[str]
    cells: list[Cell]


class TopicCount(SQLModel):
    value: str
    count: int


class TopicCounts(SQLModel):
    counts: list[TopicCount]


class ProvisionTopic(Base, table=True):
    provision: int = Field(foreign_key="provision.key", primary_key=True)
    topic: str = Field(primary_key=True, index=True)


class ProvisionJurisdiction(Base, table=True):
    provision: int = Field(foreign_key="provision.key", primary_key=True)
    jurisdiction: str = Field(primary_key=True, index=True)


def fill(release: Path, file: Path) -> None:
    """Copy the provisions of a compiled release, with what it finds them by."""
    source = sqlite3.connect(f"{release.resolve().as_uri()}?mode=ro", uri=True)
    engine = create_engine(f"sqlite:///{file}")
    Base.metadata.create_all(engine)
    with Session(engine) as session:
        for key, record in source.execute("SELECT key, record FROM provision"):
            said = json.loads(record)
            for name in ("valid_from", "valid_to"):
                said[name] = date.fromisoformat(said[name]) if said[name] else None
            known = {name: said[name] for name in ProvisionFields.model_fields}
            session.add(Provision(key=key, **known))
        for table, name in ((ProvisionTopic, "topic"), (ProvisionJurisdiction, "jurisdiction")):
            codes = source.execute(
                "SELECT DISTINCT key, code FROM code WHERE field = ?", [f"provisions.{name}"]
            )
            rows: list[dict[str, Any]] = [{"provision": key, name: code} for key, code in codes]
            session.exec(insert(table), params=rows)
        for (record,) in source.execute("SELECT record FROM coding"):
            said = json.loads(record)
            for name in ("valid_from", "valid_to", "since"):
                said[name] = date.fromisoformat(said[name]) if said[name] else None
            session.add(
                Coding(**{name: said[name] for name in Coding.model_fields if name in said})
            )
        for (record,) in source.execute("SELECT record FROM indicator"):
            said = json.loads(record)
            session.add(Indicator(id=said["id"], position=said["position"], type=said["type"]))
        session.commit()
    source.close()
    engine.dispose()


# --- the app ------------------------------------------------------------------------------------

engine = create_engine(
    f"sqlite:///{os.environ.get(FILE, '')}", connect_args={"check_same_thread": False}
)
app = FastAPI()


def get_session() -> Iterator[Session]:
    with Session(engine) as session:
        yield session


SessionDep = Annotated[Session, Depends(get_session)]


def chosen(statement: Any, jurisdiction: str | None, topic: str | None, as_of: date | None) -> Any:
    day = as_of or date.today()
    if jurisdiction:
        statement = statement.join(ProvisionJurisdiction).where(
            ProvisionJurisdiction.jurisdiction == jurisdiction
        )
    if topic:
        statement = statement.join(ProvisionTopic).where(ProvisionTopic.topic == topic)
    return statement.where(
        Provision.valid_from <= day,
        or_(col(Provision.valid_to).is_(None), col(Provision.valid_to) > day),
    )


@app.get("/provisions", response_model=ProvisionPage)
def list_provisions(
    session: SessionDep,
    jurisdiction: str | None = None,
    topic: str | None = None,
    as_of: date | None = None,
    offset: Annotated[int, Query(ge=0)] = 0,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
) -> Any:
    asked = (jurisdiction, topic, as_of)
    rows = chosen(select(Provision), *asked).order_by(Provision.id).offset(offset).limit(limit)
    total = session.exec(chosen(select(func.count(col(Provision.key))), *asked)).one()
    return {"items": session.exec(rows).all(), "total": total}


@app.get("/counts", response_model=TopicCounts)
def count_topics(session: SessionDep, jurisdiction: str, as_of: date | None = None) -> Any:
    number = func.count(col(Provision.key))
    chosen_ = chosen(select(ProvisionTopic.topic, number), jurisdiction, None, as_of)
    rows = chosen_.join(ProvisionTopic).group_by(ProvisionTopic.topic)
    rows = rows.order_by(number.desc(), ProvisionTopic.topic)
    return {"counts": [{"value": value, "count": count} for value, count in session.exec(rows)]}


@app.get("/comparisons/matrix", response_model=Matrix)
def get_matrix(session: SessionDep, as_of: date | None = None) -> Any:
    day = as_of or date.today()
    statement = select(Coding).where(
        Coding.valid_from <= day,
        or_(col(Coding.valid_to).is_(None), col(Coding.valid_to) > day),
    )
    found = {(c.jurisdiction, c.indicator): c for c in session.exec(statement)}
    codes = session.exec(select(Coding.jurisdiction).distinct().order_by(Coding.jurisdiction)).all()
    indicators = session.exec(select(Indicator).order_by(col(Indicator.position))).all()
    unknown = "not_surveyed"
    cells = [
        found.get((code, i.id))
        or Cell(jurisdiction=code, indicator=i.id, state=unknown, value_type=i.type)
        for code in codes
        for i in indicators
    ]
    names = [i.id for i in indicators]
    return {"as_of": day, "jurisdictions": codes, "indicators": names, "cells": cells}


@app.get("/provisions.csv")
def export_provisions(
    session: SessionDep,
    jurisdiction: str | None = None,
    topic: str | None = None,
    as_of: date | None = None,
) -> StreamingResponse:
    statement = chosen(select(Provision), jurisdiction, topic, as_of).order_by(Provision.id)

    def lines() -> Iterator[str]:
        yield csv_line(header(ProvisionPublic))
        for provision in session.exec(statement):
            yield csv_line(row(ProvisionPublic.model_validate(provision)))

    return StreamingResponse(lines(), media_type="text/csv")


@app.get("/provisions/{id}", response_model=ProvisionPublic)
def get_provision(session: SessionDep, id: str, as_of: date | None = None) -> Any:
    statement = chosen(select(Provision), None, None, as_of).where(Provision.id == id)
    provision = session.exec(statement).first()
    if provision is None:
        raise HTTPException(404)
    return provision
