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

/** What an environment follows. */
export type EnvironmentState =
  /** It tracks branch HEAD live: this is `dev`. */
  | 'DEFAULT'
  /** Nothing was promoted into it yet; it serves nothing. */
  | 'NO_PIN'
  /** It runs the version it is pinned to. */
  | 'PINNED';

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