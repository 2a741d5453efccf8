"""Writes `data-quality.md`: how reliable the coding is, by a second coder's reading of a sample.

Run by `make docs`; a test checks that the file says what the two codings give.
"""

from __future__ import annotations

import re
import textwrap
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from seed.adjudication import Decision, Settled, read_adjudication
from seed.agreement import RESAMPLES, Comparison, Results, compare, results
from seed.dataset import default_data, load
from seed.facets import Facets
from seed.judgments import COMPARED, PENALTY
from seed.kappa import Agreement
from seed.rounds import coding_today, read_round

PAGE = Path(__file__).parent / "data-quality.md"

WIDTH = 118
"""Columns of the page's prose."""

ENOUGH = 0.85
"""Kappa from which a kind of facet is called reliable on this page."""

METHOD = """# How reliable the coding is

A first coder codes every provision. A second coder coded a random sample of the same versions
again, from the sources and the codebook alone, without seeing the first coding. This page is made
by `make docs` from both codings (`seed/second`); `lexcompare seed agreement` prints the same
numbers.

## Sample

Drawn on {day}: every version whose SHA-256 hash (of `{seed}:` and the version's id) is divisible
by {every}, so that anyone can draw it again. That gave {drawn} of {all} coded versions: {places}.
The second coder could read {read} of them; the others, whose
text of that day was not within reach ({unread}), are left out.

Neither coder had seen the other's work, but both were trained on the same codebook: an error that
the codebook itself invites is made by both, and agreement says nothing about it. Three other
sources of error are out of its sight too: which provisions were chosen, the dates of versions,
and the state of a text on a day (both read the same sources).

## Method

* **Pairing.** In every version the facets of both codings are paired one to one within their
  kind, the most alike with each other: by chief word (the conduct of an offence, the kind of a
  power), place in the provision, then all else. As likeness decides who is compared with whom,
  the agreement on coded fields errs a little on the high side.
* **Found.** Whether a coder found a facet at all is an item of its own: a facet left without
  partner is a disagreement, a version in which neither found one of the kind an agreement.
* **Coded.** Paired facets are compared field by field. Penalty cases are paired in the same way
  within paired facets, and are a kind of their own. Terms and money are compared by value (`12m`
  is `1y`), deadlines in hours or months, provisions that a rule applies to by section.
* **Measure.** Percent of decisions that are the same, and Cohen's kappa, which takes off what
  chance would give. Where nothing counts as an agreement of two coders who both found nothing
  (penalty cases), kappa of `found` says little, and the percentage more. Several words in one
  field are compared as a set, with the MASI distance: most words never come into question, and
  counting them one by one as agreements would flatter. Kinds, jurisdictions and the whole are
  pooled kappas: observed and expected disagreement are averaged over all items first, each
  keeping its own chance. The interval is a bootstrap
  over versions ({resamples} draws); where there are few versions it lies low and says little.
* **Left out**, as they name things rather than judge them or come from lists that the second
  coder could not see: numbers and notes of facets, terms of definitions, authorities, references
  between facets other than `applies_to`. Fields that say null for "not coded" (`attempt`,
  `entity_liable`, `designated`, …) are compared where both coded them, and penalties of a breach
  where both repeated them; the last column of the field table counts the others.
"""


def render() -> str:
    """Return the page."""
    made = read_round(1)
    sample, second = made.sample, made.second
    comparison = compare(made.first, second, sample.versions)
    before = results(comparison, sample, RESAMPLES)
    today = coding_today(Facets(load(default_data())), sample.versions)
    after = results(compare(today, second, sample.versions), sample)
    places = Counter(sample.versions.values())
    reasons = Counter(code.split("-")[0] for v in before.unread for code in [sample.versions[v]])
    parts = [
        _filled(
            METHOD.format(
                day=sample.drawn_on,
                seed=sample.seed,
                every=sample.every,
                drawn=len(sample.versions),
                all=sample.drawn_from,
                places=_counted(places),
                read=before.versions,
                unread=_counted(reasons),
                resamples=RESAMPLES,
            )
        ),
        *_kinds(before, after),
        *_fields(before, after),
        *_jurisdictions(before, after),
        *_settled(comparison, read_adjudication(1)),
    ]
    return "\n".join(parts) + "\n"


def _filled(text: str) -> str:
    """Prose in lines of the page's width; headings and list items keep their own."""
    blocks = []
    for block in text.strip().split("\n\n"):
        items = re.split(r"\n(?=\* )", block)
        blocks.append("\n".join(_item(" ".join(item.split())) for item in items))
    return "\n\n".join(blocks) + "\n"


def _item(text: str) -> str:
    indent = "  " if text.startswith("* ") else ""
    return textwrap.fill(
        text, WIDTH, subsequent_indent=indent, break_long_words=False, break_on_hyphens=False
    )


def _counted(counts: Mapping[str, int]) -> str:
    """Counts in words, most first."""
    ordered = sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))
    return ", ".join(f"{name} {count}" for name, count in ordered)


def _table(columns: Iterable[str], rows: Iterable[Iterable[str]]) -> Iterator[str]:
    """Write a Markdown table."""
    names = list(columns)
    yield "| " + " | ".join(names) + " |"
    yield "| --- |" + " ---: |" * (len(names) - 1)
    for row in rows:
        yield "| " + " | ".join(row) + " |"
    yield ""


def percent(found: Agreement) -> str:
    """Percent agreement as the tables show it."""
    return "" if found.percent is None else f"{found.percent:.1f}"


def kappa(found: Agreement) -> str:
    """Kappa as the tables show it; a dash where chance alone would give full agreement."""
    return "–" if found.kappa is None else f"{found.kappa:.3f}"


