"""Idempotency keys: the same request asked twice is done once and answered alike."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import Any
from uuid import UUID

from sqlalchemy import text
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from models import IdempotentRequest
from services.errors import IdempotencyConflict, InvalidInput
from services.inputs import check_text
from services.principals import Principal

MAXIMUM_KEY = 200


@dataclass(frozen=True)
class Repeatable:
    """What makes two requests the same: who, under which key, asked what with which input."""

    operation: str
    key: str | None
    input: Mapping[str, Any]

    def digest(self) -> bytes:
        # As ASCII: any string has a digest, even one that the rules would refuse.
        facts = [self.operation, dict(self.input)]
        return sha256(json.dumps(facts, sort_keys=True).encode()).digest()


async def find_answer(
    session: AsyncSession, *, principal: Principal, request: Repeatable
) -> UUID | None:
    """What this request made when it was asked before, if it was.

    Holds the key until the transaction ends, so that of two at once the second waits for the
    first. Raises ``IdempotencyConflict`` when the key was used with another input.
    """
    if request.key is None:
        return None
    check_text("idempotencyKey", request.key, maximum=MAXIMUM_KEY)
    if not request.key.strip():
        raise InvalidInput("idempotencyKey", "An idempotency key is not empty.")
    connection = await session.connection()
    await connection.execute(
        text("SELECT pg_advisory_xact_lock(hashtextextended(:key, 0))"),
        {"key": f"{principal.id}:{request.key}"},
    )
    statement = select(IdempotentRequest).where(
        col(IdempotentRequest.principal_id) == principal.id,
        col(IdempotentRequest.key) == request.key,
    )
    known = (await session.exec(statement)).one_or_none()
    if known is None:
        return None
    if known.input_digest != request.digest():
        raise IdempotencyConflict
    return known.subject_id


def remember_answer(
    session: AsyncSession, *, principal: Principal, request: Repeatable, subject_id: UUID
) -> None:
    """Keep what the request made, in the transaction that makes it."""
    if request.key is None:
        return
    session.add(
        IdempotentRequest(
            principal_id=principal.id,
            key=request.key,
            operation=request.operation,
            input_digest=request.digest(),
            subject_id=subject_id,
        )
    )
