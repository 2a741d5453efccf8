"""Valid time: whatever the effects, what holds on a day is what replaying them day by day gives."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import HealthCheck, event, given, settings
from hypothesis import strategies as st

from models.collection import COLLECTIONS
from models.effect import EffectEntry
from models.provision import ProvisionEntry, VersionEntry
from models.sqlite import SqliteStore
from models.statements import item
from models.validity import FOREVER, Interval
from models.vocabulary import EffectKind, LawKind, LawStatus, Outcome, ServiceClass
from seed.compiler import publish
from seed.dataset import Dataset
from seed.documents import JurisdictionEntry, LawEntry, ReleaseFile
from seed.records import Builder
from seed.timeline import ENDING, OPENING, Timeline

FIRST = date(2020, 1, 1)
DAYS = [FIRST + timedelta(days=n) for n in range(-1, 13)]
"""All days of the little world, with one before and one after all that happens."""

TREE = {
    "part_1": None,
    "sec_1": "part_1",
    "sec_2": "part_1",
    "part_2": None,
    "chp_1": "part_2",
    "sec_3": "chp_1",
    "sec_4": None,
}
"""Every provision and the one above it."""

fast = settings(
    derandomize=True, max_examples=100, deadline=None, suppress_health_check=list(HealthCheck)
)


# --- laws ---------------------------------------------------------------------------------------


def effect(
    id_: str,
    kind: EffectKind,
    day: int | None,
    at: list[str] | None = None,
    outcome: Outcome = Outcome.DONE,
    scope: list[ServiceClass] | None = None,
) -> EffectEntry:
    return EffectEntry(
        id=id_,
        kind=kind,
        date=None if day is None else FIRST + timedelta(days=day),
        outcome=outcome,
        at=at or [],
        scope=scope or [],
    )


def law(effects: list[EffectEntry], provisions: list[ProvisionEntry]) -> LawEntry:
    return LawEntry(
        id="sg-x",
        title="X",
        kind=LawKind.ACT,
        extent=["SG"],
        summary="X.",
        effects=effects,
        provisions=provisions,
    )


def provision(eid: str, makers: list[str | None]) -> ProvisionEntry:
    versions = [
        VersionEntry(summary=f"Version {n} of {eid}.", made_by=maker)
        for n, maker in enumerate(makers, start=1)
    ]
    return ProvisionEntry(eid=eid, number=eid, heading=eid, parent=TREE.get(eid), versions=versions)


@st.composite
def effects(draw: st.DrawFn, id_: str) -> EffectEntry:
    kind = draw(
        st.one_of(
            st.sampled_from(list(EffectKind)),
            st.just(EffectKind.COMMENCES),
            st.sampled_from([*OPENING, *ENDING]),
        )
    )
    outcome = draw(st.sampled_from([Outcome.DONE] * 6 + list(Outcome)))
    days = st.integers(0, 11) if outcome == Outcome.DONE else st.none()
    nothing: list[str] = []
    at = st.one_of(st.just(nothing), st.lists(st.sampled_from(list(TREE)), max_size=3, unique=True))
    # An ending for some services only leaves a version in force for the others: see below.
    classes = st.sampled_from([[], [], [ServiceClass.SEARCH], [ServiceClass.SOCIAL_MEDIA]])
    said = effect(id_, kind, draw(days), draw(at), outcome, [] if kind in ENDING else draw(classes))
    if kind == EffectKind.COMMENCES and outcome == Outcome.DONE and draw(st.booleans()):
        return said.model_copy(update={"date": None, "known_by": said.date})
    return said


def covers(one: EffectEntry, eid: str) -> bool:
    """Tell whether an effect touches a provision, going up the tree step by step."""
    if not one.at:
        return True
    step: str | None = eid
    while step is not None:
        if step in one.at:
            return True
        step = TREE[step]
    return False


def in_order(done: list[EffectEntry]) -> list[EffectEntry]:
    """Effects that happened, by day and then as written."""
    return sorted((e for e in done if e.outcome == Outcome.DONE), key=lambda e: e.day or date.max)


def commencement(said: list[EffectEntry], eid: str) -> EffectEntry | None:
    """The commencement of a provision: what names it, or the nearest above it, or the law."""
    named = [e for e in said if e.kind == EffectKind.COMMENCES and e.outcome != Outcome.REVOKED]
    step: str | None = eid
    while step is not None:
        if any(step in e.at for e in named):
            break
        step = TREE[step]
    return next((e for e in in_order(named) if (step in e.at if step else not e.at)), None)


@st.composite
def laws(draw: st.DrawFn) -> LawEntry:
    """A law that the checks let pass: versions open one after the other, at what touches them."""
    count = draw(st.integers(1, 9))
    said = [draw(effects(f"e{n}")) for n in range(count)]
    if not in_order(said):
        said.append(effect("last", EffectKind.PASSES, 0))
    provisions = []
    for eid in TREE:
        first = commencement(said, eid)
        makers: list[str | None] = []
        last = date.min
        if first is not None and draw(st.booleans()):
            makers.append(None)
            last = first.day or last
        for e in in_order(said):
            touches = e.kind in OPENING and covers(e, eid)
            if touches and e.day is not None and e.day > last and draw(st.booleans()):
                makers.append(e.id)
                last = e.day
        for e in said:
            if e.outcome != Outcome.DONE and e.kind in OPENING and covers(e, eid):
                makers += [e.id] if draw(st.booleans()) else []
        provisions.append(provision(eid, makers))
    return law(said, provisions)


# --- replaying, the simplest way ----------------------------------------------------------------


def replay(said: LawEntry, entry: ProvisionEntry, day: date) -> VersionEntry | None:
    """The version in force on a day: each day first what ends, then what begins."""
    makers = {v.made_by: v for v in entry.versions if v.made_by}
    for version in entry.versions:
        start = commencement(said.effects, entry.eid)
        if version.made_by is None and start is not None:
            makers[start.id] = version
    current: VersionEntry | None = None
    opened: EffectEntry | None = None
    for today in DAYS:
        if today > day:
            break
        touching = [e for e in in_order(said.effects) if e.day == today and covers(e, entry.eid)]
        if any(e.kind in ENDING and e.id not in makers for e in touching):
            current = None
        for e in touching:
            current = makers.get(e.id, current)
            opened = e if e.id in makers else opened
            # What is listed after it ends a commencement of that day; the law's end ends all.
            if e.kind in ENDING and e.id not in makers and opened in touching:
                if not e.at or opened.kind == EffectKind.COMMENCES:
                    current = None
        ending = any(e.kind in ENDING and e.id not in makers for e in touching)
        if ending and current is not None and current.made_by is None and opened in touching:
            current = None  # nothing stood before the original: only itself can have ended
    return current


def replayed_status(said: LawEntry, day: date) -> LawStatus:
    """The status on a day, step by step through the law's life."""
    passed = made = False
    commencements: list[EffectEntry] = []
    ended: LawStatus | None = None
    ended_on: date | None = None
    for e in in_order(said.effects):
        if e.day is None or e.day > day:
            continue
        on_first_day = all(c.day == e.day for c in commencements)
        passed = passed or e.kind == EffectKind.PASSES
        made = made or e.kind in (EffectKind.ASSENTS, EffectKind.PUBLISHES)
        if e.kind == EffectKind.COMMENCES:
            commencements.append(e)
        if not e.at and not e.scope:
            if e.kind in ENDING:
                ended, ended_on = ENDING[e.kind], e.day
            elif e.kind == EffectKind.COMMENCES and not (on_first_day and ended_on == e.day):
                ended = None
    if ended is not None:
        return ended if commencements else LawStatus.NEVER_COMMENCED
    to_come = [
        e
        for e in said.effects
        if e.kind == EffectKind.COMMENCES
        and e.outcome != Outcome.REVOKED
        and e not in commencements
    ]
    if commencements:
        parents = set(TREE.values())
        originals = [
            p
            for p in said.provisions
            if p.eid not in parents and (not p.versions or not p.versions[0].made_by)
        ]
        whole = any(not e.at and not e.scope for e in commencements)
        each = originals and all(any(covers(e, p.eid) for e in commencements) for p in originals)
        complete = not to_come and (whole or bool(each))
        return LawStatus.IN_FORCE if complete else LawStatus.PARTLY_IN_FORCE
    for e in in_order(to_come):
        if e.known_by is not None:
            # Perhaps it commenced already, as soon as what is coded of its making was done.
            making = (EffectKind.INTRODUCES, EffectKind.PASSES, EffectKind.ASSENTS)
            steps = [m.day for m in said.effects if m.kind in making and m.outcome == Outcome.DONE]
            if all(day >= step for step in steps if step and step < e.known_by):
                return LawStatus.UNKNOWN
    if made:
        hopeless = any(e.outcome == Outcome.NEVER and not e.at for e in to_come)
        return LawStatus.NEVER_COMMENCED if hopeless else LawStatus.NOT_YET_IN_FORCE
    return LawStatus.PASSED if passed else LawStatus.PROPOSED


