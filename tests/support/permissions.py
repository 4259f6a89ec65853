"""Taking permissions from the owner of a server under test."""

import pytest

from services import authentication, roles
from services.principals import ALL_PERMISSIONS, Permission
from tests.support.servers import RunningServer


def forbid(
    server: RunningServer, monkeypatch: pytest.MonkeyPatch, *permissions: Permission
) -> None:
    """The owner holds all but these until the test ends; nobody remembers another state."""
    monkeypatch.setattr(roles, "ALL_PERMISSIONS", ALL_PERMISSIONS - set(permissions))
    authenticator = server.parts.authenticator
    authenticator.forget()
    monkeypatch.setattr(authentication, "REMEMBERED_SECONDS", 0.0)
    monkeypatch.setattr(authentication, "CHECKED_SECONDS", 0.0)
