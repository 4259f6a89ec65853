"""An artifact: one compressed tar of what a runtime needs, the same bytes for the same files.

Names are sorted, times, owners and umask are left out, and so is compiled bytecode, which is
never the same twice. ``unpack`` accepts only what ``pack`` writes.
"""

from __future__ import annotations

import gzip
import os
import shutil
import stat
import tarfile
import zlib
from collections.abc import Generator, Iterator, Mapping
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path, PurePosixPath
from tarfile import TarFile, TarInfo
from threading import Event

COMPRESSION = 3  # a third of the time of the default for nine tenths of the effect
DEEPEST = 200
LEFT_OUT = ("__pycache__", "uv_cache.json")  # the second holds the time of the build


class BadArtifact(Exception):
    """The file is not an artifact of ours, or cannot be packed into one."""


def pack(parts: Mapping[str, Path], into: Path, *, most: int, stop: Event) -> int:
    """Write the trees ``parts`` under their names to ``into``; the answer is its size.

    Refuses more than ``most`` bytes of content. Ends early when ``stop`` is set. A file that is
    not whole does not stay.
    """
    try:
        _write(parts, into, most=most, stop=stop)
    except BaseException:
        into.unlink(missing_ok=True)
        raise
    return into.stat().st_size


def _write(parts: Mapping[str, Path], into: Path, *, most: int, stop: Event) -> None:
    total = 0
    with (
        into.open("wb") as file,
        gzip.GzipFile("", "wb", COMPRESSION, file, mtime=0) as compressed,
        tarfile.open(mode="w|", fileobj=compressed, format=tarfile.PAX_FORMAT) as archive,
    ):
        for name, root in sorted(parts.items()):
            for path, entry in _entries(root, name):
                if stop.is_set():
                    raise BadArtifact("nobody waits for it any longer")
                if (total := total + entry.size) > most:
                    raise BadArtifact(f"it holds more than {most} bytes")
                if entry.name.count("/") > DEEPEST:
                    raise BadArtifact("its directories are too deep")
                _add(archive, path, entry)


def unpack(artifact: Path, into: Path) -> None:
    """Recreate the trees of ``artifact`` below ``into``, which is new or empty."""
    into.mkdir(parents=True, exist_ok=True)
    try:
        _unpack(artifact, into.resolve())
    except (tarfile.TarError, EOFError, zlib.error) as error:
        raise BadArtifact("it is damaged") from error


def _unpack(artifact: Path, into: Path) -> None:
    with tarfile.open(artifact, "r:gz") as archive:
        for entry in archive:
            name = PurePosixPath(entry.name)
            if name.is_absolute() or ".." in name.parts:
                raise BadArtifact(f"{entry.name} leads out of the artifact")
            if any((into / parent).is_symlink() for parent in name.parents):
                raise BadArtifact(f"{entry.name} lies behind a link")
            _extract(archive, entry, into / name)


def _entries(root: Path, name: str) -> Iterator[tuple[Path, TarInfo]]:
    yield root, _entry(name, root.lstat())
    with _readable(name):
        children = sorted(os.scandir(root), key=lambda child: child.name)
    for child in children:
        if child.name in LEFT_OUT:
            continue
        inside, path = f"{name}/{child.name}", Path(child.path)
        if child.is_dir(follow_symlinks=False):
            yield from _entries(path, inside)
            continue
        entry = _entry(inside, child.stat(follow_symlinks=False))
        if child.is_symlink():
            entry.linkname = os.readlink(path)
        yield path, entry


def _entry(name: str, found: os.stat_result) -> TarInfo:
    entry = TarInfo(name)
    executable = bool(found.st_mode & stat.S_IXUSR)
    if stat.S_ISDIR(found.st_mode):
        entry.type, entry.mode = tarfile.DIRTYPE, 0o755
    elif stat.S_ISLNK(found.st_mode):
        entry.type, entry.mode = tarfile.SYMTYPE, 0o777
    elif stat.S_ISREG(found.st_mode):
        entry.size, entry.mode = found.st_size, 0o755 if executable else 0o644
    else:
        raise BadArtifact(f"{name} is neither a file, a directory nor a link")
    return entry


def _add(archive: TarFile, path: Path, entry: TarInfo) -> None:
    if not entry.isreg():
        archive.addfile(entry)
        return
    with _readable(entry.name):
        descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW)
    with os.fdopen(descriptor, "rb") as content:
        if path.name == "RECORD" and path.parent.suffix == ".dist-info":
            kept = _true_record(content.read())
            entry.size = len(kept)
            archive.addfile(entry, BytesIO(kept))
        else:
            archive.addfile(entry, content)


def _true_record(record: bytes) -> bytes:
    """A package's list of its files without those that were left out."""
    left_out = [name.encode() for name in LEFT_OUT]
    lines = record.splitlines(keepends=True)
    return b"".join(line for line in lines if not any(name in line for name in left_out))


@contextmanager
def _readable(name: str) -> Generator[None]:
    try:
        yield
    except OSError as error:
        raise BadArtifact(f"{name[:200]} cannot be read ({error.strerror})") from None


def _extract(archive: TarFile, entry: TarInfo, path: Path) -> None:
    if entry.isdir():
        path.mkdir()
    elif entry.issym():
        path.symlink_to(entry.linkname)
        return
    elif content := archive.extractfile(entry):
        with content, path.open("xb") as file:
            shutil.copyfileobj(content, file)
    else:
        raise BadArtifact(f"{entry.name} is neither a file, a directory nor a link")
    path.chmod(entry.mode & 0o755)
