"""What is known again of requests: the very bytes, and no more of them than there is room for."""

from typing import Any
from uuid import UUID
from weakref import ref

import pytest

from pinmark.fresh_answers import Kept, Question
from pinmark.repeated_requests import Repeatable, RepeatedRequests, head_digest
from services.database_revisions import Changes, Revision
from services.principals import ALL_PERMISSIONS, Principal

QUESTION = Question("{ a }", b"null", None, (), "http://here")
KEPT = Kept(QUESTION, Revision("1", 0, Changes()), None, b"{}")
OWNER = Principal(UUID(int=1), "owner", UUID(int=2), ALL_PERMISSIONS, owner=True)
REQUEST = Repeatable(ref(KEPT), "application/json", ("token", b"digest"), OWNER)

HEADERS = [(b"host", b"here"), (b"authorization", b"Bearer one"), (b"accept", b"*/*")]


def scope(**other: Any) -> dict[str, Any]:
    return {
        "method": "POST",
        "scheme": "http",
        "query_string": b"",
        "headers": HEADERS,
        **other,
    }


def test_the_same_bytes_are_known_again() -> None:
    requests = RepeatedRequests()
    requests.note(b"head", b"body", REQUEST)

    assert requests.with_head(b"head") == {b"body": REQUEST}
    assert requests.with_head(b"other") is None


@pytest.mark.parametrize(
    "other",
    [
        {"method": "GET"},
        {"scheme": "https"},
        {"query_string": b"a"},
        {"headers": HEADERS[:2]},
        {"headers": [*HEADERS[:1], (b"authorization", b"Bearer two"), *HEADERS[2:]]},
        {"headers": [(b"hosthere", b""), *HEADERS[1:]]},
        {"headers": [*HEADERS, (b"origin", b"http://elsewhere")]},
        {"headers": [*HEADERS, (b"accept", b"text/event-stream")]},
    ],
    ids=str,
)
def test_whatever_a_head_says_makes_it_another(other: dict[str, Any]) -> None:
    assert head_digest(scope(**other)) != head_digest(scope())
    assert head_digest(scope()) == head_digest(scope(client=("10.0.0.1", 1)))


def test_heads_that_did_not_come_for_longest_are_forgotten() -> None:
    requests = RepeatedRequests(most=10)
    for number in range(5):
        requests.note(b"first", b"%d" % number, REQUEST)
    for number in range(5):
        requests.note(b"%d" % number, b"body", REQUEST)
    requests.with_head(b"first")
    requests.note(b"one more", b"body", REQUEST)

    assert requests.with_head(b"0") is None
    assert len(requests.with_head(b"first") or ()) == 5
    assert requests.with_head(b"one more") is not None


def test_the_same_request_takes_room_once() -> None:
    requests = RepeatedRequests(most=2)
    for _ in range(10):
        requests.note(b"head", b"body", REQUEST)
    requests.note(b"other", b"body", REQUEST)

    assert requests.with_head(b"head") is not None
