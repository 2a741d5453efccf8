"""A made-up dataset of any size, in the shape and with the record sizes of the real one.

The same size gives the same dataset, as YAML files or as objects.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from random import Random
from typing import Any

import pycountry
import yaml

from models.provision import FACET_FIELDS
from models.vocabulary import (
    Addressee,
    Basis,
    Conduct,
    Depicts,
    DutyKind,
    ExceptionKind,
    FacetKind,
    Fault,
    PowerKind,
    ServiceClass,
    Subject,
)
from seed.dataset import Dataset, qualify
from seed.documents import (
    AuthorityEntry,
    JurisdictionEntry,
    LawEntry,
    ReleaseFile,
    TopicEntry,
)

Data = dict[str, Any]

SEED = 1
IN_JURISDICTION = 50
"""Provisions of a jurisdiction, until there are so many that all jurisdictions are used."""
JURISDICTIONS = 200
IN_LAW = 10
BROAD, NARROW = 9, 4
"""Broad topics, and narrow ones below each: 45 in all."""
INDICATORS = 60

CHECKED = "2026-01-15"
WORDS = (
    "a an the person service child material provider authority court order offence image any who"
    " that which knowingly intentionally possesses distributes produces reports removes within"
    " under without before after shall may must not guilty liable conviction notice direction"
).split()

NARROW_TOPICS = [
    f"topic-{broad}-{narrow}" for broad in range(1, BROAD + 1) for narrow in range(1, NARROW + 1)
]


def write(folder: Path, size: int) -> None:
    """Write a dataset of about `size` provisions as seed files."""
    for path, data in _files(size):
        target = folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        text = yaml.dump(data, Dumper=_Dumper, sort_keys=False, width=100)
        target.write_text(text, encoding="utf-8")


class _Dumper(yaml.CSafeDumper):
    """Quotes all text: PyYAML takes words such as 008 for text, and YAML 1.2 for numbers."""


_Dumper.add_representer(
    str, lambda dumper, text: dumper.represent_scalar("tag:yaml.org,2002:str", text, style="'")
)


def build(size: int) -> Dataset:
    """Build a dataset of about `size` provisions without its files and without indicators.

    Reading the former and deriving the latter takes far longer than all else.
    """
    shared: Data = {}
    dataset: Dataset | None = None
    for path, data in _files(size):
        if not path.startswith("laws/"):
            shared[path] = data
            continue
        dataset = dataset or _shared(shared)
        law = LawEntry.model_validate(data, by_alias=True, by_name=False)
        qualify(law)
        dataset.laws[law.id] = law
    assert dataset is not None
    return dataset


def _shared(files: Data) -> Dataset:
    """Build everything but the laws."""
    dataset = Dataset(ReleaseFile.model_validate(files["release.yaml"]))
    for name, schema in (
        ("jurisdictions", JurisdictionEntry),
        ("authorities", AuthorityEntry),
        ("topics", TopicEntry),
    ):
        entries = [schema.model_validate(entry) for entry in files[f"{name}.yaml"][name]]
        getattr(dataset, name).update((entry.id, entry) for entry in entries)
    return dataset


def _files(size: int) -> Iterator[tuple[str, Data]]:
    """Yield the path and content of every file, laws last."""
    rng = Random(SEED)
    countries = sorted(pycountry.countries, key=lambda country: country.alpha_2)
    chosen = rng.sample(countries, max(1, min(JURISDICTIONS, size // IN_JURISDICTION)))
    yield (
        "release.yaml",
        {"version": "0.0.1", "date": CHECKED, "title": "Made-up data", "license": "CC0-1.0"},
    )
    jurisdictions = [
        {
            "id": country.alpha_2,
            "name": country.name,
            "kind": "country",
            "alpha3": country.alpha_3,
            "numeric": country.numeric,
        }
        for country in chosen
    ]
    yield "jurisdictions.yaml", {"jurisdictions": jurisdictions}
    authorities = [
        {
            "id": _authority(country.alpha_2),
            "name": f"Regulator of {country.name}",
            "kind": "regulator",
            "jurisdiction": country.alpha_2,
        }
        for country in chosen
    ]
    yield "authorities.yaml", {"authorities": authorities}
    yield "topics.yaml", {"topics": list(_topics())}
    yield "indicators.yaml", {"indicators": list(_indicators())[:INDICATORS]}
    for i, country in enumerate(chosen):
        code = country.alpha_2
        due = size * (i + 1) // len(chosen) - size * i // len(chosen)
        ids = [
            f"{code.lower()}-act-{n}-{rng.randint(1980, 2015)}"
            for n in range(1, -(-due // IN_LAW) + 1)
        ]
        for n, id_ in enumerate(ids):
            sections = min(IN_LAW, due - n * IN_LAW)
            yield f"laws/{code}/{id_}.yaml", _law(rng, code, id_, ids, sections)


def _topics() -> Iterator[Data]:
    for i in range(1, BROAD + 1):
        yield {"id": f"topic-{i}", "label": f"Topic {i}", "definition": f"Law on subject {i}."}
    for id_ in NARROW_TOPICS:
        broader = id_.rpartition("-")[0]
        yield {"id": id_, "label": id_.title(), "broader": broader, "definition": "A part of it."}


def _indicators() -> Iterator[Data]:
    """Make an indicator of each conduct, kind of duty and kind of power."""
    shared = {"question": "How is it?", "group": "all", "topic": NARROW_TOPICS[0]}
    for conduct in Conduct:
        rule = {"of": "offence", "where": {"conduct": str(conduct)}}
        rule |= {"take": "max", "path": "prison.max"}
        yield {"id": f"prison_{conduct}", "type": "months", **shared, "derive": rule}
    for facet, kinds in (("duty", DutyKind), ("power", PowerKind)):
        for kind in kinds:
            rule = {"of": facet, "where": {"kind": str(kind)}, "take": "any"}
            yield {"id": f"{facet}_{kind}", "type": "boolean", **shared, "derive": rule}


# --- laws ---------------------------------------------------------------------------------------


def _law(rng: Random, code: str, id_: str, others: list[str], sections: int) -> Data:
    """Make a law: commenced, amended up to three times, sometimes repealed in part or whole."""
    start = int(id_[-4:])
    eids = [f"sec_{n}" for n in range(1, sections + 1)]
    effects: list[Data] = [
        _effect(rng, code, "introduced", "introduces", start - 1),
        _effect(rng, code, "commenced", "commences", start),
    ]
    amended: dict[str, list[str]] = {eid: [] for eid in eids}
    for year in sorted(rng.sample(range(start + 1, 2026), rng.randint(0, 3))):
        touched = sorted(rng.sample(eids, max(1, sections // 2)))
        effect = _effect(rng, code, f"amended-{year}", "amends", year, at=touched)
        effects.append({**effect, "by": rng.choice(others)})
        for eid in touched:
            amended[eid].append(effect["id"])
    if rng.random() < 0.2:
        at = [] if rng.random() < 0.5 else [rng.choice(eids)]
        effects.append(_effect(rng, code, "repealed", "repeals", 2026, at=at))
    kinds = {eid: _kinds(rng, n) for n, eid in enumerate(eids)}
    punishing = [eid for eid in eids if FacetKind.OFFENCE in kinds[eid]] or eids
    provisions: list[Data] = [{"eid": "part_1", "number": "Part 1", "heading": "Preliminary"}]
    for n, eid in enumerate(eids, start=1):
        versions = []
        for made_by in (None, *amended[eid]):
            version = _version(rng, code, eid, kinds[eid], punishing)
            versions.append(version if made_by is None else {"made_by": made_by, **version})
        provisions.append(
            {
                "eid": eid,
                "number": str(n),
                "heading": _prose(rng, 5),
                "parent": "part_1",
                "topics": rng.sample(NARROW_TOPICS, rng.randint(1, 4)),
                "versions": versions,
            }
        )
    return {
        "id": id_,
        "title": id_.replace("-", " ").title(),
        "kind": "act",
        "year": start,
        "akn_uri": f"/akn/{code.lower()}/act/{start}/{id_.split('-')[2]}",
        "extent": [code],
        "topics": [rng.choice(NARROW_TOPICS)],
        "summary": _prose(rng, 40),
        "sources": [_source(rng, code)],
        "effects": effects,
        "provisions": provisions,
    }


def _effect(
    rng: Random, code: str, id_: str, kind: str, year: int, at: list[str] | None = None
) -> Data:
    day = date(year, rng.randint(1, 12), rng.randint(1, 28))
    sources = [_source(rng, code, ["date"])]
    effect = {"id": id_, "kind": kind, "date": day.isoformat(), "sources": sources}
    return {**effect, "at": at} if at else effect


def _kinds(rng: Random, n: int) -> list[FacetKind]:
    """What a section holds: the first one defines, the others mostly punish."""
    if n == 0:
        return [FacetKind.DEFINITION, FacetKind.DEFINITION]
    weights = {
        FacetKind.OFFENCE: 6,
        FacetKind.REACH: 2,
        FacetKind.EXCEPTION: 2,
        FacetKind.DUTY: 4,
        FacetKind.POWER: 4,
    }
    return sorted(rng.choices(list(weights), list(weights.values()), k=rng.randint(1, 3)))


def _version(
    rng: Random, code: str, eid: str, kinds: list[FacetKind], punishing: list[str]
) -> Data:
    version: Data = {"summary": _prose(rng, 45)}
    for kind in kinds:
        facets = version.setdefault(FACET_FIELDS[kind], [])
        number = len(facets) + 1
        facet = {"n": number, "at": f"subsec_{number}", **_facet(rng, code, kind, punishing)}
        facets.append(facet)
    version["sources"] = [_source(rng, code, ["text"]), _source(rng, code)]
    return version


def _facet(rng: Random, code: str, kind: FacetKind, punishing: list[str]) -> Data:
    """Make the content of a facet."""
    if kind == FacetKind.DEFINITION:
        return {
            "term": _prose(rng, 2),
            "class": "csam",
            "age_under": rng.choice([14, 16, 18]),
            "age_how": ["is", "appears"],
            "depicts": _some(rng, Depicts, 3),
        }
    if kind == FacetKind.OFFENCE:
        years = rng.randint(1, 14)
        fine = {"amount": rng.randint(1, 100) * 1000, "currency": "EUR"}
        return {
            "conduct": _some(rng, Conduct, 2),
            "material": {"class": rng.choice(["csam", "obscene", "intimate"])},
            "fault": str(rng.choice(list(Fault))),
            "penalties": [
                {"prison": {"max": f"{years}y"}, "fine": fine},
                {"when": {"prior": 1}, "prison": {"min": "1y", "max": f"{years + 5}y"}},
            ][: rng.randint(1, 2)],
        }
    if kind == FacetKind.REACH:
        return {"basis": _some(rng, Basis, 2), "applies_to": [rng.choice(punishing)]}
    if kind == FacetKind.EXCEPTION:
        return {"kind": str(rng.choice(list(ExceptionKind))), "applies_to": [rng.choice(punishing)]}
    shared = {"services": _some(rng, ServiceClass, 2), "subject": _some(rng, Subject, 2)}
    deadline = {"hours": rng.choice([24, 48, 72])}
    if kind == FacetKind.DUTY:
        duty = str(rng.choice(list(DutyKind)))
        return {"kind": duty, **shared, "to": [_authority(code)], "deadline": deadline}
    return {
        "kind": str(rng.choice(list(PowerKind))),
        "holder": [_authority(code)],
        "addressee": _some(rng, Addressee, 2),
        **shared,
        "deadline": deadline,
        "breach": [{"fine": {"amount": rng.randint(1, 100) * 10_000, "currency": "EUR"}}],
    }


def _authority(code: str) -> str:
    return f"{code.lower()}-regulator"


def _some(rng: Random, words: Any, most: int) -> list[str]:
    return [str(word) for word in rng.sample(list(words), rng.randint(1, most))]


def _prose(rng: Random, words: int) -> str:
    return " ".join(rng.choices(WORDS, k=words)).capitalize()


def _source(rng: Random, code: str, supports: list[str] | None = None) -> Data:
    number = rng.randint(1000, 9999)
    return {
        "url": f"https://law.example/{code.lower()}/acts/{number}?section={rng.randint(1, 99)}",
        "title": f"Act {number}, as published",
        "kind": rng.choice(["official", "official", "consolidated", "secondary"]),
        "checked_on": CHECKED,
        "supports": supports or [],
    }
