"""What sort of file a content file is, and what a handler is written in."""

from enum import StrEnum


class FileKind(StrEnum):
    """What a content file is to Pinmark."""

    PROMPT = "PROMPT"
    COMPONENT = "COMPONENT"
    DATASET = "DATASET"
    SCHEMA = "SCHEMA"
    CONFIGURATION = "CONFIGURATION"


class Language(StrEnum):
    """What a handler is written in."""

    PYTHON = "PYTHON"
    NODE = "NODE"
