"""Two worlds of the same history, one asked over GraphQL and one over REST, told in one way."""

import re
from dataclasses import dataclass, field
from typing import Any, Protocol

from tests.support.rest import RestApp
from tests.support.servers import Client

Told = dict[str, Any]

GRAPHQL_CODES = {
    "not_found": "NOT_FOUND",
    "invalid_request_body": "INVALID_NAME",
    "duplicate_environment_name": "NAME_TAKEN",
    "promotion_in_flight": "ENVIRONMENT_BUSY",
    "default_environment_not_promotable": "TARGET_IS_DEFAULT",
    "source_equals_target": "SOURCE_IS_TARGET",
    "already_serving": "ALREADY_SERVING",
    "already_settled": "ALREADY_SETTLED",
    "target_version_not_found": "VERSION_NOT_FOUND",
    "environment_not_pinned": "ENVIRONMENT_NOT_PINNED",
    "not_retryable": "NOT_RETRYABLE",
    "confirmation_name_mismatch": "CONFIRMATION_MISMATCH",
    "default_environment_locked": "DEFAULT_ENVIRONMENT_LOCKED",
}
STATUSES = {"running": "IN_PROGRESS", "success": "DEPLOYED", "failure": "FAILED"}
KINDS = {
    "push": "PUSH",
    "promotion": "PROMOTION",
    "rollback": "ROLLBACK",
    "manual": "REDEPLOY",
}
STATES = {"default": "DEFAULT", "no-pin": "NO_PIN", "pinned": "PINNED"}
READ = """
query ($app: String!) { app(name: $app) {
  environments(first: 5) { nodes { ...Told } }
  deletedEnvironments(first: 10) { nodes { ...Told } }
} }
fragment Told on Environment {
  id name isDefault state currentVersion deletedAt
  pin { version commit { sha } }
  contentCommit { sha }
  deploying { id }
  deletionPreview { snapshotFilesReleased apiKeysRevoked variablesReleased }
  timeline(first: 40) { nodes { version commit { sha } to } }
  deployments(first: 80) { nodes {
    id kind version status note sourceName failureClass failureReason
    fileSync { status detail } codeBuild { status detail cacheHit }
    commit { sha message } actor { kind name } retryOf { id }
  } }
}
"""
COMPARE = """
query ($source: ID!, $target: ID!) { comparison(sourceId: $source, targetId: $target) {
  sourceVersion targetVersion commitRelation
  sourceCommit { sha } targetCommit { sha }
  content { files(first: 100) { nodes { path kind change after { digest } } } }
  code { files(first: 100) { nodes { path change } } }
  build { wouldHitCache }
} }
"""


class Side(Protocol):
    """One way of asking; what is told names things by what both worlds call them alike."""

    async def act(self, act: str, **given: Any) -> str:
        """``OK``, or the refusal's code as GraphQL calls it."""
        ...

    async def read(self) -> Told: ...

    async def compare(self, source: str, target: str) -> Told: ...


