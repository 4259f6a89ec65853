"""The options that many commands have, worded once."""

from typing import Annotated

import typer

from pinmark.client.words import read_seconds

WATCH_FOR = "30m"


def _seconds(text: str) -> str:
    if read_seconds(text) is None:
        raise typer.BadParameter("give a number with s, m, h or d, such as 90s or 20m")
    return text


Url = Annotated[
    str | None,
    typer.Option(
        metavar="URL",
        help="The server; else PINMARK_URL, else the one of `pinmark login`.",
    ),
]
App = Annotated[
    str | None,
    typer.Option(
        metavar="NAME",
        help="The app; else PINMARK_APP, else the one of `pinmark login`, else the only one.",
    ),
]
Json = Annotated[
    bool,
    typer.Option("--json", help="One JSON object a line on standard output; people get stderr."),
]
Yes = Annotated[bool, typer.Option("--yes", "-y", help="Do not ask, though at a terminal.")]
Note = Annotated[
    str | None, typer.Option(metavar="TEXT", help="Why; kept with the deployment for ever.")
]
IdempotencyKey = Annotated[
    str | None,
    typer.Option(
        metavar="KEY",
        help="Asking again with the same key gives the same deployment, such as a CI run's id.",
    ),
]
Watch = Annotated[
    bool,
    typer.Option(
        "--watch/--detach",
        help="Follow it to its end and exit as it ends, or return once it is accepted.",
    ),
]
Timeout = Annotated[
    str,
    typer.Option(
        metavar="TIME",
        callback=_seconds,
        help="How long to watch, such as 90s or 20m; then exit 124. The deployment goes on.",
    ),
]
DeploymentId = Annotated[str, typer.Argument(metavar="ID", help="The deployment's id.")]
EnvironmentName = Annotated[str, typer.Argument(metavar="ENV", help="The environment's name.")]
Since = Annotated[
    str | None,
    typer.Option(metavar="TIME", help="Only those newer than this, such as 12h or 7d."),
]


def checked_since(since: str | None) -> float | None:
    return None if since is None else read_seconds(_seconds(since))
