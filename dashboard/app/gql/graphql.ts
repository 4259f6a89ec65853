/* eslint-disable */
/** Internal type. DO NOT USE DIRECTLY. */
type Exact<T extends { [key: string]: unknown }> = { [K in keyof T]: T[K] };
/** Internal type. DO NOT USE DIRECTLY. */
export type Incremental<T> = T | { [P in keyof T]?: P extends ' $fragmentName' | '__typename' ? T[P] : never };
import type { DocumentTypeDecoration } from '@graphql-typed-document-node/core';
/** What sort of actor did something. */
export type ActorKind =
  /** Somebody whose token is not valid; only in the audit. */
  | 'ANONYMOUS'
  /** A program with an API key; the name is the key's. */
  | 'API_KEY'
  /** Whoever pushed; the name is the commit's author. */
  | 'GIT'
  /** A member of the organization. */
  | 'MEMBER'
  /** A service with a token; the name is the token's. */
  | 'SERVICE'
  /** Pinmark itself. */
  | 'SYSTEM';

/** What happened to an app. */
export type AppEventKind =
  /** An API key was made or revoked. */
  | 'API_KEYS_CHANGED'
  /** The app was created, and `dev` with it. */
  | 'APP_CREATED'
  /** A step of a deployment moved on. */
  | 'DEPLOYMENT_PROGRESSED'
  /** A deployment settled; a pin may have moved. */
  | 'DEPLOYMENT_SETTLED'
  /** A deployment was accepted. */
  | 'DEPLOYMENT_STARTED'
  /** An environment was created. */
  | 'ENVIRONMENT_CREATED'
  /** An environment was deleted. */
  | 'ENVIRONMENT_DELETED'
  /** A repository was linked. */
  | 'REPOSITORY_LINKED'
  /** A runtime started, turned healthy, failed or ended. */
  | 'RUNTIME_CHANGED'
  /** A variable of an environment was set or deleted. */
  | 'VARIABLES_CHANGED';

/** Why a kept build was used, or was not. */
export type CacheDecisionKind =
  /** A build was asked for, whatever was kept. */
  | 'FORCED_REBUILD'
  /** The commit message asked for no build. */
  | 'FORCED_SKIP'
  /** A build of exactly these inputs was kept; it is used. */
  | 'HIT'
  /** The code differs from the build that the environment has, or the app had last; `detail` is the first path, `agentmark.json` where only the handler is another, and null where only the builder is. */
  | 'MISS_CODE_CHANGED'
  /** The app had no build yet. */
  | 'MISS_NO_PREVIOUS_BUILD'
  /** The code is the same and a build-time variable is not; `detail` is the first name. */
  | 'MISS_VARIABLES_CHANGED'
  /** The commit has no handler, so nothing to build. */
  | 'NO_HANDLER';

/** The deployment to cancel. */
export type CancelDeploymentInput = {
  /** A deployment in flight. */
  deploymentId: string | number;
};

/** How far the code of a deployment is. It never goes back. */
export type CodeBuildStatus =
  /** A worker has it. */
  | 'BUILDING'
  /** Built, and what the environment runs. */
  | 'DEPLOYED'
  /** It did not build, or was cancelled. */
  | 'FAILED'
  /** Waiting for a worker. */
  | 'PENDING'
  /** No build was needed; `detail` says why. */
  | 'SKIPPED';

/** How the source's commit stands to the target's. */
export type CommitRelation =
  /** The source's was pushed later; the target would gain commits. */
  | 'AHEAD'
  /** The source's was pushed earlier; the target would lose commits. */
  | 'BEHIND'
  /** The target has no pin: this would be the first promotion into it. */
  | 'FIRST'
  /** Both have the same commit. */
  | 'SAME'
  /** One of them was never seen at the branch's head. */
  | 'UNKNOWN';

/** An environment to create. */
export type CreateEnvironmentInput = {
  /** The app to create it in. */
  appId: string | number;
  /** Makes the request safe to repeat: the same key and input give the same answer, the same key with another input is refused. */
  idempotencyKey?: string | null | undefined;
  /** 2 to 40 lowercase letters, digits and hyphens; a letter first. */
  name: string;
};

/** Why a deployment was made. */
export type DeploymentKind =
  /** Somebody promoted one environment into another. */
  | 'PROMOTION'
  /** A new head of the tracked branch was seen. */
  | 'PUSH'
  /** Somebody had what the environment has built afresh. */
  | 'REDEPLOY'
  /** Somebody moved the pin to another successful version. */
  | 'ROLLBACK';

/** The whole of a deployment, computed from its two steps. */
export type DeploymentStatus =
  /** Both steps settled and none failed. */
  | 'DEPLOYED'
  /** A step failed; the environment serves what it served. */
  | 'FAILED'
  /** A step is still to settle. */
  | 'IN_PROGRESS';

/** What a line of a difference is to the two sides. */
export type DiffLineKind =
  /** Only the source has it. */
  | 'ADDED'
  /** Both have it; it is there for the reader. */
  | 'CONTEXT'
  /** Only the target has it. */
  | 'REMOVED';

/** Why a file has no line by line difference to show. */
export type DiffUnavailable =
  /** It is not text in UTF-8. */
  | 'BINARY'
  /** This server does not have a side of it; `reason` says more. */
  | 'NOT_HERE'
  /** It is larger than 1 MiB or has more than 50,000 lines. */
  | 'TOO_LARGE';

/** Which deployments. All that is given must hold. */
export type EnvironmentDeploymentsFilter = {
  /** By this actor, as they were named at the time. */
  actorName?: string | null | undefined;
  /** Of this kind. */
  kind?: DeploymentKind | null | undefined;
  /** Accepted at this time or later, with its offset. */
  since?: string | null | undefined;
  /** With this status. */
  status?: DeploymentStatus | null | undefined;
  /** Accepted before this time, with its offset. */
  until?: string | null | undefined;
};

/** What an environment follows. */
export type EnvironmentState =
  /** It tracks branch HEAD live: this is `dev`. */
  | 'DEFAULT'
  /** Nothing was promoted into it yet; it serves nothing. */
  | 'NO_PIN'
  /** It runs the version it is pinned to. */
  | 'PINNED';

/** The machine-readable name of a refusal. */
export type ErrorCode =
  /** A member has the address. */
  | 'ALREADY_MEMBER'
  /** The environment serves this version already. */
  | 'ALREADY_SERVING'
  /** The deployment settled before it could be cancelled. */
  | 'ALREADY_SETTLED'
  /** The plan allows no further API key in the app. */
  | 'API_KEY_LIMIT'
  /** The plan allows no further app. */
  | 'APP_LIMIT'
  /** The typed name is not the environment's. */
  | 'CONFIRMATION_MISMATCH'
  /** The content at the commit does not validate. */
  | 'CONTENT_INVALID'
  /** The default environment cannot be deleted. */
  | 'DEFAULT_ENVIRONMENT_LOCKED'
  /** A deployment into the environment is in flight. */
  | 'ENVIRONMENT_BUSY'
  /** The plan allows no further environment. */
  | 'ENVIRONMENT_LIMIT'
  /** Nothing was promoted into the environment yet. */
  | 'ENVIRONMENT_NOT_PINNED'
  /** The app has no linked repository. */
  | 'GIT_CONNECTION_MISSING'
  /** The key was used before with another input. */
  | 'IDEMPOTENCY_CONFLICT'
  /** A field of the input cannot be used as given. */
  | 'INVALID_INPUT'
  /** Not a name: 2 to 40 of a-z, 0-9 and hyphen, a letter first. */
  | 'INVALID_NAME'
  /** The invitation made a member already. */
  | 'INVITATION_ACCEPTED'
  /** The organization would have no active owner. */
  | 'LAST_OWNER'
  /** Only a member may; an API key is none. */
  | 'MEMBER_REQUIRED'
  /** The name is in use. */
  | 'NAME_TAKEN'
  /** It does not exist, or the viewer may not see it. */
  | 'NOT_FOUND'
  /** The deployment cannot be run again. */
  | 'NOT_RETRYABLE'
  /** An owner has no role in a single app. */
  | 'OWNER_ACCESS'
  /** Only an owner may: it makes, changes or unmakes one. */
  | 'OWNER_REQUIRED'
  /** The viewer may see it, but not do this. */
  | 'PERMISSION_DENIED'
  /** Another app follows this branch of the repository. */
  | 'REPOSITORY_TAKEN'
  /** The repository did not answer, or not as it should. */
  | 'REPOSITORY_UNREACHABLE'
  /** Somebody has the role, or is invited to it. */
  | 'ROLE_IN_USE'
  /** An environment cannot be promoted into itself. */
  | 'SOURCE_IS_TARGET'
  /** The source is no longer at the expected commit. */
  | 'STALE_SOURCE'
  /** The target no longer serves the expected version. */
  | 'STALE_TARGET'
  /** The default environment is never a target. */
  | 'TARGET_IS_DEFAULT'
  /** The environment has no such successful version. */
  | 'VERSION_NOT_FOUND';

/** Whose trouble a failure is. */
export type FailureClass =
  /** The code does not build or its handler does not import. */
  | 'BUILD'
  /** Somebody cancelled it. */
  | 'CANCELLED'
  /** The files at the commit do not validate. */
  | 'CONTENT'
  /** Pinmark or its machine failed, not the app. */
  | 'INFRASTRUCTURE'
  /** It built, but its runtime did not become healthy. */
  | 'RUNTIME';

/** What a promotion would do to a file. */
export type FileChangeKind =
  /** The target would have it newly. */
  | 'ADDED'
  /** The target would have it with other bytes. */
  | 'CHANGED'
  /** The target would have it no more. */
  | 'REMOVED';

/** What a content file is. */
export type FileKind =
  /** A component that prompts include (`.mdx`, `.md`). */
  | 'COMPONENT'
  /** The app's `agentmark.json`. */
  | 'CONFIGURATION'
  /** A dataset, one JSON object a line (`.jsonl`). */
  | 'DATASET'
  /** A prompt template (`.prompt.mdx`). */
  | 'PROMPT'
  /** A JSON schema (`.json`). */
  | 'SCHEMA';

/** How far the content of a deployment is. It never goes back. */
export type FileSyncStatus =
  /** The content is invalid or could not be read. */
  | 'FAILED'
  /** Waiting for a worker. */
  | 'PENDING'
  /** There was nothing to sync. */
  | 'SKIPPED'
  /** The environment's own snapshot is written. */
  | 'SYNCED'
  /** The files are being read and validated. */
  | 'SYNCING';

/** What a commit message asks of the pipeline, in any case, for the push of that commit. */
export type Override =
  /** `[force build]`: a build, whatever was kept; promotions honour it too. */
  | 'FORCE_BUILD'
  /** `[skip build]`: the files are synced, nothing is built. */
  | 'SKIP_BUILD'
  /** `[skip deploy]`: neither files nor code; content stays. */
  | 'SKIP_DEPLOY';

