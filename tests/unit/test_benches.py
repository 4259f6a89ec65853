"""Benches measure what is served; what is served changes, and they have to keep up."""

import pytest

from bench import execution


@pytest.mark.parametrize("document", [execution.MENU, execution.HISTORY])
async def test_executing_alone_is_measured_for_both_ways(document: str) -> None:
    taken = await execution.measure(document, rounds=2)

    assert all(taken[way] > 0 for way in ("graphql-core", "compiled"))
