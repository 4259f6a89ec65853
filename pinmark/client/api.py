"""The public API: operations over HTTP, subscriptions as server-sent events."""

import json
import random
import ssl
import time
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from types import TracebackType
from typing import Any, Self, cast

import httpx2

from pinmark.client.configuration import Place
from pinmark.client.documents import whole
from pinmark.client.event_stream import read_events
from pinmark.client.failures import Data, Denied, Failure, StreamLost, Unreachable, refusal

GRAPHQL_JSON = "application/graphql-response+json"
EVENT_STREAM = "text/event-stream"
CONNECT_SECONDS = 10.0
ANSWER_SECONDS = 60.0
SILENCE_SECONDS = 30.0  # a stream says something every 12 s, if only that it is there
TRIES = 6
FIRST_PAUSE, LONGEST_PAUSE = 0.2, 3.0


class Api:
    """One server, asked as one principal."""

    def __init__(self, place: Place) -> None:
        self._url = place.url
        self.answered_at = datetime.now(UTC)
        """A moment no earlier than the last answer's begin, by the server's clock if it tells."""
        self._client = httpx2.Client(
            headers={"Authorization": place.authorization(), "User-Agent": "pinmark"},
            timeout=httpx2.Timeout(ANSWER_SECONDS, connect=CONNECT_SECONDS),
            verify=_trust(place.url),
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._client.close()

    @property
    def url(self) -> str:
        return self._url

    def ask(self, document: str, **variables: Any) -> Data:
        """The data of an operation; a failure when it has errors."""
        return _data_of(self._send(whole(document), variables))

    def mutate(self, document: str, *, repeatable: bool = False, **input: Any) -> Data:
        """What the mutation made. One that is ``repeatable`` has an idempotency key: sent again
        after a lost connection it is still done once.
        """
        given = {name: value for name, value in input.items() if value is not None}
        pauses = pauses_between(TRIES if repeatable else 1)
        while True:
            try:
                (answer,) = self.ask(document, input=given).values()
            except Unreachable as away:
                pause = next(pauses, None)
                if pause is None or away.code == "UNREACHED":
                    raise
                time.sleep(pause)
            else:
                return _made(answer)

    def run(self, text: str, variables: Data) -> Iterator[Data]:
        """Every answer of an operation of any kind, as it is, errors and all."""
        accept = f"{GRAPHQL_JSON}, {EVENT_STREAM};q=0.5"
        with self._answer(text, variables, accept=accept) as response:
            if not _is_stream(response):
                response.read()
                yield _json_of(response, self._url)
                return
            for event in self._events(response):
                yield event.data

    def follow(
        self,
        document: str,
        *,
        after: str | None,
        silence: float = SILENCE_SECONDS,
        **variables: Any,
    ) -> Iterator[tuple[str | None, Data]]:
        """Each event past the cursor ``after`` with its own, until the operation completes.

        Raises ``StreamLost`` when the stream is cut, or says nothing for so many seconds.
        """
        with self._answer(
            whole(document), variables, accept=EVENT_STREAM, after=after, silence=silence
        ) as response:
            if not _is_stream(response):
                response.read()
                _data_of(_graphql_answer(response) or {"data": None})
                raise StreamLost(f"No stream comes from {self._url}.", code="LOST")
            for event in self._events(response):
                (data,) = _data_of(event.data).values()
                yield event.id, data

    def _send(self, text: str, variables: Data) -> Data:
        with self._answer(text, variables, accept=GRAPHQL_JSON) as response:
            response.read()
            return _json_of(response, self._url)

    @contextmanager
    def _answer(
        self,
        text: str,
        variables: Data,
        *,
        accept: str,
        after: str | None = None,
        silence: float | None = None,
    ) -> Generator[httpx2.Response]:
        headers = {"Accept": accept, **({} if after is None else {"Last-Event-ID": after})}
        timeout = httpx2.Timeout(silence or ANSWER_SECONDS, connect=CONNECT_SECONDS)
        lost = StreamLost if silence is not None else Unreachable
        try:
            with self._client.stream(
                "POST",
                f"{self._url}/graphql",
                json={"query": text, "variables": variables},
                headers=headers,
                timeout=timeout,
            ) as response:
                self.answered_at = _time_of(response)
                yield response
        except httpx2.ConnectError:
            raise lost(
                f"{self._url} cannot be reached.",
                hint="Is the server running? --url or PINMARK_URL names another.",
                code="UNREACHED",
            ) from None
        except httpx2.TimeoutException:
            raise lost(f"{self._url} does not answer in time.", code="UNREACHABLE") from None
        except (httpx2.TransportError, httpx2.DecodingError) as error:
            _raise_interruption(error)
            what = type(error).__name__
            raise lost(f"The connection to {self._url} was lost ({what}).", code="LOST") from None

    def _events(self, response: httpx2.Response) -> Iterator["_Told"]:
        for event in read_events(_lines(response)):
            if event.kind == "complete":
                return
            if event.kind == "next":
                yield _Told(event.id, json.loads(event.data))
        raise StreamLost(f"The stream of {self._url} was cut.", code="LOST")


class _Told:
    def __init__(self, identity: str | None, data: Data) -> None:
        self.id = identity
        self.data = data


def _trust(url: str) -> ssl.SSLContext | bool:
    """Reading whom the machine trusts takes as long as a whole command; without TLS nobody is."""
    return True if url.startswith("https:") else ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)


