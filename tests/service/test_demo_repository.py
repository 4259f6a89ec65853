"""The sample app's repository: what a newcomer clones, pushes to and promotes."""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pygit2
import pytest
import yaml
from pygit2.enums import SortMode

from pinmark.demo_repository import demo_source, read_source, seed_demo_repository

NO_OUTSIDE_CONFIGURATION = {
    "PATH": os.environ["PATH"],
    "GIT_CONFIG_GLOBAL": os.devnull,
    "GIT_CONFIG_NOSYSTEM": "1",
    "GIT_AUTHOR_NAME": "Newcomer",
    "GIT_AUTHOR_EMAIL": "newcomer@example.com",
    "GIT_COMMITTER_NAME": "Newcomer",
    "GIT_COMMITTER_EMAIL": "newcomer@example.com",
}


def git(directory: Path, *arguments: str) -> str:
    finished = subprocess.run(
        ["git", "-C", str(directory), *arguments],
        env=NO_OUTSIDE_CONFIGURATION,
        capture_output=True,
        text=True,
        check=True,
    )
    return finished.stdout.strip()


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    destination = tmp_path / "repositories" / "support-triage.git"
    seed_demo_repository(demo_source(), destination)
    return destination


def history(path: Path) -> list[pygit2.Commit]:
    """The commits of HEAD, oldest first."""
    opened = pygit2.Repository(path)
    order = SortMode.TOPOLOGICAL | SortMode.REVERSE
    return list(opened.walk(opened.head.target, order))


def files_of(commit: pygit2.Commit) -> dict[str, bytes]:
    return dict(_walk(commit.tree, ""))


def _walk(tree: pygit2.Tree, folder: str) -> Iterator[tuple[str, bytes]]:
    for entry in tree:
        path = f"{folder}{entry.name}"
        if isinstance(entry, pygit2.Tree):
            yield from _walk(entry, f"{path}/")
        elif isinstance(entry, pygit2.Blob):
            yield path, entry.data


def test_it_is_bare_and_its_head_is_main(repository: Path) -> None:
    opened = pygit2.Repository(repository)

    assert opened.is_bare
    assert (repository / "HEAD").read_text() == "ref: refs/heads/main\n"
    assert list(opened.branches.local) == ["main"]
    assert git(repository, "fsck", "--strict") == ""


def test_it_tells_a_story_in_several_commits(repository: Path) -> None:
    commits = history(repository)

    assert 4 <= len(commits) <= 6
    assert [len(commit.parents) for commit in commits] == [0] + [1] * (len(commits) - 1)
    assert {(commit.author.name, commit.author.email) for commit in commits} == {
        ("Support Triage", "triage@example.com")
    }
    times = [commit.commit_time for commit in commits]
    assert times == sorted(set(times))
    assert len({commit.message for commit in commits}) == len(commits)


def test_its_head_is_the_example_byte_for_byte(repository: Path) -> None:
    assert files_of(history(repository)[-1]) == read_source(demo_source())


def test_every_commit_can_be_deployed(repository: Path) -> None:
    for commit in history(repository):
        files = files_of(commit)
        configuration = json.loads(files["agentmark.json"])
        assert configuration.get("handler", "README.md") in files
        assert ("handler" in configuration) == ("handler.py" in files)


def test_its_content_is_valid(repository: Path) -> None:
    files = files_of(history(repository)[-1])
    prompts = [name for name in files if name.endswith(".prompt.mdx")]
    lines = files["agentmark/support/triage-data.jsonl"].decode().splitlines()

    assert len(prompts) == 2
    for name in prompts:
        front_matter = yaml.safe_load(files[name].decode().split("---\n")[1])
        kinds = {"text_config", "object_config", "image_config", "speech_config"}
        assert len(kinds & front_matter.keys()) == 1
    assert len(lines) >= 8
    for line in map(json.loads, lines):
        assert isinstance(line["input"], dict)
        assert line["expected_output"]
    assert json.loads(files["agentmark/schemas/ticket.json"])["type"] == "object"


def test_it_can_be_cloned_and_pushed_to(repository: Path, tmp_path: Path) -> None:
    clone = tmp_path / "clone"
    git(tmp_path, "clone", "--quiet", str(repository), str(clone))
    assert git(clone, "branch", "--show-current") == "main"

    (clone / "agentmark" / "components" / "tone.mdx").write_text("Be brief.\n")
    git(clone, "commit", "--quiet", "--all", "--message", "A shorter tone")
    git(clone, "push", "--quiet")

    assert git(repository, "rev-parse", "main") == git(clone, "rev-parse", "HEAD")


def test_history_may_be_rewritten_by_a_forced_push(repository: Path, tmp_path: Path) -> None:
    clone = tmp_path / "clone"
    git(tmp_path, "clone", "--quiet", str(repository), str(clone))
    git(clone, "reset", "--quiet", "--hard", "HEAD~1")
    git(clone, "push", "--quiet", "--force")

    assert git(repository, "rev-parse", "main") == git(clone, "rev-parse", "HEAD")


def test_what_is_there_already_stays_as_it_is(repository: Path, tmp_path: Path) -> None:
    clone = tmp_path / "clone"
    git(tmp_path, "clone", "--quiet", str(repository), str(clone))
    git(clone, "commit", "--quiet", "--allow-empty", "--message", "Mine")
    git(clone, "push", "--quiet")

    seed_demo_repository(demo_source(), repository)

    assert git(repository, "log", "-1", "--format=%s", "main") == "Mine"


def test_every_installation_starts_from_the_same_commit(repository: Path, tmp_path: Path) -> None:
    other = tmp_path / "other.git"
    seed_demo_repository(demo_source(), other)

    assert git(other, "rev-parse", "main") == git(repository, "rev-parse", "main")


def test_two_servers_may_start_at_once(tmp_path: Path) -> None:
    destination = tmp_path / "repositories" / "support-triage.git"
    with ThreadPoolExecutor(4) as threads:
        for seeding in [
            threads.submit(seed_demo_repository, demo_source(), destination) for _ in range(4)
        ]:
            seeding.result()

    assert [entry.name for entry in destination.parent.iterdir()] == ["support-triage.git"]
    assert len(history(destination)) >= 4


def test_a_seeding_that_fails_leaves_nothing_behind(tmp_path: Path) -> None:
    destination = tmp_path / "repositories" / "support-triage.git"
    with pytest.raises(FileNotFoundError, match="No sample app"):
        seed_demo_repository(tmp_path / "empty", destination)

    assert list(destination.parent.iterdir()) == []


def test_what_running_the_example_left_behind_is_not_committed(tmp_path: Path) -> None:
    source = tmp_path / ".venv" / "support-triage"  # an installed package lies under such a folder
    (source / "__pycache__").mkdir(parents=True)
    (source / "__pycache__" / "handler.pyc").write_bytes(b"compiled")
    (source / "agentmark.json").write_text('{"handler": "handler.py"}')

    assert set(read_source(source)) == {"agentmark.json"}
