"""What is asked for: every node and edge, every root field, each at every place."""

from collections import defaultdict

from tests.support.access.asking import Ask
from tests.support.access.judging import ORGANIZATION, Place
from tests.support.access.paths import EDGES, Path
from tests.support.access.rules import FIELDS, NODES
from tests.support.access.world import PLACES

OF_AN_APP = (
    "App",
    "Repository",
    "Environment",
    "Deployment",
    "ApiKey",
    "EnvironmentVariable",
    "AuditEntry",
)
OF_THE_ORGANIZATION = (
    "Member",
    "CustomRole",
    "Invitation",
    "ServiceToken",
    "AccessToken",
    "AuditEntry",
    "SignInSession",
)
WITH_AN_APP = {
    "Member": "Member.appAccess",
    "ServiceToken": "ServiceToken.limitedTo",
    "AuditEntry": "AuditEntry.app AuditEntry.environment",
}
"""The edges of the organization's things that lead to an app, asked for where that app is."""
THEIR_OWN = ("Member", "AccessToken", "SignInSession")


def reading(place: Place) -> list[Ask]:
    """Everything that can be read at a place."""
    if place.own:
        return [ask for kind in THEIR_OWN for ask in _nodes(kind, place)]
    if place == ORGANIZATION:
        return [*(ask for kind in OF_THE_ORGANIZATION for ask in _nodes(kind, place)), *_lists()]
    kinds = (*OF_AN_APP, "Member", "ServiceToken")
    return [*(ask for kind in kinds for ask in _nodes(kind, place)), *_named(place)]


def _nodes(kind: str, place: Place) -> list[Ask]:
    leading_to_apps = WITH_AN_APP.get(kind, "").split()
    if place in PLACES and kind in OF_THE_ORGANIZATION and kind not in OF_AN_APP:
        paths = [path for path in EDGES[kind] if path[0].name in leading_to_apps]
    elif place in PLACES:
        paths = [(), *EDGES[kind]]
    else:
        paths = [(), *(path for path in EDGES[kind] if path[0].name not in leading_to_apps)]
    text = f"node(id: <{kind}>) {{ __typename ... on {kind} {{…}} }}"
    return grouped(text, place, NODES[kind], paths)


def grouped(text: str, place: Place, rule: str, paths: list[Path]) -> list[Ask]:
    """One ask for all paths that take the same; of two refusals side by side one is told."""
    asks: list[Ask] = []
    together: dict[str, list[Path]] = defaultdict(list)
    for path in paths:
        taken = " ".join([rule, *(step.rule for step in path)])
        if "!" in taken:
            asks.append(Ask("query", text, place, taken, rule, (path,)))
        else:
            together[taken].append(path)
    more = [
        Ask("query", text, place, taken, rule, tuple(found)) for taken, found in together.items()
    ]
    return [*asks, *more]


def _named(place: Place) -> list[Ask]:
    """What is asked for by a name, or as a pair, or in a list."""

    def ask(text: str, rule: str) -> Ask:
        return Ask("query", text, place, rule, rule)

    comparison = "comparison(sourceId: <Environment>, targetId: <Environment other>) {…}"
    audit = "auditLog(first: 1, filter: {environmentId: <Environment>}) { nodes {…} }"
    of_app = "auditLog(first: 1, filter: {appId: <App>}) { nodes {…} }"
    return [
        ask("app(name: <name of App>) {…}", FIELDS["Query.app"]),
        ask(
            "environment(app: <name of App>, name: <name of Environment>) {…}",
            FIELDS["Query.environment"],
        ),
        ask("deployment(id: <Deployment>) {…}", FIELDS["Query.deployment"]),
        ask("nodes(ids: [<Environment>]) {…}", NODES["Environment"]),
        *grouped(comparison, place, FIELDS["Query.comparison"], [(), *EDGES["Comparison"]]),
        ask("apps(first: 100) { nodes { name } }", FIELDS["Query.apps"]),
        ask(audit, f"{FIELDS['Query.auditLog']} audit.read?"),
        ask(of_app, "audit.read^"),
    ]


def _lists() -> list[Ask]:
    """The lists of the organization, and whoever asks."""
    asks: list[Ask] = []
    for name in ("members", "invitations", "customRoles", "serviceTokens"):
        rule = FIELDS[f"Query.{name}"]
        asks.append(Ask("query", f"{name}(first: 1) {{ nodes {{…}} }}", ORGANIZATION, rule, rule))
    viewer: list[Path] = [path for path in EDGES["Viewer"] if path[0].name != "Viewer.environment"]
    return [*asks, *grouped("viewer {…}", ORGANIZATION, FIELDS["Query.viewer"], [(), *viewer])]
