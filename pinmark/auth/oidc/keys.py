"""The provider's public keys, as its JWKS publishes them."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, cast

from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from jwt import PyJWK
from jwt.exceptions import PyJWTError

ALGORITHMS = {
    "RSA": frozenset({"RS256", "RS384", "RS512", "PS256", "PS384", "PS512"}),
    "EC": frozenset({"ES256", "ES384", "ES512"}),
    "OKP": frozenset({"EdDSA"}),
}
"""What a key of each type may sign with. All are asymmetric: what verifies cannot sign."""
ALL_ALGORITHMS = frozenset[str]().union(*ALGORITHMS.values())
MAXIMUM_KEYS = 100
SHORTEST_RSA = 2048


@dataclass(frozen=True)
class SigningKey:
    """One public key, what it is called, and what it may have signed with."""

    id: str | None
    algorithms: frozenset[str]
    key: Any


def signing_keys(jwks: Mapping[str, Any]) -> list[SigningKey]:
    """The keys of a JWKS that sign; what cannot be used is left out."""
    listed = jwks.get("keys")
    entries = cast(list[object], listed) if isinstance(listed, list) else []
    keys = [_signing_key(entry) for entry in entries[:MAXIMUM_KEYS]]
    return [key for key in keys if key is not None]


def _signing_key(entry: object) -> SigningKey | None:
    if not isinstance(entry, dict):
        return None
    jwk = cast(dict[str, Any], entry)
    allowed = ALGORITHMS.get(str(jwk.get("kty")), frozenset[str]())
    if "alg" in jwk:
        allowed &= {str(jwk["alg"])}
    if not allowed or jwk.get("use", "sig") != "sig":
        return None
    try:
        key: Any = PyJWK(jwk, algorithm=min(allowed)).key
    except (PyJWTError, ValueError, TypeError, KeyError):
        return None
    if isinstance(key, RSAPublicKey) and key.key_size < SHORTEST_RSA:
        return None
    kid = jwk.get("kid")
    return SigningKey(kid if isinstance(kid, str) else None, allowed, key)


def key_for(keys: list[SigningKey], *, kid: str | None, algorithm: str) -> SigningKey | None:
    """The one key that a token with this header can be signed with."""
    fitting = [key for key in keys if algorithm in key.algorithms]
    if kid is not None:
        fitting = [key for key in fitting if key.id == kid]
    return fitting[0] if len(fitting) == 1 else None
