"""What other servers answer in the bench is compared in our form, and nothing of it is lost."""

import re
from pathlib import Path
from typing import Any

import orjson
import pytest

from bench.node_peers import KINDS, with_our_times
from bench.postgraphile import our_history, our_menu

ROOT = Path(__file__).parents[2]
PEERS = ROOT / "bench" / "peers"
IDENTITY = "1421ffca-5ca6-4ccd-b231-af0c07dec968"
ENVIRONMENT = "RW52aXJvbm1lbnQ6MTQyMWZmY2E1Y2E2NGNjZGIyMzFhZjBjMDdkZWM5Njg"
DEPLOYMENT = "RGVwbG95bWVudDoxNDIxZmZjYTVjYTY0Y2NkYjIzMWFmMGMwN2RlYzk2OA"


def environment(**given: Any) -> dict[str, Any]:
    """An environment as PostGraphile tells of it: pinned and idle, unless told."""
    return {
        "rowId": IDENTITY,
        "name": "staging",
        "isDefault": False,
        "currentVersion": 4,
        "pinnedVersion": 3,
        "deploymentByPinnedDeploymentId": {"settledAt": "2026-01-02T03:04:05.120000+00:00"},
        "deploymentByDeployingId": None,
        **given,
    }


def deployment(**given: Any) -> dict[str, Any]:
    """A deployment as PostGraphile tells of it: deployed from dev, unless told."""
    return {
        "rowId": IDENTITY,
        "kind": "PROMOTION",
        "version": 3,
        "note": None,
        "createdAt": "2026-01-02T03:04:05+00:00",
        "settledAt": "2026-01-02T03:04:06+00:00",
        "actorName": "owner",
        "actorKind": "MEMBER",
        "fileSync": "SYNCED",
        "codeBuild": "DEPLOYED",
        "cacheDecision": "HIT",
        "commitByAppIdAndCommitSha": {"sha": "a" * 40, "message": "Said", "authorName": "Ada"},
        "environmentBySourceId": {"rowId": IDENTITY, "name": "dev"},
        **given,
    }


def in_menu(node: dict[str, Any]) -> dict[str, Any]:
    app = {"rowId": IDENTITY, "name": "shop", "environmentsByAppId": {"nodes": [node]}}
    return our_menu({"appByName": app})["app"]["environments"]["nodes"][0]


def in_history(node: dict[str, Any]) -> dict[str, Any]:
    page = {"nodes": [node], "pageInfo": {"hasNextPage": False}}
    found = {"rowId": IDENTITY, "name": "staging", "deploymentsByEnvironmentId": page}
    given = {"appByName": {"environmentsByAppId": {"nodes": [found]}}}
    return our_history(given)["environment"]["deployments"]["nodes"][0]


def test_a_pinned_environment_of_postgraphile_reads_like_ours() -> None:
    assert in_menu(environment()) == {
        "id": ENVIRONMENT,
        "name": "staging",
        "isDefault": False,
        "state": "PINNED",
        "pinLabel": "v3",
        "currentVersion": 4,
        "pin": {"version": 3, "since": "2026-01-02T03:04:05.120000+00:00"},
        "deploying": None,
    }


def test_what_is_on_its_way_into_it_is_told_too() -> None:
    running = {"rowId": IDENTITY, "version": 5}

    told = in_menu(environment(deploymentByDeployingId=running))["deploying"]

    assert told == {"id": DEPLOYMENT, "version": 5}


def test_an_environment_without_a_pin_has_none() -> None:
    told = in_menu(environment(pinnedVersion=None, deploymentByPinnedDeploymentId=None))

    assert (told["state"], told["pinLabel"], told["pin"]) == ("NO_PIN", "no-pin", None)


def test_a_deployment_of_postgraphile_reads_like_ours() -> None:
    assert in_history(deployment()) == {
        "id": DEPLOYMENT,
        "kind": "PROMOTION",
        "version": 3,
        "status": "DEPLOYED",
        "note": None,
        "createdAt": "2026-01-02T03:04:05+00:00",
        "settledAt": "2026-01-02T03:04:06+00:00",
        "actor": {"name": "owner", "kind": "MEMBER"},
        "commit": {"sha": "a" * 40, "shortSha": "aaaaaaa", "message": "Said", "authorName": "Ada"},
        "source": {"id": ENVIRONMENT, "name": "dev"},
        "fileSync": {"status": "SYNCED"},
        "codeBuild": {"status": "DEPLOYED", "cacheHit": True},
    }


@pytest.mark.parametrize(
    ("given", "status"),
    [
        ({"settledAt": None, "codeBuild": "BUILDING"}, "IN_PROGRESS"),
        ({"codeBuild": "FAILED"}, "FAILED"),
        ({"fileSync": "FAILED", "codeBuild": "SKIPPED"}, "FAILED"),
    ],
)
def test_the_whole_of_a_deployment_follows_from_its_steps(
    given: dict[str, Any], status: str
) -> None:
    assert in_history(deployment(**given))["status"] == status


def test_times_are_compared_however_many_digits_they_have() -> None:
    given = {"nodes": [{"createdAt": "2026-01-02T03:04:05.12+00:00", "settledAt": None}]}

    assert with_our_times(given) == {
        "nodes": [{"createdAt": "2026-01-02T03:04:05.120000+00:00", "settledAt": None}]
    }


def test_each_peer_has_its_script_and_is_of_one_version() -> None:
    wanted = orjson.loads((PEERS / "package.json").read_bytes())["dependencies"]

    assert all(re.fullmatch(r"\d+\.\d+\.\d+", version) for version in wanted.values())
    assert all((PEERS / f"{kind.package}.mjs").is_file() for kind in KINDS)
    assert {kind.package for kind in KINDS} <= wanted.keys()


def test_the_lock_file_does_not_say_where_packages_come_from() -> None:
    assert '"resolved"' not in (PEERS / "package-lock.json").read_text()
