"""The sample app's handler, with its dependency installed by hash as a build would."""

from __future__ import annotations

import importlib.util
import json
import subprocess
import sys
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import uv

from pinmark.demo_repository import demo_source

Handler = Callable[[dict[str, Any]], Awaitable[dict[str, Any]]]

EXAMPLE = demo_source()
TICKET = {
    "subject": 'We see "Internal error" <everywhere> & more',
    "body": "Checkout is down for everyone.",
    "plan": "team",
}


@pytest.fixture(scope="module")
def packages(tmp_path_factory: pytest.TempPathFactory) -> Path:
    target = tmp_path_factory.mktemp("packages")
    subprocess.run(
        [
            *(uv.find_uv_bin(), "pip", "install", "--quiet", "--python", sys.executable),
            *("--require-hashes", "--only-binary", ":all:", "--target", str(target)),
            *("--requirement", str(EXAMPLE / "requirements.txt")),
        ],
        check=True,
    )
    return target


@pytest.fixture(scope="module")
def handler(packages: Path) -> Iterator[Handler]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sys, "path", [str(packages), *sys.path])
        patch.setattr(sys, "dont_write_bytecode", True)
        spec = importlib.util.spec_from_file_location("example_handler", EXAMPLE / "handler.py")
        assert spec is not None
        assert spec.loader is not None
        module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
        yield module.handler


def test_its_dependencies_are_pure_python_and_few(packages: Path) -> None:
    wheels = [path.read_text() for path in packages.glob("*.dist-info/WHEEL")]

    assert len(wheels) == 1
    assert all("Root-Is-Purelib: true" in wheel for wheel in wheels)


async def test_a_ticket_is_sorted(handler: Handler) -> None:
    answer = await handler({"type": "prompt-run", "data": {"input": TICKET}})

    assert answer["type"] == "object"
    assert answer["prompt"] == "triage"
    assert answer["model"] == "openai/gpt-4o-mini"
    assert answer["result"] == {"category": "outage", "urgency": "high", "queue": "on-call"}


async def test_a_prompt_is_rendered_with_its_components_and_unescaped_values(
    handler: Handler,
) -> None:
    data = {"prompt": "support/reply", "input": TICKET}
    answer = await handler({"type": "prompt-run", "data": data})
    system, user = answer["messages"]

    assert answer["type"] == "text"
    assert TICKET["subject"] in answer["result"]
    assert (system["role"], user["role"]) == ("system", "user")
    assert "sorted as outage" in system["content"]
    for component in ("tone", "sign-off"):
        shared = (EXAMPLE / "agentmark" / "components" / f"{component}.mdx").read_text().strip()
        assert shared in system["content"]
    assert user["content"] == f"{TICKET['subject']}\n\n{TICKET['body']}"


async def test_every_line_of_the_dataset_is_answered_as_expected(handler: Handler) -> None:
    answer = await handler({"type": "dataset-run"})

    assert answer["total"] == len(answer["result"]) >= 8
    assert answer["passed"] == answer["total"]
    for row in answer["result"]:
        assert row["actual_output"] == row["expected_output"]
    json.dumps(answer)


async def test_the_evals_are_listed(handler: Handler) -> None:
    assert await handler({"type": "get-evals"}) == {
        "type": "evals",
        "result": ["category", "urgency"],
    }


@pytest.mark.parametrize(
    ("event", "message"),
    [
        ({"type": "nonsense"}, "^Unknown event type: nonsense$"),
        ({}, "^Unknown event type: None$"),
        ({"type": "prompt-run", "data": []}, "input must be an object"),
        ({"type": "prompt-run", "data": [1]}, "data must be an object"),
        ({"type": "prompt-run", "data": {"input": {}}}, "input.subject is missing"),
        ({"type": "prompt-run", "data": {"input": TICKET | {"plan": "gold"}}}, "must be one of"),
        ({"type": "prompt-run", "data": {"input": TICKET | {"body": 1}}}, "must be a string"),
        ({"type": "prompt-run", "data": {"input": TICKET | {"age": "1"}}}, "is not known"),
        ({"type": "prompt-run", "data": {"input": TICKET, "prompt": "../x"}}, "No such file"),
        ({"type": "dataset-run", "data": {"dataset": "support/none"}}, "No such file"),
    ],
)
async def test_an_event_that_cannot_be_answered_is_refused_in_words(
    handler: Handler, event: dict[str, Any], message: str
) -> None:
    with pytest.raises(ValueError, match=message) as refusal:
        await handler(event)

    assert getattr(refusal.value, "status", None) == 400
