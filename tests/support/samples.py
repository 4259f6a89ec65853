"""Small contents of repositories, each with one thing to say; and the example apps."""

from pathlib import Path

PROMPT = b"""---
name: triage
text_config:
  model_name: small
---

<User>Sort this ticket: {props.ticket}</User>
"""

DATASET = b'{"input": {"ticket": "It is broken"}, "expected_output": "bug"}\n'

FIRST_COMMIT: dict[str, bytes | None] = {
    "agentmark.json": b'{"version": "2.0.0", "agentmarkPath": "."}',
    "agentmark/triage.prompt.mdx": PROMPT,
    "agentmark/tickets.jsonl": DATASET,
    "README.md": b"A sample app.\n",
}
"""Valid content and no handler: such a commit deploys without a build."""

HANDLER = b"""def handler(event):
    return {"answer": event["type"]}
"""

WITH_HANDLER: dict[str, bytes | None] = {"handler.py": HANDLER}
"""Code that builds at once, having no requirements."""

BROKEN_HANDLER: dict[str, bytes | None] = {"handler.py": b"import nothing_of_this_name\n"}
"""Code whose build fails: the handler does not import."""


ENDLESS_HANDLER: dict[str, bytes | None] = {
    "handler.py": b"""import secrets
import time

name = secrets.token_hex()
while True:
    print("I am", name)
    time.sleep(0.1)
"""
}
"""Code whose build never ends, and whose every attempt says all the while which one it is."""


def handler_until(moment: float) -> dict[str, bytes | None]:
    """Code whose import lasts until a moment of ``time.time``, and says so when it has come."""
    code = f"""import time

while time.time() < {moment}:
    time.sleep(0.05)
print("The moment has come.")


def handler(event):
    return event
"""
    return {"handler.py": code.encode()}


INVALID_CONTENT: dict[str, bytes | None] = {"agentmark/tickets.jsonl": b'{"input": 1}\nnot JSON\n'}
"""Content that does not validate."""

EXAMPLES = Path(__file__).parents[2] / "examples"


def example_files(name: str) -> dict[str, bytes]:
    """The files of an example app, as its repository has them."""
    folder = EXAMPLES / name
    files = (path for path in folder.rglob("*") if path.is_file())
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in files
        if "node_modules" not in path.parts
    }
