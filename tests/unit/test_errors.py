"""The refusals: their drawn tree is true, and each says what it is about."""

import inspect
from uuid import uuid4

import pytest

from models import ContentProblemCode
from services import errors
from services.errors import ContentInvalid, ContentProblem, DomainError


def drawn() -> dict[str, str]:
    """Each refusal of the module's docstring with the one it is drawn under."""
    tree: dict[str, str] = {}
    above: list[tuple[int, str]] = []
    for line in inspect.getdoc(errors).splitlines():  # pyright: ignore[reportOptionalMemberAccess]
        if not line.lstrip().startswith(("* ", "- ", "+ ")):
            continue
        depth, name = len(line) - len(line.lstrip()), line.split()[-1]
        above = [(other, parent) for other, parent in above if other < depth]
        tree[name] = above[-1][1] if above else "Exception"
        above.append((depth, name))
    return tree


def test_the_drawn_tree_of_refusals_is_the_real_one() -> None:
    classes = {
        name: found.__mro__[1].__name__
        for name, found in inspect.getmembers(errors, inspect.isclass)
        if issubclass(found, DomainError)
    }
    assert drawn() == classes


PROBLEMS = [
    ContentProblem("a.prompt.mdx", 3, "no name", ContentProblemCode.INVALID_FRONTMATTER),
    ContentProblem("b.jsonl", None, "empty", ContentProblemCode.TOO_LARGE),
]


@pytest.mark.parametrize(
    ("problems", "message"),
    [
        ([], "The content is not valid: the content cannot be read"),
        (PROBLEMS[:1], "The content is not valid: a.prompt.mdx:3: no name"),
        (PROBLEMS, "The content is not valid: a.prompt.mdx:3: no name (and 1 more)"),
    ],
)
def test_invalid_content_is_told_by_its_first_problem(
    problems: list[ContentProblem], message: str
) -> None:
    assert str(ContentInvalid(uuid4(), problems)) == message


def test_a_problem_of_a_whole_file_names_no_line() -> None:
    assert str(PROBLEMS[1]) == "b.jsonl: empty"