# --- properties ---------------------------------------------------------------------------------


@fast
@given(laws())
def test_versions_never_overlap_and_stand_in_order(said):
    for entry in said.provisions:
        spans = [h.interval for h in Timeline(said).versions(entry) if h.interval]
        event(f"{len(spans)} versions in force")
        assert all(span.start < span.end for span in spans)
        assert all(first.end <= second.start for first, second in pairwise(spans))


@fast
@given(laws())
def test_every_end_and_every_gap_is_the_work_of_an_effect(said):
    timeline = Timeline(said)
    for entry in said.provisions:
        held = [h for h in timeline.versions(entry) if h.interval]
        for one in held:
            assert one.interval is not None
            assert one.opened_by is not None
            assert one.opened_by.day == one.interval.start
            assert covers(one.opened_by, entry.eid)
            assert (one.ended_by is None) == (one.interval.end == FOREVER)
            if one.ended_by is not None:
                assert one.ended_by.outcome == Outcome.DONE
                assert one.ended_by.day == one.interval.end
                assert covers(one.ended_by, entry.eid)
        for first, second in pairwise(held):
            assert first.interval is not None
            assert second.interval is not None
            if first.interval.end < second.interval.start:
                assert first.ended_by is not None
                assert first.ended_by.kind in ENDING
                event("a gap")


