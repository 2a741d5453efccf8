"""A file of cases in, a file of answers out: the reach resolver over CSV."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlencode

import httpx

NAME = "case"
"""Column that names a case; without it, cases are numbered from 1."""


@dataclass(frozen=True)
class Asked:
    """A row of the file, as the question that it asks."""

    line: int
    name: str
    path: str


class CasesError(Exception):
    """What is wrong with a file of cases, a line each."""


def questions(file: Path) -> list[Asked]:
    """Read the cases of a file. Columns are the resolver's parameters; `;` parts several values."""
    with file.open(encoding="utf-8-sig", newline="") as stream:
        reader = csv.DictReader(stream)
        found: list[Asked] = []
        for row in reader:
            if None in row:
                raise CasesError(f"{file}:{reader.line_num}: more cells than the header has")
            stated = {k: (v or "").strip().replace(";", ",") for k, v in row.items()}
            name = stated.pop(NAME, "") or str(len(found) + 1)
            asked = urlencode({k: v for k, v in stated.items() if v}, safe=",")
            found.append(Asked(reader.line_num, name, f"/v1/comparisons/reach.csv?{asked}"))
    if not found:
        raise CasesError(f"{file}: no cases: a header line and a line a case are expected")
    return found


def answers(file: Path, asked: Sequence[Asked], given: Sequence[httpx.Response]) -> Iterator[str]:
    """Yield the lines of the answers: a row a case, jurisdiction and offence or power."""
    mistakes = [
        f"{file}:{case.line}: {said}"
        for case, answer in zip(asked, given, strict=True)
        if answer.status_code != 200
        for said in _mistakes(answer)
    ]
    if mistakes:
        raise CasesError("\n".join(mistakes))
    for number, (case, answer) in enumerate(zip(asked, given, strict=True)):
        for i, row in enumerate(csv.reader(io.StringIO(answer.text))):
            if i > 0:
                yield _line([case.name, *row])
            elif number == 0:
                yield _line([NAME, *row])


def _mistakes(answer: httpx.Response) -> Iterator[str]:
    """What a problem document says, a line a mistake."""
    problem = answer.json()
    for error in problem["errors"]:
        value = f" {error['value']!r}" if error["value"] is not None else ""
        hint = f" (did you mean {error['suggestion']}?)" if error["suggestion"] else ""
        yield f"{error['parameter']}{value}: {error['message']}{hint}"
    if not problem["errors"]:
        yield str(problem["detail"])


def _line(cells: Sequence[str]) -> str:
    out = io.StringIO()
    csv.writer(out).writerow(cells)
    return out.getvalue()
