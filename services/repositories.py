"""Linking an app to its Git repository."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from uuid import UUID, uuid4

from sqlalchemy.exc import IntegrityError
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from models import AppEventKind, Commit, Repository
from services import audit, events, pushes
from services.access import find_app, lock_environment
from services.apps import default_environment_id
from services.audit import Plain
from services.credentials import (
    check_deploy_key,
    check_token,
    expected_host_key,
    host_key_to_pin,
)
from services.errors import RepositoryTaken, RepositoryUnreachable
from services.git.addresses import check_address, check_branch
from services.git.mirrors import Remote
from services.heads import fetch_commit
from services.idempotency import Repeatable, find_answer, remember_answer
from services.installation import Installation
from services.principals import Permission, Principal, require
from services.webhooks import new_secret


@dataclass(frozen=True)
class Link:
    app_id: UUID | None
    url: str
    branch: str = "main"
    token: str | None = field(default=None, repr=False)
    deploy_key: str | None = field(default=None, repr=False)
    host_key: str | None = None
    idempotency_key: str | None = None

    def repeatable(self) -> Repeatable:
        return Repeatable(
            "linkRepository",
            self.idempotency_key,
            {
                "app": str(self.app_id),
                "url": self.url,
                "branch": self.branch,
                "token": self.token,
                "deployKey": self.deploy_key,
                "hostKey": self.host_key,
            },
        )


async def link_repository(
    installation: Installation, *, principal: Principal, request: Link
) -> Repository:
    """Make the app follow a branch of a repository, fetch it, and deploy its HEAD to dev.

    Linking again follows the new repository from its HEAD on. Owns its transactions, since the
    fetch must not happen inside one. Raises ``NotFound``, ``PermissionDenied``,
    ``InvalidInput``, ``RepositoryTaken`` and ``RepositoryUnreachable``.
    """
    async with installation.database.transaction() as session:
        made = await _find_made(session, principal, request)
        if made is not None:
            return made
        remote = await _check_remote(installation, session, request)
        await _check_free(session, request.app_id, remote)
        seen_before = await _recorded_head(session, request.app_id, remote)
    assert request.app_id is not None
    try:
        host_key = await host_key_to_pin(installation.mirrors, remote)
        remote = replace(remote, host_key=host_key)
        commit = await fetch_commit(installation, request.app_id, remote)
    except RepositoryUnreachable as error:
        raise RepositoryUnreachable(error.reason, path=("input", "url")) from error
    async with installation.database.transaction() as session:
        made = await _find_made(session, principal, request)
        if made is not None:
            return made
        return await _link(installation, session, principal, request, remote, commit, seen_before)


async def _find_made(
    session: AsyncSession, principal: Principal, request: Link
) -> Repository | None:
    app = await find_app(session, principal=principal, app_id=request.app_id)
    require(principal, Permission.APP_UPDATE, app_id=app.id)
    made = await find_answer(session, principal=principal, request=request.repeatable())
    return None if made is None else await session.get_one(Repository, made)


async def _check_remote(installation: Installation, session: AsyncSession, request: Link) -> Remote:
    url = check_address(request.url, installation.addresses)
    return Remote(
        url=url,
        branch=check_branch(request.branch),
        token=check_token(url, request.token),
        deploy_key=await check_deploy_key(url, request.deploy_key),
        host_key=await expected_host_key(
            session, app_id=request.app_id, url=url, given=request.host_key
        ),
    )


async def _check_free(session: AsyncSession, app_id: UUID | None, remote: Remote) -> None:
    statement = select(Repository.app_id).where(
        col(Repository.url) == remote.url, col(Repository.branch) == remote.branch
    )
    linked = (await session.exec(statement)).one_or_none()
    if linked is not None and linked != app_id:
        raise RepositoryTaken(remote.branch)


async def _recorded_head(session: AsyncSession, app_id: UUID | None, remote: Remote) -> str | None:
    """The head recorded of this very branch, when the app follows it already."""
    statement = select(Repository.head_sha).where(
        col(Repository.app_id) == app_id,
        col(Repository.url) == remote.url,
        col(Repository.branch) == remote.branch,
    )
    return (await session.exec(statement)).one_or_none()


async def _link(
    installation: Installation,
    session: AsyncSession,
    principal: Principal,
    request: Link,
    remote: Remote,
    commit: Commit,
    seen_before: str | None,
) -> Repository:
    app_id = commit.app_id
    await lock_environment(session, await default_environment_id(session, app_id))
    await _check_free(session, app_id, remote)
    statement = select(Repository).where(col(Repository.app_id) == app_id).with_for_update()
    repository = (await session.exec(statement)).one_or_none()
    before = None if repository is None else _facts(repository)
    if repository is None:
        repository = Repository(id=uuid4(), app_id=app_id, url=remote.url, branch=remote.branch)
    elif (repository.url, repository.branch) != (remote.url, remote.branch):
        repository.head_sha = seen_before = None
    repository.url, repository.branch = remote.url, remote.branch
    _keep_credentials(installation, repository, remote)
    if repository.webhook_secret is None:
        repository.webhook_secret = new_secret(installation.cipher)
    try:
        async with session.begin_nested():
            session.add(repository)
    except IntegrityError as error:  # linked by another app between the look and the insert
        raise RepositoryTaken(remote.branch) from error
    _record(session, principal, request, repository, before)
    # False when another head was seen since the fetch: that one is newer, and recorded already.
    await pushes.record_head(session, app_id=app_id, commit=commit, seen_before=seen_before)
    return repository


def _keep_credentials(installation: Installation, repository: Repository, remote: Remote) -> None:
    secret = remote.token if remote.deploy_key is None else remote.deploy_key.private
    repository.credential = None if secret is None else installation.cipher.encrypt(secret)
    repository.host_key = None if remote.host_key is None else str(remote.host_key)
    repository.deploy_key_fingerprint = (
        None if remote.deploy_key is None else remote.deploy_key.fingerprint
    )


def _record(
    session: AsyncSession,
    principal: Principal,
    request: Link,
    repository: Repository,
    before: Mapping[str, Plain] | None,
) -> None:
    remember_answer(
        session,
        principal=principal,
        request=request.repeatable(),
        subject_id=repository.id,
    )
    audit.record(
        session,
        principal=principal,
        action="repository.link",
        subject_id=repository.id,
        app_id=repository.app_id,
        before=before,
        after=_facts(repository),
    )
    events.append(
        session,
        app_id=repository.app_id,
        kind=AppEventKind.REPOSITORY_LINKED,
        actor=principal.actor,
    )


def _facts(repository: Repository) -> dict[str, Plain]:
    """What is linked, and whether with a token; never which one."""
    return {
        "url": repository.url,
        "branch": repository.branch,
        "with_token": repository.credential is not None,
    }
