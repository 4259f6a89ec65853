"""What the kernel alone takes to send the same bytes to as many sockets: a loop of ``send()``.

``python -m bench.bare_sending SOCKETS BYTES`` accepts so many connections, and with each line that
it reads sends every one of them so many bytes; it tells the microseconds of CPU of one of them.
"""

import asyncio
import socket
import sys
import time
from contextlib import suppress

from bench.light_followers import OF_ONE_ADDRESS

ROUNDS = 5


class _Reader(asyncio.Protocol):
    """Somebody who takes what comes."""


async def bare_sending(sockets: int, size: int) -> float:
    """The microseconds of CPU that one ``send()`` takes where so many read, in the best round."""
    sender = await asyncio.create_subprocess_exec(
        sys.executable,
        *("-m", "bench.bare_sending", str(sockets), str(size)),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
    )
    assert sender.stdin is not None
    assert sender.stdout is not None
    opened: list[asyncio.BaseTransport] = []
    try:
        port = int(await sender.stdout.readline())
        loop = asyncio.get_running_loop()
        for number in range(sockets):
            address = f"127.0.0.{2 + number // OF_ONE_ADDRESS}"
            transport, _ = await loop.create_connection(
                _Reader, "127.0.0.1", port, local_addr=(address, 0)
            )
            opened.append(transport)
        taken: list[float] = []
        for _ in range(ROUNDS):
            sender.stdin.write(b"\n")
            taken.append(float(await sender.stdout.readline()))
        return min(taken)
    finally:
        sender.kill()
        await sender.wait()
        for transport in opened:
            transport.close()


def main(sockets: int, size: int) -> None:
    with socket.create_server(("127.0.0.1", 0), backlog=sockets) as server:
        print(server.getsockname()[1], flush=True)
        opened = [server.accept()[0] for _ in range(sockets)]
        for each in opened:
            each.setblocking(False)
            each.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        data = bytes(size)
        for _ in sys.stdin:
            began = time.process_time()
            for each in opened:
                with suppress(BlockingIOError):
                    each.send(data)
            print(1e6 * (time.process_time() - began) / sockets, flush=True)


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]))
