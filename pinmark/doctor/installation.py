"""What is kept: whether it can be decrypted, and whether the repositories can be reached."""

import asyncio

from sqlmodel import col, select

from models import App, Repository
from pinmark.doctor.findings import Finding, fail, ok, warn
from services import heads
from services.ciphers import SecretUnreadable
from services.errors import RepositoryUnreachable
from services.installation import Installation
from services.rotation import find_unreadable

AT_ONCE = 8
MOST_NAMED = 5


async def check_secrets(installation: Installation) -> Finding:
    """Everything that is encrypted opens with the keys that are set."""
    readable, unreadable = await find_unreadable(installation.database, installation.cipher)
    if unreadable:
        named = ", ".join(unreadable[:MOST_NAMED])
        advice = "add the secret they were encrypted under to PINMARK_SECRET_KEY"
        return fail("secret key", f"{len(unreadable)} cannot be read: {named}", advice)
    return ok("secret key", f"opens all of {readable}")


async def check_repositories(installation: Installation) -> list[Finding]:
    """A look at the branch of each linked repository, as the server would take it."""
    async with installation.database.moment() as session:
        statement = select(App, Repository).where(col(Repository.app_id) == col(App.id))
        linked = (await session.exec(statement.order_by(col(App.name)))).all()
    if not linked:
        return [ok("repositories", "none is linked")]
    turns = asyncio.Semaphore(AT_ONCE)

    async def look(app: App, repository: Repository) -> Finding:
        async with turns:
            return await _check_repository(installation, app, repository)

    return list(await asyncio.gather(*(look(app, repository) for app, repository in linked)))


async def _check_repository(
    installation: Installation, app: App, repository: Repository
) -> Finding:
    name = f"repository {app.name}"
    try:
        remote = heads.remote_of(installation, repository)
        head = await installation.mirrors.observe_head(app.id, remote)
    except RepositoryUnreachable as error:
        return fail(name, error.reason, "its pushes are not seen; what is pinned is served")
    except SecretUnreadable:
        return fail(name, "its credential cannot be read", "see the check of the secret key")
    if head is None:
        return warn(name, f"has no branch {repository.branch}", "push it, or link another")
    return ok(name, f"is at {head[:7]}")
