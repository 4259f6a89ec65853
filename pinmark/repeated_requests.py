"""What requests of late were given, by the very bytes that they were.

A dashboard, a script and a pod send the same head and the same body again and again. Who sent
such a request, what it asks and in which form were found out once; the same bytes say the same.
Kept are digests of them: nothing here tells what was sent.
"""

from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from weakref import ref

from starlette.types import Scope

from pinmark.fresh_answers import Kept
from services.authentication import Shown
from services.principals import Principal

MOST_REQUESTS = 10_000


@dataclass(frozen=True, slots=True)
class Repeatable:
    """A request that was given an answer that is kept, for as long as that is."""

    answer: "ref[Kept]"
    media_type: str
    shown: Shown
    principal: Principal
    """Who sent it, as the authenticator remembers them by what was ``shown``."""


class RepeatedRequests:
    """The requests of late; those whose head did not come for longest are forgotten first."""

    def __init__(self, most: int = MOST_REQUESTS) -> None:
        self._most = most
        self._count = 0
        self._by_head: OrderedDict[bytes, dict[bytes, Repeatable]] = OrderedDict()

    def with_head(self, head: bytes) -> Mapping[bytes, Repeatable] | None:
        """The requests with this head by the digests of their bodies; None if there are none."""
        found = self._by_head.get(head)
        if found is not None:
            self._by_head.move_to_end(head)
        return found

    def note(self, head: bytes, body: bytes, request: Repeatable) -> None:
        """Know the request again by the digests of its head and its body."""
        bodies = self._by_head.setdefault(head, {})
        self._count += body not in bodies
        bodies[body] = request
        self._by_head.move_to_end(head)
        while self._count > self._most:
            _, forgotten = self._by_head.popitem(last=False)
            self._count -= len(forgotten)


def head_digest(scope: Scope) -> bytes:
    """Of all that a request says beside its body; a line break is in none of it."""
    said = [scope["method"].encode(), scope["scheme"].encode(), scope["query_string"]]
    for header in scope["headers"]:
        said += header
    return sha256(b"\n".join(said)).digest()


def body_digest(body: bytes) -> bytes:
    return sha256(body).digest()