@dataclass
class GraphQLSide:
    client: Client
    app_id: str
    name: str
    ids: dict[str, str] = field(default_factory=dict[str, str])
    order: list[str] = field(default_factory=list[str])

    async def act(self, act: str, **given: Any) -> str:
        match act:
            case "create":
                return await self._mutate(
                    "createEnvironment", appId=self.app_id, name=given["name"]
                )
            case "promote":
                source, target = self.ids[given["source"]], self.ids[given["target"]]
                return await self._mutate(
                    "promoteEnvironment", sourceId=source, targetId=target, note=given["note"]
                )
            case "rollback":
                return await self._mutate(
                    "rollbackEnvironment",
                    environmentId=self.ids[given["name"]],
                    version=given["version"],
                )
            case "redeploy":
                return await self._mutate(
                    "redeployEnvironment", environmentId=self.ids[given["name"]]
                )
            case "delete":
                return await self._mutate(
                    "deleteEnvironment",
                    environmentId=self.ids[given["name"]],
                    confirmationName=given["typed"],
                )
            case _:
                verb = {"retry": "retryDeployment", "cancel": "cancelDeployment"}[act]
                return await self._mutate(verb, deploymentId=self.order[given["number"]])

    async def _mutate(self, mutation: str, **input: Any) -> str:
        of = mutation[0].upper() + mutation[1:]
        query = (
            f"mutation ($input: {of}Input!) {{ {mutation}(input: $input)"
            " { __typename ... on UserError { code } } }"
        )
        answer = (await self.client.data(query, input=input))[mutation]
        return answer.get("code", "OK")

    async def read(self) -> Told:
        app = (await self.client.data(READ, app=self.name))["app"]
        living = app["environments"]["nodes"]
        self.ids = {each["name"]: each["id"] for each in living}
        self.order = [
            each["id"] for found in living for each in reversed(found["deployments"]["nodes"])
        ]
        return {
            "living": [self._told(each) for each in living],
            "deleted": sorted(
                (self._told(each) for each in app["deletedEnvironments"]["nodes"]), key=repr
            ),
        }

    def _told(self, found: Told) -> Told:
        history = found["deployments"]["nodes"]
        places = {each["id"]: number for number, each in enumerate(history)}
        pin, deploying = found["pin"], found["deploying"]
        return {
            "name": found["name"],
            "is_default": found["isDefault"],
            "state": found["state"],
            "current_version": found["currentVersion"],
            "pin": None if pin is None else (pin["version"], pin["commit"]["sha"]),
            "content": found["contentCommit"] and found["contentCommit"]["sha"],
            "deploying": None if deploying is None else places[deploying["id"]],
            "is_deleted": found["deletedAt"] is not None,
            "timeline": [
                (each["version"], each["commit"]["sha"], each["to"] is None)
                for each in found["timeline"]["nodes"]
            ],
            "goes": None if found["deletedAt"] else tuple(found["deletionPreview"].values()),
            "history": [
                {
                    "kind": each["kind"],
                    "version": each["version"],
                    "status": each["status"],
                    "steps": (
                        each["fileSync"]["status"],
                        each["fileSync"]["detail"],
                        each["codeBuild"]["status"],
                        each["codeBuild"]["detail"],
                        each["codeBuild"]["cacheHit"],
                    ),
                    "failure": (each["failureClass"], each["failureReason"]),
                    "commit": (each["commit"]["sha"], each["commit"]["message"]),
                    "note": each["note"],
                    "source": each["sourceName"],
                    "actor": (each["actor"]["kind"], each["actor"]["name"]),
                    "retry_of": None if each["retryOf"] is None else places[each["retryOf"]["id"]],
                }
                for each in history
            ],
        }

    async def compare(self, source: str, target: str) -> Told:
        answer = await self.client.data(COMPARE, source=self.ids[source], target=self.ids[target])
        found = answer["comparison"]
        files: list[Told] = (
            [] if found["code"]["files"] is None else found["code"]["files"]["nodes"]
        )
        return {
            "versions": (found["sourceVersion"], found["targetVersion"]),
            "relation": found["commitRelation"],
            "commits": [
                None if found[side] is None else found[side]["sha"]
                for side in ("sourceCommit", "targetCommit")
            ],
            "content": [
                (
                    each["path"],
                    each["kind"],
                    each["change"],
                    each["after"] and each["after"]["digest"],
                )
                for each in found["content"]["files"]["nodes"]
            ],
            "code": [(each["path"], each["change"]) for each in files],
            "hits": found["build"]["wouldHitCache"],
        }


