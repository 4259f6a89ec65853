"""Triage of support tickets: prompts in, a decision out, without leaving the machine.

``handler`` answers three kinds of event: ``prompt-run`` renders a prompt for one ticket and
answers it, ``dataset-run`` does so for every line of a dataset and compares with what was
expected, ``get-evals`` lists what is compared. Rules stand in for the model: the same ticket
always gets the same answer, so a promotion can be checked line by line.
"""

import json
import re
from pathlib import Path

import pystache
from pystache.parser import parse

CONTENT = Path(__file__).parent / "agentmark"
NAME = re.compile(r"[a-z][a-z0-9-]*(/[a-z][a-z0-9-]*)*")
EVALS = ("category", "urgency")

# The first row with a word of the ticket in it decides.
CATEGORIES = (
    ("outage", "on-call", ("503", "500 since", "is down", "outage", "unreachable")),
    ("billing", "finance", ("invoice", "charge", "refund", "card", "payment")),
    ("access", "accounts", ("log in", "login", "password", "locked out", "authenticator")),
    ("bug", "engineering", ("crash", "error", "missing", "broken", "data loss")),
)
ANYTHING_ELSE = ("question", "support")
HIGH = ("everyone", "all of", "twice", "data loss", "stolen", "cannot ship")
LOW = ("no hurry", "some day", "idea", "nice to have", "whenever")


class BadEvent(ValueError):
    """The event cannot be answered as it was sent; the message is for whoever sent it."""

    status = 400


async def handler(event: dict) -> dict:
    kind, data = event.get("type"), event.get("data") or {}
    if not isinstance(data, dict):
        raise BadEvent("data must be an object")
    if kind == "prompt-run":
        return run_prompt(data.get("prompt", "support/triage"), data.get("input"))
    if kind == "dataset-run":
        return run_dataset(data.get("dataset", "support/triage-data"))
    if kind == "get-evals":
        return {"type": "evals", "result": list(EVALS)}
    raise BadEvent(f"Unknown event type: {kind}")


def run_prompt(name: str, ticket: dict) -> dict:
    """The prompt rendered for this ticket, and the answer to it."""
    check_ticket(ticket)
    decision = triage(ticket)
    settings, messages = render(name, {"props": ticket, "triage": decision})
    answer = {
        "prompt": settings["name"],
        "model": settings["model_name"],
        "messages": messages,
    }
    if "object_config" in settings:
        return answer | {"type": "object", "result": decision}
    return answer | {"type": "text", "result": first_answer(ticket, decision)}


def run_dataset(name: str) -> dict:
    """Every line of the dataset, beside what was expected of it."""
    rows = []
    for line in read(name, ".jsonl").splitlines():
        expected = json.loads(line)
        actual = run_prompt("support/triage", expected["input"])["result"]
        scores = {key: actual[key] == expected["expected_output"][key] for key in EVALS}
        rows.append(
            {
                "input": expected["input"],
                "expected_output": expected["expected_output"],
                "actual_output": actual,
                "evals": scores,
            }
        )
    passed = sum(all(row["evals"].values()) for row in rows)
    return {"type": "dataset", "result": rows, "passed": passed, "total": len(rows)}


def triage(ticket: dict) -> dict:
    """Category, urgency and queue, by the words of the ticket."""
    words = f"{ticket['subject']} {ticket['body']}".lower()
    category, queue = next(
        (row[:2] for row in CATEGORIES if mentions(words, row[2])), ANYTHING_ELSE
    )
    if category == "outage" or mentions(words, HIGH):
        urgency = "high"
    else:
        urgency = "low" if mentions(words, LOW) else "normal"
    return {"category": category, "urgency": urgency, "queue": queue}


def mentions(words: str, phrases: tuple) -> bool:
    return any(re.search(rf"\b{re.escape(phrase)}", words) for phrase in phrases)


def first_answer(ticket: dict, decision: dict) -> str:
    return (
        f"Thank you for writing about “{ticket['subject']}”.\n"
        f"The {decision['queue']} team has it now, with {decision['urgency']} urgency, "
        "and will answer here.\n\nThe support team"
    )


def check_ticket(ticket: dict) -> None:
    """Refuse what ``schemas/ticket.json`` does not describe."""
    schema = json.loads(read("schemas/ticket", ".json"))
    if not isinstance(ticket, dict):
        raise BadEvent("input must be an object")
    for name in schema["required"]:
        if name not in ticket:
            raise BadEvent(f"input.{name} is missing")
    for name, value in ticket.items():
        expected = schema["properties"].get(name)
        if expected is None:
            raise BadEvent(f"input.{name} is not known")
        if not isinstance(value, str):
            raise BadEvent(f"input.{name} must be a string")
        if value not in expected.get("enum", [value]):
            raise BadEvent(f"input.{name} must be one of {', '.join(expected['enum'])}")


def render(name: str, context: dict) -> tuple[dict, list[dict]]:
    """A prompt's settings, and its messages with components and values put in."""
    _, front_matter, body = read(name, ".prompt.mdx").split("---\n", 2)
    folder = (CONTENT / name).parent
    for component, path in re.findall(r'^import (\w+) from "(.+)"$', body, re.MULTILINE):
        text = (folder / path).read_text(encoding="utf-8").strip()
        body = body.replace(f"<{component} />", text)
    # A prompt is plain text: nothing is escaped as it would be for a page.
    renderer = pystache.Renderer(escape=str, missing_tags="strict")
    messages = [
        {"role": role.lower(), "content": renderer.render(parse(text, ("{", "}")), context)}
        for role, text in re.findall(r"<(System|User)>\n(.*?)\n</\1>", body, re.DOTALL)
    ]
    return plain_settings(front_matter), messages


def plain_settings(front_matter: str) -> dict:
    """The keys of the front matter that hold one plain value, and the names of the others."""
    lines = re.findall(r"^ *(\w+):(?: +(.+))?$", front_matter, re.MULTILINE)
    return dict(reversed(lines))


def read(name: str, suffix: str) -> str:
    """A content file, as it is at this moment: a push of content needs no build."""
    if not isinstance(name, str) or not NAME.fullmatch(name):
        raise BadEvent(f"No such file: {name}")
    try:
        return (CONTENT / f"{name}{suffix}").read_text(encoding="utf-8")
    except FileNotFoundError:
        raise BadEvent(f"No such file: {name}") from None
