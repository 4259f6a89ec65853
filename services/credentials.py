"""What a repository is read with: over https perhaps a token, over ssh a deploy key."""

from uuid import UUID

from anyio import to_thread
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from models import Repository
from services.errors import InvalidInput
from services.git.mirrors import Mirrors, Remote
from services.git.ssh_addresses import SshAddress, is_ssh
from services.git.ssh_keys import DeployKey, HostKey, parse_deploy_key, parse_host_key
from services.inputs import check_text

MAXIMUM_TOKEN = 4000


def check_token(url: str, token: str | None) -> str | None:
    if token is None:
        return None
    check_text("token", token, maximum=MAXIMUM_TOKEN)
    if is_ssh(url):
        raise InvalidInput("token", "A token belongs to an https address; ssh takes a deploy key.")
    if not url.startswith("https://"):
        raise InvalidInput("token", "A token belongs to an https address.")
    return token


async def check_deploy_key(url: str, deploy_key: str | None) -> DeployKey | None:
    if deploy_key is None:
        if is_ssh(url):
            raise InvalidInput("deployKey", "An ssh address takes a deploy key.")
        return None
    if not is_ssh(url):
        raise InvalidInput(
            "deployKey", "A deploy key belongs to an ssh address; this address takes a token."
        )
    return await to_thread.run_sync(parse_deploy_key, deploy_key)


async def expected_host_key(
    session: AsyncSession, *, app_id: UUID | None, url: str, given: str | None
) -> HostKey | None:
    """Return the key that the host has to show: the given one, else the one kept of it so far."""
    if given is None:
        return await _kept_host_key(session, app_id, url) if is_ssh(url) else None
    if not is_ssh(url):
        raise InvalidInput("hostKey", "A host key belongs to an ssh address.")
    return parse_host_key(given)


async def _kept_host_key(session: AsyncSession, app_id: UUID | None, url: str) -> HostKey | None:
    statement = select(Repository).where(col(Repository.app_id) == app_id)
    repository = (await session.exec(statement)).one_or_none()
    if repository is None or repository.host_key is None:
        return None
    if SshAddress.of(repository.url).authority != SshAddress.of(url).authority:
        return None
    return HostKey.kept(repository.host_key)


async def host_key_to_pin(mirrors: Mirrors, remote: Remote) -> HostKey | None:
    """The key of a host behind ssh, in full; on first use it is the one that the host shows.

    One that was expected and is not shown stays expected: the fetch refuses it in words.
    """
    expected = remote.host_key
    if not is_ssh(remote.url) or (expected is not None and expected.kind is not None):
        return expected
    shown = await mirrors.host_key(remote.url, expected)
    if expected is None or shown.fingerprint == expected.fingerprint:
        return shown
    return expected
