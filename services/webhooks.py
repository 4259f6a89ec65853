"""Webhooks: a Git host rings, and the head is fetched rather than believed.

A delivery is verified over its raw bytes before any of it is read, taken once by its id, and
answered at once: what it says is only where to look. The looking is a job in the same
transaction, so that a delivery that was answered is not lost; the poll is the safety net.
"""

import hmac
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from enum import Enum
from hashlib import sha256
from typing import Any, cast
from urllib.parse import unquote, urlsplit
from uuid import UUID

import orjson
from sqlalchemy import delete
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from models import App, Repository, WebhookDelivery, WebhookHost, utc_now
from services import audit, jobs
from services.access import find_app
from services.ciphers import Cipher
from services.errors import GitConnectionMissing
from services.principals import Permission, Principal, require
from services.pushes import lock_repository

KEPT_DELIVERIES = timedelta(days=7)
MAXIMUM_DELIVERY_ID = 200


class Unverified(Exception):
    """The delivery does not carry the repository's secret, or there is no such repository."""


class Outcome(Enum):
    """What became of a delivery."""

    QUEUED = "queued"
    IGNORED = "ignored"
    DUPLICATE = "duplicate"


@dataclass(frozen=True)
class Delivery:
    """What a Git host sent; header names are in lower case."""

    host: WebhookHost
    headers: Mapping[str, str]
    body: bytes


async def receive(
    session: AsyncSession, *, cipher: Cipher, app_id: UUID | None, delivery: Delivery
) -> Outcome:
    """Take a delivery; raises ``Unverified`` and has then read nothing of it."""
    repository = await _find(session, app_id)
    if repository is None or repository.webhook_secret is None:
        raise Unverified
    _verify(delivery, cipher.decrypt(repository.webhook_secret))
    if not _is_push_to(repository, delivery):
        return Outcome.IGNORED
    if not await _take(session, repository.app_id, delivery):
        return Outcome.DUPLICATE
    await jobs.enqueue_look(session, app_id=repository.app_id)
    return Outcome.QUEUED


async def _find(session: AsyncSession, app_id: UUID | None) -> Repository | None:
    statement = select(Repository).where(col(Repository.app_id) == app_id)
    return (await session.exec(statement)).one_or_none()


def _verify(delivery: Delivery, secret: str) -> None:
    match delivery.host:
        case WebhookHost.GITHUB:
            expected = "sha256=" + hmac.digest(secret.encode(), delivery.body, "sha256").hex()
            given = delivery.headers.get("x-hub-signature-256", "")
        case WebhookHost.GITLAB:
            expected, given = secret, delivery.headers.get("x-gitlab-token", "")
    if not hmac.compare_digest(expected.encode(), given.encode(errors="replace")):
        raise Unverified


def _is_push_to(repository: Repository, delivery: Delivery) -> bool:
    """Whether the delivery tells of a push to the tracked branch; deletions and tags do not."""
    event = delivery.headers.get("x-github-event", delivery.headers.get("x-gitlab-event", ""))
    if event.lower() not in {"push", "push hook"}:
        return False
    try:
        parsed = orjson.loads(delivery.body)
    except orjson.JSONDecodeError:
        return False
    if not isinstance(parsed, dict):
        return False
    payload = cast(dict[str, Any], parsed)
    deleted = payload.get("deleted") is True or set(str(payload.get("after", ""))) == {"0"}
    on_branch = payload.get("ref") == f"refs/heads/{repository.branch}"
    return on_branch and not deleted and _names(payload, repository)


def _names(payload: dict[str, Any], repository: Repository) -> bool:
    """Whether the payload is about this repository; one on this machine has no such name."""
    if repository.url.startswith("/"):
        return True
    linked = unquote(urlsplit(repository.url).path).strip("/").removesuffix(".git")
    named = _field(payload, "repository", "full_name") or _field(
        payload, "project", "path_with_namespace"
    )
    return named is not None and named.lower() == linked.lower()


def _field(payload: dict[str, Any], group: str, name: str) -> str | None:
    found = payload.get(group)
    value = cast(dict[str, Any], found).get(name) if isinstance(found, dict) else None
    return value if isinstance(value, str) else None


async def _take(session: AsyncSession, app_id: UUID, delivery: Delivery) -> bool:
    """Note the delivery; False when it was taken before."""
    await session.exec(
        delete(WebhookDelivery).where(
            col(WebhookDelivery.app_id) == app_id,
            col(WebhookDelivery.received_at) < utc_now() - KEPT_DELIVERIES,
        )
    )
    taken = await session.exec(
        insert(WebhookDelivery)
        .values(
            app_id=app_id,
            host=delivery.host,
            delivery_id=_delivery_id(delivery),
            received_at=utc_now(),
        )
        .on_conflict_do_nothing()
        .returning(col(WebhookDelivery.delivery_id))
    )
    return taken.one_or_none() is not None


def _delivery_id(delivery: Delivery) -> str:
    given = delivery.headers.get(
        "x-github-delivery", delivery.headers.get("x-gitlab-event-uuid", "")
    )
    usable = 0 < len(given) <= MAXIMUM_DELIVERY_ID and given.isprintable()
    return given if usable else f"sha256:{sha256(delivery.body).hexdigest()}"


def new_secret(cipher: Cipher) -> bytes:
    """A fresh webhook secret, encrypted."""
    return cipher.encrypt(secrets.token_urlsafe(32))


async def rotate_secret(
    session: AsyncSession, *, cipher: Cipher, principal: Principal, app_id: UUID | None
) -> Repository:
    """Give the app's repository a new webhook secret; the old one is refused from now on.

    Raises ``NotFound``, ``PermissionDenied`` and ``GitConnectionMissing``.
    """
    app: App = await find_app(session, principal=principal, app_id=app_id)
    require(principal, Permission.APP_UPDATE, app_id=app.id)
    if await _find(session, app.id) is None:
        raise GitConnectionMissing(app.name, path=("input", "appId"))
    repository = await lock_repository(session, app.id)
    repository.webhook_secret = new_secret(cipher)
    session.add(repository)
    audit.record(
        session,
        principal=principal,
        action="webhook_secret.rotate",
        subject_id=repository.id,
        subject_kind="Repository",
        app_id=app.id,
    )
    return repository
