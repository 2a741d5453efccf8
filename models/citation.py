"""Citations: what proves a cell, written as lawyers cite it: number, law, address, footnoted."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from sqlalchemy import BindParameter, Executable, bindparam, select
from sqlmodel import col

from models.coding import Evidence, EvidenceKind
from models.law import LawRow
from models.provision import OutlineRow
from models.validity import FOREVER
from models.vocabulary import ProvisionKind

BATCH = 100
"""How many names are looked up at once."""

_ABBREVIATED = {
    ProvisionKind.PART: "Part",
    ProvisionKind.CHAPTER: "Chapter",
    ProvisionKind.DIVISION: "Division",
    ProvisionKind.SECTION: "s",
    ProvisionKind.ARTICLE: "art",
    ProvisionKind.RULE: "r",
    ProvisionKind.PARAGRAPH: "para",
    ProvisionKind.SCHEDULE: "Schedule",
}
"""How a unit of law is called in a citation."""


@dataclass(frozen=True)
class Names:
    """Titles of laws, and how their provisions are cited."""

    laws: Mapping[str, str]
    provisions: Mapping[str, str]

    def cite(self, evidence: Evidence) -> str:
        """Return the citation of a record that proves a cell."""
        if evidence.kind == EvidenceKind.PROVISION:
            law = evidence.id.partition("~")[0]
            number = self.provisions.get(evidence.id, evidence.id)
            title = self.laws.get(law, law)
            return f"{title}, {number}{pinpoint(evidence.pinpoint)}"
        if evidence.kind == EvidenceKind.BINDING:
            return self.laws.get(evidence.id, evidence.id)
        return f"{evidence.kind} {evidence.id}"


def pinpoint(path: str | None) -> str:
    """Write a path within a provision as printed: `subsec_1__para_a` is `(1)(a)`."""
    parts = [part.partition("_")[2] for part in path.split("__")] if path else []
    return "".join(f"({part})" for part in parts)


@dataclass
class Footnotes:
    """Numbered citations: the same version of the same place is one note."""

    found: dict[tuple[str, str, str | None, str | None], tuple[int, Evidence]] = field(
        default_factory=dict
    )

    def numbers(self, proofs: Iterable[Evidence]) -> list[int]:
        """Return the numbers of the notes for what proves a cell; effects only open versions."""
        numbers = []
        for proof in proofs:
            if proof.kind == EvidenceKind.EFFECT:
                continue
            key = (proof.kind, proof.id, proof.pinpoint, proof.version)
            number, _ = self.found.setdefault(key, (len(self.found) + 1, proof))
            numbers.append(number)
        return list(dict.fromkeys(numbers))

    def notes(self) -> Iterator[tuple[int, Evidence]]:
        """Yield the notes in order."""
        yield from self.found.values()

    def laws(self) -> list[str]:
        """Return the laws that are named."""
        kinds = (EvidenceKind.PROVISION, EvidenceKind.BINDING)
        named = (proof.id.partition("~")[0] for _, proof in self.notes() if proof.kind in kinds)
        return list(dict.fromkeys(named))

    def provisions(self) -> list[str]:
        """Return the provisions that are named."""
        kind = EvidenceKind.PROVISION
        return list(dict.fromkeys(proof.id for _, proof in self.notes() if proof.kind == kind))


def names(laws: Iterable[tuple[str, str]], provisions: Iterable[tuple[str, str, str]]) -> Names:
    """Read names from what the statements give."""
    return Names(
        dict(laws),
        {id_: cited(kind, number) for id_, kind, number in provisions},
    )


def cited(kind: str, number: str, mark: str | None = None) -> str:
    """Return how a provision is cited within its law; `mark` replaces the usual abbreviation."""
    word = _ABBREVIATED[ProvisionKind[kind.upper()]]
    if {word.lower(), kind} & set(number.lower().replace(",", "").split()):
        return number
    return f"{mark or word} {number}"


# --- statements ---------------------------------------------------------------------------------


def batches(ids: Sequence[str]) -> Iterator[dict[str, str]]:
    """Yield parameters for all ids, a batch at a time; a short one repeats its last."""
    for start in range(0, len(ids), BATCH):
        some = list(ids[start : start + BATCH])
        some += [some[-1]] * (BATCH - len(some))
        yield {f"id_{n}": id_ for n, id_ in enumerate(some)}


def laws_statement() -> Executable:
    """Titles of a batch of laws."""
    return select(col(LawRow.id), col(LawRow.title)).where(
        col(LawRow.id).in_(_batch()), col(LawRow.valid_to) == FOREVER.isoformat()
    )


def provisions_statement() -> Executable:
    """Kinds and numbers of a batch of provisions."""
    return select(col(OutlineRow.id), col(OutlineRow.kind), col(OutlineRow.number)).where(
        col(OutlineRow.id).in_(_batch())
    )


def _batch() -> list[BindParameter[str]]:
    return [bindparam(f"id_{n}") for n in range(BATCH)]