/** What to promote, and into what. */
export type PromoteEnvironmentInput = {
  /** Refuse unless the source gives exactly this commit. */
  expectedSourceCommit?: string | null | undefined;
  /** Refuse unless the target serves this version; 0 stands for no pin. */
  expectedTargetVersion?: number | null | undefined;
  /** Makes the request safe to repeat: the same key and input give the same answer, the same key with another input is refused. */
  idempotencyKey?: string | null | undefined;
  /** Why, for the history; at most 2000 characters. */
  note?: string | null | undefined;
  /** The environment to take from: its pinned commit, or HEAD without a pin. */
  sourceId: string | number;
  /** The environment to promote into; never `dev`. */
  targetId: string | number;
};

/** The failed deployment to run again. */
export type RetryDeploymentInput = {
  /** The failed deployment. */
  deploymentId: string | number;
  /** Makes the request safe to repeat: the same key and input give the same answer, the same key with another input is refused. */
  idempotencyKey?: string | null | undefined;
};

/** A built-in role. */
export type Role =
  /** Everything but making and unmaking owners. */
  | 'ADMIN'
  /** Everything, and alone to make and unmake owners. */
  | 'OWNER'
  /** Reads everything, and changes nothing. */
  | 'READ'
  /** Reads everything, calls handlers and manages API keys. */
  | 'WRITE';

/** The environment to roll back, and to which version. */
export type RollbackEnvironmentInput = {
  /** The environment. */
  environmentId: string | number;
  /** Makes the request safe to repeat: the same key and input give the same answer, the same key with another input is refused. */
  idempotencyKey?: string | null | undefined;
  /** Why, for the history; at most 2000 characters. */
  note?: string | null | undefined;
  /** A version that it served successfully, older or newer than the pinned one. */
  version: number;
};

/** How a runtime is. */
export type RuntimeState =
  /** It finishes the requests it has and gets no more. */
  | 'DRAINING'
  /** It did not turn healthy, or died; `reason` says why. */
  | 'FAILED'
  /** It answers, and requests are routed to it. */
  | 'HEALTHY'
  /** It starts, or starts again after it died. */
  | 'STARTING'
  /** Nothing of it runs. */
  | 'STOPPED';

export type AppEventsSubscriptionVariables = Exact<{
  appId: string | number;
  after?: string | null | undefined;
}>;


export type AppEventsSubscription = { appEvents: { __typename: 'AppEvent', cursor: string, occurredAt: string, kind: AppEventKind, environment: { __typename: 'Environment', id: string, name: string, isDefault: boolean, state: EnvironmentState, pinLabel: string, currentVersion: number, createdAt: string, deletedAt: string | null, viewerCanPromote: boolean, viewerCanRollback: boolean, viewerCanDelete: boolean, pin: { __typename: 'Pin', version: number, since: string, commit: { __typename: 'Commit', sha: string, shortSha: string, message: string | null, authorName: string | null, committedAt: string | null }, deployment: { __typename: 'Deployment', id: string } } | null, deploying: { __typename: 'Deployment', id: string, kind: DeploymentKind, sourceName: string | null, version: number | null, note: string | null, override: Override | null, status: DeploymentStatus, failureClass: FailureClass | null, failureReason: string | null, createdAt: string, settledAt: string | null, actor: { __typename: 'Actor', kind: ActorKind, name: string } | null, fileSync: { __typename: 'FileSync', status: FileSyncStatus, startedAt: string | null, finishedAt: string | null, detail: string | null }, codeBuild: { __typename: 'CodeBuild', status: CodeBuildStatus, startedAt: string | null, finishedAt: string | null, detail: string | null, cacheHit: boolean, cacheDecision: { __typename: 'CacheDecision', kind: CacheDecisionKind, detail: string | null } | null }, commit: { __typename: 'Commit', sha: string, shortSha: string, message: string | null, authorName: string | null, committedAt: string | null }, environment: { __typename: 'Environment', id: string, name: string, isDefault: boolean }, retryOf: { __typename: 'Deployment', id: string } | null } | null, contentCommit: { __typename: 'Commit', sha: string, shortSha: string, message: string | null, authorName: string | null, committedAt: string | null } | null, codeCommit: { __typename: 'Commit', sha: string, shortSha: string, message: string | null, authorName: string | null, committedAt: string | null } | null, runtime: { __typename: 'Runtime', state: RuntimeState, since: string, reason: string | null } | null } | null, deployment: { __typename: 'Deployment', id: string, kind: DeploymentKind, sourceName: string | null, version: number | null, note: string | null, override: Override | null, status: DeploymentStatus, failureClass: FailureClass | null, failureReason: string | null, createdAt: string, settledAt: string | null, actor: { __typename: 'Actor', kind: ActorKind, name: string } | null, fileSync: { __typename: 'FileSync', status: FileSyncStatus, startedAt: string | null, finishedAt: string | null, detail: string | null }, codeBuild: { __typename: 'CodeBuild', status: CodeBuildStatus, startedAt: string | null, finishedAt: string | null, detail: string | null, cacheHit: boolean, cacheDecision: { __typename: 'CacheDecision', kind: CacheDecisionKind, detail: string | null } | null }, commit: { __typename: 'Commit', sha: string, shortSha: string, message: string | null, authorName: string | null, committedAt: string | null }, environment: { __typename: 'Environment', id: string, name: string, isDefault: boolean }, retryOf: { __typename: 'Deployment', id: string } | null } | null } };

export type EnvironmentSummaryFragment = { __typename: 'Environment', id: string, name: string, isDefault: boolean, state: EnvironmentState, pinLabel: string, currentVersion: number, createdAt: string, deletedAt: string | null, viewerCanPromote: boolean, viewerCanRollback: boolean, viewerCanDelete: boolean, pin: { __typename: 'Pin', version: number, since: string, commit: { __typename: 'Commit', sha: string, shortSha: string, message: string | null, authorName: string | null, committedAt: string | null }, deployment: { __typename: 'Deployment', id: string } } | null, deploying: { __typename: 'Deployment', id: string, kind: DeploymentKind, sourceName: string | null, version: number | null, note: string | null, override: Override | null, status: DeploymentStatus, failureClass: FailureClass | null, failureReason: string | null, createdAt: string, settledAt: string | null, actor: { __typename: 'Actor', kind: ActorKind, name: string } | null, fileSync: { __typename: 'FileSync', status: FileSyncStatus, startedAt: string | null, finishedAt: string | null, detail: string | null }, codeBuild: { __typename: 'CodeBuild', status: CodeBuildStatus, startedAt: string | null, finishedAt: string | null, detail: string | null, cacheHit: boolean, cacheDecision: { __typename: 'CacheDecision', kind: CacheDecisionKind, detail: string | null } | null }, commit: { __typename: 'Commit', sha: string, shortSha: string, message: string | null, authorName: string | null, committedAt: string | null }, environment: { __typename: 'Environment', id: string, name: string, isDefault: boolean }, retryOf: { __typename: 'Deployment', id: string } | null } | null, contentCommit: { __typename: 'Commit', sha: string, shortSha: string, message: string | null, authorName: string | null, committedAt: string | null } | null, codeCommit: { __typename: 'Commit', sha: string, shortSha: string, message: string | null, authorName: string | null, committedAt: string | null } | null, runtime: { __typename: 'Runtime', state: RuntimeState, since: string, reason: string | null } | null };

export type DeploymentSummaryFragment = { __typename: 'Deployment', id: string, kind: DeploymentKind, sourceName: string | null, version: number | null, note: string | null, override: Override | null, status: DeploymentStatus, failureClass: FailureClass | null, failureReason: string | null, createdAt: string, settledAt: string | null, actor: { __typename: 'Actor', kind: ActorKind, name: string } | null, fileSync: { __typename: 'FileSync', status: FileSyncStatus, startedAt: string | null, finishedAt: string | null, detail: string | null }, codeBuild: { __typename: 'CodeBuild', status: CodeBuildStatus, startedAt: string | null, finishedAt: string | null, detail: string | null, cacheHit: boolean, cacheDecision: { __typename: 'CacheDecision', kind: CacheDecisionKind, detail: string | null } | null }, commit: { __typename: 'Commit', sha: string, shortSha: string, message: string | null, authorName: string | null, committedAt: string | null }, environment: { __typename: 'Environment', id: string, name: string, isDefault: boolean }, retryOf: { __typename: 'Deployment', id: string } | null };

export type CommitSummaryFragment = { __typename: 'Commit', sha: string, shortSha: string, message: string | null, authorName: string | null, committedAt: string | null };

export type BuildLogSubscriptionVariables = Exact<{
  deploymentId: string | number;
  after?: string | null | undefined;
}>;


export type BuildLogSubscription = { buildLog: { __typename: 'BuildLogChunk', cursor: string, lines: Array<{ __typename: 'BuildLogLine', number: number, at: string, text: string }> } };

export type AppsQueryVariables = Exact<{ [key: string]: never; }>;


export type AppsQuery = { __typename: 'Query', apps: { __typename: 'AppConnection', nodes: Array<{ __typename: 'App', id: string, name: string, repository: { __typename: 'Repository', id: string, url: string, branch: string } | null, environments: { __typename: 'EnvironmentConnection', totalCount: number, nodes: Array<{ __typename: 'Environment', id: string, name: string, state: EnvironmentState, pinLabel: string }> } }> } };

export type CompareEnvironmentsQueryVariables = Exact<{
  source: string | number;
  target: string | number;
}>;


export type CompareEnvironmentsQuery = { __typename: 'Query', comparison: { __typename: 'Comparison', sourceVersion: number, targetVersion: number, commitRelation: CommitRelation | null, sourceCommit: { __typename: 'Commit', sha: string, shortSha: string, message: string | null, authorName: string | null, committedAt: string | null } | null, targetCommit: { __typename: 'Commit', sha: string, shortSha: string, message: string | null, authorName: string | null, committedAt: string | null } | null, commits: { __typename: 'CommitConnection', totalCount: number, nodes: Array<{ __typename: 'Commit', sha: string, shortSha: string, message: string | null, authorName: string | null, committedAt: string | null }> } | null, content: { __typename: 'ContentComparison', counts: Array<{ __typename: 'FileChangeCount', kind: FileKind, added: number, changed: number, removed: number }>, files: { __typename: 'FileChangeConnection', totalCount: number, nodes: Array<{ __typename: 'FileChange', path: string, kind: FileKind, change: FileChangeKind }> } }, code: { __typename: 'CodeComparison', unavailableReason: string | null, files: { __typename: 'CodeChangeConnection', totalCount: number, nodes: Array<{ __typename: 'CodeChange', path: string, change: FileChangeKind }> } | null }, build: { __typename: 'BuildForecast', wouldHitCache: boolean | null, unavailableReason: string | null, cacheDecision: { __typename: 'CacheDecision', kind: CacheDecisionKind, detail: string | null } | null } } | null };

export type FileDiffQueryVariables = Exact<{
  source: string | number;
  target: string | number;
  path: string;
}>;


export type FileDiffQuery = { __typename: 'Query', comparison: { __typename: 'Comparison', fileDiff: { __typename: 'FileDiff', path: string, isTruncated: boolean, unavailable: DiffUnavailable | null, reason: string | null, hunks: Array<{ __typename: 'DiffHunk', oldStart: number, oldLines: number, newStart: number, newLines: number, lines: Array<{ __typename: 'DiffLine', kind: DiffLineKind, text: string, oldNumber: number | null, newNumber: number | null, hasLineBreak: boolean }> }> } | null } | null };

