"""Deployments: one run of the pipeline into an environment, and for ever the record of it."""

from datetime import datetime
from functools import cache
from types import ModuleType
from typing import TYPE_CHECKING, Annotated, Self
from uuid import UUID

import strawberry

import models
from schema.actors import Actor
from schema.asked import asks_below
from schema.commits import Commit, commit_of
from schema.context import Info
from schema.ids import encode_id
from schema.nodes import OPAQUE, Connection, Node
from schema.requirements import WITH_PARENT, needs
from schema.rows import derived, part, read
from services.deployments import problems_of
from services.errors import ContentProblem as DomainContentProblem
from services.finding import require_environments
from services.paging import Page
from services.principals import Permission

if TYPE_CHECKING:
    from schema.environments import Environment

LazyEnvironment = Annotated["Environment", strawberry.lazy("schema.environments")]


@strawberry.type(description="The step that writes the environment's own snapshot of the content.")
class FileSync:
    row: strawberry.Private[models.Deployment]
    status: models.FileSyncStatus = read("row.file_sync", description="How far it is.")
    started_at: datetime | None = read(
        "row.file_sync_started_at", description="When a worker began it."
    )
    finished_at: datetime | None = read("row.file_sync_finished_at", description="When it settled.")
    detail: str | None = read("row.file_sync_detail", description="Why it failed or was skipped.")


@strawberry.type(description="Why a kept build was used, or was not.")
class CacheDecision:
    kind: models.CacheDecisionKind = strawberry.field(description="The decision.")
    detail: str | None = strawberry.field(description="The first path that differs, for a miss.")
    key: str | None = strawberry.field(description="The digest of everything that goes in.")


@strawberry.type(description="The step that builds the code at the commit.")
class CodeBuild:
    row: strawberry.Private[models.Deployment]
    status: models.CodeBuildStatus = read("row.code_build", description="How far it is.")
    started_at: datetime | None = read(
        "row.code_build_started_at", description="When a worker began it."
    )
    finished_at: datetime | None = read(
        "row.code_build_finished_at", description="When it settled."
    )
    detail: str | None = read(
        "row.code_build_detail",
        description="Why it was skipped: `HIT`, `NO_HANDLER`, `SUPERSEDED`, `FORCED_SKIP`, "
        "`SKIP_DEPLOY`, `FILE_SYNC_FAILED`.",
    )

    cache_hit: bool = derived(
        lambda self: self.row.cache_decision is models.CacheDecisionKind.HIT,
        description="Whether a kept build was used.",
    )

    @strawberry.field(
        description="Why it was used or not; null before that was decided.",
        directives=[WITH_PARENT],
    )
    def cache_decision(self) -> CacheDecision | None:
        row, kind = self.row, self.row.cache_decision
        if kind is None:
            return None
        return CacheDecision(kind=kind, detail=row.cache_detail, key=row.cache_key)


@strawberry.type(description="What is wrong with a file of a commit.")
class ContentProblem:
    path: str = strawberry.field(description="The file, from the repository's root.")
    line: int | None = strawberry.field(description="The line, from 1, when one is at fault.")
    message: str = strawberry.field(description="What is wrong, in words.")
    code: models.ContentProblemCode = strawberry.field(description="What is wrong, for programs.")

    @classmethod
    def of(cls, problem: DomainContentProblem) -> Self:
        return cls(path=problem.path, line=problem.line, message=problem.message, code=problem.code)


