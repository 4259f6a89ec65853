"""Setting, revealing and deleting variables, one at a time. No value leaves a trace here."""

from dataclasses import dataclass, field
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import func
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from models import AppEventKind, Environment, EnvironmentVariable, VariablePhase, utc_now
from services import audit, doorbell, events
from services.access import find_environment, lock_environment
from services.ciphers import Cipher
from services.errors import NotFound
from services.idempotency import Repeatable, find_answer, remember_answer
from services.principals import Permission, Principal, require_in
from services.variables.fingerprints import fingerprint
from services.variables.rules import check_room, check_value, check_variable_name


@dataclass(frozen=True)
class VariableSetting:
    environment_id: UUID | None
    name: str
    value: str = field(repr=False)
    phase: VariablePhase = VariablePhase.RUNTIME
    idempotency_key: str | None = None

    def repeatable(self, fingerprint: bytes) -> Repeatable:
        # The digest of a request is kept, and a plain one of a short value could be guessed.
        return Repeatable(
            "setEnvironmentVariable",
            self.idempotency_key,
            {
                "environment": str(self.environment_id),
                "name": self.name,
                "phase": self.phase,
                "fingerprint": fingerprint.hex(),
            },
        )


_Setting = tuple[VariablePhase, bytes]


async def set_variable(
    session: AsyncSession, *, cipher: Cipher, principal: Principal, request: VariableSetting
) -> EnvironmentVariable:
    """Create or change a variable; nothing happens when it is already so.

    Raises ``NotFound``, ``PermissionDenied``, ``InvalidInput`` and ``IdempotencyConflict``.
    """
    environment = await find_environment(
        session, principal=principal, environment_id=request.environment_id
    )
    require_in(principal, Permission.VARIABLE_WRITE, environment)
    check_variable_name(request.name)
    size = check_value(request.value)
    recognised_by = await fingerprint(
        session,
        cipher=cipher,
        organization_id=principal.organization_id,
        app_id=environment.app_id,
        name=request.name,
        value=request.value,
    )
    repeatable = request.repeatable(recognised_by)
    made = await find_answer(session, principal=principal, request=repeatable)
    if made is not None:
        return await _made_before(session, made)

    environment = await lock_environment(session, environment.id)
    variable = await _named(session, environment, request.name)
    before = None if variable is None else (variable.phase, variable.fingerprint)
    after = (request.phase, recognised_by)
    if variable is None or before != after:
        await _check_room(session, environment, request.name, size)
        values: dict[str, Any] = {
            "phase": request.phase,
            "value": cipher.encrypt(request.value),
            "size": size,
            "fingerprint": recognised_by,
            "updated_at": utc_now(),
            **principal.actor.columns,
        }
        if variable is None:
            variable = EnvironmentVariable(
                id=uuid4(), environment_id=environment.id, name=request.name, **values
            )
        session.add(variable.sqlmodel_update(values))
        await session.flush()
        _note_runtime_change(session, environment, before, after)
        _record(
            session,
            principal,
            environment,
            variable,
            "environment_variable.set",
            created=before is None,
        )
    remember_answer(session, principal=principal, request=repeatable, subject_id=variable.id)
    return variable


async def _made_before(session: AsyncSession, identity: UUID) -> EnvironmentVariable:
    variable = await session.get(EnvironmentVariable, identity)
    if variable is None:
        raise NotFound("variable", path=("input", "name"))
    return variable


async def _named(
    session: AsyncSession, environment: Environment, name: str
) -> EnvironmentVariable | None:
    statement = select(EnvironmentVariable).where(
        col(EnvironmentVariable.environment_id) == environment.id,
        col(EnvironmentVariable.name) == name,
    )
    return (await session.exec(statement)).one_or_none()


async def _check_room(
    session: AsyncSession, environment: Environment, name: str, size: int
) -> None:
    statement = select(
        func.count(), func.coalesce(func.sum(col(EnvironmentVariable.size)), 0)
    ).where(
        col(EnvironmentVariable.environment_id) == environment.id,
        col(EnvironmentVariable.name) != name,
    )
    others, bytes_of_others = (await session.exec(statement)).one()
    check_room(others=others, bytes_of_others=bytes_of_others, size=size)


def _note_runtime_change(
    session: AsyncSession, environment: Environment, before: _Setting | None, after: _Setting | None
) -> None:
    """Have what runs started anew, where it would be given something else now."""

    def given(setting: _Setting | None) -> bytes | None:
        return setting[1] if setting is not None and setting[0].runs else None

    if given(before) != given(after):
        environment.variables_revision += 1
        session.add(environment)
        doorbell.ring(session, doorbell.RUNTIMES)


async def delete_variable(
    session: AsyncSession, *, principal: Principal, variable_id: UUID | None
) -> tuple[Environment, EnvironmentVariable]:
    """Delete a variable; gives what it was, and the environment it was in.

    Raises ``NotFound`` and ``PermissionDenied``.
    """
    found, environment = await _find(session, principal, variable_id)
    require_in(principal, Permission.VARIABLE_WRITE, environment)
    environment = await lock_environment(session, environment.id, field="variableId")
    variable = await session.get(EnvironmentVariable, found.id, populate_existing=True)
    if variable is None:
        raise _no_such()
    await session.delete(variable)
    await session.flush()
    _note_runtime_change(session, environment, (variable.phase, variable.fingerprint), None)
    _record(session, principal, environment, variable, "environment_variable.delete")
    return environment, variable


async def reveal_variable(
    session: AsyncSession, *, cipher: Cipher, principal: Principal, variable_id: UUID | None
) -> tuple[EnvironmentVariable, str]:
    """The variable with its value; that somebody saw it is written down in the same transaction.

    Raises ``NotFound`` and ``PermissionDenied``.
    """
    variable, environment = await _find(session, principal, variable_id)
    require_in(principal, Permission.VARIABLE_REVEAL, environment)
    _audit(session, principal, environment, variable, "environment_variable.reveal")
    return variable, cipher.decrypt(variable.value)


async def _find(
    session: AsyncSession, principal: Principal, variable_id: UUID | None
) -> tuple[EnvironmentVariable, Environment]:
    variable = await session.get(EnvironmentVariable, variable_id) if variable_id else None
    if variable is None:
        raise _no_such()
    environment = await session.get_one(Environment, variable.environment_id)
    if not principal.can_in(Permission.ENVIRONMENT_READ, environment):
        raise _no_such()
    return variable, environment


def _no_such() -> NotFound:
    return NotFound("variable", path=("input", "variableId"))


def _record(
    session: AsyncSession,
    principal: Principal,
    environment: Environment,
    variable: EnvironmentVariable,
    action: str,
    *,
    created: bool | None = None,
) -> None:
    _audit(session, principal, environment, variable, action, created=created)
    events.append(
        session,
        app_id=environment.app_id,
        kind=AppEventKind.VARIABLES_CHANGED,
        actor=principal.actor,
        environment_id=environment.id,
    )


def _audit(
    session: AsyncSession,
    principal: Principal,
    environment: Environment,
    variable: EnvironmentVariable,
    action: str,
    *,
    created: bool | None = None,
) -> None:
    audit.record(
        session,
        principal=principal,
        action=action,
        subject_id=variable.id,
        app_id=environment.app_id,
        environment_id=environment.id,
        name=variable.name,
        phase=variable.phase.value,
        created=created,
    )
