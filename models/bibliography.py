"""Bibliography: what is cited, written for reference managers and for the page.

BibTeX is plain `@misc`, which every style knows; RIS and CSL name what kind of law it is.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from models.release import ReleaseRecord
from models.vocabulary import LawKind

BIBTEX = "application/x-bibtex"
RIS = "application/x-research-info-systems"
CSL_JSON = "application/vnd.citationstyles.csl+json"

PUBLISHER = "Lexcompare contributors"
"""Whom citations of the dataset name as its author."""

_CSL_TYPES = {
    LawKind.BILL: "bill",
    LawKind.JUDGMENT: "legal_case",
    LawKind.TREATY: "treaty",
}
_RIS_TYPES = {LawKind.BILL: "BILL", LawKind.JUDGMENT: "CASE"}

_MONTHS = (
    *("January", "February", "March", "April", "May", "June", "July"),
    *("August", "September", "October", "November", "December"),
)


@dataclass(frozen=True)
class Entry:
    """An entry of a bibliography."""

    id: str
    """The record, and the day on which it is cited."""
    kind: LawKind | None
    """Kind of law; null for data."""
    title: str
    """Title of the law, or of the data."""
    short: str
    """How lawyers of the jurisdiction cite it; the title, for data."""
    place: str | None
    """The provision within the law, as `s 15`."""
    number: str | None
    """Number of the law, or release of the data."""
    year: int | None
    """Year of the law, or of the release."""
    jurisdiction: str
    """Name of the jurisdiction; for data, who publishes it."""
    state: str
    """Which state of it is meant, as `as in force on 1 March 2024`."""
    url: str | None
    """Where it can be read."""
    accessed: date | None
    """Day on which it was read there."""

    @property
    def apa(self) -> str:
        """The entry as a line of a bibliography, in the manner of APA."""
        if self.kind is None:
            year = f" ({self.year})" if self.year else ""
            about = f"[Data set; release {self.number}]. {_sentence(self.state)}"
            return f"{self.jurisdiction}{year}. {self.title} {about}{self._where}"
        numbered = self.number and self.number not in self.title
        parts = [self.title, *([str(self.number)] if numbered else [])]
        parts += [self.place] if self.place else []
        return f"{', '.join(parts)} ({self.jurisdiction}). {_sentence(self.state)}{self._where}"

    @property
    def _where(self) -> str:
        """Where it is read, and when it was."""
        if self.url is None:
            return ""
        if self.accessed is None:
            return f" {self.url}"
        day = self.accessed
        return f" Retrieved {_MONTHS[day.month - 1]} {day.day}, {day.year}, from {self.url}"

    @property
    def _note(self) -> str:
        """What no other field of a reference manager takes."""
        if self.kind is None:
            return _sentence(f"release {self.number}; {self.state}")
        return _sentence(f"{self.short}; {self.state}")

    def bibtex(self) -> str:
        """Write the entry as BibTeX."""
        fields = {
            "title": f"{{{_latex(self._named)}}}",
            "author": f"{{{_latex(self.jurisdiction)}}}",
            "year": str(self.year) if self.year else None,
            "number": _latex(self.number) if self.number else None,
            "howpublished": "Data set" if self.kind is None else _words(self.kind),
            "note": _latex(self._note),
            "url": self.url and _in_braces(self.url),
            "urldate": self.accessed and self.accessed.isoformat(),
        }
        lines = [f"  {name} = {{{value}}}" for name, value in fields.items() if value]
        key = re.sub(r"[^A-Za-z0-9:.-]+", "_", self.id)
        return f"@misc{{{key},\n" + ",\n".join(lines) + "\n}\n"

    @property
    def _named(self) -> str:
        """The title, with the provision."""
        return f"{self.title}, {self.place}" if self.place else self.title

    def ris(self) -> str:
        """Write the entry as RIS: a tag a line, ended by CR and LF."""
        return "".join(f"{tag}  - {value}\r\n" for tag, value in self._ris())

    def _ris(self) -> Iterator[tuple[str, str]]:
        yield "TY", "DATA" if self.kind is None else _RIS_TYPES.get(self.kind, "STAT")
        yield "ID", self.id
        yield "TI", self.title
        if self.kind is None:
            yield "AU", self.jurisdiction
        else:
            yield "ST", self.short
        if self.place:
            yield "SE", self.place
        if self.number:
            yield "IS", self.number
        if self.year:
            yield "PY", str(self.year)
        if self.kind is not None:
            yield "CY", self.jurisdiction
        if self.url:
            yield "UR", self.url
        if self.accessed:
            yield "Y2", self.accessed.strftime("%Y/%m/%d")
        yield "N1", self._note
        yield "ER", ""

    def csl(self) -> dict[str, Any]:
        """Return the entry as an item of CSL-JSON, which has no nulls."""
        item: dict[str, Any] = {
            "id": self.id,
            "type": "dataset" if self.kind is None else _CSL_TYPES.get(self.kind, "legislation"),
            "title": self.title,
            "title-short": None if self.kind is None else self.short,
            "section": self.place,
            "number": None if self.kind is None else self.number,
            "version": self.number if self.kind is None else None,
            "author": [{"literal": self.jurisdiction}] if self.kind is None else None,
            "jurisdiction": None if self.kind is None else self.jurisdiction,
            "issued": {"date-parts": [[self.year]]} if self.year else None,
            "URL": self.url,
            "accessed": self.accessed
            and {"date-parts": [[self.accessed.year, self.accessed.month, self.accessed.day]]},
            "note": self._note,
        }
        return {name: value for name, value in item.items() if value is not None}


def written_day(day: date) -> str:
    """Write a day as lawyers do: `1 March 2024`."""
    return f"{day.day} {_MONTHS[day.month - 1]} {day.year}"


def of_release(release: ReleaseRecord, state: str, url: str | None) -> Entry:
    """Return the entry of the dataset, or of what was asked of it at an address."""
    return Entry(
        id=f"lexcompare-{release.name}",
        kind=None,
        title=release.title,
        short=release.title,
        place=None,
        number=release.name,
        year=release.date.year,
        jurisdiction=PUBLISHER,
        state=state,
        url=url,
        accessed=None,
    )


def _words(kind: LawKind) -> str:
    """Name a kind of law."""
    return kind.replace("_", " ").capitalize()


def _sentence(text: str) -> str:
    return f"{text[:1].upper()}{text[1:]}."


_LATEX = {
    **{character: f"\\{character}" for character in "&%$#_{}"},
    "~": "\\textasciitilde{}",
    "^": "\\textasciicircum{}",
    "\\": "\\textbackslash{}",
}


def _latex(text: str) -> str:
    """Write text so that LaTeX prints it as it is."""
    return "".join(_LATEX.get(character, character) for character in text)


def _in_braces(url: str) -> str:
    """Write an address so that it cannot end the field that holds it."""
    return url.replace("{", "%7B").replace("}", "%7D")
