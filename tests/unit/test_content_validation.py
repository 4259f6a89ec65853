"""What is wrong with a content file, and where."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.kinds import ContentProblemCode, FileKind
from services.content.validation import validate

GOOD = "---\nname: a\ntext_config:\n  model_name: m\n---\nHello\n"


def problems(kind: FileKind, content: bytes | str) -> list[tuple[int | None, str]]:
    raw = content.encode() if isinstance(content, str) else content
    return [(problem.line, problem.message) for problem in validate("a/b", kind, raw)]


def lines(kind: FileKind, content: bytes | str) -> list[int | None]:
    return [line for line, _ in problems(kind, content)]


@pytest.mark.parametrize(
    "content",
    [
        "",
        "\n\n",
        '{"input": {}}',
        '{"input": {"a": [1]}, "expected_output": null}\n\n  \n{"input": {}}\n',
        '{"input": {}}\r\n{"input": {}}\r\n',
        '\ufeff{"input": {}}\n',
    ],
)
def test_a_dataset_has_an_input_on_every_line(content: str) -> None:
    assert problems(FileKind.DATASET, content) == []


@pytest.mark.parametrize(
    ("content", "where"),
    [
        ('{"input": {}}\n{"output": {}}\n', [2]),
        ('{"input": "text"}\n', [1]),
        ('{"input": null}\n', [1]),
        ('{"input": []}\n', [1]),
        ("[]\n1\nnull\n", [1, 2, 3]),
        ('{"input": {}\n}\n', [1, 2]),
        ('{"input": {}} {"input": {}}\n', [1]),
        ('{"input": NaN}\n', [1]),
        ('{"input": ' + "[" * 100_000, [1]),
    ],
)
def test_any_other_line_is_named(content: str, where: list[int]) -> None:
    assert lines(FileKind.DATASET, content) == where


json_values = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)


@given(st.lists(json_values, max_size=6))
def test_exactly_the_lines_without_an_input_object_are_named(rows: list[object]) -> None:
    content = "\n".join(json.dumps({"input": row}) for row in rows)

    expected = [number for number, row in enumerate(rows, start=1) if not isinstance(row, dict)]
    assert lines(FileKind.DATASET, content) == expected


@given(st.binary(max_size=200), st.sampled_from(FileKind))
def test_no_bytes_whatever_are_more_than_a_problem(content: bytes, kind: FileKind) -> None:
    for line, message in problems(kind, content) + problems(kind, b"---\n" + content + b"\n---\n"):
        assert line is not None
        assert line >= 1
        assert message


@pytest.mark.parametrize("kind", FileKind)
def test_text_that_is_not_utf8_is_named_with_its_line(kind: FileKind) -> None:
    assert problems(kind, b"one\ntwo\n\xff\n") == [(3, "The text is not UTF-8.")]


@pytest.mark.parametrize("kind", FileKind)
def test_a_pointer_to_large_file_storage_is_no_content(kind: FileKind) -> None:
    pointer = f"version https://git-lfs.github.com/spec/v1\noid sha256:{'0' * 64}\nsize 12\n"

    [(line, message)] = problems(kind, pointer)

    assert line == 1
    assert "Git LFS" in message


@pytest.mark.parametrize("config", ["text", "object", "image", "speech"])
def test_a_prompt_says_what_it_is_for(config: str) -> None:
    assert problems(FileKind.PROMPT, GOOD.replace("text_", f"{config}_")) == []


@pytest.mark.parametrize(
    "content",
    [
        GOOD.replace("\n", "\r\n"),
        "\ufeff" + GOOD,
        GOOD.replace("---\n", "---  \n"),
        GOOD + "---\nmore\n---\n",
        "---\ntext_config: {}\n---",
        '---\n"text_config": {a: [1, {b: 2}]}\nlong: |\n  ---not a fence\n---\n',
        "---\ntext_config: {}\nwhen: 2024-99-99\nnumber: 1:2:3\n---\n",
    ],
)
def test_frontmatter_is_found_however_it_is_written(content: str) -> None:
    assert problems(FileKind.PROMPT, content) == []


@pytest.mark.parametrize(
    ("content", "line", "message"),
    [
        ("", 1, "starts with frontmatter"),
        ("Hello\n" + GOOD, 1, "starts with frontmatter"),
        ("---\ntext_config: {}\n", 1, "has no end"),
        ("---\n---\n", 1, "exactly one of"),
        ("---\nname: a\n---\n", 1, "none"),
        ("---\ntext_config: {}\nspeech_config: {}\n---\n", 3, "text_config and speech_config"),
        ("---\nname: a\n  bad: b\n---\n", 3, "not valid YAML"),
        ("---\na: [1\n---\n", 3, "not valid YAML"),
        ("---\na: \x07\n---\n", 1, "character"),
        ("---\n- text_config\n---\n", 2, "must be a mapping"),
        ("---\ntext\n---\n", 2, "must be a mapping"),
        ("---\na: &x {}\ntext_config: *x\n---\n", 2, "anchors and aliases"),
        ("---\ntext_config: *x\n---\n", 2, "anchors and aliases"),
        ("---\ntext_config: !!python/object:os.system {}\n---\n", 2, "tags"),
        ("---\na: 1\ntext_config: {}\na: 2\n---\n", 4, "given twice"),
        ("---\n? [a]\n: 1\ntext_config: {}\n---\n", 2, "plain text"),
        ("---\ntext_config: {}\n--- {a: 1}\n---\n", 3, "more than one document"),
        ("---\ntext_config: " + "[" * 60 + "]" * 60 + "\n---\n", 2, "too deeply"),
        ("---\ntext_config: " + "[" * 50_000 + "\n---\n", 2, "too deeply"),
        ("---\na: " + "x" * 300_000 + "\n---\n", 1, "larger than 256 KiB"),
    ],
)
def test_frontmatter_that_cannot_be_used_is_named_with_its_line(
    content: str, line: int, message: str
) -> None:
    [(found, text)] = problems(FileKind.PROMPT, content)

    assert message in text
    assert found == line


POINTER = "version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 12345\n"


@pytest.mark.parametrize("kind", FileKind)
@pytest.mark.parametrize(
    ("content", "line", "code"),
    [
        (POINTER.encode(), 1, ContentProblemCode.LFS_POINTER),
        (b"\n\n\xff", 3, ContentProblemCode.NOT_UTF8),
        (b"one\ntwo\0", 2, ContentProblemCode.NUL_BYTE),
        ("---\n".encode("utf-16-le"), 1, ContentProblemCode.NUL_BYTE),
    ],
)
def test_what_is_no_text_is_told_apart_with_its_line(
    kind: FileKind, content: bytes, line: int, code: ContentProblemCode
) -> None:
    [problem] = validate("a/b", kind, content)
    assert (problem.line, problem.code) == (line, code)


@pytest.mark.parametrize(
    ("kind", "content", "code"),
    [
        (FileKind.DATASET, b"{oops", ContentProblemCode.INVALID_JSON_LINE),
        (FileKind.DATASET, b"{}", ContentProblemCode.MISSING_INPUT),
        (FileKind.PROMPT, b"no fence", ContentProblemCode.INVALID_FRONTMATTER),
        (FileKind.PROMPT, b"---\n*a\n---\n", ContentProblemCode.INVALID_FRONTMATTER),
    ],
)
def test_every_problem_has_a_code(kind: FileKind, content: bytes, code: ContentProblemCode) -> None:
    assert [problem.code for problem in validate("a/b", kind, content)] == [code]
