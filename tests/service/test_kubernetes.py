"""Builds and runtimes in pods keep what those of a machine promise, against a fake API server.

No cluster can run here: see ``tests.support.fake_cluster`` for what is fake and what is not. The
contract is asked of the local drivers too, so that both promise the same.
"""

import asyncio
import json
import os
import tarfile
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from anyio import fail_after
from lightkube import KubeConfig

from models import Language
from pinmark.settings import Settings
from services.builder import Builder, BuilderUnavailable, BuildFailed
from services.ciphers import Mint, SecretKeys
from services.kubernetes import (
    ClusterPolicy,
    KubernetesBuilder,
    KubernetesRuntimes,
    open_cluster,
)
from services.local_builder import LocalBuilder, unpack
from services.local_runtime import LocalRuntimes, RuntimeLimits
from services.parcels import NoPermit, Parcels
from services.runtimes import connection
from services.runtimes.driver import RuntimeDriver, RuntimePlan, RuntimeUnavailable
from services.runtimes.keeper import until_healthy
from tests.support.building import HANDLER, Bench, pinned_idna
from tests.support.fake_cluster import FakeCluster, running_cluster
from tests.support.servers import RunningServer, running_server

HANG_SECONDS = 600
IMAGE = "registry.example/pinmark@sha256:0"
SAYS_ITS_SECRET = """import os
print("the value is", os.environ["TOKEN"])
def handler(event): return event
"""
ENDLESS = "import time\nprint('it goes on')\nwhile True: time.sleep(0.1)\n"
ANSWERS = """import os
print("imported")
def handler(event):
    if event["data"] == "die":
        os._exit(7)
    print("called with", os.environ["TOKEN"])
    return {"answer": event["data"], "greeting": open("agentmark/greeting.txt").read()}
"""


@pytest.fixture
async def cluster() -> AsyncGenerator[FakeCluster]:
    async with running_cluster() as cluster:
        yield cluster


@dataclass
class Place:
    """What drivers work with: a store, and a server that pods fetch from."""

    root: Path
    parcels: Parcels
    limits: RuntimeLimits = field(default_factory=RuntimeLimits)


