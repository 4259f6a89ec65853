"""Fixtures of the service tests."""

import pytest

from services.installation import Installation
from services.principals import Principal
from tests.support.callers import Caller


@pytest.fixture
def caller(installation: Installation, owner: Principal) -> Caller:
    """The owner, asking."""
    return Caller(installation, owner)
