"""Who steals the database, the data directory or the logs has no key, token or variable by it.

A real server process is given one of everything that is secret, and uses it: a build and a
running handler print a variable, a repository is read with a token and one with a deploy key.
"""

import base64
from collections.abc import AsyncGenerator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import anyio
import anyio.lowlevel
import httpx2
import psycopg
import pytest
from anyio import fail_after, to_thread

from tests.support.dumps import dump, files_below, found_in
from tests.support.git_host import git_host
from tests.support.mutations import type_prefix
from tests.support.processes import ServerProcess, Site, open_site
from tests.support.promoting import AppInUse, build_log, make_app, promote, settled
from tests.support.repositories import make_repository
from tests.support.runtimes import call
from tests.support.samples import FIRST_COMMIT
from tests.support.signing_in import press, printed_link
from tests.support.ssh_host import private_text, ssh_host

HANG_SECONDS = 240
VARIABLE = "value-of-a-variable-nobody-may-see"
REPOSITORY_TOKEN = "token-of-a-repository-nobody-may-see"
PLANTED = "planted-where-the-search-has-to-find-it"
HANDLER = b"""
import os

print("imported with", os.environ.get("WORD"))


def handler(event):
    print("called with", os.environ["WORD"], flush=True)
    return {"length": len(os.environ["WORD"])}
"""
RUNTIME_LOG = "subscription ($id: ID!) { runtimeLog(environmentId: $id) { lines { text } } }"
EXPECTED_THERE = ("owner.token",)
"""A file that holds a token on purpose, for whoever may read the server's own files."""


@dataclass
class Stolen:
    """What was secret, and all that could be stolen."""

    site: Site
    secrets: dict[str, str] = field(default_factory=dict[str, str])
    texts: dict[str, bytes] = field(default_factory=dict[str, bytes])
    printed: bytes = b""


async def mutate(server: ServerProcess, mutation: str, selection: str, **input: Any) -> Any:
    prefix = type_prefix(mutation)
    query = (
        f"mutation ($input: {prefix}Input!) {{ {mutation}(input: $input)"
        f" {{ __typename ... on UserError {{ message }}"
        f" ... on {prefix}Success {{ {selection} }} }} }}"
    )
    answer = (await server.data(query, input=input))[mutation]
    assert answer["__typename"] == f"{prefix}Success", answer
    return answer


@pytest.fixture(scope="module")
async def stolen(tmp_path_factory: pytest.TempPathFactory) -> AsyncGenerator[Stolen]:
    root = tmp_path_factory.mktemp("stolen")
    hosts = [root / "https", root / "ssh"]
    for each in hosts:
        await to_thread.run_sync(each.mkdir)
    certificate = root / "certificate.pem"
    with open_site(root / "site") as site, git_host(hosts[0], certificate) as host:
        site.settings |= {
            "PINMARK_REPOSITORY_HOSTS": "localhost",
            "SSL_CERT_FILE": str(certificate),
        }
        host.token = REPOSITORY_TOKEN
        stolen = Stolen(site)
        with fail_after(HANG_SECONDS):
            async with ssh_host(hosts[1]) as ssh, site.serving() as server:
                repository = make_repository(site.repositories / "app.git")
                repository.commit({**FIRST_COMMIT, "handler.py": HANDLER})
                app = await make_app(server, repository.path, environments=["prod"])
                await use_variable(server, app, stolen)
                await make_tokens(server, app, stolen)
                await sign_in(server, stolen)
                await link(server, stolen, "token", f"{host.url}/app.git", hosts[0])
                stolen.secrets["a repository's token"] = REPOSITORY_TOKEN
                key = private_text(ssh.deploy_key)
                await link(server, stolen, "deployKey", f"{ssh.url}/app.git", hosts[1], key)
                stolen.secrets["a deploy key"] = "".join(key.splitlines()[1:-1])[100:160]
                await take(server, stolen)
        yield stolen


async def use_variable(server: ServerProcess, app: AppInUse, stolen: Stolen) -> None:
    """Have a variable go through a build's log and a runtime's."""
    prod = app.environments["prod"]
    stolen.secrets["a variable"] = VARIABLE
    variable = {"environmentId": prod, "name": "WORD", "value": VARIABLE, "phase": "BOTH"}
    await mutate(server, "setEnvironmentVariable", "variable { id }", **variable)
    accepted = await promote(server, source=app.environments["dev"], target=prod)
    outcome = await settled(server, accepted["id"])
    assert outcome["status"] == "DEPLOYED", outcome
    assert any("imported with ***" in line for line in await build_log(server, accepted["id"]))
    assert (await call(server, prod)).json() == {"length": len(VARIABLE)}
    async with server.socket() as socket:
        async for answer in socket.run(RUNTIME_LOG, id=prod):
            if any("called with ***" in line["text"] for line in answer["runtimeLog"]["lines"]):
                return


