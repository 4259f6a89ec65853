"""Turning a refusal of the domain into an answer of the mutation."""

from collections.abc import Awaitable, Callable
from functools import wraps
from typing import Any, TypeVar, cast

import strawberry

from schema.context import Info
from schema.errors import from_domain
from services.errors import DomainError

Resolver = TypeVar("Resolver", bound=Callable[..., Awaitable[Any]])


def described(description: str) -> Any:
    """What a mutation's input is, for the schema."""
    return strawberry.argument(description=description)


def answering(resolver: Resolver) -> Resolver:
    """Answer a ``DomainError`` as its type, and read the answer's fields after the write.

    The moment that was read before the mutation is past; what the answer shows is read anew.
    """

    @wraps(resolver)
    async def answer(self: Any, info: Info, input: Any) -> Any:
        try:
            result = await resolver(self, info=info, input=input)
        except DomainError as error:
            result = from_domain(error)
        await info.context.renew()
        return result

    return cast(Resolver, answer)
