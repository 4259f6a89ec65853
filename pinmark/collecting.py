"""Python's garbage collector in a process that serves: what stays is not looked through for ever.

Modules, the schema and SQLAlchemy's tables are hundreds of thousands of objects. A collection that
goes through them takes tens of milliseconds, and at the usual threshold every few answers bring
one about, though what an answer is made of is let go by its references alone.
"""

import gc
from collections.abc import Generator
from contextlib import contextmanager

YOUNG, MIDDLE, OLD = 20_000, 20, 20
"""How many new objects make a collection, and how many of those one of the older ones."""


@contextmanager
def loading() -> Generator[None]:
    """Load code in the block: the collector looks at none of it, now or later.

    It would go through everything several times while it grows: a third of a server's start.
    """
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        gc.enable()


def leave_out_what_stays() -> None:
    """Call it once everything is there that is there until the process ends."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(YOUNG, MIDDLE, OLD)
