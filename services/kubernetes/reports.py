"""A pod's log: lines for whoever reads it, and the one that is the pod's report."""

import json
import secrets
from collections.abc import Awaitable, Callable
from typing import Any

Log = Callable[[str], Awaitable[None]]


class Reports:
    """Passes lines on to ``log`` and keeps back the one behind ``mark``."""

    def __init__(self, log: Log) -> None:
        self.mark = f"pinmark-{secrets.token_hex(16)}:"
        self.found: dict[str, Any] = {}
        self._log = log

    async def hear(self, line: str) -> None:
        _, mark, report = line.rstrip("\r\n").partition(self.mark)
        if not mark:
            await self._log(line.rstrip("\r\n"))
            return
        try:
            self.found = dict(json.loads(report))
        except (ValueError, TypeError):
            self.found = {}
