"""What every content file must be: text in UTF-8, in Git itself."""

from models.kinds import ContentProblemCode
from services.errors import ContentProblem
from services.git.export import LFS_POINTER

BYTE_ORDER_MARK = b"\xef\xbb\xbf"


def not_text(path: str, content: bytes) -> ContentProblem | None:
    """Why a file cannot be read as text at all, with the line."""
    if is_lfs_pointer(content):
        return lfs_pointer(path)
    # First, as most of UTF-16 is UTF-8 too, with a NUL in each letter.
    nul = content.find(b"\0")
    if nul >= 0:
        line = content.count(b"\n", 0, nul) + 1
        message = "The text has a NUL byte; it may be UTF-16."
        return ContentProblem(path, line, message, ContentProblemCode.NUL_BYTE)
    try:
        content.decode()
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        message = "The text is not UTF-8."
        return ContentProblem(path, line, message, ContentProblemCode.NOT_UTF8)
    return None


def is_lfs_pointer(content: bytes) -> bool:
    return content.startswith(LFS_POINTER)


def lfs_pointer(path: str) -> ContentProblem:
    message = "This is a Git LFS pointer; the file must be in Git itself."
    return ContentProblem(path, 1, message, ContentProblemCode.LFS_POINTER)