export type CreateEnvironmentMutationVariables = Exact<{
  input: CreateEnvironmentInput;
}>;


export type CreateEnvironmentMutation = { __typename: 'Mutation', createEnvironment:
    | { __typename: 'CreateEnvironmentSuccess', environment: { __typename: 'Environment', id: string, name: string, isDefault: boolean, state: EnvironmentState, pinLabel: string, currentVersion: number, createdAt: string, deletedAt: string | null, viewerCanPromote: boolean, viewerCanRollback: boolean, viewerCanDelete: boolean, pin: { __typename: 'Pin', version: number, since: string, commit: { __typename: 'Commit', sha: string, shortSha: string, message: string | null, authorName: string | null, committedAt: string | null }, deployment: { __typename: 'Deployment', id: string } } | null, deploying: { __typename: 'Deployment', id: string, kind: DeploymentKind, sourceName: string | null, version: number | null, note: string | null, override: Override | null, status: DeploymentStatus, failureClass: FailureClass | null, failureReason: string | null, createdAt: string, settledAt: string | null, actor: { __typename: 'Actor', kind: ActorKind, name: string } | null, fileSync: { __typename: 'FileSync', status: FileSyncStatus, startedAt: string | null, finishedAt: string | null, detail: string | null }, codeBuild: { __typename: 'CodeBuild', status: CodeBuildStatus, startedAt: string | null, finishedAt: string | null, detail: string | null, cacheHit: boolean, cacheDecision: { __typename: 'CacheDecision', kind: CacheDecisionKind, detail: string | null } | null }, commit: { __typename: 'Commit', sha: string, shortSha: string, message: string | null, authorName: string | null, committedAt: string | null }, environment: { __typename: 'Environment', id: string, name: string, isDefault: boolean }, retryOf: { __typename: 'Deployment', id: string } | null } | null, contentCommit: { __typename: 'Commit', sha: string, shortSha: string, message: string | null, authorName: string | null, committedAt: string | null } | null, codeCommit: { __typename: 'Commit', sha: string, shortSha: string, message: string | null, authorName: string | null, committedAt: string | null } | null, runtime: { __typename: 'Runtime', state: RuntimeState, since: string, reason: string | null } | null } }
    | { __typename: 'EnvironmentLimitError', code: ErrorCode, message: string }
    | { __typename: 'IdempotencyConflictError', code: ErrorCode, message: string }
    | { __typename: 'InvalidInputError', code: ErrorCode, message: string }
    | { __typename: 'InvalidNameError', code: ErrorCode, message: string }
    | { __typename: 'NameTakenError', code: ErrorCode, message: string }
    | { __typename: 'NotFoundError', code: ErrorCode, message: string }
    | { __typename: 'PermissionDeniedError', code: ErrorCode, message: string }
   };

export type DeploymentPageQueryVariables = Exact<{
  id: string | number;
}>;


export type DeploymentPageQuery = { __typename: 'Query', deployment: { __typename: 'Deployment', databaseId: string, id: string, kind: DeploymentKind, sourceName: string | null, version: number | null, note: string | null, override: Override | null, status: DeploymentStatus, failureClass: FailureClass | null, failureReason: string | null, createdAt: string, settledAt: string | null, source: { __typename: 'Environment', id: string, name: string } | null, contentProblems: Array<{ __typename: 'ContentProblem', path: string, line: number | null, message: string }>, actor: { __typename: 'Actor', kind: ActorKind, name: string } | null, fileSync: { __typename: 'FileSync', status: FileSyncStatus, startedAt: string | null, finishedAt: string | null, detail: string | null }, codeBuild: { __typename: 'CodeBuild', status: CodeBuildStatus, startedAt: string | null, finishedAt: string | null, detail: string | null, cacheHit: boolean, cacheDecision: { __typename: 'CacheDecision', kind: CacheDecisionKind, detail: string | null } | null }, commit: { __typename: 'Commit', sha: string, shortSha: string, message: string | null, authorName: string | null, committedAt: string | null }, environment: { __typename: 'Environment', id: string, name: string, isDefault: boolean }, retryOf: { __typename: 'Deployment', id: string } | null } | null };

export type CancelDeploymentMutationVariables = Exact<{
  input: CancelDeploymentInput;
}>;


export type CancelDeploymentMutation = { __typename: 'Mutation', cancelDeployment:
    | { __typename: 'AlreadySettledError', code: ErrorCode, message: string }
    | { __typename: 'CancelDeploymentSuccess', deployment: { __typename: 'Deployment', id: string, kind: DeploymentKind, sourceName: string | null, version: number | null, note: string | null, override: Override | null, status: DeploymentStatus, failureClass: FailureClass | null, failureReason: string | null, createdAt: string, settledAt: string | null, environment: { __typename: 'Environment', id: string, name: string, isDefault: boolean, state: EnvironmentState, pinLabel: string, currentVersion: number, createdAt: string, deletedAt: string | null, viewerCanPromote: boolean, viewerCanRollback: boolean, viewerCanDelete: boolean, pin: { __typename: 'Pin', version: number, since: string, commit: { __typename: 'Commit', sha: string, shortSha: string, message: string | null, authorName: string | null, committedAt: string | null }, deployment: { __typename: 'Deployment', id: string } } | null, deploying: { __typename: 'Deployment', id: string, kind: DeploymentKind, sourceName: string | null, version: number | null, note: string | null, override: Override | null, status: DeploymentStatus, failureClass: FailureClass | null, failureReason: string | null, createdAt: string, settledAt: string | null, actor: { __typename: 'Actor', kind: ActorKind, name: string } | null, fileSync: { __typename: 'FileSync', status: FileSyncStatus, startedAt: string | null, finishedAt: string | null, detail: string | null }, codeBuild: { __typename: 'CodeBuild', status: CodeBuildStatus, startedAt: string | null, finishedAt: string | null, detail: string | null, cacheHit: boolean, cacheDecision: { __typename: 'CacheDecision', kind: CacheDecisionKind, detail: string | null } | null }, commit: { __typename: 'Commit', sha: string, shortSha: string, message: string | null, authorName: string | null, committedAt: string | null }, environment: { __typename: 'Environment', id: string, name: string, isDefault: boolean }, retryOf: { __typename: 'Deployment', id: string } | null } | null, contentCommit: { __typename: 'Commit', sha: string, shortSha: string, message: string | null, authorName: string | null, committedAt: string | null } | null, codeCommit: { __typename: 'Commit', sha: string, shortSha: string, message: string | null, authorName: string | null, committedAt: string | null } | null, runtime: { __typename: 'Runtime', state: RuntimeState, since: string, reason: string | null } | null }, actor: { __typename: 'Actor', kind: ActorKind, name: string } | null, fileSync: { __typename: 'FileSync', status: FileSyncStatus, startedAt: string | null, finishedAt: string | null, detail: string | null }, codeBuild: { __typename: 'CodeBuild', status: CodeBuildStatus, startedAt: string | null, finishedAt: string | null, detail: string | null, cacheHit: boolean, cacheDecision: { __typename: 'CacheDecision', kind: CacheDecisionKind, detail: string | null } | null }, commit: { __typename: 'Commit', sha: string, shortSha: string, message: string | null, authorName: string | null, committedAt: string | null }, retryOf: { __typename: 'Deployment', id: string } | null } }
    | { __typename: 'NotFoundError', code: ErrorCode, message: string }
    | { __typename: 'PermissionDeniedError', code: ErrorCode, message: string }
   };

export type DeploymentsQueryVariables = Exact<{
  id: string | number;
  after?: string | null | undefined;
  filter?: EnvironmentDeploymentsFilter | null | undefined;
}>;


export type DeploymentsQuery = { __typename: 'Query', node:
    | { __typename: 'AccessToken' }
    | { __typename: 'ApiKey' }
    | { __typename: 'App' }
    | { __typename: 'AuditEntry' }
    | { __typename: 'CustomRole' }
    | { __typename: 'Deployment' }
    | { __typename: 'Environment', id: string, deployments: { __typename: 'DeploymentConnection', totalCount: number, nodes: Array<{ __typename: 'Deployment', id: string, kind: DeploymentKind, sourceName: string | null, version: number | null, note: string | null, override: Override | null, status: DeploymentStatus, failureClass: FailureClass | null, failureReason: string | null, createdAt: string, settledAt: string | null, actor: { __typename: 'Actor', kind: ActorKind, name: string } | null, fileSync: { __typename: 'FileSync', status: FileSyncStatus, startedAt: string | null, finishedAt: string | null, detail: string | null }, codeBuild: { __typename: 'CodeBuild', status: CodeBuildStatus, startedAt: string | null, finishedAt: string | null, detail: string | null, cacheHit: boolean, cacheDecision: { __typename: 'CacheDecision', kind: CacheDecisionKind, detail: string | null } | null }, commit: { __typename: 'Commit', sha: string, shortSha: string, message: string | null, authorName: string | null, committedAt: string | null }, environment: { __typename: 'Environment', id: string, name: string, isDefault: boolean }, retryOf: { __typename: 'Deployment', id: string } | null }>, pageInfo: { __typename: 'PageInfo', hasNextPage: boolean, endCursor: string | null } } }
    | { __typename: 'EnvironmentVariable' }
    | { __typename: 'Invitation' }
    | { __typename: 'Member' }
    | { __typename: 'Repository' }
    | { __typename: 'ServiceToken' }
    | { __typename: 'SignInSession' }
   | null };

export type OverviewQueryVariables = Exact<{
  app: string;
}>;


export type OverviewQuery = { __typename: 'Query', app: { __typename: 'App', id: string, environments: { __typename: 'EnvironmentConnection', nodes: Array<{ __typename: 'Environment', id: string, deployments: { __typename: 'DeploymentConnection', nodes: Array<{ __typename: 'Deployment', id: string, kind: DeploymentKind, sourceName: string | null, version: number | null, note: string | null, override: Override | null, status: DeploymentStatus, failureClass: FailureClass | null, failureReason: string | null, createdAt: string, settledAt: string | null, actor: { __typename: 'Actor', kind: ActorKind, name: string } | null, fileSync: { __typename: 'FileSync', status: FileSyncStatus, startedAt: string | null, finishedAt: string | null, detail: string | null }, codeBuild: { __typename: 'CodeBuild', status: CodeBuildStatus, startedAt: string | null, finishedAt: string | null, detail: string | null, cacheHit: boolean, cacheDecision: { __typename: 'CacheDecision', kind: CacheDecisionKind, detail: string | null } | null }, commit: { __typename: 'Commit', sha: string, shortSha: string, message: string | null, authorName: string | null, committedAt: string | null }, environment: { __typename: 'Environment', id: string, name: string, isDefault: boolean }, retryOf: { __typename: 'Deployment', id: string } | null }> } }> } } | null };

export type BehindDevQueryVariables = Exact<{
  dev: string | number;
  environment: string | number;
}>;


export type BehindDevQuery = { __typename: 'Query', comparison: { __typename: 'Comparison', commitRelation: CommitRelation | null, commits: { __typename: 'CommitConnection', totalCount: number } | null, content: { __typename: 'ContentComparison', counts: Array<{ __typename: 'FileChangeCount', kind: FileKind, added: number, changed: number, removed: number }> } } | null };

