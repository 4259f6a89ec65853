"""Somebody who asks the services for things, each act in a transaction of its own."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from typing import TypeVar
from uuid import UUID, uuid4

from sqlmodel.ext.asyncio.session import AsyncSession

from models import App, Deployment, Environment, FailureClass, Repository
from services import settlement
from services.apps import NewApp, create_app
from services.cancellations import Cancellation, cancel_deployment
from services.environments import Deletion, NewEnvironment, create_environment, delete_environment
from services.installation import Installation
from services.principals import Permission, Principal
from services.promotions import Promotion, promote_environment
from services.redeploys import Redeploy, redeploy_environment
from services.repositories import Link, link_repository
from services.retries import Retry, retry_deployment
from services.rollbacks import Rollback, roll_back
from services.settlement import Failure
from tests.support.apps import deployment_now, settle

Made = TypeVar("Made")


@dataclass(frozen=True)
class Caller:
    """A principal at an installation. What is refused raises; what is made is not settled yet."""

    installation: Installation
    principal: Principal

    def holding(self, *permissions: Permission) -> "Caller":
        """Another caller, who holds these permissions alone."""
        principal = replace(
            self.principal, id=uuid4(), name="guest", permissions=frozenset(permissions)
        )
        return replace(self, principal=principal)

    async def create_app(self, name: str, *, key: str | None = None) -> App:
        request = NewApp(name, key)
        return await self._act(lambda s: create_app(s, principal=self.principal, request=request))

    async def link(self, app: App, url: object, *, branch: str = "main") -> Repository:
        return await self.ask_link(Link(app_id=app.id, url=str(url), branch=branch))

    async def ask_link(self, request: Link) -> Repository:
        return await link_repository(self.installation, principal=self.principal, request=request)

    async def create_environment(
        self, app: App, name: str, *, key: str | None = None
    ) -> Environment:
        request = NewEnvironment(app.id, name, key)
        return await self._act(
            lambda s: create_environment(s, principal=self.principal, request=request)
        )

    async def promote(
        self,
        source: Environment,
        target: Environment,
        *,
        note: str | None = None,
        key: str | None = None,
    ) -> Deployment:
        return await self.ask_promotion(
            Promotion(source.id, target.id, note=note, idempotency_key=key)
        )

    async def ask_promotion(self, request: Promotion) -> Deployment:
        return await promote_environment(
            self.installation, principal=self.principal, request=request
        )

    async def retry(self, deployment: Deployment, *, key: str | None = None) -> Deployment:
        request = Retry(deployment.id, key)
        return await self._act(
            lambda s: retry_deployment(s, principal=self.principal, request=request)
        )

    async def roll_back(
        self,
        environment: Environment,
        version: int,
        *,
        note: str | None = None,
        key: str | None = None,
    ) -> Deployment:
        request = Rollback(environment.id, version, note, key)
        return await self._act(lambda s: roll_back(s, principal=self.principal, request=request))

    async def redeploy(self, environment: Environment, *, key: str | None = None) -> Deployment:
        request = Redeploy(environment.id, key)
        return await redeploy_environment(
            self.installation, principal=self.principal, request=request
        )

    async def cancel(self, deployment: Deployment) -> Deployment:
        request = Cancellation(deployment.id)
        return await self._act(
            lambda s: cancel_deployment(s, principal=self.principal, request=request)
        )

    async def delete(self, environment: Environment, *, typed: str | None = None) -> Environment:
        request = Deletion(environment.id, environment.name if typed is None else typed)
        return await self._act(
            lambda s: delete_environment(s, principal=self.principal, request=request)
        )

    async def release(self, source: Environment, target: Environment) -> Deployment:
        """Promote and do the work of it."""
        return await settle(self.installation, await self.promote(source, target))

    async def _act(self, act: Callable[[AsyncSession], Awaitable[Made]]) -> Made:
        async with self.installation.database.transaction() as session:
            return await act(session)


async def fail(
    installation: Installation,
    deployment: Deployment,
    kind: FailureClass = FailureClass.RUNTIME,
) -> Deployment:
    """Settle a deployment as failed, as a worker whose step went wrong does."""
    async with installation.database.transaction() as session:
        attempt = await settlement.begin_attempt(session, deployment.id)
        assert attempt is not None
        settlement.begin_code_build(session, attempt)
    async with installation.database.transaction() as session:
        await settlement.settle_failed(session, attempt, Failure(kind, "It went wrong."))
    return await deployment_now(installation, deployment.id)


async def in_flight(installation: Installation, environment_id: UUID) -> UUID | None:
    """The deployment that keeps an environment busy."""
    async with installation.database.moment() as session:
        return (await session.get_one(Environment, environment_id)).deploying_id
