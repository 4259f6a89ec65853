"""The arguments that every list takes, described once."""

from typing import Annotated

import strawberry

First = Annotated[
    int | None,
    strawberry.argument(description="How many items from the start; 0 to 100, 20 unless told."),
]
After = Annotated[
    str | None, strawberry.argument(description="Only items past this cursor of the same list.")
]
Last = Annotated[
    int | None,
    strawberry.argument(description="How many items from the end; 0 to 100; not with `first`."),
]
Before = Annotated[
    str | None, strawberry.argument(description="Only items before this cursor of the same list.")
]
