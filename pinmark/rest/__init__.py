"""The REST API under ``/v1``: a thin edge over the services that GraphQL stands on too."""

from starlette.routing import BaseRoute, Route

from pinmark.rest.execute import execute_endpoint
from pinmark.rest.invitations import accept_endpoint


def rest_routes() -> list[BaseRoute]:
    return [
        Route("/v1/execute", execute_endpoint, methods=["POST"]),
        Route("/v1/invitations/accept", accept_endpoint, methods=["POST"]),
    ]
