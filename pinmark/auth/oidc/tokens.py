"""Tokens of the provider: what must hold before a word of one is believed."""

import hmac
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, cast

import jwt
from jwt.exceptions import PyJWTError

from models import utc_now
from pinmark.auth.oidc.keys import ALL_ALGORITHMS, SigningKey
from services.sign_in import Identity

LEEWAY_SECONDS = 30
LONGEST_AGO_SECONDS = 600
"""How old an ID token may be that a sign-in has just been given."""
MAXIMUM_JWT = 16 * 1024
MAXIMUM_SUBJECT = 255
TYPES = frozenset({None, "JWT", "AT+JWT"})


class TokenRefused(Exception):
    """The token is not to be believed; the message says why, for the log alone."""


@dataclass(frozen=True)
class Header:
    """What a token says of itself before anything of it is verified."""

    algorithm: str
    kid: str | None


def looks_like_jwt(token: str) -> bool:
    """A cheap look, so that other tokens are not held up: no key of ours has a dot."""
    return token.startswith("eyJ") and token.count(".") == 2


def read_header(token: str) -> Header:
    if len(token) > MAXIMUM_JWT or not token.isascii():
        raise TokenRefused("not a JWT")
    try:
        header = jwt.get_unverified_header(token)
    except (PyJWTError, ValueError, RecursionError):
        raise TokenRefused("not a JWT") from None
    algorithm, kid, kind = header.get("alg"), header.get("kid"), header.get("typ")
    if algorithm not in ALL_ALGORITHMS:
        raise TokenRefused(f"the algorithm is {algorithm!r:.40}")
    if kid is not None and not isinstance(kid, str):
        raise TokenRefused("the key's id is no string")
    if _comparable_type(kind) not in TYPES:
        raise TokenRefused(f"the type is {kind!r:.40}")
    return Header(str(algorithm), kid)


def _comparable_type(kind: object) -> object:
    return kind.upper().removeprefix("APPLICATION/") if isinstance(kind, str) else kind


def verified_claims(
    token: str, *, header: Header, key: SigningKey, issuer: str, audience: str
) -> dict[str, Any]:
    """The claims of a token that the issuer signed for the audience, and that is good now."""
    try:
        claims = jwt.decode(
            token,
            key.key,
            algorithms=[header.algorithm],
            issuer=issuer,
            audience=audience,
            leeway=LEEWAY_SECONDS,
            options={"require": ["exp", "iat", "iss", "aud", "sub"]},
        )
    except (PyJWTError, ValueError, TypeError, OverflowError, RecursionError) as error:
        raise TokenRefused(f"{type(error).__name__}: {error}"[:200]) from None
    subject = claims["sub"]
    if not isinstance(subject, str) or not 0 < len(subject) <= MAXIMUM_SUBJECT or "\0" in subject:
        raise TokenRefused("the subject cannot be one")
    return claims


def check_id_token(
    claims: Mapping[str, Any], *, client_id: str, nonce: str, now: datetime | None = None
) -> None:
    """What an ID token has to say besides, when a sign-in is given it."""
    given = claims.get("nonce")
    if not isinstance(given, str) or not hmac.compare_digest(given.encode(), nonce.encode()):
        raise TokenRefused("the nonce is another sign-in's")
    check_authorized_party(claims, client_id=client_id)
    age = (now or utc_now()).timestamp() - float(claims["iat"])
    if age > LONGEST_AGO_SECONDS:
        raise TokenRefused("it was issued too long ago")


def check_authorized_party(claims: Mapping[str, Any], *, client_id: str) -> None:
    """A token for several audiences says which of them it was issued to."""
    party, audience = claims.get("azp"), claims["aud"]
    several = isinstance(audience, list) and len(cast(Sequence[object], audience)) > 1
    if (several or party is not None) and party != client_id:
        raise TokenRefused("it was issued to another client")


def ends_at(claims: Mapping[str, Any]) -> datetime:
    """From when on the token is refused."""
    try:
        return datetime.fromtimestamp(float(claims["exp"]) + LEEWAY_SECONDS, UTC)
    except (OverflowError, ValueError, OSError):
        return datetime.max.replace(tzinfo=UTC)


def identity_of(claims: Mapping[str, Any], *, told: Mapping[str, Any]) -> Identity:
    """Who it is: by the token's claims, and what ``told`` says of e-mail address and name.

    An address counts only with ``email_verified: true``, the very value, from the same source.
    """
    email = told.get("email") if told.get("email_verified") is True else None
    name = told.get("name") or told.get("preferred_username")
    return Identity(
        issuer=str(claims["iss"]),
        subject=str(claims["sub"]),
        email=email if isinstance(email, str) else None,
        name=name if isinstance(name, str) else None,
    )
