"""Parameters: every way in which clients write them, and what is said of those that do not fit."""

from __future__ import annotations

import httpx
import pytest


def problem(client: httpx.Client, path: str) -> list[tuple[str, str, str]]:
    answer = client.get(path)
    assert answer.status_code == 422, answer.text
    return [(e["parameter"], e["value"], e["suggestion"]) for e in answer.json()["errors"]]


@pytest.mark.parametrize(
    "written",
    [
        "conduct=possess&conduct=access",
        "conduct=possess,access",
        "conduct[]=possess&conduct[]=access",
        "conduct[0]=possess&conduct[1]=access",
        "conduct%5B%5D=possess&conduct%5B%5D=access",
        "conduct=possess,access,",
        "conduct=possess, access",
    ],
)
def test_arrays_as_clients_send_them(real, written):
    expected = real.get("/v1/offences?conduct=possess&conduct=access&as_of=2024-01-01").json()
    got = real.get(f"/v1/offences?{written}&as_of=2024-01-01").json()
    assert got["items"] == expected["items"]
    assert got["items"]


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("/v1/laws?jurisdicton=SG", [("jurisdicton", "SG", "jurisdiction")]),
        ("/v1/laws?jurisdiction=UK", [("jurisdiction", "UK", "GB")]),
        ("/v1/laws?jurisdiction=GBR", [("jurisdiction", "GBR", "GB")]),
        ("/v1/laws?jurisdiction=Singapore", [("jurisdiction", "Singapore", "SG")]),
        ("/v1/laws?jurisdiction=sg", [("jurisdiction", "sg", "SG")]),
        ("/v1/laws?kind=acts", [("kind", "acts", "act")]),
        ("/v1/offences?topic=csam-posession", [("topic", "csam-posession", "csam-possession")]),
        ("/v1/offences?conduct=posess", [("conduct", "posess", "possess")]),
        ("/v1/offences?law=sg-penal-code", [("law", "sg-penal-code", "sg-penal-code-1871")]),
        ("/v1/powers?authority=sg-imd", [("authority", "sg-imd", "sg-imda")]),
        ("/v1/laws?as_of=2020-1-1", [("as_of", "2020-1-1", None)]),
        ("/v1/laws?as_of=0", [("as_of", "0", None)]),
        ("/v1/laws?as_of=2020-02-30", [("as_of", "2020-02-30", None)]),
        ("/v1/laws?as_of=", [("as_of", "", None)]),
        ("/v1/laws?kind=", [("kind", "", None)]),
        ("/v1/laws?jurisdiction=", [("jurisdiction", "", None)]),
        ("/v1/laws?limit=0", [("limit", "0", None)]),
        ("/v1/laws?limit=1000", [("limit", "1000", None)]),
        ("/v1/laws?limit=many", [("limit", "many", None)]),
        ("/v1/laws?sort=titel", [("sort", "titel", "title")]),
        ("/v1/laws?total=perhaps", [("total", "perhaps", None)]),
        ("/v1/laws?limit=1&limit=2", [("limit", "2", None)]),
        ("/v1/laws?as_of=2020-01-01&as_of=2021-01-01", [("as_of", "2021-01-01", None)]),
        ("/v1/laws.csv?limit=10", [("limit", "10", None)]),
        ("/v1/effects?date_from=2021-01-01&date_to=2020-01-01", [("date_to", "2020-01-01", None)]),
        ("/v1/offences?prison_max_from=9&prison_max_to=3", [("prison_max_to", "3", None)]),
        ("/v1/laws/sg-penal-code-1871?law=x", [("law", "x", None)]),
        (
            "/v1/laws?kind=akt&status=inforce",
            [("kind", "akt", "act"), ("status", "inforce", "in_force")],
        ),
    ],
)
def test_what_does_not_fit_is_named_with_the_nearest_valid_value(real, path, expected):
    assert problem(real, path) == expected


