"""Serves a Python handler over HTTP on a Unix socket. Runs inside the sandbox.

Runs alone, as a program, on nothing but the standard library: ``python_wrapper.py ORDERS``, one
JSON object. ``GET /health`` answers once the handler has been imported, ``GET /drain`` once no
call is in progress, ``POST /execute`` takes a signed ``{type, data}`` and calls the handler.
What a handler prints goes to the runtime's log, and so does the traceback of what it raises.
"""

from __future__ import annotations

import asyncio
import hmac
import importlib.util
import inspect
import json
import os
import sys
import time
import traceback
from asyncio import StreamReader, StreamWriter
from collections.abc import AsyncIterator, Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from http import HTTPStatus
from types import ModuleType
from typing import Any

EVENT_TYPES = ("prompt-run", "dataset-run", "get-evals")
SIGNATURE = "x-agentmark-signature-256"
HEAD_BYTES = 65_536
HEAD_SECONDS = 10
BACKLOG = 1024
WAITING = 1024
SETTLE_SECONDS = 0.05
OVERRUN = 75
END = object()

Json = dict[str, Any]


class Refused(Exception):
    """A call that is answered without the handler."""

    def __init__(self, status: int, message: str) -> None:
        super().__init__(message)
        self.status = status
        self.message = message


def main() -> None:
    orders: Json = json.loads(sys.argv[1])
    secret = os.environ.pop("PINMARK_RUNTIME_SECRET").encode()
    os.environ.pop("PINMARK_REPORT_MARK", None)
    handler = import_handler(orders)
    wrapper = Wrapper(handler, secret, orders)
    asyncio.run(wrapper.serve(orders["socket"]))


def import_handler(orders: Json) -> Callable[[Json], Any]:
    """The handler, imported exactly as the build's check imported it."""
    rule = load_rule(orders["import_rule"])
    code, path = rule.Path(orders["code"]), orders["handler"]
    sys.argv = [str(code / path)]
    try:
        return rule.import_handler(code, path).handler
    except BaseException as error:  # also SystemExit: a handler must survive its own import
        rule.print_where(error, code)
        sys.exit(f"{path} does not import: {rule.describe(error)}")


