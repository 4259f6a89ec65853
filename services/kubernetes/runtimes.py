"""Runtimes as deployments of a cluster, each behind a service of its own."""

import json
import tarfile
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory
from uuid import uuid4

import structlog
from anyio import to_thread

from services.kubernetes import objects
from services.kubernetes.cluster import Cluster, ClusterTrouble, End
from services.kubernetes.orders import Orders, address
from services.kubernetes.reports import Reports
from services.local_runtime import RuntimeLimits
from services.parcels import Parcel, Parcels
from services.runtimes.driver import Log, RuntimePlan, RuntimeUnavailable
from services.sandbox import MIB, masking, unbroken

KIND = "runtime"
OWN_MEMORY = 256 * MIB  # of what runs beside the handler in the pod
DISK_FOR_CODE = 4096 * MIB

log = structlog.get_logger()


class KubernetesRuntimes:
    """Starts runtimes in the cluster. They outlive the server that started them, so a supervisor
    ends those of the one before it.
    """

    def __init__(self, cluster: Cluster, parcels: Parcels, limits: RuntimeLimits) -> None:
        self._cluster = cluster
        self._parcels = parcels
        self._limits = limits

    async def end_others(self) -> None:
        try:
            count = await self._cluster.remove_all(self._cluster.labels(KIND))
        except ClusterTrouble as trouble:
            raise RuntimeUnavailable(str(trouble)) from None
        if count:
            log.info("ended what another supervisor had started", objects=count)

    @asynccontextmanager
    async def open(self, plan: RuntimePlan, *, log: Log) -> AsyncGenerator["KubernetesRuntime"]:
        masked = await to_thread.run_sync(masking, log, [*plan.secrets, plan.signing_secret])
        name = f"pinmark-runtime-{uuid4().hex[:16]}"
        labels = self._cluster.labels(KIND, run=name)
        content = await self._pack(plan)
        code_paths = await self._parcels.send(json.dumps(sorted(plan.code_paths)).encode())
        runtime = KubernetesRuntime(self._cluster, name, labels, self._limits, masked)
        try:
            await runtime.prepare(self._orders(plan, content, code_paths, runtime.mark))
            yield runtime
        except ClusterTrouble as trouble:
            raise RuntimeUnavailable(str(trouble)) from None
        finally:
            await unbroken(self._clear(runtime, content, code_paths))

    def _orders(self, plan: RuntimePlan, content: Parcel, code_paths: Parcel, mark: str) -> Orders:
        artifact = address(self._parcels.offer(plan.artifact_path))
        return Orders(
            act="run",
            mark=mark,
            handler_path=plan.handler_path,
            language=plan.language.value,
            fetch={
                "artifact": {**artifact, "digest": plan.artifact_digest},
                "content": address(content),
                "code_paths": address(code_paths),  # of many files, more than a secret may hold
            },
            variables=plan.variables,
            secrets=tuple(plan.secrets),
            signing_secret=plan.signing_secret,
            memory=self._limits.memory,
            call_seconds=self._limits.call_seconds,
        )

    async def _pack(self, plan: RuntimePlan) -> Parcel:
        with TemporaryDirectory(prefix="pinmark-content-") as directory:
            archive = Path(directory) / "content.tar"
            with tarfile.open(archive, "x") as opened:
                async for path, content in plan.content():
                    await to_thread.run_sync(_add, opened, path, content)
            return await self._parcels.send(archive)

    async def _clear(self, runtime: "KubernetesRuntime", *parcels: Parcel) -> None:
        await runtime.clear()
        for parcel in parcels:
            await self._parcels.store.discard(parcel.path)


class KubernetesRuntime:
    """One runtime's place: its orders and its service, which stay while its pods come and go."""

    def __init__(
        self,
        cluster: Cluster,
        name: str,
        labels: dict[str, str],
        limits: RuntimeLimits,
        log: Log,
    ) -> None:
        self._cluster = cluster
        self._name = name
        self._labels = labels
        self._limits = limits
        self._reports = Reports(log)
        self._host = ""

    @property
    def mark(self) -> str:
        return self._reports.mark

    @property
    def address(self) -> str:
        return f"tcp:{self._host}:{objects.PORT}"

    async def prepare(self, orders: Orders) -> None:
        secret = objects.orders_secret(self._name, self._labels, orders.as_json())
        await self._cluster.create(secret)
        made = await self._cluster.create(objects.service(self._name, self._labels))
        self._host = made.spec.clusterIP

    async def run(self) -> str:
        self._reports.found = {}
        wanted = objects.deployment(
            self._name,
            self._labels,
            image=self._cluster.policy.image,
            memory=self._limits.memory + OWN_MEMORY,
            disk=self._limits.disk + DISK_FOR_CODE,
        )
        try:
            await self._cluster.create(wanted)
            end = await self._cluster.follow({objects.RUN: self._name}, self._reports.hear)
        except ClusterTrouble as trouble:
            raise RuntimeUnavailable(str(trouble)) from None
        finally:
            await unbroken(self._remove("Deployment"))
        return self._how(end)

    async def clear(self) -> None:
        for kind in ("Deployment", "Service", "Secret"):
            await self._remove(kind)

    async def _remove(self, kind: str) -> None:
        try:
            await self._cluster.remove(kind, self._name)
        except ClusterTrouble as trouble:  # the next supervisor ends what is left
            log.warning("not removed", kind=kind, name=self._name, error=str(trouble))

    def _how(self, end: End) -> str:
        match self._reports.found:
            case {"ended": str(reason)}:
                return reason
            case {"unavailable": str(reason)}:
                raise RuntimeUnavailable(reason)
            case _ if end.reason == "OOMKilled":
                return f"It used more than {self._limits.memory // MIB} MiB of memory."
            case _:
                why = f" ({end.reason})" if end.reason else ""
                return f"Its pod ended with exit code {end.exit_code}{why}."


def _add(opened: tarfile.TarFile, path: str, content: bytes) -> None:
    entry = tarfile.TarInfo(path)
    entry.size = len(content)
    entry.mode = 0o644
    opened.addfile(entry, BytesIO(content))
