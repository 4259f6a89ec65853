"""What sort of file a content file is, what may be wrong with one, and a handler's language."""

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


class ContentProblemCode(StrEnum):
    """What is wrong with a file of a commit, for programs to tell apart."""

    NOT_UTF8 = "NOT_UTF8"
    NUL_BYTE = "NUL_BYTE"
    LFS_POINTER = "LFS_POINTER"
    INVALID_JSON_LINE = "INVALID_JSON_LINE"
    MISSING_INPUT = "MISSING_INPUT"
    INVALID_FRONTMATTER = "INVALID_FRONTMATTER"
    INVALID_CONFIGURATION = "INVALID_CONFIGURATION"
    SYMLINK = "SYMLINK"
    SUBMODULE = "SUBMODULE"
    UNSAFE_PATH = "UNSAFE_PATH"
    TOO_MANY_FILES = "TOO_MANY_FILES"
    TOO_DEEP = "TOO_DEEP"
    TOO_LARGE = "TOO_LARGE"
    DAMAGED = "DAMAGED"
    UNCODED = "UNCODED"
