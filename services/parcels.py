"""Parcels: files that go to a pod or come from one, each under a permit of its own.

A pod knows neither the store nor a token of anybody. It is given the address of each file that it
may fetch or leave, and a permit for exactly that, which ends by itself.
"""

import hmac
import time
from dataclasses import dataclass, field
from pathlib import Path
from uuid import uuid4

from services.ciphers import Mint
from services.store import Store

GOOD_FOR_SECONDS = 24 * 3600
SCHEME = "Parcel"


@dataclass(frozen=True)
class Parcel:
    """Where a pod fetches a file or leaves one, and what it shows there."""

    url: str
    path: str
    permit: str = field(repr=False)


class NoPermit(Exception):
    """What was shown is no permit for this, or not any more."""


class Parcels:
    """Makes permits and knows them again; ``base_url`` is where pods reach the servers."""

    def __init__(self, store: Store, mint: Mint, base_url: str) -> None:
        self.store = store
        self._mint = mint
        self._base_url = base_url.rstrip("/")

    def offer(self, path: str) -> Parcel:
        """What is in the store already, to be fetched."""
        return self._parcel("GET", path)

    async def send(self, content: bytes | Path) -> Parcel:
        """Something new, to be fetched."""
        path = _new_path()
        await self.store.put(path, content)
        return self.offer(path)

    def expect(self) -> Parcel:
        """Where one file may be left."""
        return self._parcel("PUT", _new_path())

    def check(self, method: str, path: str, shown: str) -> None:
        """Raise ``NoPermit`` unless it is one for this act on this path, and still good."""
        scheme, _, permit = shown.partition(" ")
        until, _, signature = permit.partition(".")
        if scheme != SCHEME or not until.isdecimal() or len(until) > 12:
            raise NoPermit
        known = [key.hex() for key in self._mint.secrets("parcel", method, path, until)]
        if not any([hmac.compare_digest(signature, each) for each in known]):
            raise NoPermit
        if int(until) < time.time():
            raise NoPermit

    def _parcel(self, method: str, path: str) -> Parcel:
        until = str(int(time.time()) + GOOD_FOR_SECONDS)
        signature = self._mint.secrets("parcel", method, path, until)[0].hex()
        return Parcel(f"{self._base_url}/parcels/{path}", path, f"{SCHEME} {until}.{signature}")


def _new_path() -> str:
    return f"parcels/{uuid4()}"
