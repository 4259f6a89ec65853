"""Telling who shows a bearer token: a member, an API key or a service.

Every token costs the same: its keyed digests are looked for among all that are kept, whatever it
begins with. So the time of an answer says nothing about how near a guess was.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from datetime import timedelta
from math import inf
from time import monotonic

from sqlalchemy import Update, update
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from models import AccessToken, ApiKey, App, Member, ServiceToken, utc_now
from services.ciphers import Pepper, is_one_of
from services.database import Database
from services.database_revisions import Revision
from services.hub import Wake
from services.principals import KeyScope, Permission, Principal
from services.rights import load_principal
from services.service_tokens import principal_of_service
from services.shared_reads import SharedReads

MAXIMUM_TOKEN = 512
REMEMBERED_SECONDS = 3.0
CHECKED_SECONDS = 15.0
"""Where the database says each time that it is still so: then only their use has to be noted."""
MOST_REMEMBERED = 10_000
USE_NOTED_EVERY = timedelta(minutes=1)


@dataclass(frozen=True)
class Recognised:
    """Whose a token is, and what notes down that it was used, where that is due."""

    principal: Principal
    noting: Update | None = None


async def recognise(session: AsyncSession, *, pepper: Pepper, token: str) -> Recognised | None:
    """Whose token this is while it is good; None for anything else."""
    if not is_spelled_like_a_token(token):
        return None
    digests = pepper.digests(token)
    member = await _member(session, digests)
    key = await _api_key(session, digests)
    service = await _service(session, digests)
    return member or key or service


def is_spelled_like_a_token(token: str) -> bool:
    return 0 < len(token) <= MAXIMUM_TOKEN and token.isascii()


async def _member(session: AsyncSession, digests: list[bytes]) -> Recognised | None:
    statement = (
        select(AccessToken, Member)
        .join(Member, col(AccessToken.member_id) == col(Member.id))
        .where(
            col(AccessToken.digest).in_(digests),
            col(AccessToken.revoked_at).is_(None),
            col(AccessToken.expires_at).is_(None) | (col(AccessToken.expires_at) > utc_now()),
        )
    )
    found = (await session.exec(statement)).one_or_none()
    if found is None or not is_one_of(found[0].digest, digests):
        return None
    token, member = found
    principal = await load_principal(session, member)
    if principal is None:
        return None
    return Recognised(replace(principal, good_until=token.expires_at), _noting(token))


async def _api_key(session: AsyncSession, digests: list[bytes]) -> Recognised | None:
    statement = (
        select(ApiKey, App)
        .join(App, col(ApiKey.app_id) == col(App.id))
        .where(
            col(ApiKey.digest).in_(digests),
            col(ApiKey.revoked_at).is_(None),
            col(ApiKey.expires_at).is_(None) | (col(ApiKey.expires_at) > utc_now()),
        )
    )
    found = (await session.exec(statement)).one_or_none()
    if found is None or not is_one_of(found[0].digest, digests):
        return None
    key, app = found
    principal = Principal(
        id=key.id,
        name=key.name,
        organization_id=app.organization_id,
        permissions=frozenset(
            permission for permission in Permission if permission in key.permissions
        ),
        key=KeyScope(key.app_id, key.environment_id),
        good_until=key.expires_at,
    )
    return Recognised(principal, _noting(key))


async def _service(session: AsyncSession, digests: list[bytes]) -> Recognised | None:
    statement = select(ServiceToken).where(
        col(ServiceToken.digest).in_(digests),
        col(ServiceToken.revoked_at).is_(None),
        col(ServiceToken.expires_at).is_(None) | (col(ServiceToken.expires_at) > utc_now()),
    )
    token = (await session.exec(statement)).one_or_none()
    if token is None or not is_one_of(token.digest, digests):
        return None
    return Recognised(principal_of_service(token), _noting(token))


def _noting(row: ApiKey | AccessToken | ServiceToken) -> Update | None:
    """Use is noted to the minute: not every request is worth a write."""
    if row.last_used_at is not None and row.last_used_at >= utc_now() - USE_NOTED_EVERY:
        return None
    table = type(row)
    return (
        update(table)
        .where(col(table.id) == row.id, col(table.revoked_at).is_(None))
        .values(last_used_at=utc_now())
    )


Look = Callable[[AsyncSession], Awaitable[Recognised | None]]
Shown = tuple[str, bytes]
"""What sort of thing was shown, and its digest."""


@dataclass(frozen=True)
class Remembered:
    principal: Principal
    until: float
    until_checked: float
    """The same, where the database says that it is still so."""
    revision: Revision | None
    """The database's, read before whose it is; None where that was not asked."""

    def is_good(self, revision: Revision | None) -> bool:
        """Whether it is not too old and, at a revision, true without any doubt: who may do what
        is no matter of any app.
        """
        now, was = monotonic(), self.revision
        if revision is None:
            return now < self.until
        return now < self.until_checked and was is not None and was.is_still(revision, ())


