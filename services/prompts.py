"""Prompts and components, taken apart for those who read them."""

from collections import OrderedDict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from anyio import to_thread
from sqlmodel.ext.asyncio.session import AsyncSession

from services.blobs import read_blobs
from services.content.frontmatter import FrontmatterInvalid, read_fields, split, top_level_keys
from services.store import Store

KEPT = 50_000


class PromptKind(StrEnum):
    """What a prompt makes, by the one ``…_config`` in its frontmatter."""

    TEXT = "text"
    OBJECT = "object"
    IMAGE = "image"
    SPEECH = "speech"


@dataclass(frozen=True)
class Template:
    """``frontmatter`` is empty where there is none, and None where it is no usable YAML: of a
    component nobody demands that it is. Then ``body`` is the whole text.
    """

    content: str
    frontmatter: dict[str, Any] | None
    body: str
    kind: PromptKind | None


def read_template(content: bytes) -> Template:
    text = content.decode()
    try:
        parts = split(content)
        fields = {} if parts is None else read_fields(parts.yaml)
    except FrontmatterInvalid:
        return Template(text, None, text, None)
    body = text if parts is None else parts.body.decode()
    return Template(text, fields, body, _kind_among(fields))


def _kind_among(keys: Collection[str]) -> PromptKind | None:
    found = [kind for kind in PromptKind if f"{kind.value}_config" in keys]
    return found[0] if len(found) == 1 else None


class _Known:
    """What kinds of prompt were seen, by digest: a digest names its bytes for ever."""

    def __init__(self) -> None:
        self._kinds: OrderedDict[bytes, PromptKind | None] = OrderedDict()

    def of(self, digests: Collection[bytes]) -> dict[bytes, PromptKind | None]:
        known = {digest: self._kinds[digest] for digest in digests if digest in self._kinds}
        for digest in known:
            self._kinds.move_to_end(digest)
        return known

    def learn(self, kinds: Mapping[bytes, PromptKind | None]) -> None:
        self._kinds.update(kinds)
        while len(self._kinds) > KEPT:
            self._kinds.popitem(last=False)


_known = _Known()


async def prompt_kinds(
    session: AsyncSession, store: Store, digests: Collection[bytes]
) -> dict[bytes, PromptKind | None]:
    """The kind of each prompt; only those not seen before are read."""
    kinds = _known.of(digests)
    unknown = [digest for digest in digests if digest not in kinds]
    if unknown:
        async for contents in read_blobs(session, store, unknown):
            read = await to_thread.run_sync(_read_kinds, contents)
            kinds |= read
            _known.learn(read)
    return kinds


def _read_kinds(contents: Mapping[bytes, bytes]) -> dict[bytes, PromptKind | None]:
    return {digest: _read_kind(content) for digest, content in contents.items()}


def _read_kind(content: bytes) -> PromptKind | None:
    try:
        parts = split(content)
        return None if parts is None else _kind_among(top_level_keys(parts.yaml))
    except FrontmatterInvalid:
        return None
