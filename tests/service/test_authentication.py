"""Bearer tokens: recognised while they are good, kept as digests alone, remembered for a moment."""

import asyncio
from dataclasses import replace
from datetime import timedelta

import anyio
import pytest
from sqlalchemy import update
from sqlmodel import select
from sqlmodel.ext.asyncio.session import AsyncSession

from models import AccessToken, Member, Role, utc_now
from pinmark.assembly import ensure_access
from pinmark.settings import Settings
from services import authentication
from services.authentication import MAXIMUM_TOKEN, Authenticator, Recognised, recognise
from services.ciphers import Pepper, SecretKeys
from services.hub import Wake
from services.installation import Installation
from services.principals import ALL_PERMISSIONS, Principal
from services.tokens import ensure_owner
from tests.support.people import give_role, join
from tests.support.queries import recorded_queries

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
        found = await recognise(session, pepper=pepper, token=token)
    return None if found is None else found.principal


async def test_the_owner_may_do_everything(installation: Installation, owner: Principal) -> None:
    await give(installation, owner, "good", PEPPER)
    found = await known(installation, "good")
    assert found is not None
    assert (found.id, found.name) == (owner.id, "owner")
    assert found.permissions == ALL_PERMISSIONS


async def test_the_token_in_the_owners_file_is_the_owners(
    installation: Installation, owner: Principal, settings: Settings
) -> None:
    token = settings.owner_token_file.read_text().strip()
    found = await known(installation, token, installation.pepper)
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
                    member_id=owner.id,
                    name=token,
                    prefix=token,
                    digest=digest,
                    expires_at=expires,
                    revoked_at=revoked,
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
    await ensure_access(settings, installation)
    await ensure_access(settings, installation)
    async with installation.database.moment() as session:
        assert len((await session.exec(select(Member))).all()) == 1
        assert len((await session.exec(select(AccessToken))).all()) == 1


async def test_an_owners_token_is_never_made_anothers(
    installation: Installation, owner: Principal, settings: Settings
) -> None:
    second = await join(installation, owner, "second", Role.OWNER)
    await give_role(installation, owner, owner.id, Role.READ)
    token = settings.owner_token_file.read_text().strip()
    await ensure_access(settings, installation)
    found = await known(installation, token, installation.pepper)
    assert found is not None
    assert (found.id, found.owner) == (owner.id, False)
    settings.owner_token_file.unlink()
    await ensure_access(settings, installation)
    anew = settings.owner_token_file.read_text().strip()
    found = await known(installation, anew, installation.pepper)
    assert found is not None
    assert (found.id, found.owner) == (second.id, True)


@pytest.fixture
def wake() -> Wake:
    return Wake()


@pytest.fixture
def authenticator(installation: Installation, wake: Wake) -> Authenticator:
    return Authenticator(installation.database, PEPPER, wake=wake, listens=lambda: True)


async def revoke(installation: Installation) -> None:
    async with installation.database.transaction() as session:
        await session.exec(update(AccessToken).values(revoked_at=utc_now()))


async def test_who_was_recognised_is_remembered_until_the_bell_rings(
    installation: Installation, owner: Principal, authenticator: Authenticator, wake: Wake
) -> None:
    await give(installation, owner, "good", PEPPER)
    first = await authenticator.authenticate("good", request_id="r-1")
    await revoke(installation)
    second = await authenticator.authenticate("good", request_id="r-2")
    assert first is not None
    assert second == replace(first, request_id="r-2")
    wake.set()
    assert await authenticator.authenticate("good", request_id="r-3") is None


async def test_a_bell_during_the_look_keeps_what_was_seen_from_being_remembered(
    installation: Installation,
    owner: Principal,
    authenticator: Authenticator,
    wake: Wake,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    await give(installation, owner, "good", PEPPER)
    look = authentication.recognise

    async def look_while_it_is_revoked(
        session: AsyncSession, *, pepper: Pepper, token: str
    ) -> Recognised | None:
        found = await look(session, pepper=pepper, token=token)
        if token != "good":
            return found
        await revoke(installation)
        wake.set()
        await authenticator.authenticate("other", request_id="r-0")  # which hears the bell
        return found

    with monkeypatch.context() as slow:
        slow.setattr(authentication, "recognise", look_while_it_is_revoked)
        await authenticator.authenticate("good", request_id="r-1")
    assert await authenticator.authenticate("good", request_id="r-2") is None


async def test_nobody_is_remembered_while_nothing_listens(
    installation: Installation, owner: Principal, wake: Wake
) -> None:
    await give(installation, owner, "good", PEPPER)
    deaf = Authenticator(installation.database, PEPPER, wake=wake, listens=lambda: False)
    assert await deaf.authenticate("good", request_id="r-1") is not None
    await revoke(installation)
    assert await deaf.authenticate("good", request_id="r-2") is None


async def test_who_come_at_once_with_the_same_are_recognised_by_one_look(
    installation: Installation, owner: Principal, wake: Wake
) -> None:
    await give(installation, owner, "good", PEPPER)
    deaf = Authenticator(installation.database, PEPPER, wake=wake, listens=lambda: False)
    requests = [f"r-{number}" for number in range(50)]
    with recorded_queries(leaving_out=()) as statements:
        found = await asyncio.gather(
            *(deaf.authenticate("good", request_id=request) for request in requests)
        )
    assert [each and each.request_id for each in found] == requests
    assert sum("FROM accesstoken" in statement for statement in statements) == 1
    assert sum("UPDATE accesstoken" in statement for statement in statements) == 1


async def test_a_token_is_not_remembered_past_its_end(
    installation: Installation, owner: Principal, authenticator: Authenticator
) -> None:
    async with installation.database.transaction() as session:
        ends = utc_now() + timedelta(seconds=0.2)
        digest = PEPPER.digest("short")
        session.add(
            AccessToken(
                member_id=owner.id, name="short", prefix="short", digest=digest, expires_at=ends
            )
        )
    assert await authenticator.authenticate("short", request_id="r-1") is not None
    await anyio.sleep_until(anyio.current_time() + 0.25)
    assert await authenticator.authenticate("short", request_id="r-2") is None
