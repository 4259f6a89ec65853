"""What Relay asks of every API: nodes with global ids, and connections with cursors."""

from typing import Any, Generic, Self, TypeVar

import strawberry

from schema.context import Info
from schema.requirements import WITH_PARENT
from services.paging import Page

NodeType = TypeVar("NodeType")
OPAQUE = "Opaque, and unique in the whole API."


@strawberry.interface(description="Anything with a global id; `node` finds it again.")
class Node:
    id: strawberry.ID = strawberry.field(description=OPAQUE)


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
    page: strawberry.Private[Page[Any]]
    items: strawberry.Private[list[NodeType]]

    @strawberry.field(description="The items with their cursors.", directives=[WITH_PARENT])
    def edges(self) -> list[Edge[NodeType]]:
        return [
            Edge(cursor=cursor, node=node)
            for cursor, node in zip(self.page.cursors, self.items, strict=True)
        ]

    @strawberry.field(description="The items alone.", directives=[WITH_PARENT])
    def nodes(self) -> list[NodeType]:
        return self.items

    @strawberry.field(description="Where this page stands.", directives=[WITH_PARENT])
    def page_info(self) -> PageInfo:
        page = self.page
        return PageInfo(
            has_next_page=page.has_next,
            has_previous_page=page.has_previous,
            start_cursor=page.cursor(page.rows[0]) if page.rows else None,
            end_cursor=page.cursor(page.rows[-1]) if page.rows else None,
        )

    @strawberry.field(description="How many items the whole list has.", directives=[WITH_PARENT])
    async def total_count(self, info: Info) -> int:
        if self.page.whole is not None:
            return self.page.whole
        async with info.context.reading.session() as session:
            return await self.page.count(session)

    @classmethod
    def of(cls, page: Page[Any], nodes: list[NodeType]) -> Self:
        return cls(page=page, items=nodes)
