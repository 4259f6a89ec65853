"""Lists of the API, read to their end."""

from collections.abc import Iterator
from typing import Any

from pinmark.client.api import Api
from pinmark.client.failures import Data, NotFound


def every(api: Api, document: str, *path: str, **variables: Any) -> Iterator[Data]:
    """The items of the connection at ``path`` of the answer, page after page."""
    after: str | None = None
    while True:
        page: Any = api.ask(document, after=after, **variables)
        for name in path:
            page = page[name]
            if page is None:
                raise NotFound(
                    f"There is no {name} {variables.get(name, '')} here.",
                    hint="`pinmark app list` and `pinmark env list` show what there is.",
                    code="NOT_FOUND",
                )
        yield from page["nodes"]
        if not page["pageInfo"]["hasNextPage"]:
            return
        after = page["pageInfo"]["endCursor"]
