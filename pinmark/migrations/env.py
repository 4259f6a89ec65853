"""What alembic runs: always on the connection and in the transaction it is given."""

from typing import Any

from alembic import context

from pinmark.migrations import QUEUE_TABLE_PREFIX


def is_ours(name: str | None, kind: str, parents: Any) -> bool:
    return not (kind == "table" and (name or "").startswith(QUEUE_TABLE_PREFIX))


context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=context.config.attributes["metadata"],
    include_name=is_ours,
    compare_type=True,
)
with context.begin_transaction():
    context.run_migrations()
