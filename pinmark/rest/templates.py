"""``GET /v1/templates``: a template taken apart, a dataset's rows, or the list of templates.

Paths are relative to the content root. Clients ask for datasets here as well.
"""

from starlette.requests import Request
from starlette.responses import Response

from models import FileKind, SnapshotEntry
from pinmark.rest.datasets import DATASET_SUFFIX, answer_rows
from pinmark.rest.negotiation import accept_json
from pinmark.rest.operations import Answer, Operation, Tag
from pinmark.rest.parameters import PageAsked, Parameters
from pinmark.rest.reading import CONTENT_REFUSALS, STAMP, Reading, reading
from pinmark.rest.refusals import json_answer
from pinmark.rest.shapes.content import TemplatesAnswer, TemplatesQuery
from services.errors import FileNotServed
from services.principals import Permission
from services.prompts import PromptKind, prompt_kinds, read_template
from services.served import (
    TEMPLATE_SUFFIX,
    list_templates,
    prompt_digests,
    read_below_root,
)


async def read_templates(request: Request, request_id: str) -> Response:
    parameters = Parameters(request.query_params)
    path = parameters.path(TEMPLATE_SUFFIX, DATASET_SUFFIX)
    kind, page = parameters.choice("promptKind", PromptKind), parameters.page()
    if path is not None and path.endswith(DATASET_SUFFIX):
        if kind is not None:
            parameters.refuse("promptKind", "A dataset is no prompt: leave promptKind out.")
        return await answer_rows(request, request_id, parameters, path, page)
    async with reading(request, request_id, FileKind.PROMPT) as now:
        parameters.check()
        accept_json(request)
        return await (_list(now, kind, page) if path is None else _one(now, path, kind))


async def _one(now: Reading, path: str, kind: PromptKind | None) -> Response:
    file = await read_below_root(now.session, now.served, path, called="template")
    template = read_template(await file.read(now.store))
    if kind is not None and template.kind is not kind:
        raise FileNotServed(f"{kind} prompt")
    data = {
        "path": path,
        "kind": file.kind.value.lower(),
        "prompt_kind": template.kind,
        "size": file.size,
        "sha256": file.digest.hex(),
        "content": template.content,
        "frontmatter": template.frontmatter,
        "body": template.body,
        **now.named,
    }
    return json_answer({"data": data}, headers=now.headers)


async def _list(now: Reading, kind: PromptKind | None, page: PageAsked) -> Response:
    wanted = None
    if kind is not None:
        digests = await prompt_digests(now.session, now.served)
        kinds = await prompt_kinds(now.session, now.store, digests)
        wanted = [digest for digest, found in kinds.items() if found is kind]
    found = await list_templates(
        now.session, now.served, limit=page.limit, offset=page.offset, digests=wanted
    )
    prompts = {entry.digest for entry in found.entries if entry.kind is FileKind.PROMPT}
    kinds = await prompt_kinds(now.session, now.store, prompts)
    root = now.served.configuration.content_root

    def listed(entry: SnapshotEntry) -> dict[str, object]:
        return {
            "path": entry.path.removeprefix(root),
            "kind": entry.kind.value.lower(),
            "prompt_kind": kinds.get(entry.digest),
            "size": entry.size,
            "sha256": entry.digest.hex(),
        }

    return page.answer(
        [listed(entry) for entry in found.entries], total=found.total, headers=now.headers
    )


OPERATIONS = (
    Operation(
        "GET",
        "/v1/templates",
        read_templates,
        permission=(Permission.TEMPLATE_READ, Permission.DATASET_READ),
        name="getTemplates",
        tag=Tag.CONTENT,
        summary="A template taken apart, a dataset's rows, or the list of templates.",
        answer=Answer(200, "What was asked for.", TemplatesAnswer, headers=STAMP),
        query=TemplatesQuery,
        refusals=CONTENT_REFUSALS,
        of_environment=True,
    ),
)
