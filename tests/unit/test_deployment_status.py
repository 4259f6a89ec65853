"""The status of a deployment as a whole is computed from its two steps."""

from itertools import product

import pytest

from models import CodeBuildStatus, DeploymentStatus, FileSyncStatus, overall


@pytest.mark.parametrize(
    ("file_sync", "code_build", "expected"),
    [
        ("PENDING", "PENDING", "IN_PROGRESS"),
        ("SYNCING", "PENDING", "IN_PROGRESS"),
        ("SYNCED", "PENDING", "IN_PROGRESS"),
        ("SYNCED", "BUILDING", "IN_PROGRESS"),
        ("SKIPPED", "BUILDING", "IN_PROGRESS"),
        ("SYNCED", "DEPLOYED", "DEPLOYED"),
        ("SYNCED", "SKIPPED", "DEPLOYED"),
        ("SKIPPED", "DEPLOYED", "DEPLOYED"),
        ("SYNCED", "FAILED", "FAILED"),
        ("FAILED", "SKIPPED", "FAILED"),
    ],
)
def test_the_steps_decide_the_whole(file_sync: str, code_build: str, expected: str) -> None:
    whole = overall(FileSyncStatus(file_sync), CodeBuildStatus(code_build))
    assert whole is DeploymentStatus(expected)


def test_one_failed_step_fails_whatever_the_other_is() -> None:
    for file_sync, code_build in product(FileSyncStatus, CodeBuildStatus):
        failed = "FAILED" in (file_sync, code_build)
        assert (overall(file_sync, code_build) is DeploymentStatus.FAILED) == failed


def test_nothing_is_deployed_while_a_step_runs() -> None:
    for file_sync, code_build in product(FileSyncStatus, CodeBuildStatus):
        if not (file_sync.is_settled and code_build.is_settled):
            assert overall(file_sync, code_build) is not DeploymentStatus.DEPLOYED


def test_the_whole_has_exactly_three_values() -> None:
    assert set(DeploymentStatus) == {"IN_PROGRESS", "DEPLOYED", "FAILED"}
