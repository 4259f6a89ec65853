"""The way to the network: where it leads, and that it never leads back to this machine."""

import asyncio
from collections.abc import AsyncGenerator
from dataclasses import dataclass, field
from ipaddress import ip_address
from pathlib import Path

import pytest

from services.builder import BuildFailed
from services.sandbox import gate, open_gate
from services.sandbox.gate import why_refused
from tests.support.building import HANDLER, Bench, own_address


@dataclass
class Server:
    """A server of this machine that nobody inside a sandbox may reach."""

    port: int
    calls: list[bytes] = field(default_factory=list[bytes])


@pytest.fixture
async def server() -> AsyncGenerator[Server]:
    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        found.calls.append(await reader.read(65536))
        writer.write(b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\nhello")
        writer.close()

    listening = await asyncio.start_server(answer, host=None, port=0, family=2)
    found = Server(listening.sockets[0].getsockname()[1])
    async with listening:
        yield found


@dataclass
class Way:
    """An open gate and what it has said."""

    socket: Path
    lines: list[str] = field(default_factory=list[str])

    async def log(self, line: str) -> None:
        self.lines.append(line)

    async def ask(self, request: bytes) -> bytes:
        reader, writer = await asyncio.open_unix_connection(self.socket)
        writer.write(request)
        answer = await reader.read()
        writer.close()
        return answer


@pytest.fixture
async def way(tmp_path: Path) -> AsyncGenerator[Way]:
    way = Way(tmp_path / "gate.sock")
    async with open_gate(way.socket, log=way.log):
        yield way


def never(_: object) -> None:
    """Refuse nothing: these tests may only call their own machine."""


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1",
        "127.8.8.8",
        "0.0.0.0",
        "::1",
        "::",
        "::ffff:127.0.0.1",
        "169.254.169.254",
        "fe80::1",
        "fd00:ec2::254",
        "224.0.0.1",
        "ff02::1",
        own_address(),
    ],
)
def test_this_machine_and_its_neighbourhood_are_refused(address: str) -> None:
    assert why_refused(ip_address(address)) is not None


@pytest.mark.parametrize("address", ["198.51.100.7", "10.250.250.7", "192.168.250.7", "fd12::7"])
def test_other_machines_are_allowed_on_private_networks_too(address: str) -> None:
    assert why_refused(ip_address(address)) is None


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "[::1]", "0x7f.1", own_address()])
async def test_a_tunnel_to_this_machine_is_refused_with_a_reason(
    way: Way, server: Server, host: str
) -> None:
    answer = await way.ask(f"CONNECT {host}:{server.port} HTTP/1.1\r\n\r\n".encode())

    assert answer.startswith(b"HTTP/1.1 403 Forbidden\r\n")
    assert way.lines == [
        f"Network: {host.strip('[]')}:{server.port} was refused: it is an address of this machine."
    ]
    assert server.calls == []


async def test_a_plain_request_to_this_machine_is_refused(way: Way, server: Server) -> None:
    answer = await way.ask(f"GET http://127.0.0.1:{server.port}/ HTTP/1.1\r\n\r\n".encode())

    assert answer.startswith(b"HTTP/1.1 403 Forbidden\r\n")
    assert server.calls == []


@pytest.mark.parametrize(
    ("request_", "status"),
    [
        (b"junk\r\n\r\n", b"400"),
        (b"GET / HTTP/1.1\r\n\r\n", b"400"),
        (b"CONNECT [::1:443 HTTP/1.1\r\n\r\n", b"400"),
        (b"CONNECT example.com:99999 HTTP/1.1\r\n\r\n", b"400"),
        (b"POST http://198.51.100.7/ HTTP/1.1\r\n\r\n", b"405"),
        (b"GET ftp://198.51.100.7/ HTTP/1.1\r\n\r\n", b"405"),
        (b"CONNECT name.invalid:443 HTTP/1.1\r\n\r\n", b"502"),
        (b"CONNECT a\0b:443 HTTP/1.1\r\n\r\n", b"400"),
        (b"CONNECT " + b"a" * 300 + b":443 HTTP/1.1\r\n\r\n", b"400"),
        (b"GET http://x/" + b"x" * 100_000 + b"\r\n\r\n", b"400"),
    ],
)
async def test_what_is_not_a_call_is_answered_with_an_error(
    way: Way, request_: bytes, status: bytes
) -> None:
    answer = await way.ask(request_)

    assert answer.startswith(b"HTTP/1.1 " + status)
    assert len(way.lines) == 1


