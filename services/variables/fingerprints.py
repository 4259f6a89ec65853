"""Fingerprints: whether two values are equal, for those who may not read them.

They are keyed digests under a key of the installation's own, which is kept encrypted beside
them. Changing the secret encrypts that key anew and leaves it the same, so fingerprints that were
kept with builds go on meaning the same. Apps cannot be told apart by each other's.
"""

import hmac
import json
import secrets
from uuid import UUID

from sqlmodel.ext.asyncio.session import AsyncSession

from models import Organization
from services.ciphers import Cipher


async def fingerprint(
    session: AsyncSession,
    *,
    cipher: Cipher,
    organization_id: UUID,
    app_id: UUID,
    name: str,
    value: str,
) -> bytes:
    """What this value of this name is recognised by within the app."""
    key = await _key(session, cipher, organization_id)
    # JSON keeps one part from running into the next.
    facts = json.dumps([str(app_id), name, value])
    return hmac.digest(key.encode(), facts.encode(), "sha256")


async def _key(session: AsyncSession, cipher: Cipher, organization_id: UUID) -> str:
    organization = await session.get_one(Organization, organization_id)
    if organization.fingerprint_key is None:
        organization = await session.get_one(
            Organization,
            organization_id,
            with_for_update={"key_share": True},
            populate_existing=True,
        )
    if organization.fingerprint_key is None:
        organization.fingerprint_key = cipher.encrypt(secrets.token_hex(32))
        session.add(organization)
        await session.flush()
    return cipher.decrypt(organization.fingerprint_key)
