"""``kill -9`` of a server that runs handlers: nothing of them is left, and all come back."""

import pytest
from anyio import fail_after

from tests.support.processes import Site
from tests.support.promoting import make_app, promote, settled, until
from tests.support.repositories import Repository
from tests.support.runtimes import call, runtime_processes


@pytest.mark.long
async def test_a_killed_server_leaves_no_runtime_and_the_next_starts_what_the_pins_say(
    site: Site, linkable: Repository
) -> None:
    with fail_after(120):
        async with site.serving() as server:
            app = await make_app(server, linkable.path, environments=("staging", "prod"))
            for target in ("staging", "prod"):
                accepted = await promote(
                    server, source=app.environments["dev"], target=app.environments[target]
                )
                assert (await settled(server, accepted["id"]))["status"] == "DEPLOYED"
            assert len(runtime_processes(server.program.process.pid)) == 2
            server.program.process.kill()

            async def all_ended() -> bool:
                return runtime_processes() == []

            await until(all_ended)

        async with site.serving() as server:
            for target in ("staging", "prod"):
                response = await call(server, app.environments[target])
                assert response.status_code == 200
                assert response.headers["pinmark-environment"] == target
