"""Text from elsewhere, made fit to keep: Postgres refuses NUL and half surrogates."""


def storable(text: str, *, maximum: int | None = None) -> str:
    """``text`` with what cannot be kept replaced, cut to ``maximum`` characters."""
    kept = text.replace("\x00", "\N{REPLACEMENT CHARACTER}").encode(errors="replace").decode()
    return kept if maximum is None or len(kept) <= maximum else kept[: maximum - 1] + "…"
