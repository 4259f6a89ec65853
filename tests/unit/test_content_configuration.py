"""agentmark.json."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.kinds import ContentProblemCode, FileKind
from services.content.configuration import Configuration, read_configuration
from services.content.kinds import kind_of


@pytest.mark.parametrize(
    ("content", "configuration"),
    [
        (b'{"version": "2.0.0"}', Configuration()),
        (b'{"version": "2", "agentmarkPath": "."}', Configuration("2")),
        (b'{"version": "2.10.3-beta.1", "other": [1]}', Configuration("2.10.3-beta.1")),
        (b'{"version": "3.0", "agentmarkPath": ""}', Configuration("3.0")),
        (b'{"version": "2.0.0", "agentmarkPath": "./a//b/"}', Configuration("2.0.0", "a/b")),
        (b'{"version": "2.0.0", "handler": "./src/h.ts"}', Configuration(handler="src/h.ts")),
        (b'{"version": "2.0.0", "handler": null}', Configuration()),
        (b'\xef\xbb\xbf{"version": "2.0.0"}', Configuration()),
    ],
)
def test_a_configuration_has_one_normal_form(content: bytes, configuration: Configuration) -> None:
    assert read_configuration(content) == configuration


@pytest.mark.parametrize(
    ("content", "line", "message"),
    [
        (b"", 1, "not JSON"),
        (b'{\n"version": "2.0.0"\n]', 3, "not JSON"),
        (b"\xff", 1, "not JSON"),
        (b"[]", 1, "one JSON object"),
        (b'"2.0.0"', 1, "one JSON object"),
        (b"{}", 1, "version must be a string"),
        (b'{\n"version": 2}', 2, "version must be a string"),
        (b'{"version": "two"}', 1, "version must be a string"),
        (b'{"version": "2.0.0\\n"}', 1, "version must be a string"),
        (b'{"version": "1.9.9"}', 1, "not supported"),
        (b'{"version": "' + b"9" * 5000 + b'"}', 1, "version must be a string"),
        (b'{"version": "2.0.0",\n"agentmarkPath": "/etc"}', 2, "inside the repository"),
        (b'{"version": "2.0.0",\n"agentmarkPath": "a/../.."}', 2, "inside the repository"),
        (b'{"version": "2.0.0", "agentmarkPath": "a\\u0000b"}', 1, "must be a path"),
        (b'{"version": "2.0.0", "agentmarkPath": "a\\\\b"}', 1, "must be a path"),
        (b'{"version": "2.0.0", "agentmarkPath": 1}', 1, "must be a path"),
        (b'{"version": "2.0.0",\n\n"handler": "../h.py"}', 3, "inside the repository"),
        (b'{"version": "2.0.0", "handler": "."}', 1, "path of a file"),
        (b'{"version": "2.0.0", "handler": ["h.py"]}', 1, "must be a path"),
        (b'{"version": "2.0.0", "handler": "' + b"a" * 501 + b'"}', 1, "must be a path"),
        (b" " * 1_100_000, None, "larger than 1 MiB"),
        (b'{"a": ' * 100_000, 1, "not JSON"),
    ],
)
def test_what_cannot_be_used_is_named_with_its_line(
    content: bytes, line: int | None, message: str
) -> None:
    problems = read_configuration(content)

    assert isinstance(problems, tuple)
    assert message in problems[0].message
    assert problems[0].line == line
    assert problems[0].path == "agentmark.json"


def test_all_problems_are_reported_at_once() -> None:
    problems = read_configuration(b'{"agentmarkPath": "/", "handler": 1}')

    assert isinstance(problems, tuple)
    assert len(problems) == 3


@given(st.binary(max_size=100))
def test_no_bytes_whatever_raise(content: bytes) -> None:
    assert isinstance(read_configuration(content), Configuration | tuple)


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("agentmark.json", FileKind.CONFIGURATION),
        ("agentmark/a.prompt.mdx", FileKind.PROMPT),
        ("agentmark/a.mdx", FileKind.COMPONENT),
        ("agentmark/a/b.md", FileKind.COMPONENT),
        ("agentmark/a.jsonl", FileKind.DATASET),
        ("agentmark/a.json", FileKind.SCHEMA),
        ("agentmark/agentmark.json", FileKind.SCHEMA),
        ("agentmark/a.py", None),
        ("agentmark/a", None),
        ("a.prompt.mdx", None),
        ("README.md", None),
        ("agentmarker/a.md", None),
        ("src/agentmark/a.md", None),
    ],
)
def test_place_and_ending_make_the_kind(path: str, kind: FileKind | None) -> None:
    assert kind_of(path, Configuration()) is kind


def test_the_content_root_is_below_the_configured_path() -> None:
    configuration = Configuration(agentmark_path="src")

    assert kind_of("src/agentmark/a.md", configuration) is FileKind.COMPONENT
    assert kind_of("agentmark/a.md", configuration) is None


def test_a_configuration_that_is_an_lfs_pointer_says_so() -> None:
    pointer = b"version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 1\n"
    found = read_configuration(pointer)
    assert isinstance(found, tuple)
    assert [(problem.line, problem.code) for problem in found] == [
        (1, ContentProblemCode.LFS_POINTER)
    ]