@dataclass
class RestSide:
    app: RestApp
    ids: dict[str, str] = field(default_factory=dict[str, str])
    order: list[str] = field(default_factory=list[str])

    async def act(self, act: str, **given: Any) -> str:
        match act:
            case "create":
                return await self._ask("POST", "", {"name": given["name"]})
            case "promote":
                body = {"source_environment_id": self.ids[given["source"]], "note": given["note"]}
                return await self._ask("POST", f"/{self.ids[given['target']]}/promote", body)
            case "rollback":
                body = {"target_version": given["version"]}
                return await self._ask("POST", f"/{self.ids[given['name']]}/rollback", body)
            case "redeploy":
                return await self._ask("POST", f"/{self.ids[given['name']]}/redeploy")
            case "delete":
                body = {"confirmation_name": given["typed"]}
                return await self._ask("DELETE", f"/{self.ids[given['name']]}", body)
            case _:
                path = f"/deployments/{self.order[given['number']]}/{act}"
                return _outcome(await self.app.ask("POST", path))

    async def _ask(self, method: str, path: str, body: Any = None) -> str:
        return _outcome(await self.app.ask(method, f"/environments{path}", body))

    async def read(self) -> Told:
        living = await self.app.data("GET", "/environments?limit=1000")
        deleted = await self.app.data("GET", "/environments?deleted=true")
        self.ids = {each["name"]: each["id"] for each in living}
        histories = {each["id"]: await self._history(each) for each in (*living, *deleted)}
        self.order = [each["id"] for found in living for each in reversed(histories[found["id"]])]
        return {
            "living": [await self._told(each, histories[each["id"]]) for each in living],
            "deleted": sorted(
                [await self._told(each, histories[each["id"]]) for each in deleted], key=repr
            ),
        }

    async def _history(self, environment: Told) -> list[Told]:
        return await self.app.data("GET", f"/environments/{environment['id']}/deployments?limit=80")

    async def _told(self, found: Told, history: list[Told]) -> Told:
        path = f"/environments/{found['id']}"
        places = {each["id"]: number for number, each in enumerate(history)}
        timeline = await self.app.data("GET", f"{path}/timeline?limit=40")
        goes = None
        if found["deleted_at"] is None:
            cascade = (await self.app.data("GET", path))["cascade"]
            names = ("snapshot_rows_deleted", "api_keys_revoked", "variables_deleted")
            goes = tuple(cascade[name] for name in names)
        pin = (found["pinned_version"], found["pinned_commit_sha"])
        in_flight = found["in_flight_deployment_id"]
        return {
            "name": found["name"],
            "is_default": found["is_default"],
            "state": STATES[found["pin_state"]],
            "current_version": found["current_version"],
            "pin": None if found["pinned_version"] is None else pin,
            "content": found["content_commit_sha"],
            "deploying": None if in_flight is None else places[in_flight],
            "is_deleted": found["deleted_at"] is not None,
            "timeline": [
                (each["version"], each["commit_sha"], each["until"] is None) for each in timeline
            ],
            "goes": goes,
            "history": [_deployment_told(each, places) for each in history],
        }

    async def compare(self, source: str, target: str) -> Told:
        path = f"/environments/{self.ids[target]}/comparison"
        query = f"?source_environment_id={self.ids[source]}"
        found = await self.app.data("GET", f"{path}{query}")
        content = await self.app.data("GET", f"{path}/content{query}")
        code = await self.app.data("GET", f"{path}/code{query}")
        return {
            "versions": (found["source_version"], found["target_version"]),
            "relation": _upper(found["commit_relation"]),
            "commits": [
                None if found[side] is None else found[side]["sha"]
                for side in ("source_commit", "target_commit")
            ],
            "content": [
                (
                    each["path"],
                    each["kind"].upper(),
                    each["change"].upper(),
                    each["after"] and each["after"]["sha256"],
                )
                for each in content
            ],
            "code": [(each["path"], each["change"].upper()) for each in code],
            "hits": found["build"]["would_hit_cache"],
        }


def _deployment_told(each: Told, places: dict[str, int]) -> Told:
    retried = each["retry_of_deployment_id"]
    return {
        "kind": KINDS[each["deployment_type"]],
        "version": each["env_version"],
        "status": STATUSES[each["deployment_status"]],
        "steps": (
            each["files_status"].upper(),
            each["files_detail"],
            each["code_status"].upper(),
            each["code_detail"],
            each["cache_hit"],
        ),
        "failure": (_upper(each["failure_class"]), each["failure_reason"]),
        "commit": (each["commit_sha"], each["commit_message"]),
        "note": each["note"],
        "source": each["source_environment_name"],
        "actor": (each["actor"]["kind"].upper(), each["initiated_by"]),
        "retry_of": None if retried is None else places[retried],
    }


def _upper(value: str | None) -> str | None:
    return None if value is None else value.upper()


def _outcome(response: Any) -> str:
    if response.status_code < 300:
        return "OK"
    code: str = response.json()["error"]["code"]
    assert re.fullmatch("[a-z_]+", code)
    return GRAPHQL_CODES[code]
