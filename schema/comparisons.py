"""What a promotion would change, told before anybody asks for it."""

import asyncio
from typing import Annotated, Self

import strawberry

import models
from schema.arguments import After, First
from schema.changes import CodeComparison, ContentComparison
from schema.commits import Commit, load_commit
from schema.context import Info
from schema.deployments import CacheDecision
from schema.diffs import FileDiff, unavailable
from schema.environments import Environment
from schema.nodes import Connection
from schema.requirements import WITH_PARENT, needs
from services.access import require_content
from services.comparing import code, comparison, content, diff, forecast
from services.comparing.code import CodeUnknown
from services.comparing.commits import CommitRange, CommitRelation, list_commits, relate
from services.comparing.diff import NoDiff
from services.content.kinds import kind_named
from services.inputs import check_text
from services.listings import MAXIMUM_PATH
from services.paging import PageRequest
from services.principals import Permission

CommitConnection = Connection[Commit]


@strawberry.type(
    description="What the build of a promotion would do if it ran now, with the inputs and the "
    "builder that this server has."
)
class BuildForecast:
    would_hit_cache: bool | None = strawberry.field(
        description="Whether a kept build would be used; null when that cannot be told."
    )
    cache_decision: CacheDecision | None = strawberry.field(
        description="Why it would be used or not; null when that cannot be told.",
        directives=[WITH_PARENT],
    )
    unavailable_reason: str | None = strawberry.field(
        description="Why it cannot be told, as when the build would fail at once; else null."
    )


@strawberry.type(
    description="What a promotion of the source into the target would change, from what is known "
    "here: nothing is fetched. Give `sourceCommit.sha` to `promoteEnvironment` as "
    "`expectedSourceCommit` and `targetVersion` as `expectedTargetVersion`, and it is refused "
    "when either has moved since."
)
class Comparison:
    compared: strawberry.Private[comparison.Comparison]
    source: Environment = strawberry.field(
        description="Where the version would come from.", directives=[WITH_PARENT]
    )
    target: Environment = strawberry.field(
        description="What would be promoted into.", directives=[WITH_PARENT]
    )
    source_version: int = strawberry.field(
        description="The version that was compared, which is the one that the source serves unless "
        "another was asked for; 0 for `dev` and without a pin."
    )
    target_version: int = strawberry.field(
        description="The version that the target serves; 0 without a pin."
    )

    @classmethod
    def of(cls, compared: comparison.Comparison) -> Self:
        return cls(
            compared=compared,
            source=Environment.of(compared.source),
            target=Environment.of(compared.target),
            source_version=compared.source_version,
            target_version=compared.target.pinned_version or 0,
        )

    @strawberry.field(
        description="The commit that was compared: the source's pin or, without a pin, the HEAD "
        "that `dev` synced last. Null while nothing was synced.",
        directives=[WITH_PARENT],
    )
    async def source_commit(self, info: Info) -> Commit | None:
        return await _commit_of(info, self.compared.given)

    @strawberry.field(
        description="The commit that the target serves; null without a pin.",
        directives=[WITH_PARENT],
    )
    async def target_commit(self, info: Info) -> Commit | None:
        return await _commit_of(info, self.compared.served)

    @strawberry.field(
        description="How the two commits stand to each other, in the order in which `dev` saw "
        "them at the branch's head; null when there is nothing to promote.",
        directives=[WITH_PARENT],
    )
    async def commit_relation(self, info: Info) -> CommitRelation | None:
        between = await self._relate(info)
        return None if between is None else between.relation

    @strawberry.field(
        description="The commits between the two, newest first: gained when the source is ahead, "
        "lost when it is behind. They are the heads that `dev` was given, so a push of several "
        "commits is there as its last. Null when the relation is unknown or nothing is promoted.",
        directives=[WITH_PARENT],
    )
    async def commits(
        self, info: Info, first: First = None, after: After = None
    ) -> CommitConnection | None:
        between = await self._relate(info)
        if between is None or between.relation is CommitRelation.UNKNOWN:
            return None
        async with info.context.reading.session() as session:
            page = await list_commits(
                session,
                comparison=self.compared,
                between=between,
                request=PageRequest(first=first, after=after),
            )
        nodes = await asyncio.gather(
            *(load_commit(info, row.app_id, row.commit_sha) for row in page.rows)
        )
        return CommitConnection.of(page, list(nodes))

    async def _relate(self, info: Info) -> CommitRange | None:
        async with info.context.reading.session() as session:
            return await relate(session, self.compared)

    @strawberry.field(
        description="The prompts, components, datasets and the like that differ.",
        directives=[WITH_PARENT],
    )
    async def content(self, info: Info) -> ContentComparison:
        async with info.context.reading.session() as session:
            changes = await content.content_changes(session, self.compared)
        return ContentComparison(changes=changes, compared=self.compared)

    @strawberry.field(description="The code that differs.", directives=[WITH_PARENT])
    async def code(self, info: Info) -> CodeComparison:
        async with info.context.reading.session() as session:
            sides = await code.read_sides(session, self.compared)
        try:
            changes = await code.compare_code(info.context.installation.mirrors, sides)
        except CodeUnknown as unknown:
            return CodeComparison(
                changes=None, compared=self.compared, unavailable_reason=str(unknown)
            )
        return CodeComparison(changes=changes, compared=self.compared, unavailable_reason=None)

    @strawberry.field(
        description="Whether the build would use a kept one, and why.", directives=[WITH_PARENT]
    )
    async def build(self, info: Info) -> BuildForecast:
        installation = info.context.installation
        try:
            async with info.context.reading.session() as session:
                given = await forecast.read_content(session, self.compared)
            inputs = await forecast.read_inputs(installation, given)
        except CodeUnknown as unknown:
            return BuildForecast(
                would_hit_cache=None, cache_decision=None, unavailable_reason=str(unknown)
            )
        async with info.context.reading.session() as session:
            decision = await forecast.forecast(session, self.compared, inputs)
        return BuildForecast(
            would_hit_cache=decision.kind is models.CacheDecisionKind.HIT,
            cache_decision=CacheDecision(
                kind=decision.kind, detail=decision.detail, key=decision.key
            ),
            unavailable_reason=None,
        )

    @strawberry.field(
        description="The difference of one file, line by line; null when neither side has it. "
        "Needs `template.read`, or `dataset.read` for a dataset, in both environments.",
        directives=[needs(Permission.TEMPLATE_READ, Permission.DATASET_READ)],
    )
    async def file_diff(
        self,
        info: Info,
        path: Annotated[
            str, strawberry.argument(description="The path from the repository's root.")
        ],
    ) -> FileDiff | None:
        check_text("path", path, maximum=MAXIMUM_PATH)
        for side in (self.compared.source, self.compared.target):
            require_content(info.context.principal, side, kind_named(path))
        try:
            pair = await self._read_pair(info, path)
            return None if pair is None else FileDiff.of(path, await diff.diff_pair(pair))
        except NoDiff as refusal:
            return unavailable(path, refusal)

    async def _read_pair(self, info: Info, path: str) -> diff.TextPair | None:
        installation = info.context.installation
        async with info.context.reading.session() as session:
            found = await diff.find_content(session, self.compared, path)
            if found is not None:
                return await diff.read_content_pair(session, installation.store, found)
            sides = await code.read_sides(session, self.compared)
        return await diff.read_code_pair(installation.mirrors, sides, path)


async def _commit_of(info: Info, side: models.Deployment | None) -> Commit | None:
    return None if side is None else await load_commit(info, side.app_id, side.commit_sha)
