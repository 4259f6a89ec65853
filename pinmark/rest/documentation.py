"""``/v1/docs``: the description rendered for people, by files of our own origin alone."""

from starlette.routing import BaseRoute


def documentation_routes() -> list[BaseRoute]:
    return []
