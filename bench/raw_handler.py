"""The ceiling: the same answers by Starlette, asyncpg and orjson, written by hand.

``python -m bench.raw_handler PORT URL``. It knows one token, asks one statement or two for an
answer, and leaves out whatever is not on the way: no limits, permissions, one moment or errors.
"""

import sys
from base64 import urlsafe_b64encode
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

import asyncpg
import orjson
import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

TOKEN = "raw"
MENU = """
SELECT app.id::text AS app, environment.id::text AS id, environment.name, is_default,
       pinned_version, current_version, pin.settled_at,
       running.id::text AS running, running.version AS running_version
FROM app JOIN environment ON environment.app_id = app.id AND environment.deleted_at IS NULL
LEFT JOIN deployment AS pin ON pin.id = environment.pinned_deployment_id
LEFT JOIN deployment AS running ON running.id = environment.deploying_id
WHERE app.name = $1
ORDER BY is_default DESC, environment.name LIMIT 50
"""
HISTORY = """
SELECT environment.id::text AS environment, made.id::text AS id, kind, version, file_sync,
       code_build, cache_decision, note, made.created_at, settled_at, actor_name, actor_kind,
       commit_sha, message, author_name, source.id::text AS source, source.name AS source_name
FROM app JOIN environment ON environment.app_id = app.id AND environment.deleted_at IS NULL
JOIN LATERAL (SELECT * FROM deployment WHERE environment_id = environment.id
              ORDER BY ordinal DESC LIMIT 51) AS made ON true
JOIN commit ON commit.app_id = app.id AND commit.sha = made.commit_sha
LEFT JOIN environment AS source ON source.id = made.source_id
WHERE app.name = $1 AND environment.name = $2
ORDER BY ordinal DESC
"""

PROMOTE = (Path(__file__).parent / "promotion.sql").read_text()


def global_id(kind: str, identity: str) -> str:
    plain = f"{kind}:{identity.replace('-', '')}".encode()
    return urlsafe_b64encode(plain).decode().rstrip("=")


def state(row: Any) -> str:
    if row["is_default"]:
        return "DEFAULT"
    return "NO_PIN" if row["pinned_version"] is None else "PINNED"


def label(row: Any) -> str:
    if row["is_default"]:
        return "default"
    return "no-pin" if row["pinned_version"] is None else f"v{row['pinned_version']}"


def iso(time: datetime | None) -> str | None:
    return None if time is None else time.isoformat()


def environment(row: Any) -> dict[str, Any]:
    pinned, running = row["pinned_version"], row["running"]
    return {
        "id": global_id("Environment", row["id"]),
        "name": row["name"],
        "isDefault": row["is_default"],
        "state": state(row),
        "pinLabel": label(row),
        "currentVersion": row["current_version"],
        "pin": None if pinned is None else {"version": pinned, "since": iso(row["settled_at"])},
        "deploying": None
        if running is None
        else {"id": global_id("Deployment", running), "version": row["running_version"]},
    }


def deployment(row: Any) -> dict[str, Any]:
    return {
        "id": global_id("Deployment", row["id"]),
        "kind": row["kind"],
        "version": row["version"],
        "status": "DEPLOYED",
        "note": row["note"],
        "createdAt": iso(row["created_at"]),
        "settledAt": iso(row["settled_at"]),
        "actor": {"name": row["actor_name"], "kind": row["actor_kind"]},
        "commit": {
            "sha": row["commit_sha"],
            "shortSha": row["commit_sha"][:7],
            "message": row["message"],
            "authorName": row["author_name"],
        },
        "source": None
        if row["source"] is None
        else {"id": global_id("Environment", row["source"]), "name": row["source_name"]},
        "fileSync": {"status": row["file_sync"]},
        "codeBuild": {"status": row["code_build"], "cacheHit": row["cache_decision"] == "HIT"},
    }


async def menu(request: Request) -> Response:
    given = orjson.loads(await request.body())
    rows = await request.state.pool.fetch(MENU, given["app"])
    app = {
        "id": global_id("App", rows[0]["app"]),
        "name": given["app"],
        "environments": {"nodes": [environment(row) for row in rows]},
    }
    return answer({"app": app})


async def history(request: Request) -> Response:
    given = orjson.loads(await request.body())
    rows = await request.state.pool.fetch(HISTORY, given["app"], given["name"])
    page = {
        "nodes": [deployment(row) for row in rows[:50]],
        "pageInfo": {"hasNextPage": len(rows) > 50},
    }
    identity = global_id("Environment", rows[0]["environment"])
    return answer({"environment": {"id": identity, "name": given["name"], "deployments": page}})


async def promote(request: Request) -> Response:
    """What a promotion writes at least; nothing is refused, copied or built."""
    given = orjson.loads(await request.body())
    row = await request.state.pool.fetchrow(PROMOTE, given["environment"])
    deployment = {"id": global_id("Deployment", row["id"]), "version": row["version"]}
    return answer({"promoteEnvironment": {"deployment": deployment}})


def answer(data: dict[str, Any]) -> Response:
    return Response(orjson.dumps({"data": data}), media_type="application/json")


def main() -> None:
    port, url = int(sys.argv[1]), sys.argv[2]

    @asynccontextmanager
    async def lifespan(app: Starlette) -> AsyncGenerator[dict[str, Any]]:
        async with asyncpg.create_pool(url, min_size=10, max_size=10) as pool:
            yield {"pool": pool}

    routes = [Route(path, at, methods=["POST"]) for path, at in ROUTES.items()]
    app = Starlette(routes=routes, lifespan=lifespan)
    uvicorn.run(
        app, port=port, access_log=False, log_level="warning", loop="uvloop", http="httptools"
    )


ROUTES = {"/menu": menu, "/history": history, "/promote": promote}

if __name__ == "__main__":
    main()
