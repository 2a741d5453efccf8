"""Linked data, read back by rdflib: what the records say, in the words of the vocabularies."""

from __future__ import annotations

from typing import Any

import httpx
import pytest
from rdflib import DCAT, DCTERMS, RDF, SDO, SKOS, Graph, Literal, Namespace, URIRef
from rdflib.compare import isomorphic

pytestmark = pytest.mark.filterwarnings(
    "ignore:ConjunctiveGraph is deprecated:DeprecationWarning"  # rdflib's own reader makes one
)

ELI = Namespace("http://data.europa.eu/eli/ontology#")
ELI_WORDS = {
    *("LegalResource", "LegalResourceSubdivision", "id_local", "date_document", "number"),
    *("date_publication", "first_date_entry_in_force", "date_no_longer_in_force", "in_force"),
    *("is_about", "is_part_of", "changes", "based_on", "ensures_implementation_of", "repeals"),
    *("InForce-inForce", "InForce-partiallyInForce", "InForce-notInForce"),
}
"""The words of ELI's ontology that are used: it has them all."""

DCAT_VERSION = URIRef("http://www.w3.org/ns/dcat#version")
"""New in DCAT 3, which rdflib does not list yet."""

DAY = "2022-06-01"


def graph(client: httpx.Client, path: str) -> Graph:
    """Read a document as any consumer would, its addresses resolved against its own."""
    answer = client.get(path)
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"] == "application/ld+json"
    base = f"https://lexcompare.example{path}"
    found = Graph().parse(data=answer.text, format="json-ld", publicID=base)
    again = Graph().parse(data=found.serialize(format="turtle"), format="turtle")
    assert isomorphic(found, again)
    for triple in found:
        for term in triple:
            if isinstance(term, URIRef):
                assert term.startswith("http"), term
                if term.startswith(str(ELI)):
                    assert term.removeprefix(str(ELI)) in ELI_WORDS
                elif term.startswith(str(SDO)):
                    assert term in SDO, term
    return found


def url(collection: str, id_: str) -> URIRef:
    return URIRef(f"https://lexcompare.example/v1/{collection}/{id_}")


def one(found: Graph, subject: URIRef, predicate: URIRef) -> Any:
    """The only value, as Python has it; null without one."""
    values = list(found.objects(subject, predicate))
    assert len(values) <= 1, values
    if not values:
        return None
    return values[0].toPython() if isinstance(values[0], Literal) else str(values[0])


def many(found: Graph, subject: URIRef, predicate: URIRef) -> set[str]:
    return {str(value) for value in found.objects(subject, predicate)}


def test_every_law_says_what_its_record_says(world: httpx.Client):
    forces = set()
    for day in (DAY, "2015-01-01"):
        for law in world.get(f"/v1/laws?limit=200&as_of={day}").json()["items"]:
            found = graph(world, f"/v1/laws/{law['id']}.jsonld?as_of={day}")
            this = url("laws", law["id"])
            kinds = many(found, this, RDF.type)
            assert kinds == {str(SDO.Legislation), str(ELI.LegalResource)}
            assert one(found, this, SDO.name) == law["title"]
            assert one(found, this, SDO.description) == law["summary"]
            assert one(found, this, SDO.legislationDateVersion).isoformat() == day
            uris = {uri for uri in (law["akn_uri"], law["eli"]) if uri}
            named = many(found, this, SDO.legislationIdentifier)
            assert named == (uris or {law["number"]} - {None})
            places = many(found, this, SDO.legislationJurisdiction)
            assert places == {str(url("jurisdictions", code)) for code in law["extent"]}
            for code in law["extent"]:
                record = world.get(f"/v1/jurisdictions/{code}?as_of={day}").json()
                assert one(found, url("jurisdictions", code), SDO.name) == record["name"]
            force = one(found, this, SDO.legislationLegalForce)
            forces.add((law["status"], force.rpartition("/")[2]))
            assert (one(found, this, ELI.in_force).endswith("-inForce")) == (
                law["status"] == "in_force"
            )
            commenced = one(found, this, ELI.first_date_entry_in_force)
            assert (commenced and commenced.isoformat()) == law["commenced_on"]
            coverage = one(found, this, SDO.temporalCoverage)
            assert (coverage is None) == (law["commenced_on"] is None)
            if coverage and law["ended_on"] is None:
                assert coverage == f"{law['commenced_on']}/.."
    assert ("in_force", "InForce") in forces
    assert ("partly_in_force", "PartiallyInForce") in forces
    assert {force for status, force in forces if "partly" not in status} == {
        "InForce",
        "NotInForce",
    }


def test_every_provision_says_what_its_record_says(world: httpx.Client):
    provisions = world.get(f"/v1/provisions?limit=200&as_of={DAY}").json()["items"]
    assert provisions
    for provision in provisions:
        found = graph(world, f"/v1/provisions/{provision['id']}.jsonld?as_of={DAY}")
        this = url("provisions", provision["id"])
        assert ELI.LegalResourceSubdivision in set(found.objects(this, RDF.type))
        assert one(found, this, SDO.name) == provision["heading"]
        assert str(url("laws", provision["law"])) in many(found, this, SDO.isPartOf)
        above = provision["parent"]
        whole = url("provisions", above) if above else url("laws", provision["law"])
        assert one(found, this, ELI.is_part_of) == str(whole)
        topics = {str(url("topics", topic)) for topic in provision["topics"]}
        assert many(found, this, SDO.about) == topics == many(found, this, ELI.is_about)
        sources = {source["url"] for source in provision["sources"]}
        assert many(found, this, SDO.isBasedOn) == sources
        assert one(found, this, SDO.temporalCoverage).startswith(f"{provision['valid_from']}/")
        identifier = one(found, this, SDO.legislationIdentifier)
        if identifier:
            answer = world.get(identifier)
            assert answer.headers["location"] == f"/v1/provisions/{provision['id']}"


