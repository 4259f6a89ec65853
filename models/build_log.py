"""The lines that builds print."""

from datetime import datetime
from uuid import UUID

from sqlmodel import Field, SQLModel

from models.base import utc_now


class BuildLogLine(SQLModel, table=True):
    """One line of a deployment's build log; ``seq`` counts from 1 without a gap."""

    deployment_id: UUID = Field(foreign_key="deployment.id", ondelete="RESTRICT", primary_key=True)
    seq: int = Field(primary_key=True)
    at: datetime = Field(default_factory=utc_now)
    text: str
