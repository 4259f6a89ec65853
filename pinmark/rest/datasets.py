"""``GET /v1/datasets``: the rows of a dataset, a page or all of them, or the list of datasets."""

from collections.abc import AsyncGenerator, AsyncIterator

import orjson
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from models import FileKind
from pinmark.media_types import accept_of
from pinmark.rest.negotiation import accept_json, choose
from pinmark.rest.operations import JSON, NDJSON, Answer, Operation, Tag
from pinmark.rest.parameters import PageAsked, Parameters
from pinmark.rest.reading import CONTENT_REFUSALS, STAMP, Reading, reading
from pinmark.rest.shapes.content import DatasetsAnswer, DatasetsQuery
from services.datasets import count_rows, read_rows, rows_of
from services.principals import Permission
from services.served import list_datasets, read_below_root

DATASET_SUFFIX = ".jsonl"


async def read_datasets(request: Request, request_id: str) -> Response:
    parameters = Parameters(request.query_params)
    path, page = parameters.path(DATASET_SUFFIX), parameters.page()
    if path is not None:
        return await answer_rows(request, request_id, parameters, path, page)
    async with reading(request, request_id, FileKind.DATASET) as now:
        parameters.check()
        accept_json(request)
        return await _list(now, page)


async def answer_rows(
    request: Request, request_id: str, parameters: Parameters, path: str, page: PageAsked
) -> Response:
    """Every row as NDJSON to one who asks for that, else a page of them."""
    async with reading(request, request_id, FileKind.DATASET) as now:
        parameters.check()
        form = choose(accept_of(request), (JSON, NDJSON))
        file = await read_below_root(now.session, now.served, path, called="dataset")
    # The bytes of a digest never change, so they may be read when the moment is over.
    pieces = await file.open(now.store)
    if form == NDJSON:
        headers = {"Cache-Control": "no-store", **now.headers}
        return StreamingResponse(_lines(pieces), media_type=NDJSON, headers=headers)
    found = await read_rows(pieces, limit=page.limit, offset=page.offset)
    # Rows are passed on as they were written: a number too long for us is not too long for all.
    rows = [orjson.Fragment(row) for row in found.rows]
    return page.answer(rows, total=found.total, headers=now.headers)


async def _lines(pieces: AsyncIterator[bytes]) -> AsyncGenerator[bytes]:
    async for rows in rows_of(pieces):
        if rows:
            yield b"\n".join(rows) + b"\n"


async def _list(now: Reading, page: PageAsked) -> Response:
    found = await list_datasets(now.session, now.served, limit=page.limit, offset=page.offset)
    counts = await count_rows(now.session, now.store, [entry.digest for entry in found.entries])
    root = now.served.configuration.content_root
    data = [
        {
            "path": entry.path.removeprefix(root),
            "rows": rows,
            "size": entry.size,
            "sha256": entry.digest.hex(),
        }
        for entry, rows in zip(found.entries, counts, strict=True)
    ]
    return page.answer(data, total=found.total, headers=now.headers)


OPERATIONS = (
    Operation(
        "GET",
        "/v1/datasets",
        read_datasets,
        permission=Permission.DATASET_READ,
        name="getDatasets",
        tag=Tag.CONTENT,
        summary="The rows of a dataset, a page or all of them, or the list of datasets.",
        answer=Answer(
            200, "What was asked for.", DatasetsAnswer, media_types=(NDJSON,), headers=STAMP
        ),
        query=DatasetsQuery,
        refusals=CONTENT_REFUSALS,
        of_environment=True,
    ),
)
