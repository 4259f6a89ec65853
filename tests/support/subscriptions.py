"""Operations that many tests of the API send."""

APP_EVENTS = """
subscription ($app: ID!, $after: String) {
  appEvents(appId: $app, after: $after) { cursor kind environment { name } }
}
"""
PROGRESS = """
subscription ($id: ID!, $after: String) {
  deploymentProgress(id: $id, after: $after) {
    cursor status fileSyncStatus codeBuildStatus actor { name }
    deployment { id }
  }
}
"""
BUILD_LOG = """
subscription ($id: ID!, $after: String) {
  buildLog(deploymentId: $id, after: $after) { cursor lines { number text } }
}
"""
