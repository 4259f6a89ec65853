"""An app's package cache: what its builds have downloaded, kept for the next one."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

from services.sandbox import remove_tree
from services.sandbox.disk import disk_usage


@contextmanager
def hold_cache(cache: Path, *, uid: int | None, most: int) -> Generator[None]:
    """Have a usable cache at ``cache`` while the block runs.

    It is emptied first when it has outgrown ``most`` bytes or belongs to another uid than the
    builds run as, unless another build is using it at the moment.
    """
    cache.parent.mkdir(parents=True, exist_ok=True)
    lock = os.open(cache.with_name(f"{cache.name}.lock"), os.O_RDWR | os.O_CREAT, 0o600)
    try:
        if cache.exists() and _unusable(cache, uid, most) and _is_free(lock):
            remove_tree(cache)
        fcntl.flock(lock, fcntl.LOCK_SH)
        cache.mkdir(exist_ok=True)
        if uid is not None:
            os.chown(cache, uid, uid)
        yield
    finally:
        os.close(lock)


def _unusable(cache: Path, uid: int | None, most: int) -> bool:
    foreign = uid is not None and cache.stat().st_uid != uid
    return foreign or disk_usage([cache], at_most=most) > most


def _is_free(lock: int) -> bool:
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
