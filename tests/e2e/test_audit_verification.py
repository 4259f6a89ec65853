"""``pinmark audit verify`` as an operator runs it: beside a server, after its end, and in vain."""

from pathlib import Path

import psycopg
import pytest

from tests.support.processes import Site, open_site

CREATE = 'mutation { createApp(input: {name: "audited"}) { __typename } }'


async def verdict(site: Site) -> tuple[int, str]:
    program = site.start("audit", "verify")
    code = await program.ended()
    return code, program.said


@pytest.mark.long
async def test_an_installation_is_verified_while_it_runs_and_while_it_does_not(
    tmp_path: Path,
) -> None:
    with open_site(tmp_path / "site") as site:
        code, said = await verdict(site)
        assert (code, "There is no installation in" in said) == (1, True)

        async with site.serving("--no-worker") as server:
            await server.data(CREATE)
            code, running = await verdict(site)
            assert (code, running.startswith("The audit is whole: 3 entries.")) == (0, True)
            with psycopg.connect(site.database_url) as connection:
                connection.execute("ALTER TABLE auditentry DISABLE TRIGGER ALL")
                connection.execute("UPDATE auditentry SET actor_name = 'eve' WHERE seq = 3")
                connection.execute("ALTER TABLE auditentry ENABLE TRIGGER ALL")

        code, stopped = await verdict(site)
        assert (code, stopped.splitlines()[0]) == (1, "Entry 3 was changed.")
