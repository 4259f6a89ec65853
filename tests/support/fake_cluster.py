"""A fake of a Kubernetes API server, because no cluster can run where these tests do.

What it takes and answers is what a real one would for the few requests that Pinmark makes. Its
pods are real processes of this machine: the program of ``services.kubernetes.inside``, with the
mounts and variables that their template says, each service at a loopback address of its own. It
checks no schema, keeps to no limit, isolates nothing and schedules nothing; a cluster's own
behaviour under trouble is not shown by it.
"""

import asyncio
import base64
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from tempfile import mkdtemp
from typing import Any
from uuid import uuid4

import uvicorn
import yaml
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response, StreamingResponse
from starlette.routing import Route

Object = dict[str, Any]
LOOK_SECONDS = 0.05
ROOT = Path(__file__).parents[2]
KINDS = {
    "secrets": ("v1", "Secret"),
    "services": ("v1", "Service"),
    "pods": ("v1", "Pod"),
    "jobs": ("batch/v1", "Job"),
    "deployments": ("apps/v1", "Deployment"),
}


@dataclass
class Pod:
    """A pod of one container, as the process that it is here."""

    object: Object
    process: subprocess.Popen[bytes]
    directory: Path

    @property
    def output(self) -> Path:
        return self.directory / "output"

    def status(self) -> Object:
        code = self.process.poll()
        if code is None:
            return self._status({"running": {"startedAt": _now()}}, "Running")
        ended = {"exitCode": code & 0xFF, "reason": "Completed" if code == 0 else "Error"}
        return self._status({"terminated": ended}, "Succeeded" if code == 0 else "Failed")

    def _status(self, state: Object, phase: str) -> Object:
        container = {
            "name": "pinmark",
            "state": state,
            "ready": "running" in state,
            "restartCount": 0,
            "image": "",
            "imageID": "",
        }
        return {"phase": phase, "containerStatuses": [container]}

    def end(self) -> None:
        if self.process.poll() is None:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()


@dataclass
class FakeCluster:
    """``made`` is every object that was ever made; ``living`` what there is now, by kind."""

    base: str = ""
    made: list[Object] = field(default_factory=list[Object])
    living: dict[str, dict[str, Object]] = field(
        default_factory=lambda: {kind: {} for kind in KINDS}
    )
    pods: dict[str, Pod] = field(default_factory=dict[str, Pod])
    refuses: bool = False
    """Whether every request is answered with 500."""
    cuts_logs: int = 0
    """How many streams of a log are cut after their first line."""
    _addresses: int = 1

    def kubeconfig(self, directory: Path) -> Path:
        """A file that leads to it."""
        path = directory / "kubeconfig"
        document: Object = {
            "apiVersion": "v1",
            "kind": "Config",
            "clusters": [{"name": "fake", "cluster": {"server": self.base}}],
            "users": [{"name": "pinmark", "user": {}}],
            "contexts": [{"name": "fake", "context": {"cluster": "fake", "user": "pinmark"}}],
            "current-context": "fake",
        }
        path.write_text(yaml.safe_dump(document))
        return path

    def of_kind(self, kind: str) -> list[Object]:
        """Everything of the kind that was ever made."""
        return [each for each in self.made if each["kind"] == kind]

    @property
    def left(self) -> list[str]:
        """What is there now."""
        return [f"{kind}/{name}" for kind, found in self.living.items() for name in found]

    def close(self) -> None:
        for pod in self.pods.values():
            pod.end()
            shutil.rmtree(pod.directory, ignore_errors=True)

    async def collection(self, request: Request) -> Response:
        kind = request.path_params["kind"]
        if self.refuses:
            return _failure(500, "it refuses")
        if request.method == "POST":
            return self._create(kind, await request.json())
        version, name = KINDS[kind]
        selector = request.query_params.get("labelSelector", "")
        wanted = dict(each.split("=", 1) for each in selector.split(",") if each)
        items = [self._now(kind, each) for each in self.living[kind].values()]
        chosen = [each for each in items if wanted.items() <= each["metadata"]["labels"].items()]
        metadata = {"resourceVersion": "1"}
        body = {"apiVersion": version, "kind": f"{name}List", "metadata": metadata, "items": chosen}
        return JSONResponse(body)

    async def item(self, request: Request) -> Response:
        kind, name = request.path_params["kind"], request.path_params["name"]
        if self.refuses:
            return _failure(500, "it refuses")
        if name not in self.living[kind]:
            return _failure(404, f"{kind} {name} not found")
        found = self._now(kind, self.living[kind][name])
        if request.method == "DELETE":
            del self.living[kind][name]
            if kind in {"jobs", "deployments"}:
                self._end_pods_of(name)
        return JSONResponse(found)

    async def log(self, request: Request) -> Response:
        pod = self.pods.get(request.path_params["name"])
        if pod is None or self.refuses:
            return _failure(404, "no such pod")
        cut = self.cuts_logs > 0
        self.cuts_logs -= cut
        return StreamingResponse(_lines(pod, cut=cut), media_type="text/plain")

    def _create(self, kind: str, body: Object) -> Response:
        metadata = body["metadata"]
        if metadata["name"] in self.living[kind]:
            return _failure(409, "already exists")
        metadata |= {"uid": str(uuid4()), "creationTimestamp": _now(), "namespace": "pinmark"}
        if kind == "secrets":
            given: dict[str, str] = body.pop("stringData")
            body["data"] = {
                name: base64.b64encode(text.encode()).decode() for name, text in given.items()
            }
        if kind == "services":
            self._addresses += 1
            number = os.getpid() % 250  # runs beside each other have addresses of their own
            body["spec"]["clusterIP"] = f"127.{number}.{self._addresses // 250}.{self._addresses}"
        self.living[kind][metadata["name"]] = body
        self.made.append(body)
        if kind in {"jobs", "deployments"}:
            self._start_pod(metadata["name"], body["spec"]["template"])
        return JSONResponse(body, status_code=201)

    def _start_pod(self, owner: str, template: Object) -> None:
        name = f"{owner}-{uuid4().hex[:5]}"
        # Short, as a pod's own paths are: its sockets' addresses have 107 bytes.
        spec, directory = template["spec"], Path(mkdtemp(prefix="pinmark-pod-", dir="/tmp"))
        directory.chmod(0o711)  # what builds there has no privileges
        (container,) = spec["containers"]
        mounts = self._mount(spec, container, directory)

        def placed(text: str) -> str:
            for there, here in mounts.items():
                text = text.replace(there, str(here))
            return text.replace("0.0.0.0", self._address_of(template))

        variables = {each["name"]: placed(each["value"]) for each in container["env"]}
        command = [placed(word) for word in container["command"]]
        assert command[0] == "python"
        with (directory / "output").open("wb") as output:
            process = subprocess.Popen(
                [sys.executable, *command[1:]],
                cwd=ROOT,
                env={**_ours(), **variables},
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                start_new_session=True,
            )
        metadata = {**template["metadata"], "name": name, "ownerReferences": [_owner(owner)]}
        pod: Object = {"apiVersion": "v1", "kind": "Pod", "metadata": metadata, "spec": spec}
        self.living["pods"][name] = pod
        self.pods[name] = Pod(pod, process, directory)

    def _mount(self, spec: Object, container: Object, directory: Path) -> dict[str, Path]:
        volumes = {each["name"]: each for each in spec["volumes"]}
        mounts: dict[str, Path] = {}
        for each in container["volumeMounts"]:
            here = directory / each["name"]
            here.mkdir(mode=0o711)
            secret = volumes[each["name"]].get("secret")
            if secret is not None:
                kept = self.living["secrets"][secret["secretName"]]["data"]
                for name, text in kept.items():
                    (here / name).write_bytes(base64.b64decode(text))
            mounts[each["mountPath"]] = here
        return mounts

    def _address_of(self, template: Object) -> str:
        """Where the service that selects such pods is; a pod of a job has none."""
        labels = template["metadata"]["labels"].items()
        for service in self.living["services"].values():
            if service["spec"]["selector"].items() <= labels:
                return service["spec"]["clusterIP"]
        return "127.0.0.1"

    def _end_pods_of(self, owner: str) -> None:
        for name, pod in list(self.living["pods"].items()):
            if pod["metadata"]["ownerReferences"][0]["name"] == owner:
                self.pods[name].end()
                del self.living["pods"][name]

    def _now(self, kind: str, found: Object) -> Object:
        if kind != "pods":
            return found
        return {**found, "status": self.pods[found["metadata"]["name"]].status()}


