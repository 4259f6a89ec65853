"""What is made in the cluster, written down: a job or deployment, its orders, its service.

A pod runs as a user without privileges, cannot write but in ``WORK``, and is given no token of the
cluster. Its orders lie in a secret, and go with what they are for.
"""

from collections.abc import Mapping
from typing import Any

from services.sandbox import MIB

MANAGED_BY, PINMARK = "app.kubernetes.io/managed-by", "pinmark"
KIND = "pinmark.dev/kind"
RUN = "pinmark.dev/run"
NAME = "pinmark.dev/name"
ORDERS, WORK = "/pinmark/orders", "/pinmark/work"
PORT = 8080
USER = 10001
CPU_REQUEST, CPU_LIMIT = "100m", "2"
FORGOTTEN_AFTER_SECONDS = 300

Object = dict[str, Any]


def meta(name: str, labels: Mapping[str, str]) -> Object:
    return {"name": name, "labels": dict(labels)}


def orders_secret(name: str, labels: Mapping[str, str], orders: str) -> Object:
    return {
        "apiVersion": "v1",
        "kind": "Secret",
        "metadata": meta(name, labels),
        "immutable": True,
        "stringData": {"orders.json": orders},
    }


def job(
    name: str, labels: Mapping[str, str], *, image: str, memory: int, disk: int, seconds: int
) -> Object:
    """One attempt at one build: it is not tried again, does not last, and is not kept."""
    pod = _pod(name, labels, image=image, memory=memory, disk=disk)
    pod["spec"]["restartPolicy"] = "Never"
    return {
        "apiVersion": "batch/v1",
        "kind": "Job",
        "metadata": meta(name, labels),
        "spec": {
            "backoffLimit": 0,
            "activeDeadlineSeconds": seconds,
            "ttlSecondsAfterFinished": FORGOTTEN_AFTER_SECONDS,
            "template": pod,
        },
    }


def deployment(
    name: str, labels: Mapping[str, str], *, image: str, memory: int, disk: int
) -> Object:
    """One runtime. It is never two at a time, and health is asked of the handler itself."""
    pod = _pod(name, labels, image=image, memory=memory, disk=disk)
    container = pod["spec"]["containers"][0]
    container["ports"] = [{"name": "http", "containerPort": PORT}]
    container["readinessProbe"] = {
        "httpGet": {"path": "/health", "port": PORT},
        "periodSeconds": 1,
        "timeoutSeconds": 5,
    }
    return {
        "apiVersion": "apps/v1",
        "kind": "Deployment",
        "metadata": meta(name, labels),
        "spec": {
            "replicas": 1,
            "strategy": {"type": "Recreate"},
            "selector": {"matchLabels": {RUN: labels[RUN]}},
            "template": pod,
        },
    }


def service(name: str, labels: Mapping[str, str]) -> Object:
    """Where every server reaches the runtime; also before it is ready, to find out that it is."""
    return {
        "apiVersion": "v1",
        "kind": "Service",
        "metadata": meta(name, labels),
        "spec": {
            "type": "ClusterIP",
            "publishNotReadyAddresses": True,
            "selector": {RUN: labels[RUN]},
            "ports": [{"name": "http", "port": PORT, "targetPort": PORT}],
        },
    }


def _pod(name: str, labels: Mapping[str, str], *, image: str, memory: int, disk: int) -> Object:
    limits = {
        "cpu": CPU_LIMIT,
        "memory": f"{memory // MIB}Mi",
        "ephemeral-storage": f"{disk // MIB}Mi",
    }
    container = {
        "name": "pinmark",
        "image": image,
        "command": ["python", "-m", "services.kubernetes.inside", f"{ORDERS}/orders.json"],
        "env": [
            {"name": "HOME", "value": WORK},
            {"name": "TMPDIR", "value": WORK},
            {"name": "PINMARK_POD_LISTEN", "value": f"0.0.0.0:{PORT}"},
        ],
        "resources": {"requests": {**limits, "cpu": CPU_REQUEST}, "limits": limits},
        "securityContext": {
            "allowPrivilegeEscalation": False,
            "readOnlyRootFilesystem": True,
            "capabilities": {"drop": ["ALL"]},
        },
        "volumeMounts": [
            {"name": "orders", "mountPath": ORDERS, "readOnly": True},
            {"name": "work", "mountPath": WORK},
        ],
    }
    return {
        "metadata": meta(name, labels),
        "spec": {
            "automountServiceAccountToken": False,
            "enableServiceLinks": False,
            "terminationGracePeriodSeconds": 10,
            "securityContext": {
                "runAsNonRoot": True,
                "runAsUser": USER,
                "runAsGroup": USER,
                "fsGroup": USER,
                "seccompProfile": {"type": "RuntimeDefault"},
            },
            "containers": [container],
            "volumes": [
                {"name": "orders", "secret": {"secretName": name, "defaultMode": 0o440}},
                {"name": "work", "emptyDir": {"sizeLimit": f"{disk // MIB}Mi"}},
            ],
        },
    }
