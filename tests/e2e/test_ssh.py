"""A server in a process of its own that follows a repository over ssh."""

from collections.abc import AsyncGenerator, Generator
from pathlib import Path
from typing import Any

import pytest
from anyio import fail_after

from tests.support.processes import ServerProcess, Site, open_site
from tests.support.promoting import until
from tests.support.repositories import make_repository
from tests.support.samples import FIRST_COMMIT, PROMPT
from tests.support.ssh_host import SshHost, new_key, private_text, ssh_host

CREATE_APP = """
mutation { createApp(input: {name: "triage"}) { ... on CreateAppSuccess { app { id } } } }
"""
LINK = """
mutation ($input: LinkRepositoryInput!) {
  linkRepository(input: $input) {
    __typename
    ... on LinkRepositorySuccess {
      repository { url hostKey deployKeyFingerprint head { sha } }
    }
    ... on UserError { code message path }
  }
}
"""
APP = """
{
  app(name: "triage") {
    repository { unreachableReason hostKey head { sha } }
    environment(name: "dev") { contentCommit { sha } }
  }
}
"""


@pytest.fixture
def site(tmp_path: Path) -> Generator[Site]:
    with open_site(tmp_path) as site:
        site.settings["PINMARK_REPOSITORY_HOSTS"] = "localhost"
        yield site


@pytest.fixture
async def host(tmp_path: Path) -> AsyncGenerator[SshHost]:
    (tmp_path / "host").mkdir()
    async with ssh_host(tmp_path / "host") as host:
        yield host


async def link(server: ServerProcess, app: str, host: SshHost, **more: str) -> dict[str, Any]:
    asked = {"appId": app, "url": f"{host.url}/app.git", "deployKey": private_text(host.deploy_key)}
    return (await server.data(LINK, input={**asked, **more}))["linkRepository"]


@pytest.mark.long
async def test_a_server_follows_a_repository_over_ssh_and_leaves_a_host_that_changed_its_key(
    site: Site, host: SshHost
) -> None:
    repository = make_repository(host.root / "app.git")
    first = repository.commit(FIRST_COMMIT)
    with fail_after(120):
        async with site.serving() as server:
            app = (await server.data(CREATE_APP))["createApp"]["app"]["id"]
            linked = await link(server, app, host)
            assert linked["repository"] == {
                "url": f"{host.url}/app.git",
                "hostKey": str(host.host_key),
                "deployKeyFingerprint": host.deploy_key.get_fingerprint(),
                "head": {"sha": first},
            }

            async def now() -> dict[str, Any]:
                return (await server.data(APP))["app"]

            async def dev_serves(sha: str) -> bool:
                return (await now())["environment"]["contentCommit"] == {"sha": sha}

            second = repository.commit({"agentmark/new.prompt.mdx": PROMPT})
            await until(lambda: dev_serves(second))

            pinned = str(host.host_key)
            await host.change_key(new_key("ecdsa-sha2-nistp256"))
            repository.commit({"agentmark/newer.prompt.mdx": PROMPT})

            async def changed() -> bool:
                reason = (await now())["repository"]["unreachableReason"] or ""
                return pinned in reason and str(host.host_key) in reason

            await until(changed)
            assert (await now())["repository"]["head"] == {"sha": second}

            again = await link(server, app, host, hostKey=host.host_key.fingerprint)
            assert again["repository"]["hostKey"] == str(host.host_key)
            assert (await now())["repository"]["unreachableReason"] is None

    key = private_text(host.deploy_key).splitlines()[2]
    assert all(key not in program.said for program in site.programs)
