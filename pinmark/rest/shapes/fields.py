"""The kinds of fields that requests and answers are made of."""

import re
from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StringConstraints,
)

from services.paging import MAXIMUM_COUNTED, PageRequest

DEFAULT_LIMIT = 50
MAXIMUM_OFFSET = 2**31 - 1
MAXIMUM_VERSION = 2**31 - 1

_UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE | re.ASCII)
_NUMBER = re.compile(r"[0-9]{1,10}", re.ASCII)
_TIME = re.compile(r"\d{4}-\d\d-\d\d[Tt]\d\d:\d\d:\d\d(\.\d{1,9})?([Zz]|[+-]\d\d:\d\d)", re.ASCII)


def is_uuid(value: str) -> bool:
    """Whether it is spelled as ids are, and not in another of the ways that UUIDs can be."""
    return _UUID.fullmatch(value) is not None


def _spelled_uuid(value: Any) -> Any:
    if isinstance(value, str) and not is_uuid(value):
        raise ValueError("It must be a UUID.")
    return value


def _spelled_time(value: Any) -> Any:
    if isinstance(value, str) and _TIME.fullmatch(value) is None:
        raise ValueError("It must be a time with its offset, as in 2026-05-29T12:00:00Z.")
    return value


def _spelled_number(value: Any) -> Any:
    if isinstance(value, str) and _NUMBER.fullmatch(value) is None:
        raise ValueError("It must be a whole number.")
    return value


def _whole(value: Any) -> Any:
    # 3.0 is a whole number to JSON Schema, and to programs that know no other numbers.
    return int(value) if isinstance(value, float) and value.is_integer() else value


def _storable(value: str) -> str:
    if "\x00" in value:
        raise ValueError("NUL characters cannot be kept.")
    return value


Id = Annotated[UUID, BeforeValidator(_spelled_uuid)]
Time = Annotated[datetime, BeforeValidator(_spelled_time)]
Version = Annotated[int, BeforeValidator(_whole)]
Number = Annotated[int, BeforeValidator(_spelled_number)]
Text = Annotated[
    str, AfterValidator(_storable), Field(json_schema_extra={"pattern": r"^[^\x00]*$"})
]
Name = Annotated[
    str,
    StringConstraints(pattern="^[a-z][a-z0-9-]{1,39}$"),
    Field(description="2 to 40 lowercase letters, digits and hyphens; a letter first."),
]
Note = Annotated[
    Text,
    StringConstraints(max_length=2000),
    Field(description="Why, for the history; at most 2000 characters."),
]


class Shape(BaseModel):
    """Something that is answered. Every field is always there."""


class Body(BaseModel):
    """Something that is sent. What is not known is refused: no misspelling is passed over."""

    model_config = ConfigDict(extra="forbid")


class Query(BaseModel):
    """The parameters of an address; those that are not known are passed over."""


class PageQuery(Query):
    limit: Number = Field(DEFAULT_LIMIT, ge=1, le=MAXIMUM_COUNTED, description="How many at most.")
    offset: Number = Field(0, ge=0, le=MAXIMUM_OFFSET, description="How many to pass over.")

    @property
    def page(self) -> PageRequest:
        return PageRequest(first=self.limit, offset=self.offset, counting=True)