def load_rule(path: str) -> ModuleType:
    spec = importlib.util.spec_from_file_location("pinmark_import_rule", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


class Wrapper:
    """Calls the handler, so many at a time, each for so long."""

    def __init__(self, handler: Callable[[Json], Any], secret: bytes, orders: Json) -> None:
        self.handler = handler
        self.secret = secret
        self.seconds: float = orders["seconds"]
        self.body_bytes: int = orders["body_bytes"]
        self.calls: int = orders["calls"]
        self.slots = asyncio.Semaphore(self.calls)
        self.threads = ThreadPoolExecutor(self.calls, thread_name_prefix="call")
        self.in_progress = 0
        self.abandoned: set[Slot] = set()
        self.idle = asyncio.Event()

    async def serve(self, path: str) -> None:
        self.idle.set()
        server = await asyncio.start_unix_server(
            self.connected, path, limit=HEAD_BYTES, backlog=BACKLOG
        )
        async with server:
            while True:
                if self.stuck():
                    die("every call runs although its time is over")
                await asyncio.sleep(1)

    def stuck(self) -> bool:
        overrun = [slot for slot in self.abandoned if slot.age > self.seconds]
        return len(overrun) >= self.calls

    async def connected(self, reader: StreamReader, writer: StreamWriter) -> None:
        try:
            try:
                await self.answer(reader, writer)
            except Refused as refused:
                await respond(writer, refused.status, {"message": refused.message})
        except (OSError, EOFError, TimeoutError):
            pass  # the caller went away
        finally:
            writer.close()

    async def answer(self, reader: StreamReader, writer: StreamWriter) -> None:
        async with asyncio.timeout(HEAD_SECONDS):
            method, path, headers = await read_head(reader)
        match method, path:
            case "GET", "/health":
                await respond(writer, 200, {"status": "ok"})
            case "GET", "/drain":
                await asyncio.sleep(SETTLE_SECONDS)  # who connected before us is accepted by then
                await self.idle.wait()
                await respond(writer, 200, {"status": "idle"})
            case "POST", "/execute":
                await self.execute(headers, reader, writer)
            case _:
                raise Refused(404, f"There is no {method} {path}.")

    async def execute(
        self, headers: dict[str, str], reader: StreamReader, writer: StreamWriter
    ) -> None:
        if self.in_progress >= WAITING:
            raise Refused(503, "Too many calls are waiting.")
        self.in_progress += 1
        self.idle.clear()
        try:
            body = await read_body(reader, headers, most=self.body_bytes)
            event = self.read_event(headers, body)
            await self.while_wanted(self.call(event, writer), reader)
        finally:
            self.in_progress -= 1
            if not self.in_progress:
                self.idle.set()

    def read_event(self, headers: dict[str, str], body: bytes) -> Json:
        expected = f"sha256={hmac.digest(self.secret, body, 'sha256').hex()}"
        if not hmac.compare_digest(expected, headers.get(SIGNATURE, "")):
            raise Refused(401, "The signature does not fit the body.")
        try:
            event: Any = json.loads(body)
            kind: Any = event["type"]
        except (ValueError, LookupError, TypeError):
            raise Refused(400, "The body must be a JSON object with a type.") from None
        if kind not in EVENT_TYPES:
            raise Refused(400, f"Unknown event type: {str(kind)[:100]}")
        return event

    async def while_wanted(self, work: Any, reader: StreamReader) -> None:
        """Do ``work`` unless the caller hangs up."""
        working, gone = asyncio.ensure_future(work), asyncio.ensure_future(reader.read(1))
        try:
            await asyncio.wait({working, gone}, return_when=asyncio.FIRST_COMPLETED)
            if working.done():
                working.result()
        finally:
            for task in (working, gone):
                task.cancel()
            await asyncio.gather(working, gone, return_exceptions=True)

    async def call(self, event: Json, writer: StreamWriter) -> None:
        """Call the handler and send what it answers, whatever it does."""
        stream = Stream(writer)
        await self.slots.acquire()
        slot = Slot(self)
        clock = asyncio.timeout(self.seconds)
        try:
            async with clock:
                await self.send(await self.result_of(event, slot), stream, slot)
        except asyncio.CancelledError:
            raise
        except BaseException as error:  # also SystemExit: one call must not end the others
            if stream.broken:
                return
            status, message = self.explain(error, expired=clock.expired())
            if stream.begun:
                await stream.line({"type": "error", "message": message})
                await stream.end()
            else:
                await respond(writer, status, {"message": message})
        finally:
            slot.leave()

    async def result_of(self, event: Json, slot: Slot) -> Any:
        if inspect.iscoroutinefunction(self.handler) or inspect.isasyncgenfunction(self.handler):
            result = self.handler(event)
        else:
            result = await slot.in_thread(self.handler, event)
        return await result if inspect.isawaitable(result) else result

    async def send(self, result: Any, stream: Stream, slot: Slot) -> None:
        if inspect.isasyncgen(result):
            items: AsyncIterator[Any] = result
        elif inspect.isgenerator(result):
            items = in_threads(result, slot)
        else:
            await respond(stream.writer, 200, result)
            return
        # The first is awaited before the answer begins, so that a refusal has its own status.
        item = await anext(items, END)
        await stream.begin()
        while item is not END:
            await stream.line(item)
            item = await anext(items, END)
        await stream.line({"type": "done"})
        await stream.end()

    def explain(self, error: BaseException, *, expired: bool) -> tuple[int, str]:
        if expired:
            say(f"a call was ended: it took longer than {self.seconds:g} seconds")
            return 504, f"The handler took longer than {self.seconds:g} seconds."
        status = getattr(error, "status", None)
        if type(status) is int and 400 <= status < 500:
            return status, str(error)
        traceback.print_exception(error)
        sys.stderr.flush()
        return 500, "The handler failed."


class Slot:
    """One of the calls at a time; it is free again once no thread of its call runs any more."""

    def __init__(self, wrapper: Wrapper) -> None:
        self.wrapper = wrapper
        self.running: asyncio.Future[Any] | None = None
        self.began = time.monotonic()

    @property
    def age(self) -> float:
        return time.monotonic() - self.began

    async def in_thread(self, function: Callable[..., Any], *arguments: Any) -> Any:
        def outcome() -> tuple[Any, BaseException | None]:
            try:
                return function(*arguments), None
            except BaseException as error:  # a future refuses some of them, as StopIteration
                return None, error

        loop = asyncio.get_running_loop()
        self.running = loop.run_in_executor(self.wrapper.threads, outcome)
        result, error = await asyncio.shield(self.running)
        if error is not None:
            raise error
        return result

    def leave(self) -> None:
        if self.running is None or self.running.done():
            self.wrapper.slots.release()
            return
        self.wrapper.abandoned.add(self)
        self.running.add_done_callback(self.left)

    def left(self, running: asyncio.Future[Any]) -> None:
        self.wrapper.abandoned.discard(self)
        self.wrapper.slots.release()


async def in_threads(items: Iterator[Any], slot: Slot) -> AsyncIterator[Any]:
    while (item := await slot.in_thread(next, items, END)) is not END:
        yield item


class Stream:
    """An answer of JSON lines, sent as they come."""

    def __init__(self, writer: StreamWriter) -> None:
        self.writer = writer
        self.begun = False
        self.broken = False

    async def begin(self) -> None:
        self.begun = True
        await self.write(
            b"HTTP/1.1 200 OK\r\nContent-Type: application/x-ndjson\r\n"
            b"AgentMark-Streaming: true\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n"
        )

    async def line(self, item: Any) -> None:
        line = encode(item) + b"\n"
        await self.write(b"%x\r\n%s\r\n" % (len(line), line))

    async def end(self) -> None:
        await self.write(b"0\r\n\r\n")

    async def write(self, part: bytes) -> None:
        try:
            self.writer.write(part)
            await self.writer.drain()
        except OSError:
            self.broken = True
            raise


def encode(value: Any) -> bytes:
    try:
        return json.dumps(value, ensure_ascii=False, allow_nan=False).encode()
    except UnicodeEncodeError:  # half of a surrogate pair
        return json.dumps(value, allow_nan=False).encode()


async def read_head(reader: StreamReader) -> tuple[str, str, dict[str, str]]:
    try:
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
        request, *lines = head.removesuffix("\r\n\r\n").split("\r\n")
        method, path, _ = request.split(" ")
    except (asyncio.LimitOverrunError, ValueError):
        raise Refused(400, "This is not a request.") from None
    pairs = (line.partition(":") for line in lines)
    return method, path, {name.strip().lower(): value.strip() for name, _, value in pairs}


async def read_body(reader: StreamReader, headers: dict[str, str], *, most: int) -> bytes:
    length = headers.get("content-length", "")
    if not (length.isascii() and length.isdigit()):
        raise Refused(411, "The body needs a Content-Length.")
    if int(length) > most:
        raise Refused(413, f"The body is larger than {most} bytes.")
    async with asyncio.timeout(HEAD_SECONDS):
        return await reader.readexactly(int(length))


async def respond(writer: StreamWriter, status: int, answer: Any) -> None:
    body = encode(answer)
    phrase = HTTPStatus(status).phrase if status in HTTPStatus.__members__.values() else "Refused"
    head = (
        f"HTTP/1.1 {status} {phrase}\r\nContent-Type: application/json\r\n"
        f"Content-Length: {len(body)}\r\nConnection: close\r\n\r\n"
    )
    writer.write(head.encode() + body)
    await writer.drain()


def die(reason: str) -> None:
    """End at once; the runtime is then started anew."""
    say(f"the runtime ends itself: {reason}")
    os._exit(OVERRUN)


def say(line: str) -> None:
    sys.stdout.flush()
    os.write(1, f"{line}\n".encode())


if __name__ == "__main__":
    main()
