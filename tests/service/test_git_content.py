"""The content of real commits."""

from pathlib import Path
from uuid import UUID, uuid4

import pygit2
import pytest

from models.kinds import FileKind
from services.content import reading
from services.content.configuration import Configuration
from services.content.reading import Content, read_content
from services.git.hosts import AddressPolicy
from services.git.mirrors import Mirrors, Remote
from tests.support.repositories import Repository, exploding_tree, make_repository, nested_tree

PROMPT = b"---\nname: triage\nobject_config:\n  model_name: m\n---\n<User>{props.text}</User>\n"
TYPICAL: dict[str, bytes | None] = {
    "agentmark.json": b'{"version": "2.0.0", "agentmarkPath": ".", "handler": "handler.py"}',
    "agentmark/support/triage.prompt.mdx": PROMPT,
    "agentmark/support/triage-data.jsonl": b'{"input": {"text": "a"}, "expected_output": 1}\n',
    "agentmark/components/tone.mdx": b"Be kind.\n",
    "agentmark/schemas/ticket.json": b'{"type": "object"}\n',
    "agentmark/notes.txt": b"not content",
    "handler.py": b"",
    "README.md": b"# Not content\n",
}
BLOB = 0o100644
TREE = 0o040000


@pytest.fixture
def repository(tmp_path: Path) -> Repository:
    return make_repository(tmp_path.resolve() / "root" / "app.git")


@pytest.fixture
def mirrors(tmp_path: Path) -> Mirrors:
    roots = (tmp_path.resolve() / "root",)
    return Mirrors(tmp_path / "mirrors", AddressPolicy(roots=roots), fetch_seconds=60)


@pytest.fixture
def app_id() -> UUID:
    return uuid4()


async def content_at_head(mirrors: Mirrors, app_id: UUID, repository: Repository) -> Content:
    sha = await mirrors.fetch_head(app_id, Remote(str(repository.path), "main"))
    return await read_content(mirrors, app_id, sha)


def said(content: Content) -> list[str]:
    return [str(problem) for problem in content.problems]


async def test_a_typical_app_has_its_content_and_its_configuration(
    mirrors: Mirrors, app_id: UUID, repository: Repository
) -> None:
    repository.commit(TYPICAL)

    content = await content_at_head(mirrors, app_id, repository)

    assert said(content) == []
    assert content.is_valid
    assert content.configuration == Configuration("2.0.0", ".", "handler.py")
    assert {file.path: file.kind for file in content.files} == {
        "agentmark.json": FileKind.CONFIGURATION,
        "agentmark/components/tone.mdx": FileKind.COMPONENT,
        "agentmark/schemas/ticket.json": FileKind.SCHEMA,
        "agentmark/support/triage-data.jsonl": FileKind.DATASET,
        "agentmark/support/triage.prompt.mdx": FileKind.PROMPT,
    }
    for file in content.files:
        assert file.content == TYPICAL[file.path]
        assert file.size == len(file.content)
        assert file.object_id == str(pygit2.hash(file.content))
    assert len(content.tree) == len(TYPICAL)


async def test_without_agentmark_json_the_usual_places_are_read(
    mirrors: Mirrors, app_id: UUID, repository: Repository
) -> None:
    repository.commit({"agentmark/a.md": b"a", "handler.py": b""})

    content = await content_at_head(mirrors, app_id, repository)

    assert [file.path for file in content.files] == ["agentmark/a.md"]
    assert content.configuration == Configuration()


async def test_a_repository_without_content_is_valid(
    mirrors: Mirrors, app_id: UUID, repository: Repository
) -> None:
    repository.commit_tree(repository.raw_tree())

    content = await content_at_head(mirrors, app_id, repository)

    assert (content.files, content.problems) == ((), ())


async def test_content_is_read_where_the_configuration_says(
    mirrors: Mirrors, app_id: UUID, repository: Repository
) -> None:
    repository.commit(
        {
            "agentmark.json": b'{"version": "2.1", "agentmarkPath": "./apps/support/"}',
            "apps/support/agentmark/a.md": b"a",
            "agentmark/b.md": b"b",
        }
    )

    content = await content_at_head(mirrors, app_id, repository)

    assert [file.path for file in content.files] == [
        "agentmark.json",
        "apps/support/agentmark/a.md",
    ]


async def test_a_configured_folder_that_is_not_there_is_a_problem(
    mirrors: Mirrors, app_id: UUID, repository: Repository
) -> None:
    repository.commit({"agentmark.json": b'{"version": "2.0.0", "agentmarkPath": "apps"}'})

    content = await content_at_head(mirrors, app_id, repository)

    assert said(content) == ["agentmark.json: agentmarkPath: there is no folder apps."]


