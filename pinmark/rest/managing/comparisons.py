"""What a promotion of a source into an environment would change, told before it is asked for."""

from uuid import UUID

from sqlmodel.ext.asyncio.session import AsyncSession
from starlette.requests import Request
from starlette.responses import Response

import models
from pinmark.rest.asking import Asked, asked
from pinmark.rest.operations import Answer, Follow, Operation, Tag
from pinmark.rest.shapes import comparisons as shapes
from pinmark.rest.shapes.envelopes import Many, One, many, one
from services import errors, lookups
from services.access import require_content
from services.comparing import code, commits, content, diff, forecast
from services.comparing.changes import CodeChange, ContentChange, FileChangeKind
from services.comparing.code import CodeUnknown
from services.comparing.commits import CommitRelation
from services.comparing.comparison import Comparison, compare
from services.comparing.diff import NoDiff
from services.content.kinds import kind_named
from services.errors import NotFound
from services.paging import PageRequest, page_of
from services.principals import Permission


async def read_comparison(request: Request, request_id: str) -> Response:
    ask = await asked(request, request_id)
    source_id = ask.query(shapes.ComparisonQuery).source_environment_id
    async with ask.moment() as session:
        compared = await _compared(ask, session, source_id)
        between = await commits.relate(session, compared)
        count = None
        if between is not None and between.relation is not CommitRelation.UNKNOWN:
            page = await commits.list_commits(
                session,
                comparison=compared,
                between=between,
                request=PageRequest(first=0, counting=True),
            )
            count = page.total
        changed = await content.content_changes(session, compared)
        sides = await code.read_sides(session, compared)
        source_commit = await _commit(session, compared.given)
        target_commit = await _commit(session, compared.served)
    changes, unknown = await _code(ask, sides)
    shown = shapes.Comparison(
        source_environment_id=compared.source.id,
        target_environment_id=compared.target.id,
        source_version=compared.source_version,
        target_version=compared.target.pinned_version or 0,
        source_commit=source_commit,
        target_commit=target_commit,
        commit_relation=None if between is None else between.relation.value.lower(),
        commit_count=count,
        content=[_count(changed, kind) for kind in models.FileKind],
        code_count=None if changes is None else len(changes),
        code_unavailable_reason=unknown,
        build=await _forecast(ask, compared),
    )
    return one(shown)


async def list_commits(request: Request, request_id: str) -> Response:
    ask = await asked(request, request_id)
    query = ask.query(shapes.ComparisonPageQuery)
    async with ask.moment() as session:
        compared = await _compared(ask, session, query.source_environment_id)
        between = await commits.relate(session, compared)
        if between is None or between.relation is CommitRelation.UNKNOWN:
            return many([], total=0, query=query)
        page = await commits.list_commits(
            session, comparison=compared, between=between, request=query.page
        )
        found = await lookups.commits(session, [(row.app_id, row.commit_sha) for row in page.rows])
    shown = [shapes.Commit.of(row) for row in found if row is not None]  # a foreign key says so
    return many(shown, total=page.total, query=query)


async def list_content(request: Request, request_id: str) -> Response:
    ask = await asked(request, request_id)
    query = ask.query(shapes.ComparisonPageQuery)
    async with ask.moment() as session:
        compared = await _compared(ask, session, query.source_environment_id)
        changes = await content.content_changes(session, compared)
    page = content.page_of_changes(
        changes, comparison=compared, kind=None, change=None, request=query.page
    )
    shown = [shapes.ContentChanged.of(row) for row in page.rows]
    return many(shown, total=page.total, query=query)


async def list_code(request: Request, request_id: str) -> Response:
    ask = await asked(request, request_id)
    query = ask.query(shapes.ComparisonPageQuery)
    async with ask.moment() as session:
        compared = await _compared(ask, session, query.source_environment_id)
        sides = await code.read_sides(session, compared)
    changes, _ = await _code(ask, sides)
    page = page_of(
        changes or (),
        scope=f"{compared.scope}:code",
        key=lambda each: each.path,
        request=query.page,
    )
    shown = [
        shapes.CodeChanged(path=each.path, change=each.change.value.lower()) for each in page.rows
    ]
    return many(shown, total=page.total, query=query)


async def read_diff(request: Request, request_id: str) -> Response:
    ask = await asked(request, request_id)
    query = ask.query(shapes.DiffQuery)
    async with ask.moment() as session:
        compared = await _compared(ask, session, query.source_environment_id)
    for side in (compared.source, compared.target):
        require_content(ask.principal, side, kind_named(query.path))
    try:
        pair = await _pair(ask, compared, query.path)
        if pair is None:
            raise NotFound("file")
        shown = shapes.FileDiff.of(query.path, await diff.diff_pair(pair))
    except NoDiff as refusal:
        shown = shapes.FileDiff.missing(query.path, refusal.kind.value, str(refusal))
    return one(shown)


async def _compared(ask: Asked, session: AsyncSession, source_id: UUID) -> Comparison:
    target = await ask.environment(session, ask.id("environment_id"))
    compared = await compare(
        session, principal=ask.principal, source_id=source_id, target_id=target.id
    )
    if compared is None:
        raise NotFound("environment", path=("sourceId",))
    return compared