def test_relations_between_laws(world: httpx.Client):
    laws = world.get(f"/v1/laws?limit=200&as_of={DAY}").json()["items"]
    amending = [law for law in laws if any(r["kind"] == "amends" for r in law["relations"])]
    assert amending
    for law in amending:
        found = graph(world, f"/v1/laws/{law['id']}.jsonld?as_of={DAY}")
        meant = {str(url("laws", r["law"])) for r in law["relations"] if r["kind"] == "amends"}
        assert many(found, url("laws", law["id"]), ELI.changes) == meant
        assert many(found, url("laws", law["id"]), SDO.legislationChanges) == meant


def test_a_version_that_ended_names_its_last_day(world: httpx.Client):
    id_ = "sg-example-offences-act-1900~sec_13"
    found = graph(world, f"/v1/provisions/{id_}.jsonld?as_of=2021-01-01")
    assert one(found, url("provisions", id_), SDO.temporalCoverage) == "2020-01-01/2022-02-28"


def test_real_law(real: httpx.Client):
    found = graph(real, "/v1/laws/sg-online-criminal-harms-act-2023.jsonld?as_of=2024-03-01")
    this = url("laws", "sg-online-criminal-harms-act-2023")
    assert one(found, this, SDO.legislationIdentifier) == "/akn/sg/act/2023/24"
    assert one(found, this, SDO.legislationDate).isoformat() == "2023-07-24"
    assert one(found, this, SDO.legislationLegalForce) == str(SDO.PartiallyInForce)
    assert one(found, this, SDO.citation) == "Online Criminal Harms Act 2023 (Singapore)"
    found = graph(real, "/v1/laws/eu-interim-derogation-2021.jsonld?as_of=2024-03-01")
    eli = "http://data.europa.eu/eli/reg/2021/1232/oj"
    assert one(found, url("laws", "eu-interim-derogation-2021"), SDO.sameAs) == eli


def test_topics_are_a_concept_scheme(world: httpx.Client):
    found = graph(world, "/v1/topics.jsonld")
    scheme = URIRef("https://lexcompare.example/v1/topics")
    assert (scheme, RDF.type, SKOS.ConceptScheme) in found
    topics = world.get("/v1/topics?limit=200").json()["items"]
    assert set(found.subjects(RDF.type, SKOS.Concept)) == {url("topics", t["id"]) for t in topics}
    for topic in topics:
        this = url("topics", topic["id"])
        assert found.value(this, SKOS.prefLabel) == Literal(topic["label"], lang="en")
        assert many(found, this, SKOS.altLabel) == set(topic["alternatives"])
        broader = {str(url("topics", topic["broader"]))} if topic["broader"] else set()
        assert many(found, this, SKOS.broader) == broader
        assert many(found, this, SKOS.inScheme) == {str(scheme)}
        assert ((scheme, SKOS.hasTopConcept, this) in found) == (topic["broader"] is None)
        assert ((this, SKOS.topConceptOf, scheme) in found) == (topic["broader"] is None)
    assert {(n, b) for b, n in found.subject_objects(SKOS.narrower)} == set(
        found.subject_objects(SKOS.broader)
    )
    for predicate in found.predicates():
        if predicate.startswith(str(SKOS)):
            assert predicate in SKOS


def test_the_dataset_names_its_files(world: httpx.Client):
    found = graph(world, "/v1/dataset.jsonld")
    (dataset,) = found.subjects(RDF.type, DCAT.Dataset)
    answer = world.get("/v1/laws")
    assert one(found, dataset, DCTERMS.identifier) == answer.headers["lexcompare-release"]
    files = set(found.objects(dataset, DCAT.distribution))
    assert len(files) > 40
    assert files == set(found.subjects(RDF.type, DCAT.Distribution))
    for file in files:
        address = str(found.value(file, DCAT.downloadURL))
        answer = world.head(address.removeprefix("https://lexcompare.example"))
        assert answer.status_code == 200, address
        media_type = str(found.value(file, DCAT.mediaType)).partition("media-types/")[2]
        assert answer.headers["content-type"].partition(";")[0] == media_type
    (service,) = found.subjects(RDF.type, DCAT.DataService)
    described = str(found.value(service, DCAT.endpointDescription))
    assert world.get(described.removeprefix("https://lexcompare.example")).status_code == 200
    for predicate in found.predicates():
        if predicate.startswith(str(DCAT)):
            assert predicate in DCAT or predicate == DCAT_VERSION


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("/v1/laws/sg-example-harms-act-2032.jsonld", "not-found"),
        (
            "/v1/provisions/sg-example-offences-act-1900~sec_13.jsonld?as_of=2019-12-31",
            "not-in-force",
        ),
    ],
)
def test_unknown_and_not_in_force(world: httpx.Client, path: str, kind: str):
    answer = world.get(path)
    assert answer.status_code == 404
    assert answer.json()["type"] == f"/problems/{kind}"
