"""Which builder and which driver of runtimes there are, by what is set."""

import os
from collections.abc import AsyncGenerator
from contextlib import AsyncExitStack, asynccontextmanager
from typing import TYPE_CHECKING

from pinmark.missing_extra import MissingExtra
from pinmark.settings import Settings
from services.builder import Builder
from services.local_builder import LocalBuilder
from services.local_runtime import LocalRuntimes, RuntimeLimits
from services.parcels import Parcels
from services.runtimes.driver import RuntimeDriver
from services.sandbox import MIB
from services.store import Store

if TYPE_CHECKING:
    from services.kubernetes import Cluster


class NoCluster(Exception):
    """Pods are to be made and nothing here says in which cluster."""


@asynccontextmanager
async def open_builder(settings: Settings, parcels: Parcels) -> AsyncGenerator[Builder]:
    if settings.builder == "local":
        yield LocalBuilder(sandbox=settings.sandbox, environment=os.environ)
        return
    async with _open_cluster(settings, "PINMARK_BUILDER") as cluster:
        from services.kubernetes import KubernetesBuilder

        yield KubernetesBuilder(cluster, parcels, os.environ)


@asynccontextmanager
async def open_runtimes(
    settings: Settings, store: Store, parcels: Parcels
) -> AsyncGenerator[RuntimeDriver]:
    limits = RuntimeLimits(
        memory=settings.runtime_memory_mib * MIB, call_seconds=settings.runtime_call_seconds
    )
    if settings.runtime == "local":
        yield LocalRuntimes(store, settings.sandbox, limits)
        return
    async with _open_cluster(settings, "PINMARK_RUNTIME") as cluster:
        from services.kubernetes import KubernetesRuntimes

        yield KubernetesRuntimes(cluster, parcels, limits)


@asynccontextmanager
async def _open_cluster(settings: Settings, setting: str) -> AsyncGenerator["Cluster"]:
    try:
        from services.kubernetes import ClusterPolicy, ClusterTrouble, open_cluster
    except ModuleNotFoundError as missing:
        raise MissingExtra(setting, "kubernetes") from missing
    assert settings.kubernetes_image is not None  # the settings see to it
    policy = ClusterPolicy(namespace=settings.kubernetes_namespace, image=settings.kubernetes_image)
    async with AsyncExitStack() as stack:
        try:
            cluster = await stack.enter_async_context(open_cluster(policy))
        except ClusterTrouble as trouble:
            raise NoCluster(f"{setting}=kubernetes: {trouble}") from trouble
        yield cluster