@fast
@given(laws())
def test_the_version_of_a_day_is_that_of_the_replay(said):
    timeline = Timeline(said)
    for entry in said.provisions:
        held = timeline.versions(entry)
        for day in DAYS:
            found = [h.version for h in held if h.interval and day in h.interval]
            expected = replay(said, entry, day)
            assert [v.summary for v in found] == ([expected.summary] if expected else []), day


@fast
@given(laws())
def test_the_status_of_a_day_is_that_of_the_replay(said):
    timeline = Timeline(said)
    for day in DAYS:
        expected = replayed_status(said, day)
        event(expected)
        assert timeline.status(day) == expected, day


@fast
@given(laws())
def test_nothing_of_a_law_that_ended_stays_in_force(said):
    timeline = Timeline(said)
    for day in DAYS:
        if timeline.status(day) not in ENDING.values():
            continue
        last = max(
            e.day
            for e in in_order(said.effects)
            if e.kind in ENDING and not e.at and not e.scope and e.day is not None and e.day <= day
        )
        for entry in said.provisions:
            for held in timeline.versions(entry):
                if held.interval and day in held.interval:
                    assert held.interval.start >= last


@fast
@given(laws(), st.permutations(range(9)))
def test_the_order_in_the_file_matters_only_within_a_day(said, order):
    shuffled = [said.effects[n] for n in order if n < len(said.effects)]
    shuffled += said.effects[9:]
    shuffled.sort(key=lambda e: (e.day or date.max, said.effects.index(e)))
    again = said.model_copy(update={"effects": shuffled})
    for before, after in zip(said.provisions, again.provisions, strict=True):
        first = [(h.version, h.interval) for h in Timeline(said).versions(before)]
        assert first == [(h.version, h.interval) for h in Timeline(again).versions(after)]
    assert [Timeline(said).status(d) for d in DAYS] == [Timeline(again).status(d) for d in DAYS]


