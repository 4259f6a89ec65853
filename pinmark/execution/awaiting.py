"""Telling what has to be awaited from what is there, fast for what is there most often."""

from dataclasses import is_dataclass
from datetime import date, datetime, time
from decimal import Decimal
from types import NoneType
from typing import Any
from uuid import UUID

from strawberry.execution.is_awaitable import optimized_is_awaitable

PLAIN: frozenset[type] = frozenset(
    {str, int, float, bool, bytes, UUID, datetime, date, time, Decimal, dict, list, tuple}
)
"""Classes whose objects are values: nothing to wait for, no error, and not null."""

_never_awaited: set[type] = {NoneType, *PLAIN}


def are_values(cls: type) -> bool:
    """Whether nothing in a class says that its objects are anything but values."""
    return (
        is_dataclass(cls)
        and not hasattr(cls, "__await__")
        and not hasattr(cls, "__getattr__")
        and cls.__getattribute__ is object.__getattribute__
        and not issubclass(cls, Exception)
    )


def never_awaited(cls: type) -> None:
    """From here on, take the objects of a class for values, if nothing in it says otherwise."""
    if are_values(cls):
        _never_awaited.add(cls)


def is_awaitable(value: Any) -> bool:
    return value.__class__ not in _never_awaited and optimized_is_awaitable(value)