export type PromotePreviewQueryVariables = Exact<{
  source: string | number;
  target: string | number;
}>;


export type PromotePreviewQuery = { __typename: 'Query', comparison: { __typename: 'Comparison', sourceVersion: number, targetVersion: number, commitRelation: CommitRelation | null, sourceCommit: { __typename: 'Commit', sha: string, shortSha: string, message: string | null, authorName: string | null, committedAt: string | null } | null, targetCommit: { __typename: 'Commit', sha: string, shortSha: string, message: string | null, authorName: string | null, committedAt: string | null } | null, commits: { __typename: 'CommitConnection', totalCount: number, nodes: Array<{ __typename: 'Commit', sha: string, shortSha: string, message: string | null, authorName: string | null, committedAt: string | null }> } | null, content: { __typename: 'ContentComparison', counts: Array<{ __typename: 'FileChangeCount', kind: FileKind, added: number, changed: number, removed: number }> }, code: { __typename: 'CodeComparison', unavailableReason: string | null, files: { __typename: 'CodeChangeConnection', totalCount: number } | null }, build: { __typename: 'BuildForecast', wouldHitCache: boolean | null, unavailableReason: string | null, cacheDecision: { __typename: 'CacheDecision', kind: CacheDecisionKind, detail: string | null } | null } } | null };

export type PromoteEnvironmentMutationVariables = Exact<{
  input: PromoteEnvironmentInput;
}>;


export type PromoteEnvironmentMutation = { __typename: 'Mutation', promoteEnvironment:
    | { __typename: 'ContentInvalidError', code: ErrorCode, message: string, problems: Array<{ __typename: 'ContentProblem', path: string, line: number | null, message: string }> }
    | { __typename: 'EnvironmentBusyError', code: ErrorCode, message: string, deployment: { __typename: 'Deployment', id: string } }
    | { __typename: 'GitConnectionMissingError', code: ErrorCode, message: string }
    | { __typename: 'IdempotencyConflictError', code: ErrorCode, message: string }
    | { __typename: 'InvalidInputError', code: ErrorCode, message: string }
    | { __typename: 'NotFoundError', code: ErrorCode, message: string }
    | { __typename: 'PermissionDeniedError', code: ErrorCode, message: string }
    | { __typename: 'PromoteEnvironmentSuccess', deployment: { __typename: 'Deployment', id: string, kind: DeploymentKind, sourceName: string | null, version: number | null, note: string | null, override: Override | null, status: DeploymentStatus, failureClass: FailureClass | null, failureReason: string | null, createdAt: string, settledAt: string | null, environment: { __typename: 'Environment', id: string, name: string, isDefault: boolean, state: EnvironmentState, pinLabel: string, currentVersion: number, createdAt: string, deletedAt: string | null, viewerCanPromote: boolean, viewerCanRollback: boolean, viewerCanDelete: boolean, pin: { __typename: 'Pin', version: number, since: string, commit: { __typename: 'Commit', sha: string, shortSha: string, message: string | null, authorName: string | null, committedAt: string | null }, deployment: { __typename: 'Deployment', id: string } } | null, deploying: { __typename: 'Deployment', id: string, kind: DeploymentKind, sourceName: string | null, version: number | null, note: string | null, override: Override | null, status: DeploymentStatus, failureClass: FailureClass | null, failureReason: string | null, createdAt: string, settledAt: string | null, actor: { __typename: 'Actor', kind: ActorKind, name: string } | null, fileSync: { __typename: 'FileSync', status: FileSyncStatus, startedAt: string | null, finishedAt: string | null, detail: string | null }, codeBuild: { __typename: 'CodeBuild', status: CodeBuildStatus, startedAt: string | null, finishedAt: string | null, detail: string | null, cacheHit: boolean, cacheDecision: { __typename: 'CacheDecision', kind: CacheDecisionKind, detail: string | null } | null }, commit: { __typename: 'Commit', sha: string, shortSha: string, message: string | null, authorName: string | null, committedAt: string | null }, environment: { __typename: 'Environment', id: string, name: string, isDefault: boolean }, retryOf: { __typename: 'Deployment', id: string } | null } | null, contentCommit: { __typename: 'Commit', sha: string, shortSha: string, message: string | null, authorName: string | null, committedAt: string | null } | null, codeCommit: { __typename: 'Commit', sha: string, shortSha: string, message: string | null, authorName: string | null, committedAt: string | null } | null, runtime: { __typename: 'Runtime', state: RuntimeState, since: string, reason: string | null } | null }, actor: { __typename: 'Actor', kind: ActorKind, name: string } | null, fileSync: { __typename: 'FileSync', status: FileSyncStatus, startedAt: string | null, finishedAt: string | null, detail: string | null }, codeBuild: { __typename: 'CodeBuild', status: CodeBuildStatus, startedAt: string | null, finishedAt: string | null, detail: string | null, cacheHit: boolean, cacheDecision: { __typename: 'CacheDecision', kind: CacheDecisionKind, detail: string | null } | null }, commit: { __typename: 'Commit', sha: string, shortSha: string, message: string | null, authorName: string | null, committedAt: string | null }, retryOf: { __typename: 'Deployment', id: string } | null } }
    | { __typename: 'RepositoryUnreachableError', code: ErrorCode, message: string }
    | { __typename: 'SourceIsTargetError', code: ErrorCode, message: string }
    | { __typename: 'StaleSourceError', code: ErrorCode, message: string }
    | { __typename: 'StaleTargetError', code: ErrorCode, message: string }
    | { __typename: 'TargetIsDefaultError', code: ErrorCode, message: string }
   };

export type WatchedDeploymentQueryVariables = Exact<{
  id: string | number;
}>;


export type WatchedDeploymentQuery = { __typename: 'Query', deployment: { __typename: 'Deployment', id: string, kind: DeploymentKind, sourceName: string | null, version: number | null, note: string | null, override: Override | null, status: DeploymentStatus, failureClass: FailureClass | null, failureReason: string | null, createdAt: string, settledAt: string | null, actor: { __typename: 'Actor', kind: ActorKind, name: string } | null, fileSync: { __typename: 'FileSync', status: FileSyncStatus, startedAt: string | null, finishedAt: string | null, detail: string | null }, codeBuild: { __typename: 'CodeBuild', status: CodeBuildStatus, startedAt: string | null, finishedAt: string | null, detail: string | null, cacheHit: boolean, cacheDecision: { __typename: 'CacheDecision', kind: CacheDecisionKind, detail: string | null } | null }, commit: { __typename: 'Commit', sha: string, shortSha: string, message: string | null, authorName: string | null, committedAt: string | null }, environment: { __typename: 'Environment', id: string, name: string, isDefault: boolean }, retryOf: { __typename: 'Deployment', id: string } | null } | null };

export type RetryDeploymentMutationVariables = Exact<{
  input: RetryDeploymentInput;
}>;


export type RetryDeploymentMutation = { __typename: 'Mutation', retryDeployment:
    | { __typename: 'EnvironmentBusyError', code: ErrorCode, message: string }
    | { __typename: 'IdempotencyConflictError', code: ErrorCode, message: string }
    | { __typename: 'InvalidInputError', code: ErrorCode, message: string }
    | { __typename: 'NotFoundError', code: ErrorCode, message: string }
    | { __typename: 'NotRetryableError', code: ErrorCode, message: string }
    | { __typename: 'PermissionDeniedError', code: ErrorCode, message: string }
    | { __typename: 'RetryDeploymentSuccess', deployment: { __typename: 'Deployment', id: string, kind: DeploymentKind, sourceName: string | null, version: number | null, note: string | null, override: Override | null, status: DeploymentStatus, failureClass: FailureClass | null, failureReason: string | null, createdAt: string, settledAt: string | null, environment: { __typename: 'Environment', id: string, name: string, isDefault: boolean, state: EnvironmentState, pinLabel: string, currentVersion: number, createdAt: string, deletedAt: string | null, viewerCanPromote: boolean, viewerCanRollback: boolean, viewerCanDelete: boolean, pin: { __typename: 'Pin', version: number, since: string, commit: { __typename: 'Commit', sha: string, shortSha: string, message: string | null, authorName: string | null, committedAt: string | null }, deployment: { __typename: 'Deployment', id: string } } | null, deploying: { __typename: 'Deployment', id: string, kind: DeploymentKind, sourceName: string | null, version: number | null, note: string | null, override: Override | null, status: DeploymentStatus, failureClass: FailureClass | null, failureReason: string | null, createdAt: string, settledAt: string | null, actor: { __typename: 'Actor', kind: ActorKind, name: string } | null, fileSync: { __typename: 'FileSync', status: FileSyncStatus, startedAt: string | null, finishedAt: string | null, detail: string | null }, codeBuild: { __typename: 'CodeBuild', status: CodeBuildStatus, startedAt: string | null, finishedAt: string | null, detail: string | null, cacheHit: boolean, cacheDecision: { __typename: 'CacheDecision', kind: CacheDecisionKind, detail: string | null } | null }, commit: { __typename: 'Commit', sha: string, shortSha: string, message: string | null, authorName: string | null, committedAt: string | null }, environment: { __typename: 'Environment', id: string, name: string, isDefault: boolean }, retryOf: { __typename: 'Deployment', id: string } | null } | null, contentCommit: { __typename: 'Commit', sha: string, shortSha: string, message: string | null, authorName: string | null, committedAt: string | null } | null, codeCommit: { __typename: 'Commit', sha: string, shortSha: string, message: string | null, authorName: string | null, committedAt: string | null } | null, runtime: { __typename: 'Runtime', state: RuntimeState, since: string, reason: string | null } | null }, actor: { __typename: 'Actor', kind: ActorKind, name: string } | null, fileSync: { __typename: 'FileSync', status: FileSyncStatus, startedAt: string | null, finishedAt: string | null, detail: string | null }, codeBuild: { __typename: 'CodeBuild', status: CodeBuildStatus, startedAt: string | null, finishedAt: string | null, detail: string | null, cacheHit: boolean, cacheDecision: { __typename: 'CacheDecision', kind: CacheDecisionKind, detail: string | null } | null }, commit: { __typename: 'Commit', sha: string, shortSha: string, message: string | null, authorName: string | null, committedAt: string | null }, retryOf: { __typename: 'Deployment', id: string } | null } }
   };

export type VersionsQueryVariables = Exact<{
  id: string | number;
}>;


