"""A server answers to its own names, where it can know them."""

from typing import Any

import pytest

from pinmark.own_names import is_named, names_of
from pinmark.settings import Settings


def names(**given: Any) -> frozenset[str] | None:
    return names_of(Settings(**given))


OWN = [
    "localhost",
    "localhost:8000",
    "LOCALHOST",
    "localhost.",
    "pinmark.localhost",
    "127.0.0.1:8000",
    "192.168.1.7",
    "[::1]:8000",
    "[2001:db8::1]",
    "",
]
FOREIGN = [
    "rebound.example",
    "rebound.example:8000",
    "localhost.rebound.example",
    "127.0.0.1.rebound.example",
    "notlocalhost",
    "[::1",
    "user@localhost@rebound.example",
    "rebound.example#localhost",
    "\u00e9",
]


@pytest.mark.parametrize("host", OWN)
def test_a_server_of_this_machine_answers_to_its_name_and_to_addresses(host: str) -> None:
    assert is_named(host, names() or frozenset())


@pytest.mark.parametrize("host", FOREIGN)
def test_and_to_nothing_else(host: str) -> None:
    known = names()
    assert known is not None
    assert not is_named(host, known)


@pytest.mark.parametrize(
    "given",
    [
        {"public_url": "https://Pinmark.example.com/"},
        {"host": "0.0.0.0", "public_url": "https://pinmark.example.com"},
        {"host": "0.0.0.0", "allowed_hosts": "other.example, Pinmark.example.com"},
    ],
)
def test_a_server_that_is_told_its_names_has_those_beside(given: dict[str, Any]) -> None:
    known = names(**given)
    assert known is not None
    assert is_named("pinmark.example.com:443", known)
    assert is_named("localhost", known)
    assert not is_named("rebound.example", known)


@pytest.mark.parametrize("host", ["0.0.0.0", "10.0.0.7", "::"])
def test_a_server_that_others_reach_and_that_is_told_none_cannot_know_them(host: str) -> None:
    assert names(host=host) is None
