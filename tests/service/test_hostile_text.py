"""Text that Postgres cannot keep, in content, commits and handlers, is told and kept as it can."""

import pygit2
import pytest

from models import App, CodeBuildStatus, Deployment, Environment, FailureClass
from services.errors import ContentInvalid
from services.installation import Installation
from services.principals import Principal
from tests.support.apps import deployments_of, promoted, push
from tests.support.repositories import Repository

NUL_KEY = b'---\ntext_config: {model_name: m}\n"a\\0": 1\n"a\\0": 2\n---\n\n<User>Hi</User>\n'


async def newest(installation: Installation, environment: Environment) -> Deployment:
    return (await deployments_of(installation, environment))[-1]


async def test_a_nul_in_frontmatter_is_a_problem_of_the_content(
    installation: Installation,
    owner: Principal,
    app: App,
    dev: Environment,
    staging: Environment,
    repository: Repository,
) -> None:
    repository.commit({"agentmark/nul.prompt.mdx": NUL_KEY})
    await push(installation, app)

    assert (await newest(installation, dev)).failure_class is FailureClass.CONTENT
    with pytest.raises(ContentInvalid, match="given twice"):
        await promoted(installation, owner, source=dev, target=staging)


@pytest.mark.parametrize("words", ['"a\\0b"', '"\\ud800x"'], ids=["NUL", "half a surrogate"])
async def test_what_a_handler_raises_is_the_reason_of_its_failure(
    installation: Installation, app: App, dev: Environment, repository: Repository, words: str
) -> None:
    repository.commit({"handler.py": f"raise RuntimeError({words})\n".encode()})
    await push(installation, app)

    failed = await newest(installation, dev)
    assert failed.failure_class is FailureClass.BUILD
    assert "RuntimeError" in (failed.failure_reason or "")


async def test_a_number_without_end_is_no_toml(
    installation: Installation, app: App, dev: Environment, repository: Repository
) -> None:
    project = b"[project]\nname = 'x'\nversion = " + b"9" * 5000 + b"\n"
    repository.commit({"handler.py": b"def handler(event): ...\n", "pyproject.toml": project})
    await push(installation, app)

    failed = await newest(installation, dev)
    assert failed.failure_class is FailureClass.BUILD
    assert "not valid TOML" in (failed.failure_reason or "")


async def test_requirements_of_empty_lines_cost_nothing(
    installation: Installation, app: App, dev: Environment, repository: Repository
) -> None:
    lines = b"\n" * 300_000
    repository.commit({"handler.py": b"def handler(event): ...\n", "requirements.txt": lines})
    await push(installation, app)

    assert (await newest(installation, dev)).code_build is CodeBuildStatus.DEPLOYED


@pytest.mark.parametrize(
    "encoding",
    [b"\xff\xfe", b"iso-8859-99", b"cp1259", b"utf-7"],
    ids=["bytes", "no", "nor", "odd"],
)
async def test_a_commit_of_an_odd_encoding_is_read_all_the_same(
    installation: Installation,
    app: App,
    dev: Environment,
    repository: Repository,
    encoding: bytes,
) -> None:
    head = repository.git[repository.head or ""]
    assert isinstance(head, pygit2.Commit)
    raw = head.read_raw().replace(b"\n\n", b"\nencoding " + encoding + b"\n\nOdd: ", 1)
    repository.force(str(repository.git.odb.write(pygit2.enums.ObjectType.COMMIT, raw)))
    await push(installation, app)

    pushed = await newest(installation, dev)
    assert (pushed.commit_sha, pushed.failure_class) == (repository.head, None)
