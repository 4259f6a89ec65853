"""The REST API under ``/v1``: a thin edge over the services that GraphQL stands on too."""

from starlette.convertors import PathConvertor, register_url_convertor
from starlette.routing import BaseRoute, Route

from pinmark.rest.configuration import read_config
from pinmark.rest.content import read_content
from pinmark.rest.datasets import read_datasets
from pinmark.rest.endpoints import Endpoint, NoEndpoint
from pinmark.rest.execute import execute_call
from pinmark.rest.templates import read_templates


class AnyPath(PathConvertor):
    """Whatever follows, line breaks too, so that it is an endpoint of ours that says no."""

    regex = "(?s:.*)"


register_url_convertor("any", AnyPath())


def rest_routes() -> list[BaseRoute]:
    return [
        Route("/v1/execute", Endpoint(post=execute_call)),
        Route("/v1/templates", Endpoint(get=read_templates)),
        Route("/v1/datasets", Endpoint(get=read_datasets)),
        Route("/v1/config", Endpoint(get=read_config)),
        Route("/v1/content/{path:any}", Endpoint(get=read_content)),
        Route("/v1/{path:any}", NoEndpoint()),
    ]