class Authenticator:
    """Recognises what callers show, and remembers for a moment those that it recognised.

    ``wake`` follows the doorbell that rings whenever somebody may do less than before; all that
    is remembered is then forgotten. While nothing ``listens`` nothing is remembered.
    """

    def __init__(
        self, database: Database, pepper: Pepper, *, wake: Wake, listens: Callable[[], bool]
    ) -> None:
        self._database = database
        self._pepper = pepper
        self._wake = wake
        self._listens = listens
        self._remembered: dict[Shown, Remembered] = {}
        self._round = 0
        self._reads = SharedReads()
        self._being_noted: set[Shown] = set()

    async def authenticate(
        self, token: str, *, request_id: str, noting: bool = True, revision: Revision | None = None
    ) -> Principal | None:
        """The principal who shows the token, or None; ``revision`` is the database's of now."""
        if not is_spelled_like_a_token(token):
            return None

        async def look(session: AsyncSession) -> Recognised | None:
            return await recognise(session, pepper=self._pepper, token=token)

        shown = ("token", self._pepper.digest(token))
        return await self.recall(
            shown, look, request_id=request_id, noting=noting, revision=revision
        )

    async def recall(
        self,
        shown: Shown,
        look: Look,
        *,
        request_id: str,
        noting: bool = True,
        revision: Revision | None = None,
    ) -> Principal | None:
        """Who showed this, as remembered or as ``look`` finds; None for nobody.

        Without ``noting`` it is no use of what was shown: somebody only asks whether it is good.
        With a ``revision`` whom is remembered was recognised in that very database.
        """
        remembered = self.remembered(shown, revision)
        round_ = self._round
        if remembered is not None:
            return replace(remembered, request_id=request_id)
        # A thousand sockets that come back at once show the same: they are recognised together.
        found = await self._reads.read(self._database.moment, shown, look)
        if found is None:
            self._remembered.pop(shown, None)
            return None
        if self._round == round_ and not self._wake.is_set and self._listens():
            # No ring since the read began: what was read has not ended meanwhile.
            self._remember(shown, found.principal, revision)
        if found.noting is not None and noting:
            await self._note(shown, found.noting)
        return replace(found.principal, request_id=request_id)

    def remembered(self, shown: Shown, revision: Revision | None) -> Principal | None:
        """Who showed this, without a look; the same object for as long as it is remembered."""
        if self._wake.is_set or not self._listens():
            self.forget()
        found = self._remembered.get(shown)
        return found.principal if found is not None and found.is_good(revision) else None

    def forget(self) -> None:
        """Recognise everybody anew."""
        self._wake.clear()
        self._round += 1
        self._remembered.clear()

    def _remember(self, shown: Shown, principal: Principal, revision: Revision | None) -> None:
        if len(self._remembered) >= MOST_REMEMBERED:
            self._remembered.clear()
        now, good_for = monotonic(), inf
        if principal.good_until is not None:
            good_for = (principal.good_until - utc_now()).total_seconds()
        self._remembered[shown] = Remembered(
            principal,
            until=now + min(REMEMBERED_SECONDS, good_for),
            until_checked=now + min(CHECKED_SECONDS, good_for),
            revision=revision,
        )

    async def _note(self, shown: Shown, use: Update) -> None:
        """Write the use down, once for all who were recognised together."""
        if shown in self._being_noted:
            return
        self._being_noted.add(shown)
        try:
            async with self._database.transaction() as session:
                await session.exec(use)
        finally:
            self._being_noted.discard(shown)
