"""Global ids: opaque, one per thing in the whole API. A junk id names nothing; it never raises."""

import binascii
from base64 import urlsafe_b64decode
from typing import cast
from uuid import UUID

import strawberry

MAXIMUM_ID = 100


def encode_id(kind: str, identity: UUID) -> strawberry.ID:
    text = f"{kind}:{identity.hex}".encode()
    # It never takes the two signs in which the alphabet that is safe in addresses differs.
    return cast(strawberry.ID, binascii.b2a_base64(text, newline=False).decode().rstrip("="))


def decode_any(value: str) -> tuple[str, UUID] | None:
    """The kind and identity that a global id stands for, or None for anything else."""
    if len(value) > MAXIMUM_ID or not value.isascii():
        return None
    try:
        decoded = urlsafe_b64decode(value + "=" * (-len(value) % 4)).decode()
        kind, _, identity = decoded.partition(":")
        found = kind, UUID(hex=identity)
    except (binascii.Error, ValueError):
        return None
    # Only the one spelling that we gave: an id is compared as text by clients and caches.
    return found if encode_id(*found) == value else None


def decode_id(kind: str, value: str) -> UUID | None:
    """The identity behind a global id of ``kind``, or None when it is not one."""
    found = decode_any(value)
    return found[1] if found is not None and found[0] == kind else None
