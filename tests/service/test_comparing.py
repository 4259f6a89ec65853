"""Comparisons are for those who may read environments, and tell the others nothing."""

from models import Environment
from services.comparing.comparison import Comparison, compare
from services.principals import ALL_PERMISSIONS, Permission
from tests.support.callers import Caller


async def compared(
    caller: Caller, source: Environment, target: Environment, version: int | None = None
) -> Comparison | None:
    async with caller.installation.database.moment() as session:
        return await compare(
            session,
            principal=caller.principal,
            source_id=source.id,
            target_id=target.id,
            version=version,
        )


async def test_who_cannot_read_environments_is_told_of_no_comparison(
    caller: Caller, dev: Environment, staging: Environment
) -> None:
    lacking = caller.holding(*(ALL_PERMISSIONS - {Permission.ENVIRONMENT_READ}))
    assert await compared(lacking, dev, staging) is None
    assert await compared(lacking, staging, dev) is None  # not even that dev is no target


async def test_reading_environments_is_enough_to_compare_them(
    caller: Caller, dev: Environment, staging: Environment
) -> None:
    guest = caller.holding(Permission.ENVIRONMENT_READ)
    assert await compared(guest, dev, staging) is not None


async def test_a_version_that_never_was_is_compared_with_nothing(
    caller: Caller, dev: Environment, staging: Environment
) -> None:
    assert await compared(caller, staging, staging, version=1) is None
    assert await compared(caller, dev, staging, version=2) is None
