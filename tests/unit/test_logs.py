"""Logs are lines of JSON whatever is logged by whom, and repeat no secret."""

import json
import subprocess
import sys
from collections.abc import Mapping
from typing import Any, NoReturn

import pytest

from pinmark.log_lines import REDACTED, printable, without_secrets

PREPARE = """
import asyncio, gc, logging, sys, threading, warnings
import structlog
from pinmark.logs import configure_logs

class Hostile:
    def __repr__(self):
        raise RuntimeError("no\\nway")

def trouble(text="two\\nlines"):
    try:
        raise ValueError(text)
    except ValueError as error:
        raise KeyError(text) from error

configure_logs()
log = structlog.get_logger()
"""

HOSTILE = {
    "a line break": r'log.info("a\nb\r\nc\x85d\u2028e\x0bf", value="\n")',
    "control characters": r'log.info("\x1b[2J\x00\x07\x7f\x9b", value="\x1b]0;x\x07")',
    "half of a character": r'log.info("\ud800 \udfff", value="\udcff", **{"\ud801": 1})',
    "bytes": r'log.info("bytes", value=b"\xff\n\x00")',
    "no number": 'log.info("n", a=float("nan"), b=float("inf"), c=10**5000, d=2**64)',
    "what cannot be shown": 'log.info("x", value=Hostile(), many=[Hostile()])',
    "names that are no text": 'log.info("x", value={(1, "\\n"): 2, None: 3, Hostile(): 4})',
    "what holds itself": 'a = []; a.append(a); d = {}; d["d"] = d; log.info("x", value=a, dict=d)',
    "far too much": 'log.info("x" * 10**7, value=["y" * 10**5] * 1000)',
    "an exception": 'try: trouble()\n  except KeyError: log.exception("it\\nfailed")',
    "an exception with too much to say": (
        'try: trouble("z" * 10**6)\n  except KeyError: log.exception("x")'
    ),
    "a library": 'logging.getLogger("uvicorn.error").error("a\\nb %s", "c\\nd")',
    "a library's exception": (
        'try: trouble()\n  except KeyError: logging.getLogger("procrastinate").exception("a\\nb")'
    ),
    "a library that formats wrongly": 'logging.getLogger("asyncio").error("%d %d", "x\\n")',
    "a library with more to say": (
        'logging.getLogger("procrastinate").error("x", extra={"job": {"a": Hostile()}})'
    ),
    "a warning": 'warnings.warn("a\\nb")',
    "a task that nobody waited for": """
async def main():
    async def fail(): trouble()
    task = asyncio.create_task(fail())
    await asyncio.wait([task])
    del task
    gc.collect()
asyncio.run(main())
""",
    "a thread": "thread = threading.Thread(target=trouble); thread.start(); thread.join()",
    "the collector": """
class Late:
    def __del__(self): trouble()
Late()
gc.collect()
""",
    "the end of the program": "trouble()",
}


def logged(code: str) -> list[Mapping[str, Any]]:
    """What a program logs, each line read as strictly as a collector does."""
    indented = code if code.startswith("\n") else f"if True:\n  {code}"
    done = subprocess.run(
        [sys.executable, "-c", f"{PREPARE}\n{indented}"], capture_output=True, check=False
    )
    text = done.stderr.decode("ascii")
    assert text.endswith("\n")
    lines = text.splitlines()
    assert len(lines) == text.count("\n")
    return [json.loads(line, parse_constant=_no_number) for line in lines]


def _no_number(constant: str) -> NoReturn:
    raise AssertionError(f"{constant} is not JSON")


@pytest.mark.parametrize("code", HOSTILE.values(), ids=HOSTILE)
def test_whatever_is_logged_is_one_line_of_json(code: str) -> None:
    lines = logged(code)

    assert len(lines) == 1
    assert {"event", "level", "timestamp"} <= lines[0].keys()
    json.dumps(lines[0], ensure_ascii=False).encode()  # and every character is one
    assert len(json.dumps(lines[0])) < 300_000


