"""The builder of this machine: every step in a sandbox, every file in an area of its own."""

from __future__ import annotations

import asyncio
import platform
from collections.abc import AsyncGenerator, Mapping
from contextlib import asynccontextmanager
from dataclasses import replace
from hashlib import sha256
from pathlib import Path, PurePosixPath
from threading import Event

import uv

from services.builder import Build, BuilderUnavailable, BuildFailed, BuildRequest, Log
from services.local_builder.artifact import BadArtifact, pack
from services.local_builder.package_cache import hold_cache
from services.local_builder.python import build_python
from services.local_builder.registry import Registry, registry_of
from services.local_builder.workbench import ROOT, Workbench
from services.sandbox import (
    MIB,
    Area,
    Limits,
    Mount,
    Sandbox,
    SandboxBroken,
    SandboxUnavailable,
    find_interpreter,
    find_sandbox,
    open_area,
    reachable,
    unbroken,
    unprivileged_uid,
)

EDITION = 1  # goes up when the same inputs would build into something else
ARTIFACT = "artifact.tar.gz"
CHECK = Path(__file__).with_name("import_check.py")
INSTALL_LIMITS = Limits(seconds=300)
CHECK_LIMITS = Limits(seconds=30)


class LocalBuilder:
    """Builds Python apps here.

    ``sandbox`` is the setting PINMARK_SANDBOX. Of ``environment``, the server's own, a build
    learns only where packages come from. ``area`` is where builds work, by default the machine's
    temporary directory.
    """

    def __init__(
        self,
        *,
        sandbox: str = "auto",
        environment: Mapping[str, str] | None = None,
        install_limits: Limits = INSTALL_LIMITS,
        check_limits: Limits = CHECK_LIMITS,
        area: Path | None = None,
    ) -> None:
        self._setting = sandbox
        self._registry = registry_of(environment or {})
        self._install_limits = install_limits
        self._check_limits = check_limits
        self._area = area

    @property
    def version(self) -> str:
        """Our edition, and the Python that a finished environment points at."""
        uid = unprivileged_uid("version")
        interpreter = find_interpreter(namespaced=self._setting != "none", uid=uid)
        path = str(interpreter.executable) if interpreter else ""
        python = f"{platform.python_version()}-{platform.machine()}"
        return f"local-{EDITION}-python-{python}-{sha256(path.encode()).hexdigest()[:8]}"

    async def build(self, request: BuildRequest, *, log: Log) -> Build:
        _check_request(request)
        try:
            sandbox = await find_sandbox(self._setting)
            async with self._bench(request, sandbox, log) as bench:
                await build_python(
                    bench,
                    request.handler_path,
                    install=self._install_limits,
                    check=self._check_limits,
                )
                build = await self._pack(bench, request.output / ARTIFACT)
        except SandboxUnavailable as unavailable:
            raise BuilderUnavailable(str(unavailable)) from None
        except SandboxBroken as broken:
            raise BuilderUnavailable(f"The sandbox did not start: {broken}.") from broken
        await log(f"Built: {build.size / MIB:.1f} MiB.")
        return build

    async def _pack(self, bench: Workbench, artifact: Path) -> Build:
        parts = {"code": bench.code.source, "venv": bench.environment.source}
        stop = Event()
        packing = asyncio.create_task(
            asyncio.to_thread(pack, parts, artifact, most=self._install_limits.disk, stop=stop)
        )
        try:
            size = await asyncio.shield(packing)
        except BadArtifact as bad:
            raise BuildFailed(f"The build cannot be packed: {bad}.") from None
        finally:
            stop.set()
            await unbroken(asyncio.wait({packing}))
        return Build(artifact=artifact, size=size)

    @asynccontextmanager
    async def _bench(
        self, request: BuildRequest, sandbox: Sandbox, log: Log
    ) -> AsyncGenerator[Workbench]:
        # One uid for all builds of an app: they share its package cache and nothing else.
        uid = unprivileged_uid(str(request.cache.resolve()))
        most = self._install_limits.disk // 2
        async with open_area(uid=uid, below=self._area) as area:
            with hold_cache(request.cache, uid=uid, most=most):
                yield await asyncio.to_thread(self._prepare, request, sandbox, area, log)

    def _prepare(self, request: BuildRequest, sandbox: Sandbox, area: Area, log: Log) -> Workbench:
        temporary = area.directory("temporary", writable=True)
        environment = area.directory("app/venv", writable=True)
        code = area.copy(request.source, "app/code")
        scratch = area.copy(request.source, "scratch", writable=True)
        return Workbench(
            sandbox=sandbox,
            area=area,
            log=log,
            variables=request.variables,
            registry=_usable_registry(self._registry, sandbox, area),
            uv=Mount(source=_usable_uv(sandbox, area), target="/run/pinmark/uv"),
            code=Mount(source=code, target=f"{ROOT}/code"),
            scratch=Mount(source=scratch, target=f"{ROOT}/code", writable=True),
            environment=Mount(source=environment, target=f"{ROOT}/venv", writable=True),
            temporary=Mount(source=temporary, target="/tmp", writable=True),
            cache=_usable_cache(request.cache, sandbox, area),
            check=Mount(
                source=area.file("import_check.py", CHECK.read_text()),
                target="/run/pinmark/import_check.py",
            ),
        )


def _check_request(request: BuildRequest) -> None:
    path = PurePosixPath(request.handler_path)
    if request.language != "python":
        raise BuildFailed(
            f"{path} is written for {request.language}, and this builder builds Python only."
        )
    if path.is_absolute() or ".." in path.parts:
        raise BuildFailed(f"The handler {path} does not lie in the repository.")
    if not (request.source / path).is_file():
        raise BuildFailed(f"There is no {path} in this commit.")


def _usable_cache(cache: Path, sandbox: Sandbox, area: Area) -> Mount:
    if sandbox.bwrap is None and not reachable(cache, area.uid):
        cache = area.directory("cache", writable=True)
    return Mount(source=cache.resolve(), target="/run/pinmark/cache", writable=True)


def _usable_uv(sandbox: Sandbox, area: Area) -> Path:
    return _usable(Path(uv.find_uv_bin()).resolve(), sandbox, area, mode=0o755)


def _usable_registry(registry: Registry, sandbox: Sandbox, area: Area) -> Registry:
    if registry.certificates is None:
        return registry
    source = _usable(registry.certificates.source, sandbox, area, mode=0o644)
    return replace(registry, certificates=replace(registry.certificates, source=source))


def _usable(file: Path, sandbox: Sandbox, area: Area, *, mode: int) -> Path:
    """``file``, or a copy where no sandbox can bind it and the unprivileged uid cannot reach it."""
    if sandbox.bwrap or reachable(file, area.uid):
        return file
    copy = area.root / file.name
    copy.write_bytes(file.read_bytes())
    copy.chmod(mode)
    return copy
