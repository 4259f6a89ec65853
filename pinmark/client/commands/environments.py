"""Environments: what each serves, making one, deleting one."""

from typing import Annotated

import typer

from pinmark.client.commands.options import App, EnvironmentName, IdempotencyKey, Json, Url
from pinmark.client.failures import Data, Usage

env = typer.Typer(help="The environments of an app.", no_args_is_help=True)


@env.command("list")
def list_environments(url: Url = None, app: App = None, json: Json = False) -> None:
    """List the environments with what each serves."""
    from pinmark.client.documents import ENVIRONMENTS
    from pinmark.client.listing import every
    from pinmark.client.session import open_session

    with open_session(url=url, app=app, machine=json) as session:
        name = session.app_name()
        found = list(every(session.api, ENVIRONMENTS, "app", "environments", app=name))
        head = ("ENVIRONMENT", "SERVES", "COMMIT", "MESSAGE", "STATE")
        session.screen.listing(head, [_row(each) for each in found], found)


def _row(environment: Data) -> tuple[str, ...]:
    from pinmark.client.words import first_line

    pin = environment["pin"]
    commit = environment["codeCommit"] if pin is None else pin["commit"]
    return (
        environment["name"],
        environment["pinLabel"],
        "-" if commit is None else commit["shortSha"],
        "" if commit is None else first_line(commit["message"], at_most=40),
        "" if environment["deploying"] is None else "deploying…",
    )


@env.command("create")
def create_environment(
    name: EnvironmentName,
    url: Url = None,
    app: App = None,
    idempotency_key: IdempotencyKey = None,
    json: Json = False,
) -> None:
    """Create an environment. It serves nothing until something is promoted into it."""
    from uuid import uuid4

    from pinmark.client.documents import CREATE_ENVIRONMENT
    from pinmark.client.session import open_session

    with open_session(url=url, app=app, machine=json) as session:
        made = session.api.mutate(
            CREATE_ENVIRONMENT,
            repeatable=True,
            appId=session.app_id(session.app_name()),
            name=name,
            idempotencyKey=idempotency_key or str(uuid4()),
        )
        session.screen.tell(**made["environment"], apiKeyCreationUrl=made["apiKeyCreationUrl"])
        session.screen.say(
            f"Created {name}. No API key was created with it; make one at\n"
            f"{made['apiKeyCreationUrl']}\nor with `pinmark keys create`."
        )


@env.command("delete")
def delete_environment(
    name: EnvironmentName,
    confirm: Annotated[
        str | None,
        typer.Option(metavar="NAME", help="The name once more; asked for at a terminal."),
    ] = None,
    url: Url = None,
    app: App = None,
    json: Json = False,
) -> None:
    """Delete an environment: its keys end, its runtime stops. Its history stays."""
    from pinmark.client.documents import DELETE_ENVIRONMENT
    from pinmark.client.session import Session, open_session

    def typed(session: Session, found: Data) -> str:
        if confirm is not None:
            return confirm
        if not session.screen.can_ask:
            raise Usage(f"Deleting {name} has to be confirmed.", hint=f"Add --confirm {name}.")
        goes = found["deletionPreview"]
        session.screen.warn(
            f"With {name} go {goes['apiKeysRevoked']} API keys, "
            f"{goes['variablesReleased']} variables and its runtime."
        )
        return session.screen.ask(f"Type {name} to confirm: ")

    with open_session(url=url, app=app, machine=json) as session:
        found = session.environment(session.app_name(), name)
        made = session.api.mutate(
            DELETE_ENVIRONMENT,
            environmentId=found["id"],
            confirmationName=typed(session, found),
        )
        session.screen.tell(**made["environment"])
        session.screen.say(f"Deleted {name}.")
