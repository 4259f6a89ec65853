"""A real Redis of the test's own, on a loopback port, killed and started again."""

import ctypes
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

LOOK_SECONDS = 0.01
START_SECONDS = 30.0
PR_SET_PDEATHSIG = 1
LIBC = ctypes.CDLL(None)


@dataclass
class RedisServer:
    """It keeps nothing: what it knew is gone with the process, as are all who listened."""

    directory: Path
    port: int
    process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        return f"redis://127.0.0.1:{self.port}/0"

    def start(self) -> None:
        program = shutil.which("redis-server")
        assert program is not None, "redis-server is missing: `make test` installs it"
        options = {
            "bind": "127.0.0.1",
            "port": str(self.port),
            "save": "",
            "appendonly": "no",
            "dir": str(self.directory),
            "loglevel": "warning",
        }
        words = [word for name, value in options.items() for word in (f"--{name}", value)]
        with (self.directory / "redis.log").open("ab") as log:
            self.process = subprocess.Popen(
                [program, *words], stdout=log, stderr=log, preexec_fn=_die_with_the_tests
            )
        self._wait_until_it_answers()

    def kill(self) -> None:
        """``kill -9``."""
        assert self.process is not None
        self.process.kill()
        self.process.wait()

    def freeze(self) -> None:
        assert self.process is not None
        self.process.send_signal(signal.SIGSTOP)

    def wake(self) -> None:
        assert self.process is not None
        self.process.send_signal(signal.SIGCONT)

    def restart(self) -> None:
        self.kill()
        self.start()

    def ask(self, *words: str) -> bytes:
        """The first of its answer to a command."""
        with socket.create_connection(("127.0.0.1", self.port), timeout=5) as connection:
            connection.sendall(" ".join(words).encode() + b"\r\n")
            return connection.recv(4096)

    def _wait_until_it_answers(self) -> None:
        give_up = time.monotonic() + START_SECONDS
        while True:
            try:
                if self.ask("PING") == b"+PONG\r\n":
                    return
            except OSError:
                assert self.process is not None
                assert self.process.poll() is None, (self.directory / "redis.log").read_text()
            assert time.monotonic() < give_up
            time.sleep(LOOK_SECONDS)


def _die_with_the_tests() -> None:
    LIBC.prctl(PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)


@contextmanager
def running_redis(directory: Path) -> Generator[RedisServer]:
    directory.mkdir(parents=True, exist_ok=True)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    redis = RedisServer(directory, port)
    redis.start()
    try:
        yield redis
    finally:
        redis.wake()
        redis.kill()
