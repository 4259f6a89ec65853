"""The demo: the sample app, linked and live, on first start."""

from pathlib import Path

from anyio import to_thread

from pinmark.demo_repository import demo_source, seed_demo_repository
from pinmark.settings import Settings
from services import finding, heads
from services.apps import NewApp, create_app
from services.installation import Installation
from services.repositories import Link, link_repository
from services.rights import owner_principal
from services.tokens import find_owner

APP = "support-triage"


def demo_repository(settings: Settings) -> Path:
    return settings.demo_repositories / f"{APP}.git"


async def seed_demo(settings: Settings, installation: Installation) -> None:
    """Make the sample repository and the app that follows it; what exists is left alone."""
    repository = demo_repository(settings)
    await to_thread.run_sync(seed_demo_repository, demo_source(), repository)
    async with installation.database.transaction() as session:
        owner = owner_principal(await find_owner(session))
        app = await finding.app_by_name(session, principal=owner, name=APP)
        if app is None:
            app = await create_app(session, principal=owner, request=NewApp(name=APP))
        linked = await heads.has_repository(session, app)
    if not linked:
        link = Link(app_id=app.id, url=str(repository))
        await link_repository(installation, principal=owner, request=link)
