"""Apps, the repositories that they follow, and who is asking."""

from datetime import datetime
from typing import Self

from pydantic import ConfigDict, Field

import models
from pinmark.rest.shapes.fields import Body, Id, Name, Shape, Text
from services.principals import Principal


class Webhook(Shape):
    github_url: str = Field(description="The payload URL for GitHub; push events.")
    gitlab_url: str = Field(description="The URL for GitLab; push events.")
    secret: str = Field(description="GitHub's secret, or GitLab's secret token.")


class Repository(Shape):
    id: Id
    app_id: Id
    url: str = Field(description="Its address, without any credential.")
    branch: str = Field(description="The branch that `dev` follows.")
    host_key: str | None = Field(description="The key that its host has to show, for ssh.")
    deploy_key_fingerprint: str | None = Field(description="Of the key that reads it, for ssh.")
    head_sha: str | None = Field(description="The newest head seen on the branch.")
    observed_at: datetime | None = Field(description="When it was last read.")
    unreachable_reason: str | None = Field(description="Why the last look at it failed, if it did.")
    webhook: Webhook | None = Field(
        description="What to set up at the Git host; null unless the app may be updated."
    )

    @classmethod
    def of(cls, row: models.Repository, webhook: Webhook | None) -> Self:
        return cls(
            id=row.id,
            app_id=row.app_id,
            url=row.url,
            branch=row.branch,
            host_key=row.host_key,
            deploy_key_fingerprint=row.deploy_key_fingerprint,
            head_sha=row.head_sha,
            observed_at=row.observed_at,
            unreachable_reason=row.unreachable_reason,
            webhook=webhook,
        )


class App(Shape):
    id: Id
    name: str = Field(description="Unique in the organization.")
    created_at: datetime
    repository: Repository | None = Field(description="What it follows, once that is linked.")
    event_cursor: str = Field(
        description="Where its events stand; give it to `/v1/events` as `after`."
    )
    permissions: list[str] = Field(description="What whoever asks may do in it.")


class Viewer(Shape):
    id: Id
    kind: str = Field(description="What sort of principal it is, as `member` or `api_key`.")
    name: str = Field(description="The name that what they do is recorded under.")
    permissions: list[str] = Field(
        description="What they may do in every app, or a key in its own."
    )
    app_id: Id | None = Field(description="The app that an API key is bound to.")
    environment_id: Id | None = Field(description="The environment that an API key is bound to.")

    @classmethod
    def of(cls, principal: Principal) -> Self:
        key = principal.key
        return cls(
            id=principal.id,
            kind=principal.actor.kind.value.lower(),
            name=principal.name,
            permissions=sorted(principal.permissions),
            app_id=None if key is None else key.app_id,
            environment_id=None if key is None else key.environment_id,
        )


class NewAppBody(Body):
    model_config = ConfigDict(json_schema_extra={"examples": [{"name": "support-triage"}]})

    name: Name


class LinkBody(Body):
    model_config = ConfigDict(
        json_schema_extra={"examples": [{"url": "/srv/repositories/triage.git"}]}
    )

    url: Text = Field(
        description="An https or ssh address, or the absolute path of a bare repository in a "
        "folder that the operator allows."
    )
    branch: Text = Field("main", description="The branch that `dev` follows.")
    token: Text | None = Field(None, description="A token that may read it, for https.", repr=False)
    deploy_key: Text | None = Field(
        None, description="A private key that may read it, for ssh.", repr=False
    )
    host_key: Text | None = Field(
        None, description="The key that the host has to show, for ssh; else the one it shows now."
    )
