"""Environments: the named places an app runs."""

from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Self
from uuid import UUID

import strawberry

import models
from schema.api_keys import ApiKey, ApiKeyConnection
from schema.arguments import After, Before, First, Last
from schema.asked import asks_below
from schema.capabilities import EnvironmentCapabilities
from schema.commits import Commit, commit_of, load_commit
from schema.context import Info
from schema.deployment_filters import EnvironmentDeploymentsFilter
from schema.deployments import (
    Deployment,
    DeploymentConnection,
    deployment_of,
    load_deployment,
    page_of_deployments,
)
from schema.files import File, FileConnection
from schema.ids import encode_id
from schema.nodes import OPAQUE, Connection, Node
from schema.requirements import OWN, WITH_PARENT, needs
from schema.rows import derived, read
from schema.runtimes import Runtime
from schema.serving import ServedInterval, ServedIntervalConnection
from schema.variables import EnvironmentVariable, EnvironmentVariableConnection
from services import environments, listings, serving
from services.access import can_see_environments, require_content
from services.api_keys import list_api_keys
from services.capabilities import OnEnvironment
from services.content.kinds import kind_named
from services.inputs import check_text
from services.paging import Page, PageRequest
from services.principals import Permission, require
from services.variables.reading import list_variables

if TYPE_CHECKING:
    from schema.apps import App

OF_THE_PIN = frozenset({"pin", "contentCommit", "codeCommit"})
"""The fields that need the deployment which is pinned."""


@strawberry.type(description="The version an environment runs, until another is put in its place.")
class Pin:
    row: strawberry.Private[models.Deployment]
    number: strawberry.Private[int]

    @strawberry.field(description="The deployment that put it there.", directives=[WITH_PARENT])
    def deployment(self) -> Deployment:
        return Deployment.of(self.row)

    @strawberry.field(description="The version, shown as `v3`.", directives=[WITH_PARENT])
    def version(self) -> int:
        return self.number

    @strawberry.field(description="Since when it is served.", directives=[WITH_PARENT])
    def since(self) -> datetime:
        assert self.row.settled_at is not None  # a pin moves when its deployment settles
        return self.row.settled_at

    @strawberry.field(description="The commit it was made from.", directives=[WITH_PARENT])
    def commit(self, info: Info) -> Commit:
        return commit_of(info, self.row.app_id, self.row.commit_sha)


@strawberry.type(description="What goes when the environment is deleted. Its history stays.")
class DeletionPreview:
    snapshot_files_released: int = strawberry.field(
        description="How many content files its snapshots hold, which are let go."
    )
    api_keys_revoked: int = strawberry.field(description="How many API keys end with it.")
    variables_released: int = strawberry.field(
        description="How many variables it has, whose values are let go."
    )


