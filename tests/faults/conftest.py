"""A site for every test: a data directory of its own and real processes on it."""

import sys
from collections.abc import Generator
from pathlib import Path

import pytest

from tests.support.fault_scale import FIGURES, WHOLE, Progress
from tests.support.processes import Site, open_site
from tests.support.repositories import Repository, make_repository
from tests.support.samples import FIRST_COMMIT, WITH_HANDLER


@pytest.fixture
def site(tmp_path: Path) -> Generator[Site]:
    with open_site(tmp_path) as site:
        yield site


@pytest.fixture
def linkable(site: Site) -> Repository:
    """A bare repository that the site may link, with a handler that builds at once."""
    repository = make_repository(site.repositories / "app.git")
    repository.commit({**FIRST_COMMIT, **WITH_HANDLER}, message="A prompt and a handler")
    return repository


@pytest.fixture
def progress(capsys: pytest.CaptureFixture[str]) -> Progress:
    """Tells whoever watches how far a long run is; a short one says nothing."""

    def tell(words: str) -> None:
        if WHOLE:
            with capsys.disabled():
                sys.stdout.write(f"{words}\n")
                sys.stdout.flush()

    return tell


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    for figures in FIGURES:
        terminalreporter.write_line(str(figures))
