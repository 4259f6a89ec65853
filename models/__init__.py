"""What is true: the tables, their constraints, and pure rules about one row.

Tables know nothing of sessions, GraphQL or HTTP. A rule the database can keep is a constraint
here; the migrations say the same in plain SQL and a test keeps the two equal.
"""

from models.actor import ANONYMOUS, SYSTEM, Acted, Actor, ActorKind
from models.api_key import MAXIMUM_KEY_NAME, SHOWN_PREFIX, ApiKey
from models.app import NAME_PATTERN, App, Commit, Repository
from models.artifact import Artifact
from models.audit import AuditEntry, AuditHead, AuditOutcome, IdempotentRequest
from models.base import Record, utc_now
from models.build_log import BuildLogLine
from models.change import ORGANIZATION, PRUNED, Change
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
from models.kinds import ContentProblemCode, FileKind, Language
from models.member import (
    MAXIMUM_EMAIL,
    MAXIMUM_MEMBER_NAME,
    MAXIMUM_TOKEN_NAME,
    ROLE_NAME_PATTERN,
    AccessToken,
    AppAccess,
    CustomRole,
    Invitation,
    InvitationState,
    Member,
)
from models.organization import Organization, Plan, Role
from models.override import Override, override_in
from models.runtime import Runtime, RuntimeLogLine, RuntimeState
from models.service_token import ServiceToken
from models.serving import Serving
from models.sign_in import (
    MAXIMUM_USER_AGENT,
    SignInLink,
    SignInMethod,
    SignInSession,
    SpentSignIn,
)
from models.variable import (
    MAXIMUM_VALUE_BYTES,
    VARIABLE_NAME_PATTERN,
    EnvironmentVariable,
    VariablePhase,
)
from models.webhook import WebhookDelivery, WebhookHost

__all__ = [
    "ANONYMOUS",
    "DEFAULT_ENVIRONMENT",
    "MAXIMUM_EMAIL",
    "MAXIMUM_KEY_NAME",
    "MAXIMUM_MEMBER_NAME",
    "MAXIMUM_NOTE",
    "MAXIMUM_TOKEN_NAME",
    "MAXIMUM_USER_AGENT",
    "MAXIMUM_VALUE_BYTES",
    "NAME_PATTERN",
    "ORGANIZATION",
    "PRUNED",
    "ROLE_NAME_PATTERN",
    "SHOWN_PREFIX",
    "SYSTEM",
    "VARIABLE_NAME_PATTERN",
    "AccessToken",
    "Acted",
    "Actor",
    "ActorKind",
    "ApiKey",
    "App",
    "AppAccess",
    "AppEventKind",
    "Artifact",
    "AuditEntry",
    "AuditHead",
    "AuditOutcome",
    "Blob",
    "BuildLogLine",
    "CacheDecisionKind",
    "Change",
    "CodeBuildStatus",
    "Commit",
    "ContentProblemCode",
    "CustomRole",
    "Deployment",
    "DeploymentKind",
    "DeploymentStatus",
    "Environment",
    "EnvironmentState",
    "EnvironmentVariable",
    "Event",
    "FailureClass",
    "FileKind",
    "FileSyncStatus",
    "IdempotentRequest",
    "Invitation",
    "InvitationState",
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
    "ServiceToken",
    "Serving",
    "SignInLink",
    "SignInMethod",
    "SignInSession",
    "Snapshot",
    "SnapshotEntry",
    "SpentSignIn",
    "VariablePhase",
    "WebhookDelivery",
    "WebhookHost",
    "overall",
    "override_in",
    "utc_now",
]
