"""The REST API under ``/v1``: a thin edge over the services that GraphQL stands on too."""

from starlette.routing import BaseRoute, Route

from pinmark.rest.audit import audit_endpoint
from pinmark.rest.execute import execute_endpoint


def rest_routes() -> list[BaseRoute]:
    return [
        Route("/v1/audit", audit_endpoint, methods=["GET"]),
        Route("/v1/execute", execute_endpoint, methods=["POST"]),
    ]
