"""Every entry of reach in the dataset, asked of the resolver: a case made of its grounds is reached
through it, and the entries that an answer tests are those that `/v1/reaches` ties to the offence.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import httpx

from models.case import NATIONALITIES, PARAMETERS
from models.vocabulary import Basis
from tests.api.test_legal_model import ask


def test_every_ground_has_a_fact_that_decides_it():
    assert set(Basis) - set(PARAMETERS) == {Basis.ANY_PERSON_ANYWHERE, Basis.UNIVERSAL}


def facts_of(rule: Any) -> dict[str, str]:
    """The facts of a case that meets the grounds of an entry."""
    code = rule["extent"][0]
    facts = {}
    for basis in rule["basis"]:
        parameter = PARAMETERS.get(Basis[basis.upper()])
        if parameter:
            facts[parameter] = code[:2] if parameter in NATIONALITIES else code
    return facts


def age_for(rule: Any, covered: Any) -> int | None:
    """An age that an entry and the offence that it covers ask for; null where neither does."""
    limits: list[int | None] = [rule["victim_under"], covered.get("victim_under")]
    under = min((limit for limit in limits if limit is not None), default=None)
    over: int | None = covered.get("victim_over")
    return under - 1 if under is not None else over


def everything(client: httpx.Client, collection: str, **asked: str) -> Iterator[Any]:
    page = ask(client, collection, limit="200", **asked)
    yield from page["items"]
    while page["next_cursor"]:
        page = ask(client, collection, limit="200", **asked, cursor=page["next_cursor"])
        yield from page["items"]


def test_a_case_made_of_an_entrys_grounds_is_reached_through_it(world: httpx.Client):
    assert cases_made_of_grounds(world, ("2007-01-01", "2021-01-01")) > 10


def test_a_case_made_of_a_real_entrys_grounds_is_reached_through_it(real: httpx.Client):
    assert cases_made_of_grounds(real, ("2019-12-31", "2021-01-01", "2026-11-01")) > 300


def cases_made_of_grounds(client: httpx.Client, days: tuple[str, ...]) -> int:
    """Ask about every entry on each day; return how many coverings were checked."""
    checked = 0
    for day in days:
        dates = {"act_date": day, "conviction_date": day, "proceedings_date": day}
        for rule in everything(client, "reaches", as_of=day):
            asked = {"reach": rule["id"], "as_of": day}
            answers: dict[tuple[str, int | None], Any] = {}
            for covered in everything(client, "offences", **asked):
                key = (covered["conduct"][0], age_for(rule, covered))
                if key not in answers:
                    case = {**facts_of(rule), **dates, "conduct": key[0]}
                    case |= {} if key[1] is None else {"victim_age": str(key[1])}
                    code = rule["extent"][0]
                    answers[key] = ask(client, "comparisons/reach", **case, jurisdiction=code)
                reached(answers[key], "offences", covered["id"], rule["id"])
                checked += 1
            content = {**facts_of(rule), **dates, "conduct": "distribute", "victim_age": "10"}
            content.setdefault("accessible_in", rule["extent"][0])
            answer = ask(client, "comparisons/reach", **content, jurisdiction=rule["extent"][0])
            listed = {power["id"] for j in answer["jurisdictions"] for power in j["powers"]}
            for covered in everything(client, "powers", **asked):
                if covered["id"] in listed:
                    reached(answer, "powers", covered["id"], rule["id"])
                    checked += 1
    return checked


def reached(answer: Any, kind: str, id_: str, reach: str) -> None:
    """Assert that an answer says that a rule reaches the case through an entry."""
    (found,) = [rule for j in answer["jurisdictions"] for rule in j[kind] if rule["id"] == id_]
    assert found["outcome"] == "reached", (id_, reach, found["explanation"])
    met = [entry["reach"] for entry in found["entries"] if entry["outcome"] == "met"]
    assert reach in met, (id_, reach, met)


def test_an_answer_tests_the_entries_that_cover_an_offence_and_no_others(world: httpx.Client):
    entries_of_offences(world, ("2007-01-01", "2021-01-01"))


def test_an_answer_tests_the_real_entries_that_cover_an_offence(real: httpx.Client):
    entries_of_offences(real, ("2019-12-31", "2026-11-01"))


def entries_of_offences(client: httpx.Client, days: tuple[str, ...]) -> None:
    """Compare the entries of each offence with what `/v1/reaches` and its filter tie to it."""
    for day in days:
        tied: dict[str, set[str]] = {}
        conducts = set()
        for rule in everything(client, "reaches", as_of=day):
            for covered in everything(client, "offences", reach=rule["id"], as_of=day):
                tied.setdefault(covered["id"], set()).add(rule["id"])
                conducts |= set(covered["conduct"])
        dates = {"act_date": day, "conviction_date": day, "proceedings_date": day}
        for conduct in sorted(conducts):
            answer = ask(client, "comparisons/reach", conduct=conduct, **dates)
            for jurisdiction in answer["jurisdictions"]:
                for rule in jurisdiction["offences"]:
                    entries = {e["reach"] for e in rule["entries"]} - {None}
                    assert entries == tied.get(rule["id"], set()), rule["id"]