async def test_every_problem_is_named_with_file_and_line(
    mirrors: Mirrors, app_id: UUID, repository: Repository
) -> None:
    repository.commit(
        {
            **TYPICAL,
            "agentmark/a.jsonl": b'{"input": {}}\n{"input": 1}\n{oops\n',
            "agentmark/b.prompt.mdx": b"---\ntext_config: {}\nimage_config: {}\n---\n",
            "agentmark/c.mdx": b"ok\n\xff\n",
            "outside.jsonl": b"oops",
        }
    )

    content = await content_at_head(mirrors, app_id, repository)

    assert [(problem.path, problem.line) for problem in content.problems] == [
        ("agentmark/a.jsonl", 2),
        ("agentmark/a.jsonl", 3),
        ("agentmark/b.prompt.mdx", 3),
        ("agentmark/c.mdx", 2),
    ]


async def test_at_most_a_hundred_problems_are_reported(
    mirrors: Mirrors, app_id: UUID, repository: Repository
) -> None:
    repository.commit({f"agentmark/{index}.jsonl": b"oops\n" * 60 for index in range(3)})

    assert len((await content_at_head(mirrors, app_id, repository)).problems) == 100


@pytest.mark.parametrize(
    ("mode", "message"),
    [(0o120000, "Symbolic links are not"), (0o160000, "Submodules are not")],
)
@pytest.mark.parametrize("place", ["agentmark", "agentmark/a.md", "agentmark/b"])
async def test_a_link_or_submodule_in_the_content_is_a_problem(
    place: str,
    mode: int,
    message: str,
    mirrors: Mirrors,
    app_id: UUID,
    repository: Repository,
) -> None:
    link = (mode, place.rpartition("/")[2].encode(), repository.blob(b"../handler.py"))
    tree = (
        repository.raw_tree(link)
        if place == "agentmark"
        else repository.raw_tree((TREE, b"agentmark", repository.raw_tree(link)))
    )
    repository.commit_tree(tree)

    content = await content_at_head(mirrors, app_id, repository)

    [problem] = content.problems
    assert problem.path == place
    assert problem.message.startswith(message)
    assert content.files == ()


async def test_a_link_elsewhere_does_not_hurt_the_content(
    mirrors: Mirrors, app_id: UUID, repository: Repository
) -> None:
    blob = repository.blob(b"README")
    repository.commit_tree(repository.raw_tree((0o120000, b"docs", blob)))

    assert (await content_at_head(mirrors, app_id, repository)).is_valid


async def test_agentmark_json_as_a_link_is_a_problem(
    mirrors: Mirrors, app_id: UUID, repository: Repository
) -> None:
    blob = repository.blob(b"/etc/passwd")
    repository.commit_tree(repository.raw_tree((0o120000, b"agentmark.json", blob)))

    assert said(await content_at_head(mirrors, app_id, repository)) == [
        "agentmark.json: Symbolic links are not supported."
    ]


async def test_a_hostile_tree_is_a_problem_of_the_content(
    mirrors: Mirrors, app_id: UUID, repository: Repository
) -> None:
    blob = repository.blob(b"x")
    for tree, message in (
        (exploding_tree(repository), "more than 50000 files"),
        (nested_tree(repository, depth=20_000), "nested deeper"),
        (repository.raw_tree((BLOB, b"a\xff", blob)), "not UTF-8"),
        (repository.raw_tree((TREE, b"..", repository.raw_tree((BLOB, b"a", blob)))), "named “..”"),
    ):
        repository.commit_tree(tree)

        content = await content_at_head(mirrors, app_id, repository)

        [problem] = content.problems
        assert message in problem.message
        assert (content.files, content.tree) == ((), ())


async def test_a_large_file_is_named_and_not_read(
    mirrors: Mirrors, app_id: UUID, repository: Repository
) -> None:
    repository.commit({"agentmark/a.md": bytes(10 * 1024 * 1024 + 1), "big.bin": bytes(20_000_000)})

    assert said(await content_at_head(mirrors, app_id, repository)) == [
        "agentmark/a.md: The file is larger than 10 MiB."
    ]


async def test_a_file_counts_as_often_as_it_is_named(
    mirrors: Mirrors, app_id: UUID, repository: Repository
) -> None:
    blob = repository.blob(bytes(10 * 1024 * 1024))
    folder = repository.raw_tree(*((BLOB, b"%02d.md" % index, blob) for index in range(11)))
    repository.commit_tree(repository.raw_tree((TREE, b"agentmark", folder)))

    assert said(await content_at_head(mirrors, app_id, repository)) == [
        ".: The content is larger than 100 MiB."
    ]


async def test_too_many_content_files_are_a_problem(
    mirrors: Mirrors,
    app_id: UUID,
    repository: Repository,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(reading, "MAXIMUM_FILES", 2)
    repository.commit({f"agentmark/{index}.md": b"x" for index in range(3)})

    assert said(await content_at_head(mirrors, app_id, repository)) == [
        ".: There are more than 2 content files."
    ]
