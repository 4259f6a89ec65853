"""Who a confined command runs as.

An ordinary user's command runs as that user. Root's runs as a uid that nobody else has: a
process limit does not hold for root, and a sandbox that is escaped should lead nowhere.
"""

from __future__ import annotations

import os
from hashlib import sha256
from pathlib import Path

# The first range is free by systemd's table of uids and below the sign bit; the second, its
# range of dynamic users, is for a root whose namespace maps only 65,536 uids.
RANGES = ((0x7000_0000, 0x0FFF_FFF0), (61_184, 4_336))


def unprivileged_uid(seed: str) -> int | None:
    """The uid (and gid) to drop to, the same for the same seed; None to stay who we are.

    None for an ordinary user, and for a root whose namespace has no second uid to give: that
    one is root in name only, and the kernel's limits hold for it.
    """
    if os.geteuid() != 0:
        return None
    for first, count in RANGES:
        if _mapped("uid", first, count) and _mapped("gid", first, count):
            return first + int.from_bytes(sha256(seed.encode()).digest()[:8]) % count
    return None


def reachable(path: Path, uid: int | None) -> bool:
    """Whether ``path`` can be read by ``uid``, which owns nothing and is in no group."""
    if uid is None:
        return os.access(path, os.R_OK)
    whole = path.resolve()
    try:
        parents_enter = all(parent.stat().st_mode & 0o001 for parent in whole.parents)
        return parents_enter and bool(whole.stat().st_mode & 0o004)
    except FileNotFoundError:
        return False


def _mapped(kind: str, first: int, count: int) -> bool:
    for line in Path(f"/proc/self/{kind}_map").read_text().splitlines():
        start, _, length = map(int, line.split())
        if start <= first and first + count <= start + length:
            return True
    return False
