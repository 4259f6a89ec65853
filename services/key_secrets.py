"""What a bearer secret looks like in plain: a prefix to tell it by, 32 bytes nobody can guess."""

import secrets
from dataclasses import dataclass
from uuid import UUID

from services.ciphers import Mint, Pepper, is_one_of

PREFIX = "sk_pinmark_"
DIGITS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
LENGTH = 43  # digits of base 62 that hold 32 bytes


@dataclass(frozen=True)
class Secret:
    """A kind of secret: how it begins, and what it is minted for."""

    prefix: str
    purpose: str


API_KEY = Secret(PREFIX, "api key")
ACCESS_TOKEN = Secret("pinmark_pat_", "access token")
INVITATION = Secret("pinmark_inv_", "invitation")
SERVICE_TOKEN = Secret("st_pinmark_", "service token")


def spell(secret: bytes, prefix: str = PREFIX) -> str:
    """A secret of 32 bytes, in characters that survive a copy by double click."""
    number = int.from_bytes(secret)
    digits: list[str] = []
    for _ in range(LENGTH):
        number, digit = divmod(number, len(DIGITS))
        digits.append(DIGITS[digit])
    return prefix + "".join(reversed(digits))


def new_key(
    mint: Mint, *, principal_id: UUID, idempotency_key: str | None, kind: Secret = API_KEY
) -> str:
    """A fresh key; the same one again for a repeated request, since none is kept."""
    if idempotency_key is None:
        return spell(secrets.token_bytes(32), kind.prefix)
    minted = mint.secrets(kind.purpose, str(principal_id), idempotency_key)
    return spell(minted[0], kind.prefix)


def made_again(
    mint: Mint,
    pepper: Pepper,
    *,
    digest: bytes,
    principal_id: UUID,
    idempotency_key: str,
    kind: Secret = API_KEY,
) -> str | None:
    """The key that a request made before; None once the secret it was minted with is left out."""
    for secret in mint.secrets(kind.purpose, str(principal_id), idempotency_key):
        key = spell(secret, kind.prefix)
        if is_one_of(digest, pepper.digests(key)):
            return key
    return None


def runtime_key(mint: Mint, environment_id: UUID) -> str:
    """The key that an environment's own handler is given; the same after every restart."""
    return spell(mint.secrets("runtime key", str(environment_id))[0])
