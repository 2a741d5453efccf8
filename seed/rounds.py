"""Rounds of the study of reliability: what a first and a second coder said of a random sample.

A sample is drawn by a hash of the version's id, so that anyone can draw it again. The second coder
had the sources and the codebook, not the first coding. Each round is a folder of `seed/second`,
called by its number, with both codings; the first one as it stood on the day of the draw
(`first.yaml`), since later releases correct what the comparison brought to light.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from pydantic import Field

from models.definition import Definition
from models.duty import Duty
from models.penalty import Term
from models.provision import Facets
from models.record import Day, Record, Reference, Text
from models.vocabulary import Subject, Word
from seed.dataset import facets_of, found_in
from seed.facets import Facets as Timed
from seed.reader import read_yaml
from seed.shapes import validate

STUDY = Path(__file__).parent / "second"
"""Where the rounds are."""

NEVER = "never"
"""Stands in a version's id for the first day of one that never came into force."""


class EarlierSubject(Word):
    """Classes of definitions that the codebook had in the first three rounds."""

    PERSON = "person", "which persons a law covers"
    CONDUCT = "conduct", "what an act covered by the law is"
    AUTHORITY = "authority", "who acts under the law"


class CodedDefinition(Definition):
    """A definition as a coder of any round could code it."""

    subject: Subject | EarlierSubject = Field(validation_alias="class")  # type: ignore[assignment]
    """What is defined."""


class CodedDuty(Duty):
    """A duty as a coder of any round could code it."""

    subject: list[Subject | EarlierSubject] = Field(default_factory=list)  # type: ignore[assignment]
    """Material concerned."""


class Coding(Facets):
    """One coder's facets of one version."""

    definitions: list[CodedDefinition] = Field(default_factory=list)  # type: ignore[assignment]
    """What it defines."""
    duties: list[CodedDuty] = Field(default_factory=list)  # type: ignore[assignment]
    """What it requires of services or persons."""
    version: str
    """Version: `law~eId@first day`, or `@never`."""
    unread: Text | None = None
    """Why the coder could not read the text; nothing is coded then."""


class CodingsFile(Record):
    """Codings of versions, one coder's."""

    codings: list[Coding]
    """The codings."""


class Sample(Record):
    """How the sample was drawn, and what it holds (`sample.yaml`)."""

    drawn_on: Day
    """Day of the draw."""
    seed: str
    """Text that goes before the version's id in the hash."""
    every: int
    """A version is drawn when the hash, as a number, is divisible by this."""
    after: int | None = None
    """Round whose draw came before: what it drew is not drawn again."""
    new: bool = False
    """Whether only versions of provisions could be drawn that were new to the study."""
    drawn_from: int
    """Coded versions in the dataset on that day, those of earlier rounds among them."""
    first_coding: Text
    """State of the dataset from which the first coding was taken."""
    shown: list[str] = Field(default_factory=list)
    """Provisions whose coding the second coder's codebook shows, in an example or a rule."""
    versions: dict[str, str]
    """Versions drawn, each with the jurisdiction under which it is counted."""

    def hits(self, version: str) -> bool:
        """Tell whether the hash of a version says that it is drawn."""
        digest = hashlib.sha256(f"{self.seed}:{version}".encode()).hexdigest()
        return int(digest, 16) % self.every == 0


@dataclass(frozen=True)
class Round:
    """A sample, and both codings of it as they were made."""

    number: int
    sample: Sample
    first: dict[str, Coding]
    second: dict[str, Coding]


def rounds() -> list[int]:
    """Return the numbers of the rounds, the latest last."""
    return sorted(int(path.name) for path in STUDY.iterdir() if path.name.isdecimal())


def folder(number: int) -> Path:
    """Return where the files of a round are."""
    return STUDY / str(number)


def read_sample(number: int) -> Sample:
    """Read how the sample of a round was drawn."""
    return validate(read_yaml(folder(number) / "sample.yaml", "sample.yaml"), Sample)


