"""`pinmark …` as somebody runs it: in a pipe, or in a terminal of its own."""

import fcntl
import os
import pty
import re
import signal
import subprocess
import termios
import threading
from collections.abc import Generator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import anyio
import orjson

from tests.support.processes import PINMARK

LOOK_SECONDS = 0.01
HANG_GUARD = 120
DRAWING = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]")


@dataclass(frozen=True)
class Ran:
    """How a command ended, and what it said."""

    code: int
    out: str
    err: str

    @property
    def objects(self) -> list[dict[str, Any]]:
        """Standard output of a command with ``--json``: an object a line and nothing else."""
        return [orjson.loads(line) for line in self.out.splitlines()]

    @property
    def outcome(self) -> tuple[int, str]:
        """The exit code with all that was said, for a test that fails to show."""
        return self.code, self.out + self.err


@dataclass(frozen=True)
class CommandLine:
    """Somebody at a machine: a home of their own, a server and what they show to it."""

    home: Path
    url: str | None
    token: str | None
    more: Mapping[str, str] = field(default_factory=dict[str, str])

    def showing(self, token: str | None) -> "CommandLine":
        return replace(self, token=token)

    @property
    def variables(self) -> dict[str, str]:
        kept = {
            name: value for name, value in os.environ.items() if not name.startswith("PINMARK_")
        }
        given = {"PINMARK_URL": self.url, "PINMARK_TOKEN": self.token}
        return {
            **kept,
            "HOME": str(self.home),
            "XDG_CONFIG_HOME": str(self.home / "config"),
            "TERM": "xterm",
            **{name: value for name, value in given.items() if value is not None},
            **self.more,
        }

    def start(self, *arguments: str) -> subprocess.Popen[bytes]:
        """The command in a pipe, going on."""
        return subprocess.Popen(
            [PINMARK, *arguments],
            env=self.variables,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )

    async def run(self, *arguments: str, given: str = "") -> Ran:
        """The command in a pipe, to its end."""
        with anyio.fail_after(HANG_GUARD):
            ran = await anyio.run_process(
                [str(PINMARK), *arguments],
                input=given.encode(),
                env=self.variables,
                check=False,
            )
        return Ran(ran.returncode, ran.stdout.decode(), ran.stderr.decode())

    async def objects(self, *arguments: str) -> list[dict[str, Any]]:
        """What a command that must succeed tells programs."""
        ran = await self.run(*arguments, "--json")
        assert ran.code == 0, ran.err
        return ran.objects

    @contextmanager
    def terminal(self, *arguments: str) -> Generator["Terminal"]:
        """The command in a terminal of its own; it is gone after the block."""
        ours, theirs = pty.openpty()
        process = subprocess.Popen(
            [PINMARK, *arguments],
            env=self.variables,
            stdin=theirs,
            stdout=theirs,
            stderr=theirs,
            start_new_session=True,
            preexec_fn=_take_the_terminal,
        )
        os.close(theirs)
        terminal = Terminal(process, ours)
        try:
            yield terminal
        finally:
            process.kill()
            process.wait()
            terminal.close()


async def finished(process: subprocess.Popen[bytes]) -> Ran:
    """How a started command ends."""
    with anyio.fail_after(HANG_GUARD):
        out, err = await anyio.to_thread.run_sync(process.communicate)
    return Ran(process.returncode, out.decode(), err.decode())


async def interrupted(process: subprocess.Popen[bytes]) -> Ran:
    process.send_signal(signal.SIGINT)
    return await finished(process)


def _take_the_terminal() -> None:
    fcntl.ioctl(0, termios.TIOCSCTTY, 0)
    # Who runs the tests in the background has them ignore it, and all that they start.
    signal.signal(signal.SIGINT, signal.SIG_DFL)


class Terminal:
    """A terminal with a command in it: what it shows, and somebody who types."""

    def __init__(self, process: subprocess.Popen[bytes], descriptor: int) -> None:
        self._process = process
        self._descriptor = descriptor
        self._shown = bytearray()
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def _read(self) -> None:
        with suppress(OSError):  # the other side is gone
            while part := os.read(self._descriptor, 65536):
                self._shown += part

    def close(self) -> None:
        self._reader.join()
        os.close(self._descriptor)

    @property
    def raw(self) -> str:
        """Every byte that the terminal was sent."""
        return self._shown.decode(errors="replace")

    @property
    def text(self) -> str:
        """What it was sent, without how it is drawn."""
        return DRAWING.sub("", self.raw)

    def type(self, text: str) -> None:
        os.write(self._descriptor, text.encode())

    async def until(self, text: str) -> None:
        """Wait until it shows this."""
        with anyio.fail_after(HANG_GUARD):
            while text not in self.text:
                running = self._process.poll() is None
                await anyio.sleep(LOOK_SECONDS)
                assert running or text in self.text, self.text

    async def ended(self) -> int:
        with anyio.fail_after(HANG_GUARD):
            while (code := self._process.poll()) is None:
                await anyio.sleep(LOOK_SECONDS)
        await anyio.to_thread.run_sync(self._reader.join)
        return code
