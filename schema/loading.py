"""Loaders: what sibling fields ask for is read by one statement, and what a list will be asked for
before it is.
"""

from asyncio import Future
from collections.abc import Awaitable, Callable, Hashable, Iterable
from typing import Any, TypeVar, cast

from strawberry.dataloader import DataLoader

Key = TypeVar("Key", bound=Hashable)
Found = TypeVar("Found")
Made = TypeVar("Made")


class Loader(DataLoader[Key, Found]):
    """A loader that can be told what it will be asked for."""

    async def read_ahead(self, keys: Iterable[Key]) -> None:
        """Read what is going to be asked for; it is at hand from here on."""
        missing = [key for key in dict.fromkeys(keys) if self.cache_map.get(key) is None]
        if missing:
            for key, found in zip(missing, await self.load_fn(missing), strict=True):
                self.prime(key, cast(Found, found))

    def make(self, key: Key, make: Callable[[Found], Made]) -> Made:
        """What ``make`` makes of what is found: at once where it is at hand, and to be awaited
        where it is not. GraphQL takes either.
        """
        known: Future[Any] | None = self.cache_map.get(key)
        if known is not None and known.done() and known.exception() is None:
            return make(known.result())
        return cast(Made, self._make(key, make))

    async def _make(self, key: Key, make: Callable[[Found], Made]) -> Made:
        made: Any = make(await self.load(key))
        return cast(Made, await made if isinstance(made, Awaitable) else made)
