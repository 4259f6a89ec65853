"""Every operation of the REST API, asked at every place and of what is not there."""

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

import httpx2

from tests.support.access.asking import NAMED, SPARE, Tally, comparable
from tests.support.access.callers import Caller
from tests.support.access.judging import ABSENT, ORGANIZATION, SERVED, Place, judge
from tests.support.access.requests import Asked, names_in_path, names_things, scope_of
from tests.support.access.route_rules import IN_APPS, IN_GENERAL, ROUTES, SCOPE
from tests.support.access.world import FOREIGN, OWN, PLACES, SIBLING, AccessWorld

OF_THE_BODY = frozenset({"content-length", "transfer-encoding"})
ANOTHER_REASON = frozenset({400, 409})


@dataclass(frozen=True)
class RouteAsker:
    """One caller at the world's server."""

    world: AccessWorld
    caller: Caller
    tally: Tally

    async def ask(self, routes: Iterable[str]) -> None:
        """Ask each route at each place; by a key also without a header, for its own."""
        for route in routes:
            rule = ROUTES[route]
            for place in places_of(route):
                await self._ask_at(route, rule, place)
            if scope_of(route) is not None and self.caller.holder.key_of is not None:
                await self._note(f"{route} at the key's own", rule, Asked(route, OWN))
            if is_mismatched(route):
                await self._ask_in_another_app(route)

    async def _ask_at(self, route: str, rule: str, place: Place) -> None:
        scope, cell = scope_of(route), f"{route} at {place.app or '-'}/{place.environment or '-'}"
        header = None if scope is None else self.world.identity(place, scope)
        asked = Asked(route, place, header)
        response = await self._note(cell, rule, asked)
        if route.startswith("GET") and place != SIBLING:
            self._alike(
                cell, response, await asked.send(self.world, self.caller.token, method="HEAD")
            )
        if judge(self.caller.holder, rule, place) == ABSENT:
            nothing = Asked(route, place, self._header_of_nothing(asked, scope), there=False)
            await self._compare(cell, response, nothing)

    async def _ask_in_another_app(self, route: str) -> None:
        """By the id of a thing, named in an app that it does not belong to: it is not there."""
        app = self.world.identity(FOREIGN, "App")
        asked, cell = await self._with_spare(Asked(route, OWN, app)), f"{route} in another app"
        response = await asked.send(self.world, self.caller.token)
        self.tally.note(self.caller, cell, ABSENT, read(response, route, OWN))
        await self._compare(cell, response, Asked(route, OWN, app, there=False))

    async def _note(self, cell: str, rule: str, asked: Asked) -> httpx2.Response:
        expected = judge(self.caller.holder, rule, asked.place)
        if expected == SERVED:
            asked = await self._with_spare(asked)
        response = await asked.send(self.world, self.caller.token)
        found = read(response, asked.route, asked.place)
        self.tally.note(self.caller, cell, expected, found)
        return response

    async def _with_spare(self, asked: Asked) -> Asked:
        """With a variable that may be deleted, where that may be done."""
        if SPARE not in asked.route:
            return asked
        spare = await self.world.spare_variable(asked.place)
        return Asked(asked.route, asked.place, asked.header, spare=spare)

    def _header_of_nothing(self, asked: Asked, scope: str | None) -> UUID | None:
        """An app that they know stays the same, where what it should have is named beside it."""
        if scope is None:
            return None
        stays = asked.route in IN_APPS and names_things(asked.route) and self._knows(asked.place)
        return asked.header if stays else self.world.identity(asked.place, scope, there=False)

    def _knows(self, place: Place) -> bool:
        """Whether they see anything of the app, or show a key of it, which is told whose it is."""
        key_of = self.caller.holder.key_of
        return judge(self.caller.holder, SCOPE, place) == SERVED or (
            key_of is not None and key_of[0] == place.app
        )

    async def _compare(self, cell: str, response: httpx2.Response, nothing: Asked) -> None:
        absent = await nothing.send(self.world, self.caller.token)
        if comparable(response) != comparable(absent):
            self.tally.wrong.append(
                f"{self.caller.name}: foreign and absent differ: {cell}:"
                f" {response.text} and {absent.text}"
            )

    def _alike(self, cell: str, whole: httpx2.Response, head: httpx2.Response) -> None:
        """What is read by ``HEAD`` is the answer without its body, which may have grown since."""
        if without_body(whole) != without_body(head) or head.content:
            self.tally.wrong.append(f"{self.caller.name}: GET and HEAD differ: {cell}")


def places_of(route: str) -> tuple[Place, ...]:
    return (ORGANIZATION,) if route in IN_GENERAL else PLACES


def is_mismatched(route: str) -> bool:
    """Whether the header can name another app than that of what the path names."""
    return route in IN_APPS and names_in_path(route)


def cells_in(route: str, *, is_key: bool) -> int:
    """How many cells a caller asks for by a route."""
    of_ones_own = is_key and scope_of(route) is not None
    return len(places_of(route)) + of_ones_own + is_mismatched(route)


def without_body(response: httpx2.Response) -> tuple[int, dict[str, str]]:
    """What an answer has beside its body, and what tells how the body is sent."""
    status, headers, _ = comparable(response)
    return status, {name: each for name, each in headers.items() if name not in OF_THE_BODY}


def read(response: httpx2.Response, route: str, place: Place) -> str:
    """What an answer says; one that is refused for another reason than who asked is allowed."""
    if response.is_success:
        return _listed(response, route, place)
    error = response.json()["error"]
    match response.status_code, error["code"]:
        case 403, "forbidden":
            named = NAMED.fullmatch(error["message"])
            assert named is not None, error
            assert error["permission"] == named[1]
            return named[1]
        case 404, "not_found":
            return ABSENT
        case 404, "no_handler":  # it would have been called
            return SERVED
        case status, _ if status in ANOTHER_REASON and not route.startswith("GET"):
            return SERVED
        case status, code:
            return f"{status} {code}"


def _listed(response: httpx2.Response, route: str, place: Place) -> str:
    """Whether a list that refuses nobody has what it could."""
    if route == "GET /v1/apps":
        names = {app["name"] for app in response.json()["data"]}
        return SERVED if place.app in names else ABSENT
    if route.startswith("GET /v1/audit?"):
        return SERVED if response.content else ABSENT
    return SERVED
