"""What Relay asks of every API: nodes with global ids, and connections with cursors."""

from typing import Any, Generic, Self, TypeVar

import strawberry

from schema.requirements import WITH_PARENT
from services.paging import Page

NodeType = TypeVar("NodeType")


@strawberry.interface(description="Anything with a global id; `node` finds it again.")
class Node:
    id: strawberry.ID = strawberry.field(description="Opaque, and unique in the whole API.")


@strawberry.type(description="Where a page stands in its list.")
class PageInfo:
    has_next_page: bool = strawberry.field(description="Whether more items follow.")
    has_previous_page: bool = strawberry.field(description="Whether items come before.")
    start_cursor: str | None = strawberry.field(description="The first item's cursor.")
    end_cursor: str | None = strawberry.field(description="The last item's cursor.")


@strawberry.type(description="An item of a list, and its place.")
class Edge(Generic[NodeType]):
    cursor: str = strawberry.field(description="The item's place; give it to `after` or `before`.")
    node: NodeType = strawberry.field(description="The item.", directives=[WITH_PARENT])


@strawberry.type(description="A page of a list.")
class Connection(Generic[NodeType]):
    edges: list[Edge[NodeType]] = strawberry.field(
        description="The items with their cursors.", directives=[WITH_PARENT]
    )
    nodes: list[NodeType] = strawberry.field(
        description="The items alone.", directives=[WITH_PARENT]
    )
    page_info: PageInfo = strawberry.field(
        description="Where this page stands.", directives=[WITH_PARENT]
    )
    total_count: int = strawberry.field(description="How many items the whole list has.")

    @classmethod
    def of(cls, page: Page[Any], nodes: list[NodeType]) -> Self:
        edges = [
            Edge(cursor=cursor, node=node) for cursor, node in zip(page.cursors, nodes, strict=True)
        ]
        return cls(
            edges=edges,
            nodes=nodes,
            page_info=PageInfo(
                has_next_page=page.has_next,
                has_previous_page=page.has_previous,
                start_cursor=page.cursors[0] if page.cursors else None,
                end_cursor=page.cursors[-1] if page.cursors else None,
            ),
            total_count=page.total,
        )
