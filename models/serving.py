"""What ran when: the intervals in which environments served one deployment after another."""

from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ExcludeConstraint
from sqlmodel import Field, SQLModel


class Serving(SQLModel, table=True):
    """A half-open interval, [``since``, ``until``), in which an environment served a deployment.

    A pinned environment's interval begins when the pin moves there, dev's when the content is
    synced; it ends when the next begins or the environment is deleted, and ``until`` is null as
    long as it lasts. ``ordinal`` counts within the environment, oldest first.

    The database keeps the rules: no two intervals of an environment overlap, each begins where
    the one before ended, one that has ended never changes, and the one that lasts is what the
    environment's row says it serves.
    """

    __table_args__ = (
        sa.CheckConstraint("until > since", name="forward"),
        sa.CheckConstraint("ordinal > 0", name="ordinal_positive"),
        # A range of one id compares by GiST without the extension that plain ids would need.
        ExcludeConstraint(
            (sa.text("uuidrange(environment_id, environment_id, '[]')"), "="),
            (sa.text("tstzrange(since, until)"), "&&"),
            name="ex_serving_one_at_a_time",
            using="gist",
        ),
        sa.Index(
            "uq_serving_present",
            "environment_id",
            unique=True,
            postgresql_where=sa.text("until IS NULL"),
        ),
    )

    environment_id: UUID = Field(
        foreign_key="environment.id", ondelete="RESTRICT", primary_key=True
    )
    ordinal: int = Field(primary_key=True)
    deployment_id: UUID = Field(foreign_key="deployment.id", ondelete="RESTRICT")
    since: datetime
    until: datetime | None = None
