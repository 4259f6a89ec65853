"""One run of a command: the server it asks, the app it means, and how it ends."""

import os
import sys
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass

import typer

from pinmark.client.api import Api
from pinmark.client.configuration import APP_VARIABLE, find_app, find_place
from pinmark.client.documents import APP, APPS, ENVIRONMENT
from pinmark.client.failures import Data, Failure, Interrupted, NotFound, Usage
from pinmark.client.screen import Screen


@dataclass(frozen=True)
class Session:
    api: Api
    screen: Screen
    app: str | None
    """The app that was named, by whatever means."""

    def app_name(self) -> str:
        """The app that is meant: the one that was named, or the only one that there is."""
        if self.app is not None:
            return self.app
        names = [each["name"] for each in self.api.ask(APPS)["apps"]["nodes"]]
        if len(names) == 1:
            return names[0]
        if not names:
            raise NotFound("There is no app here that you may see.", code="NOT_FOUND")
        raise Usage(
            f"Which app? There are {', '.join(names[:10])}{', …' if names[10:] else ''}.",
            hint=f"Name one with --app, or set {APP_VARIABLE}.",
        )

    def app_id(self, name: str) -> str:
        found = self.api.ask(APP, name=name)["app"]
        if found is None:
            raise _no_app(name)
        return found["id"]

    def environment(self, app: str, name: str) -> Data:
        """The living environment of that name, or what there is instead."""
        found = self.api.ask(ENVIRONMENT, app=app, name=name)
        if found["app"] is None:
            raise _no_app(app)
        if found["environment"] is None:
            raise NotFound(
                f"There is no environment {name} in {app}.",
                hint="`pinmark env list` lists them.",
                code="NOT_FOUND",
            )
        return {**found["environment"], "app": found["app"]}


def _no_app(name: str) -> NotFound:
    return NotFound(
        f"There is no app {name} here.", hint="`pinmark app list` lists them.", code="NOT_FOUND"
    )


@contextmanager
def open_session(
    *, url: str | None, app: str | None = None, machine: bool = False
) -> Generator[Session]:
    """Ask the server for as long as the block lasts; whatever ends it badly is said in words."""
    screen = Screen(machine=machine)
    with ending_in_words(screen), Api(find_place(url)) as api:
        yield Session(api, screen, find_app(app))


@contextmanager
def ending_in_words(screen: Screen) -> Generator[None]:
    try:
        yield
    except Failure as failure:
        screen.fail(failure)
        raise typer.Exit(failure.exit_code) from None
    except KeyboardInterrupt:
        raise typer.Exit(Interrupted.exit_code) from None
    except BrokenPipeError:
        # Whoever read has enough; Python would complain once more when it flushes at the end.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        raise typer.Exit(0) from None
