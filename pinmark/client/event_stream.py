"""Server-sent events, read from the lines of a response."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass


@dataclass(frozen=True)
class StreamEvent:
    kind: str
    data: str
    id: str | None


def read_events(lines: Iterable[str]) -> Iterator[StreamEvent]:
    """Each event once it is whole; comments, and what a cut leaves half told, are passed over."""
    kind, identity = "", None
    data: list[str] = []
    for line in lines:
        name, _, value = line.partition(":")
        value = value.removeprefix(" ")
        match name:
            case "" if not line:
                if kind or data:
                    yield StreamEvent(kind or "message", "\n".join(data), identity)
                kind, identity, data = "", None, []
            case "event":
                kind = value
            case "data":
                data.append(value)
            case "id":
                identity = value
            case _:
                pass
