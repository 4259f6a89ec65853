"""The content of a commit, read whole and judged."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain, islice
from uuid import UUID

from anyio import to_thread

from models.kinds import ContentProblemCode, FileKind
from services.content.configuration import (
    CONFIGURATION_PATH,
    Configuration,
    problem,
    read_configuration,
)
from services.content.kinds import kind_of
from services.content.validation import MAXIMUM_PROBLEMS, validate
from services.errors import ContentProblem
from services.git.copying import MAXIMUM_OBJECT_BYTES
from services.git.mirrors import Mirrors
from services.git.trees import SYMLINK, TreeFile, TreeRefused

MEBIBYTE = 1024 * 1024
MAXIMUM_FILE_BYTES = 10 * MEBIBYTE
MAXIMUM_CONTENT_BYTES = 100 * MEBIBYTE
MAXIMUM_FILES = 20_000
WHOLE = "."  # the path of a problem that no one file has


@dataclass(frozen=True)
class ContentFile:
    path: str
    kind: FileKind
    object_id: str
    size: int
    content: bytes


@dataclass(frozen=True)
class Content:
    """What a commit has for the app to read; with any problem it must not be served.

    ``files`` is sorted by path. ``tree`` is every tracked file, content or not, and empty when
    the tree itself was refused.
    """

    files: tuple[ContentFile, ...]
    configuration: Configuration
    problems: tuple[ContentProblem, ...]
    tree: tuple[TreeFile, ...]

    @property
    def is_valid(self) -> bool:
        return not self.problems


async def read_content(mirrors: Mirrors, app_id: UUID, sha: str) -> Content:
    """Read and validate the content of a commit that is in the mirror.

    A tree that cannot be read is a problem of the content like any other, so a hostile commit
    fails its file sync with a reason.
    """
    try:
        tree = await mirrors.read_tree(app_id, sha)
        configuration = await configuration_of(mirrors, app_id, tree)
        if not isinstance(configuration, Configuration):
            return Content((), Configuration(), configuration, tree)
        return await content_of(mirrors, app_id, tree, configuration)
    except TreeRefused as refusal:
        return Content((), Configuration(), (problem_of(refusal),), ())


def problem_of(refusal: TreeRefused) -> ContentProblem:
    """A refused tree as a problem like any other."""
    return ContentProblem(refusal.path or WHOLE, None, refusal.message, refusal.code)


async def configuration_of(
    mirrors: Mirrors, app_id: UUID, tree: Sequence[TreeFile]
) -> Configuration | tuple[ContentProblem, ...]:
    file = next((file for file in tree if file.path == CONFIGURATION_PATH), None)
    if file is None:
        return Configuration()
    sizes = await mirrors.blob_sizes(app_id, [file.object_id])
    if problems := list(unreadable([file], sizes)):
        return tuple(problems)
    blobs = await mirrors.read_blobs(app_id, [file.object_id])
    return read_configuration(blobs[file.object_id])


async def content_of(
    mirrors: Mirrors, app_id: UUID, tree: tuple[TreeFile, ...], configuration: Configuration
) -> Content:
    found = [file for file in tree if kind_of(file.path, configuration) is not None]
    sizes = await mirrors.blob_sizes(app_id, (file.object_id for file in found))
    links = (file for file in tree if is_link_inside(file, configuration))
    problems = list(
        islice(
            chain(
                missing_root(tree, configuration),
                unreadable(links, sizes),
                unreadable((file for file in found if file.is_regular), sizes),
                too_much(found, sizes),
            ),
            MAXIMUM_PROBLEMS,
        )
    )
    if problems:
        return Content((), configuration, tuple(problems), tree)
    blobs = await mirrors.read_blobs(app_id, sizes)
    files = tuple(
        ContentFile(file.path, kind, file.object_id, sizes[file.object_id], blobs[file.object_id])
        for file in found
        if (kind := kind_of(file.path, configuration)) is not None
    )
    return Content(files, configuration, await to_thread.run_sync(validate_all, files), tree)


def is_link_inside(file: TreeFile, configuration: Configuration) -> bool:
    """True for a symbolic link or submodule that content is, holds, or is reached through."""
    if file.is_regular:
        return False
    root = configuration.content_root
    return (file.path + "/").startswith(root) or root.startswith(file.path + "/")


def missing_root(
    tree: Sequence[TreeFile], configuration: Configuration
) -> Iterable[ContentProblem]:
    """A configured folder that does not exist is a slip; the default one may be absent."""
    path = configuration.agentmark_path
    if path != "." and not any(file.path.startswith(f"{path}/") for file in tree):
        yield problem(f"agentmarkPath: there is no folder {path}.")


def unreadable(files: Iterable[TreeFile], sizes: Mapping[str, int]) -> Iterable[ContentProblem]:
    for file in files:
        if file.mode == SYMLINK:
            yield ContentProblem(
                file.path, None, "Symbolic links are not supported.", ContentProblemCode.SYMLINK
            )
        elif not file.is_regular:
            yield ContentProblem(
                file.path, None, "Submodules are not supported.", ContentProblemCode.SUBMODULE
            )
        elif file.object_id not in sizes:
            limit = MAXIMUM_OBJECT_BYTES // MEBIBYTE
            message = f"The file is larger than {limit} MiB, or its bytes are missing."
            yield ContentProblem(file.path, None, message, ContentProblemCode.TOO_LARGE)
        elif sizes[file.object_id] > MAXIMUM_FILE_BYTES:
            limit = MAXIMUM_FILE_BYTES // MEBIBYTE
            message = f"The file is larger than {limit} MiB."
            yield ContentProblem(file.path, None, message, ContentProblemCode.TOO_LARGE)


def too_much(files: Sequence[TreeFile], sizes: Mapping[str, int]) -> Iterable[ContentProblem]:
    """A blob counts as often as it is named: each file is stored and served by itself."""
    if len(files) > MAXIMUM_FILES:
        message = f"There are more than {MAXIMUM_FILES} content files."
        yield ContentProblem(WHOLE, None, message, ContentProblemCode.TOO_MANY_FILES)
    if sum(sizes.get(file.object_id, 0) for file in files) > MAXIMUM_CONTENT_BYTES:
        limit = MAXIMUM_CONTENT_BYTES // MEBIBYTE
        message = f"The content is larger than {limit} MiB."
        yield ContentProblem(WHOLE, None, message, ContentProblemCode.TOO_LARGE)


def validate_all(files: Iterable[ContentFile]) -> tuple[ContentProblem, ...]:
    """Return the first problems in the order of paths, at most a hundred."""
    problems = chain.from_iterable(validate(file.path, file.kind, file.content) for file in files)
    return tuple(islice(problems, MAXIMUM_PROBLEMS))
