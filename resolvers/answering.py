"""Turning a refusal of the domain into an answer of the mutation."""

import re
from collections.abc import Awaitable, Callable
from dataclasses import asdict
from functools import wraps
from typing import Any, TypeVar, cast
from uuid import UUID

import strawberry

from resolvers import writing
from schema.context import Info
from schema.errors import from_domain
from schema.ids import decode_any
from services.errors import DomainError
from services.refusals import record_refusal

Resolver = TypeVar("Resolver", bound=Callable[..., Awaitable[Any]])


def described(description: str) -> Any:
    """What a mutation's input is, for the schema."""
    return strawberry.argument(description=description)


def answering(resolver: Resolver) -> Resolver:
    """Answer a ``DomainError`` as its type, and read the answer's fields after the write.

    The moment that was read before the mutation is past; what the answer shows is read anew.
    A refusal that matters is written into the audit first: the act's own transaction is undone.
    """

    async def write(self: Any, info: Info, input: Any) -> Any:
        try:
            return await resolver(self, info=info, input=input)
        except DomainError as error:
            await _write_down(info, input, error)
            return from_domain(error)

    @wraps(resolver)
    async def answer(self: Any, info: Info, input: Any) -> Any:
        result = await writing.to_its_end(write(self, info, input))
        await info.context.renew()
        return result

    return cast(Resolver, answer)


async def _write_down(info: Info, input: Any, error: DomainError) -> None:
    await record_refusal(
        info.context.installation.database,
        principal=info.context.principal,
        action=action_of(info.field_name),
        error=error,
        asked=_ids_in(input),
    )


def action_of(mutation: str) -> str:
    """What the audit calls a mutation: ``rotateWebhookSecret`` → ``webhook_secret.rotate``."""
    verb, *noun = re.findall("[A-Z]?[a-z]+", mutation)
    return f"{'_'.join(noun).lower()}.{verb}"


def _ids_in(input: Any) -> dict[str, tuple[str, UUID]]:
    """What the input names by id, in its own order: sources come before targets."""
    found = {
        name: decode_any(value)
        for name, value in asdict(input).items()
        if name.endswith("_id") and isinstance(value, str)
    }
    return {name: identity for name, identity in found.items() if identity is not None}
