"""Loads every seed file into one typed dataset that still knows where each thing was written."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator
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
    IndicatorEntry,
    IndicatorsFile,
    InstrumentEntry,
    InstrumentsFile,
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
from seed.mistakes import Mistake, SeedError, nearest
from seed.reader import Document, Trail, read_yaml
from seed.shapes import validate

Progress = Callable[[str], None]
"""Called with the name of each file as it is read."""


class _HasId(Protocol):
    id: str


Entry = TypeVar("Entry", bound=_HasId)
Found = TypeVar("Found")


def default_data() -> Path:
    """Folder of the dataset that ships with the package."""
    return Path(str(files("seed"))) / "data"


@dataclass
class Origin:
    """Where an entry was written."""

    document: Document
    trail: Trail

    def mistake(
        self,
        trail: Trail,
        message: str,
        value: object = None,
        valid: Iterable[str] = (),
        suggestion: str | None = None,
    ) -> Mistake:
        """Describe a mistake at a place within the entry."""
        return self.document.mistake((*self.trail, *trail), message, value, valid, suggestion)

    def named(
        self, trail: Trail, what: str, value: str | None, known: Collection[str]
    ) -> Iterator[Mistake]:
        """Report a name that stands for nothing, with the nearest that does."""
        if value is not None and value not in known:
            yield self.mistake(trail, f"no such {what}", value, known)


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
    indicators: dict[str, IndicatorEntry] = field(default_factory=dict)
    instruments: dict[str, InstrumentEntry] = field(default_factory=dict)
    laws: dict[str, LawEntry] = field(default_factory=dict)
    origins: dict[tuple[str, str], Origin] = field(default_factory=dict)

    def origin(self, collection: str, id_: str) -> Origin:
        """Return where an entry was written."""
        return self.origins[collection, id_]

    def unknown_place(self, origin: Origin, trail: Trail, code: str | None) -> Iterator[Mistake]:
        """Report a jurisdiction that is not listed, with the one that is also called so."""
        if code is not None and code not in self.jurisdictions:
            alias = (id_ for id_, entry in self.jurisdictions.items() if code in entry.aliases)
            hint = next(alias, None)
            yield origin.mistake(trail, "no such jurisdiction", code, self.jurisdictions, hint)


_SHARED: dict[str, type[Record]] = {
    "jurisdictions": JurisdictionsFile,
    "groups": GroupsFile,
    "authorities": AuthoritiesFile,
    "topics": TopicsFile,
    "quantities": QuantitiesFile,
    "surveys": SurveysFile,
    "indicators": IndicatorsFile,
    "instruments": InstrumentsFile,
}
"""The files that hold one collection each."""


def load(folder: Path, progress: Progress = lambda _: None) -> Dataset:
    """Read all files of a dataset. Raises `SeedError` with the mistakes of all of them."""
    mistakes: list[Mistake] = []
    release = _read(folder / "release.yaml", ReleaseFile, mistakes)
    # Without a release file the dataset is not returned, so any will do until then.
    nameless = ReleaseFile(version="0.0.0", date=date.min, title="-", license="-")
    dataset = Dataset(release=release[1] if release else nameless)
    if release:
        dataset.origins["release", "release"] = Origin(release[0], ())
    known = {"release.yaml"}
    for name, schema in _SHARED.items():
        known.add(f"{name}.yaml")
        path = folder / f"{name}.yaml"
        if path.exists():
            progress(path.name)
            shared = _read(path, schema, mistakes)
            if shared:
                _add(dataset, name, shared[0], (name,), getattr(shared[1], name), mistakes)
    for path in _others(folder, known):
        parts = path.relative_to(folder).parts
        if len(parts) != 3 or parts[0] != "laws" or path.suffix != ".yaml":
            said = "no such seed file: laws stand in laws/<jurisdiction>/<law>.yaml"
            near = nearest(path.stem, ["release", *_SHARED]) if len(parts) == 1 else None
            hint = f"{near}.yaml" if near else None
            mistakes.append(Mistake(_name(path), 1, 1, said, path.name, hint))
            continue
        progress(path.name)
        _load_laws(path, dataset, mistakes)
    if mistakes:
        raise SeedError(mistakes)
    for law in dataset.laws.values():
        qualify(law)
    return dataset


def _others(folder: Path, known: Collection[str]) -> list[Path]:
    """YAML files beside the known ones, in order; hidden ones belong to editors and systems."""
    return sorted(
        path
        for path in folder.rglob("*")
        if path.suffix.lower() in (".yaml", ".yml")
        and not path.name.startswith(".")
        and path.relative_to(folder).as_posix() not in known
    )


def _load_laws(path: Path, dataset: Dataset, mistakes: list[Mistake]) -> None:
    """Read one law, or several under `laws:`."""
    document = _open(path, mistakes)
    if document is None:
        return
    data = document.data
    many = isinstance(data, dict) and "id" not in data and (len(data) == 1 or "laws" in data)
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
            document.mistake(
                ("id",), "the file is not called like the law", said.id, suggestion=path.stem
            )
        )
    _add(dataset, "laws", document, (), [said], mistakes)


def _name(path: Path) -> str:
    """How messages call a file: from the working directory where that is around it."""
    here, full = Path.cwd(), path.absolute()
    return (full.relative_to(here) if full.is_relative_to(here) else path).as_posix()


def _open(path: Path, mistakes: list[Mistake]) -> Document | None:
    """Read a file's YAML, keeping its mistakes for the common list."""
    name = _name(path)
    try:
        return read_yaml(path, name)
    except FileNotFoundError:
        mistakes.append(Mistake(name, 1, 1, "the file is missing"))
    except OSError as error:
        mistakes.append(Mistake(name, 1, 1, f"the file cannot be read: {error.strerror}"))
    except SeedError as error:
        mistakes.extend(error.mistakes)
    return None


def _read(path: Path, schema: type[Record], mistakes: list[Mistake]) -> tuple[Document, Any] | None:
    """Read and validate a file, keeping its mistakes for the common list."""
    document = _open(path, mistakes)
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


def found_in(record: Record, kind: type[Found], trail: Trail = ()) -> Iterator[tuple[Trail, Found]]:
    """Yield every value of a kind inside a record, with its place (by the keys of the file)."""
    for name, info in type(record).model_fields.items():
        value = getattr(record, name)
        key = str(info.validation_alias or name)
        items = enumerate(value) if isinstance(value, list) else [(None, value)]
        for i, item in items:
            here: Trail = (*trail, key) if i is None else (*trail, key, i)
            if isinstance(item, kind):
                yield here, item
            elif isinstance(item, Record):
                yield from found_in(item, kind, here)


def qualify(law: LawEntry) -> None:
    """Write the law's id in front of references that leave it out."""
    for provision in law.provisions:
        for version in provision.versions:
            _qualify(version, law.id)


def _qualify(version: VersionEntry, law: str) -> None:
    """Qualify the references of one version."""
    for _, _, facet in facets_of(version):
        for _, reference in found_in(facet, Reference):
            head = reference.id.split("~", 1)[0]
            if "_" in head:  # an eId: laws are called by kebab-case words
                reference.id = f"{law}~{reference.id}"
