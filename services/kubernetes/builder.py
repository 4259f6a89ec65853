"""Builds as jobs of a cluster."""

import tarfile
from collections.abc import Mapping
from pathlib import Path
from uuid import uuid4

import structlog
from anyio import to_thread

from services.builder import Build, BuilderUnavailable, BuildFailed, BuildRequest, Log
from services.kubernetes import objects
from services.kubernetes.cluster import Cluster, ClusterTrouble, End
from services.kubernetes.orders import Orders, address
from services.kubernetes.reports import Reports
from services.local_builder.node_registry import node_registry_of
from services.local_builder.registry import registry_of
from services.parcels import Parcel, Parcels
from services.sandbox import GIB, masking, unbroken

EDITION = 1  # goes up when the same inputs would build into something else
ARTIFACT = "artifact.tar.gz"
MEMORY, DISK = 2 * GIB, 8 * GIB
SECONDS = 900
KIND = "build"

log = structlog.get_logger()


class KubernetesBuilder:
    """Each build is a job of its own, which is gone when the build is over or given up. Of
    ``environment``, the worker's own, it learns only where packages come from.
    """

    def __init__(
        self, cluster: Cluster, parcels: Parcels, environment: Mapping[str, str] | None = None
    ) -> None:
        self._cluster = cluster
        self._parcels = parcels
        python, node = registry_of(environment or {}), node_registry_of(environment or {})
        self._registries = {**python.variables, **node.variables}
        self._secrets = [*python.secrets, *node.secrets]

    async def version(self, language: str) -> str:
        """The image decides all of it: name it by its digest."""
        return f"kubernetes-{EDITION}-{self._cluster.policy.image}-{language}"

    async def build(self, request: BuildRequest, *, log: Log) -> Build:
        name = f"pinmark-build-{uuid4().hex[:16]}"
        labels = self._cluster.labels(KIND, run=name, name=request.name or name)
        masked = await to_thread.run_sync(
            masking, log, [*request.variables.values(), *self._secrets]
        )
        reports, artifact = Reports(masked), self._parcels.expect()
        source = await self._pack(request)
        try:
            await self._end_others(request)
            end = await self._run(name, labels, request, reports, source, artifact)
            return await self._fetch(request, reports, end, artifact, masked)
        except ClusterTrouble as trouble:
            raise BuilderUnavailable(str(trouble)) from None
        finally:
            await unbroken(self._clear(name, source, artifact))

    async def _end_others(self, request: BuildRequest) -> None:
        """What attempts before this one left, whose workers died, is of no use to anybody."""
        if request.name:
            await self._cluster.remove_all(self._cluster.labels(KIND, name=request.name))

    async def _pack(self, request: BuildRequest) -> Parcel:
        archive = request.output / "source.tar"
        await to_thread.run_sync(_pack, request.source, archive)
        try:
            return await self._parcels.send(archive)
        finally:
            archive.unlink()

    async def _run(
        self,
        name: str,
        labels: dict[str, str],
        request: BuildRequest,
        reports: Reports,
        source: Parcel,
        artifact: Parcel,
    ) -> End:
        orders = Orders(
            act="build",
            mark=reports.mark,
            handler_path=request.handler_path,
            language=request.language,
            fetch={"source": address(source)},
            leave=address(artifact),
            variables=request.variables,
            registries=self._registries,
        )
        await self._cluster.create(objects.orders_secret(name, labels, orders.as_json()))
        await self._cluster.create(
            objects.job(
                name,
                labels,
                image=self._cluster.policy.image,
                memory=MEMORY,
                disk=DISK,
                seconds=SECONDS,
            )
        )
        return await self._cluster.follow({objects.RUN: name}, reports.hear)

    async def _fetch(
        self, request: BuildRequest, reports: Reports, end: End, artifact: Parcel, log: Log
    ) -> Build:
        match reports.found:
            case {"failed": str(reason)}:
                raise BuildFailed(reason)
            case {"unavailable": str(reason)}:
                raise BuilderUnavailable(reason)
            case {"size": int()}:
                into = request.output / ARTIFACT
                await self._parcels.store.fetch(artifact.path, into)
                return Build(artifact=into, size=into.stat().st_size)
            case _ if end.reason == "OOMKilled":
                raise BuildFailed(f"The build needs more than {MEMORY // GIB} GiB of memory.")
            case _ if end.reason == "DeadlineExceeded":
                raise BuildFailed(f"The build took longer than {SECONDS} seconds.")
            case _:
                why = f" ({end.reason})" if end.reason else ""
                raise BuilderUnavailable(
                    f"The build's pod ended with exit code {end.exit_code}{why} and left nothing."
                )

    async def _clear(self, name: str, *parcels: Parcel) -> None:
        try:
            for kind in ("Job", "Secret"):
                await self._cluster.remove(kind, name)
        except ClusterTrouble as trouble:  # the job ends by itself, at its deadline
            log.warning("a build's job was not removed", job=name, error=str(trouble))
        for parcel in parcels:
            await self._parcels.store.discard(parcel.path)


def _pack(source: Path, archive: Path) -> None:
    with tarfile.open(archive, "x") as opened:
        opened.add(source, arcname=".")