export type VersionsQuery = { __typename: 'Query', node:
    | { __typename: 'AccessToken' }
    | { __typename: 'ApiKey' }
    | { __typename: 'App' }
    | { __typename: 'AuditEntry' }
    | { __typename: 'CustomRole' }
    | { __typename: 'Deployment' }
    | { __typename: 'Environment', id: string, deployments: { __typename: 'DeploymentConnection', totalCount: number, nodes: Array<{ __typename: 'Deployment', id: string, kind: DeploymentKind, sourceName: string | null, version: number | null, note: string | null, override: Override | null, status: DeploymentStatus, failureClass: FailureClass | null, failureReason: string | null, createdAt: string, settledAt: string | null, actor: { __typename: 'Actor', kind: ActorKind, name: string } | null, fileSync: { __typename: 'FileSync', status: FileSyncStatus, startedAt: string | null, finishedAt: string | null, detail: string | null }, codeBuild: { __typename: 'CodeBuild', status: CodeBuildStatus, startedAt: string | null, finishedAt: string | null, detail: string | null, cacheHit: boolean, cacheDecision: { __typename: 'CacheDecision', kind: CacheDecisionKind, detail: string | null } | null }, commit: { __typename: 'Commit', sha: string, shortSha: string, message: string | null, authorName: string | null, committedAt: string | null }, environment: { __typename: 'Environment', id: string, name: string, isDefault: boolean }, retryOf: { __typename: 'Deployment', id: string } | null }> } }
    | { __typename: 'EnvironmentVariable' }
    | { __typename: 'Invitation' }
    | { __typename: 'Member' }
    | { __typename: 'Repository' }
    | { __typename: 'ServiceToken' }
    | { __typename: 'SignInSession' }
   | null };

export type RollbackEnvironmentMutationVariables = Exact<{
  input: RollbackEnvironmentInput;
}>;


export type RollbackEnvironmentMutation = { __typename: 'Mutation', rollbackEnvironment:
    | { __typename: 'AlreadyServingError', code: ErrorCode, message: string }
    | { __typename: 'EnvironmentBusyError', code: ErrorCode, message: string, deployment: { __typename: 'Deployment', id: string } }
    | { __typename: 'IdempotencyConflictError', code: ErrorCode, message: string }
    | { __typename: 'InvalidInputError', code: ErrorCode, message: string }
    | { __typename: 'NotFoundError', code: ErrorCode, message: string }
    | { __typename: 'PermissionDeniedError', code: ErrorCode, message: string }
    | { __typename: 'RollbackEnvironmentSuccess', deployment: { __typename: 'Deployment', id: string, kind: DeploymentKind, sourceName: string | null, version: number | null, note: string | null, override: Override | null, status: DeploymentStatus, failureClass: FailureClass | null, failureReason: string | null, createdAt: string, settledAt: string | null, environment: { __typename: 'Environment', id: string, name: string, isDefault: boolean, state: EnvironmentState, pinLabel: string, currentVersion: number, createdAt: string, deletedAt: string | null, viewerCanPromote: boolean, viewerCanRollback: boolean, viewerCanDelete: boolean, pin: { __typename: 'Pin', version: number, since: string, commit: { __typename: 'Commit', sha: string, shortSha: string, message: string | null, authorName: string | null, committedAt: string | null }, deployment: { __typename: 'Deployment', id: string } } | null, deploying: { __typename: 'Deployment', id: string, kind: DeploymentKind, sourceName: string | null, version: number | null, note: string | null, override: Override | null, status: DeploymentStatus, failureClass: FailureClass | null, failureReason: string | null, createdAt: string, settledAt: string | null, actor: { __typename: 'Actor', kind: ActorKind, name: string } | null, fileSync: { __typename: 'FileSync', status: FileSyncStatus, startedAt: string | null, finishedAt: string | null, detail: string | null }, codeBuild: { __typename: 'CodeBuild', status: CodeBuildStatus, startedAt: string | null, finishedAt: string | null, detail: string | null, cacheHit: boolean, cacheDecision: { __typename: 'CacheDecision', kind: CacheDecisionKind, detail: string | null } | null }, commit: { __typename: 'Commit', sha: string, shortSha: string, message: string | null, authorName: string | null, committedAt: string | null }, environment: { __typename: 'Environment', id: string, name: string, isDefault: boolean }, retryOf: { __typename: 'Deployment', id: string } | null } | null, contentCommit: { __typename: 'Commit', sha: string, shortSha: string, message: string | null, authorName: string | null, committedAt: string | null } | null, codeCommit: { __typename: 'Commit', sha: string, shortSha: string, message: string | null, authorName: string | null, committedAt: string | null } | null, runtime: { __typename: 'Runtime', state: RuntimeState, since: string, reason: string | null } | null }, actor: { __typename: 'Actor', kind: ActorKind, name: string } | null, fileSync: { __typename: 'FileSync', status: FileSyncStatus, startedAt: string | null, finishedAt: string | null, detail: string | null }, codeBuild: { __typename: 'CodeBuild', status: CodeBuildStatus, startedAt: string | null, finishedAt: string | null, detail: string | null, cacheHit: boolean, cacheDecision: { __typename: 'CacheDecision', kind: CacheDecisionKind, detail: string | null } | null }, commit: { __typename: 'Commit', sha: string, shortSha: string, message: string | null, authorName: string | null, committedAt: string | null }, retryOf: { __typename: 'Deployment', id: string } | null } }
    | { __typename: 'TargetIsDefaultError', code: ErrorCode, message: string }
    | { __typename: 'VersionNotFoundError', code: ErrorCode, message: string }
   };

export type VersionAtQueryVariables = Exact<{
  id: string | number;
  time: string;
}>;


export type VersionAtQuery = { __typename: 'Query', node:
    | { __typename: 'AccessToken' }
    | { __typename: 'ApiKey' }
    | { __typename: 'App' }
    | { __typename: 'AuditEntry' }
    | { __typename: 'CustomRole' }
    | { __typename: 'Deployment' }
    | { __typename: 'Environment', id: string, versionAt: { __typename: 'ServedInterval', version: number | null, commit: { __typename: 'Commit', sha: string, shortSha: string, message: string | null, authorName: string | null, committedAt: string | null }, deployment: { __typename: 'Deployment', id: string } } | null }
    | { __typename: 'EnvironmentVariable' }
    | { __typename: 'Invitation' }
    | { __typename: 'Member' }
    | { __typename: 'Repository' }
    | { __typename: 'ServiceToken' }
    | { __typename: 'SignInSession' }
   | null };

export type TimelineQueryVariables = Exact<{
  id: string | number;
  from: string;
  to: string;
}>;


export type TimelineQuery = { __typename: 'Query', node:
    | { __typename: 'AccessToken' }
    | { __typename: 'ApiKey' }
    | { __typename: 'App' }
    | { __typename: 'AuditEntry' }
    | { __typename: 'CustomRole' }
    | { __typename: 'Deployment' }
    | { __typename: 'Environment', id: string, timeline: { __typename: 'ServedIntervalConnection', totalCount: number, nodes: Array<{ __typename: 'ServedInterval', from: string, to: string | null, version: number | null, commit: { __typename: 'Commit', sha: string, shortSha: string, message: string | null, authorName: string | null, committedAt: string | null }, deployment: { __typename: 'Deployment', id: string, kind: DeploymentKind, sourceName: string | null, version: number | null, note: string | null, override: Override | null, status: DeploymentStatus, failureClass: FailureClass | null, failureReason: string | null, createdAt: string, settledAt: string | null, actor: { __typename: 'Actor', kind: ActorKind, name: string } | null, fileSync: { __typename: 'FileSync', status: FileSyncStatus, startedAt: string | null, finishedAt: string | null, detail: string | null }, codeBuild: { __typename: 'CodeBuild', status: CodeBuildStatus, startedAt: string | null, finishedAt: string | null, detail: string | null, cacheHit: boolean, cacheDecision: { __typename: 'CacheDecision', kind: CacheDecisionKind, detail: string | null } | null }, commit: { __typename: 'Commit', sha: string, shortSha: string, message: string | null, authorName: string | null, committedAt: string | null }, environment: { __typename: 'Environment', id: string, name: string, isDefault: boolean }, retryOf: { __typename: 'Deployment', id: string } | null } }> }, deployments: { __typename: 'DeploymentConnection', nodes: Array<{ __typename: 'Deployment', id: string, kind: DeploymentKind, sourceName: string | null, version: number | null, note: string | null, override: Override | null, status: DeploymentStatus, failureClass: FailureClass | null, failureReason: string | null, createdAt: string, settledAt: string | null, actor: { __typename: 'Actor', kind: ActorKind, name: string } | null, fileSync: { __typename: 'FileSync', status: FileSyncStatus, startedAt: string | null, finishedAt: string | null, detail: string | null }, codeBuild: { __typename: 'CodeBuild', status: CodeBuildStatus, startedAt: string | null, finishedAt: string | null, detail: string | null, cacheHit: boolean, cacheDecision: { __typename: 'CacheDecision', kind: CacheDecisionKind, detail: string | null } | null }, commit: { __typename: 'Commit', sha: string, shortSha: string, message: string | null, authorName: string | null, committedAt: string | null }, environment: { __typename: 'Environment', id: string, name: string, isDefault: boolean }, retryOf: { __typename: 'Deployment', id: string } | null }> } }
    | { __typename: 'EnvironmentVariable' }
    | { __typename: 'Invitation' }
    | { __typename: 'Member' }
    | { __typename: 'Repository' }
    | { __typename: 'ServiceToken' }
    | { __typename: 'SignInSession' }
   | null };

export type ShellQueryVariables = Exact<{
  app: string;
}>;


export type ShellQuery = { __typename: 'Query', viewer: { __typename: 'Viewer', id: string, name: string, role: Role | null, organization: { __typename: 'Organization', name: string } }, apps: { __typename: 'AppConnection', nodes: Array<{ __typename: 'App', id: string, name: string }> }, app: { __typename: 'App', id: string, name: string, eventCursor: string, viewerPermissions: Array<string>, repository: { __typename: 'Repository', id: string, url: string, branch: string, unreachableReason: string | null, head: { __typename: 'Commit', sha: string, shortSha: string, message: string | null, authorName: string | null, committedAt: string | null } | null } | null, viewerCapabilities: { __typename: 'AppCapabilities', createEnvironment: { __typename: 'Capability', allowed: boolean, reason: string | null } }, environments: { __typename: 'EnvironmentConnection', nodes: Array<{ __typename: 'Environment', id: string, name: string, isDefault: boolean, state: EnvironmentState, pinLabel: string, currentVersion: number, createdAt: string, deletedAt: string | null, viewerCanPromote: boolean, viewerCanRollback: boolean, viewerCanDelete: boolean, pin: { __typename: 'Pin', version: number, since: string, commit: { __typename: 'Commit', sha: string, shortSha: string, message: string | null, authorName: string | null, committedAt: string | null }, deployment: { __typename: 'Deployment', id: string } } | null, deploying: { __typename: 'Deployment', id: string, kind: DeploymentKind, sourceName: string | null, version: number | null, note: string | null, override: Override | null, status: DeploymentStatus, failureClass: FailureClass | null, failureReason: string | null, createdAt: string, settledAt: string | null, actor: { __typename: 'Actor', kind: ActorKind, name: string } | null, fileSync: { __typename: 'FileSync', status: FileSyncStatus, startedAt: string | null, finishedAt: string | null, detail: string | null }, codeBuild: { __typename: 'CodeBuild', status: CodeBuildStatus, startedAt: string | null, finishedAt: string | null, detail: string | null, cacheHit: boolean, cacheDecision: { __typename: 'CacheDecision', kind: CacheDecisionKind, detail: string | null } | null }, commit: { __typename: 'Commit', sha: string, shortSha: string, message: string | null, authorName: string | null, committedAt: string | null }, environment: { __typename: 'Environment', id: string, name: string, isDefault: boolean }, retryOf: { __typename: 'Deployment', id: string } | null } | null, contentCommit: { __typename: 'Commit', sha: string, shortSha: string, message: string | null, authorName: string | null, committedAt: string | null } | null, codeCommit: { __typename: 'Commit', sha: string, shortSha: string, message: string | null, authorName: string | null, committedAt: string | null } | null, runtime: { __typename: 'Runtime', state: RuntimeState, since: string, reason: string | null } | null }> } } | null };

