"""What is sent over one socket: in turn, whoever sends it and however."""

import asyncio

import pytest
from starlette.types import Message
from starlette.websockets import WebSocket

from pinmark.finished_frames import EXTENSION, text_frame
from pinmark.groups import Told
from pinmark.outgoing import Outgoing

HEAD = '{"type":"next","id":"é","payload":'
TOLD = '{"data":{"name":"ü"}}'


class Wire:
    """The other side of a socket: what arrives there, and whether messages have to wait."""

    def __init__(self) -> None:
        self.arrived: list[str | bytes] = []
        self.free = asyncio.Event()

    def write(self, frame: bytes) -> bool:
        self.arrived.append(frame)
        return True

    async def send(self, message: Message) -> None:
        if message["type"] == "websocket.send":
            await self.free.wait()
            self.arrived.append(message["text"])

    async def receive(self) -> Message:
        return {"type": "websocket.connect"}


@pytest.fixture
def wire() -> Wire:
    return Wire()


async def outgoing_over(wire: Wire, *, framed: bool = True) -> Outgoing:
    extensions = {EXTENSION: {"writer": wire}} if framed else None
    scope = {"type": "websocket", "extensions": extensions}
    websocket = WebSocket(scope, wire.receive, wire.send)
    await websocket.accept()
    return Outgoing(websocket)


def told() -> Told:
    return Told(TOLD.encode(), place=None)


async def test_a_frame_holds_the_answer_after_its_head(wire: Wire) -> None:
    outgoing = await outgoing_over(wire)

    assert outgoing.write(told(), HEAD)
    assert wire.arrived == [text_frame(f"{HEAD}{TOLD}}}".encode())]


async def test_those_who_use_other_ids_are_sent_other_frames() -> None:
    heads = [f'{{"type":"next","id":"{number}","payload":' for number in ("1", "2", "1", "10")]
    answer = told()

    assert [answer.frame(head) for head in heads] == [
        text_frame(f"{head}{TOLD}}}".encode()) for head in heads
    ]


async def test_those_who_use_the_same_id_are_sent_the_very_same_frame() -> None:
    answer = told()

    assert answer.frame(HEAD) is answer.frame(HEAD)


async def test_no_frame_overtakes_a_message(wire: Wire) -> None:
    outgoing = await outgoing_over(wire)
    messages = [asyncio.create_task(outgoing.send(text)) for text in ("first", "second")]
    await asyncio.sleep(0)
    assert not outgoing.write(told(), HEAD)
    wire.free.set()
    await asyncio.gather(*messages)
    assert outgoing.write(told(), HEAD)

    assert wire.arrived == ["first", "second", text_frame(f"{HEAD}{TOLD}}}".encode())]


async def test_a_message_that_was_given_up_is_in_nobodys_way(wire: Wire) -> None:
    outgoing = await outgoing_over(wire)
    message = asyncio.create_task(outgoing.send("never"))
    await asyncio.sleep(0)
    message.cancel()
    await asyncio.gather(message, return_exceptions=True)

    assert outgoing.write(told(), HEAD)


async def test_where_no_frames_are_taken_nothing_is_written(wire: Wire) -> None:
    outgoing = await outgoing_over(wire, framed=False)

    assert not outgoing.write(told(), HEAD)
    assert wire.arrived == []
