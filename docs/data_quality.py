"""Writes `data-quality.md`: how reliable the coding is, by a second coding of random samples.

Run by `make docs`; a test checks that the file says what the codings give.
"""

from __future__ import annotations

import re
import textwrap
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from pathlib import Path

from seed import agreement as agreed
from seed.adjudication import Decision, Settled, read_adjudication
from seed.agreement import RESAMPLES, Comparison, Results, compare, results
from seed.dataset import default_data, load
from seed.facets import Facets
from seed.judgments import COMPARED, PENALTY
from seed.kappa import Agreement, agreement
from seed.rounds import Round, coding_today, read_round, rounds, still_coded, untouched

PAGE = Path(__file__).parent / "data-quality.md"

WIDTH = 118
"""Columns of the page's prose."""

ENOUGH = 0.85
"""Kappa from which a kind of facet is called reliable on this page."""

GONE_OVER = 4
"""Round before which the coding was gone over by the codebook of today."""

INTRODUCTION = """# How reliable the coding is

A first coder codes every provision. Second coders coded random samples of the same versions again,
from the sources and the codebook alone, without seeing the first coding. This page is made by
`make docs` from both codings (`seed/second`); `lexcompare seed agreement` prints the same numbers,
`--round 1` those of the first round.

## The result

Cohen's kappa of the codings as they were made, before anything was corrected, with its 95 %
interval:
"""

EVENTS = """## What was done, in order

1. **Round 1 was the pilot.** A random fifth of the coded versions was coded again by coders who had
the codebook as it then was. Kappa was {}, before any correction.

2. **It showed where the codebook lacked rules.** The disagreements were settled, what was wrong in
the dataset was corrected, together with its siblings (the same provision at other times, the same
mistake in other laws), and the missing rules were written down: they stand under the facets in
[curating.md](curating.md).

3. **Round 2 was drawn anew** from the versions that round 1 had not drawn, and coded by other
second coders, who had these rules. They were compared with the dataset as round 1 had corrected
it; the rest of the first coding is older than the rules. Kappa was {}, before any correction.

4. **Round 3 was drawn from provisions that were new to the study**, after round 2 had been settled
in the same way, and coded by again other second coders, who had the codebook with the rules of
both rounds, and less time and means to find texts. The first coding of these provisions had not
been gone over again. Kappa was {}, before any correction.

5. **Then the codebook was sharpened and the coding gone over again.** The rounds had differed most
over which definitions, powers and duties are worth a facet. The codebook now says which definitions
are coded (of material, children, services and relationships; those of persons, acts and authorities
are no longer, and stand in summaries), has coders go through the kinds of powers, says how
treaties are coded, and how each legal order writes its penalties. Then readers went
through the provisions that no round had drawn, each against its text, and made the coding say what
these rules ask for, before anything was drawn.

6. **Round 4 was drawn from these provisions**, and coded by again other second coders, who had
that codebook and the texts. Kappa was {}, before any correction.

Rounds 1 to 3 tell how reliable the coding was as it had first been made, and round 4 how reliable
it is when the codebook of today is applied with care. Samples and coders differ as well, so what
differs between the rounds is not the work of the rules alone.

## What it cannot show

No second coder had seen the first coding (but see [round 2](#round-2)), yet all were trained on the
same codebook: an error that the codebook itself invites is made by both, and agreement says nothing
about it. Three other sources of error are out of its sight too: which provisions were chosen, the
dates of versions, and the state of a text on a day (both read the same sources).

"""

METHOD = """## Method

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
* **Before** is the two codings as they were made, which is the measure of reliability; **after** is
  the second coding against today's dataset, in which what the comparison showed to be wrong is
  corrected, without definitions of classes that are coded no longer. Where the second coder was
  wrong, or a rule was missing, it stays below one.
* **Settled** were disagreements afterwards, against the text where the law was in question and by
  the codebook where its words were: in round 1 by one reader, later by several, all of whom saw
  both codings and knew which was which. `adjudication.yaml` of a round has each with its reason.

In the tables a dash stands where both coders always said the same one value: kappa is not defined.
"""

