"""Loads every seed file into one typed dataset that still knows where each thing was written."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from importlib.resources import files
from pathlib import Path
from typing import Any, Protocol, TypeVar

from models.provision import FACET_FIELDS, Facets, VersionEntry
from models.record import Record, Reference
from seed.documents import (
    AuthoritiesFile,
    AuthorityEntry,
    GroupEntry,
    GroupsFile,
    JurisdictionEntry,
    JurisdictionsFile,
    LawEntry,
    LawsFile,
    QuantitiesFile,
    QuantityEntry,
    ReleaseFile,
    SurveyEntry,
    SurveysFile,
    TopicEntry,
    TopicsFile,
)
from seed.mistakes import Mistake, SeedError
from seed.reader import Document, Trail, read_yaml, validate

Progress = Callable[[str], None]
"""Called with the name of each file as it is read."""


class _HasId(Protocol):
    id: str


Entry = TypeVar("Entry", bound=_HasId)


def default_data() -> Path:
    """Folder of the dataset that ships with the package."""
    return Path(str(files("seed"))) / "data"


@dataclass
class Origin:
    """Where an entry was written."""

    document: Document
    trail: Trail

    def mistake(
        self, trail: Trail, message: str, value: object = None, valid: Iterable[str] = ()
    ) -> Mistake:
        """Describe a mistake at a place within the entry."""
        return self.document.mistake((*self.trail, *trail), message, value, valid)


@dataclass
class Dataset:
    """Everything that the seed files say, by id, and where they say it."""

    release: ReleaseFile
    jurisdictions: dict[str, JurisdictionEntry] = field(default_factory=dict)
    groups: dict[str, GroupEntry] = field(default_factory=dict)
    authorities: dict[str, AuthorityEntry] = field(default_factory=dict)
    topics: dict[str, TopicEntry] = field(default_factory=dict)
    quantities: dict[str, QuantityEntry] = field(default_factory=dict)
    surveys: dict[str, SurveyEntry] = field(default_factory=dict)
    laws: dict[str, LawEntry] = field(default_factory=dict)
    origins: dict[tuple[str, str], Origin] = field(default_factory=dict)

    def origin(self, collection: str, id_: str) -> Origin:
        """Return where an entry was written."""
        return self.origins[collection, id_]


_SHARED: dict[str, type[Record]] = {
    "jurisdictions": JurisdictionsFile,
    "groups": GroupsFile,
    "authorities": AuthoritiesFile,
    "topics": TopicsFile,
    "quantities": QuantitiesFile,
    "surveys": SurveysFile,
}
"""The files that hold one collection each."""


def load(folder: Path, progress: Progress = lambda _: None) -> Dataset:
    """Read all files of a dataset. Raises `SeedError` with the mistakes of all of them."""
    mistakes: list[Mistake] = []
    release = _read(folder, folder / "release.yaml", ReleaseFile, mistakes)
    # Without a release file the dataset is not returned, so any will do until then.
    nameless = ReleaseFile(version="0.0.0", date=date.min, title="-", license="-")
    dataset = Dataset(release=release[1] if release else nameless)
    known = {"release.yaml"}
    for name, schema in _SHARED.items():
        known.add(f"{name}.yaml")
        path = folder / f"{name}.yaml"
        if path.exists():
            progress(path.name)
            shared = _read(folder, path, schema, mistakes)
            if shared:
                _add(dataset, name, shared[0], (name,), getattr(shared[1], name), mistakes)
    for path in sorted(folder.rglob("*.y*ml")):
        relative = path.relative_to(folder)
        if relative.as_posix() in known:
            continue
        if len(relative.parts) != 3 or relative.parts[0] != "laws" or path.suffix != ".yaml":
            mistakes.append(
                Mistake(
                    str(relative),
                    1,
                    1,
                    "no such seed file: laws stand in laws/<jurisdiction>/<law>.yaml",
                )
            )
            continue
        progress(path.name)
        _load_laws(folder, path, dataset, mistakes)
    if mistakes:
        raise SeedError(mistakes)
    for law in dataset.laws.values():
        qualify(law)
    return dataset


def _load_laws(folder: Path, path: Path, dataset: Dataset, mistakes: list[Mistake]) -> None:
    """Read one law, or several under `laws:`."""
    document = _open(folder, path, mistakes)
    if document is None:
        return
    many = isinstance(document.data, dict) and "laws" in document.data
    schema: type[Record] = LawsFile if many else LawEntry
    try:
        said: Any = validate(document, schema)
    except SeedError as error:
        mistakes.extend(error.mistakes)
        return
    if many:
        _add(dataset, "laws", document, ("laws",), said.laws, mistakes)
        return
    if path.stem != said.id:
        mistakes.append(
            document.mistake(("id",), f"the file of this law is {said.id}.yaml", said.id)
        )
    _add(dataset, "laws", document, (), [said], mistakes)


def _open(folder: Path, path: Path, mistakes: list[Mistake]) -> Document | None:
    """Read a file's YAML, keeping its mistakes for the common list."""
    name = path.relative_to(folder.parent.parent if folder.name == "data" else folder).as_posix()
    try:
        return read_yaml(path, name)
    except FileNotFoundError:
        mistakes.append(Mistake(name, 1, 1, "the file is missing"))
    except SeedError as error:
        mistakes.extend(error.mistakes)
    return None