async def _lines(pod: Pod, *, cut: bool) -> AsyncIterator[bytes]:
    with pod.output.open("rb") as output:
        while True:
            over = pod.process.poll() is not None
            if chunk := output.read():
                if cut:
                    yield chunk[: chunk.find(b"\n") + 1]
                    return
                yield chunk
            elif over:
                return
            await asyncio.sleep(LOOK_SECONDS)


def _ours() -> dict[str, str]:
    """What a pod of the image has beside its own: where programs and packages are."""
    kept = ("PATH", "LANG", "SSL_CERT", "REQUESTS_CA")
    found = {name: text for name, text in os.environ.items() if name.startswith(kept)}
    return {**found, "PYTHONUNBUFFERED": "1"}


def _owner(name: str) -> Object:
    return {"apiVersion": "v1", "kind": "Owner", "name": name, "uid": name}


def _failure(code: int, message: str) -> Response:
    body = {"kind": "Status", "apiVersion": "v1", "status": "Failure", "message": message}
    return JSONResponse({**body, "code": code}, status_code=code)


def _now() -> str:
    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


@asynccontextmanager
async def running_cluster() -> AsyncGenerator[FakeCluster]:
    """The fake on a port of its own; its pods end with the block."""
    cluster = FakeCluster()
    below = "namespaces/{namespace}/{kind}"
    routes = [
        route
        for group in ("/api/v1", "/apis/batch/v1", "/apis/apps/v1")
        for route in (
            Route(f"{group}/{below}", cluster.collection, methods=["GET", "POST"]),
            Route(f"{group}/{below}/{{name}}", cluster.item, methods=["GET", "DELETE"]),
            Route(f"{group}/{below}/{{name}}/log", cluster.log),
        )
    ]
    app = Starlette(routes=routes)
    server = uvicorn.Server(
        uvicorn.Config(app, port=0, log_config=None, timeout_graceful_shutdown=1)
    )
    serving = asyncio.ensure_future(server.serve())
    while not server.started:
        if serving.done():
            serving.result()
        await asyncio.sleep(0.005)
    port = server.servers[0].sockets[0].getsockname()[1]
    cluster.base = f"http://127.0.0.1:{port}"
    try:
        yield cluster
    finally:
        cluster.close()
        server.should_exit = True
        await serving
