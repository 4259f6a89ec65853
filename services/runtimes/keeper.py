"""Keeping one runtime: started, watched, started again when it dies, drained, stopped."""

import asyncio
from collections.abc import AsyncGenerator, Callable, Coroutine
from contextlib import asynccontextmanager, suppress
from time import monotonic
from typing import Any, TypeVar
from uuid import UUID

import structlog
from sqlmodel.ext.asyncio.session import AsyncSession

from models import FailureClass, Runtime
from services.installation import Installation
from services.runtimes import connection, records
from services.runtimes.connection import ConnectionBroken, NotListening
from services.runtimes.driver import PreparedRuntime, RuntimeDriver, RuntimeUnavailable
from services.runtimes.journal import RuntimeJournal
from services.runtimes.plans import make_plan
from services.runtimes.records import HoldLost

HEALTH_SECONDS = 5.0
LOOK_SECONDS = 0.01
SHORTEST_PAUSE, LONGEST_PAUSE = 0.5, 30.0
STEADY_SECONDS = 10.0  # who lived this long is started again at once

log = structlog.get_logger()
Change = Callable[[AsyncSession, Runtime], None]
Result = TypeVar("Result")


class Keeper:
    """Keeps one runtime on behalf of a supervisor until it is released or has failed for good."""

    def __init__(
        self,
        installation: Installation,
        driver: RuntimeDriver,
        *,
        runtime: Runtime,
        supervisor_id: UUID,
    ) -> None:
        self._installation = installation
        self._driver = driver
        self._runtime_id = runtime.id
        self._environment_id = runtime.environment_id
        self._supervisor_id = supervisor_id
        self._trial = runtime.trial
        self._address: str | None = None
        self._pause = 0.0
        self._released = asyncio.Event()

    def release(self) -> None:
        """It is not wanted any more: drain it if it serves, and stop it."""
        self._released.set()

    async def keep(self) -> None:
        journal = RuntimeJournal(
            self._installation.database,
            environment_id=self._environment_id,
            runtime_id=self._runtime_id,
        )
        try:
            await self._change(lambda session, runtime: None)  # is it ours, and has not ended?
            async with journal:
                await self._keep(journal)
        except HoldLost:
            log.info("runtime lost its supervisor's hold", runtime=str(self._runtime_id))

    async def _keep(self, journal: RuntimeJournal) -> None:
        async with (
            background(self._live(journal)) as life,
            background(self._released.wait()) as released,
        ):
            await asyncio.wait({life, released}, return_when=asyncio.FIRST_COMPLETED)
            if life.done():
                return life.result()
            if self._address is not None:
                await self._change(records.draining)
                await self._drain(self._address, life)
        await self._change(records.stopped)

    async def _live(self, journal: RuntimeJournal) -> None:
        """Start it again and again; returns when it failed for good."""
        while True:
            try:
                plan = await make_plan(self._installation, self._runtime_id)
                async with self._driver.open(plan, log=journal.write) as place:
                    while True:
                        reason = await self._run(place)
                        if not await self._goes_on(journal, reason, FailureClass.RUNTIME):
                            return
            except RuntimeUnavailable as unavailable:
                kind = FailureClass.INFRASTRUCTURE
                if not await self._goes_on(journal, unavailable.reason, kind):
                    return

    async def _goes_on(self, journal: RuntimeJournal, reason: str, kind: FailureClass) -> bool:
        """Write down how it ended; after a pause it is started again, unless this was its trial."""
        if self._trial:
            await self._say(journal, reason)
            await self._change(lambda s, r: records.failed(s, r, reason=reason, kind=kind))
            return False
        pause = self._pause
        self._pause = min(max(pause * 2, SHORTEST_PAUSE), LONGEST_PAUSE)
        when = f"in {pause:g} seconds" if pause else "at once"
        await self._say(journal, f"{reason} It is started again {when}.")
        if pause:
            await self._change(lambda s, r: records.waiting(s, r, reason=reason, kind=kind))
            await asyncio.sleep(pause)
        await self._change(lambda s, r: records.starting_again(s, r, reason=reason))
        return True

    async def _run(self, place: PreparedRuntime) -> str:
        """Start it, say so when it is healthy, and say how it ended."""
        seconds = self._installation.runtimes.start_seconds
        async with (
            background(place.run()) as process,
            background(until_healthy(place.address)) as healthy,
        ):
            await asyncio.wait(
                {process, healthy}, timeout=seconds, return_when=asyncio.FIRST_COMPLETED
            )
            if process.done():
                return process.result()
            if not healthy.done():
                return f"It did not turn healthy within {seconds:g} seconds."
            healthy.result()
            await self._change(lambda s, r: records.healthy(s, r, address=place.address))
            self._trial, self._address = False, place.address
            began = monotonic()
            try:
                return await self._watch(process, place.address)
            finally:
                self._address = None
                if monotonic() - began > STEADY_SECONDS:
                    self._pause = 0.0

    async def _watch(self, process: asyncio.Task[str], address: str) -> str:
        """How it ended: by itself, or because nothing was heard of it any more."""
        # A handler that blocks its loop may do so for as long as a call may take.
        patience = self._installation.runtimes.call_seconds + HEALTH_SECONDS
        async with background(until_silent(address, patience=patience)) as silent:
            await asyncio.wait({process, silent}, return_when=asyncio.FIRST_COMPLETED)
            if process.done():
                return process.result()
            silent.result()
            return f"It has answered nothing for {patience:g} seconds."

    async def _drain(self, address: str, life: asyncio.Task[None]) -> None:
        """Wait, not for ever, until it has answered the calls it has."""
        async with background(_until_idle(address)) as idle:
            await asyncio.wait(
                {idle, life},
                timeout=self._installation.runtimes.drain_seconds,
                return_when=asyncio.FIRST_COMPLETED,
            )

    async def _say(self, journal: RuntimeJournal, line: str) -> None:
        await journal.write(f"runtime: {line}")
        await journal.flush()

    async def _change(self, change: Change) -> None:
        async with self._installation.database.transaction() as session:
            runtime = await records.lock_held(session, self._runtime_id, self._supervisor_id)
            change(session, runtime)


async def until_healthy(address: str, *, health_seconds: float = HEALTH_SECONDS) -> None:
    while True:
        with suppress(NotListening, ConnectionBroken, TimeoutError):
            async with (
                asyncio.timeout(health_seconds),
                connection.request(address, "GET", "/health") as answer,
            ):
                if answer.status == 200:
                    return
        await asyncio.sleep(LOOK_SECONDS)


async def until_silent(address: str, *, patience: float) -> None:
    while True:
        await asyncio.sleep(HEALTH_SECONDS)
        try:
            async with asyncio.timeout(patience):
                await until_healthy(address, health_seconds=patience)
        except TimeoutError:
            return


async def _until_idle(address: str) -> None:
    with suppress(NotListening, ConnectionBroken):
        async with connection.request(address, "GET", "/drain"):
            return


@asynccontextmanager
async def background(work: Coroutine[Any, Any, Result]) -> AsyncGenerator[asyncio.Task[Result]]:
    """Do ``work`` beside the block; what is left of it ends with the block."""
    task = asyncio.ensure_future(work)
    try:
        yield task
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
