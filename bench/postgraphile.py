"""The questions as they are asked of PostGraphile, and its answers in our form.

Its schema has the names of our tables, and what we make of a row, as the label of a pin, is left
to who asks: it is made here, and weighs nothing on its server.
"""

from datetime import datetime
from typing import Any

import orjson

from bench.questions import HISTORY, MENU, Question
from bench.raw_handler import deployment, environment, global_id

Row = dict[str, Any]

MENU_QUERY = """
query Menu($app: String!) {
  appByName(name: $app) {
    rowId name
    environmentsByAppId(
      condition: {deletedAt: null}, orderBy: [IS_DEFAULT_DESC, NAME_ASC], first: 50
    ) {
      nodes {
        rowId name isDefault currentVersion pinnedVersion
        deploymentByPinnedDeploymentId { settledAt }
        deploymentByDeployingId { rowId version }
      }
    }
  }
}
"""
HISTORY_QUERY = """
query History($app: String!, $name: String!) {
  appByName(name: $app) {
    environmentsByAppId(condition: {name: $name, deletedAt: null}, first: 1) {
      nodes {
        rowId name
        deploymentsByEnvironmentId(orderBy: ORDINAL_DESC, first: 50) {
          nodes {
            rowId kind version note createdAt settledAt actorName actorKind
            fileSync codeBuild cacheDecision
            commitByAppIdAndCommitSha { sha message authorName }
            environmentBySourceId { rowId name }
          }
          pageInfo { hasNextPage }
        }
      }
    }
  }
}
"""
QUERIES = {MENU.name: MENU_QUERY, HISTORY.name: HISTORY_QUERY}


def our_menu(given: Row) -> Row:
    app = given["appByName"]
    nodes = [_environment(node) for node in app["environmentsByAppId"]["nodes"]]
    identity = global_id("App", app["rowId"])
    return {"app": {"id": identity, "name": app["name"], "environments": {"nodes": nodes}}}


def our_history(given: Row) -> Row:
    (found,) = given["appByName"]["environmentsByAppId"]["nodes"]
    page = found["deploymentsByEnvironmentId"]
    nodes = [_deployment(node) for node in page["nodes"]]
    return {
        "environment": {
            "id": global_id("Environment", found["rowId"]),
            "name": found["name"],
            "deployments": {"nodes": nodes, "pageInfo": page["pageInfo"]},
        }
    }


FORMS = {MENU.name: our_menu, HISTORY.name: our_history}


def asked(question: Question) -> bytes:
    """The body of the request."""
    query = QUERIES[question.name]
    return orjson.dumps({"query": query, "variables": question.variables})


def _environment(node: Row) -> Row:
    pin = node["deploymentByPinnedDeploymentId"] or {"settledAt": None}
    running = node["deploymentByDeployingId"] or {"rowId": None, "version": None}
    return environment(
        {
            "id": node["rowId"],
            "name": node["name"],
            "is_default": node["isDefault"],
            "pinned_version": node["pinnedVersion"],
            "current_version": node["currentVersion"],
            "settled_at": _time(pin["settledAt"]),
            "running": running["rowId"],
            "running_version": running["version"],
        }
    )


def _deployment(node: Row) -> Row:
    commit = node["commitByAppIdAndCommitSha"]
    source = node["environmentBySourceId"] or {"rowId": None, "name": None}
    made = deployment(
        {
            "id": node["rowId"],
            "kind": node["kind"],
            "version": node["version"],
            "note": node["note"],
            "created_at": _time(node["createdAt"]),
            "settled_at": _time(node["settledAt"]),
            "actor_name": node["actorName"],
            "actor_kind": node["actorKind"],
            "commit_sha": commit["sha"],
            "message": commit["message"],
            "author_name": commit["authorName"],
            "source": source["rowId"],
            "source_name": source["name"],
            "file_sync": node["fileSync"],
            "code_build": node["codeBuild"],
            "cache_decision": node["cacheDecision"],
        }
    )
    return {**made, "status": _status(node)}


def _status(node: Row) -> str:
    if "FAILED" in (node["fileSync"], node["codeBuild"]):
        return "FAILED"
    return "IN_PROGRESS" if node["settledAt"] is None else "DEPLOYED"


def _time(text: str | None) -> datetime | None:
    return None if text is None else datetime.fromisoformat(text)
