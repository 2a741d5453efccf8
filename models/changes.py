"""Changes of cells over time: what changed from one day to the next, and why."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

from models.cell_value import read_value, said
from models.cells import Cells
from models.coding import CellState, Evidence, EvidenceKind, MatrixCell
from models.vocabulary import Word


class ChangedPart(Word):
    """What of a cell changed."""

    STATE = "state", "its state, with or without its value"
    VALUE = "value", "its value or qualifier; the state stayed"
    EVIDENCE = "evidence", "only what proves it, or through whose law it holds"


class ChangeReason(Word):
    """Why a cell changed."""

    LAW = "law", "an effect of that day made or ended what decides the cell"
    TREATY = "treaty", "a treaty began or ceased to bind"
    QUANTITY = "quantity", "a number that the provision uses changed"
    APPLICATION = (
        "application",
        "law made on another day began or ceased to apply: its day of application, or a membership",
    )
    PRESUPPOSED = "presupposed", "an indicator that it presupposes changed: see that one's change"
    COVERAGE = "coverage", "a survey begins or ends: what is known changed, the law need not have"
    OTHER = "other", "none of these"


class EffectRole(Word):
    """How an effect is tied to a change."""

    OPENED = "opened", "it made, on that day, what decides the cell since"
    ENDED = "ended", "it ended, on that day, what decided the cell before"
    EARLIER = "earlier", "it made, on another day, what decides the cell since"


@dataclass(frozen=True)
class Step:
    """A cell that became another on a day."""

    jurisdiction: str
    position: int
    """Place of the indicator in the codebook."""
    day: str
    before: bytes
    """The finished cell of the day before."""
    after: bytes
    """The finished cell since."""

    @property
    def same_value(self) -> bool:
        """Whether only what proves the cell changed."""
        return said(self.before) == said(self.after)

    @property
    def part(self) -> ChangedPart:
        """What changed."""
        if self.same_value:
            return ChangedPart.EVIDENCE
        states = (read_value(self.before).state, read_value(self.after).state)
        return ChangedPart.VALUE if states[0] == states[1] else ChangedPart.STATE


def steps(
    cells: Cells, code: str, positions: Sequence[int], first: str, last: str
) -> Iterator[Step]:
    """Yield the changes of a jurisdiction's cells after a day, up to another, by day."""
    timeline = cells.timelines.get(code)
    if timeline is None:
        return
    days, vectors = timeline.days, timeline.vectors
    for i in range(bisect_right(days, first), bisect_right(days, last)):
        old, new = vectors[i - 1], vectors[i]
        for at in positions:
            if old[at] is not new[at] and old[at] != new[at]:
                yield Step(code, at, days[i], old[at], new[at])


def reason(before: MatrixCell, after: MatrixCell, roles: Collection[EffectRole]) -> ChangeReason:
    """Return why a cell changed, given how the effects that were found are tied to it."""
    if EffectRole.OPENED in roles or EffectRole.ENDED in roles:
        return ChangeReason.LAW
    for kind, why in _OTHER_EVIDENCE.items():
        if _proofs(before, kind) != _proofs(after, kind):
            return why
    provisions = {e.id for e in _proofs(after, EvidenceKind.PROVISION)}
    ceased = any(e.id not in provisions for e in _proofs(before, EvidenceKind.PROVISION))
    if roles or ceased:
        return ChangeReason.APPLICATION
    states = {before.state, after.state}
    if CellState.NOT_SURVEYED in states:
        return ChangeReason.COVERAGE
    if CellState.NOT_APPLICABLE in states and len(states) > 1:
        return ChangeReason.PRESUPPOSED
    if _proofs(before, EvidenceKind.SURVEY) != _proofs(after, EvidenceKind.SURVEY):
        return ChangeReason.COVERAGE
    return ChangeReason.APPLICATION if before.via != after.via else ChangeReason.OTHER


_OTHER_EVIDENCE = {
    EvidenceKind.BINDING: ChangeReason.TREATY,
    EvidenceKind.QUANTITY: ChangeReason.QUANTITY,
}


def _proofs(cell: MatrixCell, kind: EvidenceKind) -> list[Evidence]:
    """The evidence of a kind."""
    return [evidence for evidence in cell.evidence if evidence.kind == kind]
