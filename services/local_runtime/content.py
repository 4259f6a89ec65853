"""Laying an environment's own content over the code that a build kept.

A build is used again as long as the code is the same, whatever the content was. So the content
in the artifact is that of some commit: it is removed, and the snapshot's is written in its place.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Collection
from itertools import islice
from pathlib import Path, PurePosixPath

from anyio import to_thread

from services.content.configuration import (
    CONFIGURATION_PATH,
    Configuration,
    read_configuration,
)
from services.content.kinds import kind_of
from services.runtimes.driver import RuntimeUnavailable

BATCH = 64


async def lay_content(
    code: Path, content: AsyncIterator[tuple[str, bytes]], *, code_paths: Collection[str]
) -> None:
    """Replace the content files below ``code``, leaving the tracked files of the code alone."""
    await to_thread.run_sync(_remove_content, code, frozenset(code_paths))
    batch: list[tuple[str, bytes]] = []
    async for file in content:
        batch.append(file)
        if len(batch) == BATCH:
            await to_thread.run_sync(_write, code, batch)
            batch = []
    await to_thread.run_sync(_write, code, batch)


def _remove_content(code: Path, code_paths: frozenset[str]) -> None:
    configuration = _configuration(code)
    for path in code.rglob("*"):
        name = path.relative_to(code).as_posix()
        if name in code_paths or path.is_symlink() or not path.is_file():
            continue
        if kind_of(name, configuration) is not None:
            path.unlink()


def _configuration(code: Path) -> Configuration:
    """What the artifact's own commit called content."""
    path = code / CONFIGURATION_PATH
    if path.is_symlink() or not path.is_file():
        return Configuration()
    found = read_configuration(path.read_bytes())
    return found if isinstance(found, Configuration) else Configuration()


def _write(code: Path, files: list[tuple[str, bytes]]) -> None:
    for name, content in files:
        path = code / name
        _check_inside(code, PurePosixPath(name))
        for parent in islice(reversed(path.relative_to(code).parents), 1, None):
            (code / parent).mkdir(exist_ok=True)
            (code / parent).chmod(0o755)
        path.unlink(missing_ok=True)
        with path.open("xb") as file:
            file.write(content)
        path.chmod(0o644)


def _check_inside(code: Path, name: PurePosixPath) -> None:
    """The server may be root: no link in the code leads its pen elsewhere."""
    if name.is_absolute() or ".." in name.parts:
        raise RuntimeUnavailable(f"The content file {name} leads out of the app.")
    if any((code / parent).is_symlink() for parent in name.parents):
        raise RuntimeUnavailable(f"The content file {name} lies behind a link.")
