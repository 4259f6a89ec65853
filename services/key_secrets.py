"""What keys look like in plain: a prefix to tell them by, and 32 bytes nobody can guess."""

import hmac
import secrets
from enum import Enum
from uuid import UUID

from services.ciphers import Mint, Pepper

PREFIX = "sk_pinmark_"
DIGITS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
LENGTH = 43  # digits of base 62 that hold 32 bytes


class Made(Enum):
    """What a secret is made for; no two mean the same to the mint."""

    API_KEY = ("api key", PREFIX)
    SERVICE_TOKEN = ("service token", "st_pinmark_")

    def spell(self, secret: bytes) -> str:
        return spell(secret, prefix=self.prefix)

    @property
    def purpose(self) -> str:
        return self.value[0]

    @property
    def prefix(self) -> str:
        return self.value[1]


def spell(secret: bytes, *, prefix: str = PREFIX) -> str:
    """A key of 32 bytes, in characters that survive a copy by double click."""
    number = int.from_bytes(secret)
    digits: list[str] = []
    for _ in range(LENGTH):
        number, digit = divmod(number, len(DIGITS))
        digits.append(DIGITS[digit])
    return prefix + "".join(reversed(digits))


def new_key(
    mint: Mint,
    *,
    principal_id: UUID,
    idempotency_key: str | None,
    made: Made = Made.API_KEY,
) -> str:
    """A fresh key; the same one again for a repeated request, since none is kept."""
    if idempotency_key is None:
        return made.spell(secrets.token_bytes(32))
    return made.spell(mint.secrets(made.purpose, str(principal_id), idempotency_key)[0])


def made_again(
    mint: Mint,
    pepper: Pepper,
    *,
    digest: bytes,
    principal_id: UUID,
    idempotency_key: str,
    made: Made = Made.API_KEY,
) -> str | None:
    """The key that a request made before; None once the secret it was minted with is left out."""
    for secret in mint.secrets(made.purpose, str(principal_id), idempotency_key):
        key = made.spell(secret)
        if any(hmac.compare_digest(digest, known) for known in pepper.digests(key)):
            return key
    return None


def runtime_key(mint: Mint, environment_id: UUID) -> str:
    """The key that an environment's own handler is given; the same after every restart."""
    return spell(mint.secrets("runtime key", str(environment_id))[0])