def read_round(number: int) -> Round:
    """Read a round; every file called by jurisdictions is the second coder's."""
    first = read_codings(folder(number) / "first.yaml")
    second: dict[str, Coding] = {}
    for path in sorted(folder(number).glob("[A-Z]*.yaml")):
        second |= read_codings(path)
    return Round(number, read_sample(number), first, second)


def drawn(number: int, versions: Collection[str]) -> list[str]:
    """Draw the sample of a round again, from the ids of all coded versions."""
    sample = read_sample(number)
    taken: set[str] = set()
    if sample.new:
        known = _known(number, sample)
        taken = {version for version in versions if version.split("@")[0] in known}
    elif sample.after:
        taken = set(drawn(sample.after, versions))
    return [version for version in versions if version not in taken and sample.hits(version)]


def untouched(made: Round) -> set[str]:
    """Return the versions of provisions that were new to the study.

    No earlier round drew the provision at another time, which may have had its siblings corrected,
    and the second coder's codebook does not show its coding.
    """
    known = _known(made.number, made.sample)
    return {version for version in made.sample.versions if version.split("@")[0] not in known}


def _known(number: int, sample: Sample) -> set[str]:
    """Provisions that earlier rounds drew, or the codebook shows."""
    known = set(sample.shown)
    for earlier in rounds():
        if earlier < number:
            known |= {version.split("@")[0] for version in read_sample(earlier).versions}
    return known


def read_codings(path: Path) -> dict[str, Coding]:
    """Read one coder's codings of versions; references get the law they leave out."""
    document = read_yaml(path, path.name)
    if isinstance(document.data, list):
        document.data = {"codings": document.data}
    found: dict[str, Coding] = {}
    for coding in validate(document, CodingsFile).codings:
        _qualify(coding)
        found[coding.version] = coding
    return found


def coding_today(timed: Timed, versions: Iterable[str]) -> dict[str, Coding]:
    """Return what the dataset says today of versions; those it no longer has are left out."""
    found: dict[str, Coding] = {}
    for version in versions:
        key, start = version.split("@")
        for held in timed.held.get(key, []):
            if start == (held.interval.start.isoformat() if held.interval else NEVER):
                said: dict[str, Any] = {"version": version, **timed.coded(held)}
                found[version] = Coding.model_construct(**said)
    return found


def still_coded(codings: Mapping[str, Coding]) -> dict[str, Coding]:
    """Return codings without definitions of classes that the codebook no longer has."""
    return {
        version: coding.model_copy(
            update={
                "definitions": [
                    found
                    for found in coding.definitions
                    if not isinstance(found.subject, EarlierSubject)
                ]
            }
        )
        for version, coding in codings.items()
    }


def _qualify(coding: Coding) -> None:
    """Write the law's id in front of references that leave it out."""
    law = coding.version.split("~")[0]
    for _, _, facet in facets_of(coding):
        for _, reference in found_in(facet, Reference):
            if "_" in reference.id.split("~")[0]:  # an eId: laws are called by kebab-case words
                reference.id = f"{law}~{reference.id}"


def as_written(record: Record) -> dict[str, Any]:
    """Return a record as a seed file would say it, without notes and what is said by default."""
    said: dict[str, Any] = {}
    for name, info in type(record).model_fields.items():
        value = getattr(record, name)
        if name != "note" and value != info.get_default(call_default_factory=True):
            said[str(info.validation_alias or name)] = _plain(value)
    return said


def _plain(value: Any) -> Any:
    if isinstance(value, list):
        return [_plain(item) for item in value]
    if isinstance(value, Term):
        return value.text
    if isinstance(value, Reference) and value.before is None:
        return value.id
    if isinstance(value, Record):
        return as_written(value)
    if isinstance(value, date):
        return value.isoformat()
    return value.value if hasattr(value, "meaning") else value
