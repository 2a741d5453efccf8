"""Derives codings: for every jurisdiction and indicator, intervals of a value with what proves it.

Days are cut wherever a facet that the rule may read begins or ends, a membership, treaty or survey
does, or an indicator that the rule builds on changes. On the first day of each piece the states are
tried in order: coded (or disputed), general law, not applicable, absent, not surveyed.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from models.coding import CellState, CodingRecord, EvidenceKind
from models.definition import Definition
from models.facet import FacetRecord
from models.indicator import PathMatch, Rule, RuleSource, Take, ValueType
from models.jurisdiction import Binding
from models.record import Record
from models.validity import BEGINNING, FOREVER, Interval
from models.vocabulary import FacetKind
from seed.cell import Cell, Piece
from seed.codebook import SOURCES, Codebook
from seed.documents import IndicatorEntry
from seed.evidence import disputed, of_binding, of_facet, of_survey
from seed.facets import Facets
from seed.places import Places
from seed.rules import TOP, UNREAD, Value, Words, leads_somewhere, read
from seed.scope import Found, Scope
from seed.ties import Ties


class Derivation:
    """Derives all codings of a dataset."""

    def __init__(self, facets: Facets, ties: Ties, places: Places) -> None:
        """Read from the built facets of a dataset."""
        self.facets = facets
        self.ties = ties
        self.dataset = facets.dataset
        self.scope = Scope(facets, places)
        self.codebook = Codebook(facets.dataset.indicators)
        self.words = Words(lambda id_, day: self.facets.at(id_, FacetKind.DEFINITION, day))
        self._done: dict[tuple[str, str], list[Piece]] = {}

    def codings(self) -> Iterator[tuple[CodingRecord, list[str]]]:
        """Yield every coding with the steps that led to it."""
        for code in self.dataset.jurisdictions:
            if not self.scope.touched(code):
                continue
            for id_ in self.dataset.indicators:
                yield from self._records(code, id_)

    def _records(self, code: str, id_: str) -> Iterator[tuple[CodingRecord, list[str]]]:
        """Turn the pieces of a cell into records; `since` looks back over equal values."""
        since = BEGINNING
        before: Piece | None = None
        for piece in self.pieces(code, id_):
            if before is None or before.cell.value != piece.cell.value:
                since = piece.span.start
            before = piece
            if not piece.cell.known:
                continue
            cell = piece.cell
            record = CodingRecord(
                id=f"{code}~{id_}",
                valid_from=piece.span.start,
                valid_to=piece.span.open_end,
                since=None if since == BEGINNING else since,
                jurisdiction=code,
                indicator=id_,
                state=cell.state,
                value_type=self.dataset.indicators[id_].type,
                value_boolean=cell.boolean,
                value_integer=cell.integer,
                value_number=cell.number,
                value_text=cell.text,
                value_codes=cell.codes,
                qualifier=cell.qualifier,
                via=cell.via,
                evidence=cell.evidence,
            )
            yield record, list(piece.steps)

    # --- pieces ---------------------------------------------------------------------------------

    def pieces(self, code: str, id_: str) -> list[Piece]:
        """Return a cell over all time, neighbours that say the same joined."""
        if (code, id_) not in self._done:
            self._done[code, id_] = list(self._join(self._cut(code, id_)))
        return self._done[code, id_]

    def at(self, code: str, id_: str, day: date) -> Cell:
        """Return a cell on a day."""
        return next(piece.cell for piece in self.pieces(code, id_) if day in piece.span)

    @staticmethod
    def _join(pieces: Iterator[Piece]) -> Iterator[Piece]:
        last: Piece | None = None
        for piece in pieces:
            if last and last.cell == piece.cell:
                last = replace(last, span=Interval(last.span.start, piece.span.end))
                continue
            if last:
                yield last
            last = piece
        if last:
            yield last

    def _cut(self, code: str, id_: str) -> Iterator[Piece]:
        """Evaluate an indicator on the first day of every piece."""
        indicator = self.dataset.indicators[id_]
        rule = self.codebook.rule(id_)
        days: set[date] = set()
        for other in [*rule.count, *filter(None, (rule.needs, rule.since))]:
            days |= {piece.span.start for piece in self.pieces(code, other)}
        for survey in self.scope.surveys(code):
            days |= {survey.since, survey.until or FOREVER}
        rules = [rule, *([rule.general] if rule.general else [])]
        readings = [(each, list(self._candidates(code, each))) for each in rules]
        for each, candidates in readings:
            for found in candidates:
                days |= {found.span.start, found.span.end}
                if found.perhaps:
                    days |= {found.perhaps.start, found.perhaps.end}
                if each.through:
                    days |= set(self.ties.days(found.record))
        for span in Interval(BEGINNING).cut(days):
            steps: list[str] = []
            cell = self._evaluate(code, indicator, readings, span.start, steps)
            yield Piece(span, cell, tuple(steps))

    def _evaluate(
        self,
        code: str,
        indicator: IndicatorEntry,
        readings: Sequence[tuple[Rule, Sequence[Found]]],
        day: date,
        steps: list[str],
    ) -> Cell:
        """Try the states in order: the law of its own first, then the general law."""
        rule = readings[0][0]
        if rule.count:
            return self._count(code, rule, day, steps)
        if rule.since is not None:
            return self._since(code, rule.since, day, steps)
        for each, candidates in readings:
            cell = self._read(indicator, each, candidates, day, steps)
            if cell is not None:
                if each is not rule and cell.state != CellState.NOT_SURVEYED:
                    cell.state = CellState.GENERAL_LAW
                    steps.append("only the general law covers it: general_law")
                return cell
        if rule.needs is not None:
            needed = self.at(code, rule.needs, day)
            steps.append(f"it presupposes {rule.needs}, which is {needed.state}")
            if needed.state == CellState.NOT_SURVEYED:
                return Cell(CellState.NOT_SURVEYED)
            if not needed.holds:
                return Cell(CellState.NOT_APPLICABLE, evidence=needed.evidence)
        surveys = self.scope.searched(code, indicator.topic, day)
        if surveys:
            steps.append(f"survey {surveys[0].id} searched for {indicator.topic} and found nothing")
            absent = False if indicator.type == ValueType.BOOLEAN else None
            return Cell(CellState.ABSENT, boolean=absent, evidence=[of_survey(s) for s in surveys])
        steps.append(f"no survey covers {indicator.topic} on that day: not_surveyed")
        return Cell(CellState.NOT_SURVEYED)

    # --- what is read ---------------------------------------------------------------------------

    def _candidates(self, code: str, rule: Rule) -> Iterator[Found]:
        """Everything that a rule may read in a jurisdiction, whatever the day."""
        if RuleSource.BINDING in rule.of:
            yield from self.scope.bindings(code)
        kinds = {source.value for source in rule.of}
        yield from (found for found in self.scope.law(code) if _kind(found.record) in kinds)

    # --- reading --------------------------------------------------------------------------------

    def _read(
        self,
        indicator: IndicatorEntry,
        rule: Rule,
        candidates: Sequence[Found],
        day: date,
        steps: list[str],
    ) -> Cell | None:
        """Read a value from the facets that match on a day; nothing when none does."""
        conditions = rule.where
        definitions = self._definitions(day)
        held = [found for found in candidates if day in found.span]
        matching: list[Found] = []
        unread: list[Found] = []
        for found in held:
            ok, why = self.words.match(found.record, conditions, day)
            if ok is not False and rule.through:
                tied = tuple(self._tied(found.record, rule.through, day))
                found = replace(found, tied=tied)
                if not tied:
                    ok, why = False, f"it covers nothing with {_said(rule.through)}"
            if ok:
                matching.append(found)
                steps.append(f"{_name(found.record)} matches {_said(conditions)}")
            elif ok is None:
                unread.append(found)
                steps.append(f"{_name(found.record)} may match: {why}")
            elif len(steps) < 200:
                steps.append(f"{_name(found.record)} does not match: {why}")
        for found in candidates:
            if found.perhaps and day in found.perhaps and self._fits(found, rule):
                unread.append(found)
                said = f"known to be in force on {found.span.start}, since when was not found"
                steps.append(f"{_name(found.record)} may match already: {said}")
        if not matching and not unread:
            steps.append(f"nothing in force matches {_said(conditions)}")
            return None
        if rule.take == Take.ANY or rule.path is None:
            if not matching:
                return self._unknown(rule, [], unread, day, steps)
            return self._cell(indicator, matching, [], day, boolean=True)
        values: list[tuple[Value, Found]] = []
        for found in matching:
            for value in read(found.record, rule.path, rule.case, definitions):
                if value == UNREAD:
                    unread.append(found)
                    steps.append(f"{_name(found.record)}: {rule.path} was not read, or not all")
                else:
                    values.append((value, found))
        for value, found in values:
            said = f" ({value.qualifier})" if value.qualifier else ""
            steps.append(f"{_name(found.record)}: {rule.path} is {value.word}{said}")
        if unread and not _settled(rule, values):
            return self._unknown(rule, values, unread, day, steps)
        if values:
            return self._taken(indicator, rule, values, day, steps)
        return self._without_value(indicator, rule, matching, day, steps)

    def _fits(self, found: Found, rule: Rule) -> bool:
        """Tell whether something matches on its first day, or may."""
        day = found.span.start
        if self.words.match(found.record, rule.where, day)[0] is False:
            return False
        return not rule.through or any(self._tied(found.record, rule.through, day))

    def _taken(
        self,
        indicator: IndicatorEntry,
        rule: Rule,
        values: list[tuple[Value, Found]],
        day: date,
        steps: list[str],
    ) -> Cell:
        """Take the largest, the smallest or all of the values."""
        if rule.take == Take.SET:
            words = sorted({value.word for value, _ in values})
            steps.append(f"all of them: {', '.join(words)}")
            return self._cell(indicator, [f for _, f in values], [], day, codes=words)
        best, deciding = _best(rule, values)
        steps.append(f"the {rule.take} of them: {best.word}")
        return self._cell(indicator, deciding, [best], day)

    def _unknown(
        self,
        rule: Rule,
        values: Sequence[tuple[Value, Found]],
        unread: Sequence[Found],
        day: date,
        steps: list[str],
    ) -> Cell:
        """Something that matches was not read: what is known bounds the value, or is a part."""
        cell = Cell(CellState.NOT_SURVEYED, qualifier=UNREAD.word)
        deciding = list(unread)
        words = sorted({value.word for value, _ in values} - {"none"})
        if words and rule.take == Take.SET:
            cell.qualifier = f"at least {';'.join(words)}"
            deciding += [found for _, found in values]
        elif values and rule.take != Take.SET:
            best, among = _best(rule, values)
            # That a smallest value is at most life, or unlimited, says nothing.
            if rule.take == Take.MAX or best.countable:
                cell.qualifier = f"at {'least' if rule.take == Take.MAX else 'most'} {best.said}"
                deciding += among
        for found in deciding:
            self._prove(cell, found.record, max(day, found.span.start))
        known = "" if cell.qualifier == UNREAD.word else f", known is {cell.qualifier}"
        steps.append(f"what was not read may decide{known}: not_surveyed")
        return cell

    def _without_value(
        self,
        indicator: IndicatorEntry,
        rule: Rule,
        matching: list[Found],
        day: date,
        steps: list[str],
    ) -> Cell | None:
        """Facets match but hold no value: a qualifier, or the default, stands for it."""
        if rule.qualifier is not None:
            definitions = self._definitions(day)
            words = [
                (value.word, found)
                for found in matching
                for value in read(found.record, rule.qualifier, rule.case, definitions)
            ]
            if words:
                said = ";".join(sorted({word for word, _ in words}))
                steps.append(f"no number, but {rule.qualifier} is {said}")
                return self._cell(indicator, [f for _, f in words], [], day, qualifier=said)
        if rule.default:
            steps.append(f"{rule.path} holds nothing: {', '.join(rule.default)} by default")
            values = [Value(float(w) if w.isdigit() else None, w) for w in rule.default]
            codes = rule.default if rule.take == Take.SET else []
            return self._cell(indicator, matching, values, day, codes=list(codes))
        steps.append(f"{rule.path} holds nothing")
        return None

    def _definitions(self, day: date) -> Any:
        """A function that returns what a reference to definitions means on a day."""

        def definitions(id_: str) -> list[Definition]:
            return self.facets.at(id_, FacetKind.DEFINITION, day)

        return definitions

    def _tied(
        self, record: Record, conditions: Sequence[PathMatch], day: date
    ) -> Iterator[FacetRecord]:
        """Yield the offences, duties and powers under a rule that meet conditions."""
        for tied in self.ties.covered_by(record, day):
            if _has_paths(tied, conditions) and self.words.match(tied, conditions, day)[0]:
                yield tied

    def _cell(
        self,
        indicator: IndicatorEntry,
        found: Sequence[Found],
        values: Sequence[Value],
        day: date,
        *,
        boolean: bool | None = None,
        codes: Sequence[str] = (),
        qualifier: str | None = None,
    ) -> Cell:
        """Make a cell of the deciding facets and their value."""
        cell = Cell(CellState.CODED, boolean=boolean, codes=list(codes), qualifier=qualifier)
        cell.via = found[0].via if all(f.via == found[0].via for f in found) else None
        if values:
            cell.qualifier = values[0].qualifier
            if values[0].countable and values[0].rank is not None:
                if indicator.type == ValueType.SHARE:
                    cell.number = float(values[0].rank)
                else:
                    cell.integer = int(values[0].rank)
        doubts = [disputed(self.facets, each.record, day) for each in found]
        # One undisputed facet is enough to say that there is one.
        if all(doubts) if boolean else any(doubts):
            cell.state = CellState.DISPUTED
        for each in found:
            for record in (each.record, *each.tied):
                self._prove(cell, record, day)
        return cell

    def _prove(self, cell: Cell, record: FacetRecord | Binding, day: date) -> None:
        """Add what proves a facet or binding."""
        if isinstance(record, Binding):
            cell.add(of_binding(record))
            return
        for evidence in of_facet(self.facets, record, day):
            cell.add(evidence)

    # --- counts, dates --------------------------------------------------------------------------

    def _count(self, code: str, rule: Rule, day: date, steps: list[str]) -> Cell:
        """Count the indicators that are true; parts that nobody surveyed give bounds."""
        cells = {id_: self.at(code, id_, day) for id_ in rule.count}
        yes = [id_ for id_, c in cells.items() if c.holds and c.state != CellState.GENERAL_LAW]
        open_ = [id_ for id_, c in cells.items() if c.state == CellState.NOT_SURVEYED]
        for id_, cell in cells.items():
            steps.append(f"{id_} is {cell.state}: {1 if id_ in yes else 0}")
        counted = Cell(CellState.CODED, integer=len(yes))
        if len(open_) == len(cells):
            counted = Cell(CellState.NOT_SURVEYED)
        elif open_:
            bounds = f"{len(yes)}-{len(yes) + len(open_)}"
            counted = Cell(CellState.NOT_SURVEYED, qualifier=bounds)
        for id_ in cells:
            for evidence in cells[id_].evidence:
                counted.add(evidence)
        return counted

    def _since(self, code: str, id_: str, day: date, steps: list[str]) -> Cell:
        """The first day of the stretch on which an indicator has been coded without a break."""
        now = self.at(code, id_, day)
        steps.append(f"{id_} is {now.state}")
        if now.state not in (CellState.CODED, CellState.DISPUTED) or not now.holds:
            known = now.state not in (CellState.NOT_SURVEYED,)
            state = CellState.NOT_APPLICABLE if known else CellState.NOT_SURVEYED
            return Cell(state, evidence=now.evidence if known else [])
        start: Piece | None = None
        for piece in self.pieces(code, id_):
            if piece.span.start > day:
                break
            coded = piece.cell.state in (CellState.CODED, CellState.DISPUTED) and piece.cell.holds
            start = (start or piece) if coded else None
        assert start is not None
        first = start.span.start
        steps.append(f"coded without a break since {first}")
        cell = Cell(
            now.state, text=first.isoformat(), evidence=list(start.cell.evidence), via=now.via
        )
        if self._uncoded_before(start.cell, first):
            steps.append("the provision existed before its first coded version")
            cell.qualifier = "or_earlier"
        return cell

    def _uncoded_before(self, cell: Cell, first: date) -> bool:
        """Tell whether a provision that proves a cell existed before its first coded version."""
        for evidence in cell.evidence:
            if evidence.kind == EvidenceKind.PROVISION and evidence.version == first.isoformat():
                law, provision = self.facets.places[evidence.id]
                versions = self.facets.held[evidence.id]
                opens = next((h.interval.start for h in versions if h.interval), None)
                if opens == first and self.facets.timelines[law.id].earlier_uncoded(provision):
                    return True
        return False


_KINDS = {schema: source.value for source, schema in SOURCES.items()}


def _kind(record: Record) -> str:
    """The kind of facet of a record, as a rule names it."""
    return _KINDS.get(type(record), "")


def _name(record: FacetRecord | Binding) -> str:
    """How a step calls a record."""
    return record.id if isinstance(record, FacetRecord) else record.treaty


def _best(rule: Rule, values: Sequence[tuple[Value, Found]]) -> tuple[Value, list[Found]]:
    """The largest or smallest of values, and the facets that say it."""
    ranked = [(value.rank, value, found) for value, found in values if value.rank is not None]
    rank = (max if rule.take == Take.MAX else min)(rank for rank, _, _ in ranked)
    return (
        next(value for other, value, _ in ranked if other == rank),
        [found for other, _, found in ranked if other == rank],
    )


def _settled(rule: Rule, values: Sequence[tuple[Value, Found]]) -> bool:
    """Tell whether nothing that was not read can change what is taken."""
    return any(
        (rule.take == Take.MAX and value.qualifier in TOP)
        or (rule.take == Take.MIN and value.rank == 0)
        for value, _ in values
    )


def _said(conditions: Sequence[PathMatch]) -> str:
    """Conditions in words."""
    return " and ".join(f"{m.path} {' or '.join(m.values)}" for m in conditions) or "anything"


def _has_paths(record: Record, conditions: Sequence[PathMatch]) -> bool:
    """Tell whether a facet is of a kind that has the paths of conditions."""
    return all(leads_somewhere(type(record), match.path) for match in conditions)