async def test_a_flood_of_refused_calls_does_not_flood_the_log(way: Way) -> None:
    for _ in range(gate.REFUSALS_LOGGED + 5):
        await way.ask(b"CONNECT 127.0.0.1:1 HTTP/1.1\r\n\r\n")

    assert len(way.lines) == gate.REFUSALS_LOGGED


async def test_an_allowed_request_goes_on_alone_and_without_the_proxys_headers(
    way: Way, server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(gate, "why_refused", never)
    host = f"127.0.0.1:{server.port}"

    answer = await way.ask(
        f"GET http://{host}/simple/?a=b HTTP/1.1\r\nHost: {host}\r\n"
        "Proxy-Authorization: secret\r\nConnection: keep-alive\r\n\r\n".encode()
    )

    assert answer.endswith(b"hello")
    assert server.calls == [
        f"GET /simple/?a=b HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n".encode()
    ]


async def test_an_allowed_tunnel_carries_both_ways(
    way: Way, server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(gate, "why_refused", never)
    reader, writer = await asyncio.open_unix_connection(way.socket)

    writer.write(f"CONNECT 127.0.0.1:{server.port} HTTP/1.1\r\n\r\n".encode())
    await reader.readuntil(b"\r\n\r\n")
    writer.write(b"anything")

    assert (await reader.read()).endswith(b"hello")
    assert server.calls == [b"anything"]
    writer.close()


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", own_address()])
async def test_a_requirement_on_this_machine_is_refused(
    tmp_path: Path, server: Server, host: str
) -> None:
    bench = Bench(tmp_path)
    url = f"http://{host}:{server.port}/app-1-py3-none-any.whl"

    with pytest.raises(BuildFailed, match="403 Forbidden"):
        await bench.build({"handler.py": HANDLER, "requirements.txt": f"app @ {url}\n"})

    assert f"Network: {host}:{server.port} was refused" in bench.text
    assert server.calls == []


SPYING_BACKEND = """
import os, socket

def get_requires_for_build_wheel(config_settings=None):
    for host in ({hosts}):
        try:
            socket.create_connection((host, {port}), 5).sendall(b"direct")
        except OSError as error:
            print("direct", error)
    proxy = os.environ["HTTPS_PROXY"].rpartition(":")[2]
    call = socket.create_connection(("127.0.0.1", int(proxy)), 5)
    call.sendall(b"CONNECT 127.0.0.1:{port} HTTP/1.1\\r\\n\\r\\n")
    print("gate", call.recv(100))
    print("variables", dict(os.environ))
    raise SystemExit(1)
"""


async def test_code_that_runs_while_installing_reaches_neither_server_nor_secrets(
    tmp_path: Path, server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PINMARK_SECRET_KEY", "the server's own")
    bench = Bench(tmp_path)
    hosts = f"'127.0.0.1', '{own_address()}'"
    project = '[build-system]\nrequires = []\nbuild-backend = "spy"\nbackend-path = ["."]\n'

    with pytest.raises(BuildFailed):
        await bench.build(
            {
                "handler.py": HANDLER,
                "requirements.txt": "./package\n",
                "package/pyproject.toml": f'{project}[project]\nname = "spy"\nversion = "1"\n',
                "package/spy.py": SPYING_BACKEND.format(hosts=hosts, port=server.port),
            }
        )

    log = bench.text
    assert log.count("direct [Errno") == 2
    assert "gate b'HTTP/1.1 403 Forbidden" in log
    assert "the server's own" not in log
    assert server.calls == []


async def test_code_that_runs_at_the_import_check_reaches_no_network(
    tmp_path: Path, server: Server
) -> None:
    bench = Bench(tmp_path)
    code = (
        "import os, socket\n"
        "print('proxies', [name for name in os.environ if 'proxy' in name.lower()])\n"
        f"socket.create_connection(('127.0.0.1', {server.port}), 5)\n"
    )

    with pytest.raises(BuildFailed, match="Connection refused"):
        await bench.build({"handler.py": code})

    assert "proxies []" in bench.lines
    assert server.calls == []
