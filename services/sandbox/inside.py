"""The first program inside the sandbox: sets the limits, opens the way out, runs the command.

Runs alone, as a program, on nothing but the standard library. The process limit is set here
and not outside, because here the kernel counts this sandbox's processes apart from all others.
With a gate, a small forwarder joins a port of the private loopback to the gate's socket, which
is the only way to any network.
"""

from __future__ import annotations

import json
import os
import resource
import socket
import sys
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import asyncio


def main() -> None:
    order: dict[str, Any] = json.loads(sys.argv[1])
    os.write(1, f"{order['mark']}begun\n".encode())
    limit(order["limits"])
    environment = dict(os.environ, PINMARK_REPORT_MARK=order["mark"])
    if order["gate"]:
        proxy = f"http://127.0.0.1:{open_forwarder(order['gate'])}"
        for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"):
            environment[name] = environment[name.lower()] = proxy
    command: list[str] = order["command"]
    os.execve(command[0], command, environment)


def limit(limits: dict[str, int]) -> None:
    for name, value in {**limits, "RLIMIT_CORE": 0}.items():
        kind = getattr(resource, name)
        _, most = resource.getrlimit(kind)
        value = value if most == resource.RLIM_INFINITY else min(value, most)
        resource.setrlimit(kind, (value, value))


def open_forwarder(gate: str) -> int:
    """Fork the forwarder and answer its port, which already queues connections."""
    listener = socket.create_server(("127.0.0.1", 0), backlog=128)
    port: int = listener.getsockname()[1]
    if os.fork() == 0:
        nothing = os.open(os.devnull, os.O_RDWR)
        for descriptor in (0, 1, 2):
            os.dup2(nothing, descriptor)
        import asyncio  # takes longer than the rest of this program, which need not wait for it

        asyncio.run(forward(listener, gate))
    listener.close()
    return port


async def forward(listener: socket.socket, gate: str) -> None:
    import asyncio

    async def joined(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            to_gate = await asyncio.open_unix_connection(gate)
            await asyncio.gather(copy(reader, to_gate[1]), copy(to_gate[0], writer))
        except OSError:
            writer.close()

    server = await asyncio.start_server(joined, sock=listener)
    await server.serve_forever()


async def copy(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    try:
        while chunk := await reader.read(65536):
            writer.write(chunk)
            await writer.drain()
    finally:
        writer.close()


if __name__ == "__main__":
    main()