export class TypedDocumentString<TResult, TVariables>
  extends String
  implements DocumentTypeDecoration<TResult, TVariables>
{
  __apiType?: NonNullable<DocumentTypeDecoration<TResult, TVariables>['__apiType']>;
  private value: string;
  public __meta__?: Record<string, any> | undefined;

  constructor(value: string, __meta__?: Record<string, any> | undefined) {
    super(value);
    this.value = value;
    this.__meta__ = __meta__;
  }

  override toString(): string & DocumentTypeDecoration<TResult, TVariables> {
    return this.value;
  }
}
export const CommitSummaryFragmentDoc = new TypedDocumentString(`
    fragment CommitSummary on Commit {
  __typename
  sha
  shortSha
  message
  authorName
  committedAt
}
    `, {"fragmentName":"CommitSummary"}) as unknown as TypedDocumentString<CommitSummaryFragment, unknown>;
export const DeploymentSummaryFragmentDoc = new TypedDocumentString(`
    fragment DeploymentSummary on Deployment {
  __typename
  id
  kind
  sourceName
  version
  note
  override
  status
  failureClass
  failureReason
  createdAt
  settledAt
  actor {
    __typename
    kind
    name
  }
  fileSync {
    __typename
    status
    startedAt
    finishedAt
    detail
  }
  codeBuild {
    __typename
    status
    startedAt
    finishedAt
    detail
    cacheHit
    cacheDecision {
      __typename
      kind
      detail
    }
  }
  commit {
    __typename
    ...CommitSummary
  }
  environment {
    __typename
    id
    name
    isDefault
  }
  retryOf {
    __typename
    id
  }
}
    fragment CommitSummary on Commit {
  __typename
  sha
  shortSha
  message
  authorName
  committedAt
}`, {"fragmentName":"DeploymentSummary"}) as unknown as TypedDocumentString<DeploymentSummaryFragment, unknown>;
export const EnvironmentSummaryFragmentDoc = new TypedDocumentString(`
    fragment EnvironmentSummary on Environment {
  __typename
  id
  name
  isDefault
  state
  pinLabel
  currentVersion
  createdAt
  deletedAt
  viewerCanPromote
  viewerCanRollback
  viewerCanDelete
  pin {
    __typename
    version
    since
    commit {
      __typename
      ...CommitSummary
    }
    deployment {
      __typename
      id
    }
  }
  deploying {
    __typename
    ...DeploymentSummary
  }
  contentCommit {
    __typename
    ...CommitSummary
  }
  codeCommit {
    __typename
    ...CommitSummary
  }
  runtime {
    __typename
    state
    since
    reason
  }
}
    fragment DeploymentSummary on Deployment {
  __typename
  id
  kind
  sourceName
  version
  note
  override
  status
  failureClass
  failureReason
  createdAt
  settledAt
  actor {
    __typename
    kind
    name
  }
  fileSync {
    __typename
    status
    startedAt
    finishedAt
    detail
  }
  codeBuild {
    __typename
    status
    startedAt
    finishedAt
    detail
    cacheHit
    cacheDecision {
      __typename
      kind
      detail
    }
  }
  commit {
    __typename
    ...CommitSummary
  }
  environment {
    __typename
    id
    name
    isDefault
  }
  retryOf {
    __typename
    id
  }
}
fragment CommitSummary on Commit {
  __typename
  sha
  shortSha
  message
  authorName
  committedAt
}`, {"fragmentName":"EnvironmentSummary"}) as unknown as TypedDocumentString<EnvironmentSummaryFragment, unknown>;
export const AppEventsDocument = new TypedDocumentString(`
    subscription AppEvents($appId: ID!, $after: String) {
  appEvents(appId: $appId, after: $after) {
    __typename
    cursor
    occurredAt
    kind
    environment {
      __typename
      ...EnvironmentSummary
    }
    deployment {
      __typename
      ...DeploymentSummary
    }
  }
}
    fragment EnvironmentSummary on Environment {
  __typename
  id
  name
  isDefault
  state
  pinLabel
  currentVersion
  createdAt
  deletedAt
  viewerCanPromote
  viewerCanRollback
  viewerCanDelete
  pin {
    __typename
    version
    since
    commit {
      __typename
      ...CommitSummary
    }
    deployment {
      __typename
      id
    }
  }
  deploying {
    __typename
    ...DeploymentSummary
  }
  contentCommit {
    __typename
    ...CommitSummary
  }
  codeCommit {
    __typename
    ...CommitSummary
  }
  runtime {
    __typename
    state
    since
    reason
  }
}
fragment DeploymentSummary on Deployment {
  __typename
  id
  kind
  sourceName
  version
  note
  override
  status
  failureClass
  failureReason
  createdAt
  settledAt
  actor {
    __typename
    kind
    name
  }
  fileSync {
    __typename
    status
    startedAt
    finishedAt
    detail
  }
  codeBuild {
    __typename
    status
    startedAt
    finishedAt
    detail
    cacheHit
    cacheDecision {
      __typename
      kind
      detail
    }
  }
  commit {
    __typename
    ...CommitSummary
  }
  environment {
    __typename
    id
    name
    isDefault
  }
  retryOf {
    __typename
    id
  }
}
fragment CommitSummary on Commit {
  __typename
  sha
  shortSha
  message
  authorName
  committedAt
}`, {"hash":"sha256:093f4c43729ae53b23fb5ba1ae14b3b62a6b1d5aa8a87ab07d85e94533e0148f"}) as unknown as TypedDocumentString<AppEventsSubscription, AppEventsSubscriptionVariables>;
export const BuildLogDocument = new TypedDocumentString(`
    subscription BuildLog($deploymentId: ID!, $after: String) {
  buildLog(deploymentId: $deploymentId, after: $after) {
    __typename
    cursor
    lines {
      __typename
      number
      at
      text
    }
  }
}
    `, {"hash":"sha256:96e7878acb0b4b41ec617fe21a15dfeee1ea7df867b193591252ae6282afd7c1"}) as unknown as TypedDocumentString<BuildLogSubscription, BuildLogSubscriptionVariables>;
export const AppsDocument = new TypedDocumentString(`
    query Apps {
  __typename
  apps(first: 100) {
    __typename
    nodes {
      __typename
      id
      name
      repository {
        __typename
        id
        url
        branch
      }
      environments(first: 8) {
        __typename
        totalCount
        nodes {
          __typename
          id
          name
          state
          pinLabel
        }
      }
    }
  }
}
    `, {"hash":"sha256:96d05d8e5870220ee989784fb3f9cbcba67f62f49350be6e1ff2fc02a2c4b941"}) as unknown as TypedDocumentString<AppsQuery, AppsQueryVariables>;
export const CompareEnvironmentsDocument = new TypedDocumentString(`
    query CompareEnvironments($source: ID!, $target: ID!) {
  __typename
  comparison(sourceId: $source, targetId: $target) {
    __typename
    sourceVersion
    targetVersion
    commitRelation
    sourceCommit {
      __typename
      ...CommitSummary
    }
    targetCommit {
      __typename
      ...CommitSummary
    }
    commits(first: 50) {
      __typename
      totalCount
      nodes {
        __typename
        ...CommitSummary
      }
    }
    content {
      __typename
      counts {
        __typename
        kind
        added
        changed
        removed
      }
      files(first: 100) {
        __typename
        totalCount
        nodes {
          __typename
          path
          kind
          change
        }
      }
    }
    code {
      __typename
      unavailableReason
      files(first: 100) {
        __typename
        totalCount
        nodes {
          __typename
          path
          change
        }
      }
    }
    build {
      __typename
      wouldHitCache
      unavailableReason
      cacheDecision {
        __typename
        kind
        detail
      }
    }
  }
}
    fragment CommitSummary on Commit {
  __typename
  sha
  shortSha
  message
  authorName
  committedAt
}`, {"hash":"sha256:79997a677eee77e905c9c068291fb07bfdbd23da0b084ddb5fc264557d2680d2"}) as unknown as TypedDocumentString<CompareEnvironmentsQuery, CompareEnvironmentsQueryVariables>;
export const FileDiffDocument = new TypedDocumentString(`
    query FileDiff($source: ID!, $target: ID!, $path: String!) {
  __typename
  comparison(sourceId: $source, targetId: $target) {
    __typename
    fileDiff(path: $path) {
      __typename
      path
      isTruncated
      unavailable
      reason
      hunks {
        __typename
        oldStart
        oldLines
        newStart
        newLines
        lines {
          __typename
          kind
          text
          oldNumber
          newNumber
          hasLineBreak
        }
      }
    }
  }
}
    `, {"hash":"sha256:d9286ca4acef9a32f79f173b467d3abc1cb8a407e6c3714848dab390c4cff408"}) as unknown as TypedDocumentString<FileDiffQuery, FileDiffQueryVariables>;