@pytest.fixture
async def server(
    settings: Settings, database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> AsyncGenerator[RunningServer]:
    """A server that passes parcels on."""
    in_pods = Settings.model_validate(
        {**settings.model_dump(), "builder": "kubernetes", "kubernetes_image": IMAGE}
    )
    nowhere = FakeCluster("http://127.0.0.1:9").kubeconfig(tmp_path)
    monkeypatch.setenv("KUBECONFIG", str(nowhere))  # its own builder is never asked
    async with running_server(in_pods, database_url, with_worker=False) as server:
        yield server


@pytest.fixture
def place(server: RunningServer, settings: Settings, tmp_path: Path) -> Place:
    keys = SecretKeys(((settings.data_dir / "secret.key").read_text().strip(),))
    store = server.parts.installation.store
    return Place(tmp_path, Parcels(store, Mint(keys), server.base))


def config_of(cluster: FakeCluster, place: Place) -> KubeConfig:
    return KubeConfig.from_file(cluster.kubeconfig(place.root))


@asynccontextmanager
async def builder_in(kind: str, cluster: FakeCluster, place: Place) -> AsyncGenerator[Builder]:
    if kind == "local":
        yield LocalBuilder(environment=os.environ)
        return
    policy = ClusterPolicy(namespace="pinmark", image=IMAGE, pending_seconds=30)
    async with open_cluster(policy, config=config_of(cluster, place)) as opened:
        yield KubernetesBuilder(opened, place.parcels, os.environ)


@asynccontextmanager
async def runtimes_in(
    kind: str, cluster: FakeCluster, place: Place
) -> AsyncGenerator[RuntimeDriver]:
    if kind == "local":
        yield LocalRuntimes(place.parcels.store, limits=place.limits)
        return
    policy = ClusterPolicy(namespace="pinmark", image=IMAGE, pending_seconds=30)
    async with open_cluster(policy, config=config_of(cluster, place)) as opened:
        yield KubernetesRuntimes(opened, place.parcels, place.limits)


@pytest.fixture(params=["local", "kubernetes"])
async def builder(
    request: pytest.FixtureRequest, cluster: FakeCluster, place: Place
) -> AsyncGenerator[Builder]:
    async with builder_in(request.param, cluster, place) as builder:
        yield builder


@pytest.fixture
async def in_pods(cluster: FakeCluster, place: Place) -> AsyncGenerator[Builder]:
    async with builder_in("kubernetes", cluster, place) as builder:
        yield builder


@pytest.fixture
def bench(tmp_path: Path) -> Bench:
    (tmp_path / "bench").mkdir()
    return Bench(tmp_path / "bench")


async def test_a_build_gives_one_artifact_and_leaves_nothing(
    builder: Builder, bench: Bench, cluster: FakeCluster, tmp_path: Path
) -> None:
    with fail_after(HANG_SECONDS):
        build = await builder.build(bench.request({"handler.py": HANDLER}), log=bench.log)
    unpack(build.artifact, tmp_path / "unpacked")
    assert (tmp_path / "unpacked/code/handler.py").read_text() == HANDLER
    assert (tmp_path / "unpacked/venv/bin/python").is_symlink()
    assert build.size == build.artifact.stat().st_size
    assert "Importing handler.py." in bench.lines
    assert cluster.left == []


async def test_what_an_app_asks_for_is_installed_from_where_the_operator_says(
    builder: Builder, bench: Bench
) -> None:
    files = {
        "handler.py": "import idna\ndef handler(event): return idna.__version__\n",
        "requirements.txt": pinned_idna(),
    }
    with fail_after(HANG_SECONDS):
        build = await builder.build(bench.request(files), log=bench.log)
    with tarfile.open(build.artifact) as artifact:
        assert any("/idna/" in name for name in artifact.getnames())


async def test_code_that_does_not_import_is_refused_in_the_same_words(
    builder: Builder, bench: Bench
) -> None:
    with fail_after(HANG_SECONDS), pytest.raises(BuildFailed) as failed:
        await builder.build(bench.request({"handler.py": "import nowhere\n"}), log=bench.log)
    assert failed.value.reason == (
        "handler.py does not import: ModuleNotFoundError: No module named 'nowhere' "
        "— is it in requirements.txt?"
    )
    assert not isinstance(failed.value, BuilderUnavailable)


async def test_a_value_is_masked_wherever_it_is_built(builder: Builder, bench: Bench) -> None:
    request = bench.request(
        {"handler.py": SAYS_ITS_SECRET}, variables={"TOKEN": "hunter2-and-more"}
    )
    with fail_after(HANG_SECONDS):
        await builder.build(request, log=bench.log)
    assert "the value is ***" in bench.lines
    assert "hunter2" not in bench.text


async def test_a_build_that_is_given_up_is_killed_and_leaves_nothing(
    builder: Builder, bench: Bench, cluster: FakeCluster
) -> None:
    with fail_after(HANG_SECONDS):
        building = asyncio.create_task(
            builder.build(bench.request({"handler.py": ENDLESS}), log=bench.log)
        )
        await bench.until("it goes on")
        building.cancel()
        with pytest.raises(asyncio.CancelledError):
            await building
    assert cluster.left == []
    assert all(pod.process.poll() is not None for pod in cluster.pods.values())


async def test_a_pod_of_a_build_has_limits_and_neither_rights_nor_a_token(
    in_pods: Builder, bench: Bench, cluster: FakeCluster
) -> None:
    with fail_after(HANG_SECONDS):
        await in_pods.build(
            bench.request({"handler.py": HANDLER}, variables={"TOKEN": "hunter2"}), log=bench.log
        )
    (job,) = cluster.of_kind("Job")
    assert_harmless(job["spec"]["template"]["spec"])
    assert job["spec"]["backoffLimit"] == 0
    assert job["spec"]["activeDeadlineSeconds"] <= 3600
    assert job["spec"]["ttlSecondsAfterFinished"] <= 3600
    assert "hunter2" not in json.dumps(job), "values are in the secret alone"


def assert_harmless(pod: dict[str, Any]) -> None:
    (container,) = pod["containers"]
    assert pod["automountServiceAccountToken"] is False
    assert pod["securityContext"]["runAsNonRoot"] is True
    assert pod["securityContext"]["seccompProfile"] == {"type": "RuntimeDefault"}
    assert container["securityContext"] == {
        "allowPrivilegeEscalation": False,
        "readOnlyRootFilesystem": True,
        "capabilities": {"drop": ["ALL"]},
    }
    assert set(container["resources"]["limits"]) == {"cpu", "memory", "ephemeral-storage"}
    assert container["image"] == IMAGE
    assert not any("hostPath" in volume for volume in pod["volumes"])


async def test_what_a_dead_attempt_left_is_ended_by_the_next(
    in_pods: Builder, bench: Bench, cluster: FakeCluster
) -> None:
    with fail_after(HANG_SECONDS):
        left = asyncio.create_task(
            in_pods.build(named(bench, {"handler.py": ENDLESS}), log=bench.log)
        )
        await bench.until("it goes on")
        (endless,) = cluster.pods.values()
        await in_pods.build(named(bench, {"handler.py": HANDLER}), log=bench.log)
        assert endless.process.poll() is not None
        with pytest.raises(BuilderUnavailable, match="The pod was removed"):
            await left
    assert cluster.left == []


def named(bench: Bench, files: dict[str, str]) -> Any:
    request = bench.request(files)
    object.__setattr__(request, "name", "one-deployment")
    return request


async def test_a_log_that_breaks_off_is_read_on_without_a_line_lost_or_doubled(
    in_pods: Builder, bench: Bench, cluster: FakeCluster
) -> None:
    cluster.cuts_logs = 2
    with fail_after(HANG_SECONDS):
        await in_pods.build(bench.request({"handler.py": HANDLER}), log=bench.log)
    assert bench.lines.count("Importing handler.py.") == 1
    assert len([line for line in bench.lines if line.startswith("Built: ")]) == 1
    assert not any("pinmark-" in line for line in bench.lines)


async def test_a_cluster_that_refuses_is_no_fault_of_the_code(
    in_pods: Builder, bench: Bench, cluster: FakeCluster
) -> None:
    cluster.refuses = True
    with fail_after(HANG_SECONDS), pytest.raises(BuilderUnavailable, match="it refuses"):
        await in_pods.build(bench.request({"handler.py": HANDLER}), log=bench.log)


async def plan_of(place: Place, bench: Bench, code: str, *, token: str = "hunter2-more") -> Any:
    """A plan to run the code, built on this machine and put in the store."""
    builder = LocalBuilder(sandbox="none", environment=os.environ)  # as in a pod
    build = await builder.build(bench.request({"handler.py": code}), log=bench.log)
    path = f"artifacts/{uuid4()}.tar.gz"
    await place.parcels.store.put(path, build.artifact)

    async def content() -> AsyncIterator[tuple[str, bytes]]:
        yield "agentmark/greeting.txt", b"hello"

    return RuntimePlan(
        runtime_id=uuid4(),
        language=Language.PYTHON,
        handler_path="handler.py",
        artifact_path=path,
        artifact_digest=sha256(build.artifact.read_bytes()).hexdigest(),
        code_paths=["handler.py"],
        content=content,
        signing_secret="s" * 32,
        variables={"TOKEN": token},
        secrets=[token],
    )


@pytest.fixture(params=["local", "kubernetes"])
async def runtimes(
    request: pytest.FixtureRequest, cluster: FakeCluster, place: Place
) -> AsyncGenerator[RuntimeDriver]:
    async with runtimes_in(request.param, cluster, place) as driver:
        yield driver


async def until_it_answers(running: asyncio.Task[str], address: str) -> None:
    """Wait until it is healthy; one that ends instead says how."""
    healthy = asyncio.create_task(until_healthy(address))
    await asyncio.wait({healthy, running}, return_when=asyncio.FIRST_COMPLETED)
    healthy.cancel()
    assert not running.done(), running.result()


async def ask(address: str, data: object) -> tuple[int, Any]:
    body = json.dumps({"type": "prompt-run", "data": data}).encode()
    async with connection.request(address, "POST", "/execute", body, secret="s" * 32) as answer:
        found = await answer.body(most=100_000)
    return answer.status, json.loads(found or b"null")


async def test_a_runtime_is_healthy_answers_dies_and_says_how_and_is_started_again(
    runtimes: RuntimeDriver, place: Place, bench: Bench, cluster: FakeCluster
) -> None:
    with fail_after(HANG_SECONDS):
        plan = await plan_of(place, bench, ANSWERS)
        bench.lines.clear()
        async with runtimes.open(plan, log=bench.log) as runtime:
            for _ in range(2):
                running = asyncio.create_task(runtime.run())
                await until_it_answers(running, runtime.address)
                assert await ask(runtime.address, 1) == (
                    200,
                    {"answer": 1, "greeting": "hello"},
                )
                with pytest.raises(connection.ConnectionBroken):
                    await ask(runtime.address, "die")
                assert await running == "It ended with exit code 7."
    assert bench.lines.count("imported") == 2
    assert "called with ***" in bench.lines
    assert cluster.left == []


async def test_who_does_not_know_the_secret_is_refused(
    runtimes: RuntimeDriver, place: Place, bench: Bench
) -> None:
    with fail_after(HANG_SECONDS):
        plan = await plan_of(place, bench, ANSWERS)
        async with runtimes.open(plan, log=bench.log) as runtime:
            running = asyncio.create_task(runtime.run())
            await until_it_answers(running, runtime.address)
            request = connection.request(runtime.address, "POST", "/execute", b"{}", secret="x")
            async with request as answer:
                assert answer.status == 401
            running.cancel()
            await asyncio.gather(running, return_exceptions=True)


async def test_a_runtime_that_is_given_up_is_gone(
    runtimes: RuntimeDriver, place: Place, bench: Bench, cluster: FakeCluster
) -> None:
    with fail_after(HANG_SECONDS):
        plan = await plan_of(place, bench, ANSWERS)
        async with runtimes.open(plan, log=bench.log) as runtime:
            running = asyncio.create_task(runtime.run())
            await until_it_answers(running, runtime.address)
            running.cancel()
            await asyncio.gather(running, return_exceptions=True)
            with pytest.raises(connection.NotListening):
                await ask(runtime.address, 1)
    assert cluster.left == []


async def test_a_supervisor_ends_what_the_one_before_it_had_started(
    cluster: FakeCluster, place: Place, bench: Bench
) -> None:
    with fail_after(HANG_SECONDS):
        plan = await plan_of(place, bench, ANSWERS)
        async with (
            runtimes_in("kubernetes", cluster, place) as dead,
            runtimes_in("kubernetes", cluster, place) as next_one,
            dead.open(plan, log=bench.log) as runtime,
        ):
            running = asyncio.create_task(runtime.run())
            await until_it_answers(running, runtime.address)
            await next_one.end_others()
            assert cluster.left == []
            with pytest.raises(RuntimeUnavailable, match="removed"):
                await running
    (deployment,) = cluster.of_kind("Deployment")
    assert_harmless(deployment["spec"]["template"]["spec"])
    assert "hunter2" not in json.dumps(deployment)


async def test_a_permit_is_good_for_one_act_on_one_file_and_not_for_ever(
    place: Place, server: RunningServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    parcel, other = await place.parcels.send(b"the source"), await place.parcels.send(b"another")

    async def status(method: str, url: str, permit: str) -> int:
        headers = {"Authorization": permit}
        return (await server.client.request(method, url, headers=headers)).status_code

    assert await status("GET", parcel.url, parcel.permit) == 200
    assert await status("PUT", parcel.url, parcel.permit) == 403
    assert await status("GET", other.url, parcel.permit) == 403
    assert await status("GET", parcel.url, f"Bearer {server.token}") == 403
    assert await status("GET", parcel.url, "Parcel 99999999999.00") == 403
    expected = place.parcels.expect()
    assert await status("GET", expected.url, expected.permit) == 403
    assert await status("PUT", expected.url, expected.permit) == 204
    monkeypatch.setattr("services.parcels.time.time", lambda: 2.0**33)
    with pytest.raises(NoPermit):
        place.parcels.check("GET", parcel.path, parcel.permit)
