"""Everything that a stolen database or data directory would show, and looking for secrets in it."""

import base64
import subprocess
from collections.abc import Iterable, Mapping
from pathlib import Path

from pinmark.embedded_postgres.binaries import find_binaries


def dump(database_url: str) -> bytes:
    """The whole database as ``pg_dump`` writes it, every schema; bytes in hexadecimal."""
    program = find_binaries(None) / "pg_dump"
    done = subprocess.run([program, "--dbname", database_url], capture_output=True, check=True)
    return done.stdout


def files_below(directory: Path, *, but: Iterable[str] = ()) -> dict[str, bytes]:
    """Every file by its path; sockets and what goes away meanwhile are none."""
    found: dict[str, bytes] = {}
    for path in directory.rglob("*"):
        name = str(path.relative_to(directory))
        if path.is_file() and name not in set(but):
            found[name] = path.read_bytes()
    return found


def spellings(secret: str) -> set[bytes]:
    """A secret as it is, in hexadecimal, and in base64 wherever in a text it began."""
    plain = secret.encode()
    found = {plain, plain.hex().encode(), plain.hex().upper().encode()}
    for before in range(3):
        padded = b"\0" * before + plain
        # The characters at either end hold bits of what stands beside the secret.
        first, last = -(-before * 8 // 6), len(padded) * 8 // 6
        for encode in (base64.b64encode, base64.urlsafe_b64encode):
            found.add(encode(padded)[first:last])
    return found


def found_in(texts: Mapping[str, bytes], secrets: Mapping[str, str]) -> list[str]:
    """Which secret is where, in which spelling."""
    return [
        f"{name} in {where} as {spelled.decode()}"
        for name, secret in secrets.items()
        for spelled in sorted(spellings(secret))
        for where, text in texts.items()
        if spelled in text
    ]
