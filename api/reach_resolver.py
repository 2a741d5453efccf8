"""The reach resolver: given the facts of a case, whose law reaches it, on which ground."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Response
from pydantic import BaseModel, ConfigDict

from api.case_query import ABOUT_CONTENT, CaseQuery, read_case
from api.formats import FlatTable, add_exports
from api.legal_orders import orders_of
from api.problems import responses
from api.query import parameters, parsed
from api.ranges import too_much
from api.resources import as_of
from api.serving import Release, ReleaseDep
from models.case import Case
from models.legal_order import GroundOutcome, LegalOrders
from models.offence import OffenceRecord
from models.power import PowerRecord
from models.resolution import (
    JurisdictionReach,
    OffenceReach,
    Overlap,
    PowerReach,
    ReachOutcome,
    RuleReach,
)
from models.resolver import CONTENT_POWERS, Resolver, over_content
from models.statements import Filter, Shape
from models.table import Cell, ColumnKind, TableColumn, texts
from models.ties import Ties, asked, entries_statement, ties, ties_statement
from models.vocabulary import Clock, FacetKind

router = APIRouter(prefix="/v1/comparisons", tags=["comparisons"])

MOST_RULES = 1_000
"""Most offences, or powers, of a case that are looked at."""


class CaseReach(BaseModel):
    """Whose law reaches a case."""

    model_config = ConfigDict(use_attribute_docstrings=True)

    act_date: date
    """Day of the act: which law was in force."""
    conviction_date: date | None
    """Day of conviction, where the case states it."""
    proceedings_date: date | None
    """Day on which proceedings began, where the case states it."""
    release: str
    """Version and content hash of the dataset that answered."""
    overlap: Overlap
    """How many jurisdictions reach it, and which."""
    jurisdictions: list[JurisdictionReach]
    """What the law of each answers."""


AnyCase = Annotated[CaseQuery, Depends(parsed(CaseQuery))]


@router.get(
    "/reach",
    response_model=CaseReach,
    response_description="Whose law reaches the case.",
    responses=responses(422),
    openapi_extra=parameters(CaseQuery),
)
async def get_reach_of_case(release: ReleaseDep, query: AnyCase) -> Response:
    """Tell which offences and powers of which jurisdictions reach a case, and why others do not.

    Entries of reach are alternatives and the grounds within one are cumulative; where no entry says
    so, law holds within its territory. The date of the act, not `as_of`, picks the law, and an
    entry with another clock is read as of conviction or proceedings. Conditions such as dual
    criminality are reported, not decided.
    """
    answer = await resolve(release, query)
    headers = as_of(answer.act_date.isoformat())
    return Response(answer.model_dump_json(), media_type="application/json", headers=headers)


# --- resolving ----------------------------------------------------------------------------------


async def resolve(release: Release, query: CaseQuery) -> CaseReach:
    """Resolve a case in every jurisdiction that is asked."""
    orders = await orders_of(release)
    case = await read_case(query, release, orders)
    content = any(name in case.places for name in ABOUT_CONTENT)
    resolver = Resolver(case, orders)
    offences, offence_ties = await _offences(release, query, case, orders)
    powers, power_ties = await _powers(release, query, case, orders) if content else ([], Ties())
    answers = []
    for code in _jurisdictions(query, case, orders, content):
        found = list(resolver.offences(code, offences, offence_ties))
        answers.append(
            JurisdictionReach(
                jurisdiction=code,
                outcome=_outcome(found, bool(orders.reads(code) & _coded(orders))),
                offences=found,
                powers=list(resolver.powers(code, powers, power_ties)),
            )
        )
    return CaseReach(
        act_date=case.act_date,
        conviction_date=case.days.get(Clock.CONVICTION),
        proceedings_date=case.days.get(Clock.PROCEEDINGS),
        release=release.name,
        overlap=_overlap(answers),
        jurisdictions=answers,
    )


def _coded(orders: LegalOrders) -> frozenset[str]:
    """Orders in whose law offences or reach are coded."""
    return orders.coded[FacetKind.OFFENCE] | orders.coded[FacetKind.REACH]


def _jurisdictions(query: CaseQuery, case: Case, orders: LegalOrders, content: bool) -> list[str]:
    """Those that are named; else all whose law is coded, and those to which the case is linked."""
    if query.jurisdiction:
        return list(dict.fromkeys(query.jurisdiction))
    coded = _coded(orders) | (orders.coded[FacetKind.POWER] if content else frozenset())
    standing = set(orders.standing(coded))
    for codes in case.places.values():
        for code in codes:
            # A part of a state is spoken for by the state, unless its own law is coded.
            if not standing & set(orders.lineage(code)):
                standing.add(orders.country(code))
    return sorted(standing)


def _outcome(found: Sequence[RuleReach], coded: bool) -> ReachOutcome:
    """What the offences of a jurisdiction say together."""
    outcomes = {rule.outcome for rule in found}
    for outcome in (ReachOutcome.REACHED, ReachOutcome.NOT_STATED, ReachOutcome.NOT_REACHED):
        if outcome in outcomes:
            return outcome
    return ReachOutcome.NO_OFFENCE if coded else ReachOutcome.NOT_SURVEYED


def _overlap(answers: Sequence[JurisdictionReach]) -> Overlap:
    """Which jurisdictions reach a case together."""
    by_outcome: dict[str, list[str]] = {outcome: [] for outcome in ReachOutcome}
    for answer in answers:
        by_outcome[answer.outcome].append(answer.jurisdiction)
    powers = [
        answer.jurisdiction
        for answer in answers
        if any(power.outcome == ReachOutcome.REACHED for power in answer.powers)
    ]
    return Overlap(**by_outcome, count=len(by_outcome[ReachOutcome.REACHED]), powers=powers)


# --- reading ------------------------------------------------------------------------------------


async def _offences(
    release: Release, query: CaseQuery, case: Case, orders: LegalOrders
) -> tuple[list[OffenceRecord], Ties]:
    """Offences of the conduct that are in force on the day of the act, and what covers them."""
    named: dict[str, Sequence[str]] = {
        "conduct": query.conduct,
        "material_class": query.material_class or [],
    }
    texts = await _read(release, "offences", named, query, case, orders)
    found = [
        OffenceRecord.model_validate_json(text, by_alias=False, by_name=True) for text in texts
    ]
    return found, await _ties(release, "offences", "conduct", query.conduct, case)


async def _powers(
    release: Release, query: CaseQuery, case: Case, orders: LegalOrders
) -> tuple[list[PowerRecord], Ties]:
    """Powers over such content that are in force on the day of the act, and what covers them."""
    texts = await _read(release, "powers", {"kind": CONTENT_POWERS}, query, case, orders)
    found = [PowerRecord.model_validate_json(text, by_alias=False, by_name=True) for text in texts]
    meant = [power for power in found if over_content(power, query.material_class or [])]
    return meant, await _ties(release, "powers", "kind", CONTENT_POWERS, case)


async def _read(
    release: Release,
    collection: str,
    named: dict[str, Sequence[str]],
    query: CaseQuery,
    case: Case,
    orders: LegalOrders,
) -> list[str]:
    """Finished records with the codes named, of the jurisdictions that are asked."""
    reading: set[str] = set()
    for code in query.jurisdiction or []:
        reading |= orders.reads(code) | orders.unions(code, case.act_date)
    meant = {name: list(dict.fromkeys(codes)) for name, codes in named.items() if codes}
    if reading:
        meant["jurisdiction"] = sorted(reading)
    shape = Shape(collection, tuple(Filter(name, len(codes)) for name, codes in meant.items()))
    values: dict[str, Any] = {"as_of": case.act_date.isoformat(), "limit": MOST_RULES + 1}
    for name, codes in meant.items():
        values.update(asked(name, codes))
    rows = await release.read(release.page(shape), **values)
    if len(rows) > MOST_RULES:
        message = f"more than {MOST_RULES:,} {collection} are about this; ask in parts"
        raise too_much(message, "jurisdiction")
    return [row[0] for row in rows]


async def _ties(
    release: Release, collection: str, name: str, codes: Sequence[str], case: Case
) -> Ties:
    """What covers the offences, or powers, with one of the codes."""
    distinct = list(dict.fromkeys(codes))
    values = {**asked(name, distinct), "as_of": case.act_date.isoformat()}
    number = len(distinct)
    found = await release.read_statement(ties_statement(collection, name, number), values)
    entries = await release.read_statement(entries_statement(collection, name, number), values)
    return ties(found, (row[0] for row in entries))


# --- table --------------------------------------------------------------------------------------

COLUMNS = [
    *texts("jurisdiction", "jurisdiction_best_outcome", "kind", "id", "codes", "outcome", "basis"),
    *texts("conditions", "reaches", "depends_on", "explanation", "via", "law", "law_title"),
    *texts("provision", "provision_number", "provision_heading", "source_urls", "verification"),
    *texts("href"),
    TableColumn("act_date", ColumnKind.DATE),
]
"""Columns of answers as a table."""


async def reach_table(release: Release, query: CaseQuery) -> FlatTable:
    """Return whose law reaches a case as a table."""
    answer = await resolve(release, query)
    day = answer.act_date.isoformat()
    about = {"release": release.name, "act_date": day}
    return FlatTable("reach", COLUMNS, rows(answer), as_of(day), about)


def rows(answer: CaseReach) -> Iterator[list[Cell]]:
    """Yield a row for each offence and power of each jurisdiction; one for a jurisdiction alone.

    `codes` are the conduct of an offence or the kind of a power. `basis`, `conditions` and
    `reaches` are those of the entries that are met: `|` stands between alternatives, `+` joins what
    goes together.
    """
    for jurisdiction in answer.jurisdictions:
        head: list[Cell] = [jurisdiction.jurisdiction, jurisdiction.outcome]
        if not jurisdiction.offences:
            blank: list[Cell] = [None] * (len(COLUMNS) - 4)
            yield [*head, "offence", *blank, answer.act_date]
        for offence in jurisdiction.offences:
            yield [*head, "offence", *_row(offence), answer.act_date]
        for power in jurisdiction.powers:
            yield [*head, "power", *_row(power), answer.act_date]


def _row(rule: OffenceReach | PowerReach) -> list[Cell]:
    """The columns of an offence or power."""
    reached = rule.outcome == ReachOutcome.REACHED
    met = [entry for entry in rule.entries if reached and entry.outcome == GroundOutcome.MET]
    open_ = [entry.parameter for entry in rule.entries if entry.outcome == GroundOutcome.NOT_STATED]
    depends = open_ if rule.outcome == ReachOutcome.NOT_STATED else []
    proofs = [*rule.evidence, *(e for entry in met for e in entry.evidence)]
    urls = dict.fromkeys(proof.source_url for proof in proofs if proof.source_url)
    return [
        rule.id,
        ";".join(rule.conduct) if isinstance(rule, OffenceReach) else rule.kind,
        rule.outcome,
        "|".join("+".join(entry.basis) for entry in met),
        "|".join("+".join(entry.conditions) for entry in met),
        "|".join(entry.reach or "" for entry in met),
        ";".join(dict.fromkeys(name for name in depends if name)),
        *(rule.explanation, rule.via, rule.law, rule.law_title, rule.provision),
        *(rule.provision_number, rule.provision_heading, ";".join(urls)),
        ";".join(dict.fromkeys(proof.verification for proof in proofs)),
        rule.href,
    ]


add_exports(
    router,
    "/reach",
    "reach_of_case",
    "Whose law reaches a case: a row an offence or power of a jurisdiction. `outcome` is that of"
    " the row, `jurisdiction_best_outcome` that of the jurisdiction, which reaches the case where"
    " any of its offences does.",
    CaseQuery,
    reach_table,
)
