"""Node handlers run as Python's do: answers, refusals, failures and streams."""

import orjson
from anyio import fail_after

from models import App, Environment
from services.executions import Call, Execution, execute
from services.hub import Hub
from services.installation import Installation
from services.principals import Principal
from tests.support.apps import promoted_and_settled, push
from tests.support.repositories import Repository

HANDLER = b"""
import { readFileSync } from "node:fs";

async function* numbers() {
  yield { number: 0 };
  yield { number: 1 };
}

export default async function handler(event) {
  switch (event.data) {
    case "refuse": throw Object.assign(new Error("not like this"), { status: 422 });
    case "break": throw new Error("a secret of the app");
    case "stream": return numbers();
    case "read": return readFileSync("agentmark/tickets.jsonl", "utf8");
  }
  const { PINMARK_ENVIRONMENT: environment, PINMARK_RUNTIME_SECRET: secret } = process.env;
  return { environment, secret };
}
"""


async def test_a_node_handler_answers_refuses_fails_and_streams(
    installation: Installation,
    owner: Principal,
    app: App,
    dev: Environment,
    prod: Environment,
    repository: Repository,
) -> None:
    async def called(data: object, type: str = "prompt-run") -> tuple[int, str]:
        call = Call.of(prod.id, type=type, data=data)
        execution: Execution = await execute(installation, Hub(), principal=owner, call=call)
        body = execution.body
        whole = body if isinstance(body, bytes) else b"".join([piece async for piece in body])
        await execution.close()
        return execution.status, whole.decode()

    with fail_after(120):
        repository.commit({"handler.mjs": HANDLER})
        await push(installation, app)
        shipped = await promoted_and_settled(installation, owner, source=dev, target=prod)
        assert shipped.succeeded, shipped.failure_reason

        assert await called(None) == (200, '{"environment":"prod"}')
        assert await called("refuse") == (422, '{"message":"not like this"}')
        assert await called("break") == (500, '{"message":"The handler failed."}')
        assert await called("x", type="walk") == (400, '{"message":"Unknown event type: walk"}')
        status, lines = await called("stream")
        assert status == 200
        streamed = [orjson.loads(line) for line in lines.splitlines()]
        assert streamed == [{"number": 0}, {"number": 1}, {"type": "done"}]
        assert '"ticket' in (await called("read"))[1]
