"""The facts of a case as a request states them: read, placed, and refused where contradictory."""

from __future__ import annotations

from datetime import date
from typing import ClassVar

from pydantic import Field

from api.legal_orders import Places
from api.problems import Mistake, refused
from api.query import ANY, AskedDay, Example, NoQuery, check_names, today
from api.serving import Release
from models.case import DATES, NATIONALITIES, Case
from models.legal_order import LegalOrders
from models.vocabulary import Clock, Conduct, Subject


class CaseQuery(NoQuery):
    """The facts of a case. What is not stated stays open, and the answer says what depends on it.

    Places are ISO 3166 codes of countries, or of parts of them; repeat a parameter, or use commas,
    where there are several.
    """

    example: ClassVar[Example] = {
        "conduct": ["produce"],
        "material_class": ["csam"],
        "place": ["TH"],
        "offender_nationality": ["SG"],
        "act_date": "2021-05-01",
    }

    conduct: list[Conduct] = Field(examples=[["produce"]])
    """What was done; any one of them."""
    material_class: list[Subject] | None = Field(None, examples=[["csam"]])
    """What material it was about; only offences about it are looked at."""
    place: list[str] | None = Field(None, examples=[["TH"]])
    """Where the act was done; several places where parts of it were done in each."""
    effect_in: list[str] | None = Field(None, examples=[["SG"]])
    """Where the harm or result occurred, or was intended to."""
    offender_nationality: list[str] | None = Field(None, examples=[["SG"]])
    """Countries of which the offender was a national."""
    offender_residence: list[str] | None = Field(None, examples=[["SG"]])
    """Countries of which the offender was a (permanent) resident."""
    offender_later_nationality: list[str] | None = Field(None, examples=[["GB"]])
    """Countries of which the offender became a national, or resident, after the act."""
    offender_found_in: list[str] | None = Field(None, examples=[["NO"]])
    """Where the offender was found."""
    offender_official_of: list[str] | None = Field(None, examples=[["SG"]])
    """Countries of which the offender acted as an official; without it, of none."""
    for_entity_of: list[str] | None = Field(None, examples=[["SG"]])
    """Where the entity was established for whose benefit it was done; without it, for none."""
    victim_nationality: list[str] | None = Field(None, examples=[["SG"]])
    """Countries of which the victim was a national."""
    victim_residence: list[str] | None = Field(None, examples=[["SG"]])
    """Countries of which the victim was a resident."""
    victim_place: list[str] | None = Field(None, examples=[["SG"]])
    """Where the victim was."""
    victim_age: int | None = Field(None, ge=0, le=130, examples=[12])
    """Age of the victim at the time, in years."""
    service_offered_in: list[str] | None = Field(None, examples=[["SG"]])
    """Where the service that was used is offered."""
    hosted_in: list[str] | None = Field(None, examples=[["US"]])
    """Where the content is hosted."""
    accessible_in: list[str] | None = Field(None, examples=[["SG"]])
    """Where the content can be accessed; without it, where it is hosted or the service offered."""
    provider_established_in: list[str] | None = Field(None, examples=[["US"]])
    """Where the provider of the service is established."""
    import_into: list[str] | None = Field(None, examples=[["US"]])
    """Into which country the material was meant to be imported."""
    craft_registered_in: list[str] | None = Field(None, examples=[["SG"]])
    """Where the ship or aircraft is registered on which it was done; without it, on none."""
    act_date: AskedDay | None = Field(None, examples=["2021-05-01"])
    """Day of the act, `YYYY-MM-DD`; today (UTC) when left out."""
    conviction_date: AskedDay | None = Field(None, examples=["2022-05-01"])
    """Day of conviction or sentence."""
    proceedings_date: AskedDay | None = Field(None, examples=["2021-09-01"])
    """Day on which proceedings began."""
    jurisdiction: list[str] | None = Field(None, examples=[["SG", "GB"]])
    """Whose law is asked; without it, every jurisdiction with coded offences or reach."""


PLACES = tuple(
    name
    for name in CaseQuery.model_fields
    if name not in {"conduct", "material_class", "victim_age", "jurisdiction", *DATES.values()}
)
"""Parameters that state places or countries."""

ABOUT_CONTENT = ("service_offered_in", "hosted_in", "accessible_in", "provider_established_in")
"""Parameters that make a case one about content, so that powers are asked about."""


async def read_case(query: CaseQuery, release: Release, orders: LegalOrders) -> Case:
    """Return the facts of a case. Refuses unknown places and dates that contradict each other."""
    await check_names(query, release)
    places = Places(release, orders)
    found: dict[str, list[str]] = {}
    for name in PLACES:
        codes: list[str] = getattr(query, name) or []
        if codes:
            found[name] = await places.read(name, codes, name in NATIONALITIES)
    days = {clock: getattr(query, name) for clock, name in DATES.items()}
    days[Clock.ACT] = query.act_date or today()
    mistakes = [*places.mistakes, *_too_many(query), *_dates(query, days[Clock.ACT])]
    if mistakes:
        raise refused(mistakes)
    stated = {clock: day for clock, day in days.items() if day is not None}
    return Case(found, stated, query.victim_age)


def _dates(query: CaseQuery, act: date) -> list[Mistake]:
    """Say which dates cannot be those of one case."""
    mistakes = []
    default = "" if query.act_date else " (today, as none is stated)"
    for name in (DATES[Clock.PROCEEDINGS], DATES[Clock.CONVICTION]):
        day: date | None = getattr(query, name)
        if day is not None and day < act:
            message = f"this lies before the act: act_date is {act}{default}"
            mistakes.append(_mistake(name, day, message))
    begun, convicted = query.proceedings_date, query.conviction_date
    if begun is not None and convicted is not None and convicted < begun:
        message = f"this lies before proceedings began: proceedings_date is {begun}"
        mistakes.append(_mistake("conviction_date", convicted, message))
    return mistakes


def _too_many(query: CaseQuery) -> list[Mistake]:
    """Say which lists are too long."""
    return [
        Mistake(parameter=name, value=None, message=f"at most {ANY} values", suggestion=None)
        for name in CaseQuery.model_fields
        if isinstance(getattr(query, name), list) and len(getattr(query, name)) > ANY
    ]


def _mistake(parameter: str, day: date, message: str) -> Mistake:
    return Mistake(parameter=parameter, value=day.isoformat(), message=message, suggestion=None)