# --- what is stored and read --------------------------------------------------------------------


def dataset(said: LawEntry) -> Dataset:
    release = ReleaseFile(version="1.0.0", date=FIRST, title="T", license="CC0-1.0")
    place = JurisdictionEntry.model_validate({"id": "SG", "name": "S", "kind": "country"})
    return Dataset(release, jurisdictions={"SG": place}, laws={said.id: said})


@fast
@given(laws())
def test_the_records_of_a_day_are_those_of_the_replay(said):
    stored = list(Builder(dataset(said)).build())
    provisions = {
        entry.eid: [s for s in stored if s.record.id == f"sg-x~{entry.eid}"]
        for entry in said.provisions
    }
    statuses = [s for s in stored if s.collection == "laws"]
    for entry in said.provisions:
        for day in DAYS:
            found = [s.record for s in provisions[entry.eid] if day in s.interval]
            expected = replay(said, entry, day)
            summaries = [getattr(record, "summary", None) for record in found]
            assert summaries == ([expected.summary] if expected else [])
    first = min(e.day for e in in_order(said.effects) if e.day)
    for day in DAYS:
        found = [s.record for s in statuses if day in s.interval]
        expected_status = [replayed_status(said, day)] if day >= first else []
        assert [getattr(record, "status", None) for record in found] == expected_status


def reading(store: SqliteStore, collection: str, id_: str, day: date) -> list[str]:
    """What a question with `as_of` finds."""
    pointer = store.current()
    assert pointer is not None
    database = store.open(pointer.name)
    try:
        query = database.compile(item(COLLECTIONS[collection]))
        return [row[0] for row in database.read(query, {"id": id_, "as_of": day.isoformat()})]
    finally:
        database.close()


@settings(parent=fast, max_examples=8)
@given(laws())
def test_reading_as_of_a_day_is_replaying_up_to_it(tmp_path_factory: pytest.TempPathFactory, said):
    store = SqliteStore(tmp_path_factory.mktemp("as_of"))
    publish(dataset(said), "inputs", store)
    first = min(e.day for e in in_order(said.effects) if e.day)
    for day in DAYS[::2]:
        for entry in said.provisions:
            found = reading(store, "provisions", f"sg-x~{entry.eid}", day)
            expected = replay(said, entry, day)
            assert len(found) == (expected is not None)
            if expected is not None:
                assert expected.summary in found[0]
        found = reading(store, "laws", "sg-x", day)
        assert len(found) == (day >= first)
        if found:
            assert f'"status":"{replayed_status(said, day)}"' in found[0]


# --- intervals ----------------------------------------------------------------------------------

days = st.sampled_from(DAYS)


@st.composite
def intervals(draw: st.DrawFn) -> Interval:
    start, end = sorted(draw(st.lists(days, min_size=2, max_size=2, unique=True)))
    return Interval(start, draw(st.sampled_from([end, FOREVER])))


@fast
@given(intervals(), st.lists(days))
def test_cutting_keeps_every_day_once(span, cuts):
    pieces = list(span.cut(cuts))
    assert pieces[0].start == span.start
    assert pieces[-1].end == span.end
    assert all(first.end == second.start for first, second in pairwise(pieces))
    assert all(piece.start < piece.end for piece in pieces)
    inside = {day for day in cuts if span.start < day < span.end}
    assert {piece.start for piece in pieces[1:]} == inside


