"""The oracle's other half: what each operation of the REST API takes, in the words of ``rules``.

An address names what it is about as ``<Type>``, with a word more where there are several of a
type. The last word of a rule is what the operation declares; what stands before it is what it
takes to be told that the thing is there at all.
"""

from tests.support.access.rules import NODES, PROMOTING, SEEN

SCOPE = "app.read|environment.read|deployment.read?"
"""The app that a header names is there for whoever may see anything of it."""

KEY = NODES["ApiKey"]
WATCHING = NODES["Deployment"]
VARIABLE = "environment.read@environment?"
ENVIRONMENT = "/v1/environments/<Environment>"
COMPARISON = f"{ENVIRONMENT}/comparison"
OTHER = "source_environment_id=<Environment other>"

IN_ENVIRONMENTS = {
    "GET /v1/templates": "template.read@environment~",
    "GET /v1/templates?path=triage.prompt.mdx": "template.read@environment~",
    "GET /v1/templates?path=tickets.jsonl": "dataset.read@environment~",
    "GET /v1/datasets": "dataset.read@environment~",
    "GET /v1/datasets?path=tickets.jsonl": "dataset.read@environment~",
    "GET /v1/config": "template.read@environment~",
    "GET /v1/content/agentmark/triage.prompt.mdx": "template.read@environment~",
    "GET /v1/content/agentmark/tickets.jsonl": "dataset.read@environment~",
    "POST /v1/execute": "prompt.run@environment~",
}
"""Of the environment that a header names, or a key's own."""

IN_APPS = {
    "GET /v1/environments": f"{SCOPE} environment.read!",
    "GET /v1/environments?deleted=true": f"{SCOPE} environment.read!",
    "POST /v1/environments": f"app.read? {SEEN} environment.insert!",
    f"GET {ENVIRONMENT}": SEEN,
    f"DELETE {ENVIRONMENT}": f"{SEEN} environment.delete!",
    f"POST {ENVIRONMENT}/promote": PROMOTING,
    f"POST {ENVIRONMENT}/rollback": PROMOTING,
    f"POST {ENVIRONMENT}/redeploy": PROMOTING,
    f"GET {ENVIRONMENT}/deployments": SEEN,
    f"GET {ENVIRONMENT}/timeline": SEEN,
    f"GET {ENVIRONMENT}/version-at?time=<moment>": SEEN,
    f"GET {ENVIRONMENT}/files": f"{SEEN} template.read|dataset.read@environment!",
    f"GET {ENVIRONMENT}/runtime-log": "environment.read@environment?",
    f"GET {ENVIRONMENT}/variables": f"{SEEN} variable.read@environment!",
    f"PUT {ENVIRONMENT}/variables/0": f"{SEEN} variable.write@environment!",
    f"GET {COMPARISON}?{OTHER}": SEEN,
    f"GET {COMPARISON}/commits?{OTHER}": SEEN,
    f"GET {COMPARISON}/content?{OTHER}": SEEN,
    f"GET {COMPARISON}/code?{OTHER}": SEEN,
    f"GET {COMPARISON}/diff?path=agentmark/triage.prompt.mdx&{OTHER}": (
        f"{SEEN} template.read@pair!"
    ),
    f"GET {COMPARISON}/diff?path=agentmark/tickets.jsonl&{OTHER}": f"{SEEN} dataset.read@pair!",
    "GET /v1/deployments": f"{SCOPE} deployment.read|environment.read!",
    "GET /v1/deployments/<Deployment>": WATCHING,
    "GET /v1/deployments/<Deployment settled>/log": WATCHING,
    "GET /v1/deployments/<Deployment settled>/events": WATCHING,
    "POST /v1/deployments/<Deployment failed>/retry": PROMOTING,
    "POST /v1/deployments/<Deployment settled>/cancel": PROMOTING,
    "GET /v1/events": f"app.read? {SEEN}",
    "DELETE /v1/variables/<EnvironmentVariable spare>": f"{VARIABLE} variable.write@environment!",
    "POST /v1/variables/<EnvironmentVariable>/reveal": f"{VARIABLE} variable.reveal@environment!",
    "GET /v1/api-keys": f"{SCOPE} api_key.read!",
    "POST /v1/api-keys": f"{SEEN} api_key.insert@environment!",
    "GET /v1/api-keys/<ApiKey>": KEY,
    "DELETE /v1/api-keys/<ApiKey>": f"{KEY} api_key.delete@environment!",
}
"""Of the app that a header names, or a key's own."""

BY_ADDRESS = {
    "GET /v1/apps": "app.read?",
    "GET /v1/apps/<App>": "app.read?",
    "PUT /v1/apps/<App>/repository": "app.read? app.update!",
    "POST /v1/apps/<App>/repository/rotate-webhook-secret": "app.read? app.update!",
    "GET /v1/audit?action=environment.create&app_id=<App>": "audit.read^",
    "GET /v1/audit?action=environment.create&environment_id=<Environment>": (
        "audit.read@organization! audit.read?"
    ),
}
"""Of an app, which no header names."""

IN_GENERAL = {
    "GET /v1/viewer": "known",
    "POST /v1/apps": "app.insert@organization!",
    "GET /v1/audit": "audit.read@organization!",
    "GET /v1/openapi.json": "public",
    "POST /v1/invitations/accept": "public",
}
"""Of the organization, of whoever asks, or of nothing: ``public`` is for those who are nobody."""

ROUTES = {**IN_ENVIRONMENTS, **IN_APPS, **BY_ADDRESS, **IN_GENERAL}
