"""What every answer is wrapped in."""

from collections.abc import Sequence
from typing import Any, ClassVar, Generic, TypeVar

from pydantic import BaseModel, ConfigDict, Field
from starlette.responses import Response

from pinmark.rest.refusals import json_answer
from pinmark.rest.shapes.fields import PageQuery, Shape

Item = TypeVar("Item", bound=BaseModel)


class Wrapped(Shape, Generic[Item]):
    """An answer around an item, named after it."""

    SUFFIX: ClassVar[str]

    @classmethod
    def model_parametrized_name(cls, params: tuple[Any, ...]) -> str:
        return f"{params[0].__name__}{cls.SUFFIX}"


class One(Wrapped[Item], Generic[Item]):
    SUFFIX = "Answer"

    data: Item


class Pagination(Shape):
    total: int = Field(description="How many there are in all.")
    limit: int = Field(description="How many were asked for at most.")
    offset: int = Field(description="How many were passed over.")


class Many(Wrapped[Item], Generic[Item]):
    SUFFIX = "List"

    data: list[Item]
    pagination: Pagination


class Following(Wrapped[Item], Generic[Item]):
    """The next of what is numbered and only ever grows."""

    SUFFIX = "Stretch"

    data: list[Item]
    cursor: str | None = Field(
        description="Give it as `after` to go on from here; null while there is nothing yet."
    )
    finished: bool = Field(description="Whether nothing can come after these.")


class Trouble(Shape):
    """Why a request was refused; some codes have facts of their own beside these."""

    model_config = ConfigDict(extra="allow")

    code: str = Field(description="The refusal, for programs.")
    message: str = Field(description="The refusal, in words.")
    details: dict[str, str] | None = Field(
        None, description="What is wrong with the input, by its dotted path."
    )


class Refused(BaseModel):
    error: Trouble


def one(item: BaseModel, *, status: int = 200, headers: dict[str, str] | None = None) -> Response:
    return json_answer({"data": item.model_dump(mode="json")}, status=status, headers=headers)


def many(items: Sequence[BaseModel], *, total: int, query: PageQuery) -> Response:
    pagination = {"total": total, "limit": query.limit, "offset": query.offset}
    data = [item.model_dump(mode="json") for item in items]
    return json_answer({"data": data, "pagination": pagination})


def following(items: Sequence[BaseModel], *, cursor: str | None, finished: bool) -> Response:
    data: list[dict[str, Any]] = [item.model_dump(mode="json") for item in items]
    return json_answer({"data": data, "cursor": cursor, "finished": finished})
