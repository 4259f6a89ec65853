"""GraphQL over HTTP by the audit of its own library, graphql-http."""

from collections.abc import Mapping

import pytest

from tests.support.protocol_clients import Audit, audits_of
from tests.support.worlds import World

LEFT_OUT: Mapping[str, str] = {
    "5A70": "a GET that names no JSON may be a link or a picture of another page",
}
"""What MAY be and is not, by the audit's id."""


@pytest.fixture
async def audits(world: World) -> list[Audit]:
    token = f"Bearer {world.server.token}"
    return await audits_of(f"{world.server.base}/graphql", {"Authorization": token})


async def test_the_audit_finds_all_that_must_and_should_be(audits: list[Audit]) -> None:
    assert len(audits) > 50
    assert [each for each in audits if each.status in {"error", "warn"}] == []


async def test_what_may_be_and_is_not_has_its_reason(audits: list[Audit]) -> None:
    assert {each.id for each in audits if each.status != "ok"} == set(LEFT_OUT)
