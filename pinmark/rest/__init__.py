"""The REST API under ``/v1``: a thin edge over the services that GraphQL stands on too."""

from itertools import groupby

from starlette.convertors import PathConvertor, register_url_convertor
from starlette.routing import BaseRoute, Route

from pinmark.rest import (
    audit,
    configuration,
    content,
    datasets,
    execute,
    invitations,
    templates,
)
from pinmark.rest.description import described
from pinmark.rest.documentation import documentation_routes
from pinmark.rest.endpoints import Endpoint, NoEndpoint
from pinmark.rest.managing import (
    api_keys,
    apps,
    comparisons,
    deployments,
    environments,
    logs,
    promotions,
    timelines,
    variables,
)
from pinmark.rest.operations import Operation

_OPERATIONS: tuple[Operation, ...] = tuple(
    operation
    for module in (
        environments,
        promotions,
        deployments,
        timelines,
        comparisons,
        logs,
        variables,
        api_keys,
        apps,
        templates,
        datasets,
        configuration,
        content,
        execute,
        audit,
        invitations,
    )
    for operation in module.OPERATIONS
)
OPERATIONS = described(_OPERATIONS)
"""All that ``/v1`` can do, in the order in which it is told."""


class AnyPath(PathConvertor):
    """Whatever follows, line breaks too, so that it is an endpoint of ours that says no."""

    regex = "(?s:.*)"


register_url_convertor("any", AnyPath())


def rest_routes() -> list[BaseRoute]:
    in_order = sorted(OPERATIONS, key=lambda operation: operation.path)
    paths = groupby(in_order, key=lambda operation: operation.path)
    return [
        *(Route(_pattern(path), Endpoint(operations)) for path, operations in paths),
        *documentation_routes(),
        Route("/v1/{path:any}", NoEndpoint()),
    ]


def _pattern(path: str) -> str:
    """A path as it is told, for the router: what ``{path}`` stands for may have slashes."""
    return path.replace("{path}", "{path:any}")
