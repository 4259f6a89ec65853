"""How large the matrix is."""

from collections.abc import Iterable

from tests.support.access.acts import acts
from tests.support.access.asking import Ask
from tests.support.access.callers import MEMBERS, SERVICES, Caller, keys
from tests.support.access.following import SUBSCRIPTIONS
from tests.support.access.judging import ONES_OWN, ORGANIZATION
from tests.support.access.route_rules import ROUTES
from tests.support.access.routes import cells_in
from tests.support.access.things import reading
from tests.support.access.world import PLACES


def asks_of(*, is_member: bool) -> list[Ask]:
    """All that somebody asks for in documents."""
    places = [*PLACES, ORGANIZATION, *([ONES_OWN] if is_member else [])]
    return [ask for place in places for ask in (*reading(place), *acts(place))]


def cells_of(caller: Caller, routes: Iterable[str]) -> int:
    return count_cells(routes, is_member=caller.is_member, is_key=caller.holder.key_of is not None)


def count_cells(
    routes: Iterable[str] = ROUTES, *, is_member: bool = False, is_key: bool = False
) -> int:
    in_documents = sum(len(ask.paths) for ask in asks_of(is_member=is_member))
    in_routes = sum(cells_in(route, is_key=is_key) for route in routes)
    return in_documents + in_routes + len(SUBSCRIPTIONS) * len(PLACES)


def describe() -> str:
    members, services, of_keys = len(MEMBERS), len(SERVICES), len(keys())
    cells = (
        members * count_cells(is_member=True)
        + services * count_cells()
        + of_keys * count_cells(is_key=True)
    )
    return f"{members + services + of_keys} callers, {cells} cells"
