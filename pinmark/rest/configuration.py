"""``GET /v1/config``: ``agentmark.json``, or what holds without one."""

import orjson
from starlette.requests import Request
from starlette.responses import Response

from models import FileKind
from pinmark.rest.negotiation import accept_json
from pinmark.rest.operations import Answer, Operation, Tag
from pinmark.rest.reading import CONTENT_REFUSALS, STAMP, Reading, reading
from pinmark.rest.refusals import json_answer
from pinmark.rest.shapes.content import ConfigAnswer
from services.content.configuration import CONFIGURATION_PATH
from services.errors import FileNotServed
from services.principals import Permission
from services.served import read_file


async def read_config(request: Request, request_id: str) -> Response:
    async with reading(request, request_id, FileKind.CONFIGURATION) as now:
        accept_json(request)
        return json_answer({"data": await _data(now), **now.named}, headers=now.headers)


async def _data(now: Reading) -> object:
    try:
        file = await read_file(now.session, now.served, CONFIGURATION_PATH)
    except FileNotServed:
        defaults = now.served.configuration
        return {"version": defaults.version, "agentmarkPath": defaults.agentmark_path}
    return orjson.Fragment(await file.read(now.store))


OPERATIONS = (
    Operation(
        "GET",
        "/v1/config",
        read_config,
        permission=Permission.TEMPLATE_READ,
        name="getConfig",
        tag=Tag.CONTENT,
        summary="`agentmark.json`, or what holds without one.",
        answer=Answer(200, "The configuration.", ConfigAnswer, headers=STAMP),
        refusals=CONTENT_REFUSALS,
        of_environment=True,
    ),
)
