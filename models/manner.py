"""How lawyers of each jurisdiction name its laws and provisions."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol

from models.citation import cited
from models.vocabulary import LawKind, ProvisionKind


class NamedLaw(Protocol):
    """What a citation reads of a law."""

    title: str
    other_titles: list[str]
    kind: LawKind
    number: str | None


_WITH_NUMBER = frozenset(
    {LawKind.REGULATION, LawKind.ORDER, LawKind.DECREE, LawKind.TREATY, LawKind.JUDGMENT}
)


@dataclass(frozen=True)
class Manner:
    """The manner of a jurisdiction. `{country}` stands for its name, `{place}` for a provision."""

    law: str = "{title} ({country})"
    """A law by itself."""
    provision: str = "{law}, {place}"
    """A provision of it."""
    short: str | None = None
    """Pattern of the other title that stands for the law where a provision is named."""
    by_number: bool = False
    """Whether a law is named by its number, its title being a description."""
    numbered: frozenset[LawKind] = _WITH_NUMBER
    """Kinds of law whose number follows their title."""
    marks: Mapping[ProvisionKind, str] = field(default_factory=dict)
    """How units are called, where not as everywhere."""

    def name(self, law: NamedLaw, country: str) -> str:
        """Return how a law is cited by itself."""
        said = self.law.format(title=self._title(law), country=country)
        short = self._short(law)
        if short and self.short and law.kind == LawKind.CODE and short[0].isdigit():
            return short
        return f"{said} ({short})" if short else said

    def name_provision(self, law: NamedLaw, country: str, kind: str, number: str) -> str:
        """Return how a provision is cited."""
        place = self.place(law, kind, number)
        named = self._short(law) or self.law.format(title=self._title(law), country=country)
        return self.provision.format(law=named, place=place)

    def place(self, law: NamedLaw, kind: str, number: str) -> str:
        """Return how a provision is cited within its law."""
        unit = ProvisionKind[kind.upper()]
        return cited(kind, number, self.marks.get(unit) or _mark(law, unit))

    def _title(self, law: NamedLaw) -> str:
        """The title, with the number where that belongs to it."""
        if law.number is None or law.number in law.title:
            return law.number if self.by_number and law.number else law.title
        return f"{law.title}, {law.number}" if law.kind in self.numbered else law.title

    def _short(self, law: NamedLaw) -> str | None:
        """The other title that stands for the law."""
        if self.short is None:
            return None
        return next((t for t in law.other_titles if re.fullmatch(self.short, t)), None)


def _mark(law: NamedLaw, unit: ProvisionKind) -> str | None:
    """Regulations are made of regulations, rules of rules."""
    return "reg" if unit == ProvisionKind.RULE and "Regulations" in law.title else None


_BRITISH = Manner(law="{title}")
_TREATY = Manner(law="{title}")
_SIGN = {ProvisionKind.SECTION: "§"}

MANNERS: dict[str, Manner] = {
    "AU": Manner(law="{title} (Cth)", provision="{law} {place}"),
    "COE": _TREATY,
    "DE": Manner(
        law="{title}", provision="{place} {law}", short=r"\w*[a-zäöü]?\w*[A-ZÄÖÜ]", marks=_SIGN
    ),
    "EU": Manner(law="{title}", by_number=True),
    "GB": _BRITISH,
    "GB-EAW": _BRITISH,
    "GB-NIR": _BRITISH,
    "GB-SCT": _BRITISH,
    "SG": Manner(law="{title} (Singapore)", provision="{law} {place}"),
    "UN": _TREATY,
    "US": Manner(
        law="{title}",
        provision="{law} {place}",
        short=r"\d+ U\.S\.C\.",
        numbered=_WITH_NUMBER | {LawKind.ACT},
        marks=_SIGN,
    ),
}
"""Manners by jurisdiction; any other is `Title (Country), s 1`."""

USUAL = Manner()


def manner_of(jurisdiction: str) -> Manner:
    """Return the manner of a jurisdiction."""
    return MANNERS.get(jurisdiction, USUAL)
