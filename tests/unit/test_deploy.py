"""What `deploy/` says fits the program: settings, commands, rights, times, names, and Kubernetes.

No Docker engine and no cluster runs here, so nothing of it is started. Kubernetes' own objects are
held against the API's models, in which a field that there is not would be lost.
"""

import re
import shlex
from pathlib import Path
from typing import Any

import pytest
import yaml
from lightkube.resources.apps_v1 import Deployment
from lightkube.resources.batch_v1 import Job
from lightkube.resources.core_v1 import (
    ConfigMap,
    Namespace,
    ResourceQuota,
    Secret,
    Service,
    ServiceAccount,
)
from lightkube.resources.networking_v1 import NetworkPolicy
from lightkube.resources.policy_v1 import PodDisruptionBudget
from lightkube.resources.rbac_authorization_v1 import Role, RoleBinding

from pinmark.cli import cli
from pinmark.draining import AT_LEAST_SECONDS, CLOSING_SECONDS, FINISHING_SECONDS
from pinmark.serving import WORKER_SECONDS
from pinmark.settings import Settings
from services.kubernetes import objects

DEPLOY = Path(__file__).parents[2] / "deploy"
ROOT = DEPLOY.parent
DOCKERFILE = (DEPLOY / "Dockerfile").read_text()
COMPOSE: dict[str, Any] = yaml.safe_load((DEPLOY / "compose.yaml").read_text())
FILES = [path for path in (DEPLOY / "kubernetes").glob("*.yaml") if "kustom" not in path.name]
OBJECTS: list[dict[str, Any]] = [
    each for path in FILES for each in yaml.safe_load_all(path.read_text())
]
MODELS: dict[str, Any] = {
    each.__name__: each
    for each in (
        *(ConfigMap, Deployment, Job, Namespace, NetworkPolicy, PodDisruptionBudget),
        *(ResourceQuota, Role, RoleBinding, Secret, Service, ServiceAccount),
    )
}
LABELS = {objects.KIND: "build", objects.RUN: "one"}
SIZES: dict[str, Any] = {"image": "pinmark", "memory": 2**31, "disk": 2**31}
OURS = [
    objects.job("one", LABELS, seconds=900, **SIZES),
    objects.deployment("one", LABELS, **SIZES),
    objects.service("one", LABELS),
    objects.orders_secret("one", LABELS, "{}"),
]
MARGIN_SECONDS = 5


def of_kind(kind: str) -> list[dict[str, Any]]:
    return [each for each in OBJECTS if each["kind"] == kind]


def pods() -> list[dict[str, Any]]:
    return [each["spec"]["template"] for each in (*of_kind("Deployment"), *of_kind("Job"))]


def through_the_model(wanted: dict[str, Any]) -> Any:
    return MODELS[wanted["kind"]].from_dict(wanted).to_dict()


def settings_named(text: str) -> set[str]:
    return set(re.findall(r"\bPINMARK_[A-Z_]+\b", text))


@pytest.mark.parametrize(
    "wanted", [*OBJECTS, *OURS], ids=lambda each: f"{each['kind']} {each['metadata']['name']}"
)
def test_every_object_is_one_that_the_api_knows_field_by_field(wanted: dict[str, Any]) -> None:
    assert through_the_model(wanted) == wanted


def test_a_field_that_there_is_not_is_found() -> None:
    planted: dict[str, Any] = {**OURS[2], "spec": {**OURS[2]["spec"], "portz": []}}
    assert through_the_model(planted) != planted


def test_every_setting_that_is_named_exists() -> None:
    known = {f"PINMARK_{name.upper()}" for name in Settings.model_fields}
    for path in [path for path in DEPLOY.rglob("*") if path.is_file()]:
        assert settings_named(path.read_text()) <= known, path.name


def test_the_settings_that_are_given_are_accepted() -> None:
    (given,) = of_kind("ConfigMap")
    names = {name.removeprefix("PINMARK_").lower(): text for name, text in given["data"].items()}
    assert Settings.model_validate(names).kubernetes_namespace == "pinmark-runs"


def test_every_command_is_one_of_the_programs() -> None:
    known = {
        each.name or each.callback.__name__ for each in cli.registered_commands if each.callback
    }
    words = [pod["spec"]["containers"][0]["args"] for pod in pods()]
    words += [
        each["command"]
        for each in COMPOSE["services"].values()
        if each.get("image") == "pinmark" and each["command"]
    ]
    (started,) = re.findall(r"^CMD (\[.*\])$", DOCKERFILE, re.MULTILINE)
    for command, *options in [*words, yaml.safe_load(started)]:
        assert command in known
        assert set(options) <= {"--no-worker"}


