"""``agentmark.json``: where the content lies and which file is the handler."""

import re
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Any, cast

import orjson

from models.kinds import ContentProblemCode
from services.content.encoding import BYTE_ORDER_MARK, is_lfs_pointer, lfs_pointer
from services.errors import ContentProblem

CONFIGURATION_PATH = "agentmark.json"
MAXIMUM_CONFIGURATION_BYTES = 1024 * 1024
MAXIMUM_PATH = 500
OLDEST_VERSION = (2, 0, 0)

VERSION = re.compile(r"\d{1,9}(\.\d{1,9}){0,2}([-+][0-9A-Za-z.+-]{1,100})?")
UNUSABLE = re.compile(r"[\x00-\x1f\x7f-\x9f\\]")


@dataclass(frozen=True)
class Configuration:
    """What ``agentmark.json`` says; a repository without the file has these defaults.

    ``agentmark_path`` is the folder that holds the content root, "." for the repository's own;
    ``handler`` is a path in the repository, which need not exist: that is the build's to say.
    """

    version: str = "2.0.0"
    agentmark_path: str = "."
    handler: str | None = None

    @property
    def content_root(self) -> str:
        """The folder of the content, from the repository's root, with a slash at its end."""
        return "agentmark/" if self.agentmark_path == "." else f"{self.agentmark_path}/agentmark/"


def read_configuration(content: bytes) -> Configuration | tuple[ContentProblem, ...]:
    """Return the configuration, or everything that is wrong with it."""
    if len(content) > MAXIMUM_CONFIGURATION_BYTES:
        return (problem("The file is larger than 1 MiB.", code=ContentProblemCode.TOO_LARGE),)
    if is_lfs_pointer(content):
        return (lfs_pointer(CONFIGURATION_PATH),)
    try:
        parsed = orjson.loads(content.removeprefix(BYTE_ORDER_MARK))
    except orjson.JSONDecodeError as error:
        return (problem(f"This is not JSON: {error.msg}", line=error.lineno),)
    if not isinstance(parsed, dict):
        return (problem("The file must hold one JSON object.", line=1),)
    return Reader(cast("dict[str, Any]", parsed), content).read()


class Reader:
    """Takes the known keys out of the object, noting each that cannot be used."""

    def __init__(self, parsed: dict[str, Any], content: bytes) -> None:
        self._parsed = parsed
        self._content = content
        self._problems: list[ContentProblem] = []

    def read(self) -> Configuration | tuple[ContentProblem, ...]:
        configuration = Configuration(
            version=self._version(),
            agentmark_path=self._path("agentmarkPath") or ".",
            handler=self._handler(),
        )
        return tuple(self._problems) if self._problems else configuration

    def _version(self) -> str:
        version = self._parsed.get("version")
        if not isinstance(version, str) or not VERSION.fullmatch(version):
            self._refuse("version", 'version must be a string such as "2.0.0".')
            return Configuration.version
        numbers = [int(part) for part in re.split(r"[-+]", version)[0].split(".")]
        if (*numbers, 0, 0)[:3] < OLDEST_VERSION:
            self._refuse("version", f"version {version} is not supported; 2.0.0 or newer is.")
        return version

    def _handler(self) -> str | None:
        handler = self._path("handler")
        if handler == ".":
            self._refuse("handler", "handler must be the path of a file.")
        return handler

    def _path(self, key: str) -> str | None:
        """Return the path under ``key`` in its one normal form, None without the key."""
        value = self._parsed.get(key)
        if value is None:
            return None
        if not isinstance(value, str) or len(value) > MAXIMUM_PATH or UNUSABLE.search(value):
            self._refuse(key, f"{key} must be a path of at most {MAXIMUM_PATH} characters.")
            return None
        path = PurePosixPath(value)
        if path.is_absolute() or ".." in path.parts:
            self._refuse(key, f"{key} must be a path inside the repository, without “..”.")
            return None
        return str(path)

    def _refuse(self, key: str, message: str) -> None:
        self._problems.append(problem(message, line=line_of(key, self._content)))


def problem(
    message: str,
    *,
    line: int | None = None,
    code: ContentProblemCode = ContentProblemCode.INVALID_CONFIGURATION,
) -> ContentProblem:
    return ContentProblem(CONFIGURATION_PATH, line, message, code)


def line_of(key: str, content: bytes) -> int:
    """Return the first line that has the key; 1 where none has."""
    before, found, _ = content.partition(f'"{key}"'.encode())
    return before.count(b"\n") + 1 if found else 1