export const CreateEnvironmentDocument = new TypedDocumentString(`
    mutation CreateEnvironment($input: CreateEnvironmentInput!) {
  __typename
  createEnvironment(input: $input) {
    __typename
    ... on CreateEnvironmentSuccess {
      __typename
      environment {
        __typename
        ...EnvironmentSummary
      }
    }
    ... on UserError {
      __typename
      code
      message
    }
  }
}
    fragment EnvironmentSummary on Environment {
  __typename
  id
  name
  isDefault
  state
  pinLabel
  currentVersion
  createdAt
  deletedAt
  viewerCanPromote
  viewerCanRollback
  viewerCanDelete
  pin {
    __typename
    version
    since
    commit {
      __typename
      ...CommitSummary
    }
    deployment {
      __typename
      id
    }
  }
  deploying {
    __typename
    ...DeploymentSummary
  }
  contentCommit {
    __typename
    ...CommitSummary
  }
  codeCommit {
    __typename
    ...CommitSummary
  }
  runtime {
    __typename
    state
    since
    reason
  }
}
fragment DeploymentSummary on Deployment {
  __typename
  id
  kind
  sourceName
  version
  note
  override
  status
  failureClass
  failureReason
  createdAt
  settledAt
  actor {
    __typename
    kind
    name
  }
  fileSync {
    __typename
    status
    startedAt
    finishedAt
    detail
  }
  codeBuild {
    __typename
    status
    startedAt
    finishedAt
    detail
    cacheHit
    cacheDecision {
      __typename
      kind
      detail
    }
  }
  commit {
    __typename
    ...CommitSummary
  }
  environment {
    __typename
    id
    name
    isDefault
  }
  retryOf {
    __typename
    id
  }
}
fragment CommitSummary on Commit {
  __typename
  sha
  shortSha
  message
  authorName
  committedAt
}`, {"hash":"sha256:9c56bbe8f062ef4e4bb24ab163ffa0df87345335dd7c94ba5b2b6a2664868b91"}) as unknown as TypedDocumentString<CreateEnvironmentMutation, CreateEnvironmentMutationVariables>;
export const DeploymentPageDocument = new TypedDocumentString(`
    query DeploymentPage($id: ID!) {
  __typename
  deployment(id: $id) {
    __typename
    ...DeploymentSummary
    databaseId
    source {
      __typename
      id
      name
    }
    contentProblems {
      __typename
      path
      line
      message
    }
  }
}
    fragment DeploymentSummary on Deployment {
  __typename
  id
  kind
  sourceName
  version
  note
  override
  status
  failureClass
  failureReason
  createdAt
  settledAt
  actor {
    __typename
    kind
    name
  }
  fileSync {
    __typename
    status
    startedAt
    finishedAt
    detail
  }
  codeBuild {
    __typename
    status
    startedAt
    finishedAt
    detail
    cacheHit
    cacheDecision {
      __typename
      kind
      detail
    }
  }
  commit {
    __typename
    ...CommitSummary
  }
  environment {
    __typename
    id
    name
    isDefault
  }
  retryOf {
    __typename
    id
  }
}
fragment CommitSummary on Commit {
  __typename
  sha
  shortSha
  message
  authorName
  committedAt
}`, {"hash":"sha256:0db280751a8724c4f4d87f80b1337b2e7a53332bdd04124ea9ac94d125b321a5"}) as unknown as TypedDocumentString<DeploymentPageQuery, DeploymentPageQueryVariables>;
export const CancelDeploymentDocument = new TypedDocumentString(`
    mutation CancelDeployment($input: CancelDeploymentInput!) {
  __typename
  cancelDeployment(input: $input) {
    __typename
    ... on CancelDeploymentSuccess {
      __typename
      deployment {
        __typename
        ...DeploymentSummary
        environment {
          __typename
          ...EnvironmentSummary
        }
      }
    }
    ... on UserError {
      __typename
      code
      message
    }
  }
}
    fragment EnvironmentSummary on Environment {
  __typename
  id
  name
  isDefault
  state
  pinLabel
  currentVersion
  createdAt
  deletedAt
  viewerCanPromote
  viewerCanRollback
  viewerCanDelete
  pin {
    __typename
    version
    since
    commit {
      __typename
      ...CommitSummary
    }
    deployment {
      __typename
      id
    }
  }
  deploying {
    __typename
    ...DeploymentSummary
  }
  contentCommit {
    __typename
    ...CommitSummary
  }
  codeCommit {
    __typename
    ...CommitSummary
  }
  runtime {
    __typename
    state
    since
    reason
  }
}
fragment DeploymentSummary on Deployment {
  __typename
  id
  kind
  sourceName
  version
  note
  override
  status
  failureClass
  failureReason
  createdAt
  settledAt
  actor {
    __typename
    kind
    name
  }
  fileSync {
    __typename
    status
    startedAt
    finishedAt
    detail
  }
  codeBuild {
    __typename
    status
    startedAt
    finishedAt
    detail
    cacheHit
    cacheDecision {
      __typename
      kind
      detail
    }
  }
  commit {
    __typename
    ...CommitSummary
  }
  environment {
    __typename
    id
    name
    isDefault
  }
  retryOf {
    __typename
    id
  }
}
fragment CommitSummary on Commit {
  __typename
  sha
  shortSha
  message
  authorName
  committedAt
}`, {"hash":"sha256:57ed79b2f42c08998d49761ddc9656772a55665376828da40e64f61e977745ca"}) as unknown as TypedDocumentString<CancelDeploymentMutation, CancelDeploymentMutationVariables>;
export const DeploymentsDocument = new TypedDocumentString(`
    query Deployments($id: ID!, $after: String, $filter: EnvironmentDeploymentsFilter) {
  __typename
  node(id: $id) {
    __typename
    ... on Environment {
      __typename
      id
      deployments(first: 20, after: $after, filter: $filter) {
        __typename
        totalCount
        nodes {
          __typename
          ...DeploymentSummary
        }
        pageInfo {
          __typename
          hasNextPage
          endCursor
        }
      }
    }
  }
}
    fragment DeploymentSummary on Deployment {
  __typename
  id
  kind
  sourceName
  version
  note
  override
  status
  failureClass
  failureReason
  createdAt
  settledAt
  actor {
    __typename
    kind
    name
  }
  fileSync {
    __typename
    status
    startedAt
    finishedAt
    detail
  }
  codeBuild {
    __typename
    status
    startedAt
    finishedAt
    detail
    cacheHit
    cacheDecision {
      __typename
      kind
      detail
    }
  }
  commit {
    __typename
    ...CommitSummary
  }
  environment {
    __typename
    id
    name
    isDefault
  }
  retryOf {
    __typename
    id
  }
}
fragment CommitSummary on Commit {
  __typename
  sha
  shortSha
  message
  authorName
  committedAt
}`, {"hash":"sha256:96df930ec955cd26433bdf9fcf1b0b1ca77bb6ef6a66566f605550d92f1a26c3"}) as unknown as TypedDocumentString<DeploymentsQuery, DeploymentsQueryVariables>;
export const OverviewDocument = new TypedDocumentString(`
    query Overview($app: String!) {
  __typename
  app(name: $app) {
    __typename
    id
    environments(first: 100) {
      __typename
      nodes {
        __typename
        id
        deployments(first: 1) {
          __typename
          nodes {
            __typename
            ...DeploymentSummary
          }
        }
      }
    }
  }
}
    fragment DeploymentSummary on Deployment {
  __typename
  id
  kind
  sourceName
  version
  note
  override
  status
  failureClass
  failureReason
  createdAt
  settledAt
  actor {
    __typename
    kind
    name
  }
  fileSync {
    __typename
    status
    startedAt
    finishedAt
    detail
  }
  codeBuild {
    __typename
    status
    startedAt
    finishedAt
    detail
    cacheHit
    cacheDecision {
      __typename
      kind
      detail
    }
  }
  commit {
    __typename
    ...CommitSummary
  }
  environment {
    __typename
    id
    name
    isDefault
  }
  retryOf {
    __typename
    id
  }
}
fragment CommitSummary on Commit {
  __typename
  sha
  shortSha
  message
  authorName
  committedAt
}`, {"hash":"sha256:fc4ff5eed5086f5f66b245f81ae05b2ec575bb35a8e69294bb44f57890e7d193"}) as unknown as TypedDocumentString<OverviewQuery, OverviewQueryVariables>;
export const BehindDevDocument = new TypedDocumentString(`
    query BehindDev($dev: ID!, $environment: ID!) {
  __typename
  comparison(sourceId: $dev, targetId: $environment) {
    __typename
    commitRelation
    commits(first: 0) {
      __typename
      totalCount
    }
    content {
      __typename
      counts {
        __typename
        kind
        added
        changed
        removed
      }
    }
  }
}
    `, {"hash":"sha256:e38f26f0caee614785fe1c81cefb81658c4bcf119113849235edb14c8522d319"}) as unknown as TypedDocumentString<BehindDevQuery, BehindDevQueryVariables>;
