"""Reliability of the coding: a second coder's reading of a random sample against the first one's.

The sample was drawn by a hash of the version's id, so that anyone can draw it again. The second
coder had the sources and the codebook, not the first coding. Both codings are kept in
`seed/second`; the first one as it stood on the day of the draw (`first.yaml`), since later releases
correct what the comparison brought to light. The measure is explained in `seed/kappa.py`, what it
is applied to here and in docs/data-quality.md.

For every version of the sample and every kind of facet, the facets of both codings are paired one
to one, the most alike with each other: by place in the provision, by the chief word (the conduct of
an offence, the kind of a duty), then by everything else. A facet left over, which one coder found
and the other did not, counts as a disagreement on the item `found`; where neither found one, as an
agreement. Paired facets are compared field by field. Penalty cases are paired within paired facets
and compared in the same way, as a kind of their own.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any, TypeAlias

from models.duty import Deadline
from models.facet import Facet
from models.offence import Offence
from models.penalty import Fine, Penalty, Prison, Term
from models.provision import FACET_FIELDS, Facets
from models.record import Day, Record, Reference, Text
from models.vocabulary import FacetKind
from seed.dataset import facets_of, found_in
from seed.facets import Facets as Timed
from seed.facets import provision_of
from seed.kappa import Agreement, Unit, Value, agreement, distance, pair
from seed.reader import read_yaml, validate

HERE = Path(__file__).parent / "second"

FOUND = "found"
"""The item that says whether a coder found a facet at all."""

PENALTY = "penalty"
"""The kind under which penalty cases are compared."""

NEVER = "never"
"""Stands in a version's id for the first day of one that never came into force."""

RESAMPLES = 400
"""How often the bootstrap draws the sample anew."""


# --- files --------------------------------------------------------------------------------------


class Coding(Facets):
    """One coder's facets of one version."""

    version: str
    """Version: `law~eId@first day`, or `@never`."""
    unread: Text | None = None
    """Why the coder could not read the text; nothing is coded then."""


class CodingsFile(Record):
    """Codings of versions, one coder's."""

    codings: list[Coding]
    """The codings."""


class Sample(Record):
    """How the sample was drawn, and what it holds (`sample.yaml`)."""

    drawn_on: Day
    """Day of the draw."""
    seed: str
    """Text that goes before the version's id in the hash."""
    every: int
    """A version is drawn when the hash, as a number, is divisible by this."""
    drawn_from: int
    """Coded versions in the dataset on that day."""
    first_coding: Text
    """State of the dataset from which the first coding was taken."""
    versions: dict[str, str]
    """Versions drawn, each with the jurisdiction under which it is counted."""

    def draws(self, version: str) -> bool:
        """Tell whether the rule draws a version."""
        digest = hashlib.sha256(f"{self.seed}:{version}".encode()).hexdigest()
        return int(digest, 16) % self.every == 0


def read_sample(folder: Path = HERE) -> Sample:
    """Read how the sample was drawn."""
    return validate(read_yaml(folder / "sample.yaml", "sample.yaml"), Sample)


def read_codings(path: Path) -> dict[str, Coding]:
    """Read one coder's codings of versions; references get the law they leave out."""
    document = read_yaml(path, path.name)
    if isinstance(document.data, list):
        document.data = {"codings": document.data}
    found: dict[str, Coding] = {}
    for coding in validate(document, CodingsFile).codings:
        _qualify(coding)
        found[coding.version] = coding
    return found


def first_coding(folder: Path = HERE) -> dict[str, Coding]:
    """Read the first coding as it stood on the day of the draw."""
    return read_codings(folder / "first.yaml")


def second_coding(folder: Path = HERE) -> dict[str, Coding]:
    """Read the second coding: every file beside the sample and the first coding."""
    found: dict[str, Coding] = {}
    for path in sorted(folder.glob("[A-Z]*.yaml")):
        found |= read_codings(path)
    return found


def coding_today(timed: Timed, versions: Iterable[str]) -> dict[str, Coding]:
    """Return what the dataset says today of versions; those it no longer has are left out."""
    found: dict[str, Coding] = {}
    for version in versions:
        key, start = version.split("@")
        for held in timed.held.get(key, []):
            if start == (held.interval.start.isoformat() if held.interval else NEVER):
                found[version] = Coding.model_validate({"version": version, **timed.coded(held)})
    return found


