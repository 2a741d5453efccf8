"""Writes the beginning of a law's file: the keys in order, and what goes where.

Nothing is made up: what a person has to read stays empty, and `seed check` names each such place.
"""

from __future__ import annotations

import json
import re
from datetime import date
from pathlib import Path
from typing import get_args

from models.record import Slug
from models.vocabulary import JurisdictionKind, LawKind
from seed.documents import JurisdictionEntry, JurisdictionsFile
from seed.mistakes import nearest
from seed.reader import read_yaml
from seed.shapes import validate

FILL_IN = "fill in"
"""Marks each place that a person has to fill in."""

_SLUG = re.compile(str(get_args(Slug)[1].pattern))


class ScaffoldError(Exception):
    """The law cannot be begun so: says why, and what comes nearest."""

    def __init__(self, argument: str, message: str) -> None:
        """Name the argument that does not fit."""
        self.argument = argument
        super().__init__(message)


def begin(
    folder: Path,
    code: str,
    law: str,
    *,
    kind: LawKind = LawKind.ACT,
    title: str | None = None,
    year: int | None = None,
    today: date | None = None,
) -> Path:
    """Write the file of a new law into a dataset and return its path.

    Raises `ScaffoldError` where the names do not fit or the law is there already, `SeedError` where
    `jurisdictions.yaml` cannot be read.
    """
    path = folder / "jurisdictions.yaml"
    listed = validate(read_yaml(path, path.as_posix()), JurisdictionsFile).jurisdictions
    places = {entry.id: entry for entry in listed}
    place = _place(places, code)
    if not _SLUG.match(law):
        said = re.sub(r"[^a-z0-9]+", "-", law.lower()).strip("-")
        raise ScaffoldError("law", f"small letters and digits, joined by hyphens, such as {said}")
    room = _room(folder, places, code)
    prefix = f"{room.name.lower()}-"
    if kind != LawKind.TREATY and not law.startswith(prefix):
        said = f"the id of a law in the folder {room.name} begins with {prefix}"
        raise ScaffoldError("law", f"{said}: {prefix}{law}")
    _refuse_existing(folder, law)
    target = room / f"{law}.yaml"
    text = law_text(place, law, kind, title, year or _year(law), today or date.today())
    room.mkdir(parents=True, exist_ok=True)
    with target.open("x", encoding="utf-8") as file:
        file.write(text)
    return target


def _place(places: dict[str, JurisdictionEntry], code: str) -> JurisdictionEntry:
    """Return a jurisdiction that is listed."""
    if code in places:
        return places[code]
    also = (id_ for id_, entry in places.items() if code in entry.aliases)
    near = next(also, None) or nearest(code, places)
    hint = f"; did you mean {near!r}?" if near else "; list it in jurisdictions.yaml first"
    raise ScaffoldError("jurisdiction", f"no such jurisdiction: {code!r}{hint}")


def _room(folder: Path, places: dict[str, JurisdictionEntry], code: str) -> Path:
    """Return the folder of a jurisdiction's laws: its own, or that of what it is part of."""
    own = folder / "laws" / code
    parent = places[code].parent
    if own.is_dir() or parent is None or parent not in places:
        return own
    return _room(folder, places, parent)


def _year(law: str) -> int | None:
    """The year with which an id ends."""
    match = re.search(r"-(1\d{3}|20\d{2})$", law)
    return int(match[1]) if match else None


def _refuse_existing(folder: Path, law: str) -> None:
    """Refuse a law that some file holds already, alone or among others."""
    said = re.compile(rf"""^\s*(-\s+)?\{{?id:\s*['"]?{re.escape(law)}['"]?\s*([,}}#]|$)""", re.M)
    for path in sorted(folder.glob("laws/*/*.yaml")):
        if path.stem == law or said.search(path.read_text(encoding="utf-8")):
            raise ScaffoldError("law", f"{law} is there already: {path}")


def law_text(
    place: JurisdictionEntry,
    law: str,
    kind: LawKind,
    title: str | None,
    year: int | None,
    day: date,
) -> str:
    """Return the text of a new law's file."""
    cited = json.dumps(title, ensure_ascii=False) if title else f"# {FILL_IN}: as it is cited today"
    direct = place.kind == JurisdictionKind.SUPRANATIONAL and kind == LawKind.REGULATION
    bill = kind == LawKind.BILL
    step = "introduced" if bill else "commencement"
    done = "introduces" if bill else "commences"
    which = (
        "the day the bill was introduced"
        if bill
        else "the day it came into force, not that of assent or publication"
    )
    lines = [
        f"id: {law}",
        f"title: {cited}",
        f"kind: {kind}",
        "# number: Act 1 of 2000 # as cited",
        f"year: {year}" if year else "# year: 2000 # of its number or making",
        f"# akn_uri: /akn/{place.id.lower()}/act/{year or 2000}/1 # kind, year and number",
        "# url: https://… # official address of its current text",
        f"extent: [{place.id}] # where it is law; a provision can say otherwise",
        *(["direct: true # it applies in the member states as it is"] if direct else []),
        "selected: true # only the provisions that bear on the subject are coded",
        "topics: [] # words of topics.yaml",
        f"summary: # {FILL_IN}: what it does, in your own words, in one to four sentences",
        "# note: what a reader should know, such as what was not read",
        "sources:",
        *_source(day, "text", "  "),
        "# What was done to it and by what, oldest first: introduces, passes, assents, publishes,",
        "# commences, then each amendment (by: the amending law). Effects carry all dates.",
        "effects:",
        f"  - id: {step}",
        f"    kind: {done}",
        f"    date: YYYY-MM-DD # {FILL_IN}: {which}",
        "    sources:",
        *_source(day, "date", "      "),
        *([_TO_COME] if bill else []),
    ]
    return "\n".join([*lines, _PROVISIONS.format(day=day.isoformat())])


def _source(day: date, supports: str, indent: str) -> list[str]:
    """A source that was read today; what and where stays open."""
    return [
        f"{indent}- url: # {FILL_IN}: the address to cite",
        f"{indent}  title: # {FILL_IN}",
        f"{indent}  kind: official # or consolidated (another publisher's text), secondary",
        f"{indent}  checked_on: {day.isoformat()}",
        f"{indent}  supports: [{supports}]",
        f"{indent}  # read_from: address of the copy, if it was read in one",
    ]


_TO_COME = "  - {id: commencement, kind: commences, outcome: pending} # should it become law"

_PROVISIONS = """\
# Its provisions in the order of the law: one without versions is an outline, named only. A version
# says what stood from one effect to the next; its facets are definitions, offences, sentencings,
# reaches, exceptions, duties, powers and obligations (docs/curating.md). Take the marks away
# to begin.
# provisions:
#   - eid: sec_1
#     number: "1"
#     heading: as printed
#     topics: []
#     versions:
#       - summary: what it says, in your own words
#         offences: []
#         sources:
#           - url: https://example.org/address-to-cite
#             title: what was read
#             kind: official
#             checked_on: {day}
"""
