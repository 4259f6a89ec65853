"""What the machine has to offer: a directory, room in it, a port, programs, a sandbox."""

import asyncio
import os
import shutil
import socket
from collections.abc import Sequence
from pathlib import Path

import uv

from pinmark.doctor.findings import Check, Finding, fail, ok, warn
from pinmark.settings import Settings
from services.builder import BuilderUnavailable
from services.local_builder.node_installation import find_node
from services.sandbox import SandboxUnavailable, find_sandbox

GIB = 1024**3
SCARCE, SPENT = 2 * GIB, GIB // 4
SECRET_FILES = ("owner.token", "secret.key")


def checks_of(settings: Settings) -> Sequence[tuple[str, Check]]:
    async def data_directory() -> Finding:
        return check_directory(settings.data_dir)

    async def disk() -> Finding:
        return check_disk(settings.data_dir)

    async def port() -> Finding:
        return await asyncio.to_thread(check_port, settings.host, settings.port)

    async def node() -> Finding:
        return await asyncio.to_thread(check_node)

    async def sandbox() -> Finding:
        return await check_sandbox(settings.sandbox)

    async def installer() -> Finding:
        return ok("uv", uv.find_uv_bin())

    return [
        ("data directory", data_directory),
        ("disk", disk),
        ("port", port),
        ("sandbox", sandbox),
        ("node", node),
        ("uv", installer),
    ]


def check_directory(directory: Path) -> Finding:
    """It is ours, and closed to everybody else, and so are the secrets in it."""
    name = "data directory"
    if not directory.exists():
        advice = "`pinmark serve` makes it; set PINMARK_DATA_DIR if another was meant"
        return warn(name, f"{directory} is not there", advice)
    if directory.stat().st_uid != os.geteuid():
        advice = "run Pinmark as its owner, or give it to this user"
        return fail(name, f"{directory} belongs to uid {directory.stat().st_uid}", advice)
    for path, mode in ((directory, 0o700), *((directory / each, 0o600) for each in SECRET_FILES)):
        if path.exists() and path.stat().st_mode & 0o777 & ~mode:
            found = f"{path} has the mode {path.stat().st_mode & 0o777:o}"
            return fail(name, found, f"chmod {mode:o} {path}")
    if not os.access(directory, os.W_OK):
        return fail(name, f"{directory} cannot be written", "is it mounted read-only?")
    return ok(name, str(directory))


def check_disk(directory: Path) -> Finding:
    there = next(each for each in (directory, *directory.parents) if each.exists())
    usage = shutil.disk_usage(there)
    found = f"{usage.free / GIB:.1f} GiB free of {usage.total / GIB:.1f}"
    if usage.free < SPENT:
        return fail("disk", found, "Postgres stops when it is full: make room now")
    if usage.free < SCARCE:
        return warn("disk", found, "a build may take 2 GiB: make room")
    return ok("disk", found)


def check_port(host: str, port: int) -> Finding:
    if port == 0:
        return ok("port", f"one that is free at {host}")
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(
            host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
        with socket.socket(family, kind, protocol) as listener:
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            listener.bind(address)
    except OSError as error:
        found = f"{host}:{port} cannot be listened at: {error.strerror}"
        return warn("port", found, "fine if this server has it; else set PINMARK_PORT")
    return ok("port", f"{host}:{port} is free")


def check_node() -> Finding:
    try:
        node = find_node(os.environ)
    except BuilderUnavailable as unavailable:
        return warn("node", unavailable.reason, "only handlers in JavaScript need it")
    return ok("node", f"{node.version}, with npm")


async def check_sandbox(setting: str) -> Finding:
    if setting == "none":
        advice = "choose it only where all who may push are trusted with the machine"
        return warn("sandbox", "builds and handlers run without one", advice)
    try:
        sandbox = await find_sandbox(setting)
    except SandboxUnavailable as unavailable:
        return fail(
            "sandbox", str(unavailable), "until then content is synced and no code is built"
        )
    return ok("sandbox", str(sandbox.bwrap))