async def _commit(session: AsyncSession, side: models.Deployment | None) -> shapes.Commit | None:
    if side is None:
        return None
    row = await session.get_one(models.Commit, (side.app_id, side.commit_sha))
    return shapes.Commit.of(row)


async def _code(
    ask: Asked, sides: code.CodeSides
) -> tuple[tuple[CodeChange, ...] | None, str | None]:
    """The files that differ, or why that is not known here."""
    try:
        return await code.compare_code(ask.installation.mirrors, sides), None
    except CodeUnknown as unknown:
        return None, str(unknown)


async def _pair(ask: Asked, compared: Comparison, path: str) -> diff.TextPair | None:
    async with ask.moment() as session:
        found = await diff.find_content(session, compared, path)
        if found is not None:
            return await diff.read_content_pair(session, ask.installation.store, found)
        sides = await code.read_sides(session, compared)
    return await diff.read_code_pair(ask.installation.mirrors, sides, path)


async def _forecast(ask: Asked, compared: Comparison) -> shapes.BuildForecast:
    try:
        async with ask.moment() as session:
            given = await forecast.read_content(session, compared)
        inputs = await forecast.read_inputs(ask.installation, given)
    except CodeUnknown as unknown:
        return shapes.BuildForecast(
            would_hit_cache=None,
            cache_decision_kind=None,
            cache_decision_detail=None,
            unavailable_reason=str(unknown),
        )
    async with ask.moment() as session:
        decision = await forecast.forecast(session, compared, inputs)
    return shapes.BuildForecast(
        would_hit_cache=decision.kind is models.CacheDecisionKind.HIT,
        cache_decision_kind=decision.kind.value.lower(),
        cache_decision_detail=decision.detail,
        unavailable_reason=None,
    )


def _count(changes: tuple[ContentChange, ...], kind: models.FileKind) -> shapes.KindCount:
    of_kind = [each.change for each in changes if each.kind is kind]
    return shapes.KindCount(
        kind=kind.value.lower(),
        added=of_kind.count(FileChangeKind.ADDED),
        changed=of_kind.count(FileChangeKind.CHANGED),
        removed=of_kind.count(FileChangeKind.REMOVED),
    )


PATH = "/v1/environments/{environment_id}/comparison"
REFUSALS = (errors.NotFound,)
OPERATIONS = (
    Operation(
        "GET",
        PATH,
        read_comparison,
        permission=Permission.ENVIRONMENT_READ,
        name="getComparison",
        tag=Tag.COMPARISON,
        summary="What a promotion of the source into this environment would change.",
        answer=Answer(200, "How the two stand, and how much differs.", One[shapes.Comparison]),
        query=shapes.ComparisonQuery,
        refusals=REFUSALS,
        follow=(
            Follow(
                "promote",
                "promoteEnvironment",
                parameters=(("environment_id", "$response.body#/data/target_environment_id"),),
                body=(
                    ("source_environment_id", "$response.body#/data/source_environment_id"),
                    ("expected_source_commit", "$response.body#/data/source_commit/sha"),
                    ("expected_target_version", "$response.body#/data/target_version"),
                ),
                text="Promote what was compared, or nothing.",
            ),
        ),
        scoped=True,
    ),
    Operation(
        "GET",
        f"{PATH}/commits",
        list_commits,
        permission=Permission.ENVIRONMENT_READ,
        name="listComparedCommits",
        tag=Tag.COMPARISON,
        summary="The commits between the two, newest first; none when their relation is unknown.",
        answer=Answer(200, "A page of them.", Many[shapes.Commit]),
        query=shapes.ComparisonPageQuery,
        refusals=REFUSALS,
        scoped=True,
    ),
    Operation(
        "GET",
        f"{PATH}/content",
        list_content,
        permission=Permission.ENVIRONMENT_READ,
        name="listComparedContent",
        tag=Tag.COMPARISON,
        summary="The content files that differ, by path.",
        answer=Answer(200, "A page of them.", Many[shapes.ContentChanged]),
        query=shapes.ComparisonPageQuery,
        refusals=REFUSALS,
        scoped=True,
    ),
    Operation(
        "GET",
        f"{PATH}/code",
        list_code,
        permission=Permission.ENVIRONMENT_READ,
        name="listComparedCode",
        tag=Tag.COMPARISON,
        summary="The other tracked files that differ, by path; none when that is not known here.",
        answer=Answer(200, "A page of them.", Many[shapes.CodeChanged]),
        query=shapes.ComparisonPageQuery,
        refusals=REFUSALS,
        scoped=True,
    ),
    Operation(
        "GET",
        f"{PATH}/diff",
        read_diff,
        permission=(Permission.TEMPLATE_READ, Permission.DATASET_READ),
        name="getFileDiff",
        tag=Tag.COMPARISON,
        summary="The difference of one file, line by line; its permission is asked for in both "
        "environments.",
        answer=Answer(200, "The difference.", One[shapes.FileDiff]),
        query=shapes.DiffQuery,
        refusals=(*REFUSALS, errors.PermissionDenied),
        scoped=True,
    ),
)
