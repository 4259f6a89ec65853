"""``GET /v1/content/{path}``: the bytes of one file, whole, in part, or not when they are known."""

from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from models import FileKind
from pinmark.entity_tags import etag_of, is_known
from pinmark.media_types import accept_of
from pinmark.rest.environments import ENVIRONMENT_HEADER
from pinmark.rest.negotiation import choose
from pinmark.rest.operations import BYTES, JSON, NDJSON, Answer, Operation, Tag
from pinmark.rest.parameters import UNUSABLE
from pinmark.rest.ranges import Part, wanted_part
from pinmark.rest.reading import CONTENT_REFUSALS, STAMP, Reading, reading
from pinmark.rest.refusals import Refusal
from services.content.kinds import kind_named
from services.listings import MAXIMUM_PATH
from services.principals import Permission
from services.served import ServedFile, read_file

MARKDOWN = "text/markdown"
MEDIA_TYPES = {
    FileKind.PROMPT: "text/mdx",
    FileKind.COMPONENT: "text/mdx",
    FileKind.DATASET: NDJSON,
    FileKind.SCHEMA: JSON,
    FileKind.CONFIGURATION: JSON,
}
# What a browser makes of a file is nothing: it is no page of ours.
HARMLESS = {
    "X-Content-Type-Options": "nosniff",
    "Content-Security-Policy": "default-src 'none'; sandbox",
}


async def read_content(request: Request, request_id: str) -> Response:
    path: str = request.path_params["path"]
    async with reading(request, request_id, kind_named(path)) as now:
        _check_path(path)
        file = await read_file(now.session, now.served, path)
        media_type = choose(accept_of(request), (media_type_of(file), BYTES))
    # The bytes of a digest never change, so they may be read when the moment is over.
    etag = etag_of(file.digest)
    headers = {
        **now.headers,
        "ETag": etag,
        "Cache-Control": "private, no-cache",
        "Vary": f"Accept, Authorization, {ENVIRONMENT_HEADER}",
    }
    if is_known(request.headers, etag):
        return Response(status_code=304, headers=headers)
    headers |= {
        **HARMLESS,
        "Accept-Ranges": "bytes",
        "Content-Type": _with_charset(media_type),
        "Content-Disposition": f"attachment; filename*=UTF-8''{quote(_name(path), safe='')}",
    }
    if request.method == "HEAD":
        return Response(headers={**headers, "Content-Length": str(file.size)})
    part = wanted_part(request.headers, etag, file.size)
    return await _send(now, file, part, headers)


async def _send(
    now: Reading, file: ServedFile, part: Part | None, headers: dict[str, str]
) -> Response:
    status = 200
    if part is not None:
        if part.start >= part.end:
            raise Refusal(
                416,
                "range_not_satisfiable",
                f"The file has {file.size} bytes.",
                headers={**now.headers, "Content-Range": f"bytes */{file.size}"},
            )
        status = 206
        headers |= {"Content-Range": f"bytes {part.start}-{part.end - 1}/{file.size}"}
    start, end = (part.start, part.end) if part is not None else (0, file.size)
    headers |= {"Content-Length": str(end - start)}
    pieces = await file.open(now.store, start=start, end=end)
    return StreamingResponse(pieces, status_code=status, headers=headers)


def _check_path(path: str) -> None:
    """Paths are names here, nothing is looked for on a disk; but one that is none is told so."""
    wrong = None
    if not path or len(path) > MAXIMUM_PATH:
        wrong = f"A path has 1 to {MAXIMUM_PATH} characters."
    elif UNUSABLE.search(path) or any(part in {"", ".", ".."} for part in path.split("/")):
        wrong = "This is no path from the repository's root."
    if wrong is not None:
        raise Refusal(400, "invalid_path_params", wrong, details={"path": wrong})


def media_type_of(file: ServedFile) -> str:
    return MARKDOWN if file.path.endswith(".md") else MEDIA_TYPES[file.kind]


def _with_charset(media_type: str) -> str:
    return f"{media_type}; charset=utf-8" if media_type.startswith("text/") else media_type


def _name(path: str) -> str:
    return path.rpartition("/")[2]


BYTE_TYPES = tuple(sorted({BYTES, MARKDOWN, *MEDIA_TYPES.values()}))
OPERATIONS = (
    Operation(
        "GET",
        "/v1/content/{path}",
        read_content,
        permission=(Permission.TEMPLATE_READ, Permission.DATASET_READ),
        name="getContent",
        tag=Tag.CONTENT,
        summary="The bytes of one file, by its path in the repository.",
        answer=Answer(200, "The bytes.", media_types=BYTE_TYPES, headers=(*STAMP, "ETag")),
        also=(
            Answer(206, "The range that was asked for.", media_types=BYTE_TYPES),
            Answer(304, "The bytes are those that the client has."),
        ),
        refusals=CONTENT_REFUSALS,
        of_environment=True,
    ),
)
