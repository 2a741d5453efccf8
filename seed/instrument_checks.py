"""Checks of instruments: that every criterion can be computed from the codebook."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from models.indicator import ValueType
from models.instrument import CellCondition
from models.vocabulary import FacetKind
from seed.dataset import Dataset, Origin
from seed.documents import InstrumentEntry
from seed.mistakes import Mistake
from seed.reader import Trail

_WORDS = {ValueType.CODES, ValueType.DATE}
"""Types whose values are no numbers and no yes or no."""


def check_instruments(dataset: Dataset) -> Iterator[Mistake]:
    """Yield every mistake of the instruments that their shape alone does not show."""
    facets = _obligations(dataset)
    for id_, instrument in dataset.instruments.items():
        origin = dataset.origin("instruments", id_)
        yield from _binds(dataset, origin, instrument)
        yield from _threshold(origin, instrument)
        names = sorted(enumerate(c.id for c in instrument.criteria), key=lambda pair: pair[1])
        for (_, before), (at, name) in pairwise(names):
            if before == name:
                yield origin.mistake(("criteria", at, "id"), "this id stands already", name)
        for i, criterion in enumerate(instrument.criteria):
            at_: Trail = ("criteria", i)
            yield from origin.named(
                (*at_, "obligation"), "obligation", criterion.obligation, facets
            )
            for j, test in enumerate(criterion.tests):
                yield from _test(dataset, origin, (*at_, "tests", j), test)


def _binds(dataset: Dataset, origin: Origin, instrument: InstrumentEntry) -> Iterator[Mistake]:
    """Whom it binds is known, and said by an indicator that says yes or no."""
    bound = instrument.binds
    if bound is None:
        return
    yield from origin.named(("binds", "group"), "group", bound.group, dataset.groups)
    yield from origin.named(
        ("binds", "indicator"), "indicator", bound.indicator, dataset.indicators
    )
    if bound.indicator in dataset.indicators:
        kind = dataset.indicators[bound.indicator].type
        if kind != ValueType.BOOLEAN:
            yield origin.mistake(("binds", "indicator"), f"its value is {kind}", bound.indicator)


def _threshold(origin: Origin, instrument: InstrumentEntry) -> Iterator[Mistake]:
    most = sum(criterion.points for criterion in instrument.criteria)
    if instrument.sufficient_from is not None and instrument.sufficient_from > most:
        said = f"no law could be sufficient: the criteria give {most} points together"
        yield origin.mistake(("sufficient_from",), said, instrument.sufficient_from)


def _test(dataset: Dataset, origin: Origin, at: Trail, test: CellCondition) -> Iterator[Mistake]:
    """A test asks an indicator for what its type can say."""
    yield from origin.named((*at, "indicator"), "indicator", test.indicator, dataset.indicators)
    if test.indicator not in dataset.indicators:
        return
    kind = dataset.indicators[test.indicator].type
    for name in ("includes", "excludes"):
        if getattr(test, name) and kind != ValueType.CODES:
            yield origin.mistake((*at, name), f"a value of type {kind} is no set of words")
    for name in ("at_least", "at_most"):
        if getattr(test, name) is not None and kind in {*_WORDS, ValueType.BOOLEAN}:
            yield origin.mistake((*at, name), f"a value of type {kind} is no number")


def _obligations(dataset: Dataset) -> set[str]:
    """Ids of all obligations: the facets of this kind, whatever the version."""
    found: set[str] = set()
    for law in dataset.laws.values():
        for provision in law.provisions:
            for version in provision.versions:
                for facet in version.obligations:
                    name = f"{FacetKind.OBLIGATION}_{facet.number or 1}"
                    found.add(f"{law.id}~{provision.eid}~{name}")
    return found
