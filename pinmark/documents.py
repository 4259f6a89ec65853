"""The documents that the dashboard was built with, by the id that it sends in place of their text.

Source: the GraphQL over HTTP specification, appendix on persisted documents: an id is
``sha256:`` and the digest of the text. The build leaves them beside the pages. They save bytes,
and parsing: the server meets the same few texts again and again. Other texts are taken as ever.
"""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

import orjson

from pinmark.static_build import STATIC

DOCUMENTS_FILE = STATIC / "documents.json"


def document_text(identity: str, file: Path = DOCUMENTS_FILE) -> str | None:
    """The document's text; None for one that this server's dashboard does not have."""
    try:
        changed_at = file.stat().st_mtime_ns
    except FileNotFoundError:
        return None
    return _read(file, changed_at).get(identity)


@lru_cache(maxsize=1)
def _read(file: Path, changed_at: int) -> dict[str, str]:
    """All documents; ``changed_at`` has them read again after another build."""
    return orjson.loads(file.read_bytes())
