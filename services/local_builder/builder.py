"""The builder of this machine: every step in a sandbox, every file in an area of its own."""

from __future__ import annotations

import asyncio
import platform
from collections.abc import AsyncGenerator, Mapping
from contextlib import asynccontextmanager
from hashlib import sha256
from pathlib import Path, PurePosixPath
from threading import Event

from services.builder import Build, BuilderUnavailable, BuildFailed, BuildRequest, Log
from services.local_builder.artifact import BadArtifact, pack
from services.local_builder.node import build_node
from services.local_builder.node_bundler import VERSION as BUNDLER_VERSION
from services.local_builder.node_bundler import Bundler
from services.local_builder.node_installation import find_node, version_of_node
from services.local_builder.node_registry import node_registry_of
from services.local_builder.package_cache import hold_cache
from services.local_builder.python import build_python
from services.local_builder.registry import registry_of
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
    masking,
    open_area,
    reachable,
    unbroken,
    unprivileged_uid,
)

# Go up when the same inputs would build into something else.
PYTHON_EDITION = 1
NODE_EDITION = 1
ARTIFACT = "artifact.tar.gz"
LANGUAGES = ("python", "node")
INSTALL_LIMITS = Limits(seconds=300)
CHECK_LIMITS = Limits(seconds=30)


class LocalBuilder:
    """Builds Python and Node apps here.

    ``sandbox`` is the setting PINMARK_SANDBOX. Of ``environment``, the server's own, a build
    learns only where packages come from. ``area`` is where builds work, by default the machine's
    temporary directory. ``tools`` keeps what the builder fetches for itself, by default beside
    the package caches of the apps.
    """

    def __init__(
        self,
        *,
        sandbox: str = "auto",
        environment: Mapping[str, str] | None = None,
        install_limits: Limits = INSTALL_LIMITS,
        check_limits: Limits = CHECK_LIMITS,
        area: Path | None = None,
        tools: Path | None = None,
    ) -> None:
        self._setting = sandbox
        self._environment = environment or {}
        self._registry = registry_of(self._environment)
        self._node_registry = node_registry_of(self._environment)
        self._install_limits = install_limits
        self._check_limits = check_limits
        self._area = area
        self._tools = tools

    async def version(self, language: str) -> str:
        """Our edition and what a build of the language is bound to, and nothing of the other."""
        if language == "node":
            node = await asyncio.to_thread(version_of_node, self._environment)
            return f"local-{NODE_EDITION}-node-{node}-esbuild-{BUNDLER_VERSION}"
        return self._python_version()

    def _python_version(self) -> str:
        """Our edition, and the Python that a finished environment points at."""
        uid = unprivileged_uid("version")
        interpreter = find_interpreter(namespaced=self._setting != "none", uid=uid)
        path = str(interpreter.executable) if interpreter else ""
        python = f"{platform.python_version()}-{platform.machine()}"
        return f"local-{PYTHON_EDITION}-python-{python}-{sha256(path.encode()).hexdigest()[:8]}"

    async def build(self, request: BuildRequest, *, log: Log) -> Build:
        _check_request(request)
        try:
            sandbox = await find_sandbox(self._setting)
            async with self._bench(request, sandbox, log) as bench:
                parts = await self._parts(request, bench)
                build = await self._pack(parts, request.output / ARTIFACT)
        except SandboxUnavailable as unavailable:
            raise BuilderUnavailable(str(unavailable)) from None
        except SandboxBroken as broken:
            raise BuilderUnavailable(f"The sandbox did not start: {broken}.") from broken
        await log(f"Built: {build.size / MIB:.1f} MiB.")
        return build

    async def _parts(self, request: BuildRequest, bench: Workbench) -> Mapping[str, Path]:
        if request.language == "node":
            return await build_node(
                bench,
                request.handler_path,
                node=await asyncio.to_thread(find_node, self._environment),
                bundler=Bundler(
                    kept=self._tools or request.cache.with_name("tools"), below=self._area
                ),
                registry=self._node_registry,
                install=self._install_limits,
                check=self._check_limits,
            )
        return await build_python(
            bench,
            request.handler_path,
            registry=self._registry,
            install=self._install_limits,
            check=self._check_limits,
        )

    async def _pack(self, parts: Mapping[str, Path], artifact: Path) -> Build:
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
        code = area.copy(request.source, "app/code")
        scratch = area.copy(request.source, "scratch/code", writable=True)
        secrets = self._secrets(request)
        return Workbench(
            sandbox=sandbox,
            area=area,
            log=masking(log, secrets),
            variables=request.variables,
            secrets=secrets,
            code=Mount(source=code, target=f"{ROOT}/code"),
            scratch=Mount(source=scratch, target=f"{ROOT}/code", writable=True),
            temporary=Mount(source=temporary, target="/tmp", writable=True),
            cache=_usable_cache(request.cache, sandbox, area),
        )

    def _secrets(self, request: BuildRequest) -> list[str]:
        registries = [*self._registry.secrets, *self._node_registry.secrets]
        return [*request.variables.values(), *registries]


def _check_request(request: BuildRequest) -> None:
    path = PurePosixPath(request.handler_path)
    if request.language not in LANGUAGES:
        raise BuildFailed(
            f"{path} is written for {request.language}, and this builder builds Python and Node."
        )
    if path.is_absolute() or ".." in path.parts:
        raise BuildFailed(f"The handler {path} does not lie in the repository.")
    if not (request.source / path).is_file():
        raise BuildFailed(f"There is no {path} in this commit.")


def _usable_cache(cache: Path, sandbox: Sandbox, area: Area) -> Mount:
    if sandbox.bwrap is None and not reachable(cache, area.uid):
        cache = area.directory("cache", writable=True)
    return Mount(source=cache.resolve(), target="/run/pinmark/cache", writable=True)