# --- single cases -------------------------------------------------------------------------------


def in_force(said: LawEntry, eid: str) -> Iterator[tuple[int, int | None]]:
    entry = next(p for p in said.provisions if p.eid == eid)
    for held in Timeline(said).versions(entry):
        if held.interval:
            end = held.interval.open_end
            yield (held.interval.start - FIRST).days, (end - FIRST).days if end else None


def test_a_pending_repeal_ends_nothing_and_a_done_one_does():
    said = [
        effect("c", EffectKind.COMMENCES, 1),
        effect("r", EffectKind.REPEALS, None, ["sec_1"], Outcome.PENDING),
    ]
    entry = provision("sec_1", [None])
    assert list(in_force(law(said, [entry]), "sec_1")) == [(1, None)]
    said[1] = effect("r", EffectKind.REPEALS, 5, ["sec_1"])
    assert list(in_force(law(said, [entry]), "sec_1")) == [(1, 5)]


def test_a_part_takes_its_sections_along():
    said = [
        effect("c", EffectKind.COMMENCES, 1, ["part_2"]),
        effect("r", EffectKind.REPEALS, 4, ["chp_1"]),
    ]
    entries = [provision(eid, [None] if eid == "sec_3" else []) for eid in TREE]
    assert list(in_force(law(said, entries), "sec_3")) == [(1, 4)]


def test_a_future_date_that_is_fixed_is_done_already():
    said = [effect("c", EffectKind.COMMENCES, 1), effect("a", EffectKind.AMENDS, 400, ["sec_1"])]
    entry = provision("sec_1", [None, "a"])
    assert list(in_force(law(said, [entry]), "sec_1")) == [(1, 400), (400, None)]


def test_a_provision_replaced_on_the_day_of_its_repeal_stays():
    said = [
        effect("c", EffectKind.COMMENCES, 1),
        effect("new", EffectKind.INSERTS, 5, ["sec_1"]),
        effect("r", EffectKind.REPEALS, 5, ["sec_1"]),
    ]
    entry = provision("sec_1", [None, "new"])
    for order in (said, [said[0], said[2], said[1]]):
        assert list(in_force(law(order, [entry]), "sec_1")) == [(1, 5), (5, None)]


@pytest.mark.parametrize("kind", sorted(ENDING))
def test_what_commences_and_ends_on_one_day_is_never_in_force(kind):
    start, end = effect("c", EffectKind.COMMENCES, 1), effect("r", kind, 1)
    entry = provision("sec_1", [None])
    for order in ([start, end], [end, start]):
        assert list(in_force(law(order, [entry]), "sec_1")) == []
        assert Timeline(law(order, [entry])).status(DAYS[-1]) == ENDING[kind]
    # The same of a section alone, and of a law that had been in force before.
    alone = law([start, effect("r", kind, 1, ["sec_1"])], [entry])
    assert list(in_force(alone, "sec_1")) == []
    again = [start, effect("r", kind, 4), effect("again", EffectKind.COMMENCES, 4)]
    entry = provision("sec_1", [None, "again"])
    assert list(in_force(law(again, [entry]), "sec_1")) == [(1, 4), (4, None)]
    again[1:] = reversed(again[1:])
    assert list(in_force(law(again, [entry]), "sec_1")) == [(1, 4)]


def test_an_amendment_of_the_day_on_which_the_law_ends_keeps_nothing_in_force():
    start, end = effect("c", EffectKind.COMMENCES, 1), effect("r", EffectKind.REPEALS, 5)
    amended = effect("a", EffectKind.AMENDS, 5, ["sec_1"])
    entry = provision("sec_1", [None, "a"])
    assert list(in_force(law([start, amended, end], [entry]), "sec_1")) == [(1, 5)]
