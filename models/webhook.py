"""Webhooks: the bells that Git hosts ring."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from models.base import enum_type, utc_now


class WebhookHost(StrEnum):
    """What sort of Git host rings."""

    GITHUB = "GITHUB"
    GITLAB = "GITLAB"


class WebhookDelivery(SQLModel, table=True):
    """A delivery that was taken; the host's redelivery of it has the same id and is no second."""

    __table_args__ = (sa.Index("ix_webhookdelivery_received_at", "app_id", "received_at"),)

    app_id: UUID = Field(foreign_key="app.id", ondelete="RESTRICT", primary_key=True)
    host: WebhookHost = Field(sa_type=enum_type(WebhookHost, name="host"), primary_key=True)
    delivery_id: str = Field(primary_key=True)
    received_at: datetime = Field(default_factory=utc_now)
