"""The little that is asked of a cluster: make, follow, end, and find what others left."""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterable, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import httpx2
from lightkube import ApiError, AsyncClient, KubeConfig
from lightkube.core.exceptions import ConfigError
from lightkube.resources.apps_v1 import Deployment
from lightkube.resources.batch_v1 import Job
from lightkube.resources.core_v1 import Pod, Secret, Service
from lightkube.types import CascadeType

from services.kubernetes import objects
from services.kubernetes.objects import Object

LOOK_SECONDS = 0.3
TRIES = 5
TROUBLE = (ApiError, httpx2.HTTPError, OSError)
KINDS: Mapping[str, Any] = {
    "Deployment": Deployment,
    "Job": Job,
    "Service": Service,
    "Secret": Secret,
}
HOPELESS = {"ErrImageNeverPull", "InvalidImageName", "CreateContainerConfigError"}

Log = Callable[[str], Awaitable[None]]


@dataclass(frozen=True, kw_only=True)
class ClusterPolicy:
    """Where pods are made, and of what. ``pending_seconds``: for a pod to begin to run."""

    namespace: str
    image: str
    pending_seconds: float = 300


class ClusterTrouble(Exception):
    """The cluster did not do what was asked; the message says what it said."""


@dataclass(frozen=True)
class End:
    """How a pod's program ended."""

    exit_code: int
    reason: str


class Cluster:
    """One namespace of a cluster, an installation's own, and of it only what Pinmark made."""

    def __init__(self, client: AsyncClient, policy: ClusterPolicy) -> None:
        self._client = client
        self.policy = policy

    def labels(self, kind: str, **more: str) -> dict[str, str]:
        return {
            objects.MANAGED_BY: objects.PINMARK,
            objects.KIND: kind,
            **{f"pinmark.dev/{name}": value for name, value in more.items()},
        }

    async def create(self, wanted: Object) -> Any:
        kind = KINDS[wanted["kind"]]
        return await _asked(lambda: self._client.create(kind.from_dict(wanted)))

    async def remove(self, kind: str, name: str) -> None:
        """Remove it, with its pods; it may be gone already."""

        async def ask() -> None:
            try:
                await self._client.delete(
                    KINDS[kind], name, grace_period=0, cascade=CascadeType.BACKGROUND
                )
            except ApiError as error:
                if error.status.code != 404:
                    raise

        await _again_and_again(ask)

    async def remove_all(self, labels: Mapping[str, str]) -> int:
        """Remove whatever has all the labels; how much that was."""
        count = 0
        for kind in KINDS:
            for name in await self._names(kind, labels):
                await self.remove(kind, name)
                count += 1
        return count

    async def _names(self, kind: str, labels: Mapping[str, str]) -> list[str]:
        async def ask() -> list[str]:
            return [each.metadata.name async for each in self._found(KINDS[kind], labels)]

        return await _asked(ask)

    def _found(self, kind: Any, labels: Mapping[str, str]) -> AsyncIterable[Any]:
        client: Any = self._client  # whose types are not all known
        return client.list(kind, labels=dict(labels))

    async def follow(self, labels: Mapping[str, str], log: Log) -> End:
        """Pass on what the pod prints from its beginning, and say how it ended."""
        name = await self._begun(labels)
        told = 0
        while True:
            told = await self._pass_on(name, told, log)
            pod = await self._pod(labels)
            if pod is None:
                raise ClusterTrouble("The pod was removed.")
            end = _end_of(pod)
            if end is not None:
                await self._pass_on(name, told, log)
                return end
            await asyncio.sleep(LOOK_SECONDS)

    async def _begun(self, labels: Mapping[str, str]) -> str:
        """The name of the pod, once its program runs or has ended."""
        waited, why = 0.0, "No pod was made."
        while waited < self.policy.pending_seconds:
            pod = await self._pod(labels)
            if pod is not None:
                why = _why_it_waits(pod)
                if _runs(pod) or _end_of(pod) is not None:
                    return pod.metadata.name
                if why in HOPELESS:
                    break
            await asyncio.sleep(LOOK_SECONDS)
            waited += LOOK_SECONDS
        raise ClusterTrouble(f"The pod did not begin to run: {why}")

    async def _pod(self, labels: Mapping[str, str]) -> Any:
        async def ask() -> list[Any]:
            return [each async for each in self._found(Pod, labels)]

        found = await _asked(ask)
        return found[0] if found else None

    async def _pass_on(self, name: str, told: int, log: Log) -> int:
        """Pass on the lines after those that were told; how many there were by its end.

        A stream that breaks is read again from its beginning.
        """
        seen = 0
        try:
            async for line in self._client.log(name, follow=True, newlines=False):
                seen += 1
                if seen > told:
                    await log(line)
        except TROUBLE:
            await asyncio.sleep(LOOK_SECONDS)
        return max(told, seen)


def _state(pod: Any) -> Any:
    statuses = pod.status.containerStatuses if pod.status else None
    return statuses[0] if statuses else None


def _runs(pod: Any) -> bool:
    status = _state(pod)
    return status is not None and status.state is not None and status.state.running is not None


def _end_of(pod: Any) -> End | None:
    """How its program ended, also where it was started again since."""
    status = _state(pod)
    if status is not None:
        for state in (status.state, status.lastState):
            if state is not None and state.terminated is not None:
                return End(state.terminated.exitCode, state.terminated.reason or "")
    if pod.status is not None and pod.status.phase == "Failed":
        return End(-1, pod.status.reason or "Failed")
    return None


def _why_it_waits(pod: Any) -> str:
    status = _state(pod)
    if status is not None and status.state is not None and status.state.waiting is not None:
        return status.state.waiting.reason or "it waits"
    for condition in (pod.status.conditions if pod.status else None) or ():
        if condition.status != "True" and condition.message:
            return condition.message
    return "it waits"


async def _asked(ask: Callable[[], Awaitable[Any]]) -> Any:
    try:
        return await ask()
    except TROUBLE as error:
        raise ClusterTrouble(f"The cluster refuses or does not answer: {error}") from error


async def _again_and_again(ask: Callable[[], Awaitable[None]]) -> None:
    """What must be done, though the API server be away for a moment."""
    for number in range(TRIES):
        try:
            return await ask()
        except TROUBLE as error:
            if number == TRIES - 1:
                raise ClusterTrouble(f"The cluster does not answer: {error}") from error
            await asyncio.sleep(LOOK_SECONDS * 2**number)


@asynccontextmanager
async def open_cluster(
    policy: ClusterPolicy, *, config: KubeConfig | None = None
) -> AsyncGenerator[Cluster]:
    """The cluster that ``KUBECONFIG`` names, or the one that this process runs in."""
    try:
        client = AsyncClient(config or KubeConfig.from_env(), namespace=policy.namespace)
    except ConfigError as error:
        raise ClusterTrouble(f"No cluster is known here: {error}") from error
    try:
        yield Cluster(client, policy)
    finally:
        await client.aclose()
