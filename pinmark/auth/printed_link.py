"""The printed link: whoever can read it where the server runs may sign in as an owner."""

from urllib.parse import urlencode

from services.installation import Installation
from services.sign_in_links import make_link


async def make_sign_in_link(installation: Installation, *, base: str) -> str | None:
    """A link that is good once; None where no owner is active."""
    async with installation.database.transaction() as session:
        token = await make_link(session, pepper=installation.pepper)
    if token is None:
        return None
    return f"{base.rstrip('/')}/auth/link?{urlencode({'token': token})}"
