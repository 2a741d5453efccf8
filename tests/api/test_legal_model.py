"""The hard cases of the legal model, read back over HTTP: several offences, parts of offences.

Each test is a case of real law that a simpler model got wrong, told with invented law
(`tests/data/world`). Further cases: penalties, reach, time, services and states.
"""

from __future__ import annotations

import csv
import io
from typing import Any

import httpx

OFFENCES_ACT = "sg-example-offences-act-1900"


def ask(world: httpx.Client, path: str, **asked: str) -> Any:
    """Return the JSON of an answer that has to succeed."""
    answer = world.get(f"/v1/{path}", params=asked)
    assert answer.status_code == 200, answer.text
    return answer.json()


def names(world: httpx.Client, collection: str, **asked: str) -> list[str]:
    """Return the ids on a page, without the law where the question names one."""
    page = ask(world, collection, limit="200", **asked)
    assert page["next_cursor"] is None, "the page does not hold everything that was asked for"
    return [item["id"].removeprefix(f"{asked.get('law')}~") for item in page["items"]]


def table(world: httpx.Client, collection: str, **asked: str) -> dict[str, dict[str, str]]:
    """Return the rows of a CSV export by id."""
    answer = world.get(f"/v1/{collection}.csv", params=asked)
    assert answer.status_code == 200, answer.text
    return {row["id"]: row for row in csv.DictReader(io.StringIO(answer.text))}


def terms(penalties: list[dict[str, Any]]) -> list[tuple[str | None, str | None]]:
    """Return the shortest and longest prison term of each case, as coded."""
    bounds = [case["prison"] or {"min": None, "max": None} for case in penalties]
    return [tuple(b[end] and b[end]["text"] for end in ("min", "max")) for b in bounds]


# --- several offences in one provision ----------------------------------------------------------


def test_three_offences_of_one_section_keep_their_ids(world: httpx.Client):
    first = f"{OFFENCES_ACT}~sec_12~offence_1"
    second = f"{OFFENCES_ACT}~sec_12~offence_2"
    before = ask(world, "offences", provision=f"{OFFENCES_ACT}~sec_12", as_of="2024-04-30")
    assert [
        (o["id"].split("~")[-1], o["pinpoint"], o["conduct"], o["fault"]) for o in before["items"]
    ] == [
        ("offence_1", "subsec_1", ["advertise"], "knowledge"),
        ("offence_2", "subsec_2", ["solicit"], "intent"),
        ("offence_3", "subsec_3", ["offer"], "reason_to_believe"),
    ]
    # A day later the first is gone and the others moved up, yet nobody's id means another offence.
    after = ask(world, f"offences/{second}", as_of="2024-05-01")
    assert (after["pinpoint"], after["conduct"]) == ("subsec_1", ["solicit"])
    gone = world.get(f"/v1/offences/{first}", params={"as_of": "2024-05-01"})
    assert gone.status_code == 404
    assert gone.json()["intervals"] == [{"valid_from": "2020-01-01", "valid_to": "2024-05-01"}]


def test_two_offences_of_one_section_differ_by_fault(world: httpx.Client):
    law = "sg-example-films-act-1981"
    strict, knowing = "sec_31~offence_1", "sec_31~offence_2"
    assert names(world, "offences", law=law, as_of="1998-09-30") == [strict]
    assert names(world, "offences", law=law, as_of="1998-10-01") == [strict, knowing]
    assert names(world, "offences", law=law, fault="strict", as_of="2020-01-01") == [strict]
    assert names(world, "offences", law=law, fault="knowledge", as_of="2020-01-01") == [knowing]
    rows = table(world, "offences", law=law, as_of="2020-01-01")
    assert {id_[-9:]: row["prison_max_months"] for id_, row in rows.items()} == {
        "offence_1": "6",
        "offence_2": "12",
    }


# --- what a court, or a definition, leaves of an offence ----------------------------------------


def test_a_judgment_strikes_minima_and_leaves_the_words(world: httpx.Client):
    provision = "ca-example-code-1985~sec_163.1"
    struck = "2025-10-31"
    before, after = (
        ask(world, f"provisions/{provision}", as_of=day) for day in ("2025-10-30", struck)
    )
    assert (before["text_unchanged"], after["text_unchanged"]) == (False, True)
    minima = {
        day: {o["id"].split("~")[-1]: terms(o["penalties"]) for o in state["offences"]}
        for day, state in (("before", before), ("after", after))
    }
    assert minima == {
        "before": {
            "offence_1": [("1y", "14y")],
            "offence_2": [("1y", "10y"), ("6m", "2y-1d")],
        },
        "after": {"offence_1": [("1y", "14y")], "offence_2": [(None, "10y"), ("6m", "2y-1d")]},
    }
    made_by = ask(world, f"effects/{after['made_by']}")
    assert (made_by["kind"], made_by["by"], made_by["date"]) == (
        "strikes_down",
        "ca-example-judgment-2025",
        struck,
    )
    assert ask(world, "laws/ca-example-judgment-2025", as_of=struck)["kind"] == "judgment"
    # The offence that the judgment left alone has one state across the day.
    passing_on = ask(world, f"offences/{provision}~offence_1", as_of=struck)
    assert passing_on["valid_from"] == "2015-07-17"


def test_an_offence_covers_only_some_of_the_defined_depictions(world: httpx.Client):
    law = "de-example-code"
    passing_on, having = (
        ask(world, f"offences/{law}~sec_184b~offence_{n}", as_of="2023-01-01") for n in (1, 2)
    )
    definition = {"id": f"{law}~sec_184b~definition_1", "before": None}
    assert passing_on["material"] == {"definition": definition, "subjects": ["csam"], "only": []}
    assert having["material"]["only"] == ["real", "realistic"]
    defined = ask(world, f"definitions/{definition['id']}", as_of="2023-01-01")
    assert defined["depicts"] == ["real", "realistic", "fictional", "text"]
    assert terms(having["penalties"]) == [("1y", "5y")]
    later = ask(world, f"offences/{having['id']}", as_of="2024-06-28")
    assert terms(later["penalties"]) == [("3m", "5y")]
    assert later["material"] == having["material"]
