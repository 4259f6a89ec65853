"""The description tells of exactly what is served, and of nothing that leads nowhere."""

import re
from collections.abc import Iterator
from itertools import pairwise
from typing import Any, cast

from starlette.routing import Route

from pinmark.rest import OPERATIONS, rest_routes
from pinmark.rest.endpoints import Endpoint, NoEndpoint
from pinmark.rest.openapi.document import document_of
from pinmark.rest.operations import Access
from services.principals import Permission
from tests.support.reading import ReadingPlace

DOCUMENT = document_of(OPERATIONS)
METHODS = {"get", "put", "post", "delete", "patch"}
PAGES = {"/v1/docs"}
"""Pages for people and their files, which are no operations."""


def served() -> set[tuple[str, str]]:
    """Every method of every path that the router leads to an endpoint of ours."""
    found: set[tuple[str, str]] = set()
    for route in rest_routes():
        assert isinstance(route, Route)
        endpoint = route.endpoint
        if isinstance(endpoint, NoEndpoint) or route.path.startswith(tuple(PAGES)):
            continue
        assert isinstance(endpoint, Endpoint), route.path
        path = re.sub(r":\w+\}", "}", route.path)
        found |= {(path, each.method.lower()) for each in endpoint.operations}
    return found


def described() -> Iterator[tuple[str, str, dict[str, Any]]]:
    for path, methods in DOCUMENT["paths"].items():
        for method, told in methods.items():
            assert method in METHODS
            yield path, method, told


def test_what_is_served_is_described_and_the_reverse() -> None:
    assert {(path, method) for path, method, _ in described()} == served()


def test_every_operation_has_a_name_of_its_own_and_says_what_it_needs() -> None:
    names = [told["operationId"] for _, _, told in described()]
    assert len(names) == len(set(names))
    for operation in OPERATIONS:
        needed = operation.permission
        assert isinstance(needed, Permission | Access) or all(
            isinstance(each, Permission) for each in needed
        )
    for path, _, told in described():
        assert told.get("security", "as everywhere") == (
            [] if path in PUBLIC else "as everywhere"
        ), path


PUBLIC = {"/v1/openapi.json", "/v1/invitations/accept"}


def test_every_reference_and_every_link_leads_somewhere() -> None:
    names = {told["operationId"]: told for _, _, told in described()}
    for found in _walk(DOCUMENT):
        if "$ref" in found:
            kind, name = found["$ref"].removeprefix("#/components/").split("/")
            assert name in DOCUMENT["components"][kind]
        for link in found.get("links", {}).values():
            taken = {each["name"] for each in names[link["operationId"]]["parameters"]}
            assert set(link.get("parameters", {})) <= taken, link
            assert "requestBody" not in link or "requestBody" in names[link["operationId"]], link


def test_the_links_lead_from_making_an_environment_to_the_end_of_a_promotion() -> None:
    names = {told["operationId"]: told for _, _, told in described()}
    way = ["createEnvironment", "getEnvironment", "promoteEnvironment", "getDeployment"]
    for name, following in pairwise(way):
        links = [
            link["operationId"]
            for response in names[name]["responses"].values()
            for link in response.get("links", {}).values()
        ]
        assert following in links


def test_every_body_has_an_example() -> None:
    schemas = DOCUMENT["components"]["schemas"]
    for _, _, told in described():
        if "requestBody" in told:
            content = told["requestBody"]["content"]["application/json"]
            name = content["schema"]["$ref"].rpartition("/")[2]
            assert schemas[name]["examples"], name


async def test_the_description_is_there_for_anybody(place: ReadingPlace) -> None:
    response = await place.server.client.get("/v1/openapi.json")
    assert (response.status_code, response.json()) == (200, DOCUMENT)
    assert response.headers["content-type"] == "application/json"


def _walk(value: Any) -> Iterator[dict[str, Any]]:
    match value:
        case dict():
            fields = cast(dict[str, Any], value)
            yield fields
            for each in fields.values():
                yield from _walk(each)
        case list():
            for each in cast(list[Any], value):
                yield from _walk(each)
        case _:
            pass
