"""What is compared of two codings: every field that holds a judgment, and how it is read.

Left out, as they name things rather than judge them, or as the second coder could not see the
lists they come from: numbers of facets, notes, terms of definitions, pinpoints (used for pairing),
authorities (`to`, `holder`, `appeal`), `satisfied_by`, and references between facets other than
`applies_to` (definition of the material, `penalties_of`, `breach_of`, `breach_under`, `overrides`).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

from models.duty import Deadline
from models.offence import Offence
from models.penalty import Fine, Penalty, Prison, Term
from models.vocabulary import FacetKind
from seed.facets import provision_of
from seed.kappa import Value

PENALTY = "penalty"
"""The kind under which penalty cases are compared."""

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
"""Every field that holds a judgment, by kind of facet."""
