"""Runtimes: the running handler of an environment, and what it prints."""

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Self

import strawberry

import models
from schema.context import Info
from schema.deployments import Deployment, load_deployment
from schema.requirements import WITH_PARENT
from services import cursors
from services.following import RuntimeLines


@strawberry.type(description="The running handler of an environment.")
class Runtime:
    row: strawberry.Private[models.Runtime]
    state: models.RuntimeState = strawberry.field(description="How it is.")
    since: datetime = strawberry.field(description="Since when it is so.")
    restarts: int = strawberry.field(description="How often it died and was started again.")
    reason: str | None = strawberry.field(
        description="Why it failed or died last; null once it is healthy again."
    )

    @classmethod
    def of(cls, row: models.Runtime) -> Self:
        return cls(
            row=row,
            state=row.state,
            since=row.since,
            restarts=row.restarts,
            reason=row.reason,
        )

    @strawberry.field(
        description="What is to take its place and has not yet, as after a variable was changed: "
        "it starts, or fails to and `reason` says why. Until it is healthy this one serves.",
        directives=[WITH_PARENT],
    )
    async def replacement(
        self, info: Info
    ) -> Annotated["Runtime", strawberry.lazy("schema.runtimes")] | None:
        row = await info.context.reading.replacements.load(self.row)
        return None if row is None else Runtime.of(row)

    @strawberry.field(description="The deployment whose code it runs.", directives=[WITH_PARENT])
    async def deployment(self, info: Info) -> Deployment:
        return await load_deployment(info, self.row.deployment_id)


@strawberry.type(description="A line that a runtime printed.")
class RuntimeLogLine:
    number: int = strawberry.field(
        description="Its place among the environment's lines, from 1, without a gap."
    )
    at: datetime = strawberry.field(description="When it was kept.")
    text: str = strawberry.field(description="What it says.")

    @classmethod
    def of(cls, row: models.RuntimeLogLine) -> Self:
        return cls(number=row.seq, at=row.at, text=row.text)


@strawberry.type(description="The next lines that an environment's runtimes printed.")
class RuntimeLogChunk:
    cursor: str = strawberry.field(description="The last line's place; go on from it with `after`.")
    omitted: int = strawberry.field(
        description="How many lines before these were let go: only the newest are kept."
    )
    lines: list[RuntimeLogLine] = strawberry.field(
        description="The lines, in order.", directives=[WITH_PARENT]
    )

    @classmethod
    def of(cls, found: RuntimeLines) -> Self:
        rows: Sequence[models.RuntimeLogLine] = found.lines
        return cls(
            cursor=cursors.encode_runtime_line(rows[-1].environment_id, rows[-1].seq),
            omitted=found.omitted,
            lines=[RuntimeLogLine.of(row) for row in rows],
        )
