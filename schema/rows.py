"""Fields of objects that stand for a row: they are had of it when somebody asks for them.

An object is made for each row of a page, and of all that it could tell an operation asks a part. So
nothing is worked out before; only what leads on to another object declares what it takes.
"""

from collections.abc import Callable
from operator import attrgetter
from typing import Any, cast

import strawberry

from schema.requirements import WITH_PARENT

OF_THE_OBJECT = "of_the_object"
"""Marks resolvers that tell what their object has, and lead nowhere else."""


def read(attribute: str, *, description: str) -> Any:
    """An attribute, as ``row.name``; the resolver says which, so that it need not be called."""
    get = attrgetter(attribute)

    def resolve(self: object) -> Any:
        return get(self)

    cast(Any, resolve).reads = attribute
    return derived(resolve, description=description)


def derived(resolve: Callable[[Any], object], *, description: str) -> Any:
    """What is worked out of the object alone; the resolver takes it as ``self``."""
    resolve.__annotations__.pop("return", None)  # the field says what it is
    setattr(resolve, OF_THE_OBJECT, True)
    return strawberry.field(resolver=resolve, description=description)


def part(resolve: Callable[[Any], object], *, description: str) -> Any:
    """An object that stands for a part of the same row."""
    resolve.__annotations__.pop("return", None)
    return strawberry.field(resolver=resolve, description=description, directives=[WITH_PARENT])
