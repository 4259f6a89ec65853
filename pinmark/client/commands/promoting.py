"""Commands that start a deployment, and watch it."""

from typing import TYPE_CHECKING, Annotated
from uuid import uuid4

import typer

from pinmark.client.commands.options import (
    WATCH_FOR,
    App,
    DeploymentId,
    EnvironmentName,
    IdempotencyKey,
    Json,
    Note,
    Timeout,
    Url,
    Watch,
    Yes,
)
from pinmark.client.failures import Data, NotFound

if TYPE_CHECKING:
    from pinmark.client.session import Session


def promote(
    source: Annotated[str, typer.Option("--from", metavar="ENV", help="Where to take it from.")],
    target: Annotated[str, typer.Option("--to", metavar="ENV", help="Where to bring it.")],
    note: Note = None,
    watch: Watch = True,
    timeout: Timeout = WATCH_FOR,
    if_version: Annotated[
        int | None,
        typer.Option(
            metavar="N", help="Only if the target serves version N, 0 for none; else exit 5."
        ),
    ] = None,
    idempotency_key: IdempotencyKey = None,
    yes: Yes = False,
    url: Url = None,
    app: App = None,
    json: Json = False,
) -> None:
    """Promote what one environment has into another, and watch it deploy.

    Exit code: 0 deployed, 1 failed, 2 usage, 3 denied, 4 not found, 5 conflict (the target is
    busy, or not at --if-version), 124 the time was up, 130 interrupted. It comes from the
    deployment itself; a lost connection is gone on with.

        pinmark promote --from dev --to staging

        pinmark promote --from staging --to prod --note "Release 12" --timeout 20m
    """
    from pinmark.client.changes import compare, summary
    from pinmark.client.documents import PROMOTE
    from pinmark.client.session import open_session

    with open_session(url=url, app=app, machine=json) as session:
        name = session.app_name()
        origin, goal = session.environment(name, source), session.environment(name, target)
        seen: Data | None = None
        if session.screen.can_ask and not yes:
            found = compare(session.api, origin, goal)
            seen = found["sourceCommit"]
            session.screen.warn(summary(found))
            session.screen.confirm(f"Promote {source} into {target} of {name}?")
        made = session.api.mutate(
            PROMOTE,
            repeatable=True,
            sourceId=origin["id"],
            targetId=goal["id"],
            note=note,
            expectedSourceCommit=None if seen is None else seen["sha"],
            expectedTargetVersion=if_version,
            idempotencyKey=idempotency_key or str(uuid4()),
        )
        _started(session, made["deployment"], watch=watch, timeout=timeout)


def retry(
    deployment: DeploymentId,
    watch: Watch = True,
    timeout: Timeout = WATCH_FOR,
    idempotency_key: IdempotencyKey = None,
    url: Url = None,
    json: Json = False,
) -> None:
    """Run a failed deployment again: the same commit, content and version."""
    from pinmark.client.documents import RETRY
    from pinmark.client.session import open_session

    with open_session(url=url, machine=json) as session:
        made = session.api.mutate(
            RETRY,
            repeatable=True,
            deploymentId=deployment,
            idempotencyKey=idempotency_key or str(uuid4()),
        )
        _started(session, made["deployment"], watch=watch, timeout=timeout)


def rollback(
    environment: EnvironmentName,
    to: Annotated[
        str | None,
        typer.Option(metavar="VERSION", help="Such as v3; else the one below what is served."),
    ] = None,
    note: Note = None,
    watch: Watch = True,
    timeout: Timeout = WATCH_FOR,
    idempotency_key: IdempotencyKey = None,
    yes: Yes = False,
    url: Url = None,
    app: App = None,
    json: Json = False,
) -> None:
    """Let an environment serve another of its versions again, and watch it deploy."""
    from pinmark.client.documents import ROLL_BACK
    from pinmark.client.session import open_session

    with open_session(url=url, app=app, machine=json) as session:
        name = session.app_name()
        found = session.environment(name, environment)
        version = _version_before(session, name, found) if to is None else read_version(to)
        if not yes:
            session.screen.confirm(
                f"Roll {environment} of {name} back from {found['pinLabel']} to v{version}?"
            )
        made = session.api.mutate(
            ROLL_BACK,
            repeatable=True,
            environmentId=found["id"],
            version=version,
            note=note,
            idempotencyKey=idempotency_key or str(uuid4()),
        )
        _started(session, made["deployment"], watch=watch, timeout=timeout)


def read_version(text: str) -> int:
    digits = text.removeprefix("v")
    if not digits.isascii() or not digits.isdigit() or not 0 < int(digits[:12]) < 2**31:
        from pinmark.client.failures import Usage

        raise Usage(f"{text!r} is no version.", hint="A version is like v3.")
    return int(digits)


def _version_before(session: "Session", app: str, environment: Data) -> int:
    """The newest version below the one that is served."""
    from pinmark.client.documents import DEPLOYMENTS
    from pinmark.client.listing import every

    name, pin = environment["name"], environment["pin"]
    known = every(
        session.api, DEPLOYMENTS, "environment", "deployments", app=app, environment=name, first=50
    )
    versions = [
        each["version"]
        for each in known
        if each["version"] is not None and each["status"] == "DEPLOYED"
    ]
    below = [version for version in versions if pin is not None and version < pin["version"]]
    if not below:
        raise NotFound(
            f"{name} has no version below the one that it serves.",
            hint=f"`pinmark deployments {name}` shows what there was.",
            code="VERSION_NOT_FOUND",
        )
    return max(below)


def _started(session: "Session", deployment: Data, *, watch: bool, timeout: str) -> None:
    from pinmark.client import watching
    from pinmark.client.words import read_seconds

    watching.announce(session, deployment)
    if watch:
        watching.watch(session, deployment, seconds=read_seconds(timeout))
