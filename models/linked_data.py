"""Linked data: laws as ELI and schema.org, topics as SKOS, the dataset as DCAT, in JSON-LD.

Contexts stand in the documents, so that none needs the network to be read. Addresses begin with
`base`; where that is empty they are relative, and resolve against the document's own.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any, TypeAlias

from models.law import LawRecord
from models.provision import ProvisionRecord
from models.release import ReleaseRecord
from models.topic import TopicRecord
from models.vocabulary import LawStatus, RelationKind

Node: TypeAlias = dict[str, Any]

MEDIA_TYPE = "application/ld+json"

LEGISLATION = {
    "@vocab": "https://schema.org/",
    "eli": "http://data.europa.eu/eli/ontology#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
}
"""Context of laws and provisions."""

CONCEPTS = {
    "@vocab": "http://www.w3.org/2004/02/skos/core#",
    "dct": "http://purl.org/dc/terms/",
    "owl": "http://www.w3.org/2002/07/owl#",
}
"""Context of topics."""

CATALOGUE = {
    "@vocab": "http://www.w3.org/ns/dcat#",
    "dct": "http://purl.org/dc/terms/",
    "foaf": "http://xmlns.com/foaf/0.1/",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
}
"""Context of the dataset."""

_FORCE = {
    LawStatus.IN_FORCE: ("InForce", "inForce"),
    LawStatus.PARTLY_IN_FORCE: ("PartiallyInForce", "partiallyInForce"),
}
_NO_FORCE = ("NotInForce", "notInForce")

_RELATIONS = {
    RelationKind.AMENDS: ("legislationChanges", "eli:changes"),
    RelationKind.MADE_UNDER: ("isBasedOn", "eli:based_on"),
    RelationKind.IMPLEMENTS: (
        "legislationEnsuresImplementationOf",
        "eli:ensures_implementation_of",
    ),
    RelationKind.REPLACES: ("legislationRepeals", "eli:repeals"),
}
"""How relations are called; the others say nothing that either vocabulary has a word for."""


def law_node(law: LawRecord, base: str, day: date, name: str, places: Mapping[str, str]) -> Node:
    """Describe a law as it stood on a day; `places` names the jurisdictions of its extent."""
    force, eli_force = _FORCE.get(law.status, _NO_FORCE)
    adopted = law.assented_on or law.passed_on
    node: Node = {
        "@context": LEGISLATION,
        "@id": f"{base}/v1/laws/{law.id}",
        "@type": ["Legislation", "eli:LegalResource"],
        "name": law.title,
        "alternateName": law.other_titles,
        "citation": name,
        "description": law.summary,
        "legislationIdentifier": [uri for uri in (law.akn_uri, law.eli) if uri] or law.number,
        "legislationType": law.kind,
        "legislationJurisdiction": [
            {
                "@id": f"{base}/v1/jurisdictions/{code}",
                "@type": "AdministrativeArea",
                "identifier": code,
                "name": places.get(code, code),
            }
            for code in law.extent
        ],
        "legislationDate": _day(adopted),
        "legislationDateVersion": _day(day),
        "legislationLegalForce": {"@id": f"https://schema.org/{force}"},
        "datePublished": _day(law.published_on),
        "temporalCoverage": coverage(law.commenced_on, law.ended_on),
        "about": [_ref(base, "topics", topic) for topic in law.topics],
        "url": _iri(law.url),
        "sameAs": _iri(law.eli),
        "eli:id_local": law.number,
        "eli:date_document": _day(adopted),
        "eli:date_publication": _day(law.published_on),
        "eli:first_date_entry_in_force": _day(law.commenced_on),
        "eli:date_no_longer_in_force": _day(law.ended_on),
        "eli:in_force": {"@id": f"eli:InForce-{eli_force}"},
        "eli:is_about": [_ref(base, "topics", topic) for topic in law.topics],
    }
    for relation in law.relations:
        for term in _RELATIONS.get(relation.kind, ()):
            node.setdefault(term, []).append(_ref(base, "laws", relation.law))
    return _said(node)


def provision_node(
    provision: ProvisionRecord, law: LawRecord, base: str, day: date, name: str
) -> Node:
    """Describe a provision as in force on a day."""
    whole = _ref(base, "laws", law.id)
    above = _ref(base, "provisions", provision.parent) if provision.parent else whole
    return _said(
        {
            "@context": LEGISLATION,
            "@id": f"{base}/v1/provisions/{provision.id}",
            "@type": ["Legislation", "eli:LegalResourceSubdivision"],
            "name": provision.heading,
            "citation": name,
            "description": provision.summary,
            "legislationIdentifier": f"{law.akn_uri}/~{provision.eid}" if law.akn_uri else None,
            "legislationType": provision.kind,
            "legislationJurisdiction": [
                _ref(base, "jurisdictions", code) for code in provision.extent
            ],
            "legislationDateVersion": _day(day),
            "legislationLegalForce": {"@id": "https://schema.org/InForce"},
            "temporalCoverage": coverage(provision.valid_from, provision.valid_to),
            "about": [_ref(base, "topics", topic) for topic in provision.topics],
            "isPartOf": [whole, *([above] if above != whole else [])],
            "isBasedOn": [_iri(url) for url in dict.fromkeys(s.url for s in provision.sources)],
            "eli:number": provision.number,
            "eli:in_force": {"@id": "eli:InForce-inForce"},
            "eli:is_part_of": above,
            "eli:is_about": [_ref(base, "topics", topic) for topic in provision.topics],
        }
    )


def topics_graph(topics: Iterable[TopicRecord], base: str, release: ReleaseRecord) -> Node:
    """Describe the topics as a SKOS concept scheme."""
    listed = list(topics)
    scheme = {"@id": f"{base}/v1/topics"}
    top = [_ref(base, "topics", topic.id) for topic in listed if topic.broader is None]
    concepts = [
        {
            **_ref(base, "topics", topic.id),
            "@type": "Concept",
            "notation": topic.id,
            "prefLabel": _english(topic.label),
            "altLabel": [_english(word) for word in topic.alternatives],
            "definition": _english(topic.definition),
            "broader": _ref(base, "topics", topic.broader) if topic.broader else None,
            "narrower": [_ref(base, "topics", id_) for id_ in topic.narrower],
            "inScheme": scheme,
            "topConceptOf": None if topic.broader else scheme,
        }
        for topic in listed
    ]
    whole = {
        **scheme,
        "@type": "ConceptScheme",
        "dct:title": _english(f"Topics of: {release.title}"),
        "dct:license": _license(release),
        "owl:versionInfo": release.name,
        "hasTopConcept": top,
    }
    return {"@context": CONCEPTS, "@graph": [whole, *(_said(concept) for concept in concepts)]}


def dataset_node(
    release: ReleaseRecord,
    base: str,
    publisher: str,
    formats: Mapping[str, str],
    jurisdictions: Iterable[str],
) -> Node:
    """Describe the dataset and its files; `formats` gives the media type of each suffix."""
    dataset, service = {"@id": f"{base}/#dataset"}, {"@id": f"{base}/#api"}
    license_ = _license(release)
    files = [
        {
            "@type": "Distribution",
            "@id": f"{base}/v1/{name}.{suffix}",
            "dct:title": f"{name} as {suffix.upper()}",
            "accessURL": {"@id": f"{base}/v1/{name}.{suffix}"},
            "downloadURL": {"@id": f"{base}/v1/{name}.{suffix}"},
            "mediaType": {"@id": f"https://www.iana.org/assignments/media-types/{media_type}"},
            "dct:license": license_,
            "accessService": service,
        }
        for name in release.counts
        for suffix, media_type in formats.items()
    ]
    return {
        "@context": CATALOGUE,
        "@graph": [
            {
                **dataset,
                "@type": "Dataset",
                "dct:title": release.title,
                "dct:description": "Law on online safety and child protection, coded, dated and"
                " cited: what it said on any day, with the provisions and sources that prove it.",
                "dct:identifier": release.name,
                "version": release.version,
                "dct:issued": _day(release.date),
                "dct:publisher": {"@type": "foaf:Organization", "foaf:name": publisher},
                "dct:license": license_,
                "dct:language": "en",
                "dct:spatial": [_ref(base, "jurisdictions", code) for code in jurisdictions],
                "keyword": ["child protection", "comparative law", "online safety"],
                "themeTaxonomy": {"@id": f"{base}/v1/topics"},
                "landingPage": {"@id": f"{base}/"},
                "distribution": [{"@id": file["@id"]} for file in files],
            },
            {
                **service,
                "@type": "DataService",
                "dct:title": "Lexcompare API",
                "endpointURL": {"@id": f"{base}/"},
                "endpointDescription": {"@id": f"{base}/openapi.json"},
                "servesDataset": dataset,
            },
            *files,
        ],
    }


# --- parts --------------------------------------------------------------------------------------


def coverage(start: date | None, end: date | None) -> str | None:
    """Write days as an interval (ISO 8601), open where it has no end; its last day is included."""
    if start is None:
        return None
    last = date.fromordinal(end.toordinal() - 1).isoformat() if end else ".."
    return f"{start.isoformat()}/{last}"


def _said(node: Node) -> Node:
    """Leave out what is not known."""
    return {name: value for name, value in node.items() if value not in (None, [], "")}


def _ref(base: str, collection: str, id_: str) -> Node:
    return {"@id": f"{base}/v1/{collection}/{id_}"}


def _iri(url: str | None) -> Node | None:
    return {"@id": url} if url else None


def _day(day: date | None) -> Node | None:
    return {"@type": "xsd:date", "@value": day.isoformat()} if day else None


def _english(text: str) -> Node:
    return {"@language": "en", "@value": text}


def _license(release: ReleaseRecord) -> Node:
    return {"@id": f"https://spdx.org/licenses/{release.license}"}
