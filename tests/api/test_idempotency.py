"""Idempotency keys over HTTP: done once, answered alike, refused for another input."""

import pytest

from tests.api.refusals import CONFLICTING
from tests.support.worlds import World


@pytest.mark.parametrize("mutation", CONFLICTING)
async def test_a_key_repeats_its_answer_and_refuses_another_input(
    own_world: World, mutation: str
) -> None:
    first, second = CONFLICTING[mutation]
    key = {"idempotencyKey": f"key of {mutation}"}
    made = await own_world.attempt(mutation, {**first, **key})
    assert made["__typename"].endswith("Success")
    assert await own_world.attempt(mutation, {**first, **key}) == made
    answer = await own_world.attempt(mutation, {**second, **key})
    assert answer["__typename"] == "IdempotencyConflictError"
    assert answer["code"] == "IDEMPOTENCY_CONFLICT"
    assert answer["path"] == ["input", "idempotencyKey"]
