"""Every mutation, asked so that whoever may do it is refused for another reason.

A name that is none, a version that never was, an environment that is busy: an answer of this kind
says that it would have been done. Where no such reason is, the thing is already what the act would
make of it; and a variable that may be deleted is a spare one.
"""

from dataclasses import dataclass

from tests.support.access.asking import Ask
from tests.support.access.judging import ONES_OWN, ORGANIZATION, Place
from tests.support.access.rules import FIELDS
from tests.support.access.world import PLACES
from tests.support.mutations import refusal_of

STALE = "expectedTargetVersion: 99"


@dataclass(frozen=True)
class Act:
    mutation: str
    input: str

    def at(self, place: Place) -> Ask:
        text = f"{self.mutation}(input: {{{self.input}}}) {{ {refusal_of(self.mutation)} }}"
        rule = FIELDS[f"Mutation.{self.mutation}"]
        return Ask("mutation", text, place, rule, rule)


ON_APPS = (
    Act("linkRepository", 'appId: <App>, url: "no address"'),
    Act("rotateWebhookSecret", "appId: <App>"),
    Act("createEnvironment", 'appId: <App>, name: "dev"'),
    Act("setAppAccess", "memberId: <Member active>, appId: <App>"),
    Act("clearAppAccess", "memberId: <Member active>, appId: <App>"),
    Act(
        "createServiceToken",
        'name: "ci", permissions: ["app.read"], appIds: [<App>], idempotencyKey: " "',
    ),
)
ON_ENVIRONMENTS = (
    Act(
        "promoteEnvironment",
        f"sourceId: <Environment dev>, targetId: <Environment>, {STALE}",
    ),
    Act("redeployEnvironment", "environmentId: <Environment>"),
    Act("rollbackEnvironment", "environmentId: <Environment>, version: 99"),
    Act("deleteEnvironment", 'environmentId: <Environment>, confirmationName: "another"'),
    Act("retryDeployment", "deploymentId: <Deployment failed>"),
    Act("cancelDeployment", "deploymentId: <Deployment settled>"),
    Act(
        "createApiKey",
        'environmentId: <Environment>, name: " ", permissions: ["environment.read"]',
    ),
    Act("revokeApiKey", "apiKeyId: <ApiKey>"),
    Act("setEnvironmentVariable", 'environmentId: <Environment>, name: "", value: ""'),
    Act("revealEnvironmentVariable", "variableId: <EnvironmentVariable>"),
    Act("deleteEnvironmentVariable", "variableId: <EnvironmentVariable spare>"),
)
IN_THE_ORGANIZATION = (
    Act("createApp", 'name: "Not a name"'),
    Act("inviteMember", 'email: "no address", role: READ'),
    Act("revokeInvitation", "invitationId: <Invitation withdrawn>"),
    Act("changeMemberRole", "memberId: <Member>"),
    Act("deactivateMember", "memberId: <Member left>"),
    Act("reactivateMember", "memberId: <Member>"),
    Act("createCustomRole", 'name: "", permissions: ["app.read"]'),
    Act("updateCustomRole", 'customRoleId: <CustomRole>, name: ""'),
    Act("deleteCustomRole", "customRoleId: <CustomRole>"),
    Act("revokeAccessToken", "accessTokenId: <AccessToken>"),
    Act("revokeServiceToken", "serviceTokenId: <ServiceToken>"),
    Act("endSession", "sessionId: <SignInSession>"),
    Act("createAccessToken", 'name: " "'),
    Act("endOtherSessions", ""),
)
ON_ONESELF = (
    Act("changeMemberRole", "memberId: <Member>"),
    Act("reactivateMember", "memberId: <Member>"),
    Act("revokeAccessToken", "accessTokenId: <AccessToken>"),
    Act("endSession", "sessionId: <SignInSession>"),
)
NOT_ON_ONESELF = {"deactivateMember"}
"""What would end whoever does it."""


def acts(place: Place) -> list[Ask]:
    """Everything that can be done at a place."""
    if place in PLACES:
        return [act.at(place) for act in (*ON_APPS, *ON_ENVIRONMENTS)]
    asked = {ORGANIZATION: IN_THE_ORGANIZATION, ONES_OWN: ON_ONESELF}[place]
    return [act.at(place) for act in asked]


def all_mutations() -> set[str]:
    return {act.mutation for act in (*ON_APPS, *ON_ENVIRONMENTS, *IN_THE_ORGANIZATION)}
