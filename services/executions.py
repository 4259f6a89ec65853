"""Running an environment's handler: the call goes to the runtime of what the environment serves.

A runtime that is gone before it has answered anything is no answer: the call waits for the next
one, and is handed over once more at most. So a call survives a promotion and the death of a
process, and a handler may, when its process died under it, see the same call twice.
"""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import AsyncExitStack
from dataclasses import dataclass
from datetime import timedelta
from time import monotonic
from uuid import UUID

import orjson
from sqlmodel.ext.asyncio.session import AsyncSession

from models import Deployment, Environment, Runtime, RuntimeState, utc_now
from services.access import require_data
from services.doorbell import runtime_topic
from services.errors import (
    EnvironmentNotPinned,
    NoHandler,
    NotFound,
    RuntimeFailed,
    RuntimeNotReady,
)
from services.hub import Hub, Wake
from services.installation import Installation
from services.principals import Permission, Principal
from services.runtimes import connection, records, wanting
from services.runtimes.connection import Answer, ConnectionBroken, NotListening

HANDED_OVER_AT_MOST = 2
LOOK_SECONDS = 0.25
FAILURE_STANDS_SECONDS = 5
MAXIMUM_ANSWER = 16 * 1024 * 1024
ENDED_EARLY = b'{"type": "error", "message": "The runtime ended before its answer did."}\n'


@dataclass(frozen=True)
class Call:
    """An event for the handler: its type and whatever belongs to it."""

    environment_id: UUID | None
    body: bytes

    @classmethod
    def of(cls, environment_id: UUID | None, *, type: str, data: object) -> "Call":
        return cls(environment_id, orjson.dumps({"type": type, "data": data}))


@dataclass(frozen=True)
class Execution:
    """The handler's answer, and what gave it: environment, version (0 for dev) and commit.

    Of a stream, ``body`` is read as it comes and ``close`` hangs up; else it is there whole.
    """

    environment: str
    version: int
    commit_sha: str
    status: int
    media_type: str
    streaming: bool
    body: AsyncGenerator[bytes] | bytes
    _stack: AsyncExitStack

    async def close(self) -> None:
        await self._stack.aclose()


@dataclass(frozen=True)
class Route:
    """The runtime that a call goes to now."""

    address: str
    secret: str
    version: int
    commit_sha: str


async def execute(
    installation: Installation, hub: Hub, *, principal: Principal, call: Call
) -> Execution:
    """Call the handler of what the environment serves.

    Raises ``NotFound``, ``PermissionDenied``, ``EnvironmentNotPinned``, ``NoHandler``,
    ``RuntimeNotReady`` and ``RuntimeFailed``. What the handler itself refuses is an answer.
    """
    environment = await _find(installation, principal, call.environment_id)
    handed_over = 0
    patience = monotonic() + installation.runtimes.wait_seconds
    with hub.following([runtime_topic(environment.id)]) as wake:
        while True:
            wake.clear()
            route = await _route(installation, environment.id)
            if isinstance(route, Route):
                try:
                    return await _hand_over(installation, environment, route, call)
                except NotListening:
                    pass  # it ended a moment ago; its successor is on its way
                except ConnectionBroken:
                    handed_over += 1
                    patience = monotonic() + installation.runtimes.wait_seconds
                    if handed_over >= HANDED_OVER_AT_MOST:
                        raise RuntimeFailed(
                            environment.name, "died twice while it had this call"
                        ) from None
            await _wait(wake, environment, patience, route)


async def _find(
    installation: Installation, principal: Principal, environment_id: UUID | None
) -> Environment:
    async with installation.database.moment() as session:
        found = await session.get(Environment, environment_id) if environment_id else None
    if found is None or found.deleted_at is not None:
        raise NotFound("environment", path=("environmentId",))
    require_data(principal, Permission.PROMPT_RUN, found)
    return found


