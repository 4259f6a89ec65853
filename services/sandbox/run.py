"""Runs one command confined, and ends it: at its end, at a limit, or when the task is cancelled."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import sys
from asyncio import FIRST_COMPLETED, Task
from asyncio.subprocess import PIPE, STDOUT, Process, create_subprocess_exec
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from pathlib import Path
from secrets import token_hex
from time import monotonic
from typing import Any

from services.sandbox.area import Area
from services.sandbox.disk import disk_usage
from services.sandbox.limits import Stopped
from services.sandbox.masking import Mask
from services.sandbox.sandbox import Sandbox
from services.sandbox.step import Outcome, Step
from services.sandbox.transcript import Transcript
from services.sandbox.tree import Process as ProcessSeen
from services.sandbox.tree import descendants, until_gone, usage
from services.sandbox.unbroken import unbroken

LAUNCHER = Path(__file__).with_name("launcher.py")
DISK_SECONDS = 2.0  # between two looks into the folders
REAP_SECONDS = 1
UNKILLABLE_SECONDS = 10

Places = Sequence[Sequence[Path]]


class SandboxBroken(Exception):
    """The command never began; the message is what the sandbox said."""


async def run(
    sandbox: Sandbox, step: Step, *, area: Area, log: Callable[[str], Awaitable[None]]
) -> Outcome:
    """Run ``step`` to its end; no process of it is left when this returns or raises."""
    mark = f"\x1e{token_hex(16)} "
    mask = await asyncio.to_thread(Mask, step.secrets)
    transcript = Transcript(log=log, mark=mark, lines=step.limits.lines, mask=mask)
    process = await create_subprocess_exec(
        *(sys.executable, "-I", "-S", str(LAUNCHER)),
        stdin=PIPE,
        stdout=PIPE,
        stderr=STDOUT,
        env={name: os.environ[name] for name in ("LD_LIBRARY_PATH",) if name in os.environ},
        start_new_session=True,
    )
    assert process.stdin is not None
    assert process.stdout is not None
    reader = asyncio.create_task(transcript.read(process.stdout))
    try:
        process.stdin.write(json.dumps(sandbox.order(step, area=area, mark=mark)).encode())
        process.stdin.close()
        places = _writable_places(sandbox, step, area)
        stopped = await _watch(process, reader, step, places)
    finally:
        await unbroken(_end(process, reader, sandbox))
    await reader
    if stopped is None and transcript.reports[:1] != ["begun"]:
        raise SandboxBroken("; ".join(transcript.last_lines) or f"exit {process.returncode}")
    assert process.returncode is not None
    return Outcome(
        exit_code=process.returncode,
        stopped=stopped,
        reports=transcript.reports[1:],
        last_lines=list(transcript.last_lines),
    )


async def _watch(
    process: Process, reader: Task[None], step: Step, places: Places
) -> Stopped | None:
    """Wait for the command to end; the answer is the limit it has to be stopped for."""
    ended = asyncio.create_task(process.wait())
    limits = asyncio.create_task(_until_a_limit(process.pid, step, places))
    clock = asyncio.timeout(step.limits.seconds)
    try:
        async with clock:
            pending: set[Task[Any]] = {ended, limits, reader}
            while not (ended.done() or limits.done()):
                _, pending = await asyncio.wait(pending, return_when=FIRST_COMPLETED)
                if reader.done():
                    reader.result()  # a log that cannot be written ends the step
            return None if ended.done() else limits.result()
    except TimeoutError:
        if not clock.expired():
            raise
        return Stopped.TIME
    finally:
        ended.cancel()
        limits.cancel()
        await asyncio.wait({ended, limits})


async def _until_a_limit(pid: int, step: Step, places: Places) -> Stopped:
    """Look at the whole tree again and again; the kernel only limits each process by itself."""
    measured = monotonic()
    while True:
        held = await asyncio.to_thread(lambda: usage(descendants(pid)))
        if held.memory > step.limits.memory:
            return Stopped.MEMORY
        if held.tasks >= step.limits.processes:
            return Stopped.PROCESSES
        if held.nameless > step.limits.disk:
            return Stopped.DISK
        if monotonic() - measured >= DISK_SECONDS:
            if await _fills(step, places):
                return Stopped.DISK
            measured = monotonic()
        await asyncio.sleep(step.limits.look_seconds)


def _writable_places(sandbox: Sandbox, step: Step, area: Area) -> Places:
    """What the step may write: all in its area together, and each place outside by itself.

    Without a sandbox that is, at the least, the whole area.
    """
    places = [mount.source for mount in step.mounts if mount.writable]
    inside = [place for place in places if place.is_relative_to(area.root)]
    outside = [place for place in places if not place.is_relative_to(area.root)]
    return [inside if sandbox.bwrap else [area.root], *([place] for place in outside)]


async def _fills(step: Step, places: Places) -> bool:
    """Whether anything that the step may write has grown too large."""
    most = step.limits.disk
    for together in places:
        if await asyncio.to_thread(disk_usage, together, at_most=most) > most:
            return True
    return False


async def _end(process: Process, reader: Task[None], sandbox: Sandbox) -> None:
    """Kill what is left and wait until it is gone.

    Inside bwrap the kernel ends all with the first process. Without it the launcher does, once
    told to; it stays root and cannot be kept from it.
    """
    left = await asyncio.to_thread(descendants, process.pid)
    drained = asyncio.create_task(_drain(process)) if reader.done() else reader
    if process.returncode is None and sandbox.bwrap:
        await _kill_namespace(process, left)
    elif process.returncode is None:
        process.send_signal(signal.SIGTERM)
    await process.wait()
    await asyncio.to_thread(until_gone, left, seconds=UNKILLABLE_SECONDS)
    await asyncio.wait({drained})


async def _kill_namespace(process: Process, left: Sequence[ProcessSeen]) -> None:
    """Kill the first process inside, then bwrap itself, which is given the time to reap it."""
    for each in left:
        if each.parent == process.pid:
            with suppress(ProcessLookupError):  # it was faster
                os.kill(each.pid, signal.SIGKILL)
    await asyncio.wait({asyncio.ensure_future(process.wait())}, timeout=REAP_SECONDS)
    if process.returncode is None:
        process.kill()


async def _drain(process: Process) -> None:
    assert process.stdout is not None
    while await process.stdout.read(65536):
        continue