def _qualify(coding: Coding) -> None:
    """Write the law's id in front of references that leave it out."""
    law = coding.version.split("~")[0]
    for _, _, facet in facets_of(coding):
        for _, reference in found_in(facet, Reference):
            if "_" in reference.id.split("~")[0]:  # an eId: laws are called by kebab-case words
                reference.id = f"{law}~{reference.id}"


def as_written(record: Record) -> dict[str, Any]:
    """Return a record as a seed file would say it, without notes and what is said by default."""
    said: dict[str, Any] = {}
    for name, info in type(record).model_fields.items():
        value = getattr(record, name)
        if name != "note" and value != info.get_default(call_default_factory=True):
            said[str(info.validation_alias or name)] = _plain(value)
    return said


def _plain(value: Any) -> Any:
    if isinstance(value, list):
        return [_plain(item) for item in value]
    if isinstance(value, Term):
        return value.text
    if isinstance(value, Reference) and value.before is None:
        return value.id
    if isinstance(value, Record):
        return as_written(value)
    if isinstance(value, date):
        return value.isoformat()
    return value.value if hasattr(value, "meaning") else value


# --- what is compared ---------------------------------------------------------------------------

Reading: TypeAlias = Callable[[Any], Value | None]
"""Reads what a coder said in a field; null where that is not coded, so not to be compared."""

NONE = "none"
"""What a field says that is coded as empty."""


def _said(name: str) -> Reading:
    """A single value whose absence says something: there is no such limit or rule."""

    def read(facet: Any) -> Value:
        value = getattr(facet, name)
        return NONE if value is None else _comparable(value)

    return read


def _coded(name: str) -> Reading:
    """A single value that is null where it was not coded."""
    return lambda facet: getattr(facet, name)


def _words(name: str) -> Reading:
    """Several words, of which none may apply."""
    return lambda facet: frozenset(str(word) for word in getattr(facet, name))


def _targets(facet: Any) -> Value:
    """The provisions that a rule applies to, whatever their part that is named."""
    return frozenset(provision_of(reference.id).split("__")[0] for reference in facet.applies_to)


def _comparable(value: Any) -> Value:
    """Numbers by what they mean: `12m` and `1y` are the same term."""
    if isinstance(value, Term):
        days_only = value.months == 0
        return value.text if value.life or days_only or "-" in value.text else f"{value.months}m"
    return str(value) if hasattr(value, "meaning") else value


def _material(offence: Offence) -> Value | None:
    """The classes of material; null where only a definition is named that was not to be seen."""
    if offence.material is None:
        return frozenset()
    return frozenset(map(str, offence.material.subjects)) or None


def _material_only(offence: Offence) -> Value:
    return frozenset(map(str, offence.material.only)) if offence.material else frozenset()


def _deadline_length(facet: Any) -> Value:
    """How long a deadline is: in hours, or in months where the law counts in months."""
    deadline: Deadline | None = facet.deadline
    if deadline is None:
        return NONE
    if deadline.months is not None:
        return f"{deadline.months} months"
    hours = (deadline.hours or 0) + 24 * (deadline.days or 0)
    return f"{hours} hours" if hours else NONE


def _deadline_class(facet: Any) -> Value:
    """How a deadline is expressed; none is the same as `not_stated`."""
    kind = str(facet.deadline.kind) if facet.deadline else "not_stated"
    return NONE if kind == "not_stated" else kind


def _prison(end: str) -> Reading:
    """A bound of imprisonment; a penalty without imprisonment says so."""

    def read(penalty: Penalty) -> Value:
        prison: Prison | None = penalty.prison
        if prison is None:
            return "no prison"
        term = getattr(prison, end)
        return NONE if term is None else _comparable(term)

    return read


def _fine(penalty: Penalty) -> Value | None:
    """The largest fine, by value; null where its size stands elsewhere and was not read."""
    fine: Fine | None = penalty.fine
    if fine is None:
        return "no fine"
    if fine.unlimited and not fine.greater_of:
        return "unlimited"
    limbs = frozenset(_limb(limb) for limb in fine.greater_of or [fine])
    return None if limbs == {_EMPTY} else limbs if len(limbs) > 1 else next(iter(limbs))


def _limb(limb: Any) -> str:
    """A fine as text; units of account count by their number, as coders name them differently."""
    if limb.times is not None:
        return f"{limb.times} units"
    parts = [f"{limb.share:g} % of {limb.share_of}"] if limb.share is not None else []
    parts += [f"{limb.currency} {limb.amount}"] if limb.amount is not None else []
    return " or ".join(parts)


