"""What a pod is told: written by the server, read by the program inside."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any, Self

from services.parcels import Parcel


@dataclass(frozen=True, kw_only=True)
class Orders:
    """Everything that a pod knows. ``mark`` begins the line that reports to the server, and
    ``registries`` are the variables that say where packages come from.
    """

    act: str
    mark: str
    handler_path: str
    language: str
    fetch: Mapping[str, Mapping[str, str]]
    leave: Mapping[str, str] | None = None
    variables: Mapping[str, str] = field(default_factory=dict[str, str], repr=False)
    secrets: tuple[str, ...] = field(default=(), repr=False)
    signing_secret: str = field(default="", repr=False)
    registries: Mapping[str, str] = field(default_factory=dict[str, str], repr=False)
    memory: int = 0
    call_seconds: float = 0

    def as_json(self) -> str:
        return json.dumps(asdict(self))

    @classmethod
    def from_json(cls, text: str) -> Self:
        found: dict[str, Any] = json.loads(text)
        found["secrets"] = tuple(found["secrets"])
        return cls(**found)


def address(parcel: Parcel) -> Mapping[str, str]:
    return {"url": parcel.url, "permit": parcel.permit}
