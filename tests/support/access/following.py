"""Every subscription, begun at every place."""

from typing import Any

from anyio import fail_after

from services.cursors import encode_event
from tests.support.access.asking import Tally
from tests.support.access.callers import Caller
from tests.support.access.judging import ABSENT, SERVED, Place, judge
from tests.support.access.rules import FIELDS
from tests.support.access.world import PLACES, AccessWorld
from tests.support.graphql_ws import GraphQLSocket, OperationFailed

HANG_GUARD = 60
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
