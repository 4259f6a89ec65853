"""Secrets that a request made before, shown to it again."""

from typing import TypeVar

from sqlmodel.ext.asyncio.session import AsyncSession

from models import AccessToken, ApiKey, Invitation, ServiceToken
from services.ciphers import Mint, Pepper
from services.errors import InvalidInput
from services.idempotency import Repeatable, find_answer
from services.key_secrets import Secret, made_again
from services.principals import Principal

Row = TypeVar("Row", AccessToken, ApiKey, Invitation, ServiceToken)


async def find_made(
    session: AsyncSession,
    table: type[Row],
    *,
    mint: Mint,
    pepper: Pepper,
    principal: Principal,
    request: Repeatable,
    kind: Secret,
) -> tuple[Row, str] | None:
    """The row that this request made when it was asked before, and its plaintext; if it was.

    Raises ``IdempotencyConflict``, and ``InvalidInput`` once the secret that the plaintext was
    minted with is left out.
    """
    made = await find_answer(session, principal=principal, request=request)
    if made is None:
        return None
    assert request.key is not None  # only under one is a request known again
    row = await session.get_one(table, made)
    plaintext = made_again(
        mint,
        pepper,
        digest=row.digest,
        principal_id=principal.id,
        idempotency_key=request.key,
        kind=kind,
    )
    if plaintext is None:
        raise InvalidInput(
            "idempotencyKey", "This was made under a secret that is no longer in use."
        )
    return row, plaintext
