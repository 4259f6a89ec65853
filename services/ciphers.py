"""Secrets at rest: what must be read again is encrypted, what need only be recognised is hashed."""

import hmac
import json
from base64 import urlsafe_b64encode
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta

from cryptography.fernet import Fernet, InvalidToken, MultiFernet


@dataclass(frozen=True)
class SecretKeys:
    """The installation's keys, newest first: the first is used, the others are still accepted."""

    keys: tuple[str, ...] = field(repr=False)

    def derive(self, purpose: str) -> list[bytes]:
        """One key of 32 bytes per secret, of no use for any other purpose."""
        return [hmac.digest(key.encode(), purpose.encode(), "sha256") for key in self.keys]


class SecretUnreadable(Exception):
    """None of the installation's keys opens it: the one that it was encrypted under is missing."""

    def __init__(self) -> None:
        super().__init__(
            "A secret cannot be read: it was encrypted under a key that PINMARK_SECRET_KEY does "
            "not have any more."
        )


class Cipher:
    """Encrypts with the newest key and reads with any, so that keys can be rotated.

    What was encrypted for one purpose cannot be read for another.
    """

    def __init__(self, secrets: SecretKeys, *, purpose: str = "encryption at rest") -> None:
        keys = [urlsafe_b64encode(key) for key in secrets.derive(purpose)]
        self._newest = Fernet(keys[0])
        self._any = MultiFernet([Fernet(key) for key in keys])

    def encrypt(self, plaintext: str) -> bytes:
        return self._newest.encrypt(plaintext.encode())

    def decrypt(self, ciphertext: bytes, *, at_most: timedelta | None = None) -> str:
        """The plaintext, or ``SecretUnreadable``, as of what is older than ``at_most``."""
        ttl = None if at_most is None else int(at_most.total_seconds())
        try:
            return self._any.decrypt(ciphertext, ttl=ttl).decode()
        except InvalidToken:
            raise SecretUnreadable from None

    def renew(self, ciphertext: bytes) -> bytes | None:
        """The same under the newest key; None when it is that already. ``SecretUnreadable``."""
        try:
            self._newest.decrypt(ciphertext)
        except InvalidToken:
            return self.encrypt(self.decrypt(ciphertext))
        return None


class Mint:
    """Makes secrets that nobody can guess and that can be made again, so that none need be kept."""

    def __init__(self, secrets: SecretKeys) -> None:
        self._keys = secrets.derive("minted secrets")

    def secrets(self, *purpose: str) -> list[bytes]:
        """32 bytes for this very purpose from each of the installation's keys, newest first."""
        message = json.dumps(purpose).encode()  # JSON keeps one part from running into the next
        return [hmac.digest(key, message, "sha256") for key in self._keys]


def is_one_of(kept: bytes, digests: Sequence[bytes]) -> bool:
    """Compared in constant time: an index that found it is free to compare as it likes."""
    return any([hmac.compare_digest(kept, digest) for digest in digests])


class Pepper:
    """Keyed digests of bearer tokens; without the key a stolen table recognises nothing."""

    def __init__(self, secrets: SecretKeys) -> None:
        self._keys = secrets.derive("bearer tokens")

    def digest(self, token: str) -> bytes:
        """The digest to keep."""
        return self.digests(token)[0]

    def digests(self, token: str) -> list[bytes]:
        """Every digest under which the token may be kept."""
        return [hmac.digest(key, token.encode(), "sha256") for key in self._keys]
