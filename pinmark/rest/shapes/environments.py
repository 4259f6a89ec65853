"""Environments, and what is asked of them."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal, Self

from pydantic import ConfigDict, Field

import models
from pinmark.rest.shapes.fields import (
    MAXIMUM_VERSION,
    Body,
    Id,
    Name,
    Note,
    PageQuery,
    Query,
    Shape,
    Text,
    Time,
    Version,
)
from services.environments import DeletionPreview

PinState = Literal["default", "no-pin", "pinned"]
_PIN_STATES: dict[models.EnvironmentState, PinState] = {
    models.EnvironmentState.DEFAULT: "default",
    models.EnvironmentState.NO_PIN: "no-pin",
    models.EnvironmentState.PINNED: "pinned",
}


class Runtime(Shape):
    """The running handler of an environment."""

    state: str = Field(description="How it is, as `healthy`.")
    since: datetime = Field(description="Since when it is so.")
    restarts: int = Field(description="How often it died and was started again.")
    reason: str | None = Field(description="Why it failed or died last.")
    deployment_id: Id = Field(description="The deployment whose code it runs.")

    @classmethod
    def of(cls, row: models.Runtime) -> Self:
        return cls(
            state=row.state.value.lower(),
            since=row.since,
            restarts=row.restarts,
            reason=row.reason,
            deployment_id=row.deployment_id,
        )


@dataclass(frozen=True)
class Surroundings:
    """The rows beside an environment's own that its shape tells of."""

    serving: models.Deployment | None = None
    code: models.Deployment | None = None
    in_flight: models.Deployment | None = None
    runtime: models.Runtime | None = None
    created_by: str | None = None


class Environment(Shape):
    """A named place an app runs: `dev` follows HEAD, every other one its pin."""

    id: Id
    app_id: Id
    name: str
    is_default: bool = Field(description="Whether this is `dev`.")
    current_version: int = Field(description="How many promotions into it succeeded; 0 for `dev`.")
    pinned_version: int | None = Field(description="The version that it serves.")
    pin_state: PinState
    pinned_commit_sha: str | None = Field(description="The commit that the pin was made from.")
    content_commit_sha: str | None = Field(description="The commit whose content it serves.")
    code_commit_sha: str | None = Field(description="The commit whose code it runs.")
    current_deployment_id: Id | None = Field(description="The deployment whose content it serves.")
    in_flight_deployment_id: Id | None = Field(description="The deployment in flight, if any.")
    runtime: Runtime | None = Field(description="The runtime of what it serves.")
    created_at: datetime
    created_by: str | None = Field(description="Who made it, by the name at the time.")
    deleted_at: datetime | None = Field(description="When it was deleted, if it was.")

    @classmethod
    def of(cls, row: models.Environment, beside: Surroundings) -> Self:
        serving, code, in_flight = beside.serving, beside.code, beside.in_flight
        commit = None if serving is None else serving.commit_sha
        return cls(
            id=row.id,
            app_id=row.app_id,
            name=row.name,
            is_default=row.is_default,
            current_version=row.current_version,
            pinned_version=row.pinned_version,
            pin_state=_PIN_STATES[row.state],
            pinned_commit_sha=None if row.pinned_deployment_id is None else commit,
            content_commit_sha=commit,
            code_commit_sha=None if code is None else code.commit_sha,
            current_deployment_id=None if serving is None else serving.id,
            in_flight_deployment_id=None if in_flight is None else in_flight.id,
            runtime=None if beside.runtime is None else Runtime.of(beside.runtime),
            created_at=row.created_at,
            created_by=beside.created_by,
            deleted_at=row.deleted_at,
        )


