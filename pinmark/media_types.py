"""``Accept``: how much a client wants a form (RFC 9110, 12.5.1)."""

import re

from starlette.requests import Request

QUALITY = re.compile(r"(0(\.[0-9]{0,3})?|1(\.0{0,3})?)")

Ranges = list[tuple[str, float]]


def accept_of(request: Request) -> str | None:
    return ",".join(request.headers.getlist("accept")) or None


def read_ranges(accept: str) -> Ranges:
    """The media ranges of the header with their weights, as they are written."""
    return [_read(part) for part in accept.lower().split(",") if part.strip()]


def quality(offer: str, ranges: Ranges) -> float:
    """The weight by the most specific range that fits the offer; 0 when none does."""
    kind = offer.partition("/")[0]
    for fitting in (offer, f"{kind}/*", "*/*"):
        weights = [weight for media, weight in ranges if media == fitting]
        if weights:
            return max(weights)
    return 0.0


def _read(part: str) -> tuple[str, float]:
    """A media range with its weight; parameters other than the weight are passed over."""
    media, *parameters = (each.strip() for each in part.split(";"))
    for parameter in parameters:
        name, _, value = parameter.partition("=")
        if name.strip() == "q" and QUALITY.fullmatch(value.strip()):
            return media, float(value)
    return media, 1.0
