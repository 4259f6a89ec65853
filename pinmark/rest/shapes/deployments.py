"""Deployments, their log and their events."""

from datetime import datetime, timedelta
from typing import Literal, Self

from pydantic import Field

import models
from pinmark.rest.shapes.actors import Actor
from pinmark.rest.shapes.fields import Id, PageQuery, Query, Shape, Text
from services.deployments import problems_of
from services.errors import ContentProblem

DeploymentStatus = Literal["running", "success", "failure"]
STATUSES: dict[DeploymentStatus, models.DeploymentStatus] = {
    "running": models.DeploymentStatus.IN_PROGRESS,
    "success": models.DeploymentStatus.DEPLOYED,
    "failure": models.DeploymentStatus.FAILED,
}
_TOLD: dict[models.DeploymentStatus, DeploymentStatus] = {
    status: told for told, status in STATUSES.items()
}
DeploymentType = Literal["manual", "push", "cli", "promotion", "rollback"]
_TYPES: dict[models.DeploymentKind, DeploymentType] = {
    models.DeploymentKind.PUSH: "push",
    models.DeploymentKind.PROMOTION: "promotion",
    models.DeploymentKind.ROLLBACK: "rollback",
    models.DeploymentKind.REDEPLOY: "manual",
}
FilesStatus = Literal["pending", "syncing", "synced", "failed", "skipped"]
CodeStatus = Literal["pending", "building", "deployed", "failed", "skipped"]


class Problem(Shape):
    """What is wrong with a file of a commit."""

    path: str
    line: int | None
    message: str
    code: str

    @classmethod
    def of(cls, problem: ContentProblem) -> Self:
        return cls(
            path=problem.path,
            line=problem.line,
            message=problem.message,
            code=problem.code.value.lower(),
        )


class Deployment(Shape):
    """One run of the pipeline into an environment, kept for ever."""

    id: Id
    app_id: Id
    environment_id: Id
    deployment_status: DeploymentStatus = Field(description="The whole of it.")
    deployment_type: DeploymentType = Field(description="Why it was made.")
    env_version: int | None = Field(description="The version that it deploys; null for `dev`.")
    commit_sha: str
    commit_message: str | None
    branch: str | None = Field(description="The branch that the app follows.")
    source_environment_id: Id | None = Field(description="Where a promotion took from.")
    source_environment_name: str | None = Field(description="Its name at the time.")
    rollback_target_version: int | None = Field(description="What a rollback went to.")
    retry_of_deployment_id: Id | None = Field(description="The failed one that this runs again.")
    note: str | None
    initiated_by: str = Field(description="Who asked for it, by the name at the time.")
    actor: Actor
    files_status: FilesStatus = Field(description="How far the content is.")
    files_detail: str | None = Field(description="Why it failed or was skipped.")
    code_status: CodeStatus = Field(
        description="How far the code is: poll until `deployed`, `skipped` or `failed`."
    )
    code_detail: str | None = Field(description="Why it was skipped.")
    code_failure_reason: str | None = Field(description="Why the code failed, in words.")
    cache_hit: bool = Field(description="Whether a kept build was used.")
    cache_decision_kind: str | None = Field(description="Why it was used or not.")
    cache_decision_detail: str | None = Field(description="The first path that differs.")
    failure_class: str | None = Field(description="Whose trouble a failure was, as `build`.")
    failure_reason: str | None = Field(description="The failure in words.")
    content_problems: list[Problem] = Field(description="What is wrong with the commit's files.")
    deployment_duration_ms: int | None = Field(description="From acceptance to the end.")
    created_at: datetime
    completed_at: datetime | None = Field(description="When both steps were settled.")

    @classmethod
    def of(
        cls,
        row: models.Deployment,
        commit: models.Commit | None,
        repository: models.Repository | None,
    ) -> Self:
        decision = row.cache_decision
        code_failed = row.code_build is models.CodeBuildStatus.FAILED
        is_rollback = row.kind is models.DeploymentKind.ROLLBACK
        return cls(
            id=row.id,
            app_id=row.app_id,
            environment_id=row.environment_id,
            deployment_status=_TOLD[row.status],
            deployment_type=_TYPES[row.kind],
            env_version=row.version,
            commit_sha=row.commit_sha,
            commit_message=None if commit is None else commit.message,
            branch=None if repository is None else repository.branch,
            source_environment_id=row.source_id,
            source_environment_name=row.source_name,
            rollback_target_version=row.version if is_rollback else None,
            retry_of_deployment_id=row.retry_of_id,
            note=row.note,
            initiated_by=row.actor_name,
            actor=Actor.of(row.actor),
            files_status=files_status(row.file_sync),
            files_detail=row.file_sync_detail,
            code_status=code_status(row.code_build),
            code_detail=row.code_build_detail,
            code_failure_reason=row.failure_reason if code_failed else None,
            cache_hit=decision is models.CacheDecisionKind.HIT,
            cache_decision_kind=None if decision is None else decision.value.lower(),
            cache_decision_detail=row.cache_detail,
            failure_class=None if row.failure_class is None else row.failure_class.value.lower(),
            failure_reason=row.failure_reason,
            content_problems=[Problem.of(problem) for problem in problems_of(row)],
            deployment_duration_ms=_duration(row),
            created_at=row.created_at,
            completed_at=row.settled_at,
        )


def files_status(status: models.FileSyncStatus) -> FilesStatus:
    return status.value.lower()  # pyright: ignore[reportReturnType]  # the same words


def code_status(status: models.CodeBuildStatus) -> CodeStatus:
    return status.value.lower()  # pyright: ignore[reportReturnType]  # the same words


def _duration(row: models.Deployment) -> int | None:
    if row.settled_at is None:
        return None
    return (row.settled_at - row.created_at) // timedelta(milliseconds=1)


class Accepted(Shape):
    """A deployment that was accepted and is under way."""

    deployment_id: Id
    env_version: int | None = Field(description="The version that it deploys; null for `dev`.")
    commit_sha: str

    @classmethod
    def of(cls, row: models.Deployment) -> Self:
        return cls(deployment_id=row.id, env_version=row.version, commit_sha=row.commit_sha)


class DeploymentsQuery(PageQuery):
    status: DeploymentStatus | None = Field(
        None, description="Only those; `running` is what a pipeline waits for."
    )


class AfterQuery(Query):
    after: Text | None = Field(
        None, max_length=1000, description="Only what came past this cursor."
    )


class LogLine(Shape):
    number: int = Field(description="Its place, from 1, without a gap.")
    at: datetime = Field(description="When it was kept.")
    text: str

    @classmethod
    def of(cls, row: models.BuildLogLine | models.RuntimeLogLine) -> Self:
        return cls(number=row.seq, at=row.at, text=row.text)


class Event(Shape):
    """A transition, as it was."""

    cursor: str = Field(description="Its place; go on from it with `after`.")
    occurred_at: datetime
    kind: str = Field(description="What happened, as `deployment_settled`.")
    actor: Actor
    environment_id: Id | None
    deployment_id: Id | None
    files_status: FilesStatus | None = Field(description="The deployment's, at this event.")
    code_status: CodeStatus | None = Field(description="The deployment's, at this event.")

    @classmethod
    def of(cls, row: models.Event, cursor: str) -> Self:
        return cls(
            cursor=cursor,
            occurred_at=row.occurred_at,
            kind=row.kind.value.lower(),
            actor=Actor.of(row.actor),
            environment_id=row.environment_id,
            deployment_id=row.deployment_id,
            files_status=None if row.file_sync is None else files_status(row.file_sync),
            code_status=None if row.code_build is None else code_status(row.code_build),
        )
