"""A promotion costs the server the statements that it needs, however much there is to promote."""

from models import Environment
from schema.ids import encode_id
from services.installation import Installation
from services.principals import Principal
from tests.support.apps import promoted_and_settled
from tests.support.promoting import promote
from tests.support.queries import recorded_queries
from tests.support.servers import RunningServer

OF_A_PROMOTION = [
    "SELECT environment.id",  # as they are
    "SELECT environment.id",  # as they are once they are held
    "SELECT commit_sha, snapshot_id, message",
    "WITH copy AS",  # the snapshot and its entries
    "WITH made AS",  # the deployment, its environment and its job
    "WITH numbered AS",  # the app's events
    "SELECT pg_notify",
    "INSERT INTO auditentry",
]


async def test_a_promotion_of_a_pin_sends_each_statement_once(
    idle_server: RunningServer,
    installation: Installation,
    owner: Principal,
    dev: Environment,
    staging: Environment,
    prod: Environment,
) -> None:
    await promoted_and_settled(installation, owner, source=dev, target=staging)
    source, target = (encode_id("Environment", each.id) for each in (staging, prod))

    with recorded_queries() as statements:
        await promote(idle_server, source=source, target=target)

    sent = [" ".join(each.split()) for each in statements]
    assert [each[: len(begun)] for each, begun in zip(sent, OF_A_PROMOTION, strict=True)] == (
        OF_A_PROMOTION
    )
