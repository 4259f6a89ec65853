"""What a program is made of: it is loaded once, and stays until the end."""

import gc
from collections.abc import Generator
from contextlib import contextmanager


@contextmanager
def loading() -> Generator[None]:
    """Load the program in the block: the collector looks at none of it, now or later.

    It would look through everything several times while it grows, which takes an eighth of the
    time of a start, and once more at each of its whole rounds.
    """
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        gc.enable()