NOTES = {
    2: """One of the coders reported a search for headings in one file of the dataset, that of the
        authorities, which printed nothing, and listings of folders; authorities are left out of the
        comparison. Which codings rest on a text that could be read only in part, the coders said in
        their reports alone: these are compared like the others.""",
    3: """The coders took the texts that could be read without asking for many pages one by one;
        most of those of the United Kingdom could not. The articles of the Convention against
        Cybercrime were read in Arabic.""",
    4: """The first coding of these provisions is the one that was gone over by the codebook: by
        readers who saw it and the texts, and neither this sample nor its second coding. Which
        codings rest on a text that could be read only in part, or in another state, the coders said
        in their reports alone: these are compared like the others.""",
}
"""What a reader has to know of a round, besides its sample."""


@dataclass(frozen=True)
class Seen:
    """What the page says of a round."""

    made: Round
    comparison: Comparison
    before: Results
    after: Results
    new: list[agreed.Decision]
    """Decisions on versions whose coding neither an earlier round nor the codebook touched."""
    untouched: Agreement
    """Kappa over these."""
    touched: int
    """Versions compared that are not among these."""
    settled: list[Settled]


def see(number: int, today: Facets) -> Seen:
    """Compare the codings of a round, as they were made and with the dataset of today."""
    made = read_round(number)
    versions = made.sample.versions
    comparison = compare(made.first, made.second, versions)
    versions_new = untouched(made)
    decisions = [d for d in comparison.decisions if d.version in versions_new]
    return Seen(
        made=made,
        comparison=comparison,
        before=results(comparison, made.sample, RESAMPLES),
        after=results(
            compare(coding_today(today, versions), still_coded(made.second), versions), made.sample
        ),
        new=decisions,
        untouched=agreement(decisions, RESAMPLES),
        touched=len({d.version for d in comparison.decisions} - versions_new),
        settled=read_adjudication(number),
    )


def render() -> str:
    """Return the page."""
    today = Facets(load(default_data()))
    seen = [see(number, today) for number in rounds()]
    parts = [
        _filled(INTRODUCTION),
        *_headline(seen),
        _filled(EVENTS.format(*(kappa(one.before.overall) for one in seen))),
        _filled(METHOD.format(resamples=RESAMPLES)),
        *(part for one in seen for part in _round(one)),
    ]
    return "\n".join(parts).rstrip() + "\n"


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


def _headline(seen: Sequence[Seen]) -> Iterator[str]:
    """The main table, and what it says in words."""
    numbers = [one.made.number for one in seen]
    columns = [f"{name} {n}" for n in numbers for name in ("**κ**", "95 %")]
    rows = [
        [kind, *(cell for one in seen for cell in _measured(one.before.kinds[kind]))]
        for kind in seen[-1].before.kinds
    ]
    rows.append(["**all**", *(cell for one in seen for cell in _measured(one.before.overall))])
    new = [_measured(one.untouched) if one.touched else ["", ""] for one in seen]
    rows.append(["all, untouched", *chain.from_iterable(new)])
    rows.append(
        ["decisions", *(cell for one in seen for cell in (str(one.before.overall.units), ""))]
    )
    yield from _table(["kind", *columns], rows)
    for one in reversed(seen):
        yield _filled(_in_words(one))
    yield _filled(f"""
        *Untouched* are versions of provisions that no earlier round drew at another time and whose
        coding the codebook does not tell. {" ".join(_touched(one) for one in seen if one.touched)}
        """)
    first = [one for one in seen if one.made.number < GONE_OVER]
    whole = agreement([d for one in first for d in one.new], RESAMPLES)
    yield _filled(f"""
        **Rounds 1 to {len(first)} taken together**, their untouched versions ({whole.units:,}
        decisions) give a kappa of {kappa(whole)} ({_interval(whole)}): the best estimate of how
        reliable the coding was before it was gone over.
        """)


def _measured(found: Agreement) -> list[str]:
    return [f"**{kappa(found)}**", _interval(found)]


