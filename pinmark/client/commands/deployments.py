"""Deployments: what there was, what one says, stopping one."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated

import typer

from pinmark.client.commands.options import (
    WATCH_FOR,
    App,
    DeploymentId,
    Json,
    Since,
    Timeout,
    Url,
    checked_since,
)
from pinmark.client.failures import Data

if TYPE_CHECKING:
    from pinmark.client.session import Session

HEAD = ("ID", "ENVIRONMENT", "KIND", "VERSION", "COMMIT", "STATUS", "BY", "WHEN", "NOTE")


def deployments(
    environment: Annotated[
        str | None, typer.Argument(metavar="[ENV]", help="Of this environment; else of all.")
    ] = None,
    since: Since = None,
    limit: Annotated[int, typer.Option(min=1, max=1000, metavar="N", help="At most so many.")] = 20,
    url: Url = None,
    app: App = None,
    json: Json = False,
) -> None:
    """List deployments, the newest first."""
    from pinmark.client.session import open_session

    seconds = checked_since(since)
    with open_session(url=url, app=app, machine=json) as session:
        name = session.app_name()
        names = [environment] if environment is not None else _environments(session, name)
        found = [
            each
            for one in names
            for each in _newest(session, name, one, limit=limit, seconds=seconds)
        ]
        found.sort(key=lambda each: each["createdAt"], reverse=True)
        session.screen.listing(HEAD, [_row(each) for each in found[:limit]], found[:limit])


def _environments(session: "Session", app: str) -> list[str]:
    from pinmark.client.documents import ENVIRONMENTS
    from pinmark.client.listing import every

    return [
        each["name"] for each in every(session.api, ENVIRONMENTS, "app", "environments", app=app)
    ]


def _newest(
    session: "Session", app: str, environment: str, *, limit: int, seconds: float | None
) -> Iterator[Data]:
    from datetime import UTC, datetime, timedelta
    from itertools import islice, takewhile

    from pinmark.client.documents import DEPLOYMENTS
    from pinmark.client.listing import every
    from pinmark.client.words import read_time

    found = every(
        session.api,
        DEPLOYMENTS,
        "environment",
        "deployments",
        app=app,
        environment=environment,
        first=min(limit, 100),
    )
    if seconds is not None:
        start = datetime.now(UTC) - timedelta(seconds=seconds)
        found = takewhile(lambda each: read_time(each["createdAt"]) >= start, found)
    return islice(found, limit)


def _row(deployment: Data) -> tuple[str, ...]:
    from pinmark.client.words import STATUS, ago, first_line, version_word

    actor = deployment["actor"]
    return (
        deployment["id"],
        deployment["environment"]["name"],
        deployment["kind"].lower(),
        version_word(deployment["version"]),
        deployment["commit"]["shortSha"],
        STATUS[deployment["status"]],
        "" if actor is None else first_line(actor["name"], at_most=20),
        ago(deployment["createdAt"]),
        first_line(deployment["note"], at_most=40),
    )


def logs(
    deployment: DeploymentId,
    follow: Annotated[
        bool,
        typer.Option("--follow", "-f", help="Go on to the end, and exit as the deployment does."),
    ] = False,
    timeout: Timeout = WATCH_FOR,
    url: Url = None,
    json: Json = False,
) -> None:
    """Show a deployment's build log, what there is of it or with --follow to its end.

    With --follow the exit code is the deployment's: 0 deployed, 1 failed. Trouble with the log
    itself is a warning.
    """
    from pinmark.client import following, watching
    from pinmark.client.failures import StillRunning
    from pinmark.client.session import open_session
    from pinmark.client.words import read_seconds

    with open_session(url=url, machine=json) as session:
        api, screen = session.api, session.screen
        following.find_deployment(api, deployment)
        if not follow:
            _show(session, following.lines_so_far(api, deployment))
            return
        try:
            with following.at_most(read_seconds(timeout)):
                _show(session, following.log_lines(api, deployment, screen.warn))
                result = following.settled(api, deployment, screen.warn)
        except following.TimeIsUp:
            raise StillRunning("The time is up; the deployment goes on.", code="TIMEOUT") from None
        except KeyboardInterrupt:
            raise watching.still_running(deployment) from None
        watching.conclude(session, result)


def _show(session: "Session", lines: Iterator[Data]) -> None:
    for line in lines:
        session.screen.tell(type="log", **line)
        if not session.screen.machine:
            session.screen.say(line["text"])


def cancel(deployment: DeploymentId, url: Url = None, json: Json = False) -> None:
    """Cancel a deployment in flight. The environment serves on what it serves."""
    from pinmark.client.documents import CANCEL
    from pinmark.client.session import open_session

    with open_session(url=url, machine=json) as session:
        made = session.api.mutate(CANCEL, deploymentId=deployment)["deployment"]
        session.screen.tell(type="result", **made)
        session.screen.say(f"Cancelled {made['id']} into {made['environment']['name']}.")
