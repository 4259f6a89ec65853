"""A runtime keeps the variables that it was started with, and none when it has ended."""

import json

from anyio import fail_after
from sqlalchemy import update
from sqlmodel import col, select

from models import Environment, EnvironmentVariable, FailureClass, Runtime, RuntimeState
from pinmark.assembly import ensure_access, open_installation, supervise
from pinmark.background import running
from pinmark.settings import Settings
from services.ciphers import Cipher, SecretKeys
from services.executions import Call, execute
from services.hub import Hub
from services.rights import owner_principal
from services.runtimes.plans import make_plan
from services.tokens import find_owner
from tests.support.apps import environment_named, linked_app, make_environment
from tests.support.callers import Caller
from tests.support.promoting import until
from tests.support.repositories import Repository
from tests.support.variables import BUILD, put, remove

HANG_SECONDS = 120
TELLS_ITS_MOOD = b"""import os

if os.environ.get("MOOD") == "too bad to start":
    raise SystemExit(4)


def handler(event):
    return {name: os.environ.get(name) for name in ("MOOD", "BUILT_WITH", "PINMARK_ENVIRONMENT")}
"""


async def told(caller: Caller, environment: Environment) -> dict[str, str | None]:
    call = Call.of(environment.id, type="prompt-run", data=None)
    found = await execute(caller.installation, Hub(), principal=caller.principal, call=call)
    assert isinstance(found.body, bytes)
    return json.loads(found.body)


async def runtimes(caller: Caller, environment: Environment) -> list[Runtime]:
    statement = (
        select(Runtime)
        .where(col(Runtime.environment_id) == environment.id)
        .order_by(col(Runtime.created_at))
    )
    async with caller.installation.database.moment() as session:
        return list((await session.exec(statement)).all())


async def test_what_serves_keeps_its_variables_when_the_server_starts_again(
    settings: Settings, database_url: str, repository: Repository
) -> None:
    repository.commit({"handler.py": TELLS_ITS_MOOD})
    with fail_after(HANG_SECONDS):
        async with open_installation(settings, database_url) as installation:
            await ensure_access(settings, installation)
            async with installation.database.moment() as session:
                caller = Caller(installation, owner_principal(await find_owner(session)))
            app = await linked_app(installation, caller.principal, repository)
            dev = await environment_named(installation, app, "dev")
            prod = await make_environment(installation, caller.principal, app, "prod")
            await put(caller, prod, "MOOD", "good")
            async with running(supervise(settings, installation, database_url)):
                assert (await caller.release(dev, prod)).succeeded
                await put(caller, prod, "MOOD", "too bad to start")

                async def fails() -> bool:
                    return [one.state for one in await runtimes(caller, prod)] == [
                        RuntimeState.HEALTHY,
                        RuntimeState.FAILED,
                    ]

                await until(fails)
            async with running(supervise(settings, installation, database_url)):
                assert (await told(caller, prod))["MOOD"] == "good"
                await remove(caller, prod, "MOOD")

                async def follows() -> bool:
                    return (await told(caller, prod))["MOOD"] is None

                await until(follows)

                async def alone() -> bool:
                    ended = [one for one in await runtimes(caller, prod) if one.ended_at]
                    return len(ended) == 2

                await until(alone)
                for one in await runtimes(caller, prod):
                    assert (one.secret is None) == (one.variables is None)
                    assert (one.secret is None) == (one.ended_at is not None)


async def test_a_plan_masks_the_environments_values_and_shows_none(
    caller: Caller, dev: Environment, prod: Environment, repository: Repository
) -> None:
    with fail_after(HANG_SECONDS):
        repository.commit({"handler.py": TELLS_ITS_MOOD})
        await put(caller, prod, "MOOD", "hunter2")
        await put(caller, prod, "BUILT_WITH", "hunter3", BUILD)
        await caller.release(dev, prod)
        [runtime] = await runtimes(caller, prod)
        plan = await make_plan(caller.installation, runtime.id)

        assert plan.variables["MOOD"] == "hunter2"
        assert "BUILT_WITH" not in plan.variables
        assert set(plan.secrets) == {"hunter2", plan.variables["AGENTMARK_API_KEY"]}
        assert "hunter" not in f"{plan!r}{runtime!r}"
        assert await told(caller, prod) == {
            "MOOD": "hunter2",
            "BUILT_WITH": None,
            "PINMARK_ENVIRONMENT": "prod",
        }


async def test_a_deleted_environment_leaves_no_value_with_what_still_runs(
    caller: Caller, dev: Environment, prod: Environment, repository: Repository
) -> None:
    with fail_after(HANG_SECONDS):
        repository.commit({"handler.py": TELLS_ITS_MOOD})
        await put(caller, prod, "MOOD", "hunter2")
        await caller.release(dev, prod)
        await caller.delete(prod)

        assert not any(one.variables for one in await runtimes(caller, prod))


async def test_a_runtime_whose_variables_no_key_opens_says_so(
    caller: Caller, dev: Environment, prod: Environment, repository: Repository
) -> None:
    with fail_after(HANG_SECONDS):
        repository.commit({"handler.py": TELLS_ITS_MOOD})
        await put(caller, prod, "MOOD", "good")
        foreign = Cipher(SecretKeys(("another",))).encrypt("of another installation")
        statement = update(EnvironmentVariable).values(value=foreign)
        async with caller.installation.database.transaction() as session:
            await session.exec(statement.where(col(EnvironmentVariable.environment_id) == prod.id))
        failed = await caller.release(dev, prod)

        assert failed.failure_class is FailureClass.INFRASTRUCTURE
        assert "PINMARK_SECRET_KEY" in (failed.failure_reason or "")
