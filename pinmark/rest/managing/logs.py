"""Logs and events, read in stretches: what came past a cursor, as far as it is there."""

from starlette.requests import Request
from starlette.responses import Response

from pinmark.rest.asking import asked
from pinmark.rest.managing.deployments import watched
from pinmark.rest.operations import Answer, Operation, Tag
from pinmark.rest.shapes.deployments import AfterQuery, Event, LogLine
from pinmark.rest.shapes.envelopes import Following, following
from services import build_logs, cursors, errors, events
from services.access import find_followed_app, find_own_environment
from services.principals import Permission
from services.runtimes import logs


async def read_build_log(request: Request, request_id: str) -> Response:
    ask = await asked(request, request_id)
    after = ask.query(AfterQuery).after
    async with ask.moment() as session:
        identity = (await watched(ask, session)).id
        newest = await build_logs.newest_line(session, deployment_id=identity)
        start = 0 if after is None else cursors.decode_line(identity, after, newest=newest)
        rows = await build_logs.read_lines(session, deployment_id=identity, after=start)
        settled = await build_logs.is_finished(session, deployment_id=identity)
    last = rows[-1].seq if rows else start
    return following(
        [LogLine.of(row) for row in rows],
        cursor=cursors.encode_line(identity, last) if last else None,
        finished=settled and last == newest,
    )


async def read_runtime_log(request: Request, request_id: str) -> Response:
    ask = await asked(request, request_id)
    after = ask.query(AfterQuery).after
    async with ask.moment() as session:
        identity = (await ask.environment(session, ask.id("environment_id"))).id
        await find_own_environment(session, principal=ask.principal, environment_id=identity)
        newest = await logs.newest_line(session, environment_id=identity)
        start = 0 if after is None else cursors.decode_runtime_line(identity, after, newest=newest)
        rows = await logs.read_lines(session, environment_id=identity, after=start)
    last = rows[-1].seq if rows else start
    return following(
        [LogLine.of(row) for row in rows],
        cursor=cursors.encode_runtime_line(identity, last) if last else None,
        finished=False,
    )


async def read_deployment_events(request: Request, request_id: str) -> Response:
    ask = await asked(request, request_id)
    after = ask.query(AfterQuery).after
    async with ask.moment() as session:
        deployment = await watched(ask, session)
        app_id = deployment.app_id
        newest = await events.newest_sequence(session, app_id=app_id)
        start = 0 if after is None else cursors.decode_event(app_id, after, newest=newest)
        rows = await events.read_deployment_events(
            session, deployment_id=deployment.id, after=start
        )
    shown = [Event.of(row, cursors.encode_event(app_id, row.seq)) for row in rows]
    cursor = shown[-1].cursor if shown else after
    finished = deployment.settled_at is not None and len(rows) < events.PAGE_SIZE
    return following(shown, cursor=cursor, finished=finished)


async def read_events(request: Request, request_id: str) -> Response:
    ask = await asked(request, request_id)
    after = ask.query(AfterQuery).after
    async with ask.moment() as session:
        scope = await ask.app(session)
        app = await find_followed_app(session, principal=ask.principal, app_id=scope.id)
        start = (
            0 if after is None else cursors.decode_event(app.id, after, newest=app.event_sequence)
        )
        rows = await events.read_app_events(session, app_id=app.id, after=start)
    shown = [Event.of(row, cursors.encode_event(app.id, row.seq)) for row in rows]
    return following(shown, cursor=shown[-1].cursor if shown else after, finished=False)


WATCHING = (Permission.DEPLOYMENT_READ, Permission.ENVIRONMENT_READ)
OPERATIONS = (
    Operation(
        "GET",
        "/v1/deployments/{deployment_id}/log",
        read_build_log,
        permission=WATCHING,
        name="getBuildLog",
        tag=Tag.DEPLOYMENTS,
        summary="The next lines of a build's log, from the first or past a cursor.",
        answer=Answer(200, "The lines.", Following[LogLine]),
        query=AfterQuery,
        refusals=(errors.NotFound, errors.InvalidCursor),
        scoped=True,
    ),
    Operation(
        "GET",
        "/v1/deployments/{deployment_id}/events",
        read_deployment_events,
        permission=WATCHING,
        name="listDeploymentEvents",
        tag=Tag.DEPLOYMENTS,
        summary="Each transition of a deployment, from the first or past a cursor.",
        answer=Answer(200, "The transitions.", Following[Event]),
        query=AfterQuery,
        refusals=(errors.NotFound, errors.InvalidCursor),
        scoped=True,
    ),
    Operation(
        "GET",
        "/v1/environments/{environment_id}/runtime-log",
        read_runtime_log,
        permission=Permission.ENVIRONMENT_READ,
        name="getRuntimeLog",
        tag=Tag.ENVIRONMENTS,
        summary="The next lines that an environment's runtimes printed, from the oldest kept or "
        "past a cursor. An API key reads its own environment's alone.",
        answer=Answer(200, "The lines.", Following[LogLine]),
        query=AfterQuery,
        refusals=(errors.NotFound, errors.InvalidCursor),
        scoped=True,
    ),
    Operation(
        "GET",
        "/v1/events",
        read_events,
        permission=Permission.ENVIRONMENT_READ,
        name="listEvents",
        tag=Tag.APPS,
        summary="Everything that happened to the app, from the first or past a cursor.",
        answer=Answer(200, "What happened, in order.", Following[Event]),
        query=AfterQuery,
        refusals=(errors.NotFound, errors.InvalidCursor),
        scoped=True,
    ),
)
