"""What somebody may have meant who named a path that is not there."""

from collections.abc import Iterable
from difflib import SequenceMatcher
from heapq import nlargest

from services.content.kinds import KINDS

MOST = 3
CLOSE = 0.6
COMPARED = 20
"""How many of the likeliest are compared letter by letter, which is slow."""
LETTERS = 120
"""How much of a path's end is looked at: a long one takes no longer."""


def closest(path: str, known: Iterable[str], *, root: str = "") -> tuple[str, ...]:
    """The paths that are close, the closest first; none when none is.

    What nearly all paths share, ``root`` and the suffixes, makes none close. Twenty thousand are
    weighed by the pairs of letters they share, and few are compared in earnest.
    """
    wanted = _telling(path, root)
    pairs = _pairs(wanted)
    told = ((each, _telling(each, root)) for each in known)
    weighed = (
        (2 * len(pairs & found) / (len(pairs) + len(found)), each, telling)
        for each, telling in told
        if _could_be_close(len(wanted), len(telling)) and (found := _pairs(telling))
    )
    likely = nlargest(COMPARED, (one for one in weighed if one[0] > 0))
    compared = [(_ratio(wanted, telling), each) for _, each, telling in likely]
    close = sorted((-ratio, each) for ratio, each in compared if ratio >= CLOSE)
    return tuple(each for _, each in close[:MOST])


def _telling(path: str, root: str) -> str:
    path = path.removeprefix(root)
    suffix = next((suffix for suffix, _ in KINDS if path.endswith(suffix)), "")
    return path.removesuffix(suffix)[-LETTERS:].casefold()


def _pairs(text: str) -> set[str]:
    return {text[index : index + 2] for index in range(len(text) - 1)}


def _could_be_close(one: int, other: int) -> bool:
    """Whether lengths so different leave room for a ratio that is close."""
    return 2 * min(one, other) >= CLOSE * (one + other)


def _ratio(wanted: str, candidate: str) -> float:
    return SequenceMatcher(None, candidate, wanted, autojunk=False).ratio()