@pytest.mark.parametrize(
    ("path", "detail"),
    [
        ("/v1/laws?limit=0", "limit=0: the least is 1."),
        ("/v1/laws?limit=201", "limit=201: the most is 200."),
        ("/v1/laws?limit=many", "limit=many: this is no whole number."),
        ("/v1/laws?total=perhaps", "total=perhaps: this is neither true nor false."),
        ("/v1/laws?cursor=!", "cursor=!: this is not a cursor of this API."),
        (
            "/v1/laws?jurisdiction=UK",
            "jurisdiction=UK: there is nothing of this name among the"
            " jurisdictions. Did you mean 'GB'?",
        ),
        (
            "/v1/laws.csv?limit=5",
            "limit=5: an export holds every row, so that there is no such parameter here.",
        ),
        (
            "/v1/comparisons/changes",
            "date_from: this parameter is required. Please look at date_to, too.",
        ),
        (
            "/v1/laws?total=perhaps&limit=0",
            "limit=0: the least is 1. Please look at total, too.",
        ),
    ],
)
def test_the_detail_says_what_is_wrong(real, path, detail):
    assert real.get(path).json()["detail"] == detail


@pytest.mark.parametrize("day", ["0001-01-01", "1799-12-31", "2101-01-01", "9999-12-31"])
@pytest.mark.parametrize(
    "path",
    [
        "/v1/offences?as_of=",
        "/v1/laws.csv?as_of=",
        "/v1/laws/sg-penal-code-1871?as_of=",
        "/v1/laws/sg-penal-code-1871/provisions?as_of=",
        "/v1/effects?date_to=",
        "/v1/comparisons/matrix?as_of=",
        "/v1/comparisons/reach?conduct=produce&act_date=",
        "/v1/panel?date_from=1990-01-01&date_to=",
    ],
)
def test_days_beyond_knowing_are_refused_everywhere(real, path, day):
    (mistake,) = real.get(f"{path}{day}").json()["errors"]
    assert mistake["message"] == "days from 1800-01-01 to 2100-12-31 can be asked about"


def test_the_last_day_that_can_be_asked_about_is_answered(real):
    assert real.get("/v1/laws/sg-penal-code-1871?as_of=2100-12-31").status_code == 200
    assert real.get("/v1/offences?as_of=1800-01-01").json()["items"] == []


def test_what_is_not_in_force_leads_to_its_nearest_state(real):
    provision = "sg-penal-code-1871~sec_377BK"
    (link,) = [
        link
        for link in real.get(f"/v1/provisions/{provision}?as_of=1900-01-01").json()["links"]
        if "as_of" in link
    ]
    assert link == f"/v1/provisions/{provision}?as_of=2020-01-01"
    assert real.get(link).status_code == 200


@pytest.mark.parametrize(
    ("id_", "suggested"),
    [
        ("SG~posession", ["/v1/codings/SG~possession"]),
        ("FR~possession", ["/v1/surveys?jurisdiction=FR"]),
        ("SG~nope", ["/v1/codings"]),
    ],
)
def test_only_what_comes_near_in_every_part_is_suggested(real, id_, suggested):
    assert real.get(f"/v1/codings/{id_}").json()["links"] == suggested
    assert real.get(suggested[0]).status_code == 200


def test_laws_are_found_by_their_short_titles(real):
    act = "sg-online-criminal-harms-act-2023"
    assert real.get("/v1/laws/OCHA").json()["links"] == [f"/v1/laws/{act}"]
    assert problem(real, "/v1/offences?law=OCHA") == [("law", "OCHA", act)]


@pytest.mark.parametrize(
    ("path", "links"),
    [
        ("/v1/laws/", ["/v1/laws"]),
        ("/docs/", ["/docs"]),
        ("/v1/law?limit=3", ["/v1/laws?limit=3"]),
        ("/v1/law/OCHA", ["/v1/laws/OCHA"]),
        ("/v1/comparisons/matrix-wide?topic=csam", ["/v1/comparisons/matrix-wide.csv?topic=csam"]),
        ("/v1/laws/sg-penal-code-1871/provision", ["/v1/laws/sg-penal-code-1871/provisions"]),
        ("/nothing/of/the/kind", []),
    ],
)
def test_a_wrong_address_leads_to_the_nearest(real, path, links):
    answer = real.get(path)
    assert answer.status_code == 404
    known = ["/v1", "/docs", "/openapi.json"]
    assert answer.json()["links"] == list(dict.fromkeys([*links, *known]))


