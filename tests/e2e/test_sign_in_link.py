"""The link that the server prints where it is started."""

from pathlib import Path

import httpx2
from anyio import run_process

from tests.support.processes import PINMARK, Site, open_site
from tests.support.signing_in import press, printed_link


async def works(link: str, base: str) -> bool:
    async with httpx2.AsyncClient(base_url=base, timeout=60) as browser:
        status = (await press(browser, link, origin=base)).status_code
        viewer = (await browser.get("/auth/session")).json()["data"]["viewer"]
        assert (status == 303) == (viewer is not None)
        return status == 303


async def another_link(site: Site, base: str) -> str:
    printed = await run_process(
        [str(PINMARK), "sign-in-link", "--url", base],
        env={"PINMARK_DATA_DIR": str(site.data), "PATH": "/usr/bin:/bin"},
    )
    return printed_link(printed.stdout.decode())


async def test_the_printed_link_signs_in_once_and_is_in_no_log(tmp_path: Path) -> None:
    with open_site(tmp_path) as site:
        async with site.serving("--no-worker") as server:
            link = printed_link(server.program.output.read_text())
            assert link.startswith(server.base)
            assert await works(link, server.base)
            assert not await works(link, server.base)
            another = await another_link(site, server.base)
            assert another != link
            assert await works(another, server.base)
            log = server.program.log.read_text()
    for each in (link, another):
        assert each.rpartition("=")[2] not in log
