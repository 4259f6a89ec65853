"""Cursors: opaque to clients, and recognised again only where they were given."""

import binascii
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Sequence
from typing import Any, cast
from uuid import UUID

import orjson

from services.errors import InvalidCursor

MAXIMUM_CURSOR = 1000
MAXIMUM_SEQUENCE = 2**63 - 1

Key = str | int | bool


def encode(scope: str, key: Sequence[Key]) -> str:
    """A cursor at ``key`` of the list or stream ``scope``."""
    return urlsafe_b64encode(orjson.dumps([scope, *key])).decode().rstrip("=")


def decode(scope: str, cursor: str, *, types: Sequence[type[Key]], argument: str) -> list[Key]:
    """The key at ``cursor``, or ``InvalidCursor`` when ``scope`` never gave it."""
    if len(cursor) > MAXIMUM_CURSOR:
        raise InvalidCursor(argument)
    try:
        parts: Any = orjson.loads(urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
    except (binascii.Error, ValueError):
        raise InvalidCursor(argument) from None
    if type(parts) is not list or len(cast(list[Key], parts)) != len(types) + 1:
        raise InvalidCursor(argument)
    found, *key = cast(list[Key], parts)
    if found != scope:
        raise InvalidCursor(argument)
    for part, kind in zip(key, types, strict=True):
        if type(part) is not kind or (isinstance(part, str) and "\x00" in part):
            raise InvalidCursor(argument)
        if isinstance(part, int) and abs(part) > MAXIMUM_SEQUENCE:
            raise InvalidCursor(argument)
    return key


def encode_event(app_id: UUID, seq: int) -> str:
    return encode(f"event:{app_id.hex}", [seq])


def decode_event(app_id: UUID, cursor: str, *, newest: int) -> int:
    """The sequence at ``cursor`` in the app's one space of events; it must have happened."""
    return _decode_sequence(f"event:{app_id.hex}", cursor, newest)


def encode_line(deployment_id: UUID, seq: int) -> str:
    return encode(f"line:{deployment_id.hex}", [seq])


def decode_line(deployment_id: UUID, cursor: str, *, newest: int) -> int:
    return _decode_sequence(f"line:{deployment_id.hex}", cursor, newest)


def encode_runtime_line(environment_id: UUID, seq: int) -> str:
    return encode(f"runtimeline:{environment_id.hex}", [seq])


def decode_runtime_line(environment_id: UUID, cursor: str, *, newest: int) -> int:
    return _decode_sequence(f"runtimeline:{environment_id.hex}", cursor, newest)


def _decode_sequence(scope: str, cursor: str, newest: int) -> int:
    seq = int(decode(scope, cursor, types=[int], argument="after")[0])
    if not 0 <= seq <= newest:
        raise InvalidCursor("after")
    return seq
