"""The codebook of a release as DDI-Codebook 2.5, the format of social science data archives."""

from __future__ import annotations

from collections.abc import Sequence
from xml.etree import ElementTree as ET

from models.flat import Column
from models.indicator import IndicatorRecord
from models.release import ReleaseRecord
from models.table import ColumnKind
from models.table_file import TableFile
from models.vocabulary import Word

NAMESPACE = "ddi:codebook:2_5"
SCHEMA = "http://www.ddialliance.org/Specification/DDI-Codebook/2.5/XMLSchema/codebook.xsd"
INDICATOR = "indicator"
"""Group of the variables that are indicators."""

_INSTANCE = "http://www.w3.org/2001/XMLSchema-instance"
_LANG = "{http://www.w3.org/XML/1998/namespace}lang"


def codebook(
    release: ReleaseRecord, tables: Sequence[TableFile], variables: Sequence[IndicatorRecord]
) -> str:
    """Describe a release: the study, its files, and the variables of each.

    Columns of tables are variables of their files. Indicators are variables too, of the file of
    codings, in whose rows their values stand; their rules are their derivations.
    """
    ET.register_namespace("", NAMESPACE)
    ET.register_namespace("xsi", _INSTANCE)
    book = ET.Element(
        f"{{{NAMESPACE}}}codeBook",
        {
            "version": "2.5",
            _LANG: "en",
            f"{{{_INSTANCE}}}schemaLocation": f"{NAMESPACE} {SCHEMA}",
        },
    )
    _citation(_add(book, "docDscr"), release, f"Codebook of the {release.title}")
    _study(_add(book, "stdyDscr"), release)
    for table in tables:
        _file(book, table)
    described = _add(book, "dataDscr")
    for table in tables:
        ids = [_id(table.name, column.name) for column in table.columns]
        group = _add(
            described,
            "varGrp",
            ID=f"G_{table.name}",
            name=table.name,
            type="section",
            var=" ".join(ids),
        )
        _add(group, "labl", table.name)
        _add(group, "txt", table.about)
    ids = [_id("indicator", variable.id) for variable in variables]
    if ids:
        group = _add(
            described,
            "varGrp",
            ID="G_indicator",
            name="indicator",
            type="subject",
            var=" ".join(ids),
        )
        _add(group, "labl", "indicators")
        _add(group, "txt", "Their values stand in the rows of the codings.")
    for table in tables:
        for column in table.columns:
            _column(described, table, column)
    for variable in variables:
        _indicator(described, variable)
    ET.indent(book)
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{ET.tostring(book, encoding="unicode")}\n'


def _add(parent: ET.Element, tag: str, text: str = "", /, **attributes: str) -> ET.Element:
    """Add an element of the namespace."""
    element = ET.SubElement(parent, f"{{{NAMESPACE}}}{tag}", attributes)
    element.text = text or None
    return element


def _group(described: ET.Element, name: str, members: Sequence[str], about: str) -> None:
    """Group variables."""
    ids = " ".join(_id(name, member) for member in members)
    group = _add(described, "varGrp", ID=f"G_{name}", name=name, type="section", var=ids)
    _add(group, "labl", name)
    _add(group, "txt", about)


def _id(group: str, name: str) -> str:
    """Name a variable uniquely within the document."""
    return f"V_{group}_{name}"


def _citation(parent: ET.Element, release: ReleaseRecord, title: str) -> None:
    citation = _add(parent, "citation")
    titles = _add(citation, "titlStmt")
    _add(titles, "titl", title)
    _add(titles, "IDNo", release.name, agency="Lexcompare")
    distributor = _add(citation, "distStmt")
    _add(distributor, "distrbtr", "Lexcompare contributors")
    _add(distributor, "distDate", release.date.isoformat(), date=release.date.isoformat())
    version = _add(citation, "verStmt")
    _add(version, "version", release.version, date=release.date.isoformat())


def _study(study: ET.Element, release: ReleaseRecord) -> None:
    """Describe the dataset as a study."""
    _citation(study, release, release.title)
    info = _add(study, "stdyInfo")
    if release.notes:
        _add(info, "abstract", release.notes)
    summary = _add(info, "sumDscr")
    for code in release.jurisdictions:
        _add(summary, "nation", code, abbr=code)
    _add(summary, "anlyUnit", "Laws, their provisions and what is coded of them, over time")
    _add(summary, "universe", "Law on online safety and child protection, as far as it is coded")
    _add(summary, "dataKind", "Coded legal texts")
    use = _add(_add(study, "dataAccs"), "useStmt")
    _add(use, "conditions", f"SPDX licence {release.license}")


def _file(book: ET.Element, table: TableFile) -> None:
    """Describe a CSV file."""
    text = _add(_add(book, "fileDscr", ID=f"F_{table.name}"), "fileTxt")
    _add(text, "fileName", f"{table.name}.csv")
    _add(text, "fileCont", table.about)
    size = _add(text, "dimensns")
    _add(size, "caseQnty", str(table.rows))
    _add(size, "varQnty", str(len(table.columns)))
    _add(text, "fileType", "CSV (RFC 4180), UTF-8", charset="UTF-8")


def _column(described: ET.Element, table: TableFile, column: Column) -> None:
    """Describe a column as a variable."""
    numeric = column.kind in (ColumnKind.INTEGER, ColumnKind.NUMBER)
    variable = _add(
        described,
        "var",
        ID=_id(table.name, column.name),
        name=column.name,
        files=f"F_{table.name}",
        intrvl="contin" if numeric else "discrete",
    )
    _add(variable, "labl", column.name)
    _add(variable, "txt", f"{column.about} Joined by `;`." if column.joined else column.about)
    if column.words is not None:
        _categories(variable, column.words)
    elif column.kind == ColumnKind.BOOLEAN:
        for value in ("true", "false"):
            _add(_add(variable, "catgry"), "catValu", value)
    _format(variable, numeric, day=column.kind == ColumnKind.DATE)


def _categories(variable: ET.Element, words: type[Word]) -> None:
    """List the codes of a variable."""
    for word in words:
        category = _add(variable, "catgry")
        _add(category, "catValu", word.value)
        _add(category, "labl", word.meaning)


def _format(variable: ET.Element, numeric: bool, day: bool) -> None:
    """Say how the values of a variable are written."""
    said = {"type": "numeric" if numeric else "character"}
    _add(variable, "varFormat", **said, **({"category": "date"} if day else {}))


def _indicator(described: ET.Element, indicator: IndicatorRecord) -> None:
    """Describe an indicator as a variable."""
    variable = _add(
        described,
        "var",
        ID=_id(INDICATOR, indicator.id),
        name=indicator.id,
        files="F_codings",
    )
    _add(variable, "labl", indicator.question)
    _add(_add(variable, "qstn"), "qstnLit", indicator.question)
    _add(variable, "txt", f"Value: {indicator.type.meaning}.")
    _add(variable, "concept", indicator.topic)
    _add(_add(variable, "derivation"), "drvdesc", indicator.rule_text)
    _add(variable, "varFormat", type="character" if indicator.type in _WORDS else "numeric")


_WORDS = {"boolean", "date", "codes"}
"""Types of indicators whose values are not numbers."""