def test_an_address_above_others_leads_to_these(real):
    links = real.get("/v1/comparisons").json()["links"]
    assert {"/v1/comparisons/matrix", "/v1/comparisons/matrix.csv"} <= set(links)
    assert all(real.get(link).status_code in (200, 422) for link in links)


def test_penalties_are_found_by_the_material_of_their_offences(real):
    asked = "jurisdiction=SG&conduct=possess&material_class=csam&base=true&as_of=2020-01-01"
    found = {p["facet"]: p for p in real.get(f"/v1/penalties?{asked}").json()["items"]}
    penalty = found["sg-penal-code-1871~sec_377BK~offence_1"]
    assert (penalty["material_class"], penalty["purpose"]) == (["csam"], "none")
    assert all("csam" in penalty["material_class"] for penalty in found.values())


def test_unknown_ids_lead_to_the_nearest(real):
    answer = real.get("/v1/laws/sg-penal-code-1781")
    assert answer.status_code == 404
    assert answer.json()["links"] == ["/v1/laws/sg-penal-code-1871"]


def test_an_unknown_code_is_never_an_empty_answer(real):
    for name, parameters in (
        ("laws", ("jurisdiction", "group", "topic", "related")),
        ("offences", ("jurisdiction", "law", "provision", "topic", "reach", "sentencing")),
        ("reaches", ("applies_to",)),
        ("effects", ("law", "by", "provision")),
        ("powers", ("authority",)),
    ):
        for parameter in parameters:
            answer = real.get(f"/v1/{name}", params={parameter: "no-such-thing"})
            assert answer.status_code == 422, (name, parameter)
            assert answer.json()["errors"][0]["parameter"] == parameter


def test_odd_characters_find_nothing_and_break_nothing(real):
    assert real.get("/v1/laws/%00").status_code == 404
    assert real.get("/v1/laws/%F0%9F%92%A9'%22;--").status_code == 404
    assert real.get("/v1/laws?jurisdiction=%00&law=%FF").status_code == 422


def test_too_many_values_are_refused(real):
    answer = real.get("/v1/offences", params={"conduct": ["possess"] * 51})
    assert answer.status_code == 422


@pytest.mark.parametrize("name", ["powers", "duties", "exceptions", "laws", "provisions"])
def test_every_pair_and_triple_of_values(real, name):
    """Names of parameters never meet those that the statement makes up itself."""
    counts = real.get(f"/v1/{name}?count_by=kind&as_of=2024-07-01").json()["counts"]
    kinds = [count["value"] for count in counts]
    for chosen in (kinds[:2], kinds[:3], kinds):
        question = {"kind": chosen, "total": "true", "as_of": "2024-07-01"}
        total = real.get(f"/v1/{name}", params=question).json()["total"]
        assert total == sum(count["count"] for count in counts if count["value"] in chosen)


def test_ranges(real):
    page = real.get(
        "/v1/offences?jurisdiction=SG&prison_max_from=60&prison_max_to=60&limit=200&as_of=2024-01-01"
    )
    found = {item["id"] for item in page.json()["items"]}
    assert "sg-penal-code-1871~sec_377BK~offence_1" in found
    whole = real.get("/v1/offences?jurisdiction=SG&limit=200&as_of=2024-01-01").json()
    assert whole["next_cursor"] is None
    assert 0 < len(found) < len(whole["items"])


def test_broad_topics_find_narrow_ones(real):
    narrow = real.get("/v1/provisions?topic=csam-possession&as_of=2024-01-01").json()["items"]
    broad = real.get("/v1/provisions?topic=csam&limit=200&as_of=2024-01-01").json()["items"]
    assert {p["id"] for p in narrow} < {p["id"] for p in broad}
