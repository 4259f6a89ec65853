"""Fixtures of the service tests."""

from pathlib import Path

import pytest

from services.installation import Installation
from services.principals import Principal
from tests.support.callers import Caller


@pytest.fixture
def caller(installation: Installation, owner: Principal) -> Caller:
    """The owner, asking."""
    return Caller(installation, owner)


@pytest.fixture(scope="session")
def builder_tools(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where every builder of the run keeps what it fetches for itself."""
    return tmp_path_factory.mktemp("builder") / "tools"