def _read(
    folder: Path, path: Path, schema: type[Record], mistakes: list[Mistake]
) -> tuple[Document, Any] | None:
    """Read and validate a file, keeping its mistakes for the common list."""
    document = _open(folder, path, mistakes)
    if document is None:
        return None
    try:
        return document, validate(document, schema)
    except SeedError as error:
        mistakes.extend(error.mistakes)
        return None


def _add(
    dataset: Dataset,
    collection: str,
    document: Document,
    trail: Trail,
    entries: Iterable[Entry],
    mistakes: list[Mistake],
) -> None:
    """Take entries into a collection, refusing an id that is there already."""
    shelf: dict[str, Entry] = getattr(dataset, collection)
    for i, entry in enumerate(entries):
        origin = Origin(document, (*trail, i) if trail else ())
        if entry.id in shelf:
            first = dataset.origin(collection, entry.id)
            line, _ = first.document.place((*first.trail, "id"))
            mistakes.append(
                origin.mistake(
                    ("id",), f"this id stands already in {first.document.file}:{line}", entry.id
                )
            )
            continue
        shelf[entry.id] = entry
        dataset.origins[collection, entry.id] = origin


def facets_of(version: Facets) -> Iterator[tuple[str, int, Record]]:
    """Yield every facet of a version with the name of its list and its position there."""
    for name in FACET_FIELDS.values():
        for i, facet in enumerate(getattr(version, name)):
            yield name, i, facet


def references_in(record: Record, trail: Trail = ()) -> Iterator[tuple[Trail, Reference]]:
    """Yield every reference inside a record, with its place (by the keys of the file)."""
    for name, info in type(record).model_fields.items():
        value = getattr(record, name)
        key = str(info.validation_alias or name)
        items = enumerate(value) if isinstance(value, list) else [(None, value)]
        for i, item in items:
            here: Trail = (*trail, key) if i is None else (*trail, key, i)
            if isinstance(item, Reference):
                yield here, item
            elif isinstance(item, Record):
                yield from references_in(item, here)


def qualify(law: LawEntry) -> None:
    """Write the law's id in front of references that leave it out."""
    for provision in law.provisions:
        for version in provision.versions:
            _qualify(version, law.id)


def _qualify(version: VersionEntry, law: str) -> None:
    """Qualify the references of one version."""
    for _, _, facet in facets_of(version):
        for _, reference in references_in(facet):
            head = reference.id.split("~", 1)[0]
            if "_" in head:  # an eId: laws are called by kebab-case words
                reference.id = f"{law}~{reference.id}"
