"""Where the dashboard shows an app.

An app may have any name, that of one of our own addresses too. Such an app is shown under ``/a/``,
which is the address of no app: a name has two letters at least. There any other app is found too.
"""

OURS = frozenset(
    {
        "apps",
        "assets",
        "auth",
        "graphiql",
        "graphql",
        "healthz",
        "login",
        "metrics",
        "organization",
        "parcels",
        "readyz",
        "v1",
        "webhooks",
    }
)
"""First segments of addresses that are not an app's."""


def app_page(name: str) -> str:
    """The path of the app's first page; its others are below."""
    return f"/a/{name}" if name in OURS else f"/{name}"
