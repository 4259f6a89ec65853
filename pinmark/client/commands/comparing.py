"""What a promotion would change."""

from typing import Annotated

import typer

from pinmark.client.commands.options import App, Json, Url


def diff(
    source: Annotated[str, typer.Argument(metavar="SOURCE", help="Promote from here …")],
    target: Annotated[str, typer.Argument(metavar="TARGET", help="… into this.")],
    url: Url = None,
    app: App = None,
    json: Json = False,
) -> None:
    """Show what promoting SOURCE into TARGET would change: commits, content and code files."""
    from pinmark.client.changes import compare, describe
    from pinmark.client.session import open_session

    with open_session(url=url, app=app, machine=json) as session:
        name = session.app_name()
        found = compare(
            session.api, session.environment(name, source), session.environment(name, target)
        )
        session.screen.tell(**found)
        session.screen.say("\n".join(describe(found)))
