"""Reads values out of facets by the paths and cases of rules. No time and no places here."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any, TypeAlias

from models.definition import Definition
from models.indicator import PathMatch
from models.offence import Material
from models.penalty import Fine, FineLimb, Penalty, PerDay, Term, When
from models.power import Power
from models.reach import Reach
from models.record import Record
from models.vocabulary import Person, Track

Definitions: TypeAlias = Callable[[str], Sequence[Definition]]
"""Returns the definitions that a reference means."""

PENALTY_KEYS = {"prison", "fine", "caning", "per_day", "strokes_min", "strokes_max", "combine"}
"""Keys that lead from an offence into its penalties."""

UNLIMITED = float("inf")
DAY_FINES = 1e18
"""Stands for day fines where fines are compared: above every amount, as the law names none."""

TOP = {"life", "unlimited"}
"""Qualifiers of values that nothing exceeds."""


class RuleError(Exception):
    """A rule that cannot be evaluated: a path that leads nowhere."""


@dataclass(frozen=True)
class Value:
    """A value read from a facet: what it is compared by, and how a cell says it."""

    rank: float | None
    """Number it is compared by; null for words."""
    word: str
    """The value as a word."""
    qualifier: str | None = None
    """Currency, `life`, `unlimited`, of what, or the source form."""

    @property
    def countable(self) -> bool:
        """Whether a cell can hold it as a number."""
        return self.rank is not None and self.qualifier not in (*TOP, "day_fines")

    @property
    def said(self) -> str:
        """The value as a bound names it: a number with its currency, or the word."""
        if self.rank is None or not self.countable:
            return self.word
        number = str(int(self.rank)) if self.rank == int(self.rank) else f"{self.rank:g}"
        return f"{number} {self.qualifier}" if self.qualifier else number


UNREAD = Value(None, "unread", "unread")
"""Stands where the law has, or may have, a value that nobody could read."""


def read(
    record: Record, path: str, case: Sequence[PathMatch], definitions: Definitions
) -> list[Value]:
    """Return the values at a path of a facet, for a penalty case; `UNREAD` where some may lack."""
    return [_value(found) for found in _walk(record, tuple(path.split(".")), case, definitions)]


class Words:
    """What stands at the paths of facets, in words: read once, or once a day if definitions say."""

    def __init__(self, meant: Callable[[str, date], list[Definition]]) -> None:
        """Take what a reference to definitions means on a day."""
        self._meant = meant
        self._fixed: dict[tuple[int, str], frozenset[str]] = {}
        self._dated: dict[tuple[int, str, date], frozenset[str]] = {}

    def at(self, record: Record, path: str, day: date) -> frozenset[str]:
        """Return the words at a path of a facet that lives as long as this."""
        key = (id(record), path)
        found = self._fixed.get(key)
        if found is None:
            found = self._dated.get((*key, day))
        if found is None:
            followed = False

            def definitions(id_: str) -> list[Definition]:
                nonlocal followed
                followed = True
                return self._meant(id_, day)

            found = frozenset(value.word for value in read(record, path, (), definitions))
            if followed:
                self._dated[(*key, day)] = found
            else:
                self._fixed[key] = found
        return found

    def match(
        self, record: Record, conditions: Iterable[PathMatch], day: date
    ) -> tuple[bool | None, str]:
        """Tell whether a facet meets all conditions, and name the first that it does not meet.

        Null where it may meet them: it meets what could be read.
        """
        verdict: bool | None = True
        why = ""
        for condition in conditions:
            if "*" in condition.values:
                continue
            found = self.at(record, condition.path, day)
            if not found.isdisjoint(condition.values):
                continue
            if UNREAD.word in found:
                verdict, why = None, f"{condition.path} was not read"
                continue
            said = ", ".join(sorted(found)) or "nothing"
            return False, f"{condition.path} is {said}, not {' or '.join(condition.values)}"
        return verdict, why


def _walk(
    value: Any, path: tuple[str, ...], case: Sequence[PathMatch], definitions: Definitions
) -> Iterator[Any]:
    """Follow a path; lists are walked through, references to definitions are followed."""
    if value is None:
        return
    if isinstance(value, list):
        for inner in value:
            yield from _walk(inner, path, case, definitions)
        return
    if not path:
        yield value
        return
    head, rest = path[0], path[1:]
    if head in PENALTY_KEYS and hasattr(value, "penalties"):
        for penalty in select(value.penalties, case):
            yield from _walk(penalty, path, case, definitions)
        if getattr(value, "penalties_unread", False):
            yield UNREAD
        return
    if isinstance(value, Reach) and head == "basis":
        yield from value.sufficient
        return
    if isinstance(value, Fine | PerDay) and head in ("amount", "share"):
        yield from _money(value, head)
        return
    if isinstance(value, Power) and head == "fine_max":
        if value.fine_max is not None:
            yield Value(value.fine_max, str(value.fine_max), value.fine_currency)
        return
    schema: type[Record] = type(value)
    name = field_of(schema, head)
    if name is None and isinstance(value, Material):
        if value.definition is not None:
            for definition in definitions(value.definition.id):
                yield from _walk(definition, path, case, definitions)
        return
    if name is None:
        raise RuleError(f"{schema.__name__} has no {head!r}")
    inner = getattr(value, name)
    if name == "reservations" and not value.reservations_read:
        yield UNREAD
    if name == "breach":
        inner = select(inner, case)
        if getattr(value, "breach_unread", False):
            yield UNREAD
    yield from _walk(inner, rest, case, definitions)


def _money(value: Fine | PerDay, key: str) -> Iterator[Value]:
    """Amounts or shares of a fine, those of its limbs included."""
    if isinstance(value, PerDay):
        if key == "amount":
            yield Value(value.amount, str(value.amount), value.currency)
        return
    if value.unlimited and key == "amount":
        yield Value(UNLIMITED, "unlimited", "unlimited")
    if value.day_fines and key == "amount":
        yield Value(DAY_FINES, "day_fines", "day_fines")
    if not value.sized:
        yield UNREAD
    limbs: list[FineLimb] = [value, *value.greater_of]
    for limb in limbs:
        if key == "amount" and limb.amount is not None:
            yield Value(limb.amount, str(limb.amount), limb.currency)
        if key == "share" and limb.share is not None:
            yield Value(limb.share, f"{limb.share:g}", limb.share_of.value)


def _value(found: Any) -> Value:
    """A leaf as a value."""
    if isinstance(found, Value):
        return found
    if isinstance(found, Term):
        odd = "d" in found.text
        return Value(found.rank, found.text, "life" if found.life else found.text if odd else None)
    if isinstance(found, bool):
        return Value(None, str(found).lower())
    if isinstance(found, int | float):
        return Value(found, f"{found:g}" if isinstance(found, float) else str(found))
    if isinstance(found, date):
        return Value(None, found.isoformat())
    if isinstance(found, Record):
        return Value(None, str(getattr(found, "id", type(found).__name__)))
    return Value(None, str(found))


@cache
def field_of(schema: type[Record], key: str) -> str | None:
    """Name of the field that a key of seed files stands for."""
    for name, info in schema.model_fields.items():
        if key in (name, info.validation_alias):
            return name
    return None


# --- penalty cases ------------------------------------------------------------------------------


def select(penalties: Sequence[Penalty], case: Sequence[PathMatch]) -> list[Penalty]:
    """Keep the penalties of a case: aggravators that were asked for, then the gravest track."""
    asked = {match.path: match.values for match in case}
    kept = [penalty for penalty in penalties if _applies(penalty.when, asked)]
    if "track" in asked or not kept:
        return kept
    gravest = max(kept, key=_gravity).when.track
    return [penalty for penalty in kept if penalty.when.track in (gravest, Track.ANY)]


def _gravity(penalty: Penalty) -> tuple[int, float]:
    prison = penalty.prison.max.rank if penalty.prison and penalty.prison.max else -1
    return prison, -1.0 if penalty.fine is None else _size(penalty.fine)


def _size(fine: Fine) -> float:
    """What fines are compared by."""
    if fine.unlimited:
        return UNLIMITED
    return DAY_FINES if fine.day_fines else float(fine.amount or 0)


def _applies(when: When, asked: dict[str, list[str]]) -> bool:
    """Tell whether a case's circumstances are those asked for, or none."""
    persons = asked.get("person", [Person.INDIVIDUAL.value])
    if when.person != Person.ANY and when.person not in persons and "any" not in persons:
        return False
    tracks = asked.get("track")
    if tracks is not None and when.track != Track.ANY and when.track not in tracks:
        return False
    for name, value in when:
        if name in ("person", "track") or value is None:
            continue
        wanted = asked.get(name)
        if wanted is None or not any(_meets(name, value, word) for word in wanted):
            return False
    return True


