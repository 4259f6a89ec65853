"""Mirrors: a bare repository of ours for every app, holding the commits that were deployed.

A mirror holds single commits with their trees, no history. It can be lost: ``ensure_commit``
fetches again what the repository still has. Writers take turns, in one process by an asyncio
lock and between processes by a lock file; readers need neither, since objects never change.
"""

import asyncio
from collections import defaultdict
from collections.abc import AsyncGenerator, Callable, Iterable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import TypeVar
from uuid import UUID

from anyio import to_thread

from services.errors import InvalidInput, RepositoryUnreachable
from services.git.addresses import check_address, check_path, is_branch_name
from services.git.commits import CommitFacts, read_commit
from services.git.copying import Copying, local_head
from services.git.deadline import Budget, Deadline
from services.git.export import refuse_links, write_files
from services.git.gate import Gate, open_gate
from services.git.host import Host
from services.git.hosts import AddressPolicy
from services.git.https_gate import HttpsGate
from services.git.libgit2 import open_linked
from services.git.locks import exclusive
from services.git.mirror import Mirror
from services.git.ssh import read_host_key
from services.git.ssh_addresses import SshAddress, is_ssh
from services.git.ssh_gate import SshGate
from services.git.ssh_keys import DeployKey, HostKey
from services.git.trees import TreeBudget, TreeFile

TRANSFER_BYTES = 512 * 1024 * 1024
INTRODUCTION_BYTES = 1024 * 1024
TRANSFERS_AT_ONCE = 8  # so that slow hosts leave threads for everything else

Answer = TypeVar("Answer")


@dataclass(frozen=True)
class Remote:
    """Where an app's code comes from; ``url`` has passed ``check_address``.

    Over ssh it has a deploy key and the key of the host, over https perhaps a token.
    """

    url: str
    branch: str
    token: str | None = field(default=None, repr=False)
    deploy_key: DeployKey | None = None
    host_key: HostKey | None = None

    @property
    def is_local(self) -> bool:
        return self.url.startswith("/")


