"""Who one is at a server."""

import sys
from typing import Annotated

import typer

from pinmark.client.commands.options import App, Json, Url
from pinmark.client.failures import Data, Usage


def login(
    url: Url = None,
    app: App = None,
    token_stdin: Annotated[
        bool, typer.Option("--token-stdin", help="Read the token from standard input.")
    ] = False,
) -> None:
    """Keep a token for a server, and use that server from now on.

    The token is asked for, or read with --token-stdin; it is never an option, because other users
    of a machine can read those. It is tried, and kept in a file that only you can read:
    `client.json` in ~/.config/pinmark. PINMARK_TOKEN goes before what is kept.

        pinmark login --url https://pinmark.example.com

        pinmark login --token-stdin < .pinmark/owner.token
    """
    from pinmark.client.api import Api
    from pinmark.client.configuration import (
        Place,
        checked_token,
        find_place,
        is_open_to_listeners,
        keep,
        read_kept,
    )
    from pinmark.client.documents import VIEWER
    from pinmark.client.screen import Screen
    from pinmark.client.session import ending_in_words

    screen = Screen(machine=False)
    with ending_in_words(screen):
        address = find_place(url).url
        if is_open_to_listeners(address):
            screen.warn(f"{address} is not encrypted: whoever is on the way can read the token.")
        token = checked_token(_read_token(address, from_input=token_stdin), where="the input")
        with Api(Place(address, token)) as api:
            viewer = api.ask(VIEWER)["viewer"]
        path = keep(read_kept().logged_in(address, token, app))
        screen.say(f"You are {viewer['name']} at {address}. The token is kept in {path}.")


def _read_token(address: str, *, from_input: bool) -> str:
    if from_input:
        return sys.stdin.readline()
    if not sys.stdin.isatty():
        raise Usage(
            "There is no terminal to ask for the token.", hint="Pipe it in with --token-stdin."
        )
    import getpass

    return getpass.getpass(f"Token for {address} (not shown): ")


def whoami(url: Url = None, json: Json = False) -> None:
    """Show who the token makes you, and what you may do."""
    from pinmark.client.documents import VIEWER
    from pinmark.client.session import open_session

    with open_session(url=url, machine=json) as session:
        viewer = session.api.ask(VIEWER)["viewer"]
        session.screen.tell(url=session.api.url, **viewer)
        session.screen.say(_introduction(viewer, session.api.url))


def _introduction(viewer: Data, url: str) -> str:
    who = viewer["name"]
    if viewer["member"] is not None and viewer["member"]["email"] is not None:
        who += f" <{viewer['member']['email']}>"
    lines = [f"{who} at {url}, organization {viewer['organization']['name']}"]
    if viewer["environment"] is not None:
        environment = viewer["environment"]
        lines.append(f"with an API key of {environment['app']['name']}/{environment['name']}")
    elif viewer["role"] is not None:
        lines.append(f"role {viewer['role'].lower()}")
    lines.append(f"may {', '.join(viewer['permissions']) or 'do nothing'}")
    return "\n".join(lines)