async def make_tokens(server: ServerProcess, app: AppInUse, stolen: Stolen) -> None:
    """One of each that is shown once, made again by its idempotency key, and used."""
    prod = app.environments["prod"]
    asked: dict[str, dict[str, Any]] = {
        "createApiKey": {"environmentId": prod, "name": "k", "preset": "FULL_ACCESS"},
        "createServiceToken": {"name": "s", "role": "READ"},
        "createAccessToken": {"name": "a"},
        "inviteMember": {"email": "new@example.com", "role": "READ"},
    }
    for mutation, input in asked.items():
        made = await mutate(server, mutation, "plaintext", **input, idempotencyKey=mutation)
        again = await mutate(server, mutation, "plaintext", **input, idempotencyKey=mutation)
        assert made == again
        stolen.secrets[f"of {mutation}"] = made["plaintext"]
        await server.graphql("{ viewer { id } }", token=made["plaintext"])
    answer = await server.client.post(
        "/v1/invitations/accept",
        json={"token": stolen.secrets["of inviteMember"], "name": "new"},
    )
    stolen.secrets["of a new member"] = answer.json()["data"]["access_token"]
    stolen.secrets["the owner's token"] = server.token
    found = await server.data('{ app(name: "triage") { repository { webhook { secret } } } }')
    stolen.secrets["a webhook's secret"] = found["app"]["repository"]["webhook"]["secret"]


async def sign_in(server: ServerProcess, stolen: Stolen) -> None:
    """Use the link that was printed; the browser holds the session's secret then."""
    address = printed_link(server.program.output.read_text())
    stolen.secrets["a sign-in link"] = address.rpartition("=")[2]
    async with httpx2.AsyncClient(base_url=server.base, timeout=60) as browser:
        assert (await press(browser, address, origin=server.base)).status_code == 303
        (stolen.secrets["a session"],) = [
            cookie.value or "" for cookie in browser.cookies.jar if cookie.name == "pinmark_session"
        ]
        await browser.get("/auth/session")


async def link(
    server: ServerProcess, stolen: Stolen, field: str, url: str, root: Path, secret: str = ""
) -> None:
    """Read a repository with its secret, by an app of its own."""
    make_repository(root / "app.git").commit(FIRST_COMMIT)
    made = await mutate(server, "createApp", "app { id }", name=f"by-{field.lower()}")
    given = {field: secret or REPOSITORY_TOKEN}
    await mutate(
        server,
        "linkRepository",
        "repository { url }",
        appId=made["app"]["id"],
        url=url,
        **given,
    )


async def take(server: ServerProcess, stolen: Stolen) -> None:
    """Plant what the search has to find, then take everything."""
    site = stolen.site
    with psycopg.connect(site.database_url, autocommit=True) as connection:
        for name, spelled in (
            ("plain", PLANTED.encode()),
            ("base64", base64.b64encode(b"ab" + PLANTED.encode())),
        ):
            connection.execute(
                "INSERT INTO event (app_id, seq, kind, occurred_at, actor_kind, actor_name)"
                " SELECT id, 1000000 + %s, 'APP_CREATED', now(), 'SYSTEM', %s FROM app LIMIT 1",
                (len(name), f"{name} {spelled.decode()}"),
            )
        connection.execute("CHECKPOINT")
    stolen.texts["the dump"] = await to_thread.run_sync(dump, site.database_url)
    files = await to_thread.run_sync(lambda: files_below(site.data, but=EXPECTED_THERE))
    stolen.texts |= files
    for number, program in enumerate(site.programs):
        stolen.texts[f"log {number}"] = program.log.read_bytes()
        stolen.printed += program.output.read_bytes()
    await anyio.lowlevel.checkpoint()


async def test_no_secret_is_in_the_database_the_files_or_the_logs(stolen: Stolen) -> None:
    assert len(stolen.secrets) == 12
    assert all(len(secret) > 20 for secret in stolen.secrets.values())
    assert found_in(stolen.texts, stolen.secrets) == []


async def test_nothing_but_the_sign_in_link_is_printed(stolen: Stolen) -> None:
    others = {name: each for name, each in stolen.secrets.items() if name != "a sign-in link"}
    assert found_in({"output": stolen.printed}, others) == []


async def test_the_search_finds_what_was_planted(stolen: Stolen) -> None:
    found = found_in(stolen.texts, {"planted": PLANTED})
    assert len([each for each in found if each.startswith("planted in the dump")]) == 2
    assert [each for each in found if each.startswith("planted in postgres")]
    for table in (b"procrastinate_jobs", b"public.apikey", b"public.auditentry"):
        assert table in stolen.texts["the dump"]


def test_a_secret_is_found_wherever_in_a_text_of_base64_it_begins() -> None:
    for before in range(4):
        text = base64.b64encode(b"-" * before + PLANTED.encode() + b"-")
        assert found_in({"text": text}, {"planted": PLANTED}), before
