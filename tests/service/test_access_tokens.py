"""Access tokens: as good as their member, shown once, ended by them or by who manages members."""

from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import anyio
import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from models import AccessToken, Member, Role, utc_now
from services.access_tokens import (
    MadeToken,
    NewAccessToken,
    create_access_token,
    list_access_tokens,
    revoke_access_token,
)
from services.authentication import Authenticator, recognise
from services.errors import (
    IdempotencyConflict,
    InvalidInput,
    MemberRequired,
    NotFound,
    OwnerRequired,
    PermissionDenied,
)
from services.hub import Wake
from services.installation import Installation
from services.paging import PageRequest
from services.principals import Principal
from tests.support.callers import Caller
from tests.support.keys import make_key
from tests.support.people import act, deactivate, join, member_now


async def make(
    installation: Installation, principal: Principal, name: str = "laptop", **more: Any
) -> MadeToken:
    request = NewAccessToken(name, **more)
    return await act(
        installation,
        lambda session: create_access_token(
            session,
            mint=installation.mint,
            pepper=installation.pepper,
            principal=principal,
            request=request,
        ),
    )


async def revoke(
    installation: Installation, principal: Principal, token_id: UUID | None
) -> AccessToken:
    return await act(
        installation,
        lambda session: revoke_access_token(session, principal=principal, access_token_id=token_id),
    )


async def holder(installation: Installation, token: str) -> Principal | None:
    async with installation.database.moment() as session:
        found = await recognise(session, pepper=installation.pepper, token=token)
    return None if found is None else found.principal


async def listed(installation: Installation, principal: Principal, member: Member) -> list[str]:
    async with installation.database.moment() as session:
        page = await list_access_tokens(
            session, principal=principal, member=member, request=PageRequest()
        )
    return [row.name for row in page.rows]


async def test_a_token_is_as_good_as_its_member_and_kept_as_a_digest(
    installation: Installation, owner: Principal
) -> None:
    ada = await (await join(installation, owner, "ada", Role.WRITE)).asks()
    made = await make(installation, ada)
    assert await holder(installation, made.plaintext) == ada
    assert made.row.prefix == made.plaintext[:17]
    assert made.plaintext.encode() not in made.row.digest


async def test_a_token_ends_by_itself_or_by_its_member(
    installation: Installation, owner: Principal
) -> None:
    ada = await (await join(installation, owner, "ada")).asks()
    short = await make(installation, ada, expires_at=utc_now() + timedelta(seconds=0.2))
    made = await make(installation, ada)
    await anyio.sleep(0.25)
    assert await holder(installation, short.plaintext) is None
    await revoke(installation, ada, made.row.id)
    first = (await revoke(installation, ada, made.row.id)).revoked_at
    assert first is not None
    assert await holder(installation, made.plaintext) is None


async def test_who_manages_members_ends_others_tokens_but_an_owners(
    installation: Installation, owner: Principal
) -> None:
    ada = await (await join(installation, owner, "ada", Role.WRITE)).asks()
    admin = await (await join(installation, owner, "admin", Role.ADMIN)).asks()
    made = await make(installation, ada)
    owners = await make(installation, owner)
    reader = await (await join(installation, owner, "reader")).asks()
    for token_id in (made.row.id, uuid4(), None):
        with pytest.raises(NotFound, match="No such access token"):
            await revoke(installation, reader, token_id)
    with pytest.raises(OwnerRequired):
        await revoke(installation, admin, owners.row.id)
    await revoke(installation, admin, made.row.id)
    assert await holder(installation, made.plaintext) is None


async def test_tokens_are_listed_to_their_member_and_to_who_manages_members(
    installation: Installation, owner: Principal
) -> None:
    person = await join(installation, owner, "ada")
    ada, member = await person.asks(), await member_now(installation, person.id)
    await make(installation, ada)
    for principal in (ada, owner):
        assert await listed(installation, principal, member) == ["laptop", "invitation"]
    reader = await (await join(installation, owner, "reader")).asks()
    with pytest.raises(PermissionDenied, match=r"member\.write"):
        await listed(installation, reader, member)
    ours = await member_now(installation, owner.id)
    assert await listed(installation, owner, ours) == ["owner.token"]


async def test_a_program_and_one_who_left_make_no_tokens(
    installation: Installation, owner: Principal, caller: Caller
) -> None:
    app = await caller.create_app("triage")
    key = await make_key(installation, owner, await caller.create_environment(app, "staging"))
    program = await holder(installation, key.plaintext)
    ada = await join(installation, owner, "ada")
    remembered = await ada.asks()
    await deactivate(installation, owner, ada.id)
    for principal in (program, remembered):
        assert principal is not None
        with pytest.raises(MemberRequired):
            await make(installation, principal)


async def test_a_repeated_request_is_given_the_same_token(
    installation: Installation, owner: Principal
) -> None:
    first = await make(installation, owner, idempotency_key="k")
    again = await make(installation, owner, idempotency_key="k")
    assert (again.row.id, again.plaintext) == (first.row.id, first.plaintext)
    with pytest.raises(IdempotencyConflict):
        await make(installation, owner, "another", idempotency_key="k")
    for name in ("", " ", "x" * 101, "a\0b"):
        with pytest.raises(InvalidInput):
            await make(installation, owner, name)


@pytest.mark.parametrize(
    "change", ["revoked_at = NULL", "digest = 'x'", "name = 'other'", "last_used_at = now()"]
)
async def test_what_was_revoked_never_changes(
    installation: Installation, owner: Principal, change: str
) -> None:
    made = await make(installation, owner)
    await revoke(installation, owner, made.row.id)
    with pytest.raises(DBAPIError, match="never changes"):
        async with installation.database.transaction() as session:
            await (await session.connection()).execute(
                text(f"UPDATE accesstoken SET {change} WHERE id = :id"), {"id": made.row.id}
            )


async def test_showing_a_token_is_noted_to_the_minute(
    installation: Installation, owner: Principal
) -> None:
    made = await make(installation, owner)
    authenticator = Authenticator(
        installation.database, installation.pepper, wake=Wake(), listens=lambda: False
    )
    noted: list[object] = []
    for _ in range(2):
        assert await authenticator.authenticate(made.plaintext, request_id="r") is not None
        async with installation.database.moment() as session:
            noted.append((await session.get_one(AccessToken, made.row.id)).last_used_at)
    assert noted[0] is not None
    assert noted[0] == noted[1]
