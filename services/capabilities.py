"""What a principal could do now, and why not: asked of the very rules that would refuse it."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from sqlmodel.ext.asyncio.session import AsyncSession

from models import App, Environment, Organization, Repository
from services import api_keys, apps, environments, heads, promotions, redeploys, rollbacks
from services.deployments import check_idle
from services.errors import DomainError, NotFound
from services.principals import Permission, Principal, require, require_in

FIELD = "environmentId"


@dataclass(frozen=True)
class Capability:
    """Whether something would be accepted at this moment; the refusal in words when not."""

    allowed: bool
    reason: str | None = None


def ask(*rules: Callable[[], object]) -> Capability:
    """Ask rules that raise when they refuse; the first refusal is the reason."""
    try:
        for rule in rules:
            rule()
    except DomainError as refusal:
        return Capability(False, refusal.message)
    return Capability(True)


async def ask_also(before: Capability, rule: Callable[[], Awaitable[object]]) -> Capability:
    """Ask one rule more, which has to look something up, when nothing refused so far."""
    if not before.allowed:
        return before
    try:
        await rule()
    except DomainError as refusal:
        return Capability(False, refusal.message)
    return before


def _living(environment: Environment) -> None:
    if environment.deleted_at is not None:
        raise NotFound("environment", path=("input", FIELD))


@dataclass(frozen=True)
class OnEnvironment:
    """What can be done with an environment, as ``principal``."""

    principal: Principal
    environment: Environment

    def may_promote(self) -> Capability:
        """Whoever else is at it."""
        return ask(
            lambda: _living(self.environment),
            lambda: promotions.check_target(self.principal, self.environment),
        )

    def may_roll_back(self) -> Capability:
        """Whoever else is at it."""
        return ask(
            lambda: _living(self.environment),
            lambda: rollbacks.check_environment(self.principal, self.environment),
            lambda: rollbacks.check_other_version(self.environment),
        )

    def may_delete(self) -> Capability:
        """Whoever else is at it."""
        return ask(
            lambda: _living(self.environment),
            lambda: environments.check_deletable(self.principal, self.environment),
        )

    def may_read_variables(self) -> Capability:
        """The names of them; those of a deleted environment are gone, which is no secret."""
        return ask(
            lambda: require_in(self.principal, Permission.VARIABLE_READ, self.environment),
        )

    def may_write_variables(self) -> Capability:
        return self._with_variables(Permission.VARIABLE_WRITE)

    def may_reveal_variables(self) -> Capability:
        return self._with_variables(Permission.VARIABLE_REVEAL)

    def _with_variables(self, permission: Permission) -> Capability:
        return ask(
            lambda: _living(self.environment),
            lambda: require_in(self.principal, permission, self.environment),
        )

    def promote(self, app: App, repository: Repository | None) -> Capability:
        return self._when_idle(
            self.may_promote(), lambda: heads.linked(app, repository, field="sourceId")
        )

    def roll_back(self) -> Capability:
        return self._when_idle(self.may_roll_back())

    def delete(self) -> Capability:
        return self._when_idle(self.may_delete())

    def redeploy(self, app: App, repository: Repository | None) -> Capability:
        may = ask(
            lambda: _living(self.environment),
            lambda: require(
                self.principal, Permission.ENVIRONMENT_PROMOTE, app_id=self.environment.app_id
            ),
        )
        if self.environment.is_default:
            return self._and(may, lambda: heads.linked(app, repository, field=FIELD))
        return self._when_idle(may, lambda: redeploys.check_pinned(self.environment))

    async def create_api_key(self, session: AsyncSession) -> Capability:
        may = ask(
            lambda: _living(self.environment),
            lambda: require_in(self.principal, Permission.API_KEY_INSERT, self.environment),
        )
        return await ask_also(may, lambda: api_keys.check_limit(session, self.environment.app_id))

    def _when_idle(self, may: Capability, *rules: Callable[[], object]) -> Capability:
        return self._and(may, *rules, lambda: check_idle(self.environment, field=FIELD))

    @staticmethod
    def _and(may: Capability, *rules: Callable[[], object]) -> Capability:
        return ask(*rules) if may.allowed else may


def link_repository(principal: Principal, app: App) -> Capability:
    return ask(lambda: require(principal, Permission.APP_UPDATE, app_id=app.id))


async def create_environment(session: AsyncSession, principal: Principal, app: App) -> Capability:
    may = ask(lambda: environments.check_may_create(principal, app))
    return await ask_also(may, lambda: environments.check_limit(session, app))


async def create_app(
    session: AsyncSession, principal: Principal, organization: Organization
) -> Capability:
    may = ask(lambda: require(principal, Permission.APP_INSERT))
    return await ask_also(may, lambda: apps.check_limit(session, organization))


def manage_members(principal: Principal) -> Capability:
    """To invite, to give roles, and to make roles."""
    return ask(lambda: require(principal, Permission.MEMBER_WRITE))
