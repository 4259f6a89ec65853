"""A process that owns an embedded Postgres until its standard input ends, or it is killed.

Printed on standard output: the URL, once the server is up. What makes this machine look like
another one happens here, in a process that ends: becoming another user, and a seccomp filter
that refuses user namespaces as the default profile of containers does.
"""

from __future__ import annotations

import argparse
import ctypes
import os
import platform
import sys
from pathlib import Path

from pinmark.embedded_postgres import run_embedded_postgres
from pinmark.embedded_postgres.identity import Strategy

PR_SET_DUMPABLE = 4
PR_SET_NO_NEW_PRIVS = 38
PR_SET_SECCOMP = 22
SECCOMP_MODE_FILTER = 2
UNSHARE = {"x86_64": 272, "aarch64": 97}
STRATEGIES: dict[str, Strategy] = {
    "same user": "same user",
    "namespace": "namespace",
    "nobody": "nobody",
}


class Instruction(ctypes.Structure):
    _fields_ = (
        ("code", ctypes.c_ushort),
        ("jump_true", ctypes.c_ubyte),
        ("jump_false", ctypes.c_ubyte),
        ("operand", ctypes.c_uint32),
    )


class Program(ctypes.Structure):
    _fields_ = (("length", ctypes.c_ushort), ("filter", ctypes.POINTER(Instruction)))


def prctl(option: int, *arguments: object) -> None:
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.prctl(option, *arguments) != 0:
        raise OSError(ctypes.get_errno(), f"prctl({option})")


def refuse_namespaces() -> None:
    instructions = (Instruction * 4)(
        Instruction(0x20, 0, 0, 0),  # load the number of the system call
        Instruction(0x15, 0, 1, UNSHARE[platform.machine()]),  # is it unshare?
        Instruction(0x06, 0, 0, 0x00050001),  # then answer EPERM
        Instruction(0x06, 0, 0, 0x7FFF0000),  # else go on
    )
    prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
    prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, ctypes.byref(Program(4, instructions)))


def become(uid: int) -> None:
    os.setgroups([])
    os.setresgid(uid, uid, uid)
    os.setresuid(uid, uid, uid)
    # Changing user closes /proc/self to a process, as if it ran a set-uid program; a process
    # that began as this user would have it open.
    prctl(PR_SET_DUMPABLE, 1, 0, 0, 0)


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("directory", type=Path)
    parser.add_argument("--binaries", type=Path)
    parser.add_argument("--strategy", choices=STRATEGIES)
    parser.add_argument("--refuse-namespaces", action="store_true")
    parser.add_argument("--uid", type=int)
    chosen = parser.parse_args()
    if chosen.refuse_namespaces:
        refuse_namespaces()
    if chosen.uid is not None and chosen.uid != os.geteuid():
        become(chosen.uid)
    with run_embedded_postgres(
        chosen.directory,
        binaries=chosen.binaries,
        strategy=STRATEGIES[chosen.strategy] if chosen.strategy else None,
    ) as postgres:
        sys.stdout.write(f"{postgres.url()}\n")
        sys.stdout.flush()
        sys.stdin.read()


if __name__ == "__main__":
    main()
