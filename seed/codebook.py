"""The codebook: indicators with their rules written out, checked and put into words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from models.collection import FACET_RECORDS
from models.indicator import PathMatch, Rule, RuleSource, Take, ValueType
from models.jurisdiction import Binding
from models.record import Record
from models.vocabulary import FacetKind
from seed.documents import IndicatorEntry
from seed.rules import leads_somewhere, leads_to_numbers

SOURCES: dict[RuleSource, type[Record]] = {
    source: FACET_RECORDS[FacetKind[source.name]]
    for source in RuleSource
    if source != RuleSource.BINDING
}
SOURCES[RuleSource.BINDING] = Binding
"""The record schema behind each thing that a rule reads."""


class Codebook:
    """Rules of indicators, with what they take from each other written out."""

    def __init__(self, indicators: Mapping[str, IndicatorEntry]) -> None:
        """Read from the entries of the dataset."""
        self.indicators = indicators
        self._rules: dict[str, Rule] = {}

    def rule(self, id_: str) -> Rule:
        """Return an indicator's rule with everything that `like` stands for."""
        if id_ not in self._rules:
            self._rules[id_] = self._expand(self.indicators[id_].derive)
        return self._rules[id_]

    def _expand(self, rule: Rule) -> Rule:
        if rule.like is None:
            return rule
        base = self.rule(rule.like)
        said = {
            name: getattr(rule, name)
            for name in rule.model_fields_set
            if name not in ("like", "where")
        }
        replaced = {match.path: match for match in rule.where}
        where = [replaced.pop(match.path, match) for match in base.where]
        return base.model_copy(update={**said, "where": [*where, *replaced.values()]})

    def builds_on(self, id_: str) -> Iterator[str]:
        """Indicators that an indicator's rule names."""
        rule = self.indicators[id_].derive
        yield from filter(None, (rule.like, rule.needs, rule.since))
        yield from rule.count

    def problems(self, id_: str) -> Iterator[tuple[str, str]]:
        """Yield what keeps a rule from being evaluated: the key of the rule, and why."""
        indicator, rule = self.indicators[id_], self.rule(id_)
        if rule.count or rule.since is not None:
            wanted = ValueType.INTEGER if rule.count else ValueType.DATE
            if indicator.type != wanted:
                yield "count" if rule.count else "since", f"this gives a value of type {wanted}"
            return
        asked = [("where", rule.where, rule.of)]
        asked.append(("else", rule.otherwise, rule.otherwise_of or rule.of))
        for key, conditions, of in asked:
            for match in conditions:
                for source in of:
                    if not leads_somewhere(SOURCES[source], match.path):
                        yield key, f"{a(source)} has no {match.path!r}"
        read = list(dict.fromkeys([*rule.of, *rule.otherwise_of]))
        for key, path in (("path", rule.path), ("qualifier", rule.qualifier)):
            if path is not None and not all(leads_somewhere(SOURCES[s], path) for s in read):
                yield key, f"not every {' or '.join(read)} has {path!r}"
        if rule.take == Take.NOT_STATED:
            yield "take", "the rule does not say how the value is taken"
        elif (rule.take == Take.ANY) != (indicator.type == ValueType.BOOLEAN):
            yield "take", f"`{rule.take}` does not give a value of type {indicator.type}"
        elif (rule.take == Take.SET) != (indicator.type == ValueType.CODES):
            yield "take", f"`{rule.take}` does not give a value of type {indicator.type}"
        elif rule.take != Take.ANY and rule.path is None:
            yield "take", f"`{rule.take}` needs a `path`"
        elif rule.take in (Take.MAX, Take.MIN) and rule.path is not None:
            for source in read:
                if not leads_to_numbers(SOURCES[source], rule.path):
                    yield "path", f"{rule.path!r} of {a(source)} holds no numbers to compare"

    def words(self, id_: str) -> str:
        """Return a rule in words."""
        rule = self.rule(id_)
        if rule.count:
            return f"How many of these hold: {', '.join(rule.count)}."
        if rule.since is not None:
            return f"The first day since which {rule.since} has been coded without a break."
        text = f"Among the {_kinds(rule.of)} in force"
        if rule.where:
            text += f" with {_said(rule.where)}"
        text += _through(rule.through)
        taken = {
            Take.ANY: "whether there is one",
            Take.MAX: f"the largest {rule.path}",
            Take.MIN: f"the smallest {rule.path}",
            Take.SET: f"every {rule.path}",
        }
        text += f": {taken[rule.take]}"
        if rule.case:
            text += f" (penalty case: {_said(rule.case)})"
        if rule.qualifier:
            text += f"; without a number, {rule.qualifier}"
        if rule.default:
            text += f"; {', '.join(rule.default)} where it holds nothing"
        if rule.otherwise:
            text += ". Failing that, the general law: "
            text += f"{_kinds(rule.otherwise_of)} with " if rule.otherwise_of else ""
            text += _said(rule.otherwise) + _through(rule.otherwise_through)
        if rule.needs:
            text += f". Applies only where {rule.needs} holds"
        return text + "."


def a(word: str) -> str:
    """A word with its article."""
    return f"{'an' if word[0] in 'aeiou' else 'a'} {word}"


def _kinds(sources: list[RuleSource]) -> str:
    """What is read, in words."""
    return " or ".join(source.meaning.partition(";")[0] for source in sources)


def _through(conditions: list[PathMatch]) -> str:
    """What must be covered, in words."""
    return f", covering an offence, duty or power with {_said(conditions)}" if conditions else ""


def _said(conditions: list[PathMatch]) -> str:
    """Conditions in words."""
    return ", ".join(f"{m.path} = {' or '.join(m.values)}" for m in conditions)
