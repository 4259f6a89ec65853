"""``Accept``: which of the forms we have the client wants most (RFC 9110, 12.5.1)."""

import re
from collections.abc import Sequence

from starlette.requests import Request

from pinmark.rest.operations import JSON
from pinmark.rest.refusals import Refusal

QUALITY = re.compile(r"(0(\.[0-9]{0,3})?|1(\.0{0,3})?)")


def accept_of(request: Request) -> str | None:
    return ",".join(request.headers.getlist("accept")) or None


def accept_json(request: Request) -> None:
    """Refuse a client that would not take JSON."""
    choose(accept_of(request), (JSON,))


def choose(accept: str | None, offers: Sequence[str]) -> str:
    """The offer that ``accept`` prefers, the first of equals; refuses when it excludes them all."""
    if accept is None or not accept.strip():
        return offers[0]
    ranges = [_read(part) for part in accept.lower().split(",") if part.strip()]
    best = max(offers, key=lambda offer: _quality(offer, ranges))
    if _quality(best, ranges) == 0:
        message = f"This is there as {' or '.join(offers)}."
        raise Refusal(406, "not_acceptable", message)
    return best


def _read(part: str) -> tuple[str, float]:
    """A media range with its weight; parameters other than the weight are passed over."""
    media, *parameters = (each.strip() for each in part.split(";"))
    for parameter in parameters:
        name, _, value = parameter.partition("=")
        if name.strip() == "q" and QUALITY.fullmatch(value.strip()):
            return media, float(value)
    return media, 1.0


def _quality(offer: str, ranges: Sequence[tuple[str, float]]) -> float:
    """The weight by the most specific range that fits the offer."""
    kind = offer.partition("/")[0]
    for fitting in (offer, f"{kind}/*", "*/*"):
        weights = [weight for media, weight in ranges if media == fitting]
        if weights:
            return max(weights)
    return 0.0
