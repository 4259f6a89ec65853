"""The code of a commit: which file is its handler, and what a build of it depends on."""

import hashlib
import json
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from models.kinds import Language
from services.content.configuration import CONFIGURATION_PATH, Configuration
from services.git.trees import TreeFile

HANDLER_NAMES = ("handler.py", "handler.ts", "handler.js", "handler.mjs")  # first found first


class HandlerMissing(Exception):
    """A handler is configured, but the commit has no such file; the message is safe to show."""

    def __init__(self, path: str) -> None:
        super().__init__(f"{CONFIGURATION_PATH} names the handler {path}, which is not a file.")
        self.path = path


@dataclass(frozen=True)
class Handler:
    path: str
    language: Language


@dataclass(frozen=True)
class CodeInputs:
    """Everything that decides what a build makes: equal keys, equal builds.

    ``paths`` maps every tracked file except content to ``<mode> <object id>``, ``variables`` the
    name of every build-time variable to its value's fingerprint.
    """

    key: str
    paths: Mapping[str, str]
    handler: Handler
    variables: Mapping[str, str]


def detect_handler(tree: Iterable[TreeFile], configuration: Configuration) -> Handler | None:
    """Return the configured handler, else the first of the usual names, else None."""
    files = {file.path for file in tree if file.is_regular}
    if configuration.handler is not None:
        if configuration.handler not in files:
            raise HandlerMissing(configuration.handler)
        return handler_at(configuration.handler)
    return next((handler_at(name) for name in HANDLER_NAMES if name in files), None)


def handler_at(path: str) -> Handler:
    return Handler(path, Language.PYTHON if path.endswith(".py") else Language.NODE)


def code_paths(tree: Iterable[TreeFile], content_paths: Collection[str]) -> Mapping[str, str]:
    """Every tracked file except content, with its ``<mode> <object id>``."""
    content = frozenset(content_paths)
    return {
        file.path: f"{file.mode:o} {file.object_id}" for file in tree if file.path not in content
    }


def code_inputs(
    tree: Iterable[TreeFile],
    content_paths: Collection[str],
    handler: Handler,
    *,
    builder_version: str,
    variables: Mapping[str, str],
) -> CodeInputs:
    paths = code_paths(tree, content_paths)
    facts = [
        handler.path,
        handler.language,
        builder_version,
        _digest_of(variables),
        sorted(paths.items()),
    ]
    # JSON keeps one part from running into the next.
    key = hashlib.sha256(json.dumps(facts, separators=(",", ":")).encode()).hexdigest()
    return CodeInputs(key, paths, handler, variables)


def _digest_of(variables: Mapping[str, str]) -> str:
    # Without variables a key is what it was before there were any: those builds are kept.
    facts = json.dumps(sorted(variables.items())) if variables else ""
    return hashlib.sha256(facts.encode()).hexdigest()


def first_difference(before: Mapping[str, str], after: Mapping[str, str]) -> str | None:
    """Return the first name that was added, removed or changed, None when all are equal."""
    differing = (
        name for name in before.keys() | after.keys() if before.get(name) != after.get(name)
    )
    return min(differing, default=None)
