"""The codebook of a release: what every table and column holds, from the models' docstrings.

It is told as CSV, as a Frictionless Data Package (`datapackage.json`) and, in `models.ddi`, as
DDI-Codebook.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from typing import Any

from sqlmodel import col, select

from models import ddi
from models.database import Database
from models.flat import Column, csv_line
from models.indicator import IndicatorRecord, IndicatorRow
from models.release import ReleaseRecord
from models.table_file import TableFile

HEADER = ("table_name", "name", "type", "description", "codes")
"""Columns of the codebook's own table."""


def indicators(database: Database) -> list[IndicatorRecord]:
    """Read the variables of the codebook, in order."""
    statement = select(col(IndicatorRow.record)).order_by(col(IndicatorRow.position))
    rows = database.read(database.compile(statement), {})
    return [
        IndicatorRecord.model_validate_json(row[0], by_alias=False, by_name=True) for row in rows
    ]


def texts(
    release: ReleaseRecord, tables: Sequence[TableFile], variables: Sequence[IndicatorRecord]
) -> dict[str, str]:
    """Return the files that describe a release, by their names."""
    package = datapackage(release, tables)
    return {
        "datapackage.json": json.dumps(package, indent=2, ensure_ascii=False) + "\n",
        "LICENSE": licence(release),
        "codebook.csv": codebook_csv(tables, variables),
        "codebook.xml": ddi.codebook(release, tables, variables),
    }


def codebook_csv(tables: Sequence[TableFile], variables: Sequence[IndicatorRecord]) -> str:
    """Write the codebook as CSV: a row a column, then a row an indicator."""
    lines = [csv_line(HEADER)]
    lines += [csv_line(row) for table in tables for row in rows(table)]
    lines += [csv_line(_variable(variable)) for variable in variables]
    return "".join(lines)


def rows(table: TableFile) -> Iterator[tuple[str, str, str, str, str]]:
    """Describe the columns of a table."""
    for column in table.columns:
        codes = "; ".join(f"{word.value}: {word.meaning}" for word in column.words or ())
        about = f"{column.about} Joined by `;`." if column.joined else column.about
        yield table.name, column.name, column.kind.value, about, codes


def _variable(variable: IndicatorRecord) -> tuple[str, str, str, str, str]:
    """Describe an indicator, whose values are rows of the codings."""
    about = f"{variable.question}. {variable.rule_text}"
    return "codings (indicator)", variable.id, variable.type.value, about, variable.type.meaning


def licence(release: ReleaseRecord) -> str:
    """Say under which licence a release may be used."""
    return (
        f"{release.title}, version {release.version} of {release.date} ({release.name})\n\n"
        f"SPDX-License-Identifier: {release.license}\n{licence_url(release)}\n"
    )


def licence_url(release: ReleaseRecord) -> str:
    """Return the address of a release's licence."""
    return f"https://spdx.org/licenses/{release.license}.html"


def datapackage(release: ReleaseRecord, tables: Sequence[TableFile]) -> dict[str, Any]:
    """Describe the CSV files of a release as a Frictionless Data Package."""
    return {
        "profile": "tabular-data-package",
        "name": "lexcompare",
        "id": release.name,
        "title": release.title,
        "version": release.version,
        "created": f"{release.date}T00:00:00Z",
        "licenses": [{"name": release.license, "path": licence_url(release)}],
        "resources": [_resource(table) for table in tables],
    }


def _resource(table: TableFile) -> dict[str, Any]:
    """Describe a CSV file."""
    return {
        "profile": "tabular-data-resource",
        "name": table.name,
        "path": f"{table.name}.csv",
        "description": table.about,
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "bytes": table.size,
        "hash": f"sha256:{table.content}",
        "schema": {
            "fields": [_field(column) for column in table.columns],
            "primaryKey": table.key,
            "missingValues": [""],
        },
    }


def _field(column: Column) -> dict[str, Any]:
    """Describe a column of a CSV file."""
    kind = "string" if column.kind.value == "text" else column.kind.value
    field: dict[str, Any] = {"name": column.name, "type": kind, "description": column.about}
    if column.words is not None and not column.joined:
        field["constraints"] = {"enum": [word.value for word in column.words]}
    return field