async def _wait(
    wake: Wake, environment: Environment, patience: float, seen: Route | str | None
) -> None:
    left = patience - monotonic()
    if left <= 0:
        raise RuntimeNotReady(environment.name, seen if isinstance(seen, str) else None)
    await wake.wait(at_most=min(LOOK_SECONDS, left))


async def _route(installation: Installation, environment_id: UUID) -> Route | str | None:
    """Where to send a call now; in words why nowhere yet, where that is known."""
    async with installation.database.moment() as session:
        environment = await session.get(Environment, environment_id)
        if environment is None or environment.deleted_at is not None:
            raise NotFound("environment", path=("environmentId",))
        runtime = await records.serving(session, environment)
        if runtime is not None:
            return await _route_to(session, installation, runtime)
        if not environment.is_default:
            return await _why_not_pinned(session, environment)
    return await _wake_development(installation, environment)


async def _route_to(session: AsyncSession, installation: Installation, runtime: Runtime) -> Route:
    deployment = await session.get_one(Deployment, runtime.deployment_id)
    assert runtime.address is not None
    return Route(
        runtime.address,
        installation.cipher.decrypt(runtime.secret),
        deployment.version or 0,
        deployment.commit_sha,
    )


async def _why_not_pinned(session: AsyncSession, environment: Environment) -> str | None:
    if environment.pinned_deployment_id is None:
        raise EnvironmentNotPinned(environment.name)
    pinned = await session.get_one(Deployment, environment.pinned_deployment_id)
    if pinned.artifact_id is None:
        raise NoHandler(environment.name)
    assert pinned.snapshot_id is not None
    newest = await records.newest_of(session, pinned.id, pinned.snapshot_id)
    return newest.reason if newest is not None else None


async def _wake_development(installation: Installation, environment: Environment) -> str | None:
    """Have dev's runtime started, unless that failed just now."""
    async with installation.database.transaction() as session:
        code = await records.development_code(session, environment)
        if code is None:
            raise NoHandler(environment.name)
        newest = await records.newest_of(session, code.deployment.id, code.snapshot_id)
        if newest is not None and newest.ended_at is None:
            return newest.reason
        if newest is not None and _failed_just_now(newest):
            raise RuntimeNotReady(environment.name, newest.reason)
        await wanting.ask_for_development(session, installation, code)
    return None


def _failed_just_now(runtime: Runtime) -> bool:
    assert runtime.ended_at is not None
    stands_until = runtime.ended_at + timedelta(seconds=FAILURE_STANDS_SECONDS)
    return runtime.state is RuntimeState.FAILED and utc_now() < stands_until


async def _hand_over(
    installation: Installation, environment: Environment, route: Route, call: Call
) -> Execution:
    async with AsyncExitStack() as stack:
        clock = asyncio.timeout(installation.runtimes.call_seconds + LOOK_SECONDS)
        try:
            async with clock:
                answer = await stack.enter_async_context(
                    connection.request(
                        route.address, "POST", "/execute", call.body, secret=route.secret
                    )
                )
                streaming = answer.headers.get("agentmark-streaming") == "true"
                body = _stream(answer) if streaming else await _whole(answer, environment)
        except TimeoutError:
            if not clock.expired():
                raise
            raise RuntimeFailed(environment.name, "took too long to answer") from None
        return Execution(
            environment=environment.name,
            version=route.version,
            commit_sha=route.commit_sha,
            status=answer.status,
            media_type=answer.headers.get("content-type", "application/json"),
            streaming=streaming,
            body=body,
            _stack=stack.pop_all() if streaming else AsyncExitStack(),
        )


async def _whole(answer: Answer, environment: Environment) -> bytes:
    body = await answer.body(most=MAXIMUM_ANSWER)
    if body is None:
        raise RuntimeFailed(environment.name, f"answered with more than {MAXIMUM_ANSWER} bytes")
    return body


async def _stream(answer: Answer) -> AsyncGenerator[bytes]:
    try:
        async for piece in answer.pieces():
            yield piece
    except ConnectionBroken:
        yield ENDED_EARLY
