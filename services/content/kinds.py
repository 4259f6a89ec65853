"""Which file of a repository is content, and of what kind."""

from models.kinds import FileKind
from services.content.configuration import CONFIGURATION_PATH, Configuration

# The first suffix that fits decides: a prompt is a special sort of ``.mdx``.
KINDS = (
    (".prompt.mdx", FileKind.PROMPT),
    (".mdx", FileKind.COMPONENT),
    (".md", FileKind.COMPONENT),
    (".jsonl", FileKind.DATASET),
    (".json", FileKind.SCHEMA),
)


def kind_of(path: str, configuration: Configuration) -> FileKind | None:
    """Return what a file is to the app, None for a file that is code or nothing."""
    if path == CONFIGURATION_PATH:
        return FileKind.CONFIGURATION
    if not path.startswith(configuration.content_root):
        return None
    return kind_named(path)


def kind_named(path: str) -> FileKind | None:
    """Return what a file of this name below the content root would be, None for no content."""
    return next((kind for suffix, kind in KINDS if path.endswith(suffix)), None)
