"""A schema made to be nasty: whatever a resolver can do wrong, some resolver of it does.

What each does is drawn from the place in the answer that it is asked at, so that two executions of
one document meet the same.
"""

from __future__ import annotations

import asyncio
import zlib
from collections.abc import AsyncGenerator, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import Enum
from typing import Annotated, Any, NewType
from uuid import UUID

import strawberry
from strawberry.schema.config import StrawberryConfig

BigInt = NewType("BigInt", int)
Shy = NewType("Shy", str)


def _write_shy(value: Any) -> Any:
    if value == "nothing":
        return None
    if value == "fails":
        raise ValueError("too shy")
    return [value, {"said": str(value)}]


SCALARS: Any = {
    BigInt: strawberry.scalar(name="BigInt", serialize=str, parse_value=int),
    Shy: strawberry.scalar(name="Shy", serialize=_write_shy, parse_value=str),
}


class Trouble(Exception):
    """What resolvers raise on purpose."""


@dataclass(eq=False)
class Moods:
    """What a resolver does at a place: drawn by the seed, and by nothing that changes."""

    seed: int
    trouble: int = 12
    """One place in so many is one of trouble."""

    def draw(self, info: strawberry.Info, of: int, salt: str = "") -> int:
        place = f"{self.seed}{salt}{info.path.as_list()}{info.field_name}"
        return zlib.crc32(place.encode()) % of

    def is_troubled(self, info: strawberry.Info) -> bool:
        return self.draw(info, self.trouble, "trouble") == 0


Info = strawberry.Info[Moods, Any]


def mood(info: Info, of: int, salt: str = "") -> int:
    return info.context.draw(info, of, salt)


def risk(info: Info) -> None:
    if info.context.is_troubled(info):
        raise Trouble(f"{info.field_name} at {info.path.as_list()}")


async def slowly(info: Info) -> None:
    for _ in range(mood(info, 4, "slow")):
        await asyncio.sleep(0)
    risk(info)


@strawberry.enum
class Colour(Enum):
    RED = "red"
    GREEN = "green"
    BLUE = 3


@strawberry.input
class Wish:
    words: list[str | None] | None = None
    count: int = 3
    colour: Colour = Colour.RED
    big: BigInt | None = strawberry.UNSET
    deeper: Wish | None = None

    def told(self) -> str:
        deeper = None if self.deeper is None else self.deeper.told()
        return f"{self.words}{self.count}{self.colour}{self.big}{deeper}"


@strawberry.interface
class Thing:
    id: strawberry.ID

    @strawberry.field
    def label(self, info: Info, prefix: str = "a") -> str:
        risk(info)
        return f"{prefix}{self.id}"

    @strawberry.field
    async def next(self, info: Info) -> Thing | None:
        await slowly(info)
        return thing(info)


@strawberry.interface
class Named(Thing):
    name: str | None

    @strawberry.field
    async def owner(self, info: Info) -> Named:
        await slowly(info)
        return box(info) if mood(info, 3) else None  # type: ignore[return-value]


@strawberry.type
class Leafy:
    """Leaves of all kinds; some are not what they should be."""

    text: str
    maybe: str | None
    number: int
    ratio: float
    sure: bool
    colour: Colour
    big: BigInt
    shy: Shy | None
    at: datetime
    uuid: UUID
    numbers: list[int]
    texts: list[str | None] | None
    grid: list[list[int | None] | None]
    strict_grid: list[list[list[str]]] | None

    @strawberry.field
    def itself(self) -> Leafy:
        return self

    @strawberry.field
    def echo(self, wish: Wish | None = None, times: int | None = 1) -> str:
        return f"{'nothing' if wish is None else wish.told()}*{times}"

    @strawberry.field
    def awaited_later(self, info: Info) -> int | None:
        async def later() -> int:
            await slowly(info)
            return 7

        return later()  # type: ignore[return-value]

    @strawberry.field
    def broken(self) -> int | None:
        return Trouble("given, not raised")  # type: ignore[return-value]


@strawberry.type
class Box(Named):
    leaf: Leafy
    leaves: list[Leafy]

    @strawberry.field
    async def inside(self, info: Info) -> list[Anything | None]:
        await slowly(info)
        return [anything(info, str(at)) for at in range(mood(info, 4, "many"))]

    @strawberry.field
    def strict_inside(self, info: Info) -> list[Box] | None:
        risk(info)
        return [box(info, str(at)) for at in range(mood(info, 3, "many"))]


@strawberry.type
class Stone(Thing):
    weight: int

    @strawberry.field
    async def heavier(self, info: Info, by: int = 1) -> Stone:
        await slowly(info)
        return Stone(id=self.id, weight=self.weight + by)


@strawberry.type
class Cloud(Named):
    """An object that is in the interface and not always what it says."""

    @classmethod
    def is_type_of(cls, value: object, info: Any) -> bool:
        return isinstance(value, Cloud) and value.name != "liar"

    @strawberry.field
    async def drops(self, info: Info) -> AsyncGenerator[Leafy | None, None]:
        for at in range(mood(info, 3, "drops")):
            await asyncio.sleep(0)
            if mood(info, 15, f"break{at}") == 0:
                raise Trouble("the rain is over")
            yield leafy(info, str(at))

    @strawberry.field
    def stones(self, info: Info) -> list[Stone | None] | None:
        async def one(at: int) -> Stone | None:
            await slowly(info)
            return Stone(id=strawberry.ID(str(at)), weight=at) if at else None

        return [one(at) for at in range(mood(info, 4, "stones"))]  # type: ignore[misc]


