"""The models' enums as GraphQL enums, every value described for strangers."""

from collections.abc import Mapping
from enum import Enum

import strawberry

import models
from services.comparing.changes import FileChangeKind
from services.comparing.commits import CommitRelation
from services.comparing.diff import DiffUnavailable
from services.git.text_diff import DiffLineKind
from services.granting import Preset


def describe(enum: type[Enum], description: str, values: Mapping[Enum, str]) -> None:
    """Publish ``enum`` with a description for each of its values."""
    published = strawberry.enum(enum, description=description)
    definition = published.__strawberry_definition__  # pyright: ignore[reportAttributeAccessIssue, reportUnknownVariableType, reportUnknownMemberType]  # set by the decorator
    texts = {member.name: values[member] for member in enum}
    for value in definition.values:  # pyright: ignore[reportUnknownVariableType, reportUnknownMemberType]
        value.description = texts[value.name]  # pyright: ignore[reportUnknownMemberType, reportUnknownArgumentType]


describe(
    models.Plan,
    "How much the organization may make. The default environment is counted.",
    {
        models.Plan.FREE: "Three apps, each with two environments and five API keys.",
        models.Plan.GROWTH: "Ten apps, each with four environments and twenty API keys.",
        models.Plan.TEAM: "Fifty apps, each with ten environments and a hundred API keys.",
        models.Plan.ENTERPRISE: "As many as there is room for.",
    },
)
describe(
    Preset,
    "A named set of permissions for an API key.",
    {
        Preset.SDK: "What an SDK needs: `trace.ingest`, `template.read`, `score.write`.",
        Preset.READ_ONLY: "`trace.read`, `span.read`, `session.read`, `score.read`, "
        "`dataset.read`, `metrics.read`.",
        Preset.FULL_ACCESS: "Everything that a key can hold.",
    },
)
describe(
    models.EnvironmentState,
    "What an environment follows.",
    {
        models.EnvironmentState.DEFAULT: "It tracks branch HEAD live: this is `dev`.",
        models.EnvironmentState.NO_PIN: "Nothing was promoted into it yet; it serves nothing.",
        models.EnvironmentState.PINNED: "It runs the version it is pinned to.",
    },
)
describe(
    models.DeploymentKind,
    "Why a deployment was made.",
    {
        models.DeploymentKind.PUSH: "A new head of the tracked branch was seen.",
        models.DeploymentKind.PROMOTION: "Somebody promoted one environment into another.",
        models.DeploymentKind.ROLLBACK: "Somebody moved the pin to another successful version.",
        models.DeploymentKind.REDEPLOY: "Somebody had what the environment has built afresh.",
    },
)
describe(
    models.DeploymentStatus,
    "The whole of a deployment, computed from its two steps.",
    {
        models.DeploymentStatus.IN_PROGRESS: "A step is still to settle.",
        models.DeploymentStatus.DEPLOYED: "Both steps settled and none failed.",
        models.DeploymentStatus.FAILED: "A step failed; the environment serves what it served.",
    },
)
describe(
    models.FileSyncStatus,
    "How far the content of a deployment is. It never goes back.",
    {
        models.FileSyncStatus.PENDING: "Waiting for a worker.",
        models.FileSyncStatus.SYNCING: "The files are being read and validated.",
        models.FileSyncStatus.SYNCED: "The environment's own snapshot is written.",
        models.FileSyncStatus.FAILED: "The content is invalid or could not be read.",
        models.FileSyncStatus.SKIPPED: "There was nothing to sync.",
    },
)
describe(
    models.CodeBuildStatus,
    "How far the code of a deployment is. It never goes back.",
    {
        models.CodeBuildStatus.PENDING: "Waiting for a worker.",
        models.CodeBuildStatus.BUILDING: "A worker has it.",
        models.CodeBuildStatus.DEPLOYED: "Built, and what the environment runs.",
        models.CodeBuildStatus.FAILED: "It did not build, or was cancelled.",
        models.CodeBuildStatus.SKIPPED: "No build was needed; `detail` says why.",
    },
)
describe(
    models.FailureClass,
    "Whose trouble a failure is.",
    {
        models.FailureClass.CONTENT: "The files at the commit do not validate.",
        models.FailureClass.BUILD: "The code does not build or its handler does not import.",
        models.FailureClass.RUNTIME: "It built, but its runtime did not become healthy.",
        models.FailureClass.INFRASTRUCTURE: "Pinmark or its machine failed, not the app.",
        models.FailureClass.CANCELLED: "Somebody cancelled it.",
    },
)
describe(
    models.CacheDecisionKind,
    "Why a kept build was used, or was not.",
    {
        models.CacheDecisionKind.HIT: "A build of exactly these inputs was kept; it is used.",
        models.CacheDecisionKind.MISS_NO_PREVIOUS_BUILD: "The app had no build yet.",
        models.CacheDecisionKind.MISS_CODE_CHANGED: "The code differs from the build that the "
        "environment has, or the app had last; `detail` is the first path, `agentmark.json` where "
        "only the handler is another, and null where only the builder is.",
        models.CacheDecisionKind.MISS_VARIABLES_CHANGED: "The code is the same and a build-time "
        "variable is not; `detail` is the first name.",
        models.CacheDecisionKind.FORCED_REBUILD: "A build was asked for, whatever was kept.",
        models.CacheDecisionKind.FORCED_SKIP: "The commit message asked for no build.",
        models.CacheDecisionKind.NO_HANDLER: "The commit has no handler, so nothing to build.",
    },
)
describe(
    models.FileKind,
    "What a content file is.",
    {
        models.FileKind.PROMPT: "A prompt template (`.prompt.mdx`).",
        models.FileKind.COMPONENT: "A component that prompts include (`.mdx`, `.md`).",
        models.FileKind.DATASET: "A dataset, one JSON object a line (`.jsonl`).",
        models.FileKind.SCHEMA: "A JSON schema (`.json`).",
        models.FileKind.CONFIGURATION: "The app's `agentmark.json`.",
    },
)
describe(
    models.ActorKind,
    "What sort of actor did something.",
    {
        models.ActorKind.MEMBER: "A member of the organization.",
        models.ActorKind.API_KEY: "A program with an API key; the name is the key's.",
        models.ActorKind.SERVICE: "A service with a token; the name is the token's.",
        models.ActorKind.GIT: "Whoever pushed; the name is the commit's author.",
        models.ActorKind.SYSTEM: "Pinmark itself.",
        models.ActorKind.ANONYMOUS: "Somebody whose token is not valid; only in the audit.",
    },
)
describe(
    models.Role,
    "A built-in role.",
    {
        models.Role.OWNER: "Everything, and alone to make and unmake owners.",
        models.Role.ADMIN: "Everything but making and unmaking owners.",
        models.Role.WRITE: "Reads everything, calls handlers and manages API keys.",
        models.Role.READ: "Reads everything, and changes nothing.",
    },
)
describe(
    models.InvitationState,
    "How an invitation is.",
    {
        models.InvitationState.OPEN: "It can be accepted.",
        models.InvitationState.ACCEPTED: "It made a member.",
        models.InvitationState.REVOKED: "Somebody ended it, or invited the address again.",
        models.InvitationState.EXPIRED: "Nobody accepted it in time.",
    },
)
describe(
    models.SignInMethod,
    "How a member signed in to the dashboard.",
    {
        models.SignInMethod.LINK: "By a link that is good once, printed by the server.",
        models.SignInMethod.OIDC: "By the organization's identity provider.",
    },
)
describe(
    models.AppEventKind,
    "What happened to an app.",
    {
        models.AppEventKind.APP_CREATED: "The app was created, and `dev` with it.",
        models.AppEventKind.REPOSITORY_LINKED: "A repository was linked.",
        models.AppEventKind.ENVIRONMENT_CREATED: "An environment was created.",
        models.AppEventKind.ENVIRONMENT_DELETED: "An environment was deleted.",
        models.AppEventKind.DEPLOYMENT_STARTED: "A deployment was accepted.",
        models.AppEventKind.DEPLOYMENT_PROGRESSED: "A step of a deployment moved on.",
        models.AppEventKind.DEPLOYMENT_SETTLED: "A deployment settled; a pin may have moved.",
        models.AppEventKind.RUNTIME_CHANGED: "A runtime started, turned healthy, failed or ended.",
        models.AppEventKind.API_KEYS_CHANGED: "An API key was made or revoked.",
        models.AppEventKind.VARIABLES_CHANGED: "A variable of an environment was set or deleted.",
    },
)
describe(
    models.VariablePhase,
    "Who is given a variable.",
    {
        models.VariablePhase.BUILD: "Builds alone: installing packages, and the import check.",
        models.VariablePhase.RUNTIME: "The running handler alone.",
        models.VariablePhase.BOTH: "Builds and the running handler.",
    },
)
describe(
    models.RuntimeState,
    "How a runtime is.",
    {
        models.RuntimeState.STARTING: "It starts, or starts again after it died.",
        models.RuntimeState.HEALTHY: "It answers, and requests are routed to it.",
        models.RuntimeState.FAILED: "It did not turn healthy, or died; `reason` says why.",
        models.RuntimeState.DRAINING: "It finishes the requests it has and gets no more.",
        models.RuntimeState.STOPPED: "Nothing of it runs.",
    },
)
describe(
    models.Override,
    "What a commit message asks of the pipeline, in any case, for the push of that commit.",
    {
        models.Override.SKIP_DEPLOY: "`[skip deploy]`: neither files nor code; content stays.",
        models.Override.SKIP_BUILD: "`[skip build]`: the files are synced, nothing is built.",
        models.Override.FORCE_BUILD: "`[force build]`: a build, whatever was kept; "
        "promotions honour it too.",
    },
)
describe(
    CommitRelation,
    "How the source's commit stands to the target's.",
    {
        CommitRelation.FIRST: "The target has no pin: this would be the first promotion into it.",
        CommitRelation.SAME: "Both have the same commit.",
        CommitRelation.AHEAD: "The source's was pushed later; the target would gain commits.",
        CommitRelation.BEHIND: "The source's was pushed earlier; the target would lose commits.",
        CommitRelation.UNKNOWN: "One of them was never seen at the branch's head.",
    },
)
describe(
    FileChangeKind,
    "What a promotion would do to a file.",
    {
        FileChangeKind.ADDED: "The target would have it newly.",
        FileChangeKind.CHANGED: "The target would have it with other bytes.",
        FileChangeKind.REMOVED: "The target would have it no more.",
    },
)
describe(
    DiffUnavailable,
    "Why a file has no line by line difference to show.",
    {
        DiffUnavailable.BINARY: "It is not text in UTF-8.",
        DiffUnavailable.TOO_LARGE: "It is larger than 1 MiB or has more than 50,000 lines.",
        DiffUnavailable.NOT_HERE: "This server does not have a side of it; `reason` says more.",
    },
)
describe(
    DiffLineKind,
    "What a line of a difference is to the two sides.",
    {
        DiffLineKind.CONTEXT: "Both have it; it is there for the reader.",
        DiffLineKind.ADDED: "Only the source has it.",
        DiffLineKind.REMOVED: "Only the target has it.",
    },
)
describe(
    models.ContentProblemCode,
    "What is wrong with a file of a commit, for programs to tell apart.",
    {
        models.ContentProblemCode.NOT_UTF8: "It is not text in UTF-8.",
        models.ContentProblemCode.NUL_BYTE: "It has a NUL byte, so it is no text.",
        models.ContentProblemCode.LFS_POINTER: "It is a Git LFS pointer; the file is elsewhere.",
        models.ContentProblemCode.INVALID_JSON_LINE: "A line of a dataset is not JSON.",
        models.ContentProblemCode.MISSING_INPUT: "A line of a dataset has no `input` object.",
        models.ContentProblemCode.INVALID_FRONTMATTER: "A prompt's frontmatter cannot be used.",
        models.ContentProblemCode.INVALID_CONFIGURATION: "`agentmark.json` cannot be used.",
        models.ContentProblemCode.SYMLINK: "It is a symbolic link.",
        models.ContentProblemCode.SUBMODULE: "It is a submodule.",
        models.ContentProblemCode.UNSAFE_PATH: "Its name cannot be a file's on every machine.",
        models.ContentProblemCode.TOO_MANY_FILES: "There are more files or folders than allowed.",
        models.ContentProblemCode.TOO_DEEP: "Folders are nested deeper than is allowed.",
        models.ContentProblemCode.TOO_LARGE: "It, or all of it together, is too large.",
        models.ContentProblemCode.DAMAGED: "Its objects in Git are malformed or missing.",
        models.ContentProblemCode.UNCODED: "Recorded before problems had codes; read `message`.",
    },
)
describe(
    models.AuditOutcome,
    "What became of an act.",
    {
        models.AuditOutcome.SUCCEEDED: "It was done.",
        models.AuditOutcome.REFUSED: "It was refused; `facts` says why.",
    },
)