def _interval(found: Agreement) -> str:
    """The 95 % interval."""
    if found.low is None or found.high is None:
        return "–"
    return f"{found.low:.3f} to {found.high:.3f}"


def _kinds(before: Results, after: Results) -> Iterator[str]:
    """The main table, and what it says in words."""
    yield "## Agreement by kind of facet\n"
    yield _filled("""
        *Before*: the two codings as they were made, which is the measure of reliability. *After*:
        the second coding against today's dataset, in which what the comparison showed to be wrong
        is corrected; where the second coder was wrong, or a rule was missing, it stays below one.
        """)
    columns = [
        "kind",
        "decisions",
        "found κ",
        "coded %",
        "coded κ",
        "both %",
        "**κ before**",
        "95 %",
        "κ after",
    ]
    rows = [
        [
            kind,
            str(all_.units),
            kappa(before.found[kind]) if kind != PENALTY else "",
            percent(before.coded[kind]),
            kappa(before.coded[kind]),
            percent(all_),
            f"**{kappa(all_)}**",
            _interval(all_),
            kappa(after.kinds[kind]),
        ]
        for kind, all_ in before.kinds.items()
    ]
    whole = before.overall
    numbers = [percent(whole), f"**{kappa(whole)}**", _interval(whole), kappa(after.overall)]
    rows.append(["**all**", str(whole.units), "", "", "", *numbers])
    yield from _table(columns, rows)
    reached = [k for k, v in before.kinds.items() if v.kappa is not None and v.kappa >= ENOUGH]
    below = [k for k, v in before.kinds.items() if v.kappa is not None and v.kappa < ENOUGH]
    yield _filled(
        f"Kappa of {ENOUGH} or more was reached for: {', '.join(reached) or 'none'}. It was "
        f"**not** reached for: {', '.join(below) or 'none'}. Over all kinds it "
        f"{_verdict(before.overall)} {ENOUGH}."
    )
    alike = [k for k in below if (before.coded[k].kappa or 0) >= ENOUGH]
    if alike:
        yield _filled(
            f"In {', '.join(alike)} what both coders found they coded alike ({ENOUGH} or more); "
            "they differ in what is worth a facet of its own. That is a matter of how complete the "
            "dataset is, and of rules on granularity, more than of reading the law differently."
        )


def _verdict(found: Agreement) -> str:
    """Whether the whole reaches the threshold."""
    return "reaches" if (found.kappa or 0) >= ENOUGH else "stays below"


def _fields(before: Results, after: Results) -> Iterator[str]:
    """The table of fields."""
    yield "## Agreement by field\n"
    yield "A dash stands where both coders always said the same one value: kappa is not defined.\n"
    rows = [
        [
            f"`{name}`",
            str(found.units),
            percent(found),
            kappa(found),
            kappa(after.fields[name]) if name in after.fields else "",
            str(before.one_sided.get(name, "")),
        ]
        for name, found in before.fields.items()
    ]
    yield from _table(
        ["item", "decisions", "same %", "κ before", "κ after", "coded by one only"], rows
    )


def _jurisdictions(before: Results, after: Results) -> Iterator[str]:
    """The table of jurisdictions."""
    yield "## Agreement by jurisdiction\n"
    rows = [
        [
            code,
            str(found.units),
            percent(found),
            kappa(found),
            _interval(found),
            kappa(after.jurisdictions[code]),
        ]
        for code, found in before.jurisdictions.items()
    ]
    yield from _table(["jurisdiction", "decisions", "same %", "κ before", "95 %", "κ after"], rows)


_DECISIONS = {
    Decision.FIRST: "the first coder was right",
    Decision.SECOND: "the second coder was right",
    Decision.BOTH: "both readings are defensible; the codebook's rule decides",
    Decision.NEITHER: "neither was right",
}


def _settled(comparison: Comparison, adjudication: list[Settled]) -> Iterator[str]:
    """What became of the disagreements."""
    disagreements = [d for d in comparison.decisions if d.first != d.second]
    yield "## What was settled\n"
    yield _filled(f"""
        The codings differ in {len(disagreements)} decisions. {len(adjudication)} were settled,
        against the text where the law was in question and by the codebook where its words were
        (`seed/second/adjudication.yaml` has each with its reason); the rest is still open. One
        reader settled them, who saw both codings and knew which was which.
        """)
    counts = Counter(settled.decision for settled in adjudication)
    fixed = Counter(settled.decision for settled in adjudication if settled.fixed)
    yield from _table(
        ["decision", "disagreements", "dataset corrected"],
        ([words, str(counts[d]), str(fixed[d])] for d, words in _DECISIONS.items()),
    )
    kinds = [str(kind) for kind in COMPARED]
    by_kind = {kind: [d for d in disagreements if d.kind == kind] for kind in kinds}
    done = Counter(settled.kind for settled in adjudication)
    yield from _table(
        ["kind", "disagreements", "settled", "first right", "second right", "both", "neither"],
        (
            [kind, str(len(group)), str(done[kind])]
            + [
                str(sum(s.kind == kind and s.decision == d for s in adjudication))
                for d in _DECISIONS
            ]
            for kind, group in by_kind.items()
            if group
        ),
    )
    yield _filled("""
        Where the first coding was wrong, its siblings (the same provision at other times, the same
        mistake in other laws) were corrected with it. Questions that the codebook left open are
        answered in [codebook-decisions.md](codebook-decisions.md).
        """).rstrip()


if __name__ == "__main__":
    PAGE.write_text(render(), encoding="utf-8")
