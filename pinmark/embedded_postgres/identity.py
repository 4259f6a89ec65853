"""Whom Postgres runs as: it refuses uid 0, and initdb refuses a uid without a passwd entry.

An ordinary user runs it as that user. Root, and a user that /etc/passwd does not know (usual
in containers), run it in a user namespace that holds one uid: the kernel outside still sees
the same user, Postgres inside sees another one. Where namespaces are refused, root runs it as
``nobody``; then any other process of ``nobody`` can reach the socket, so a namespace is better.

Everything here that a child does happens between fork and exec.
"""

from __future__ import annotations

import ctypes
import os
import pwd
import signal
import subprocess
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, Protocol

from pinmark.embedded_postgres.errors import EmbeddedPostgresError

Strategy = Literal["same user", "namespace", "nobody"]

# linux/prctl.h, linux/sched.h
PR_SET_PDEATHSIG = 1
CLONE_NEWUSER = 0x10000000
# 1000 is what a desktop's first user has; the others are in every distribution's passwd.
UIDS_INSIDE = (1000, 65534, 1)

# Loaded here, because a child between fork and exec should load nothing.
_libc = ctypes.CDLL(None, use_errno=True)


class Identity(Protocol):
    """A user for the server: ``uid`` and ``gid`` are the owner of its files as we see them."""

    @property
    def uid(self) -> int: ...

    @property
    def gid(self) -> int: ...

    def assume(self) -> None:
        """Become this user, in the child."""
        ...


@dataclass(frozen=True)
class SameUser:
    """The user we are."""

    uid: int
    gid: int

    def assume(self) -> None:
        """Nothing to do."""


@dataclass(frozen=True)
class Namespace:
    """The user we are, known by another uid in a user namespace of the server's own."""

    uid: int
    gid: int
    uid_inside: int

    def assume(self) -> None:
        _check(_libc.unshare(CLONE_NEWUSER), "unshare")
        _write("/proc/self/setgroups", "deny")  # the kernel's condition for the next line
        _write("/proc/self/gid_map", f"{self.uid_inside} {self.gid} 1")
        _write("/proc/self/uid_map", f"{self.uid_inside} {self.uid} 1")


@dataclass(frozen=True)
class Nobody:
    """The account that owns nothing; only root can become it."""

    uid: int
    gid: int

    def assume(self) -> None:
        os.setgroups([])
        os.setresgid(self.gid, self.gid, self.gid)
        os.setresuid(self.uid, self.uid, self.uid)


def choose_identity(postgres: Path, strategy: Strategy | None = None) -> Identity:
    """The first identity that works for us here, or the one of the strategy asked for."""
    uid, gid = os.geteuid(), os.getegid()
    namespace = Namespace(uid, gid, uid_inside=next(filter(_is_known, UIDS_INSIDE), 1000))
    match strategy:
        case "same user":
            return SameUser(uid, gid)
        case "namespace":
            return namespace
        case "nobody":
            return _nobody()
        case None:
            pass
    if uid != 0 and _is_known(uid):
        return SameUser(uid, gid)
    if _is_granted(namespace, postgres):
        return namespace
    return _nobody() if uid == 0 else SameUser(uid, gid)


def advice(identity: Identity) -> str:
    """What would help where nothing did: initdb insists on a name for its user."""
    if not isinstance(identity, SameUser) or _is_known(identity.uid):
        return ""
    return (
        f"\nUser namespaces are refused here: give uid {identity.uid} an entry in /etc/passwd, or "
        "name another server in PINMARK_DATABASE_URL."
    )


def becoming(identity: Identity) -> Callable[[], None]:
    """What a child does before exec: become the identity, then tie its life to ours.

    The order matters: the kernel forgets the death signal when credentials change. It sends
    the signal when the *thread* that forked ends, so only the main thread may use this.
    """
    parent = os.getpid()

    def prepare() -> None:
        identity.assume()
        _check(_libc.prctl(PR_SET_PDEATHSIG, signal.SIGINT, 0, 0, 0), "prctl")
        if os.getppid() != parent:  # it died before the line above could ask for a signal
            os._exit(1)

    return prepare


def _is_granted(namespace: Namespace, postgres: Path) -> bool:
    try:
        subprocess.run(
            [postgres, "--version"],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            check=False,
            preexec_fn=becoming(namespace),
        )
    except subprocess.SubprocessError:  # raised before exec
        return False
    except PermissionError:  # raised by exec: the namespace works, the binary is out of reach
        return True
    return True


def _nobody() -> Nobody:
    try:
        entry = pwd.getpwnam("nobody")
    except KeyError as error:
        raise EmbeddedPostgresError(
            "Postgres refuses to run as root, user namespaces are refused here, and there is no "
            "account named nobody. Run Pinmark as an ordinary user, or name another server in "
            "PINMARK_DATABASE_URL."
        ) from error
    return Nobody(entry.pw_uid, entry.pw_gid)


def _is_known(uid: int) -> bool:
    try:
        pwd.getpwuid(uid)
    except KeyError:
        return False
    return True


def _check(result: int, call: str) -> None:
    if result != 0:
        number = ctypes.get_errno()
        raise OSError(number, f"{call}: {os.strerror(number)}")


def _write(path: str, text: str) -> None:
    descriptor = os.open(path, os.O_WRONLY)
    try:
        os.write(descriptor, text.encode())
    finally:
        os.close(descriptor)
