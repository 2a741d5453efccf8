"""The effects behind a change of a cell: which law did it, and how."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Literal

from pydantic import BaseModel, ConfigDict

from api.serving import Release
from models.changes import EffectRole, Step
from models.coding import EvidenceKind, MatrixCell
from models.effect import EffectRecord
from models.record import Day
from models.vocabulary import EffectKind


class ChangeEffect(BaseModel):
    """An effect behind a change."""

    model_config = ConfigDict(use_attribute_docstrings=True)

    role: EffectRole
    """How it is tied to the change."""
    id: str
    """Its id."""
    kind: EffectKind
    """What was done."""
    date: Day
    """Day on which it took effect."""
    law: str
    """The law affected."""
    law_title: str
    """Its title."""
    by: str
    """The law or judgment that did it."""
    by_title: str
    """Its title."""
    href: str
    """Address of the effect's record."""


class Causes:
    """Finds the effects behind changes. Each record is read once."""

    def __init__(self, release: Release) -> None:
        """Read from a release."""
        self.release = release
        self._effects: dict[str, EffectRecord | None] = {}
        self._versions: dict[tuple[str, date], _Version] = {}

    async def of(self, step: Step, before: MatrixCell, after: MatrixCell) -> list[ChangeEffect]:
        """Return the effects behind a change.

        Those of its day that opened what decides the cell since; failing that, those that ended
        what decided it before; failing that, earlier ones that only now decide it.
        """
        day = date.fromisoformat(step.day)
        named = [e.id for e in after.evidence if e.kind == EvidenceKind.EFFECT]
        made = [await self._version(p, day, "made_by") for p in _provisions(after, step.day)]
        found = await self._read(EffectRole.OPENED, [*named, *made], day)
        if found:
            return found
        eve = day - timedelta(days=1)
        ended = [await self._version(p, eve, "ended_by") for p in _provisions(before)]
        found = await self._read(EffectRole.ENDED, ended, day)
        if found:
            return found
        known, held = {e.id for e in before.evidence}, _provisions(before)
        made = [await self._version(p, day, "made_by") for p in _provisions(after) if p not in held]
        return await self._read(
            EffectRole.EARLIER, [*(id_ for id_ in named if id_ not in known), *made]
        )

    async def _read(
        self, role: EffectRole, ids: Sequence[str | None], day: date | None = None
    ) -> list[ChangeEffect]:
        """Read effects: those of a day, or of any."""
        found = [await self._effect(id_) for id_ in dict.fromkeys(ids) if id_ is not None]
        return [
            ChangeEffect(
                role=role,
                id=effect.id,
                kind=effect.kind,
                date=effect.date,
                law=effect.law,
                law_title=effect.law_title,
                by=effect.by,
                by_title=effect.by_title,
                href=f"/v1/effects/{effect.id}",
            )
            for effect in found
            if effect is not None and effect.date is not None and day in (None, effect.date)
        ]

    async def _effect(self, id_: str) -> EffectRecord | None:
        """Read an effect."""
        if id_ not in self._effects:
            query = self.release.item("effects")
            rows = await self.release.read(query, id=id_, as_of="2000-01-01")
            self._effects[id_] = EffectRecord.model_validate_json(rows[0][0]) if rows else None
        return self._effects[id_]

    async def _version(
        self, provision: str, day: date, end: Literal["made_by", "ended_by"]
    ) -> str | None:
        """Return the effect at an end of the version of a provision that held on a day."""
        if (provision, day) not in self._versions:
            query = self.release.item("provisions")
            rows = await self.release.read(query, id=provision, as_of=day.isoformat())
            self._versions[provision, day] = (
                _Version.model_validate_json(rows[0][0]) if rows else _Version()
            )
        version = self._versions[provision, day]
        return version.made_by if end == "made_by" else version.ended_by


class _Version(BaseModel):
    """What is read of a provision."""

    made_by: str | None = None
    ended_by: str | None = None


def _provisions(cell: MatrixCell, opened: str | None = None) -> list[str]:
    """Provisions that prove a cell: all, or those by a version that opened on a day."""
    return [
        e.id
        for e in cell.evidence
        if e.kind == EvidenceKind.PROVISION and opened in (None, e.version)
    ]