Anything = Annotated[Box | Stone | Cloud, strawberry.union("Anything")]


def leafy(info: Info, salt: str = "") -> Leafy:
    def pick(name: str, *choices: Any) -> Any:
        return choices[mood(info, len(choices) * 6, name + salt) % len(choices)]

    odd = mood(info, 5, "odd" + salt) == 0
    return Leafy(
        text=pick("text", "a", "", 5 if odd else "é", True if odd else "b", None if odd else "c"),
        maybe=pick("maybe", None, "x", {} if odd else "y"),
        number=pick("number", 0, -1, 2**31 if odd else 5, "7" if odd else 7, 1.0 if odd else 8),
        ratio=pick("ratio", 0.5, 3, float("inf") if odd else 1e300, "x" if odd else 2.0),
        sure=pick("sure", True, False, 1 if odd else True, "no" if odd else False),
        colour=pick("colour", Colour.RED, Colour.BLUE, "none such" if odd else Colour.GREEN),
        big=pick("big", BigInt(2**70), BigInt(-1)),
        shy=pick("shy", None, Shy("hm"), Shy("nothing" if odd else "x"), Shy("fails")),
        at=datetime(2026, 1, 1, tzinfo=UTC) + timedelta(days=mood(info, 90, salt)),
        uuid=UUID(int=mood(info, 2**31, salt)),
        numbers=pick("numbers", [], [1, 2], [1, None] if odd else [3], 5 if odd else (1, 2)),
        texts=pick("texts", None, ["a", None], _texts() if not odd else "letters"),
        grid=pick("grid", [], [[1, None], None], [[1], ["x" if odd else 2]]),
        strict_grid=pick("strict_grid", None, [[["a"], []], []], [[["a", None if odd else "b"]]]),
    )


def _texts() -> Iterator[str]:
    yield "from"
    yield "an iterator"


def box(info: Info, salt: str = "") -> Box:
    return Box(
        id=strawberry.ID(f"box{mood(info, 100, salt)}"),
        name=None if mood(info, 3, "name" + salt) == 0 else "a box",
        leaf=leafy(info, salt),
        leaves=[leafy(info, f"{salt}{at}") for at in range(mood(info, 3, "leaves" + salt))],
    )


def anything(info: Info, salt: str = "") -> Any:
    match mood(info, 8, "kind" + salt):
        case 0 | 1 | 2:
            return box(info, salt)
        case 3 | 4:
            return Stone(id=strawberry.ID("stone"), weight=mood(info, 9, salt))
        case 5:
            return Cloud(id=strawberry.ID("cloud"), name="cumulus")
        case 6:
            return Cloud(id=strawberry.ID("cloud"), name="liar")
        case _:
            return None if mood(info, 2, "none" + salt) else object()


def thing(info: Info, salt: str = "") -> Any:
    return anything(info, salt)


@strawberry.type
class Query:
    @strawberry.field
    async def box(self, info: Info, wish: Wish | None = None) -> Box | None:
        await slowly(info)
        return box(info)

    @strawberry.field
    def strict_box(self, info: Info) -> Box:
        risk(info)
        return box(info)

    @strawberry.field
    async def things(self, info: Info, first: int = 3) -> list[Thing | None] | None:
        await slowly(info)
        return [thing(info, str(at)) for at in range(min(max(first, 0), 4))]

    @strawberry.field
    async def strict_things(self, info: Info) -> list[Thing] | None:
        await slowly(info)
        return [thing(info, str(at)) for at in range(mood(info, 4))]

    @strawberry.field
    def anything(self, info: Info, colours: list[Colour] | None = None) -> Anything | None:
        risk(info)
        return anything(info)

    @strawberry.field
    def named(self, info: Info) -> list[list[Named | None]] | None:
        return [[anything(info, f"{row}{at}") for at in range(2)] for row in range(2)]

    @strawberry.field
    def leaf(self, info: Info) -> Leafy:
        return leafy(info)

    @strawberry.field
    def argued(self, wishes: list[Wish], big: BigInt, id: strawberry.ID = "1") -> str:  # type: ignore[assignment]
        return f"{[wish.told() for wish in wishes]}{big}{id}"


@strawberry.type
class Mutation:
    @strawberry.mutation
    async def make(self, info: Info, wish: Wish) -> Box | None:
        await slowly(info)
        return box(info)

    @strawberry.mutation
    def count(self, info: Info, by: int = 1) -> int:
        risk(info)
        return by

    @strawberry.mutation
    async def strict(self, info: Info) -> Stone:
        await slowly(info)
        return Stone(id=strawberry.ID("1"), weight=mood(info, 9))


@strawberry.type
class Subscription:
    @strawberry.subscription
    async def boxes(self, info: Info, many: int = 3) -> AsyncGenerator[Box | None, None]:
        for at in range(min(max(many, 0), 4)):
            await asyncio.sleep(0)
            yield None if mood(info, 4, f"event{at}") == 0 else box(info, str(at))


def nasty_schema(**options: Any) -> strawberry.Schema:
    return strawberry.Schema(
        query=Query,
        mutation=Mutation,
        subscription=Subscription,
        types=[Box, Stone, Cloud],
        config=StrawberryConfig(scalar_map=SCALARS),
        **options,
    )
