"""Files of tables: XLSX workbooks and Parquet, written batch by batch in constant memory.

The same rows give the same bytes: no file says when it was written.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import IO, TYPE_CHECKING, Any

from models.table import Cell, ColumnKind, Row, TableColumn, text_of

if TYPE_CHECKING:
    import pyarrow

EXCEL_FROM = date(1900, 3, 1)
"""First day that every spreadsheet program counts alike; an earlier one is written as text."""

EXCEL_TEXT = 32_767
"""Longest text of a cell, in characters; a longer one is cut."""

_WRITTEN = datetime(2000, 1, 1)


class Workbook:
    """An XLSX workbook: the rows on the first sheet, what they are on the second."""

    def __init__(
        self,
        file: IO[bytes],
        name: str,
        columns: Sequence[TableColumn],
        about: Mapping[str, str],
    ) -> None:
        """Begin a workbook in an open file."""
        # Loaded here: most processes never write one.
        import xlsxwriter

        self._book: Any = xlsxwriter.Workbook(
            file, {"constant_memory": True, "strings_to_urls": False, "strings_to_formulas": False}
        )
        self._book.set_properties({"title": name, "created": _WRITTEN})
        self._columns = columns
        self._about = {"table": name, **about}
        self._bold = self._book.add_format({"bold": True})
        self._day = self._book.add_format({"num_format": "yyyy-mm-dd"})
        self._sheet = self._book.add_worksheet(name[:31])
        self._sheet.freeze_panes(1, 1)
        for at, column in enumerate(columns):
            self._sheet.set_column(at, at, max(10, min(40, len(column.name) + 2)))
        for at, column in enumerate(columns):
            self._sheet.write_string(0, at, column.name, self._bold)
        self._rows = 0

    def write(self, rows: Iterable[Row]) -> None:
        """Write rows."""
        for row in rows:
            self._rows += 1
            for at, cell in enumerate(row):
                if cell is not None:
                    self._cell(at, cell)

    def _cell(self, at: int, cell: Cell) -> None:
        sheet, row = self._sheet, self._rows
        if isinstance(cell, bool):
            sheet.write_boolean(row, at, cell)
        elif isinstance(cell, int | float):
            sheet.write_number(row, at, cell)
        elif isinstance(cell, date) and cell >= EXCEL_FROM:
            sheet.write_datetime(row, at, cell, self._day)
        else:
            sheet.write_string(row, at, text_of(cell)[:EXCEL_TEXT])

    def close(self) -> None:
        """Finish the workbook; the file stays open."""
        self._sheet.autofilter(0, 0, self._rows, max(0, len(self._columns) - 1))
        told = self._book.add_worksheet("about")
        told.set_column(0, 0, 20)
        told.set_column(1, 1, 80)
        columns = ((column.name, column.kind.meaning) for column in self._columns)
        lines = [*self._about.items(), ("", ""), ("column", "what it holds"), *columns]
        for at, (name, text) in enumerate(lines):
            told.write_string(at, 0, name, self._bold)
            told.write_string(at, 1, text)
        self._book.close()


class ParquetFile:
    """A Parquet file, its groups of rows compressed with zstd."""

    def __init__(
        self,
        file: IO[bytes],
        name: str,
        columns: Sequence[TableColumn],
        about: Mapping[str, str],
    ) -> None:
        """Begin a file."""
        # Loaded here: it is large, and most processes never write one.
        import pyarrow as pa
        from pyarrow import parquet

        kinds = {
            ColumnKind.TEXT: pa.string(),
            ColumnKind.INTEGER: pa.int64(),
            ColumnKind.NUMBER: pa.float64(),
            ColumnKind.BOOLEAN: pa.bool_(),
            ColumnKind.DATE: pa.date32(),
        }
        told = {f"lexcompare.{key}": value for key, value in {"table": name, **about}.items()}
        self._arrow = pa
        self._schema: pyarrow.Schema = pa.schema(
            [pa.field(column.name, kinds[column.kind]) for column in columns], metadata=told
        )
        self._writer = parquet.ParquetWriter(file, self._schema, compression="zstd")
        self._held: list[Row] = []

    GROUP = 10_000
    """Rows of a group."""

    def write(self, rows: Iterable[Row]) -> None:
        """Write rows, a group at a time."""
        self._held.extend(rows)
        while len(self._held) >= self.GROUP:
            group, self._held = self._held[: self.GROUP], self._held[self.GROUP :]
            self._put(group)

    def _put(self, group: Sequence[Row]) -> None:
        values = zip(*group, strict=True) if group else ([] for _ in self._schema)
        arrays = [
            self._arrow.array(list(column), type=each.type)
            for column, each in zip(values, self._schema, strict=True)
        ]
        self._writer.write_batch(self._arrow.record_batch(arrays, schema=self._schema))

    def close(self) -> None:
        """Finish the file; it stays open."""
        if self._held:
            self._put(self._held)
        self._writer.close()
