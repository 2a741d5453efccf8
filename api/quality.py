"""The quality of the dataset: what it was checked against, what is open in it, what looks odd."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Response

from api.problems import responses
from api.query import NoQuery, parameters, parsed
from api.resources import as_of
from api.serving import ReleaseDep
from models.quality import QualityRecord, quality_statement

router = APIRouter(prefix="/v1", tags=["quality"])

QUALITY = quality_statement()


class DatasetQuality(QualityRecord):
    """The quality of the release that answers."""

    release: str
    """Version and content hash of the dataset that answered."""


@router.get(
    "/dataset/quality",
    response_model=DatasetQuality,
    response_description="The quality.",
    responses=responses(422),
    openapi_extra=parameters(NoQuery),
)
async def get_dataset_quality(
    release: ReleaseDep, query: Annotated[NoQuery, Depends(parsed(NoQuery))]
) -> Response:
    """Tell what the dataset was checked against, what is open in it, and what looks odd.

    Counted when the release was compiled, on its own day: shares of provision versions by the kind
    of their sources, ages of checks, cells that nobody surveyed by jurisdiction and section of the
    codebook, and values that a person should look at again, each of which may still be the law.
    """
    rows = await release.read_statement(QUALITY, {})
    record = QualityRecord.model_validate_json(rows[0][0], by_alias=False, by_name=True)
    said = DatasetQuality.model_construct(**dict(record), release=release.name)
    headers = as_of(record.date.isoformat())
    return Response(said.model_dump_json(), media_type="application/json", headers=headers)