def _meets(name: str, value: int | bool, word: str) -> bool:
    """Tell whether an aggravator of the law is met by the case asked about."""
    if word in ("any", "*"):
        return True
    if isinstance(value, bool):
        return str(value).lower() == word
    if not word.isdigit():
        return False
    # Two earlier convictions meet a rule for one; a victim under 12 meets one for under 14.
    return int(word) <= value if name == "victim_under" else int(word) >= value


# --- checks of rules ----------------------------------------------------------------------------


def leads_somewhere(schema: type[Record], path: str) -> bool:
    """Tell whether a path exists in a record schema, as `read` would walk it."""
    return leaf(schema, path) is not None


def leads_to_numbers(schema: type[Record], path: str) -> bool:
    """Tell whether the values at a path can be compared by size."""
    return leaf(schema, path) in (Term, int, float)


def leaf(schema: type[Record], path: str) -> Any:
    """Return the class of the values at a path; null where the path leads nowhere."""
    current: Any = schema
    for key in path.split("."):
        if not (isinstance(current, type) and issubclass(current, Record)):
            return None
        if key in PENALTY_KEYS and "penalties" in current.model_fields:
            current = Penalty
        name = field_of(current, key)
        if name is None and current is Material:
            current, name = Definition, field_of(Definition, key)
        if name is None:
            return None
        current = _inner(current.model_fields[name].annotation)
    return current


def _inner(annotation: Any) -> Any:
    """The class inside a list or an optional."""
    args = [a for a in getattr(annotation, "__args__", ()) if a is not type(None)]
    return _inner(args[0]) if args else annotation
