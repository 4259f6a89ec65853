"""Everything that can be asked for declares what it takes; what declares nothing is found."""

from collections.abc import Iterator

import strawberry
from graphql import GraphQLInterfaceType, GraphQLObjectType, build_schema, get_named_type
from graphql import is_composite_type as is_composite
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Mount, Route

from pinmark.app import create_app
from pinmark.declared import Access, Guarded, Public, declared
from pinmark.graphql import schema
from pinmark.settings import Settings
from resolvers.queries import Query
from schema.apps import App
from services.principals import ALL_PERMISSIONS
from tests.support.access.declarations import declarations_of, is_an_edge


def edges(given: strawberry.Schema) -> Iterator[tuple[str, list[str]]]:
    """Each root field and each field that leads on, and what it declares."""
    published = build_schema(given.as_str())
    for name, kind in published.type_map.items():
        if name.startswith("__") or not isinstance(kind, GraphQLObjectType | GraphQLInterfaceType):
            continue
        for field_name, field in kind.fields.items():
            if is_an_edge(given, name, field_name) or is_composite(get_named_type(field.type)):
                yield f"{name}.{field_name}", declarations_of(field)


def undeclared_fields(given: strawberry.Schema) -> list[str]:
    return [name for name, declarations in edges(given) if not declarations]


def undeclared_routes(routes: list[BaseRoute]) -> list[str]:
    return [str(route) for route in routes if not declared(route)]


def test_every_field_that_leads_somewhere_declares_what_it_takes() -> None:
    assert undeclared_fields(schema) == []
    assert len(list(edges(schema))) > 250


def test_a_field_that_declares_nothing_is_found() -> None:
    @strawberry.type
    class Planted(Query):
        @strawberry.field(description="Every app there is.")
        def all_apps(self) -> list[App]:
            return []

        @strawberry.field(description="How many there are.")
        def how_many(self) -> int:
            return 0

    found = undeclared_fields(strawberry.Schema(query=Planted))
    assert found == ["Planted.allApps", "Planted.howMany"]


def test_what_is_declared_are_permissions_that_there_are() -> None:
    for name, declarations in edges(schema):
        for declaration in declarations:
            words = declaration.rstrip("?!").removesuffix("?own").removesuffix("!own").split("|")
            known = {"known", "own", "parent", "subject", *ALL_PERMISSIONS}
            assert set(words) <= known, name


def test_every_route_declares_what_it_takes() -> None:
    for production in (False, True):
        app = create_app(Settings(production=production), url="postgresql://nowhere/nothing")
        assert undeclared_routes(app.routes) == []


def test_a_route_that_declares_nothing_is_found() -> None:
    def answer(request: Request) -> Response:
        return Response()

    app = Starlette(
        routes=[
            Route("/plain", answer),
            Mount("/below", Starlette()),
            Public("/for-no-reason", answer, why=""),
            Public("/open", answer, why="It says nothing."),
            Guarded("/guarded", answer, needs=Access.KNOWN),
        ]
    )
    assert [route.split(",")[0] for route in undeclared_routes(app.routes)] == [
        "Route(path='/plain'",
        "Mount(path='/below'",
        "Public(path='/for-no-reason'",
    ]