def _in_words(one: Seen) -> str:
    """Which kinds reach the threshold."""
    kinds = {k: v for k, v in one.before.kinds.items() if v.kappa is not None}
    reached = [k for k, v in kinds.items() if (v.kappa or 0) >= ENOUGH]
    below = [k for k in kinds if k not in reached]
    said = (
        f"**Round {one.made.number}**: kappa of {ENOUGH} or more was reached for "
        f"{', '.join(reached) or 'none'}; it was **not** reached for "
        f"{', '.join(below) or 'none'}. Over all kinds it {_verdict(one.before.overall)}."
    )
    alike = [k for k in below if (one.before.coded[k].kappa or 0) >= ENOUGH]
    if alike:
        said += (
            f" In {', '.join(alike)} what both coders found they coded alike ({ENOUGH} or more); "
            "they differ in what is worth a facet of its own: a matter of how complete the dataset "
            "is, and of rules on granularity, more than of reading the law differently."
        )
    return said


def _touched(one: Seen) -> str:
    """How much of the result rests on versions that were not new to the study."""
    return (
        f"In round {one.made.number}, {one.touched} of {one.before.versions} versions are not: the "
        "first coding of their provisions may have been corrected by round 1, or the second coders "
        "could read it in the rules and examples of the codebook. Without them kappa is "
        f"{kappa(one.untouched)} and {_verdict(one.untouched)}: the cautious number, which owes "
        f"nothing to what was known beforehand."
    )


def _verdict(found: Agreement) -> str:
    """Whether a whole reaches the threshold."""
    return f"{'reaches' if (found.kappa or 0) >= ENOUGH else 'stays below'} {ENOUGH}"


def _round(one: Seen) -> Iterator[str]:
    """The section of a round."""
    yield f"## Round {one.made.number}\n"
    yield _filled(_sample(one))
    if note := NOTES.get(one.made.number):
        yield _filled(note)
    yield from _kinds(one.before, one.after)
    yield from _fields(one.before, one.after)
    yield from _jurisdictions(one.before, one.after)
    yield from _settled(one.comparison, one.settled)


def _sample(one: Seen) -> str:
    """How a sample was drawn, and what it holds."""
    sample, read = one.made.sample, one.before.versions
    left = f" that round {sample.after} does not draw and" if sample.after else ""
    if sample.new:
        left = " of a provision that no earlier round drew and the codebook does not tell,"
    places = Counter(sample.versions.values())
    unread = Counter(sample.versions[version].split("-")[0] for version in one.before.unread)
    return f"""
        Drawn on {sample.drawn_on}: every version{left} whose SHA-256 hash (of `{sample.seed}:` and
        the version's id) is divisible by {sample.every}, so that anyone can draw it again. That
        gave {len(sample.versions)} of {sample.drawn_from} coded versions: {_counted(places)}. The
        second coders could read {read} of them; the others, whose text of that day was not within
        reach ({_counted(unread)}), are left out.
        """


def _kinds(before: Results, after: Results) -> Iterator[str]:
    """The table of kinds: what was found, and what of it was coded alike."""
    yield "### By kind of facet\n"
    columns = ["found κ", "coded %", "coded κ", "both %", "**κ before**", "κ after"]
    rows = [
        [
            kind,
            kappa(before.found[kind]) if kind != PENALTY else "",
            percent(before.coded[kind]),
            kappa(before.coded[kind]),
            percent(all_),
            f"**{kappa(all_)}**",
            kappa(after.kinds[kind]),
        ]
        for kind, all_ in before.kinds.items()
    ]
    whole = before.overall
    rows.append(
        ["**all**", "", "", "", percent(whole), f"**{kappa(whole)}**", kappa(after.overall)]
    )
    yield from _table(["kind", *columns], rows)


def _fields(before: Results, after: Results) -> Iterator[str]:
    """The table of fields."""
    yield "### By field\n"
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
    yield "### By jurisdiction\n"
    rows = [
        [
            code,
            str(found.units),
            percent(found),
            kappa(found),
            _interval(found),
            kappa(after.jurisdictions[code]) if code in after.jurisdictions else "",
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
    yield "### What was settled\n"
    open_ = len(disagreements) - len(adjudication)
    yield _filled(f"""
        The codings differ in {len(disagreements)} decisions: {len(adjudication) or "none"} of them
        settled, {open_ or "none"} still open.
        """)
    if not adjudication:
        return
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


if __name__ == "__main__":
    PAGE.write_text(render(), encoding="utf-8")
