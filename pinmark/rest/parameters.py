"""Reading a query string: everything that is wrong with it is told at once."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeVar

from starlette.datastructures import QueryParams
from starlette.responses import Response

from pinmark.rest.refusals import Refusal, json_answer

DEFAULT_LIMIT = 50
MAXIMUM_LIMIT = 1000
MAXIMUM_OFFSET = 2**31 - 1
MAXIMUM_PATH = 500

UNUSABLE = re.compile(r"[\x00-\x1f\x7f-\x9f\\\ud800-\udfff]")

Choice = TypeVar("Choice", bound=StrEnum)


@dataclass(frozen=True)
class PageAsked:
    """Some of a list, counted from its start."""

    limit: int
    offset: int

    def answer(self, data: Sequence[object], *, total: int, headers: dict[str, str]) -> Response:
        pagination = {"total": total, "limit": self.limit, "offset": self.offset}
        return json_answer({"data": data, "pagination": pagination}, headers=headers)


class Parameters:
    """The parameters of one request; ``check`` refuses if any of those read was wrong."""

    def __init__(self, given: QueryParams) -> None:
        self._given = given
        self._wrong: dict[str, str] = {}

    def path(self, *suffixes: str) -> str | None:
        """A path below the content root with one of these suffixes; None when none is given."""
        path = self._given.get("path")
        if path is not None and (problem := path_problem(path, suffixes)):
            self._wrong["path"] = problem
        return path

    def page(self) -> PageAsked:
        return PageAsked(
            self._integer("limit", DEFAULT_LIMIT, lowest=1, highest=MAXIMUM_LIMIT),
            self._integer("offset", 0, lowest=0, highest=MAXIMUM_OFFSET),
        )

    def choice(self, name: str, choices: type[Choice]) -> Choice | None:
        value = self._given.get(name)
        if value is None:
            return None
        try:
            return choices(value)
        except ValueError:
            self._wrong[name] = f"{name} is one of {', '.join(choices)}."
            return None

    def refuse(self, name: str, problem: str) -> None:
        """Note what is wrong with a parameter in itself or beside another."""
        self._wrong[name] = problem

    def check(self) -> None:
        if self._wrong:
            message = " ".join(self._wrong.values())
            raise Refusal(400, "invalid_query_params", message, details=self._wrong)

    def _integer(self, name: str, default: int, *, lowest: int, highest: int) -> int:
        value = self._given.get(name)
        if value is None:
            return default
        if re.fullmatch(r"[0-9]{1,10}", value) and lowest <= int(value) <= highest:
            return int(value)
        self._wrong[name] = f"{name} is a whole number from {lowest} to {highest}."
        return default


def path_problem(path: str, suffixes: tuple[str, ...]) -> str | None:
    if len(path) > MAXIMUM_PATH:
        return f"path has at most {MAXIMUM_PATH} characters."
    if UNUSABLE.search(path):
        return "path has a character that no path has."
    if any(part in {"", ".", ".."} for part in path.split("/")):
        return "path is relative to the content root, without empty, “.” or “..” parts."
    if not path.endswith(suffixes):
        return f"path ends with {' or '.join(suffixes)}."
    return None