def test_an_exception_keeps_its_words_and_the_end_of_its_traceback() -> None:
    (line,) = logged(HOSTILE["an exception"])

    assert line["event"] == "it\nfailed"
    assert line["exception"].endswith("KeyError: 'two\\nlines'")
    assert "ValueError: two\nlines" in line["exception"]


SECRETS = {
    "a bearer token": ("Authorization: Bearer hunter2.hunter2", "hunter2"),
    "a token in a dictionary": ("{'authorization': 'Bearer hunter2'}", "hunter2"),
    "basic authentication": ("proxy-authorization: Basic aHVudGVyMg==", "aHVudGVyMg"),
    "a cookie": ("Cookie: pinmark_session=hunter2; other=hunter2", "hunter2"),
    "an address with a password": ("postgresql://pinmark:hunt@er2@db/pinmark", "er2"),
    "an address with a token": ("cannot fetch https://hunter2@git.example.com/a.git", "hunter2"),
    "a link": ("GET /auth/link?token=hunter2 HTTP/1.1", "hunter2"),
    "a way back": ("/auth/callback?code=hunter2&state=hunter2", "hunter2"),
    "a connection": ("could not connect: host=db password=hunter2 user=x", "hunter2"),
    "an API key": ("sk_pinmark_hunter2", "hunter2"),
    "a service token": ("st_pinmark_hunter2", "hunter2"),
    "an access token": ("pinmark_pat_hunter2", "hunter2"),
    "an invitation": ("pinmark_inv_hunter2", "hunter2"),
    "the owner's token": ("pinmark_owner_hunter-2", "hunter-2"),
    "a token of a host": ("remote said: ghp_hunter2 is not valid", "hunter2"),
    "an identity": ("eyJhbGciOi.eyJzdWIi.hunter2", "hunter2"),
    "a variable at rest": ("value gAAAAABhunter2==", "hunter2"),
    "a private key": ("-----BEGIN OPENSSH PRIVATE KEY-----\nhunter2\n", "hunter2"),
    "what a statement was given": (
        "invalid input for query argument $3: 'hunter2' (expected str)",
        "hunter2",
    ),
    "the parameters of a statement": ("[SQL: INSERT …]\n[parameters: ('hunter2',)]", "hunter2"),
    "a row": ("DETAIL:  Failing row contains (1, hunter2).", "hunter2"),
    "a key that is there": ("Key (name)=(hunter2) already exists.", "hunter2"),
}


@pytest.mark.parametrize(("text", "secret"), SECRETS.values(), ids=SECRETS)
def test_what_looks_like_a_secret_is_not_repeated(text: str, secret: str) -> None:
    line = printable(None, "info", {"event": text, "told": text, "many": [{"x": text}]})

    assert secret in text
    assert secret not in json.dumps(line)
    assert REDACTED in line["event"]


@pytest.mark.parametrize("name", ["authorization", "cookie", "token", "password", "variables"])
def test_a_value_whose_name_says_that_it_is_secret_is_not_written(name: str) -> None:
    line = printable(None, "info", {"event": "x", "deep": {"a": {name: {"b": "hunter2"}}}})

    assert "hunter2" not in json.dumps(line)


def test_a_secret_in_an_exception_or_a_library_is_not_repeated_either() -> None:
    in_exception = 'try: trouble("Bearer hunter2")\n  except KeyError: log.exception("x")'
    in_library = 'logging.getLogger("uvicorn.error").error("%s", "Cookie: a=hunter2")'

    assert "hunter2" not in json.dumps(logged(in_exception) + logged(in_library))


@pytest.mark.parametrize(
    "harmless",
    [
        "the embedded Postgres was started again; following it",
        "https://git.example.com/team/app.git is not reachable",
        "cannot reach postgresql://db.example.com/pinmark",
        "build cache: MISS_VARIABLE (API_URL)",
        "git@git.example.com: no such host",
    ],
)
def test_what_is_no_secret_stays_as_it_is(harmless: str) -> None:
    assert without_secrets(harmless) == harmless