class Cascade(Shape):
    """What goes when the environment is deleted. Its history stays."""

    alerts_deleted: Literal[0] = Field(description="There are none here.")
    api_keys_revoked: int = Field(description="How many API keys end with it.")
    deployments_deleted: Literal[0] = Field(description="None: history stays.")
    fly_app_destroyed: bool = Field(description="Whether a runtime is stopped.")
    snapshot_rows_deleted: int = Field(description="How many content files are let go.")
    variables_deleted: int = Field(description="How many variables are let go.")

    @classmethod
    def of(cls, preview: DeletionPreview, *, runs: bool) -> Self:
        return cls(
            alerts_deleted=0,
            api_keys_revoked=preview.api_keys_revoked,
            deployments_deleted=0,
            fly_app_destroyed=runs,
            snapshot_rows_deleted=preview.snapshot_files_released,
            variables_deleted=preview.variables_released,
        )


class EnvironmentWithCascade(Environment):
    """An environment, and what would go with it."""

    cascade: Cascade


class NewEnvironment(Environment):
    """A new environment. No API key was made with it."""

    api_key_creation_url: str = Field(description="Where the dashboard makes a key of it.")


class Deleted(Shape):
    id: Id
    deleted_at: datetime
    cascade: Cascade


class EnvironmentsQuery(PageQuery):
    deleted: Literal["true", "false"] = Field(
        "false", description="The deleted ones, by name, instead of those that live."
    )


class NewEnvironmentBody(Body):
    model_config = ConfigDict(json_schema_extra={"examples": [{"name": "staging"}]})

    name: Name


class DeletionBody(Body):
    model_config = ConfigDict(json_schema_extra={"examples": [{"confirmation_name": "staging"}]})

    confirmation_name: Text = Field(description="The environment's name, typed to confirm.")


class PromotionBody(Body):
    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "source_environment_id": "7d1c6f0e-52b4-4c0f-9a44-0d3f8a6f9b11",
                    "note": "Release 2026-05-29",
                }
            ]
        }
    )

    source_environment_id: Id = Field(
        description="The environment to take from: its pinned commit, or HEAD without a pin."
    )
    note: Note | None = None
    expected_source_commit: Text | None = Field(
        None, description="Refuse unless the source gives exactly this commit."
    )
    expected_target_version: Version | None = Field(
        None,
        ge=0,
        le=MAXIMUM_VERSION,
        description="Refuse unless the target serves this version; 0 stands for no pin.",
    )


class RollbackBody(Body):
    model_config = ConfigDict(json_schema_extra={"examples": [{"target_version": 1}]})

    target_version: Version = Field(
        ge=1, le=MAXIMUM_VERSION, description="A version that it served, older or newer."
    )
    note: Note | None = None


class Served(Shape):
    """A time in which an environment served one deployment, its end not included."""

    since: datetime = Field(description="The first instant of it.")
    until: datetime | None = Field(description="The first instant past it; null while it lasts.")
    version: int | None = Field(description="The version that was served; null for `dev`.")
    commit_sha: str
    deployment_id: Id

    @classmethod
    def of(cls, row: models.Serving, deployment: models.Deployment) -> Self:
        return cls(
            since=row.since,
            until=row.until,
            version=deployment.version,
            commit_sha=deployment.commit_sha,
            deployment_id=deployment.id,
        )


class TimelineQuery(PageQuery):
    since: Time | None = Field(
        None, alias="from", description="Only intervals that last past this instant."
    )
    until: Time | None = Field(
        None, alias="to", description="Only intervals that begin before this instant."
    )


class InstantQuery(Query):
    time: Time = Field(description="The instant.")


class File(Shape):
    path: str = Field(description="The path from the repository's root.")
    kind: str = Field(description="What sort of content it is, as `prompt`.")
    size: int = Field(description="How many bytes it has.")
    sha256: str

    @classmethod
    def of(cls, row: models.SnapshotEntry) -> Self:
        return cls(
            path=row.path, kind=row.kind.value.lower(), size=row.size, sha256=row.digest.hex()
        )


class FilesQuery(PageQuery):
    path: Text | None = Field(
        None, max_length=4096, description="Only this file, or this folder's files."
    )