@strawberry.type(description="A named place an app runs: `dev` follows HEAD, others their pin.")
class Environment(Node):
    row: strawberry.Private[models.Environment]
    id: strawberry.ID = derived(
        lambda self: encode_id("Environment", self.row.id), description=OPAQUE
    )
    database_id: UUID = read("row.id", description="The id in the REST API.")
    name: str = read("row.name", description="Unique among the app's living environments.")
    is_default: bool = read("row.is_default", description="Whether this is `dev`.")
    state: models.EnvironmentState = read("row.state", description="What it follows.")
    pin_label: str = read(
        "row.pin_label",
        description="What stands beside the name: `default`, `no-pin` or the version, `v3`.",
    )
    current_version: int = read(
        "row.current_version",
        description="How many promotions into it succeeded; 0 for `dev`. It never goes down.",
    )
    created_at: datetime = read("row.created_at", description="When it was created.")
    deleted_at: datetime | None = read(
        "row.deleted_at", description="When it was deleted, if it was."
    )

    @classmethod
    def of(cls, row: models.Environment) -> Self:
        return cls(row=row)

    @strawberry.field(
        description="The app it belongs to. Refused with `PERMISSION_DENIED` to who may not see "
        "it.",
        directives=[needs(Permission.APP_READ)],
    )
    async def app(self, info: Info) -> Annotated["App", strawberry.lazy("schema.apps")]:
        from schema.apps import load_app

        require(info.context.principal, Permission.APP_READ, app_id=self.row.app_id)
        return await load_app(info, self.row.app_id)

    @strawberry.field(
        description="The version it runs; null for `dev` and before the first.",
        directives=[WITH_PARENT],
    )
    def pin(self, info: Info) -> Pin | None:
        version = self.row.pinned_version
        if self.row.pinned_deployment_id is None or version is None:
            return None

        def made(row: models.Deployment | None) -> Pin:
            assert row is not None  # deployments are never deleted
            return Pin(row=row, number=version)

        return info.context.reading.deployments.make(self.row.pinned_deployment_id, made)

    @strawberry.field(
        description="The deployment in flight; for `dev` the newest of them.",
        directives=[WITH_PARENT],
    )
    def deploying(self, info: Info) -> Deployment | None:
        if self.row.deploying_id is not None:
            return deployment_of(info, self.row.deploying_id)
        if not self.row.is_default:
            return None
        return info.context.reading.newest_unsettled.make(
            self.row.id, lambda row: None if row is None else Deployment.of(row)
        )

    @strawberry.field(
        description="The commit whose content it serves; null while it serves none.",
        directives=[WITH_PARENT],
    )
    async def content_commit(self, info: Info) -> Commit | None:
        return await self._commit_of(
            info, self.row.pinned_deployment_id or self.row.content_deployment_id
        )

    @strawberry.field(
        description="The commit whose code it runs; null while it runs none.",
        directives=[WITH_PARENT],
    )
    async def code_commit(self, info: Info) -> Commit | None:
        return await self._commit_of(
            info, self.row.pinned_deployment_id or self.row.code_deployment_id
        )

    async def _commit_of(self, info: Info, deployment_id: UUID | None) -> Commit | None:
        if deployment_id is None:
            return None
        deployment = await load_deployment(info, deployment_id)
        return await load_commit(info, self.row.app_id, deployment.row.commit_sha)

    @strawberry.field(
        description="The runtime of what it serves; null while it serves no code, and for `dev` "
        "until its handler is first called.",
        directives=[WITH_PARENT],
    )
    async def runtime(self, info: Info) -> Runtime | None:
        row = await info.context.reading.runtimes.load(self.row.id)
        return None if row is None else Runtime.of(row)

    @strawberry.field(
        description="Everything ever deployed into it, newest first.", directives=[WITH_PARENT]
    )
    async def deployments(
        self,
        info: Info,
        first: First = None,
        after: After = None,
        last: Last = None,
        before: Before = None,
        filter: Annotated[
            EnvironmentDeploymentsFilter | None,
            strawberry.argument(description="Only these. `totalCount` counts them alone."),
        ] = None,
    ) -> DeploymentConnection:
        request = PageRequest(first=first, after=after, last=last, before=before)
        async with info.context.reading.session() as session:
            page = await listings.list_deployments(
                session,
                environment=self.row,
                request=request,
                filter=None if filter is None else filter.filter(),
            )
        return await page_of_deployments(info, page)

    @strawberry.field(
        description="The content files it serves that the viewer may read, by path. Refused with "
        "`PERMISSION_DENIED` when those are none, whatever it serves.",
        directives=[needs(Permission.TEMPLATE_READ, Permission.DATASET_READ)],
    )
    async def files(
        self,
        info: Info,
        path: Annotated[
            str | None, strawberry.argument(description="Only this file, or this folder's files.")
        ] = None,
        first: First = None,
        after: After = None,
    ) -> FileConnection:
        request = PageRequest(first=first, after=after)
        async with info.context.reading.session() as session:
            page = await listings.list_files(
                session,
                principal=info.context.principal,
                environment=self.row,
                path=path,
                request=request,
            )
        return FileConnection.of(page, [File.of(row) for row in page.rows])

    @strawberry.field(
        description="Its API keys, newest first, the revoked ones too.",
        directives=[needs(Permission.API_KEY_READ)],
    )
    async def api_keys(
        self, info: Info, first: First = None, after: After = None
    ) -> ApiKeyConnection:
        request = PageRequest(first=first, after=after)
        async with info.context.reading.session() as session:
            page = await list_api_keys(
                session,
                principal=info.context.principal,
                app_id=self.row.app_id,
                environment_id=self.row.id,
                request=request,
            )
        return ApiKeyConnection.of(page, [ApiKey.of(row) for row in page.rows])

    @strawberry.field(
        description="One content file that it serves; null when it serves none there. Refused "
        "with `PERMISSION_DENIED` when the viewer may not read files of that kind.",
        directives=[needs(Permission.TEMPLATE_READ, Permission.DATASET_READ)],
    )
    async def file(
        self,
        info: Info,
        path: Annotated[
            str, strawberry.argument(description="The path from the repository's root.")
        ],
    ) -> File | None:
        check_text("path", path, maximum=listings.MAXIMUM_PATH)
        require_content(info.context.principal, self.row, kind_named(path))
        serving = self.row.pinned_deployment_id or self.row.content_deployment_id
        if serving is None:
            return None
        row = await info.context.reading.files.load((serving, path))
        return None if row is None else File.of(row)

    @strawberry.field(
        description="Its variables, by name; never their values. Needs `variable.read`.",
        directives=[needs(Permission.VARIABLE_READ)],
    )
    async def variables(
        self, info: Info, first: First = None, after: After = None
    ) -> EnvironmentVariableConnection:
        request = PageRequest(first=first, after=after)
        async with info.context.reading.session() as session:
            page = await list_variables(
                session,
                principal=info.context.principal,
                environment=self.row,
                request=request,
            )
        return EnvironmentVariableConnection.of(
            page, [EnvironmentVariable.of(row) for row in page.rows]
        )

    @strawberry.field(
        description="What it served at an instant; null before the first and after its deletion. "
        "For `dev` that is its content. Refused with `INVALID_INPUT` for an instant to come.",
        directives=[WITH_PARENT],
    )
    async def version_at(
        self,
        info: Info,
        time: Annotated[datetime, strawberry.argument(description="The instant, with offset.")],
    ) -> ServedInterval | None:
        async with info.context.reading.session() as session:
            row = await serving.serving_at(session, environment=self.row, time=time)
        return None if row is None else ServedInterval.of(row)

    @strawberry.field(
        description="What it served when, newest first: intervals without overlap, and without a "
        "gap from the first on. For `dev` they tell its content, as it was synced.",
        directives=[WITH_PARENT],
    )
    async def timeline(
        self,
        info: Info,
        since: Annotated[
            datetime | None,
            strawberry.argument(
                name="from", description="Only intervals that last past this instant."
            ),
        ] = None,
        until: Annotated[
            datetime | None,
            strawberry.argument(
                name="to", description="Only intervals that begin before this instant."
            ),
        ] = None,
        first: First = None,
        after: After = None,
    ) -> ServedIntervalConnection:
        request = PageRequest(first=first, after=after)
        async with info.context.reading.session() as session:
            page = await serving.list_servings(
                session, environment=self.row, since=since, until=until, request=request
            )
        return ServedIntervalConnection.of(page, [ServedInterval.of(row) for row in page.rows])

    @strawberry.field(description="What would go if it were deleted now.", directives=[WITH_PARENT])
    async def deletion_preview(self, info: Info) -> DeletionPreview:
        async with info.context.reading.session() as session:
            preview = await environments.preview_deletion(session, self.row)
        return DeletionPreview(
            snapshot_files_released=preview.snapshot_files_released,
            api_keys_revoked=preview.api_keys_revoked,
            variables_released=preview.variables_released,
        )

    @strawberry.field(
        description="Whether the viewer may promote into it. One in flight may still be in the "
        "way.",
        directives=[OWN],
    )
    def viewer_can_promote(self, info: Info) -> bool:
        return self._on(info).may_promote().allowed

    @strawberry.field(
        description="Whether the viewer may roll it back and there is a version to roll back to.",
        directives=[OWN],
    )
    def viewer_can_rollback(self, info: Info) -> bool:
        return self._on(info).may_roll_back().allowed

    @strawberry.field(
        description="Whether the viewer may delete it. One in flight may still be in the way.",
        directives=[OWN],
    )
    def viewer_can_delete(self, info: Info) -> bool:
        return self._on(info).may_delete().allowed

    @strawberry.field(
        description="Whether the viewer may look at the names of its variables.", directives=[OWN]
    )
    def viewer_can_read_variables(self, info: Info) -> bool:
        return self._on(info).may_read_variables().allowed

    @strawberry.field(
        description="Whether the viewer may set and delete its variables.", directives=[OWN]
    )
    def viewer_can_write_variables(self, info: Info) -> bool:
        return self._on(info).may_write_variables().allowed

    @strawberry.field(
        description="Whether the viewer may be told the values of its variables.", directives=[OWN]
    )
    def viewer_can_reveal_variables(self, info: Info) -> bool:
        return self._on(info).may_reveal_variables().allowed

    @strawberry.field(
        description="What the viewer could do with it now, and why not.", directives=[OWN]
    )
    def viewer_capabilities(self, info: Info) -> EnvironmentCapabilities:
        return EnvironmentCapabilities(on=self._on(info))

    def _on(self, info: Info) -> OnEnvironment:
        return OnEnvironment(info.context.principal, self.row)


