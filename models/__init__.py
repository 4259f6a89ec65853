"""What is true: the tables, their constraints, and pure rules about one row.

Tables know nothing of sessions, GraphQL or HTTP. A rule the database can keep is a constraint
here; the migrations say the same in plain SQL and a test keeps the two equal.
"""

from models.actor import ANONYMOUS, SYSTEM, Acted, Actor, ActorKind
from models.app import NAME_PATTERN, App, Commit, Repository
from models.artifact import Artifact
from models.audit import AuditEntry, AuditHead, AuditOutcome, IdempotentRequest
from models.base import Record, utc_now
from models.build_log import BuildLogLine
from models.content import Blob, Snapshot, SnapshotEntry
from models.deployment import (
    MAXIMUM_NOTE,
    CacheDecisionKind,
    CodeBuildStatus,
    Deployment,
    DeploymentKind,
    DeploymentStatus,
    FailureClass,
    FileSyncStatus,
    overall,
)
from models.environment import DEFAULT_ENVIRONMENT, Environment, EnvironmentState
from models.event import AppEventKind, Event
from models.kinds import FileKind, Language
from models.organization import AccessToken, Member, Organization, Plan, Role
from models.override import Override, override_in
from models.runtime import Runtime, RuntimeLogLine, RuntimeState
from models.serving import Serving
from models.webhook import WebhookDelivery, WebhookHost

__all__ = [
    "ANONYMOUS",
    "DEFAULT_ENVIRONMENT",
    "MAXIMUM_NOTE",
    "NAME_PATTERN",
    "SYSTEM",
    "AccessToken",
    "Acted",
    "Actor",
    "ActorKind",
    "App",
    "AppEventKind",
    "Artifact",
    "AuditEntry",
    "AuditHead",
    "AuditOutcome",
    "Blob",
    "BuildLogLine",
    "CacheDecisionKind",
    "CodeBuildStatus",
    "Commit",
    "Deployment",
    "DeploymentKind",
    "DeploymentStatus",
    "Environment",
    "EnvironmentState",
    "Event",
    "FailureClass",
    "FileKind",
    "FileSyncStatus",
    "IdempotentRequest",
    "Language",
    "Member",
    "Organization",
    "Override",
    "Plan",
    "Record",
    "Repository",
    "Role",
    "Runtime",
    "RuntimeLogLine",
    "RuntimeState",
    "Serving",
    "Snapshot",
    "SnapshotEntry",
    "WebhookDelivery",
    "WebhookHost",
    "overall",
    "override_in",
    "utc_now",
]
