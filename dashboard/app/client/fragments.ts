/** What every screen shows of an environment and of a deployment. */
import { graphql } from '../gql';

export const EnvironmentSummary = graphql(`
  fragment EnvironmentSummary on Environment {
    id
    databaseId
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
      version
      since
      commit {
        ...CommitSummary
      }
      deployment {
        id
      }
    }
    deploying {
      ...DeploymentSummary
    }
    contentCommit {
      ...CommitSummary
    }
    codeCommit {
      ...CommitSummary
    }
    runtime {
      state
      since
      reason
    }
  }
`);

export const DeploymentSummary = graphql(`
  fragment DeploymentSummary on Deployment {
    id
    databaseId
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
      kind
      name
    }
    fileSync {
      status
      startedAt
      finishedAt
      detail
    }
    codeBuild {
      status
      startedAt
      finishedAt
      detail
      cacheHit
      cacheDecision {
        kind
        detail
      }
    }
    commit {
      ...CommitSummary
    }
    environment {
      id
      name
      isDefault
    }
    retryOf {
      id
    }
  }
`);

export const CommitSummary = graphql(`
  fragment CommitSummary on Commit {
    sha
    shortSha
    message
    authorName
    committedAt
  }
`);
