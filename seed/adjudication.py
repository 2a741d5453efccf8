"""What became of the disagreements between two codings (`adjudication.yaml` of a round)."""

from __future__ import annotations

from models.record import Record, Text
from models.vocabulary import Word
from seed.reader import read_yaml
from seed.rounds import folder
from seed.shapes import validate


class Decision(Word):
    """Who was right, by the text and the codebook."""

    FIRST = "first", "the first coder"
    SECOND = "second", "the second coder"
    BOTH = "both", "both readings are defensible, and the codebook's rule decides"
    NEITHER = "neither", "neither of them"


class Settled(Record):
    """A disagreement and its decision."""

    version: str
    """Version that was coded twice."""
    kind: str
    """Kind of facet, or `penalty`."""
    field: str
    """Field on which the codings differ, or `found`."""
    place: str
    """Pinpoints of the facets that were compared."""
    first: str
    """What the first coder said."""
    second: str
    """What the second coder said."""
    decision: Decision
    """Who was right."""
    reason: Text
    """Why, in few words."""
    fixed: bool
    """Whether the dataset was corrected."""


class AdjudicationFile(Record):
    """`adjudication.yaml`."""

    settled: list[Settled]
    """Disagreements that were settled."""


def read_adjudication(number: int) -> list[Settled]:
    """Read what was settled of a round."""
    document = read_yaml(folder(number) / "adjudication.yaml", "adjudication.yaml")
    return validate(document, AdjudicationFile).settled
