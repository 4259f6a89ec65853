"""The sets of variables that builds and runtimes are given."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from uuid import UUID

from sqlalchemy import and_
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from models import Environment, EnvironmentVariable, VariablePhase
from services.ciphers import Cipher


@dataclass(frozen=True)
class BuildVariables:
    """An environment's build-time variables as they were at one moment, still encrypted.

    What decides about a build and what the build is given are one set: one that is changed
    meanwhile is for the next.
    """

    fingerprints: Mapping[str, str] = field(default_factory=dict[str, str], repr=False)
    sealed: Mapping[str, bytes] = field(default_factory=dict[str, bytes], repr=False)

    def open(self, cipher: Cipher) -> dict[str, str]:
        """The values, or ``SecretUnreadable``."""
        return {name: cipher.decrypt(value) for name, value in self.sealed.items()}


async def build_variables(session: AsyncSession, *, environment_id: UUID) -> BuildVariables:
    statement = (
        select(EnvironmentVariable)
        .where(
            col(EnvironmentVariable.environment_id) == environment_id,
            col(EnvironmentVariable.phase) != VariablePhase.RUNTIME,
        )
        .order_by(col(EnvironmentVariable.name))
    )
    rows = (await session.exec(statement)).all()
    return BuildVariables(
        {row.name: row.fingerprint.hex() for row in rows}, {row.name: row.value for row in rows}
    )


@dataclass(frozen=True)
class RuntimeVariables:
    """An environment's run-time variables at one revision, as a runtime's row keeps them."""

    revision: int
    sealed: dict[str, str] = field(repr=False)


async def runtime_variables(session: AsyncSession, *, environment_id: UUID) -> RuntimeVariables:
    # One statement: between two the set could become that of another revision.
    statement = (
        select(Environment.variables_revision, EnvironmentVariable.name, EnvironmentVariable.value)
        .select_from(Environment)
        .join(
            EnvironmentVariable,
            and_(
                col(EnvironmentVariable.environment_id) == col(Environment.id),
                col(EnvironmentVariable.phase) != VariablePhase.BUILD,
            ),
            isouter=True,
        )
        .where(col(Environment.id) == environment_id)
        .order_by(col(EnvironmentVariable.name))
    )
    rows = (await session.exec(statement)).all()
    return RuntimeVariables(rows[0][0], {name: value.decode() for _, name, value in rows if name})


def open_sealed(cipher: Cipher, sealed: Mapping[str, str]) -> dict[str, str]:
    """The values that a runtime's row keeps, or ``SecretUnreadable``."""
    return {name: cipher.decrypt(value.encode()) for name, value in sealed.items()}


async def run_time_names(session: AsyncSession, *, environment_id: UUID) -> frozenset[str]:
    """The names of variables that a build is not given."""
    statement = select(EnvironmentVariable.name).where(
        col(EnvironmentVariable.environment_id) == environment_id,
        col(EnvironmentVariable.phase) == VariablePhase.RUNTIME,
    )
    return frozenset((await session.exec(statement)).all())
