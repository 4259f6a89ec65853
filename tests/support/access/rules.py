"""The oracle: who may do what, written by hand from the rules of the product.

Nothing here is read from the code: not the roles, not the presets, not what a field declares. A
rule is a line of words, asked in their order, and the first that is not met is the answer:

- ``app.read?``: without the permission the thing is not there; ``app.update!``: the refusal names
  it; ``a|b``: one of the two will do, and a refusal names the first. ``own`` behind either: it is
  not asked of what is one's own.
- ``@environment``: with the environment's own data, which a key reaches in its own alone;
  ``@pair``: in two environments at once; ``@organization``: in the organization as a whole, where
  a key holds nothing. In the app of the thing, otherwise.
- ``~`` ends what is asked of an environment's data: who holds the permission there needs no other;
  who does not is refused by its name if they see the environment, or show its key, and else it
  is not there.
- ``^`` ends what is asked of an app that a list is narrowed to: of one that is not there it is
  asked as of any other that is not.
- ``known``, ``parent``, ``subject`` and ``own`` ask for nothing more: what is told is about whoever
  asks, or decided by what it belongs to. ``public`` is told to those who are nobody too.
  ``own?``: what is somebody else's is not there.
"""

READ = """
    app.read environment.read deployment.read template.read dataset.read
    trace.read span.read session.read score.read metrics.read member.read
"""
WRITE = f"""{READ}
    prompt.run api_key.read api_key.insert api_key.delete trace.ingest score.write
"""
EVERYTHING = f"""{WRITE}
    app.insert app.update environment.insert environment.promote environment.delete
    variable.read variable.write variable.reveal audit.read member.write
"""
OF_THE_ORGANIZATION = "app.insert member.read member.write"
ROLES = {"OWNER": EVERYTHING, "ADMIN": EVERYTHING, "WRITE": WRITE, "READ": READ}
PRESETS = {
    "SDK": "trace.ingest template.read score.write",
    "READ_ONLY": "trace.read span.read session.read score.read dataset.read metrics.read",
    "FULL_ACCESS": " ".join(
        each for each in EVERYTHING.split() if each not in OF_THE_ORGANIZATION.split()
    ),
}

NODES = {
    "App": "app.read?",
    "Repository": "app.read?",
    "Environment": "environment.read?",
    "Deployment": "environment.read|deployment.read?",
    "ApiKey": "api_key.read@environment?",
    "EnvironmentVariable": "environment.read? variable.read@environment?",
    "AuditEntry": "audit.read?",
    "Member": "member.read@organization?own",
    "CustomRole": "member.read@organization?",
    "Invitation": "member.read@organization?",
    "ServiceToken": "member.read@organization?",
    "AccessToken": "member.write@organization?own",
    "SignInSession": "own?",
}
"""What it takes to be given the thing of a global id, by its type."""

SEEN = "environment.read?"
PROMOTING = f"{SEEN} environment.promote!"
MEMBERS = "member.read@organization?"
MANAGING = "member.write@organization!"
ONES_OWN_TOO = f"{MEMBERS}own {MANAGING}"

