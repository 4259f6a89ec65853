"""The REST API under ``/v1``: a thin edge over the services that GraphQL stands on too."""

from starlette.convertors import PathConvertor, register_url_convertor
from starlette.routing import BaseRoute, Route

from pinmark.declared import Access
from pinmark.rest.audit import export_audit
from pinmark.rest.configuration import read_config
from pinmark.rest.content import read_content
from pinmark.rest.datasets import read_datasets
from pinmark.rest.endpoints import Endpoint, NoEndpoint
from pinmark.rest.execute import execute_call
from pinmark.rest.invitations import accept_invitation
from pinmark.rest.templates import read_templates
from services.principals import Permission

CONTENT = (Permission.TEMPLATE_READ, Permission.DATASET_READ)
"""What a file takes; its kind decides."""


class AnyPath(PathConvertor):
    """Whatever follows, line breaks too, so that it is an endpoint of ours that says no."""

    regex = "(?s:.*)"


register_url_convertor("any", AnyPath())


def rest_routes() -> list[BaseRoute]:
    return [
        Route("/v1/audit", Endpoint(get=export_audit, needs=Permission.AUDIT_READ)),
        Route("/v1/execute", Endpoint(post=execute_call, needs=Permission.PROMPT_RUN)),
        # Whoever accepts is nobody yet: the token in the body is all that they have.
        Route("/v1/invitations/accept", Endpoint(post=accept_invitation, needs=Access.PUBLIC)),
        Route("/v1/templates", Endpoint(get=read_templates, needs=CONTENT)),
        Route("/v1/datasets", Endpoint(get=read_datasets, needs=Permission.DATASET_READ)),
        Route("/v1/config", Endpoint(get=read_config, needs=Permission.TEMPLATE_READ)),
        Route("/v1/content/{path:any}", Endpoint(get=read_content, needs=CONTENT)),
        Route("/v1/{path:any}", NoEndpoint()),
    ]
