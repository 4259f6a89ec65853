"""Bearer tokens: recognised while they are good, kept as digests alone."""

from datetime import timedelta

from sqlmodel import select

from models import AccessToken, Member, utc_now
from pinmark.assembly import ensure_access
from pinmark.settings import Settings
from services.ciphers import Pepper, SecretKeys
from services.installation import Installation
from services.principals import ALL_PERMISSIONS, Principal
from services.tokens import MAXIMUM_TOKEN, authenticate, ensure_owner

PEPPER = Pepper(SecretKeys(("secret",)))


async def give(installation: Installation, owner: Principal, token: str, pepper: Pepper) -> None:
    async with installation.database.transaction() as session:
        await ensure_owner(
            session, pepper=pepper, organization_id=owner.organization_id, token=token
        )


async def known(
    installation: Installation, token: str, pepper: Pepper = PEPPER
) -> Principal | None:
    async with installation.database.moment() as session:
        return await authenticate(session, pepper=pepper, token=token, request_id="r-1")


async def test_the_owner_may_do_everything(installation: Installation, owner: Principal) -> None:
    await give(installation, owner, "good", PEPPER)
    found = await known(installation, "good")
    assert found is not None
    assert (found.id, found.name, found.request_id) == (owner.id, "owner", "r-1")
    assert found.permissions == ALL_PERMISSIONS


async def test_the_token_in_the_owners_file_is_the_owners(
    installation: Installation, owner: Principal, settings: Settings
) -> None:
    pepper = await ensure_access(settings, installation.database)
    token = settings.owner_token_file.read_text().strip()
    found = await known(installation, token, pepper)
    assert found is not None
    assert found.id == owner.id
    assert settings.owner_token_file.stat().st_mode & 0o777 == 0o600


async def test_anything_else_is_nobody(installation: Installation, owner: Principal) -> None:
    await give(installation, owner, "good", PEPPER)
    for token in ("", "bad", "good ", "Good", "gööd", "good\x00", "x" * (MAXIMUM_TOKEN + 1)):
        assert await known(installation, token) is None
    assert await known(installation, "good", Pepper(SecretKeys(("another",)))) is None


async def test_a_token_ends_when_it_expires_or_is_revoked(
    installation: Installation, owner: Principal
) -> None:
    now = utc_now()
    async with installation.database.transaction() as session:
        for token, expires, revoked in (
            ("expired", now - timedelta(seconds=1), None),
            ("revoked", None, now),
            ("lasting", now + timedelta(days=1), None),
        ):
            digest = PEPPER.digest(token)
            session.add(
                AccessToken(
                    member_id=owner.id, digest=digest, expires_at=expires, revoked_at=revoked
                )
            )
    assert await known(installation, "expired") is None
    assert await known(installation, "revoked") is None
    assert await known(installation, "lasting") is not None


async def test_a_token_is_kept_as_a_digest(installation: Installation, owner: Principal) -> None:
    await give(installation, owner, "good", PEPPER)
    async with installation.database.moment() as session:
        digests = (await session.exec(select(AccessToken.digest))).all()
    assert PEPPER.digest("good") in digests
    assert b"good" not in digests


async def test_after_a_rotation_the_token_is_still_recognised(
    installation: Installation, owner: Principal
) -> None:
    await give(installation, owner, "good", PEPPER)
    rotated = Pepper(SecretKeys(("new secret", "secret")))
    await give(installation, owner, "good", rotated)
    assert await known(installation, "good", rotated) is not None


async def test_starting_again_makes_no_second_owner(
    installation: Installation, settings: Settings
) -> None:
    await ensure_access(settings, installation.database)
    await ensure_access(settings, installation.database)
    async with installation.database.moment() as session:
        assert len((await session.exec(select(Member))).all()) == 1
        assert len((await session.exec(select(AccessToken))).all()) == 1
