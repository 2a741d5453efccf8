"""Reliability of the coding: how far two codings of the same versions agree.

For every version of the sample and every kind of facet, the facets of both codings are paired one
to one, the most alike with each other: by place in the provision, by the chief word (the conduct of
an offence, the kind of a duty), then by everything else. A facet left over, which one coder found
and the other did not, counts as a disagreement on the item `found`; where neither found one, as an
agreement. Paired facets are compared field by field (`seed/judgments.py`). Penalty cases are paired
within paired facets and compared in the same way, as a kind of their own. The measure is explained
in `seed/kappa.py`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from models.facet import Facet
from models.offence import Offence
from models.penalty import Penalty
from models.provision import FACET_FIELDS
from models.vocabulary import FacetKind
from seed.judgments import COMPARED, PENALTY
from seed.kappa import Agreement, Unit, Value, agreement, distance, pair
from seed.rounds import Coding, Sample

FOUND = "found"
"""The item that says whether a coder found a facet at all."""

RESAMPLES = 400
"""How often the bootstrap draws the sample anew."""


# --- comparing ----------------------------------------------------------------------------------


@dataclass(frozen=True)
class Decision(Unit):
    """A decision of both coders, with where it was made."""

    version: str
    kind: str
    name: str
    """The field, or `found`."""
    place: str
    """Pinpoints of the paired facets, for reading."""


@dataclass
class Comparison:
    """Two codings of the same versions, decision by decision."""

    decisions: list[Decision] = field(default_factory=list)
    unread: list[str] = field(default_factory=list)
    """Versions that one of the coders could not read, or did not code."""
    one_sided: Counter[tuple[str, str]] = field(default_factory=Counter)
    """Kind and field of what only one coder coded, and the other left as not coded."""


def compare(
    first: Mapping[str, Coding], second: Mapping[str, Coding], versions: Iterable[str]
) -> Comparison:
    """Compare two codings of versions."""
    found = Comparison()
    for version in versions:
        one, other = first.get(version), second.get(version)
        if one is None or other is None or one.unread or other.unread:
            found.unread.append(version)
            continue
        for kind, name in FACET_FIELDS.items():
            _compare_lists(
                found, version, kind, getattr(one, name), getattr(other, name), (one, other)
            )
    return found


def _compare_lists(
    found: Comparison,
    version: str,
    kind: str,
    one: Sequence[Any],
    other: Sequence[Any],
    codings: tuple[Coding, Coding],
    place: str = "",
) -> None:
    """Pair the facets, or penalty cases, of both codings and compare them."""
    likeness = [[_likeness(kind, a, b) for b in other] for a in one]
    pairs = pair(likeness)
    for i, j in pairs:
        here = place or _place(one[i], other[j])
        _decide(found, version, kind, FOUND, True, True, here)
        for name, read in COMPARED[kind].fields.items():
            _decide(found, version, kind, name, read(one[i]), read(other[j]), here)
        if kind in _WITH_PENALTIES:
            ours, theirs = penalties(one[i], codings[0]), penalties(other[j], codings[1])
            if ours and theirs:
                _compare_lists(found, version, PENALTY, ours, theirs, codings, here)
            elif ours or theirs:
                found.one_sided[PENALTY, FOUND] += 1
    paired = ({i for i, _ in pairs}, {j for _, j in pairs})
    for i, facet in enumerate(one):
        if i not in paired[0]:
            _decide(found, version, kind, FOUND, True, False, place or _place(facet))
    for j, facet in enumerate(other):
        if j not in paired[1]:
            _decide(found, version, kind, FOUND, False, True, place or _place(facet))
    if not one and not other:
        _decide(found, version, kind, FOUND, False, False, place)


_WITH_PENALTIES = {FacetKind.OFFENCE, FacetKind.DUTY, FacetKind.POWER}


def penalties(facet: Any, coding: Coding) -> list[Penalty]:
    """What a facet can carry; of an offence that borrows, what the lender says in this coding.

    Empty where the penalty stands in another provision: a coder may repeat it or only refer to it.
    """
    if not isinstance(facet, Offence):
        return list(facet.breach)
    if facet.penalties or facet.penalties_of is None:
        return facet.penalties
    lender = facet.penalties_of.id
    provision = coding.version.split("@")[0]
    return next(
        (o.penalties for o in coding.offences if lender == f"{provision}~offence_{o.number or 1}"),
        [],
    )


def _decide(
    found: Comparison,
    version: str,
    kind: str,
    name: str,
    first: Value | None,
    second: Value | None,
    place: str,
) -> None:
    """Keep a decision that both made; count one that only one coder made."""
    if first is not None and second is not None:
        item = f"{kind}.{name}"
        found.decisions.append(
            Decision(version, item, first, second, version, str(kind), name, place)
        )
    elif first is not None or second is not None:
        found.one_sided[str(kind), name] += 1


def _likeness(kind: str, one: Any, other: Any) -> float:
    """How likely two facets are the same thing: place and chief word first, then all else."""
    compared = COMPARED[kind]
    alike = {
        name: 1 - distance(a, b)
        for name, read in compared.fields.items()
        if (a := read(one)) is not None and (b := read(other)) is not None
    }
    chief = alike.pop(compared.chief, 0.0)
    rest = sum(alike.values()) / len(alike) if alike else 0.0
    return 2 * chief + _same_place(one, other) + rest


def _same_place(one: Any, other: Any) -> float:
    """Share of the steps of two pinpoints that lead the same way, by their numbers."""
    if not isinstance(one, Facet) or one.pinpoint is None or other.pinpoint is None:
        return 0.0
    ours, theirs = _steps(one.pinpoint), _steps(other.pinpoint)
    common = 0
    while common < min(len(ours), len(theirs)) and ours[common] == theirs[common]:
        common += 1
    return common / max(len(ours), len(theirs))


def _steps(pinpoint: str) -> list[str]:
    """The numbers along a pinpoint: coders name the units between them differently."""
    return [step.split("_", 1)[1] for step in pinpoint.split("__")]


def _place(*facets: Any) -> str:
    """Pinpoints as a reader looks for them."""
    return " / ".join(dict.fromkeys(facet.pinpoint or "whole" for facet in facets))


# --- results ------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Results:
    """How far the codings agree: as a whole, by kind of facet, by field, by jurisdiction."""

    versions: int
    """Versions that were compared."""
    unread: list[str]
    """Versions of the sample that were not."""
    overall: Agreement
    found: dict[str, Agreement]
    """By kind: whether the same facets were found."""
    coded: dict[str, Agreement]
    """By kind: whether what both found was coded in the same way."""
    kinds: dict[str, Agreement]
    """By kind: both together."""
    fields: dict[str, Agreement]
    """By kind and field, such as `offence.fault`."""
    jurisdictions: dict[str, Agreement]
    """By jurisdiction."""
    one_sided: dict[str, int]
    """By kind and field: facets of which only one coder coded it, left out of the comparison."""


def results(comparison: Comparison, sample: Sample, resamples: int = 0) -> Results:
    """Sum up a comparison."""
    decisions = comparison.decisions
    kinds: dict[str, list[Decision]] = {kind: [] for kind in COMPARED}
    fields: dict[str, list[Decision]] = {f"{kind}.{name}": [] for kind, name in _items()}
    jurisdictions: dict[str, list[Decision]] = {}
    for decision in decisions:
        kinds[decision.kind].append(decision)
        fields[decision.item].append(decision)
        jurisdictions.setdefault(sample.versions[decision.version], []).append(decision)
    return Results(
        versions=len({d.version for d in decisions}),
        unread=comparison.unread,
        overall=agreement(decisions, resamples),
        found={k: agreement([d for d in group if d.name == FOUND]) for k, group in kinds.items()},
        coded={k: agreement([d for d in group if d.name != FOUND]) for k, group in kinds.items()},
        kinds={k: agreement(group, resamples) for k, group in kinds.items()},
        fields={name: agreement(group) for name, group in fields.items() if group},
        jurisdictions={
            code: agreement(group, resamples) for code, group in sorted(jurisdictions.items())
        },
        one_sided={f"{k}.{n}": count for (k, n), count in sorted(comparison.one_sided.items())},
    )


def _items() -> Iterator[tuple[str, str]]:
    """Every item, in the order of the tables."""
    for kind, compared in COMPARED.items():
        yield str(kind), FOUND
        for name in compared.fields:
            yield str(kind), name
