"""Obligations of states under treaties and directives."""

from __future__ import annotations

from typing import ClassVar, Literal

from pydantic import Field

from api.filters import FacetFilters
from api.paging import Page
from api.query import Example, ListQuery
from api.resources import Resource
from models.obligation import ObligationRecord
from models.vocabulary import Addressed, Basis, Conduct, FacetKind, Subject


class ObligationFilters(FacetFilters):
    """Which obligations are meant."""

    example: ClassVar[Example] = {"conduct": ["possess"], "as_of": "2024-07-01"}

    to: list[Addressed] | None = Field(None, examples=[["states"]])
    """Whom they bind."""
    requires: list[FacetKind] | None = Field(None, examples=[["offence"]])
    """Kinds of facet that the state must have."""
    conduct: list[Conduct] | None = Field(None, examples=[["possess"]])
    """Conduct to be punished."""
    subject: list[Subject] | None = Field(None, examples=[["csam"]])
    """Material concerned."""
    basis: list[Basis] | None = Field(None, examples=[["offender_national"]])
    """Grounds of jurisdiction to be established."""
    sort: Literal["id", "-id"] = "id"
    """Order of the items; `-` reverses it."""


class ObligationQuery(ObligationFilters, ListQuery):
    """Parameters of a page of obligations."""

    count_by: (
        list[Literal["requires", "conduct", "subject", "basis", "to", "jurisdiction", "law"]] | None
    ) = Field(None, examples=[["requires"]])
    """Parameters by which to count the whole list."""


class ObligationPage(Page[ObligationRecord]):
    """One page of obligations."""


router = Resource(
    name="obligations",
    singular="obligation",
    page=ObligationPage,
    filters=ObligationFilters,
    query=ObligationQuery,
    about="What treaties and directives require of states; never a penalty.",
    example="lanzarote-convention~art_20~obligation_1",
).router()
