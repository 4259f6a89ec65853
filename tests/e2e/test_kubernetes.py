"""The main job where builds and handlers run in pods, over what is a fake of a cluster."""

import socket
from pathlib import Path

import pytest
from anyio import fail_after

from tests.support.fake_cluster import running_cluster
from tests.support.processes import open_site
from tests.support.promoting import build_log, make_app, promote, settled
from tests.support.repositories import make_repository
from tests.support.runtimes import SAYS_WHO_IT_IS, call
from tests.support.samples import FIRST_COMMIT

HANG_SECONDS = 900


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@pytest.mark.long
async def test_a_version_is_built_and_runs_in_pods_and_nothing_of_it_is_left(
    tmp_path: Path,
) -> None:
    port = free_port()
    async with running_cluster() as cluster:
        variables = {
            "KUBECONFIG": str(cluster.kubeconfig(tmp_path)),
            "PINMARK_BUILDER": "kubernetes",
            "PINMARK_RUNTIME": "kubernetes",
            "PINMARK_KUBERNETES_IMAGE": "pinmark",
            "PINMARK_KUBERNETES_SERVER_URL": f"http://127.0.0.1:{port}",
            "PINMARK_RUNTIME_START_SECONDS": str(HANG_SECONDS),
        }
        with open_site(tmp_path / "site", **variables) as site, fail_after(HANG_SECONDS):
            repository = make_repository(site.repositories / "app.git")
            repository.commit({**FIRST_COMMIT, "handler.py": SAYS_WHO_IT_IS})
            async with site.serving("--port", str(port)) as server:
                app = await make_app(server, repository.path, environments=["staging"])
                staging = app.environments["staging"]
                accepted = await promote(server, source=app.environments["dev"], target=staging)
                found = await settled(server, accepted["id"])
                assert found["status"] == "DEPLOYED", found

                answer = await call(server, staging, {"ticket": 1})
                assert answer.json()["data"] == {"ticket": 1}
                assert answer.headers["pinmark-version"] == "1"
                assert "the runtime is healthy" in await build_log(server, accepted["id"])
                assert len(cluster.of_kind("Job")) == 2, "one for dev, one for staging"
                assert len(cluster.of_kind("Deployment")) >= 1

                assert await server.program.terminate() == 0, server.program.said
            assert cluster.left == []
