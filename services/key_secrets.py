"""What an API key looks like in plain: a prefix to tell it by, and 32 bytes nobody can guess."""

import hmac
import secrets
from uuid import UUID

from services.ciphers import Mint, Pepper

PREFIX = "sk_pinmark_"
DIGITS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
LENGTH = 43  # digits of base 62 that hold 32 bytes


def spell(secret: bytes) -> str:
    """A key of 32 bytes, in characters that survive a copy by double click."""
    number = int.from_bytes(secret)
    digits: list[str] = []
    for _ in range(LENGTH):
        number, digit = divmod(number, len(DIGITS))
        digits.append(DIGITS[digit])
    return PREFIX + "".join(reversed(digits))


def new_key(mint: Mint, *, principal_id: UUID, idempotency_key: str | None) -> str:
    """A fresh key; the same one again for a repeated request, since none is kept."""
    if idempotency_key is None:
        return spell(secrets.token_bytes(32))
    return spell(mint.secrets("api key", str(principal_id), idempotency_key)[0])


def made_again(
    mint: Mint, pepper: Pepper, *, digest: bytes, principal_id: UUID, idempotency_key: str
) -> str | None:
    """The key that a request made before; None once the secret it was minted with is left out."""
    for secret in mint.secrets("api key", str(principal_id), idempotency_key):
        key = spell(secret)
        if any(hmac.compare_digest(digest, known) for known in pepper.digests(key)):
            return key
    return None


def runtime_key(mint: Mint, environment_id: UUID) -> str:
    """The key that an environment's own handler is given; the same after every restart."""
    return spell(mint.secrets("runtime key", str(environment_id))[0])