def test_a_server_and_a_worker_are_given_the_time_they_take_to_end() -> None:
    (given,) = of_kind("ConfigMap")
    drain = float(given["data"]["PINMARK_DRAIN_SECONDS"])
    server = max(AT_LEAST_SECONDS, drain + FINISHING_SECONDS + CLOSING_SECONDS)
    for name, needed in (("server", server), ("worker", WORKER_SECONDS)):
        (found,) = [
            each for each in of_kind("Deployment") if each["metadata"]["name"].endswith(name)
        ]
        grace = found["spec"]["template"]["spec"]["terminationGracePeriodSeconds"]
        assert grace >= needed + MARGIN_SECONDS
    for each in COMPOSE["services"].values():
        if each.get("command") in (["serve", "--no-worker"], ["worker"]):
            assert int(each["stop_grace_period"].rstrip("s")) >= AT_LEAST_SECONDS + MARGIN_SECONDS


def test_what_selects_finds_what_it_means() -> None:
    found = [each["metadata"]["labels"].items() for each in pods()]
    for each in of_kind("Deployment"):
        wanted = each["spec"]["selector"]["matchLabels"].items()
        assert wanted <= each["spec"]["template"]["metadata"]["labels"].items()
    selectors = [each["spec"]["selector"] for each in of_kind("Service")]
    selectors += [
        each["spec"]["selector"]["matchLabels"] for each in of_kind("PodDisruptionBudget")
    ]
    for selector in selectors:
        assert len([labels for labels in found if selector.items() <= labels]) == 1


def test_pods_have_no_privileges_and_secrets_are_named_and_never_written() -> None:
    assert of_kind("Secret") == []
    for pod in pods():
        (container,) = pod["spec"]["containers"]
        assert pod["spec"]["securityContext"]["runAsNonRoot"] is True
        assert container["securityContext"]["readOnlyRootFilesystem"] is True
        assert container["securityContext"]["capabilities"] == {"drop": ["ALL"]}
        assert {"secretRef": {"name": "pinmark"}} in container["envFrom"]
        assert {"configMapRef": {"name": "pinmark"}} in container["envFrom"]
    secret = re.compile(r"SECRET|TOKEN|PASSWORD|DATABASE_URL")
    assert not any(secret.search(name) for each in of_kind("ConfigMap") for name in each["data"])


def test_the_role_allows_what_the_drivers_ask_and_nothing_else() -> None:
    (role,) = of_kind("Role")
    granted = {
        f"{group}/{resource}": set(rule["verbs"])
        for rule in role["rules"]
        for group in rule["apiGroups"]
        for resource in rule["resources"]
    }
    made = {"create", "list", "delete"}
    assert granted == {
        "batch/jobs": made,
        "apps/deployments": made,
        "/secrets": made,
        "/services": made,
        "/pods": {"list"},
        "/pods/log": {"get"},
    }
    assert of_kind("ClusterRole") == []


def test_the_image_is_built_of_what_there_is_and_runs_as_nobody_special() -> None:
    sources = [
        name
        for line in re.findall(r"^COPY (?!--from)(.*)$", DOCKERFILE, re.MULTILINE)
        for name in shlex.split(line)[:-1]
    ]
    assert sources
    assert all((ROOT / name).exists() for name in sources)
    ignored = (ROOT / ".dockerignore").read_text().splitlines()
    for name in sources:
        wanted = "!requirements*.lock" if name.endswith(".lock") else f"!{name}"
        assert wanted in ignored, name
    assert f"USER {objects.USER}:{objects.USER}" in DOCKERFILE
    assert DOCKERFILE.index("USER ") < DOCKERFILE.index("HEALTHCHECK ")
    assert not re.search(r"^(ARG|ENV).*(SECRET|TOKEN|PASSWORD)", DOCKERFILE, re.MULTILINE)
    assert "PATH=/opt/pinmark/bin" in DOCKERFILE, "`python` in a pod is Pinmark's own"


def test_the_image_holds_every_extra() -> None:
    lock = (ROOT / "requirements-image.lock").read_text()
    for name in ("lightkube", "redis", "opentelemetry-sdk", "asyncpg"):
        assert re.search(rf"^{name}==", lock, re.MULTILINE)


def test_the_locks_agree_on_every_version() -> None:
    def pins(name: str) -> set[str]:
        return set(re.findall(r"^\S+==\S+", (ROOT / name).read_text(), re.MULTILINE))

    assert pins("requirements.lock") <= pins("requirements-image.lock")
    assert pins("requirements-image.lock") <= pins("requirements-dev.lock")


def test_compose_has_two_servers_three_workers_and_no_secret() -> None:
    services = COMPOSE["services"]
    assert {"postgres", "redis", "server-a", "server-b", "worker", "balancer"} <= set(services)
    assert services["worker"]["deploy"]["replicas"] == 3
    text = (DEPLOY / "compose.yaml").read_text()
    assert "${PINMARK_SECRET_KEY:?}" in text
    assert "${POSTGRES_PASSWORD:?}" in text
    for each in services.values():
        needed = each.get("depends_on", ())
        assert set(needed) <= set(services)
    volumes = {
        volume.split(":")[0]
        for each in services.values()
        for volume in each.get("volumes", ())
        if not volume.startswith(".")
    }
    assert volumes == set(COMPOSE["volumes"])
    assert (DEPLOY / "haproxy.cfg").exists()