FIELDS = {
    "Query.viewer": "known",
    "Query.apps": "app.read?",
    "Query.app": "app.read?",
    "Query.environment": f"app.read? {SEEN}",
    "Query.comparison": SEEN,
    "Query.deployment": "environment.read|deployment.read?",
    "Query.node": "subject",
    "Query.nodes": "subject",
    "Query.members": "member.read@organization!",
    "Query.invitations": "member.read@organization!",
    "Query.customRoles": "member.read@organization!",
    "Query.serviceTokens": "member.read@organization!",
    "Query.auditLog": "audit.read@organization!",
    "App.environments": "environment.read!",
    "App.environment": SEEN,
    "App.deletedEnvironments": "environment.read!",
    "App.apiKeys": "api_key.read!",
    "App.viewerPermissions": "own",
    "App.viewerCapabilities": "own",
    "Repository.webhook": "app.update?",
    "Environment.app": "app.read!",
    "Environment.apiKeys": "api_key.read!",
    "Environment.variables": "variable.read@environment!",
    "Environment.files": "template.read|dataset.read@environment!",
    "Environment.file": "template.read|dataset.read@environment!",
    "Environment.viewerCanPromote": "own",
    "Environment.viewerCanRollback": "own",
    "Environment.viewerCanDelete": "own",
    "Environment.viewerCanReadVariables": "own",
    "Environment.viewerCanWriteVariables": "own",
    "Environment.viewerCanRevealVariables": "own",
    "Environment.viewerCapabilities": "own",
    "Deployment.environment": "environment.read!",
    "Deployment.source": "environment.read!",
    "Comparison.fileDiff": "template.read|dataset.read@pair!",
    "ApiKey.environment": SEEN,
    "AuditEntry.app": "app.read?",
    "AuditEntry.environment": SEEN,
    "Member.appAccess": "app.read?",
    "Member.accessTokens": "member.write@organization!own",
    "ServiceToken.limitedTo": "app.read?",
    "Organization.viewerCapabilities": "own",
    "Viewer.environment": SEEN,
    "Viewer.sessions": "own",
    "Viewer.member": "own",
    "Viewer.role": "own",
    "Mutation.createApp": "app.insert@organization!",
    "Mutation.linkRepository": "app.read? app.update!",
    "Mutation.rotateWebhookSecret": "app.read? app.update!",
    "Mutation.createEnvironment": f"app.read? {SEEN} environment.insert!",
    "Mutation.promoteEnvironment": PROMOTING,
    "Mutation.redeployEnvironment": PROMOTING,
    "Mutation.retryDeployment": PROMOTING,
    "Mutation.rollbackEnvironment": PROMOTING,
    "Mutation.cancelDeployment": PROMOTING,
    "Mutation.deleteEnvironment": f"{SEEN} environment.delete!",
    "Mutation.createApiKey": f"{SEEN} api_key.insert@environment!",
    "Mutation.revokeApiKey": "api_key.read@environment? api_key.delete@environment!",
    "Mutation.setEnvironmentVariable": f"{SEEN} variable.write@environment!",
    "Mutation.deleteEnvironmentVariable": (
        "environment.read@environment? variable.write@environment!"
    ),
    "Mutation.revealEnvironmentVariable": (
        "environment.read@environment? variable.reveal@environment!"
    ),
    "Mutation.inviteMember": MANAGING,
    "Mutation.revokeInvitation": f"{MEMBERS} {MANAGING}",
    "Mutation.changeMemberRole": ONES_OWN_TOO,
    "Mutation.deactivateMember": ONES_OWN_TOO,
    "Mutation.reactivateMember": ONES_OWN_TOO,
    "Mutation.setAppAccess": f"{ONES_OWN_TOO} app.read?",
    "Mutation.clearAppAccess": f"{ONES_OWN_TOO} app.read?",
    "Mutation.createCustomRole": MANAGING,
    "Mutation.updateCustomRole": f"{MEMBERS} {MANAGING}",
    "Mutation.deleteCustomRole": f"{MEMBERS} {MANAGING}",
    "Mutation.createAccessToken": "own",
    "Mutation.revokeAccessToken": "member.write@organization?own",
    "Mutation.endSession": "own?",
    "Mutation.endOtherSessions": "own",
    "Mutation.createServiceToken": f"{MANAGING} app.read?",
    "Mutation.revokeServiceToken": f"{MEMBERS} {MANAGING}",
    "Subscription.deploymentProgress": "environment.read|deployment.read?",
    "Subscription.buildLog": "environment.read|deployment.read?",
    "Subscription.appEvents": f"app.read? {SEEN}",
    "Subscription.runtimeLog": "environment.read@environment?",
}
"""What each field takes beyond its parent; one that is not here takes nothing more."""
