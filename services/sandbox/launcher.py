"""Becomes the sandbox: gives up root, then executes bwrap. Runs alone, as a program.

It reads one JSON object from its input, so that no variable of a build shows in a process list.
As root it first makes the directories that the unprivileged uid could not reach appear in the
working area, in a mount namespace of its own, because bwrap runs after the drop. It dies with
the server, and bwrap with it.

Without bwrap it stays, adopts whatever the command leaves behind, and ends all of it when the
command ends, when it is told to, or when the server is gone.
"""

from __future__ import annotations

import ctypes
import json
import os
import signal
import sys
from typing import Any, NoReturn

PR_SET_PDEATHSIG = 1
PR_SET_CHILD_SUBREAPER = 36
PR_SET_NO_NEW_PRIVS = 38
CLONE_NEWNS = 0x0002_0000
MS_BIND, MS_REC, MS_PRIVATE = 0x1000, 0x4000, 0x4_0000

libc = ctypes.CDLL(None, use_errno=True)


def main() -> None:
    order: dict[str, Any] = json.load(sys.stdin)
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    os.nice(order["niceness"])
    with open("/proc/self/oom_score_adj", "w") as file:
        file.write("500")  # where memory runs out, this goes before the server
    os.umask(0o022)
    if order["bwrap"]:
        become_bwrap(order)
    run_and_reap(order)


def become_bwrap(order: dict[str, Any]) -> NoReturn:
    if order["exposed"]:
        check(libc.unshare(CLONE_NEWNS), "unshare")
        mount(None, "/", MS_REC | MS_PRIVATE)
        for source, target in order["exposed"]:
            mount(source, target, MS_BIND | MS_REC)
    drop(order["uid"])
    die_with(order["parent"], signal.SIGKILL)
    arguments = os.memfd_create("arguments", 0)
    os.write(arguments, b"".join(os.fsencode(each) + b"\0" for each in order["arguments"]))
    os.lseek(arguments, 0, os.SEEK_SET)
    bwrap = order["bwrap"]
    os.execve(bwrap, [bwrap, "--args", str(arguments), "--", *order["command"]], {})


def run_and_reap(order: dict[str, Any]) -> NoReturn:
    signal.signal(signal.SIGTERM, told_to_end)
    check(libc.prctl(PR_SET_CHILD_SUBREAPER, 1), "prctl")
    die_with(order["parent"], signal.SIGTERM)
    command = os.fork()
    if command == 0:
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
        drop(order["uid"])
        check(libc.prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0), "prctl")
        os.chdir(order["directory"])
        os.execve(order["command"][0], order["command"], order["environment"])
    while True:
        pid, status = os.wait()
        if pid == command:
            code = os.waitstatus_to_exitcode(status)
            end(code if code >= 0 else 128 - code)


def told_to_end(number: int, _: object) -> NoReturn:
    end(128 + number)


def end(code: int) -> NoReturn:
    """Kill every child; the children they leave behind become ours and are next."""
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    try:
        while True:
            for pid in children():
                os.kill(pid, signal.SIGKILL)
            os.wait()
    except ChildProcessError:
        os._exit(code)


def children() -> list[int]:
    me = str(os.getpid())
    found: list[int] = []
    for name in filter(str.isdigit, os.listdir("/proc")):
        try:
            with open(f"/proc/{name}/stat", errors="replace") as file:
                if file.read().rpartition(")")[2].split()[1] == me:
                    found.append(int(name))
        except (FileNotFoundError, ProcessLookupError):
            continue
    return found


def drop(uid: int | None) -> None:
    if uid is not None:
        os.setgroups([])
        os.setresgid(uid, uid, uid)
        os.setresuid(uid, uid, uid)


def die_with(parent: int, number: int) -> None:
    """Must follow ``drop``: the kernel forgets the wish when the uid changes."""
    check(libc.prctl(PR_SET_PDEATHSIG, number), "prctl")
    if os.getppid() != parent:
        os._exit(1)  # it died before we could ask


def mount(source: str | None, target: str, flags: int) -> None:
    origin = os.fsencode(source) if source else None
    check(libc.mount(origin, os.fsencode(target), None, flags, None), f"mount {source}")


def check(result: int, what: str) -> None:
    if result != 0:
        reason = os.strerror(ctypes.get_errno())
        raise SystemExit(f"{what}: {reason}")


if __name__ == "__main__":
    main()
