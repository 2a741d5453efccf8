"""What every table shares: an interval, the finished record, and the codes that filters look up.

Days are stored as ISO text and all text is compared byte by byte, so that both engines sort and
compare alike.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from sqlalchemy import BigInteger, Index, String
from sqlmodel import Field, SQLModel

TextKey = String().with_variant(String(collation="C"), "postgresql")
"""Text that is compared byte by byte: SQLite's default, PostgreSQL's collation `C`."""


class Row(SQLModel):
    """A record as it stands during an interval, ready to be answered."""

    key: int = Field(primary_key=True, description="Unique over all tables of a release.")
    id: str = Field(sa_type=TextKey, description="Identifier, kept over time.")
    valid_from: str = Field(sa_type=TextKey, description="First day, ISO.")
    valid_to: str = Field(sa_type=TextKey, description="First day after, ISO.")
    record: str = Field(description="Finished JSON of the record schema.")
    line: str = Field(description="Finished CSV line of the record schema.")


AnyRow = TypeVar("AnyRow", bound=Row)


def walked(*sorts: str, within: str | None = None) -> Callable[[type[AnyRow]], type[AnyRow]]:
    """Index a table so that it can be walked by id and by other columns, all days inside the index.

    `within` names the column that tells records of a shared table apart.
    """

    def decorate(row: type[AnyRow]) -> type[AnyRow]:
        columns = SQLModel.metadata.tables[str(row.__tablename__)].c
        first = [within] if within else []
        Index(f"{row.__tablename__}_item", columns.id, columns.valid_from, unique=True)
        for sort in ("id", *sorts):
            names = [*first, *dict.fromkeys([sort, "id", "valid_from", "valid_to", "key"])]
            Index(f"{row.__tablename__}_by_{sort}", *(columns[name] for name in names))
        return row

    return decorate


class Code(SQLModel, table=True):
    """A coded value of a row: what a filter looks up, and what counts count."""

    __tablename__ = "code"
    __table_args__ = (
        Index("code_walk", "field", "code", "id", "valid_from", "valid_to", "key"),
        # Unique: counts rely on a row having a code once.
        Index("code_probe", "key", "field", "code", "valid_from", "valid_to", unique=True),
    )

    number: int = Field(primary_key=True)
    key: int = Field(description="The row's key.")
    field: str = Field(sa_type=TextKey, description="Collection and filter, as `offences.conduct`.")
    code: str = Field(sa_type=TextKey, description="The coded value.")
    id: str = Field(sa_type=TextKey, description="The row's id: walked in order.")
    valid_from: str = Field(sa_type=TextKey, description="The row's first day.")
    valid_to: str = Field(sa_type=TextKey, description="The row's first day after.")


class Number(SQLModel, table=True):
    """A number of a row: what a range filter looks up."""

    __tablename__ = "number"
    __table_args__ = (Index("number_probe", "key", "field", "value"),)

    number: int = Field(primary_key=True)
    key: int = Field(description="The row's key.")
    field: str = Field(sa_type=TextKey, description="Collection and filter.")
    value: int = Field(sa_type=BigInteger, description="The number.")
