"""Which file is the handler, and what a build depends on."""

import pytest

from models.kinds import Language
from services.code import (
    CodeInputs,
    Handler,
    HandlerMissing,
    code_inputs,
    detect_handler,
    first_difference,
)
from services.content.configuration import Configuration
from services.git.trees import EXECUTABLE, REGULAR, SYMLINK, TreeFile

PYTHON = Handler("handler.py", Language.PYTHON)


def tree(*paths: str, mode: int = REGULAR) -> list[TreeFile]:
    return [TreeFile(path, mode, f"{index:040x}") for index, path in enumerate(paths, start=1)]


def inputs(
    files: list[TreeFile],
    content: tuple[str, ...] = (),
    handler: Handler = PYTHON,
    builder: str = "1",
    variables: str = "",
) -> CodeInputs:
    given = {"NAME": variables} if variables else {}
    return code_inputs(files, content, handler, builder_version=builder, variables=given)


@pytest.mark.parametrize(
    ("paths", "handler"),
    [
        (("handler.py", "handler.ts"), PYTHON),
        (("handler.ts", "handler.js"), Handler("handler.ts", Language.NODE)),
        (("handler.mjs", "handler.js"), Handler("handler.js", Language.NODE)),
        (("handler.mjs",), Handler("handler.mjs", Language.NODE)),
        (("src/handler.py", "handler.rb"), None),
        ((), None),
    ],
)
def test_the_usual_names_are_tried_in_order(
    paths: tuple[str, ...], handler: Handler | None
) -> None:
    assert detect_handler(tree(*paths), Configuration()) == handler


@pytest.mark.parametrize(
    ("path", "language"),
    [("src/main.py", Language.PYTHON), ("src/main.ts", Language.NODE), ("run", Language.NODE)],
)
def test_the_configured_handler_comes_first(path: str, language: Language) -> None:
    found = detect_handler(tree("handler.py", path), Configuration(handler=path))

    assert found == Handler(path, language)


def test_a_configured_handler_that_is_missing_is_an_error() -> None:
    with pytest.raises(HandlerMissing, match=r"agentmark\.json names the handler src/main\.py"):
        detect_handler(tree("handler.py"), Configuration(handler="src/main.py"))


def test_a_link_is_no_handler() -> None:
    files = tree("handler.py", mode=SYMLINK)

    assert detect_handler(files, Configuration()) is None
    with pytest.raises(HandlerMissing):
        detect_handler(files, Configuration(handler="handler.py"))


def test_the_same_inputs_have_the_same_key_in_any_order() -> None:
    files = tree("handler.py", "lib/a.py")

    assert inputs(files) == inputs(files[::-1])


def test_content_is_no_input() -> None:
    before, after = tree("handler.py", "agentmark/a.md"), tree("handler.py")

    assert inputs(before, content=("agentmark/a.md",)).key == inputs(after).key


def test_each_input_changes_the_key() -> None:
    files = tree("handler.py", "lib/a.py")
    keys = {
        inputs(files).key,
        inputs(files[:1]).key,
        inputs(tree("handler.py", "lib/b.py")).key,
        inputs([files[0], TreeFile("lib/a.py", REGULAR, "f" * 40)]).key,
        inputs([files[0], TreeFile("lib/a.py", EXECUTABLE, files[1].object_id)]).key,
        inputs(files, handler=Handler("lib/a.py", Language.PYTHON)).key,
        inputs(files, handler=Handler("handler.py", Language.NODE)).key,
        inputs(files, builder="2").key,
        inputs(files, variables="x").key,
        inputs(files, builder="1x", variables="").key,
    }

    assert len(keys) == 10
    assert all(len(key) == 64 for key in keys)


def test_the_first_difference_is_added_removed_or_changed() -> None:
    before = {"a": "1", "b": "1", "c": "1"}

    assert first_difference(before, before) is None
    assert first_difference(before, {"a": "1", "b": "2", "c": "2"}) == "b"
    assert first_difference(before, {"b": "1", "c": "1"}) == "a"
    assert first_difference(before, {**before, "aa": "1"}) == "aa"