export const PromotePreviewDocument = new TypedDocumentString(`
    query PromotePreview($source: ID!, $target: ID!) {
  __typename
  comparison(sourceId: $source, targetId: $target) {
    __typename
    sourceVersion
    targetVersion
    commitRelation
    sourceCommit {
      __typename
      ...CommitSummary
    }
    targetCommit {
      __typename
      ...CommitSummary
    }
    commits(first: 4) {
      __typename
      totalCount
      nodes {
        __typename
        ...CommitSummary
      }
    }
    content {
      __typename
      counts {
        __typename
        kind
        added
        changed
        removed
      }
    }
    code {
      __typename
      unavailableReason
      files(first: 0) {
        __typename
        totalCount
      }
    }
    build {
      __typename
      wouldHitCache
      unavailableReason
      cacheDecision {
        __typename
        kind
        detail
      }
    }
  }
}
    fragment CommitSummary on Commit {
  __typename
  sha
  shortSha
  message
  authorName
  committedAt
}`, {"hash":"sha256:f08d3bf5e72936e1ba97697615e0a72d97d515a17b33b6f56a2915359afeefbf"}) as unknown as TypedDocumentString<PromotePreviewQuery, PromotePreviewQueryVariables>;
export const PromoteEnvironmentDocument = new TypedDocumentString(`
    mutation PromoteEnvironment($input: PromoteEnvironmentInput!) {
  __typename
  promoteEnvironment(input: $input) {
    __typename
    ... on PromoteEnvironmentSuccess {
      __typename
      deployment {
        __typename
        ...DeploymentSummary
        environment {
          __typename
          ...EnvironmentSummary
        }
      }
    }
    ... on UserError {
      __typename
      code
      message
    }
    ... on EnvironmentBusyError {
      __typename
      deployment {
        __typename
        id
      }
    }
    ... on ContentInvalidError {
      __typename
      problems {
        __typename
        path
        line
        message
      }
    }
  }
}
    fragment EnvironmentSummary on Environment {
  __typename
  id
  name
  isDefault
  state
  pinLabel
  currentVersion
  createdAt
  deletedAt
  viewerCanPromote
  viewerCanRollback
  viewerCanDelete
  pin {
    __typename
    version
    since
    commit {
      __typename
      ...CommitSummary
    }
    deployment {
      __typename
      id
    }
  }
  deploying {
    __typename
    ...DeploymentSummary
  }
  contentCommit {
    __typename
    ...CommitSummary
  }
  codeCommit {
    __typename
    ...CommitSummary
  }
  runtime {
    __typename
    state
    since
    reason
  }
}
fragment DeploymentSummary on Deployment {
  __typename
  id
  kind
  sourceName
  version
  note
  override
  status
  failureClass
  failureReason
  createdAt
  settledAt
  actor {
    __typename
    kind
    name
  }
  fileSync {
    __typename
    status
    startedAt
    finishedAt
    detail
  }
  codeBuild {
    __typename
    status
    startedAt
    finishedAt
    detail
    cacheHit
    cacheDecision {
      __typename
      kind
      detail
    }
  }
  commit {
    __typename
    ...CommitSummary
  }
  environment {
    __typename
    id
    name
    isDefault
  }
  retryOf {
    __typename
    id
  }
}
fragment CommitSummary on Commit {
  __typename
  sha
  shortSha
  message
  authorName
  committedAt
}`, {"hash":"sha256:03ce49973f8066e8e35d574842d943169b1a334639946e0780ba8de6d13d0046"}) as unknown as TypedDocumentString<PromoteEnvironmentMutation, PromoteEnvironmentMutationVariables>;
export const WatchedDeploymentDocument = new TypedDocumentString(`
    query WatchedDeployment($id: ID!) {
  __typename
  deployment(id: $id) {
    __typename
    ...DeploymentSummary
  }
}
    fragment DeploymentSummary on Deployment {
  __typename
  id
  kind
  sourceName
  version
  note
  override
  status
  failureClass
  failureReason
  createdAt
  settledAt
  actor {
    __typename
    kind
    name
  }
  fileSync {
    __typename
    status
    startedAt
    finishedAt
    detail
  }
  codeBuild {
    __typename
    status
    startedAt
    finishedAt
    detail
    cacheHit
    cacheDecision {
      __typename
      kind
      detail
    }
  }
  commit {
    __typename
    ...CommitSummary
  }
  environment {
    __typename
    id
    name
    isDefault
  }
  retryOf {
    __typename
    id
  }
}
fragment CommitSummary on Commit {
  __typename
  sha
  shortSha
  message
  authorName
  committedAt
}`, {"hash":"sha256:298f08b60d65f943fd8611129f78b854f80429d49b96e166fdfef114dd618723"}) as unknown as TypedDocumentString<WatchedDeploymentQuery, WatchedDeploymentQueryVariables>;
export const RetryDeploymentDocument = new TypedDocumentString(`
    mutation RetryDeployment($input: RetryDeploymentInput!) {
  __typename
  retryDeployment(input: $input) {
    __typename
    ... on RetryDeploymentSuccess {
      __typename
      deployment {
        __typename
        ...DeploymentSummary
        environment {
          __typename
          ...EnvironmentSummary
        }
      }
    }
    ... on UserError {
      __typename
      code
      message
    }
  }
}
    fragment EnvironmentSummary on Environment {
  __typename
  id
  name
  isDefault
  state
  pinLabel
  currentVersion
  createdAt
  deletedAt
  viewerCanPromote
  viewerCanRollback
  viewerCanDelete
  pin {
    __typename
    version
    since
    commit {
      __typename
      ...CommitSummary
    }
    deployment {
      __typename
      id
    }
  }
  deploying {
    __typename
    ...DeploymentSummary
  }
  contentCommit {
    __typename
    ...CommitSummary
  }
  codeCommit {
    __typename
    ...CommitSummary
  }
  runtime {
    __typename
    state
    since
    reason
  }
}
fragment DeploymentSummary on Deployment {
  __typename
  id
  kind
  sourceName
  version
  note
  override
  status
  failureClass
  failureReason
  createdAt
  settledAt
  actor {
    __typename
    kind
    name
  }
  fileSync {
    __typename
    status
    startedAt
    finishedAt
    detail
  }
  codeBuild {
    __typename
    status
    startedAt
    finishedAt
    detail
    cacheHit
    cacheDecision {
      __typename
      kind
      detail
    }
  }
  commit {
    __typename
    ...CommitSummary
  }
  environment {
    __typename
    id
    name
    isDefault
  }
  retryOf {
    __typename
    id
  }
}
fragment CommitSummary on Commit {
  __typename
  sha
  shortSha
  message
  authorName
  committedAt
}`, {"hash":"sha256:ae5b1a0c5d05398255f58e0bf2160f75d20836ef0e89f4d7615f4f6ccf5d332d"}) as unknown as TypedDocumentString<RetryDeploymentMutation, RetryDeploymentMutationVariables>;
export const VersionsDocument = new TypedDocumentString(`
    query Versions($id: ID!) {
  __typename
  node(id: $id) {
    __typename
    ... on Environment {
      __typename
      id
      deployments(first: 100, filter: {status: DEPLOYED}) {
        __typename
        totalCount
        nodes {
          __typename
          ...DeploymentSummary
        }
      }
    }
  }
}
    fragment DeploymentSummary on Deployment {
  __typename
  id
  kind
  sourceName
  version
  note
  override
  status
  failureClass
  failureReason
  createdAt
  settledAt
  actor {
    __typename
    kind
    name
  }
  fileSync {
    __typename
    status
    startedAt
    finishedAt
    detail
  }
  codeBuild {
    __typename
    status
    startedAt
    finishedAt
    detail
    cacheHit
    cacheDecision {
      __typename
      kind
      detail
    }
  }
  commit {
    __typename
    ...CommitSummary
  }
  environment {
    __typename
    id
    name
    isDefault
  }
  retryOf {
    __typename
    id
  }
}
fragment CommitSummary on Commit {
  __typename
  sha
  shortSha
  message
  authorName
  committedAt
}`, {"hash":"sha256:9bcfb1e87d41fc6d72e758047235d49e8be17715495515b75dc6b7adb7ac876a"}) as unknown as TypedDocumentString<VersionsQuery, VersionsQueryVariables>;
export const RollbackEnvironmentDocument = new TypedDocumentString(`
    mutation RollbackEnvironment($input: RollbackEnvironmentInput!) {
  __typename
  rollbackEnvironment(input: $input) {
    __typename
    ... on RollbackEnvironmentSuccess {
      __typename
      deployment {
        __typename
        ...DeploymentSummary
        environment {
          __typename
          ...EnvironmentSummary
        }
      }
    }
    ... on UserError {
      __typename
      code
      message
    }
    ... on EnvironmentBusyError {
      __typename
      deployment {
        __typename
        id
      }
    }
  }
}
    fragment EnvironmentSummary on Environment {
  __typename
  id
  name
  isDefault
  state
  pinLabel
  currentVersion
  createdAt
  deletedAt
  viewerCanPromote
  viewerCanRollback
  viewerCanDelete
  pin {
    __typename
    version
    since
    commit {
      __typename
      ...CommitSummary
    }
    deployment {
      __typename
      id
    }
  }
  deploying {
    __typename
    ...DeploymentSummary
  }
  contentCommit {
    __typename
    ...CommitSummary
  }
  codeCommit {
    __typename
    ...CommitSummary
  }
  runtime {
    __typename
    state
    since
    reason
  }
}
fragment DeploymentSummary on Deployment {
  __typename
  id
  kind
  sourceName
  version
  note
  override
  status
  failureClass
  failureReason
  createdAt
  settledAt
  actor {
    __typename
    kind
    name
  }
  fileSync {
    __typename
    status
    startedAt
    finishedAt
    detail
  }
  codeBuild {
    __typename
    status
    startedAt
    finishedAt
    detail
    cacheHit
    cacheDecision {
      __typename
      kind
      detail
    }
  }
  commit {
    __typename
    ...CommitSummary
  }
  environment {
    __typename
    id
    name
    isDefault
  }
  retryOf {
    __typename
    id
  }
}
fragment CommitSummary on Commit {
  __typename
  sha
  shortSha
  message
  authorName
  committedAt
}`, {"hash":"sha256:f9229436c2a0c32264cdc508d407eabeba46ce8ae43c34e67a82aeb8d4376081"}) as unknown as TypedDocumentString<RollbackEnvironmentMutation, RollbackEnvironmentMutationVariables>;
export const VersionAtDocument = new TypedDocumentString(`
    query VersionAt($id: ID!, $time: DateTime!) {
  __typename
  node(id: $id) {
    __typename
    ... on Environment {
      __typename
      id
      versionAt(time: $time) {
        __typename
        version
        commit {
          __typename
          ...CommitSummary
        }
        deployment {
          __typename
          id
        }
      }
    }
  }
}
    fragment CommitSummary on Commit {
  __typename
  sha
  shortSha
  message
  authorName
  committedAt
}`, {"hash":"sha256:5aae64cbed9427042b7ef13631d2292fb845e118727732e12b82510064f4679b"}) as unknown as TypedDocumentString<VersionAtQuery, VersionAtQueryVariables>;
export const TimelineDocument = new TypedDocumentString(`
    query Timeline($id: ID!, $from: DateTime!, $to: DateTime!) {
  __typename
  node(id: $id) {
    __typename
    ... on Environment {
      __typename
      id
      timeline(from: $from, to: $to, first: 100) {
        __typename
        totalCount
        nodes {
          __typename
          from
          to
          version
          commit {
            __typename
            ...CommitSummary
          }
          deployment {
            __typename
            ...DeploymentSummary
          }
        }
      }
      deployments(first: 50, filter: {status: FAILED, since: $from, until: $to}) {
        __typename
        nodes {
          __typename
          ...DeploymentSummary
        }
      }
    }
  }
}
    fragment DeploymentSummary on Deployment {
  __typename
  id
  kind
  sourceName
  version
  note
  override
  status
  failureClass
  failureReason
  createdAt
  settledAt
  actor {
    __typename
    kind
    name
  }
  fileSync {
    __typename
    status
    startedAt
    finishedAt
    detail
  }
  codeBuild {
    __typename
    status
    startedAt
    finishedAt
    detail
    cacheHit
    cacheDecision {
      __typename
      kind
      detail
    }
  }
  commit {
    __typename
    ...CommitSummary
  }
  environment {
    __typename
    id
    name
    isDefault
  }
  retryOf {
    __typename
    id
  }
}
fragment CommitSummary on Commit {
  __typename
  sha
  shortSha
  message
  authorName
  committedAt
}`, {"hash":"sha256:0ccc2a8efad02ad4768cb51a437e35126396ec85f633e8b182b1f26d982d5f77"}) as unknown as TypedDocumentString<TimelineQuery, TimelineQueryVariables>;
export const ShellDocument = new TypedDocumentString(`
    query Shell($app: String!) {
  __typename
  viewer {
    __typename
    id
    name
    role
    organization {
      __typename
      name
    }
  }
  apps(first: 100) {
    __typename
    nodes {
      __typename
      id
      name
    }
  }
  app(name: $app) {
    __typename
    id
    name
    eventCursor
    viewerPermissions
    repository {
      __typename
      id
      url
      branch
      unreachableReason
      head {
        __typename
        ...CommitSummary
      }
    }
    viewerCapabilities {
      __typename
      createEnvironment {
        __typename
        allowed
        reason
      }
    }
    environments(first: 100) {
      __typename
      nodes {
        __typename
        ...EnvironmentSummary
      }
    }
  }
}
    fragment EnvironmentSummary on Environment {
  __typename
  id
  name
  isDefault
  state
  pinLabel
  currentVersion
  createdAt
  deletedAt
  viewerCanPromote
  viewerCanRollback
  viewerCanDelete
  pin {
    __typename
    version
    since
    commit {
      __typename
      ...CommitSummary
    }
    deployment {
      __typename
      id
    }
  }
  deploying {
    __typename
    ...DeploymentSummary
  }
  contentCommit {
    __typename
    ...CommitSummary
  }
  codeCommit {
    __typename
    ...CommitSummary
  }
  runtime {
    __typename
    state
    since
    reason
  }
}
fragment DeploymentSummary on Deployment {
  __typename
  id
  kind
  sourceName
  version
  note
  override
  status
  failureClass
  failureReason
  createdAt
  settledAt
  actor {
    __typename
    kind
    name
  }
  fileSync {
    __typename
    status
    startedAt
    finishedAt
    detail
  }
  codeBuild {
    __typename
    status
    startedAt
    finishedAt
    detail
    cacheHit
    cacheDecision {
      __typename
      kind
      detail
    }
  }
  commit {
    __typename
    ...CommitSummary
  }
  environment {
    __typename
    id
    name
    isDefault
  }
  retryOf {
    __typename
    id
  }
}
fragment CommitSummary on Commit {
  __typename
  sha
  shortSha
  message
  authorName
  committedAt
}`, {"hash":"sha256:371ff8ed59e0a57f563662265f7dcd1d5593ae984a39ced30e5214feb8648d0d"}) as unknown as TypedDocumentString<ShellQuery, ShellQueryVariables>;