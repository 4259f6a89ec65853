"""API keys."""

from datetime import datetime
from typing import Annotated, Any, Literal, Self

from pydantic import ConfigDict, Field

import models
from models import MAXIMUM_KEY_NAME
from pinmark.rest.shapes.fields import Body, Id, Shape, Text, Time
from services.granting import GRANTABLE

GRANTABLE_NAMES: list[Any] = sorted(permission.value for permission in GRANTABLE)


class ApiKey(Shape):
    id: Id
    app_id: Id
    environment_id: Id
    environment_name: str
    name: str
    prefix: str = Field(description="Its first 17 characters.")
    permissions: list[str]
    created_by: str = Field(description="Who made it, by the name at the time.")
    created_at: datetime
    last_used_at: datetime | None
    expires_at: datetime | None
    revoked_at: datetime | None

    @classmethod
    def of(cls, row: models.ApiKey, environment_name: str) -> Self:
        return cls(
            id=row.id,
            app_id=row.app_id,
            environment_id=row.environment_id,
            environment_name=environment_name,
            name=row.name,
            prefix=row.prefix,
            permissions=row.permissions,
            created_by=row.actor_name,
            created_at=row.created_at,
            last_used_at=row.last_used_at,
            expires_at=row.expires_at,
            revoked_at=row.revoked_at,
        )


class NewApiKey(ApiKey):
    plaintext_key: str = Field(description="The key itself; it is never shown again.")


class NewApiKeyBody(Body):
    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "name": "CI",
                    "permissions": ["environment.read", "environment.promote"],
                    "environment_name": "prod",
                }
            ]
        }
    )

    name: Text = Field(min_length=1, max_length=MAXIMUM_KEY_NAME, description="What to tell it by.")
    permissions: list[Annotated[Text, Field(json_schema_extra={"enum": GRANTABLE_NAMES})]] = Field(
        default_factory=list[str],
        max_length=100,
        description="Single permissions, as `template.read`; each of them one's own.",
    )
    preset: Literal["sdk", "read_only", "full_access"] | None = Field(
        None, description="A named set of permissions, beside those."
    )
    app_id: Id | None = Field(None, description="The app, where no header names it.")
    environment_name: Text | None = Field(
        None, description="The environment it is for: `dev`, or the asking key's own, without it."
    )
    expires_at: Time | None = Field(None, description="When it ends by itself; never without it.")
