"""Contract fuzzing: generated requests against the whole document, every check of schemathesis."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, settings


@pytest.fixture
def api_schema(world: Any) -> Any:
    config = schemathesis.Config.from_path(Path(__file__).parents[2] / "schemathesis.toml")
    return schemathesis.openapi.from_url(f"{world.base_url}/openapi.json", config=config)


schema = schemathesis.pytest.from_fixture("api_schema")


@schema.parametrize()
@settings(
    max_examples=15,
    deadline=None,
    derandomize=True,
    suppress_health_check=list(HealthCheck),
)
def test_every_operation_keeps_its_contract(case: schemathesis.Case[Any]) -> None:
    case.call_and_validate(timeout=30)