@strawberry.type(description="One run of the pipeline into an environment, kept for ever.")
class Deployment(Node):
    row: strawberry.Private[models.Deployment]
    id: strawberry.ID = derived(
        lambda self: encode_id("Deployment", self.row.id), description=OPAQUE
    )
    database_id: UUID = read("row.id", description="The id in the REST API.")
    kind: models.DeploymentKind = read("row.kind", description="Why it was made.")
    source_name: str | None = read(
        "row.source_name", description="The source's name at the time, for a promotion."
    )
    version: int | None = read(
        "row.version",
        description="The version it deploys; null for dev and for content refused at once.",
    )
    note: str | None = read("row.note", description="What its author had to say.")
    override: models.Override | None = read(
        "row.override", description="What the commit message asked of it, if anything."
    )
    actor: Actor | None = part(
        lambda self: Actor.of(self.row.actor), description="Who asked for it."
    )
    status: models.DeploymentStatus = read("row.status", description="The whole of it.")
    file_sync: FileSync = part(
        lambda self: FileSync(row=self.row), description="The content's step."
    )
    code_build: CodeBuild = part(
        lambda self: CodeBuild(row=self.row), description="The code's step."
    )
    failure_class: models.FailureClass | None = read(
        "row.failure_class", description="Whose trouble a failure was; null unless it failed."
    )
    failure_reason: str | None = read(
        "row.failure_reason", description="The failure in words, with the last lines of the log."
    )
    created_at: datetime = read("row.created_at", description="When it was accepted.")
    settled_at: datetime | None = read(
        "row.settled_at", description="When both steps were settled; null while it runs."
    )

    @classmethod
    def of(cls, row: models.Deployment) -> Self:
        return cls(row=row)

    @strawberry.field(
        description="The environment deployed into, though it may be deleted since.",
        directives=[needs(Permission.ENVIRONMENT_READ)],
    )
    def environment(self, info: Info) -> LazyEnvironment:
        require_environments(info.context.principal, self.row.app_id)
        return _environment_of(info, self.row.environment_id)

    @strawberry.field(
        description="Where the version came from, for a promotion.",
        directives=[needs(Permission.ENVIRONMENT_READ)],
    )
    def source(self, info: Info) -> LazyEnvironment | None:
        if self.row.source_id is None:
            return None
        require_environments(info.context.principal, self.row.app_id)
        return _environment_of(info, self.row.source_id)

    @strawberry.field(
        description="The commit whose content and code it deploys.", directives=[WITH_PARENT]
    )
    def commit(self, info: Info) -> Commit:
        return commit_of(info, self.row.app_id, self.row.commit_sha)

    @strawberry.field(
        description="The failed deployment that this one runs again.", directives=[WITH_PARENT]
    )
    async def retry_of(
        self, info: Info
    ) -> Annotated["Deployment", strawberry.lazy("schema.deployments")] | None:
        if self.row.retry_of_id is None:
            return None
        return await load_deployment(info, self.row.retry_of_id)

    @strawberry.field(
        description="What is wrong with the commit's files, when that is why it failed.",
        directives=[WITH_PARENT],
    )
    def content_problems(self) -> list[ContentProblem]:
        return [ContentProblem.of(problem) for problem in problems_of(self.row)]


async def load_deployment(info: Info, identity: UUID) -> Deployment:
    return _made(await info.context.reading.deployments.load(identity))


def deployment_of(info: Info, identity: UUID) -> Deployment:
    """The same, to be awaited only where it is not at hand."""
    return info.context.reading.deployments.make(identity, _made)


def _made(row: models.Deployment | None) -> Deployment:
    assert row is not None  # deployments are never deleted
    return Deployment.of(row)


@cache
def _environments() -> ModuleType:
    """What knows of deployments itself, and is looked for once."""
    from schema import environments

    return environments


def _environment_of(info: Info, identity: UUID) -> "Environment":
    return _environments().environment_of(info, identity)


async def page_of_deployments(
    info: Info, page: Page[models.Deployment]
) -> "Connection[Deployment]":
    """The page, with what is asked of its deployments read before they are."""
    reading, asked = info.context.reading, asks_below(info)
    if "commit" in asked:
        await reading.commits.read_ahead((row.app_id, row.commit_sha) for row in page.rows)
    around = [row.environment_id for row in page.rows if "environment" in asked]
    around += [row.source_id for row in page.rows if "source" in asked and row.source_id]
    await reading.environments.read_ahead(around)
    return DeploymentConnection.of(page, [Deployment.of(row) for row in page.rows])


DeploymentConnection = Connection[Deployment]
