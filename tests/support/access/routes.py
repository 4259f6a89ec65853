"""Every route of the REST API, asked for every place, and every subscription."""

from typing import Any
from uuid import uuid4

import httpx2
from anyio import fail_after

from services.cursors import encode_event
from tests.support.access.asking import NAMED, Tally, comparable
from tests.support.access.callers import Caller
from tests.support.access.judging import ABSENT, SERVED, Place, judge
from tests.support.access.rules import FIELDS, ROUTES
from tests.support.access.world import OWN, PLACES, AccessWorld
from tests.support.graphql_ws import GraphQLSocket, OperationFailed

HANG_GUARD = 60
CALL: dict[str, Any] = {"type": "prompt-run", "data": {}}
SUBSCRIPTIONS = {
    "deploymentProgress": "id: <Deployment settled>",
    "buildLog": "deploymentId: <Deployment settled>",
    "appEvents": "appId: <App>",
    "runtimeLog": "environmentId: <Environment>",
}
LEADING_ON = {
    "deploymentProgress": "deployment { id }",
    "appEvents": "environment { id } deployment { id }",
    "buildLog": "lines { number }",
    "runtimeLog": "lines { number }",
}


async def ask_routes(world: AccessWorld, caller: Caller, tally: Tally) -> None:
    """Ask each route for each environment, naming it; a key also without, for its own."""
    for route, rule in ROUTES.items():
        if "@organization" in rule:
            found = _read(await send(world, caller.token, route))
            tally.note(caller, route, judge(caller.holder, rule, Place()), found)
            continue
        for place in PLACES:
            cell = f"{route} at {place.app}/{place.environment}"
            expected = judge(caller.holder, rule, place)
            there = await send(world, caller.token, route, world.things[place]["Environment"])
            tally.note(caller, cell, expected, _read(there))
            if expected == ABSENT:
                absent = await send(world, caller.token, route, uuid4())
                if comparable(there) != comparable(absent):
                    tally.wrong.append(f"{caller.name}: foreign and absent differ: {cell}")
        if caller.holder.key_of is not None:
            found = _read(await send(world, caller.token, route))
            cell = f"{route} at the key's own"
            tally.note(caller, cell, judge(caller.holder, rule, OWN), found)


async def send(
    world: AccessWorld, token: str | None, route: str, environment_id: Any = None
) -> httpx2.Response:
    method, path = route.split()
    headers = {} if token is None else {"Authorization": f"Bearer {token}"}
    if environment_id is not None:
        headers["X-Pinmark-Environment-Id"] = str(environment_id)
    body = CALL if method == "POST" else None
    return await world.server.client.request(method, path, headers=headers, json=body)


def _read(response: httpx2.Response) -> str:
    if response.status_code == 200:
        return SERVED
    error = response.json()["error"]
    match response.status_code, error["code"]:
        case 403, "forbidden":
            named = NAMED.fullmatch(error["message"])
            assert named is not None, error
            return named[1]
        case 404, "not_found":
            return ABSENT
        case 404, "no_handler":  # it would have been called
            return SERVED
        case status, code:
            return f"{status} {code}"


async def ask_subscriptions(
    world: AccessWorld, caller: Caller, socket: GraphQLSocket, tally: Tally
) -> None:
    """Begin each subscription at each place, and of what is not there besides."""
    for name in SUBSCRIPTIONS:
        rule = FIELDS[f"Subscription.{name}"]
        for place in PLACES:
            expected = judge(caller.holder, rule, place)
            found, said = await _begin(world, socket, name, place, there=True)
            cell = f"{name} at {place.app}/{place.environment}"
            tally.note(caller, cell, expected, found)
            if expected == ABSENT:
                of_nothing = await _begin(world, socket, name, place, there=False)
                if (found, said) != of_nothing:
                    tally.wrong.append(f"{caller.name}: foreign and absent differ: {cell}")


async def _begin(
    world: AccessWorld, socket: GraphQLSocket, name: str, place: Place, *, there: bool
) -> tuple[str, Any]:
    argument, thing = SUBSCRIPTIONS[name].rstrip(">").split(": <")
    after = encode_event(world.things[place]["App"], 0) if name == "appEvents" else None
    query = (
        f"subscription ($id: ID!, $after: String)"
        f" {{ {name}({argument}: $id, after: $after) {{ __typename {LEADING_ON[name]} }} }}"
    )
    messages = socket.run(query, id=world.id(place, thing, there=there), after=after)
    try:
        with fail_after(HANG_GUARD):
            await anext(messages)
    except OperationFailed as failed:
        (error,) = failed.errors
        assert error["extensions"]["code"] == "NOT_FOUND", error
        return ABSENT, failed.errors
    await socket.stop()
    return SERVED, None
