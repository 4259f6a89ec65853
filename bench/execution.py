"""What executing costs, without a database: ``python -m bench.execution [ROUNDS]``.

A menu of twenty environments and a history of fifty deployments from rows in memory, by
graphql-core as Strawberry uses it and by the compiled functions, in turn. The same resolvers,
pages and loaders answer both as are served; the figures are processor time.
"""

# graphql-core leaves the parameters of its generic types open:
# pyright: reportUnknownVariableType=false, reportUnknownMemberType=false

import asyncio
import cProfile
import pstats
import sys
import time
from collections.abc import Callable, Sequence
from types import SimpleNamespace
from typing import Any, TypeVar
from uuid import UUID, uuid4

import strawberry
from graphql import execute, parse
from strawberry.execution.is_awaitable import optimized_is_awaitable
from strawberry.schema.config import StrawberryConfig
from strawberry.schema.schema import StrawberryGraphQLCoreExecutionContext

import models
from models import utc_now
from pinmark.execution import Executor
from pinmark.graphql import UUID_SCALAR
from schema.context import Info
from schema.deployments import DeploymentConnection, page_of_deployments
from schema.environments import EnvironmentConnection, page_of_environments
from schema.loading import Loader
from services.paging import Page, PageRequest, page_of
from services.plain_rows import plain
from services.principals import ALL_PERMISSIONS, Principal

ROUNDS = 200
PROFILED = 30
MENU = """{ menu { nodes {
  id name isDefault state pinLabel currentVersion pin { version since } deploying { id version }
} } }"""
HISTORY = """{ history { nodes {
  id kind version status note createdAt settledAt actor { name kind }
  commit { sha shortSha message authorName } source { id name }
  fileSync { status } codeBuild { status cacheHit }
} pageInfo { hasNextPage } } }"""
WHOLE = PageRequest(first=50)
Row = TypeVar("Row", bound=models.Record)

APP, DEV = uuid4(), uuid4()
COMMIT = plain(
    models.Commit(
        app_id=APP, sha="a" * 40, message="A change", author_name="Ada", committed_at=utc_now()
    )
)


def deployment(number: int) -> models.Deployment:
    return models.Deployment(
        app_id=APP,
        environment_id=DEV,
        ordinal=number,
        kind=models.DeploymentKind.PROMOTION,
        pinned=True,
        source_id=DEV,
        source_name="dev",
        version=number,
        commit_sha=COMMIT.sha,
        note="A note",
        file_sync=models.FileSyncStatus.SYNCED,
        code_build=models.CodeBuildStatus.DEPLOYED,
        settled_at=utc_now(),
        actor_kind=models.ActorKind.MEMBER,
        actor_id=uuid4(),
        actor_name="owner",
    )


DEPLOYMENTS = {each.id: plain(each) for each in map(deployment, range(1, 51))}
ENVIRONMENTS = [
    plain(
        models.Environment(
            id=DEV if number == 0 else uuid4(),
            app_id=APP,
            name=f"env-{number}",
            current_version=number + 1,
            pinned_version=number + 1,
            pinned_deployment_id=[*DEPLOYMENTS][number],
        )
    )
    for number in range(20)
]


@strawberry.type
class Query:
    @strawberry.field
    async def menu(self, info: Info) -> EnvironmentConnection:
        return await page_of_environments(info, page(ENVIRONMENTS))

    @strawberry.field
    async def history(self, info: Info) -> DeploymentConnection:
        return await page_of_deployments(info, page([*DEPLOYMENTS.values()]))


def page(rows: Sequence[Row]) -> Page[Row]:
    return page_of(rows, scope="all", key=lambda row: str(row.id), request=WHOLE)


def loader(found: Callable[[Any], Any]) -> Loader[Any, Any]:
    async def load(keys: list[Any]) -> list[Any]:
        return [found(key) for key in keys]

    return Loader(load_fn=load)


def context() -> Any:
    reading = SimpleNamespace(
        deployments=loader(lambda key: DEPLOYMENTS[key]),
        environments=loader(lambda key: ENVIRONMENTS[0]),
        commits=loader(lambda key: COMMIT),
        newest_unsettled=loader(lambda key: None),
    )
    principal = Principal(UUID(int=1), "owner", UUID(int=2), ALL_PERMISSIONS, owner=True)
    return SimpleNamespace(reading=reading, principal=principal)


schema = strawberry.Schema(
    query=Query, config=StrawberryConfig(scalar_map={UUID: UUID_SCALAR})
)._schema  # pyright: ignore[reportPrivateUsage]  # graphql-core's own
EXECUTORS: dict[str, Any] = {
    "graphql-core": StrawberryGraphQLCoreExecutionContext,
    "compiled": Executor,
}


async def run(executor: Any, document: Any) -> Any:
    result: Any = execute(
        schema,
        document,
        context_value=context(),
        executor_class=executor,
        is_awaitable=optimized_is_awaitable,  # pyright: ignore[reportArgumentType]
    )
    return await result


async def measure(text: str, rounds: int) -> dict[str, float]:
    """Microseconds of processor time for one execution by each."""
    document = parse(text)
    answers = [await run(executor, document) for executor in (*EXECUTORS.values(), Executor)]
    assert all(answer == answers[0] for answer in answers)
    assert answers[0].errors is None, answers[0].errors
    taken = dict.fromkeys(EXECUTORS, 0.0)
    for _ in range(rounds):
        for name, executor in EXECUTORS.items():
            began = time.process_time()
            await run(executor, document)
            taken[name] += time.process_time() - began
    return {name: 1e6 * seconds / rounds for name, seconds in taken.items()}


async def profile(text: str, name: str) -> None:
    document = parse(text)
    for _ in range(3):
        await run(EXECUTORS[name], document)
    watch = cProfile.Profile()
    watch.enable()
    for _ in range(PROFILED):
        await run(EXECUTORS[name], document)
    watch.disable()
    print(f"\n{name}, {PROFILED} times:")
    pstats.Stats(watch).sort_stats("tottime").print_stats(12)


async def report(given: Sequence[str]) -> None:
    rounds = next((int(each) for each in given if each.isdigit()), ROUNDS)
    for title, text in (("menu of 20", MENU), ("history of 50", HISTORY)):
        taken = await measure(text, rounds)
        ratio = taken["graphql-core"] / taken["compiled"]
        told = ", ".join(f"{name} {each:.0f} µs" for name, each in taken.items())
        print(f"{title}: {told}: {ratio:.1f} times less")
    if "--profile" in given:
        for name in EXECUTORS:
            await profile(HISTORY, name)


def main() -> None:
    asyncio.run(report(sys.argv[1:]))


if __name__ == "__main__":
    main()
