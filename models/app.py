"""Apps and the repositories they live in."""

from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from models.base import Record

FINGERPRINT_PATTERN = "SHA256:[A-Za-z0-9+/]{43}"
NAME_PATTERN = "^[a-z][a-z0-9-]{1,39}$"


class App(Record, table=True):
    """A program that lives in Git and runs in environments.

    ``event_sequence`` is the number of the app's newest event. It is raised under the row's lock
    as the last act of a transaction, so the order of events is the order of commits.
    """

    __table_args__ = (
        sa.CheckConstraint(f"name ~ '{NAME_PATTERN}'", name="name_format"),
        sa.UniqueConstraint("name"),
    )

    organization_id: UUID = Field(foreign_key="organization.id", ondelete="RESTRICT")
    name: str
    event_sequence: int = Field(default=0, sa_type=sa.BigInteger)


class Repository(Record, table=True):
    """The Git repository and branch that an app follows.

    ``head_sha`` is the newest head observed and recorded as a push. ``unreachable_reason`` says
    why the last look failed; it is null after one that worked. ``credential``, a token or a deploy
    key, and ``webhook_secret`` are encrypted. ``host_key`` is the kind and fingerprint that a host
    behind ssh has to show.
    """

    __table_args__ = (
        sa.UniqueConstraint("app_id"),
        sa.UniqueConstraint("url", "branch"),
        sa.CheckConstraint(
            "(url LIKE 'ssh://%') = (host_key IS NOT NULL)"
            " AND (url LIKE 'ssh://%') = (deploy_key_fingerprint IS NOT NULL)"
            " AND (url NOT LIKE 'ssh://%' OR credential IS NOT NULL)",
            name="ssh_with_keys",
        ),
        sa.CheckConstraint(
            f"host_key ~ '^[a-z0-9-]+ {FINGERPRINT_PATTERN}$'", name="host_key_format"
        ),
        sa.CheckConstraint(
            f"deploy_key_fingerprint ~ '^{FINGERPRINT_PATTERN}$'",
            name="deploy_key_fingerprint_format",
        ),
    )

    app_id: UUID = Field(foreign_key="app.id", ondelete="RESTRICT")
    url: str
    branch: str
    credential: bytes | None = None
    host_key: str | None = None
    deploy_key_fingerprint: str | None = None
    webhook_secret: bytes | None = None
    head_sha: str | None = None
    observed_at: datetime | None = None
    unreachable_reason: str | None = None


class Commit(SQLModel, table=True):
    """What a commit says of itself, kept so that history reads the same without the repository."""

    app_id: UUID = Field(foreign_key="app.id", ondelete="RESTRICT", primary_key=True)
    sha: str = Field(primary_key=True)
    message: str
    author_name: str
    committed_at: datetime