class Mirrors:
    """The mirrors below ``directory``; every transfer ends within ``fetch_seconds``."""

    def __init__(
        self,
        directory: Path,
        policy: AddressPolicy,
        *,
        fetch_seconds: float = 10,
        transfer_bytes: int = TRANSFER_BYTES,
    ) -> None:
        self._directory = directory
        self._policy = policy
        self._fetch_seconds = fetch_seconds
        self._transfer_bytes = transfer_bytes
        self._locks: defaultdict[UUID, asyncio.Lock] = defaultdict(asyncio.Lock)
        self._transfers = asyncio.Semaphore(TRANSFERS_AT_ONCE)

    async def observe_head(self, app_id: UUID, remote: Remote) -> str | None:
        """Return the commit the branch points at now, None when there is no such branch."""
        deadline = Deadline.within(self._fetch_seconds)
        check_remote(remote)
        if remote.is_local:
            return await self._in_thread(
                lambda: local_head(open_linked(self._path_of(remote)), remote.branch), deadline
            )
        mirror = await self._made_mirror(app_id, deadline)
        return await self._through_gate(
            mirror, remote, lambda host: host.head(remote.branch), deadline
        )

    async def host_key(self, url: str, expected: HostKey | None) -> HostKey:
        """Return the key that a host behind ssh shows, the expected one if it has that."""
        deadline = Deadline.within(self._fetch_seconds)
        address = SshAddress.of(check_again(url, self._policy))
        try:
            async with asyncio.timeout(deadline.remaining):
                budget = Budget(INTRODUCTION_BYTES)
                return await read_host_key(address, self._policy, expected, budget)
        except TimeoutError as error:
            raise deadline.refusal from error

    async def fetch_head(self, app_id: UUID, remote: Remote) -> str:
        """Fetch the commit the branch points at, and return its id."""
        check_remote(remote)
        async with self._writing(app_id) as (mirror, deadline):
            if remote.is_local:
                take = partial(self._copy_head, mirror, remote, deadline)
                sha = await self._in_thread(take, deadline)
            else:
                sha = await self._fetch(mirror, remote, f"refs/heads/{remote.branch}", deadline)
        if sha is None:
            raise RepositoryUnreachable(f"it has no branch {remote.branch}")
        return sha

    async def ensure_commit(self, app_id: UUID, remote: Remote, sha: str) -> None:
        """Fetch a commit unless it is here: another machine's fetch, or a mirror that was lost."""
        if await self.has_commit(app_id, sha):
            return
        check_remote(remote)
        async with self._writing(app_id) as (mirror, deadline):
            if remote.is_local:
                take = partial(self._copy_commit, mirror, remote, sha, deadline)
                await self._in_thread(take, deadline)
            else:
                await self._fetch(mirror, remote, sha, deadline)
        if not await self.has_commit(app_id, sha):
            raise RepositoryUnreachable(f"commit {sha[:12]} is not in it")

    async def has_commit(self, app_id: UUID, sha: str) -> bool:
        return await to_thread.run_sync(self._mirror(app_id).has_commit, sha)

    async def keep(self, app_id: UUID, sha: str) -> None:
        """Hold on to a commit for ever, whatever becomes of the branch."""
        async with self._writing(app_id) as (mirror, _):
            await to_thread.run_sync(mirror.keep, sha)

    async def commit(self, app_id: UUID, sha: str) -> CommitFacts:
        mirror = self._mirror(app_id)
        return await to_thread.run_sync(lambda: read_commit(mirror.open(), sha))

    async def read_tree(
        self, app_id: UUID, sha: str, budget: TreeBudget | None = None
    ) -> tuple[TreeFile, ...]:
        """Return every file tracked at a commit, sorted by path, or raise ``TreeRefused``."""
        return await to_thread.run_sync(self._mirror(app_id).read_tree, sha, budget or TreeBudget())

    async def blob_sizes(self, app_id: UUID, object_ids: Iterable[str]) -> Mapping[str, int]:
        """Return the size of each blob; one that is missing or no blob has none."""
        return await to_thread.run_sync(self._mirror(app_id).blob_sizes, set(object_ids))

    async def read_blobs(self, app_id: UUID, object_ids: Iterable[str]) -> Mapping[str, bytes]:
        """Return the bytes of each blob; the caller has asked for the sizes before."""
        return await to_thread.run_sync(self._mirror(app_id).read_blobs, set(object_ids))

    async def export(
        self, app_id: UUID, sha: str, destination: Path, budget: TreeBudget | None = None
    ) -> None:
        """Write the commit's files into an empty folder, or raise ``TreeRefused``."""
        mirror = self._mirror(app_id)

        def write() -> None:
            files = mirror.read_tree(sha, budget or TreeBudget())
            refuse_links(files)
            write_files(mirror.open(), files, destination)

        await to_thread.run_sync(write)

    def _mirror(self, app_id: UUID) -> Mirror:
        return Mirror(self._directory / f"{app_id}.git")

    @asynccontextmanager
    async def _writing(self, app_id: UUID) -> AsyncGenerator[tuple[Mirror, Deadline]]:
        deadline = Deadline.within(self._fetch_seconds)
        async with held(self._locks[app_id], deadline):
            yield await self._made_mirror(app_id, deadline), deadline

    async def _made_mirror(self, app_id: UUID, deadline: Deadline) -> Mirror:
        mirror = self._mirror(app_id)
        await to_thread.run_sync(mirror.make, deadline)
        return mirror

    async def _in_thread(self, work: Callable[[], Answer], deadline: Deadline) -> Answer:
        """Run a transfer in a thread, when it is its turn."""
        async with held(self._transfers, deadline):
            return await to_thread.run_sync(work)

    async def _fetch(
        self, mirror: Mirror, remote: Remote, wanted: str, deadline: Deadline
    ) -> str | None:
        def fetch(host: Host) -> str | None:
            with exclusive(mirror.lock_path, deadline):
                mirror.forget_stale_locks()
                return host.fetch(wanted)

        return await self._through_gate(mirror, remote, fetch, deadline)

    async def _through_gate(
        self,
        mirror: Mirror,
        remote: Remote,
        work: Callable[[Host], Answer],
        deadline: Deadline,
    ) -> Answer:
        async with open_gate(self._gate_to(remote, deadline)) as gate:
            host = partial(Host, url=gate.url, token=remote.token, deadline=deadline)
            try:
                return await self._in_thread(lambda: work(host(mirror.open())), deadline)
            except RepositoryUnreachable as error:
                if failure := failure_of(gate, deadline):
                    raise failure from error
                raise

    def _gate_to(self, remote: Remote, deadline: Deadline) -> Gate:
        url, budget = check_again(remote.url, self._policy), self._transfer_bytes
        if not is_ssh(url):
            return HttpsGate(url, remote.token, self._policy, deadline=deadline, budget=budget)
        assert remote.deploy_key is not None, "the database keeps one beside each ssh address"
        assert remote.host_key is not None
        return SshGate(
            SshAddress.of(url),
            remote.deploy_key.private,
            remote.host_key,
            self._policy,
            deadline=deadline,
            budget=budget,
        )

    def _copy_head(self, mirror: Mirror, remote: Remote, deadline: Deadline) -> str | None:
        source = open_linked(self._path_of(remote))
        sha = local_head(source, remote.branch)
        if sha is not None:
            self._copy_commit(mirror, remote, sha, deadline)
        return sha

    def _copy_commit(self, mirror: Mirror, remote: Remote, sha: str, deadline: Deadline) -> None:
        source = open_linked(self._path_of(remote))
        with exclusive(mirror.lock_path, deadline):
            Copying(source, mirror.open(), deadline, self._transfer_bytes).copy(sha)

    def _path_of(self, remote: Remote) -> Path:
        """Return the linked path, judged again: a link on the way may have changed since."""
        check_again(remote.url, self._policy)
        return check_path(remote.url, self._policy)


@asynccontextmanager
async def held(lock: asyncio.Lock | asyncio.Semaphore, deadline: Deadline) -> AsyncGenerator[None]:
    """Hold the lock for the block, unless it does not come free in time."""
    try:
        async with asyncio.timeout(deadline.remaining):
            await lock.acquire()
    except TimeoutError as error:
        raise deadline.refusal from error
    try:
        yield
    finally:
        lock.release()


def check_again(url: str, policy: AddressPolicy) -> str:
    try:
        return check_address(url, policy)
    except InvalidInput as error:
        raise RepositoryUnreachable("its address is no longer allowed") from error


def check_remote(remote: Remote) -> None:
    if not is_branch_name(remote.branch):
        raise RepositoryUnreachable("its branch has no valid name")


def failure_of(gate: Gate, deadline: Deadline) -> RepositoryUnreachable | None:
    """Return why the gate hung up, which libgit2 saw only as a broken connection."""
    if gate.failure is None and deadline.remaining == 0:
        return deadline.refusal
    return gate.failure
