"""What a runtime is made of, read from the rows that name it."""

import secrets
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from uuid import UUID

from sqlmodel import col, select

from models import Blob, SnapshotEntry
from services import snapshots
from services.api_keys import ensure_runtime_key
from services.ciphers import SecretUnreadable
from services.installation import Installation
from services.runtimes.driver import RuntimePlan, RuntimeUnavailable
from services.runtimes.records import Rows, read_rows
from services.variables.given import open_sealed

PAGE_SIZE = 64


@dataclass(frozen=True)
class Variables:
    """What a handler finds in its environment; the values of ``secrets`` never reach a log."""

    values: dict[str, str] = field(repr=False)
    secrets: tuple[str, ...] = field(default=(), repr=False)


def new_secret(installation: Installation) -> bytes:
    """What signs the calls to a runtime, encrypted as it is kept."""
    return installation.cipher.encrypt(secrets.token_hex(32))


async def make_plan(installation: Installation, runtime_id: UUID) -> RuntimePlan:
    async with installation.database.transaction() as session:
        rows = await read_rows(session, runtime_id)
        key = await ensure_runtime_key(
            session,
            mint=installation.mint,
            pepper=installation.pepper,
            environment=rows.environment,
        )
    runtime, artifact = rows.runtime, rows.artifact
    if runtime.secret is None:
        raise RuntimeUnavailable("It has ended.")
    try:
        variables = variables_of(installation, rows, key)
        signing_secret = installation.cipher.decrypt(runtime.secret)
    except SecretUnreadable as unreadable:
        raise RuntimeUnavailable(str(unreadable)) from None
    return RuntimePlan(
        runtime_id=runtime_id,
        language=artifact.language,
        handler_path=artifact.handler,
        artifact_path=artifact.store_path,
        artifact_digest=artifact.digest,
        code_paths=artifact.inputs.keys(),
        content=lambda: read_content(installation, rows.snapshot.id),
        signing_secret=signing_secret,
        variables=variables.values,
        secrets=variables.secrets,
    )


def variables_of(installation: Installation, rows: Rows, key: str) -> Variables:
    """The variables of a runtime: the one place where every source of them joins.

    The environment's own are those that the runtime was asked for with, however they were changed
    since: another runtime has those. Raises ``SecretUnreadable``.
    """
    own = open_sealed(installation.cipher, rows.runtime.variables or {})
    return Variables(
        {
            **own,
            "AGENTMARK_API_KEY": key,
            "AGENTMARK_APP_ID": str(rows.environment.app_id),
            "AGENTMARK_BASE_URL": installation.base_url,
            "PINMARK_ENVIRONMENT": rows.environment.name,
            "PINMARK_VERSION": str(rows.deployment.version or 0),
            "PINMARK_COMMIT": rows.deployment.commit_sha,
        },
        secrets=(key, *own.values()),
    )


async def read_content(
    installation: Installation, snapshot_id: UUID
) -> AsyncIterator[tuple[str, bytes]]:
    """The files of a snapshot with their bytes, by path."""
    after = ""
    while True:
        statement = (
            select(SnapshotEntry.path, Blob)
            .join(Blob, col(Blob.digest) == col(SnapshotEntry.digest))
            .where(col(SnapshotEntry.snapshot_id) == snapshot_id, col(SnapshotEntry.path) > after)
            .order_by(col(SnapshotEntry.path))
            .limit(PAGE_SIZE)
        )
        async with installation.database.moment() as session:
            page = (await session.exec(statement)).all()
        for path, blob in page:
            yield path, await _bytes_of(installation, blob)
        if len(page) < PAGE_SIZE:
            return
        after = page[-1][0]


async def _bytes_of(installation: Installation, blob: Blob) -> bytes:
    if blob.content is not None:
        return blob.content
    return await installation.store.get(snapshots.blob_path(blob.digest))
