"""The operations that the commands send. They are the published schema's, as anybody's are."""

DEPLOYMENT = """
fragment Deployment on Deployment {
  id kind version status note sourceName createdAt settledAt failureClass failureReason
  commit { sha shortSha message }
  actor { kind name }
  environment { name app { name } pin { version } }
  fileSync { status detail }
  codeBuild { status detail cacheHit }
}
"""
REFUSAL = """
fragment Refusal on UserError {
  code message
  ... on EnvironmentBusyError { deployment { id } }
  ... on ContentInvalidError { problems { path line message } deployment { id } }
}
"""
VIEWER = """
{
  viewer {
    id name permissions role organization { name }
    member { email }
    environment { name app { name } }
  }
}
"""
APPS = """
query ($after: String) {
  apps(first: 100, after: $after) {
    nodes { id name createdAt repository { url branch } }
    pageInfo { hasNextPage endCursor }
  }
}
"""
APP = "query ($name: String!) { app(name: $name) { id name } }"
ENVIRONMENTS = """
query ($app: String!, $after: String) {
  app(name: $app) {
    environments(first: 50, after: $after) {
      nodes {
        id name isDefault pinLabel currentVersion createdAt
        pin { version since commit { sha shortSha message } }
        codeCommit { sha shortSha message }
        deploying { id version status }
      }
      pageInfo { hasNextPage endCursor }
    }
  }
}
"""
ENVIRONMENT = """
query ($app: String!, $name: String!) {
  app(name: $app) { id name }
  environment(app: $app, name: $name) {
    id name isDefault pinLabel currentVersion pin { version }
    deploying { id }
    deletionPreview { apiKeysRevoked variablesReleased snapshotFilesReleased }
  }
}
"""
CREATE_ENVIRONMENT = """
mutation ($input: CreateEnvironmentInput!) {
  createEnvironment(input: $input) {
    __typename
    ... on CreateEnvironmentSuccess { environment { id name pinLabel } apiKeyCreationUrl }
    ...Refusal
  }
}
"""
DELETE_ENVIRONMENT = """
mutation ($input: DeleteEnvironmentInput!) {
  deleteEnvironment(input: $input) {
    __typename
    ... on DeleteEnvironmentSuccess { environment { id name deletedAt } }
    ...Refusal
  }
}
"""
COMPARISON = """
query ($source: ID!, $target: ID!) {
  comparison(sourceId: $source, targetId: $target) {
    source { name pinLabel } target { name pinLabel }
    sourceVersion targetVersion commitRelation
    sourceCommit { sha shortSha message } targetCommit { sha shortSha message }
    commits(first: 50) { totalCount nodes { sha shortSha message authorName } }
    content {
      counts { kind added changed removed }
      files(first: 100) { totalCount nodes { path kind change } }
    }
    code { unavailableReason files(first: 100) { totalCount nodes { path change } } }
    build { wouldHitCache unavailableReason cacheDecision { kind detail } }
  }
}
"""
PROMOTE = """
mutation ($input: PromoteEnvironmentInput!) {
  promoteEnvironment(input: $input) {
    __typename
    ... on PromoteEnvironmentSuccess { deployment { ...Deployment } }
    ...Refusal
  }
}
"""
ROLL_BACK = """
mutation ($input: RollbackEnvironmentInput!) {
  rollbackEnvironment(input: $input) {
    __typename
    ... on RollbackEnvironmentSuccess { deployment { ...Deployment } }
    ...Refusal
  }
}
"""
RETRY = """
mutation ($input: RetryDeploymentInput!) {
  retryDeployment(input: $input) {
    __typename
    ... on RetryDeploymentSuccess { deployment { ...Deployment } }
    ...Refusal
  }
}
"""
CANCEL = """
mutation ($input: CancelDeploymentInput!) {
  cancelDeployment(input: $input) {
    __typename
    ... on CancelDeploymentSuccess { deployment { ...Deployment } }
    ...Refusal
  }
}
"""
ONE_DEPLOYMENT = "query ($id: ID!) { deployment(id: $id) { ...Deployment } }"
DEPLOYMENTS = """
query ($app: String!, $environment: String!, $first: Int!, $after: String) {
  environment(app: $app, name: $environment) {
    deployments(first: $first, after: $after) {
      nodes { ...Deployment }
      pageInfo { hasNextPage endCursor }
    }
  }
}
"""
PROGRESS = """
subscription ($id: ID!, $after: String) {
  deploymentProgress(id: $id, after: $after) {
    cursor occurredAt status fileSyncStatus codeBuildStatus
  }
}
"""
BUILD_LOG = """
subscription ($id: ID!, $after: String) {
  buildLog(deploymentId: $id, after: $after) { cursor lines { number at text } }
}
"""
KEYS = """
query ($app: String!, $after: String) {
  app(name: $app) {
    apiKeys(first: 100, after: $after) {
      nodes {
        id prefix name permissions createdAt lastUsedAt expiresAt revokedAt environment { name }
      }
      pageInfo { hasNextPage endCursor }
    }
  }
}
"""
CREATE_KEY = """
mutation ($input: CreateApiKeyInput!) {
  createApiKey(input: $input) {
    __typename
    ... on CreateApiKeySuccess {
      plaintext apiKey { id prefix name permissions expiresAt environment { name } }
    }
    ...Refusal
  }
}
"""
REVOKE_KEY = """
mutation ($input: RevokeApiKeyInput!) {
  revokeApiKey(input: $input) {
    __typename
    ... on RevokeApiKeySuccess { apiKey { id prefix name revokedAt } }
    ...Refusal
  }
}
"""


def whole(document: str) -> str:
    """The document with the fragments that it spreads."""
    fragments = {"...Deployment": DEPLOYMENT, "...Refusal": REFUSAL}
    return document + "".join(text for spread, text in fragments.items() if spread in document)
