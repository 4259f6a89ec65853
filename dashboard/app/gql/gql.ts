/* eslint-disable */
import * as types from './graphql';



/**
 * Map of all GraphQL operations in the project.
 *
 * This map has several performance disadvantages:
 * 1. It is not tree-shakeable, so it will include all operations in the project.
 * 2. It is not minifiable, so the string of a GraphQL query will be multiple times inside the bundle.
 * 3. It does not support dead code elimination, so it will add unused operations.
 *
 * Therefore it is highly recommended to use the babel or swc plugin for production.
 * Learn more about it here: https://the-guild.dev/graphql/codegen/plugins/presets/preset-client#reducing-bundle-size
 */
type Documents = {
    "\n  subscription AppEvents($appId: ID!, $after: String) {\n    appEvents(appId: $appId, after: $after) {\n      cursor\n      occurredAt\n      kind\n      environment {\n        ...EnvironmentSummary\n      }\n      deployment {\n        ...DeploymentSummary\n      }\n    }\n  }\n": typeof types.AppEventsDocument,
    "\n  fragment EnvironmentSummary on Environment {\n    id\n    name\n    isDefault\n    state\n    pinLabel\n    currentVersion\n    createdAt\n    deletedAt\n    viewerCanPromote\n    viewerCanRollback\n    viewerCanDelete\n    pin {\n      version\n      since\n      commit {\n        ...CommitSummary\n      }\n      deployment {\n        id\n      }\n    }\n    deploying {\n      ...DeploymentSummary\n    }\n    contentCommit {\n      ...CommitSummary\n    }\n    codeCommit {\n      ...CommitSummary\n    }\n    runtime {\n      state\n      since\n      reason\n    }\n  }\n": typeof types.EnvironmentSummaryFragmentDoc,
    "\n  fragment DeploymentSummary on Deployment {\n    id\n    kind\n    sourceName\n    version\n    note\n    override\n    status\n    failureClass\n    failureReason\n    createdAt\n    settledAt\n    actor {\n      kind\n      name\n    }\n    fileSync {\n      status\n      startedAt\n      finishedAt\n      detail\n    }\n    codeBuild {\n      status\n      startedAt\n      finishedAt\n      detail\n      cacheHit\n      cacheDecision {\n        kind\n        detail\n      }\n    }\n    commit {\n      ...CommitSummary\n    }\n    environment {\n      id\n      name\n      isDefault\n    }\n    retryOf {\n      id\n    }\n  }\n": typeof types.DeploymentSummaryFragmentDoc,
    "\n  fragment CommitSummary on Commit {\n    sha\n    shortSha\n    message\n    authorName\n    committedAt\n  }\n": typeof types.CommitSummaryFragmentDoc,
};
const documents: Documents = {
    "\n  subscription AppEvents($appId: ID!, $after: String) {\n    appEvents(appId: $appId, after: $after) {\n      cursor\n      occurredAt\n      kind\n      environment {\n        ...EnvironmentSummary\n      }\n      deployment {\n        ...DeploymentSummary\n      }\n    }\n  }\n": types.AppEventsDocument,
    "\n  fragment EnvironmentSummary on Environment {\n    id\n    name\n    isDefault\n    state\n    pinLabel\n    currentVersion\n    createdAt\n    deletedAt\n    viewerCanPromote\n    viewerCanRollback\n    viewerCanDelete\n    pin {\n      version\n      since\n      commit {\n        ...CommitSummary\n      }\n      deployment {\n        id\n      }\n    }\n    deploying {\n      ...DeploymentSummary\n    }\n    contentCommit {\n      ...CommitSummary\n    }\n    codeCommit {\n      ...CommitSummary\n    }\n    runtime {\n      state\n      since\n      reason\n    }\n  }\n": types.EnvironmentSummaryFragmentDoc,
    "\n  fragment DeploymentSummary on Deployment {\n    id\n    kind\n    sourceName\n    version\n    note\n    override\n    status\n    failureClass\n    failureReason\n    createdAt\n    settledAt\n    actor {\n      kind\n      name\n    }\n    fileSync {\n      status\n      startedAt\n      finishedAt\n      detail\n    }\n    codeBuild {\n      status\n      startedAt\n      finishedAt\n      detail\n      cacheHit\n      cacheDecision {\n        kind\n        detail\n      }\n    }\n    commit {\n      ...CommitSummary\n    }\n    environment {\n      id\n      name\n      isDefault\n    }\n    retryOf {\n      id\n    }\n  }\n": types.DeploymentSummaryFragmentDoc,
    "\n  fragment CommitSummary on Commit {\n    sha\n    shortSha\n    message\n    authorName\n    committedAt\n  }\n": types.CommitSummaryFragmentDoc,
};

/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  subscription AppEvents($appId: ID!, $after: String) {\n    appEvents(appId: $appId, after: $after) {\n      cursor\n      occurredAt\n      kind\n      environment {\n        ...EnvironmentSummary\n      }\n      deployment {\n        ...DeploymentSummary\n      }\n    }\n  }\n"): typeof import('./graphql').AppEventsDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  fragment EnvironmentSummary on Environment {\n    id\n    name\n    isDefault\n    state\n    pinLabel\n    currentVersion\n    createdAt\n    deletedAt\n    viewerCanPromote\n    viewerCanRollback\n    viewerCanDelete\n    pin {\n      version\n      since\n      commit {\n        ...CommitSummary\n      }\n      deployment {\n        id\n      }\n    }\n    deploying {\n      ...DeploymentSummary\n    }\n    contentCommit {\n      ...CommitSummary\n    }\n    codeCommit {\n      ...CommitSummary\n    }\n    runtime {\n      state\n      since\n      reason\n    }\n  }\n"): typeof import('./graphql').EnvironmentSummaryFragmentDoc;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  fragment DeploymentSummary on Deployment {\n    id\n    kind\n    sourceName\n    version\n    note\n    override\n    status\n    failureClass\n    failureReason\n    createdAt\n    settledAt\n    actor {\n      kind\n      name\n    }\n    fileSync {\n      status\n      startedAt\n      finishedAt\n      detail\n    }\n    codeBuild {\n      status\n      startedAt\n      finishedAt\n      detail\n      cacheHit\n      cacheDecision {\n        kind\n        detail\n      }\n    }\n    commit {\n      ...CommitSummary\n    }\n    environment {\n      id\n      name\n      isDefault\n    }\n    retryOf {\n      id\n    }\n  }\n"): typeof import('./graphql').DeploymentSummaryFragmentDoc;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  fragment CommitSummary on Commit {\n    sha\n    shortSha\n    message\n    authorName\n    committedAt\n  }\n"): typeof import('./graphql').CommitSummaryFragmentDoc;


export function graphql(source: string) {
  return (documents as any)[source] ?? {};
}
