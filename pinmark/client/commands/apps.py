"""Apps."""

import typer

from pinmark.client.commands.options import Json, Url

app = typer.Typer(help="The apps of the organization.", no_args_is_help=True)


@app.command("list")
def list_apps(url: Url = None, json: Json = False) -> None:
    """List the apps that you may see."""
    from pinmark.client.documents import APPS
    from pinmark.client.listing import every
    from pinmark.client.session import open_session
    from pinmark.client.words import ago

    with open_session(url=url, machine=json) as session:
        found = list(every(session.api, APPS, "apps"))
        rows = [
            (each["name"], _follows(each["repository"]), ago(each["createdAt"])) for each in found
        ]
        session.screen.listing(("APP", "FOLLOWS", "CREATED"), rows, found)


def _follows(repository: dict[str, str] | None) -> str:
    return "-" if repository is None else f"{repository['branch']} of {repository['url']}"
