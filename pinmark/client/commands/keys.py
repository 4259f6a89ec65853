"""API keys, each of one environment."""

from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Annotated
from uuid import uuid4

import typer

from pinmark.client.commands.options import App, IdempotencyKey, Json, Url, checked_since
from pinmark.client.failures import Data, Usage

keys = typer.Typer(help="The API keys of an app.", no_args_is_help=True)
HEAD = ("ID", "NAME", "ENVIRONMENT", "BEGINS WITH", "LAST USED", "STATE")


class Preset(StrEnum):
    """The permissions that a kind of program needs."""

    SDK = "sdk"
    READ_ONLY = "read-only"
    FULL_ACCESS = "full-access"


@keys.command("list")
def list_keys(
    environment: Annotated[
        str | None, typer.Argument(metavar="[ENV]", help="Of this environment; else of all.")
    ] = None,
    url: Url = None,
    app: App = None,
    json: Json = False,
) -> None:
    """List the API keys, the ended ones too."""
    from pinmark.client.documents import KEYS
    from pinmark.client.listing import every
    from pinmark.client.session import open_session

    with open_session(url=url, app=app, machine=json) as session:
        found = [
            each
            for each in every(session.api, KEYS, "app", "apiKeys", app=session.app_name())
            if environment is None or _environment_of(each) == environment
        ]
        session.screen.listing(HEAD, [_row(each) for each in found], found)


def _environment_of(key: Data) -> str:
    return "" if key["environment"] is None else key["environment"]["name"]


def _row(key: Data) -> tuple[str, ...]:
    from pinmark.client.words import ago

    used = "never" if key["lastUsedAt"] is None else ago(key["lastUsedAt"])
    return (key["id"], key["name"], _environment_of(key), key["prefix"], used, _state(key))


def _state(key: Data) -> str:
    from pinmark.client.words import read_time

    if key["revokedAt"] is not None:
        return "revoked"
    ends = key["expiresAt"]
    return "expired" if ends is not None and read_time(ends) <= datetime.now(UTC) else "good"


@keys.command("create")
def create_key(
    name: Annotated[str, typer.Argument(metavar="NAME", help="To tell it by.")],
    environment: Annotated[
        str, typer.Option("--env", metavar="ENV", help="The environment that it is for.")
    ],
    preset: Annotated[
        Preset | None, typer.Option(help="The permissions of a kind of program.")
    ] = None,
    permission: Annotated[
        list[str] | None,
        typer.Option(metavar="PERMISSION", help="One more permission; may be repeated."),
    ] = None,
    expires_in: Annotated[
        str | None, typer.Option(metavar="TIME", help="When it ends by itself, such as 90d.")
    ] = None,
    idempotency_key: IdempotencyKey = None,
    url: Url = None,
    app: App = None,
    json: Json = False,
) -> None:
    """Create an API key, and print it: this is the one time that it is shown."""
    from pinmark.client.documents import CREATE_KEY
    from pinmark.client.session import open_session

    seconds = checked_since(expires_in)
    with open_session(url=url, app=app, machine=json) as session:
        if preset is None and not permission:
            raise Usage("A key needs permissions.", hint="Add --preset or --permission.")
        found = session.environment(session.app_name(), environment)
        ends = None if seconds is None else datetime.now(UTC) + timedelta(seconds=seconds)
        made = session.api.mutate(
            CREATE_KEY,
            repeatable=True,
            environmentId=found["id"],
            name=name,
            permissions=permission or [],
            preset=None if preset is None else preset.name,
            expiresAt=None if ends is None else ends.isoformat(),
            idempotencyKey=idempotency_key or str(uuid4()),
        )
        session.screen.tell(**made["apiKey"], plaintext=made["plaintext"])
        if not json:
            session.screen.warn(f"The key {name} of {environment}, shown this once:")
            session.screen.say(made["plaintext"])


@keys.command("revoke")
def revoke_key(
    key: Annotated[str, typer.Argument(metavar="ID", help="The key's id, as listed.")],
    url: Url = None,
    json: Json = False,
) -> None:
    """End an API key for good. It is refused everywhere at once."""
    from pinmark.client.documents import REVOKE_KEY
    from pinmark.client.session import open_session

    with open_session(url=url, machine=json) as session:
        made = session.api.mutate(REVOKE_KEY, apiKeyId=key)["apiKey"]
        session.screen.tell(**made)
        session.screen.say(f"Revoked {made['name']}.")