def _raise_interruption(error: BaseException) -> None:
    """What interrupts a connection may break it on its way out; then it is not the network's."""
    behind: BaseException | None = error
    while behind is not None:
        if isinstance(behind, KeyboardInterrupt):
            raise behind
        behind = behind.__context__


def pauses_between(tries: int) -> Iterator[float]:
    """How long to wait before each further try: longer each time, and never in step."""
    pause = FIRST_PAUSE
    for _ in range(tries - 1):
        yield pause * random.uniform(0.5, 1.0)
        pause = min(pause * 2, LONGEST_PAUSE)


def _lines(response: httpx2.Response) -> Iterator[str]:
    """Lines as server-sent events have them: what Python calls a line may be text in there."""
    rest = b""
    for part in response.iter_bytes():
        *lines, rest = (rest + part).split(b"\n")
        for line in lines:
            yield line.removesuffix(b"\r").decode()


def _time_of(response: httpx2.Response) -> datetime:
    try:  # the header has whole seconds, so the moment is before the next
        return parsedate_to_datetime(response.headers["date"]) + timedelta(seconds=1)
    except (KeyError, ValueError):
        return datetime.now(UTC)


def _is_stream(response: httpx2.Response) -> bool:
    return response.headers.get("content-type", "").startswith(EVENT_STREAM)


def _json_of(response: httpx2.Response, url: str) -> Data:
    answer = _graphql_answer(response)
    if answer is not None:
        return answer
    if response.status_code >= 500:
        raise Unreachable(f"{url} is in trouble (HTTP {response.status_code}).", code="LOST")
    raise Failure(
        f"{url} does not answer as Pinmark does (HTTP {response.status_code}).",
        hint="Is this its address?",
    )


def _graphql_answer(response: httpx2.Response) -> Data | None:
    """What a GraphQL server answered; None for anything else, such as a proxy's page."""
    kind = response.headers.get("content-type", "").partition(";")[0]
    if kind not in (GRAPHQL_JSON, "application/json"):
        return None
    try:
        answer: Any = response.json()
    except ValueError:
        return None
    if isinstance(answer, dict) and ("data" in answer or "errors" in answer):
        return cast(Data, answer)
    return None


def _data_of(answer: Data) -> Data:
    errors: list[Data] = answer.get("errors") or []
    if errors:
        raise error_of(errors[0])
    return answer["data"]


def error_of(error: Data) -> Failure:
    extensions: Data = error.get("extensions") or {}
    code, message = extensions.get("code", "FAILED"), error["message"]
    if code == "UNAUTHENTICATED":
        return Denied(
            "The server does not know the token, or it has ended.",
            hint="Run `pinmark login`, or set PINMARK_TOKEN.",
            code=code,
        )
    if "requestId" in extensions:
        message = f"{message} ({extensions['requestId']})"
    return refusal(code, message)


def _made(answer: Data) -> Data:
    """The success, or the refusal as a failure."""
    if "code" not in answer:
        return answer
    code, message = answer["code"], answer["message"]
    hint = None
    if code == "ENVIRONMENT_BUSY":
        hint = f"`pinmark logs {answer['deployment']['id']} --follow` follows what is going on."
    if code == "CONTENT_INVALID":
        places = (
            f"{each['path']}{'' if each['line'] is None else ':' + str(each['line'])}: "
            f"{each['message']}"
            for each in answer["problems"]
        )
        message = "\n".join([message, *places])
    raise refusal(code, message, hint=hint)
