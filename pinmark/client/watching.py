"""Watching a deployment that a command has started, and ending as it ends."""

import typer

from pinmark.client.failures import Data, Failure, Interrupted, StillRunning
from pinmark.client.following import TimeIsUp, at_most, settled, transitions
from pinmark.client.progress import progress_on
from pinmark.client.session import Session
from pinmark.client.words import harmless, version_word


def announce(session: Session, deployment: Data) -> None:
    """Its id and where the dashboard shows it, before anything else."""
    url = dashboard_url(session.api.url, deployment)
    session.screen.tell(type="deployment", url=url, **deployment)
    parts = [f"Deployment {deployment['id']}", _direction(deployment)]
    if deployment["version"] is not None:
        parts.append(f"version {version_word(deployment['version'])}")
    parts.append(f"commit {deployment['commit']['shortSha']}")
    session.screen.say("  ".join([parts[0], ", ".join(parts[1:])]))
    session.screen.say(url)


def dashboard_url(base: str, deployment: Data) -> str:
    """Under ``/a/`` every app is found, whatever it is called."""
    environment = deployment["environment"]
    app, name = environment["app"]["name"], environment["name"]
    return f"{base}/a/{app}/e/{name}/deployments/{deployment['id']}"


def watch(session: Session, deployment: Data, *, seconds: float | None) -> None:
    """Show its transitions and end with the exit code of how it ended."""
    identity = deployment["id"]
    try:
        with at_most(seconds):
            _show_transitions(session, identity)
            result = settled(session.api, identity, session.screen.warn)
    except TimeIsUp:
        raise StillRunning(
            "The time is up; the deployment goes on.",
            hint=f"`pinmark logs {identity} --follow` follows it.",
            code="TIMEOUT",
        ) from None
    except KeyboardInterrupt:
        raise still_running(identity) from None
    conclude(session, result)


def still_running(identity: str) -> Interrupted:
    return Interrupted(
        "Still running; this only stopped watching.",
        hint=f"`pinmark logs {identity} --follow` follows it, "
        f"`pinmark cancel {identity}` stops it.",
        code="INTERRUPTED",
    )


def _show_transitions(session: Session, identity: str) -> None:
    shown = None
    with progress_on(session.screen) as progress:
        for now in transitions(session.api, identity, progress.warn):
            steps = (now.file_sync, now.code_build, now.status)
            if steps == shown:
                continue
            shown = steps
            progress.moved(now)
            session.screen.tell(
                type="transition",
                at=now.at,
                status=now.status,
                fileSync=now.file_sync,
                codeBuild=now.code_build,
                cursor=now.cursor,
            )


def conclude(session: Session, result: Data) -> None:
    """Say how it ended; its failure is the command's."""
    session.screen.tell(type="result", **result)
    if result["status"] == "DEPLOYED":
        session.screen.say(_success(result))
        return
    session.screen.say(_failure(result))
    raise typer.Exit(Failure.exit_code)


def _success(result: Data) -> str:
    name = result["environment"]["name"]
    if result["version"] is None:
        return f"Deployed {result['commit']['shortSha']} to {name}."
    return f"Deployed {version_word(result['version'])} to {name}."


def _failure(result: Data) -> str:
    environment = result["environment"]
    serves = environment["pin"]
    lines = [f"Failed ({result['failureClass']}): {result['failureReason']}"]
    if result["kind"] == "PUSH":
        lines.append(f"{environment['name']} serves what it served before.")
        return "\n".join(lines)
    served = "serves nothing" if serves is None else f"serves {version_word(serves['version'])}"
    lines.append(f"{environment['name']} still {served}.")
    lines.append(f"`pinmark retry {result['id']}` runs it again.")
    return "\n".join(lines)


def _direction(deployment: Data) -> str:
    name = deployment["environment"]["name"]
    if deployment["kind"] == "PROMOTION":
        return harmless(f"{deployment['sourceName']} → {name}")
    return f"{deployment['kind'].lower()} of {name}"
