"""Turns a law's effects into time: intervals of its provisions' versions, and its status by day.

Effects are the only carrier of time. Nothing here reads or writes anything else than one law.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date

from models.effect import EffectEntry
from models.provision import ProvisionEntry, VersionEntry
from models.validity import BEGINNING, FOREVER, Interval
from models.vocabulary import EffectKind, LawStatus, Outcome, ServiceClass
from seed.documents import LawEntry

ENDING = {
    EffectKind.REPEALS: LawStatus.REPEALED,
    EffectKind.EXPIRES: LawStatus.EXPIRED,
    EffectKind.STRIKES_DOWN: LawStatus.STRUCK_DOWN,
    EffectKind.SUSPENDS: LawStatus.SUSPENDED,
}
"""Kinds of effect that end what they affect, and the status they leave a whole law in."""

OPENING = {
    EffectKind.COMMENCES,
    EffectKind.INSERTS,
    EffectKind.SUBSTITUTES,
    EffectKind.AMENDS,
    EffectKind.STRIKES_DOWN,
    EffectKind.EXTENDS,
    EffectKind.REPEALS,
}
"""Kinds of effect that can open a version (`made_by`); a partial repeal or strike-down can too."""

FROM_NOTHING = {EffectKind.COMMENCES, EffectKind.INSERTS}
"""Kinds of effect before which the provision did not exist."""

MAKING = (EffectKind.ASSENTS, EffectKind.PUBLISHES, EffectKind.PASSES, EffectKind.COMMENCES)
"""Kinds of effect from which a law is made; an earlier one that is not coded leaves the next."""


_MAKING = {EffectKind.INTRODUCES, EffectKind.PASSES, EffectKind.ASSENTS}
"""Kinds of effect by which a law is made, before it can be in force."""


@dataclass(frozen=True)
class Held:
    """A version and the days on which it is in force; no interval if that never came about."""

    version: VersionEntry
    interval: Interval | None
    opened_by: EffectEntry | None
    ended_by: EffectEntry | None


class Timeline:
    """A law's effects in order, and what follows from them."""

    def __init__(self, law: LawEntry) -> None:
        """Sort the effects and read the tree of provisions."""
        self.law = law
        self.effects = {effect.id: effect for effect in law.effects}
        self.provisions = {provision.eid: provision for provision in law.provisions}
        self._done = sorted(
            (e for e in law.effects if e.outcome == Outcome.DONE and e.day is not None),
            key=lambda e: (_day(e), law.effects.index(e)),
        )

    def lineage(self, eid: str) -> Iterator[str]:
        """Yield a provision's eId and those of its ancestors, nearest first."""
        seen: set[str] = set()
        current: str | None = eid
        while current is not None and current not in seen:
            seen.add(current)
            yield current
            provision = self.provisions.get(current)
            current = provision.parent if provision else None

    def covers(self, effect: EffectEntry, eid: str) -> bool:
        """Tell whether an effect touches a provision: by name, through an ancestor or the law."""
        return not effect.at or any(step in effect.at for step in self.lineage(eid))

    def commencement(self, eid: str) -> EffectEntry | None:
        """Return the earliest done commencement that covers a provision.

        What is said of a provision itself goes before what is said of its Part, and that before
        what is said of the law: "commences on X, except section 5, which commences on Y, or never".
        """
        said = [
            e
            for e in self.law.effects
            if e.kind == EffectKind.COMMENCES and e.outcome != Outcome.REVOKED
        ]
        for step in self.lineage(eid):
            closest = [e for e in said if step in e.at]
            if closest:
                return next((e for e in self._done if e in closest), None)
        return next((e for e in self._done if e in said and not e.at), None)

    def outstanding_scope(self, eid: str | None, day: date) -> list[ServiceClass]:
        """Service classes for which a commencement (of a provision or the law) is still to come."""
        scopes: set[ServiceClass] = set()
        for effect in self.law.effects:
            if effect.kind != EffectKind.COMMENCES or not effect.scope:
                continue
            to_come = effect.outcome == Outcome.PENDING or (
                effect.outcome == Outcome.DONE and _day(effect) > day
            )
            if to_come and (eid is None or self.covers(effect, eid)):
                scopes.update(effect.scope)
        return sorted(scopes)

    def awaiting(self, eid: str) -> Interval | None:
        """Days on which a provision is enacted and not commenced; null if it never waited.

        Known of what stood in the law when it was made: coded originals, and whatever a
        commencement names.
        """
        provision = self.provisions[eid]
        named = any(eid in e.at for e in self.effects.values() if e.kind == EffectKind.COMMENCES)
        original = bool(provision.versions) and self._is_original(provision)
        made = next((day for day in map(self.first, MAKING) if day), None)
        if not (named or original) or made is None:
            return None
        opener = self.commencement(eid)
        stops = [opener] if opener else []
        stops += [e for e in self._done if e.kind in ENDING and not e.scope and self.covers(e, eid)]
        end = min(map(_day, stops), default=FOREVER)
        return Interval(made, end) if made < end else None

    def outstanding_provisions(self, day: date) -> list[str]:
        """Provisions that await their commencement while others do not: the topmost ones."""
        if self.status(day) != LawStatus.PARTLY_IN_FORCE:
            return []
        below: dict[str | None, list[str]] = {}
        for provision in self.law.provisions:
            below.setdefault(provision.parent, []).append(provision.eid)

        def topmost(eid: str) -> tuple[list[str], bool]:
            """What awaits, from a provision down; and whether that is all that is known there."""
            span = self.awaiting(eid)
            waits = span is not None and day in span
            found = [topmost(child) for child in below.get(eid, [])]
            whole = all(all_ for _, all_ in found) and (waits or not self.provisions[eid].versions)
            inner = [id_ for ids, _ in found for id_ in ids]
            return ([eid] if whole and (waits or inner) else inner), whole

        return [id_ for eid in below.get(None, []) for id_ in topmost(eid)[0]]

    def commencement_days(self, eid: str | None) -> list[date]:
        """Days on which a scoped commencement changes what is outstanding."""
        return [
            _day(e)
            for e in self._done
            if e.kind == EffectKind.COMMENCES and e.scope and (eid is None or self.covers(e, eid))
        ]

    def versions(self, provision: ProvisionEntry) -> list[Held]:
        """Return a provision's versions with the intervals that the effects give them."""
        openers = [self._opener(provision, version) for version in provision.versions]
        used = {opener.id for opener in openers if opener is not None}
        ends = [
            e
            for e in self._done
            if e.kind in ENDING
            and e.id not in used
            and not e.scope  # it goes on for the other classes of service
            and self.covers(e, provision.eid)
        ]
        starts = [
            _day(opener) if opener is not None and opener.outcome == Outcome.DONE else None
            for opener in openers
        ]
        held: list[Held] = []
        for i, version in enumerate(provision.versions):
            start = starts[i]
            if start is None:
                held.append(Held(version, None, openers[i], None))
                continue
            following = [
                (day, opener)
                for day, opener in zip(starts[i + 1 :], openers[i + 1 :], strict=True)
                if day is not None
            ]
            opener, whole_life = openers[i], version.made_by is None
            closing = [
                *following,
                *((_day(e), e) for e in ends if self._ends(e, opener, whole_life=whole_life)),
            ]
            end, ended_by = min(closing, key=lambda pair: pair[0], default=(FOREVER, None))
            interval = Interval(start, end) if start < end else None
            held.append(Held(version, interval, openers[i], ended_by))
        for i in reversed(range(len(held) - 1)):
            one, after = held[i], held[i + 1]
            if after.interval is None and one.ended_by is after.opened_by is not None:
                # What came after it ended on the day on which it began: that is what ended it.
                held[i] = replace(one, ended_by=after.ended_by)
        return held

    def _ends(self, ending: EffectEntry, opener: EffectEntry | None, *, whole_life: bool) -> bool:
        """Tell whether an ending ends what an effect opened, on its first day or later.

        On one day what ends goes before what begins: a section repealed and inserted anew stays.
        But nothing stood before an original commenced; and when the whole law ends, or what is
        brought into force ends again, the order in the file tells what came last.
        """
        assert opener is not None
        if _day(ending) != _day(opener):
            return _day(ending) > _day(opener)
        if whole_life:
            return True
        last = self._done.index(ending) > self._done.index(opener)
        return last and (opener.kind == EffectKind.COMMENCES or not ending.at)

    def _opener(self, provision: ProvisionEntry, version: VersionEntry) -> EffectEntry | None:
        """The effect that opens a version: the one it names, or the commencement."""
        if version.made_by is not None:
            return self.effects.get(version.made_by)
        return self.commencement(provision.eid)

    def earlier_uncoded(self, provision: ProvisionEntry) -> bool:
        """Tell whether the provision existed, or may have, before its first coded version."""
        if not provision.versions:
            return False
        opener = self._opener(provision, provision.versions[0])
        if opener is None:
            return False
        return opener.kind not in FROM_NOTHING or opener.known_by is not None

    def perhaps(self, commencement: EffectEntry) -> Interval | None:
        """Days on which something may have been in force already; null if its day is known.

        From the making of the law, as far as that is coded, to the day by which it had commenced.
        """
        if commencement.known_by is None:
            return None
        made = [
            _day(e) for e in self._done if e.kind in _MAKING and _day(e) < commencement.known_by
        ]
        year = date(self.law.year, 1, 1) if self.law.year else BEGINNING
        start = max(made, default=year)
        return Interval(start, commencement.known_by) if start < commencement.known_by else None

    # --- the law as a whole ---------------------------------------------------------------------

    def first(self, kind: EffectKind) -> date | None:
        """Day of the first done effect of a kind on the law; null if it is not known."""
        return next((e.date for e in self._done if e.kind == kind), None)

    def ended_on(self) -> date | None:
        """First day on which the law as a whole was no longer law."""
        ending = self._ending(FOREVER)
        return _day(ending) if ending and ending.kind != EffectKind.SUSPENDS else None

    def days(self) -> list[date]:
        """Days on which something done to the law took effect, in order."""
        return sorted({_day(e) for e in self._done})

    def status(self, day: date) -> LawStatus:
        """Return where the law stands on a day. Days before its first effect have no status."""
        ending = self._ending(day)
        commenced = [e for e in self._done if e.kind == EffectKind.COMMENCES and _day(e) <= day]
        if ending is not None:
            return ENDING[ending.kind] if commenced else LawStatus.NEVER_COMMENCED
        if commenced:
            return LawStatus.IN_FORCE if self._all_commenced(day) else LawStatus.PARTLY_IN_FORCE
        if any(day in span for span in map(self.perhaps, self._done) if span):
            return LawStatus.UNKNOWN
        reached = {e.kind for e in self._done if _day(e) <= day}
        if reached & {EffectKind.ASSENTS, EffectKind.PUBLISHES}:
            hopeless = any(
                e.kind == EffectKind.COMMENCES and e.outcome == Outcome.NEVER and not e.at
                for e in self.law.effects
            )
            return LawStatus.NEVER_COMMENCED if hopeless else LawStatus.NOT_YET_IN_FORCE
        return LawStatus.PASSED if EffectKind.PASSES in reached else LawStatus.PROPOSED

    def _ending(self, day: date) -> EffectEntry | None:
        """The last effect that ended the whole law by a day and was not followed by a new start."""
        found: EffectEntry | None = None
        first = next((_day(e) for e in self._done if e.kind == EffectKind.COMMENCES), None)
        for effect in self._done:
            if _day(effect) > day or effect.at or effect.scope:
                continue
            if effect.kind in ENDING:
                found = effect
            elif effect.kind == EffectKind.COMMENCES and not (
                found and _day(found) == _day(effect) == first
            ):
                found = None  # on its first day a law has nothing else to end than what begins
        return found

    def _all_commenced(self, day: date) -> bool:
        """Tell whether no commencement of the law is outstanding on a day."""
        commencements = [e for e in self.law.effects if e.kind == EffectKind.COMMENCES]
        done = [e for e in commencements if e.outcome == Outcome.DONE and _day(e) <= day]
        if any(e not in done and e.outcome != Outcome.REVOKED for e in commencements):
            return False
        if any(not e.at and not e.scope for e in done):
            return True
        above = {p.parent for p in self.law.provisions}
        originals = [p for p in self.law.provisions if self._is_original(p) and p.eid not in above]
        return bool(originals) and all(any(self.covers(e, p.eid) for e in done) for p in originals)

    def _is_original(self, provision: ProvisionEntry) -> bool:
        """Tell whether a provision stood in the law when it was made."""
        return not provision.versions or provision.versions[0].made_by is None


def _day(effect: EffectEntry) -> date:
    """The day of an effect that has one."""
    assert effect.day is not None
    return effect.day
