"""Loaders: what sibling fields ask for is read by one statement, and what a list will be asked for
before it is.
"""

import asyncio
from asyncio import Future
from collections.abc import Awaitable, Callable, Hashable, Iterable
from typing import Any, TypeVar, cast

from strawberry.dataloader import DataLoader

Key = TypeVar("Key", bound=Hashable)
Found = TypeVar("Found")
Made = TypeVar("Made")
ABSENT = object()


class Loader(DataLoader[Key, Found]):
    """A loader that can be told what it will be asked for."""

    def __init__(self, load_fn: Callable[[list[Key]], Awaitable[list[Found]]]) -> None:
        super().__init__(load_fn=cast(Any, load_fn))
        self._at_hand: dict[Key, Found] = {}
        self._shared: dict[tuple[Key, Callable[[Any], Any]], Any] = {}

    async def read_ahead(self, keys: Iterable[Key]) -> None:
        """Read what is going to be asked for; it is at hand from here on."""
        missing = [key for key in dict.fromkeys(keys) if not self._knows(key)]
        if missing:
            found = cast(list[Found], await self.load_fn(missing))  # ours answers with no error
            self._at_hand.update(zip(missing, found, strict=True))

    def load(self, key: Key) -> Awaitable[Found]:
        found = self._at_hand.get(key, ABSENT)
        if found is ABSENT:
            return super().load(key)
        known: Future[Found] = asyncio.get_running_loop().create_future()
        known.set_result(cast(Found, found))
        return known

    def make(self, key: Key, make: Callable[[Found], Made]) -> Made:
        """What ``make`` makes of what is found: at once where it is at hand, and to be awaited
        where it is not. GraphQL takes either.
        """
        found = self._at_hand.get(key, ABSENT)
        if found is ABSENT:
            found = self._loaded(key)
        return cast(Made, self._make(key, make) if found is ABSENT else make(cast(Found, found)))

    def share(self, key: Key, make: Callable[[Found], Made]) -> Made:
        """The same for what many may ask for: the function makes it once for all of them."""
        made = self._shared.get((key, make), ABSENT)
        if made is ABSENT:
            made = self.make(key, make)
            if key in self._at_hand:
                self._shared[key, make] = made
        return cast(Made, made)

    async def _make(self, key: Key, make: Callable[[Found], Made]) -> Made:
        made: Any = make(await self.load(key))
        return cast(Made, await made if isinstance(made, Awaitable) else made)

    def _knows(self, key: Key) -> bool:
        return key in self._at_hand or self.cache_map.get(key) is not None

    def _loaded(self, key: Key) -> object:
        known: Future[Any] | None = self.cache_map.get(key)
        if known is None or not known.done() or known.cancelled() or known.exception() is not None:
            return ABSENT
        return known.result()