async def load_environment(info: Info, identity: UUID) -> Environment:
    return _made(await info.context.reading.environments.load(identity))


def environment_of(info: Info, identity: UUID) -> Environment:
    """The same, to be awaited only where it is not at hand."""
    return info.context.reading.environments.share(identity, _made)


def _made(row: models.Environment | None) -> Environment:
    assert row is not None  # environments are soft-deleted
    return Environment.of(row)


async def page_of_environments(
    info: Info, page: Page[models.Environment]
) -> "Connection[Environment]":
    """The page, with what is asked of its environments read before they are."""
    reading, asked, rows = info.context.reading, asks_below(info), page.rows
    ids: list[UUID | None] = []
    if not asked.isdisjoint(OF_THE_PIN):
        ids += [row.pinned_deployment_id for row in rows]
    if "deploying" in asked:
        ids += [row.deploying_id for row in rows]
        await reading.newest_unsettled.read_ahead(row.id for row in rows if row.is_default)
    await reading.deployments.read_ahead(each for each in ids if each is not None)
    return EnvironmentConnection.of(page, [Environment.of(row) for row in rows])


async def load_visible_environment(info: Info, identity: UUID) -> Environment | None:
    """The environment, or None to a viewer who may not read the app's environments."""
    environment = await load_environment(info, identity)
    seen = can_see_environments(info.context.principal, environment.row.app_id)
    return environment if seen else None


EnvironmentConnection = Connection[Environment]
