"""What rules read from facets."""

from __future__ import annotations

import pytest

from models.power import Power
from seed.rules import Value, read


@pytest.mark.parametrize(
    ("said", "found"),
    [
        ({"fine_max": 500, "fine_currency": "SGD"}, [Value(500, "500", "SGD")]),
        ({}, []),
    ],
)
def test_what_an_authority_can_impose_has_its_currency(said, found):
    power = Power.model_validate({"kind": "fine", "holder": ["sg-imda"], **said})
    assert read(power, "fine_max", (), lambda _: []) == found
