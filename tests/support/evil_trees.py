"""Commits that no honest person makes, and what has to become of each."""

from collections.abc import Callable
from dataclasses import dataclass

import pygit2

from models import ContentProblemCode as Code
from models import FailureClass
from tests.support.repositories import Repository, exploding_tree, nested_tree
from tests.support.samples import DATASET, HANDLER, PROMPT

FILE, FOLDER, LINK, MODULE = 0o100644, 0o040000, 0o120000, 0o160000
HUGE = 200 * 1000 * 1000
POINTER = b"version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 12345\n"
CONFIGURATION = b'{"version": "2.0.0"}'
NOWHERE = pygit2.Oid(hex="12" * 20)
BOMB = b"---\na: &a [x]\nb: [" + b"*a, " * 10_000 + b"]\ntext_config: {}\n---\n"

Entry = tuple[int, bytes, pygit2.Oid]
Files = dict[str, bytes]


@dataclass(frozen=True)
class Evil:
    """A tree, whose trouble it is, and where which problem is named; no failure when harmless."""

    name: str
    make: Callable[[Repository], pygit2.Oid]
    failure: FailureClass | None
    code: Code | None = None
    path: str = "."
    line: int | None = None

    def __str__(self) -> str:
        return self.name


def files(files: Files) -> Callable[[Repository], pygit2.Oid]:
    """An ordinary tree of these files."""

    def make(repository: Repository) -> pygit2.Oid:
        index = pygit2.Index()
        for path, content in files.items():
            index.add(pygit2.IndexEntry(path, repository.blob(content), pygit2.enums.FileMode.BLOB))
        return index.write_tree(repository.git)

    return make


def entries(
    *given: tuple[int, bytes], below: bytes | None = b"agentmark", handler: bytes | None = None
) -> Callable[[Repository], pygit2.Oid]:
    """A tree of exactly these names and modes, in the content's folder unless told otherwise."""

    def thing(repository: Repository, mode: int) -> pygit2.Oid:
        match mode:
            case 0o040000:
                return repository.raw_tree((FILE, b"inside.md", repository.blob(b"x")))
            case 0o160000:
                return NOWHERE
            case _:
                return repository.blob(b"/etc/passwd")

    def make(repository: Repository) -> pygit2.Oid:
        made = [(mode, name, thing(repository, mode)) for mode, name in given]
        if below is not None:
            made = [(FOLDER, below, repository.raw_tree(*made))]
        if handler is not None:
            made.append((FILE, b"handler.py", repository.blob(handler)))
        return repository.raw_tree(*made)

    return make


def content(path: str, what: bytes) -> Callable[[Repository], pygit2.Oid]:
    return files({f"agentmark/{path}": what})


def wide(count: int) -> Callable[[Repository], pygit2.Oid]:
    """So many small content files."""

    def make(repository: Repository) -> pygit2.Oid:
        blob = repository.blob(b"x")
        folder = repository.raw_tree(*((FILE, b"%06d.md" % each, blob) for each in range(count)))
        return repository.raw_tree((FOLDER, b"agentmark", folder))

    return make


def content_evil(
    name: str,
    make: Callable[[Repository], pygit2.Oid],
    code: Code,
    path: str = ".",
    line: int | None = None,
) -> Evil:
    return Evil(name, make, FailureClass.CONTENT, code, path, line)


def build_evil(
    name: str,
    make: Callable[[Repository], pygit2.Oid],
    code: Code,
    path: str,
    line: int | None = None,
) -> Evil:
    return Evil(name, make, FailureClass.BUILD, code, path, line)


