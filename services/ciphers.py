"""Secrets at rest: what must be read again is encrypted, what need only be recognised is hashed."""

import hmac
from collections.abc import Sequence
from hashlib import sha256

from cryptography.fernet import Fernet, MultiFernet


class Cipher:
    """Encrypts with the first of its keys and reads with any, so that keys can be rotated."""

    def __init__(self, keys: Sequence[str]) -> None:
        self._fernet = MultiFernet([Fernet(key) for key in keys])

    def encrypt(self, plaintext: str) -> bytes:
        return self._fernet.encrypt(plaintext.encode())

    def decrypt(self, ciphertext: bytes) -> str:
        return self._fernet.decrypt(ciphertext).decode()


class Pepper:
    """Keyed digests of bearer tokens; without the key a stolen table recognises nothing."""

    def __init__(self, secret: bytes) -> None:
        self._secret = secret

    def digest(self, token: str) -> bytes:
        return hmac.new(self._secret, token.encode(), sha256).digest()