_EMPTY = ""


def _per_day(penalty: Penalty) -> Value:
    day = penalty.per_day
    return NONE if day is None else f"{day.currency} {day.amount}, cap {day.cap}"


def _circumstances(penalty: Penalty) -> Value:
    """The circumstances of a case; empty for the base case."""
    neutral = type(penalty.when)()
    return frozenset(
        f"{name}: {value}" for name, value in penalty.when if value != getattr(neutral, name)
    )


@dataclass(frozen=True)
class Compared:
    """What is compared of one kind of facet."""

    chief: str
    """The field that says what the facet is, for pairing."""
    fields: Mapping[str, Reading]
    """How each field is read."""


COMPARED: dict[str, Compared] = {
    FacetKind.DEFINITION: Compared(
        "class",
        {
            "class": _said("subject"),
            "age_under": _said("age_under"),
            "age_how": _words("age_how"),
            "depicts": _words("depicts"),
            "ict": _coded("ict"),
        },
    ),
    FacetKind.OFFENCE: Compared(
        "conduct",
        {
            "conduct": _words("conduct"),
            "purpose": _said("purpose"),
            "material.class": _material,
            "material.only": _material_only,
            "victim_under": _said("victim_under"),
            "victim_over": _said("victim_over"),
            "offender_from": _said("offender_from"),
            "fault": _said("fault"),
            "attempt": _coded("attempt"),
            "entity_liable": _coded("entity_liable"),
            "officer_liable": _coded("officer_liable"),
        },
    ),
    PENALTY: Compared(
        "when",
        {
            "when": _circumstances,
            "prison.min": _prison("min"),
            "prison.max": _prison("max"),
            "fine": _fine,
            "per_day": _per_day,
            "caning": _said("caning"),
            "combine": _said("combine"),
        },
    ),
    FacetKind.SENTENCING: Compared(
        "adds",
        {
            "adds": _words("adds"),
            "measures": _words("measures"),
            "min": _said("min"),
            "max": _said("max"),
            "mandatory": _coded("mandatory"),
            "clock": _said("clock"),
            "applies_to": _targets,
        },
    ),
    FacetKind.REACH: Compared(
        "basis",
        {
            "basis": _words("basis"),
            "conditions": _words("conditions"),
            "victim_under": _said("victim_under"),
            "clock": _said("clock"),
            "applies_to": _targets,
        },
    ),
    FacetKind.EXCEPTION: Compared("kind", {"kind": _said("kind"), "applies_to": _targets}),
    FacetKind.DUTY: Compared(
        "kind",
        {
            "kind": _said("kind"),
            "stance": _said("stance"),
            "services": _words("services"),
            "users_min": _said("users_min"),
            "designated": _coded("designated"),
            "subject": _words("subject"),
            "deadline.class": _deadline_class,
            "deadline.length": _deadline_length,
            "force": _said("force"),
        },
    ),
    FacetKind.POWER: Compared(
        "kind",
        {
            "kind": _said("kind"),
            "addressee": _words("addressee"),
            "services": _words("services"),
            "subject": _words("subject"),
            "deadline.class": _deadline_class,
            "deadline.length": _deadline_length,
            "fine_max": _said("fine_max"),
        },
    ),
    FacetKind.OBLIGATION: Compared(
        "requires",
        {
            "to": _words("to"),
            "requires": _said("requires"),
            "conduct": _words("conduct"),
            "purpose": _said("purpose"),
            "subject": _words("subject"),
            "basis": _words("basis"),
            "duties": _words("duties"),
            "powers": _words("powers"),
            "prison_max_floor": _said("prison_max_floor"),
            "fine_share_floor": _said("fine_share_floor"),
            "age_under": _said("age_under"),
            "entity_liable": _coded("entity_liable"),
            "optional": _said("optional"),
        },
    ),
}
"""Every field that holds a judgment, by kind of facet.

Left out, as they name things rather than judge them, or as the second coder could not see the
lists they come from: numbers of facets, notes, terms of definitions, pinpoints (used for pairing),
authorities (`to`, `holder`, `appeal`), `satisfied_by`, and references between facets other than
`applies_to` (definition of the material, `penalties_of`, `breach_of`, `breach_under`, `overrides`).
"""


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