IN_CONTENT = "agentmark/"
EVIL = [
    content_evil("symlink", entries((LINK, b"a.md")), Code.SYMLINK, "agentmark/a.md"),
    content_evil(
        "symlinked folder", entries((LINK, b"agentmark"), below=None), Code.SYMLINK, "agentmark"
    ),
    content_evil("submodule", entries((MODULE, b"a")), Code.SUBMODULE, "agentmark/a"),
    content_evil("..", entries((FOLDER, b"..")), Code.UNSAFE_PATH, IN_CONTENT),
    content_evil(".git", entries((FOLDER, b".GiT")), Code.UNSAFE_PATH, IN_CONTENT),
    content_evil("path as name", entries((FILE, b"../../a.md")), Code.UNSAFE_PATH, IN_CONTENT),
    content_evil("control characters", entries((FILE, b"a\x1b[2J")), Code.UNSAFE_PATH, IN_CONTENT),
    content_evil("name not UTF-8", entries((FILE, b"\xff.md")), Code.UNSAFE_PATH, IN_CONTENT),
    content_evil(
        "same name twice", entries((FILE, b"a.md"), (FILE, b"a.md")), Code.DAMAGED, "agentmark/a.md"
    ),
    content_evil("10^10 files", exploding_tree, Code.TOO_MANY_FILES),
    content_evil("50,001 files", wide(50_001), Code.TOO_MANY_FILES),
    content_evil("20,001 content files", wide(20_001), Code.TOO_MANY_FILES),
    content_evil(
        "20,000 deep", lambda repository: nested_tree(repository, depth=20_000), Code.TOO_DEEP
    ),
    content_evil("200 MB prompt", content("a.md", bytes(HUGE)), Code.TOO_LARGE, "agentmark/a.md"),
    content_evil(
        "200 MB configuration",
        files({"agentmark.json": bytes(HUGE)}),
        Code.TOO_LARGE,
        "agentmark.json",
    ),
    content_evil(
        "LFS prompt",
        content("a.prompt.mdx", POINTER),
        Code.LFS_POINTER,
        "agentmark/a.prompt.mdx",
        1,
    ),
    content_evil(
        "LFS dataset", content("a.jsonl", POINTER), Code.LFS_POINTER, "agentmark/a.jsonl", 1
    ),
    content_evil(
        "LFS configuration",
        files({"agentmark.json": POINTER}),
        Code.LFS_POINTER,
        "agentmark.json",
        1,
    ),
    content_evil("NUL", content("a.md", b"one\ntwo\0\n"), Code.NUL_BYTE, "agentmark/a.md", 2),
    content_evil(
        "UTF-16", content("a.md", "text\n".encode("utf-16-le")), Code.NUL_BYTE, "agentmark/a.md", 1
    ),
    content_evil("Latin-1", content("a.md", b"one\n\xe9\n"), Code.NOT_UTF8, "agentmark/a.md", 2),
    content_evil(
        "10 MB of broken lines",
        content("a.jsonl", b"{x\n" * 3_300_000),
        Code.INVALID_JSON_LINE,
        "agentmark/a.jsonl",
        1,
    ),
    content_evil(
        "brackets without end",
        content("a.jsonl", DATASET + b'{"input": ' + b"[" * 9_000_000),
        Code.INVALID_JSON_LINE,
        "agentmark/a.jsonl",
        2,
    ),
    content_evil(
        "YAML bomb",
        content("a.prompt.mdx", BOMB),
        Code.INVALID_FRONTMATTER,
        "agentmark/a.prompt.mdx",
        2,
    ),
    content_evil(
        "configuration that climbs",
        files({"agentmark.json": b'{"version": "2.0.0",\n"agentmarkPath": "../.."}'}),
        Code.INVALID_CONFIGURATION,
        "agentmark.json",
        2,
    ),
    build_evil(
        "symlink in the code",
        entries((LINK, b"etc"), below=None, handler=HANDLER),
        Code.SYMLINK,
        "etc",
    ),
    build_evil(
        "submodule in the code",
        entries((MODULE, b"sub"), below=None, handler=HANDLER),
        Code.SUBMODULE,
        "sub",
    ),
    build_evil(
        "200 MB beside the handler",
        files({"handler.py": HANDLER, "model.bin": bytes(HUGE)}),
        Code.TOO_LARGE,
        "model.bin",
    ),
    build_evil("LFS handler", files({"handler.py": POINTER}), Code.LFS_POINTER, "handler.py"),
    Evil(
        "byte order marks",
        files(
            {
                "agentmark.json": b"\xef\xbb\xbf" + CONFIGURATION,
                "agentmark/a.prompt.mdx": b"\xef\xbb\xbf" + PROMPT,
                "agentmark/a.jsonl": b"\xef\xbb\xbf" + DATASET,
            }
        ),
        None,
    ),
    Evil("names that differ in case", entries((FILE, b"A.md"), (FILE, b"a.md")), None),
    Evil("10 MB of empty lines", content("a.jsonl", b" \n" * 5_000_000), None),
    Evil("10 MB of small rows", content("a.jsonl", b'{"input":{}}\n' * 800_000), None),
]
