"""What is sent to each route, so that whoever may do it is refused for another reason.

As with ``acts``: a name that is taken, a version that never was, an environment that is busy. A
key that is ended has ended already, and a variable that may be deleted is a spare one.
"""

import re
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote
from uuid import UUID

import httpx2

from tests.support.access.judging import Place
from tests.support.access.route_rules import ENVIRONMENT, IN_APPS, IN_ENVIRONMENTS
from tests.support.access.world import AccessWorld

NAMED = re.compile(r"<([A-Za-z ]+)>")
BODIES: dict[str, dict[str, Any]] = {
    "POST /v1/environments": {"name": "dev"},
    f"DELETE {ENVIRONMENT}": {"confirmation_name": "another"},
    f"POST {ENVIRONMENT}/promote": {
        "source_environment_id": "<Environment dev>",
        "expected_target_version": 99,
    },
    f"POST {ENVIRONMENT}/rollback": {"target_version": 99},
    f"PUT {ENVIRONMENT}/variables/0": {"value": ""},
    "POST /v1/api-keys": {
        "name": " ",
        "permissions": ["environment.read"],
        "environment_name": "<name of Environment>",
    },
    "POST /v1/apps": {"name": "triage"},
    "PUT /v1/apps/<App>/repository": {"url": "no address"},
    "POST /v1/execute": {"type": "prompt-run", "data": {}},
    "POST /v1/invitations/accept": {},
}


@dataclass(frozen=True)
class Asked:
    """A route with what it names: things of a place, or of nothing unless they are ``there``.

    ``header`` is the id in the header that says which app or environment is meant; a spare thing
    stands for the place's.
    """

    route: str
    place: Place
    header: UUID | None = None
    there: bool = True
    spare: UUID | None = None

    async def send(
        self, world: AccessWorld, token: str | None, *, method: str | None = None
    ) -> httpx2.Response:
        """The answer to one who shows the token."""
        written, address = self.route.split(" ", 1)
        headers = {} if token is None else {"Authorization": f"Bearer {token}"}
        if self.header is not None:
            headers[header_of(self.route)] = str(self.header)
        body = BODIES.get(self.route)
        return await world.server.client.request(
            method or written,
            self._filled(world, address),
            headers=headers,
            json=None if body is None else self._body(world, body),
        )

    def _body(self, world: AccessWorld, body: dict[str, Any]) -> dict[str, Any]:
        return {
            name: self._filled(world, value) if isinstance(value, str) else value
            for name, value in body.items()
        }

    def _filled(self, world: AccessWorld, text: str) -> str:
        return NAMED.sub(lambda found: quote(self._value(world, found[1])), text)

    def _value(self, world: AccessWorld, thing: str) -> str:
        match thing:
            case "moment":
                return world.moment
            case "name of Environment":
                return str(self.place.environment) if self.there else "no-such-name"
            case _ if self.spare is not None and thing.endswith("spare"):
                return str(self.spare)
            case _:
                return str(world.identity(self.place, thing, there=self.there))


def header_of(route: str) -> str:
    return "X-Pinmark-Environment-Id" if route in IN_ENVIRONMENTS else "X-Agentmark-App-Id"


def scope_of(route: str) -> str | None:
    """The type of what the header names, on a route that takes one."""
    if route in IN_ENVIRONMENTS:
        return "Environment"
    return "App" if route in IN_APPS else None


def names_things(route: str) -> bool:
    """Whether the route names anything beside the header's."""
    return any(thing != "moment" for thing in NAMED.findall(f"{route} {BODIES.get(route, '')}"))


def names_in_path(route: str) -> bool:
    """Whether it names by id what belongs to a single app."""
    return NAMED.search(route.split("?")[0]) is not None
