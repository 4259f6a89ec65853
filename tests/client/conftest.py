"""Somebody with the command line, at a server with environments in every state."""

from collections.abc import AsyncGenerator
from pathlib import Path

import pytest

from tests.api.conftest import running_world
from tests.support.command_line import CommandLine
from tests.support.worlds import World


@pytest.fixture(scope="module")
async def world(
    postgres: str, template: str, tmp_path_factory: pytest.TempPathFactory
) -> AsyncGenerator[World]:
    """A server without a worker: what is started stays in flight until a test acts."""
    async with running_world(postgres, template, tmp_path_factory.mktemp("world")) as world:
        yield world


@pytest.fixture
def stranger(world: World, tmp_path: Path) -> CommandLine:
    """Somebody who knows where the server is, and shows it nothing."""
    return CommandLine(tmp_path, world.server.base, None)


@pytest.fixture
def owner(world: World, stranger: CommandLine) -> CommandLine:
    """The owner, who means the app ``triage``."""
    return CommandLine(stranger.home, stranger.url, world.server.token, {"PINMARK_APP": "triage"})
