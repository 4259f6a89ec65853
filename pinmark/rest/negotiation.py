"""Which of the forms we have the client wants most, or that there is none for it."""

from collections.abc import Sequence

from starlette.requests import Request

from pinmark.media_types import accept_of, quality, read_ranges
from pinmark.rest.operations import JSON
from pinmark.rest.refusals import Refusal


def accept_json(request: Request) -> None:
    """Refuse a client that would not take JSON."""
    choose(accept_of(request), (JSON,))


def choose(accept: str | None, offers: Sequence[str]) -> str:
    """The offer that ``accept`` prefers, the first of equals; refuses when it excludes them all."""
    if accept is None or not accept.strip():
        return offers[0]
    ranges = read_ranges(accept)
    best = max(offers, key=lambda offer: quality(offer, ranges))
    if quality(best, ranges) == 0:
        message = f"This is there as {' or '.join(offers)}."
        raise Refusal(406, "not_acceptable", message)
    return best
