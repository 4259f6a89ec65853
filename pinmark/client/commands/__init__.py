"""The client's commands. Each reads its options, asks the API, and shows what came back."""

import typer

from pinmark.client.commands import (
    apps,
    comparing,
    deployments,
    environments,
    keys,
    promoting,
    raw,
    sign_in,
)

PANEL = "Use a server"


def add_to(cli: typer.Typer) -> None:
    """Give the program the client's commands, in the order in which one meets them."""
    cli.command(rich_help_panel=PANEL)(sign_in.login)
    cli.command(rich_help_panel=PANEL)(sign_in.whoami)
    cli.add_typer(apps.app, name="app", rich_help_panel=PANEL)
    cli.add_typer(environments.env, name="env", rich_help_panel=PANEL)
    cli.command(rich_help_panel=PANEL)(comparing.diff)
    cli.command(rich_help_panel=PANEL)(promoting.promote)
    cli.command(rich_help_panel=PANEL)(deployments.deployments)
    cli.command(rich_help_panel=PANEL)(deployments.logs)
    cli.command(rich_help_panel=PANEL)(promoting.retry)
    cli.command(rich_help_panel=PANEL)(deployments.cancel)
    cli.command(rich_help_panel=PANEL)(promoting.rollback)
    cli.add_typer(keys.keys, name="keys", rich_help_panel=PANEL)
    cli.command(rich_help_panel=PANEL)(raw.api)
