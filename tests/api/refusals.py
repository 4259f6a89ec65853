"""Which request of a client meets which refusal: the table that the tests walk."""

from dataclasses import dataclass, field
from typing import Any

from services.principals import Permission

JUNK = "not-an-id"


@dataclass(frozen=True)
class Case:
    """A mutation's input, ids written as ``kind:name`` of the world, and the refusal it meets."""

    mutation: str
    input: dict[str, Any]
    error: str
    path: tuple[str, ...] = ()
    lacking: tuple[Permission, ...] = ()
    facts: dict[str, Any] = field(default_factory=dict[str, Any])

    def __str__(self) -> str:
        return f"{self.mutation}-{self.error}-{'.'.join(self.path)}"


DEV, STAGING, EMPTY = (
    "environment:triage/dev",
    "environment:triage/staging",
    "environment:triage/empty",
)
BUSY, FAILED = "environment:triage/busy", "environment:triage/failed"
SEEN_BY = {
    "linkRepository": Permission.APP_READ,
    "rotateWebhookSecret": Permission.APP_READ,
    "revokeApiKey": Permission.API_KEY_READ,
    "inviteMember": Permission.MEMBER_READ,
    "revokeInvitation": Permission.MEMBER_READ,
    "changeMemberRole": Permission.MEMBER_READ,
    "setAppAccess": Permission.MEMBER_READ,
    "clearAppAccess": Permission.MEMBER_READ,
    "deactivateMember": Permission.MEMBER_READ,
    "reactivateMember": Permission.MEMBER_READ,
    "updateCustomRole": Permission.MEMBER_READ,
    "deleteCustomRole": Permission.MEMBER_READ,
    "revokeAccessToken": Permission.MEMBER_WRITE,
    "revokeServiceToken": Permission.MEMBER_READ,
}
"""Which permission it takes to be told that the thing is there; to read environments, else."""
LONG_KEY = {"idempotencyKey": "k" * 201}


def at(name: str) -> tuple[str, ...]:
    return ("input", name)


def denied(mutation: str, input: dict[str, Any], permission: Permission) -> Case:
    facts = {"permission": permission.value}
    return Case(mutation, input, "PermissionDeniedError", lacking=(permission,), facts=facts)


def invalid(mutation: str, input: dict[str, Any], name: str) -> Case:
    return Case(mutation, input, "InvalidInputError", at(name), facts={"field": name})


def missing(mutation: str, input: dict[str, Any], name: str) -> list[Case]:
    """Junk, another kind's id and an unreadable thing are one answer."""
    wrong_kind = "app:triage" if name != "appId" else DEV
    return [
        Case(mutation, {**input, name: JUNK}, "NotFoundError", at(name)),
        Case(mutation, {**input, name: ""}, "NotFoundError", at(name)),
        Case(mutation, {**input, name: wrong_kind}, "NotFoundError", at(name)),
        Case(
            mutation,
            input,
            "NotFoundError",
            at(name),
            lacking=(SEEN_BY.get(mutation, Permission.ENVIRONMENT_READ),),
        ),
    ]


PROMOTE = {"sourceId": DEV, "targetId": STAGING}
LINK = {"appId": "app:bare", "url": "https://example.com/a.git"}
SSH = {"url": "git@example.com:a/b.git"}
CREATE = {"appId": "app:triage", "name": "qa"}
KEY = {"environmentId": STAGING, "name": "ci", "permissions": ["environment.read"]}
SERVICE = {"name": "ci", "permissions": ["environment.promote"]}
REVOKE_TOKEN = {"serviceTokenId": "service_token:ci"}
REVOKE = {"apiKeyId": "api_key:staging"}
SET = {"environmentId": STAGING, "name": "A", "value": "1"}
TOKEN = {"variableId": "variable:TOKEN"}
INVITE = {"email": "new@example.com", "role": "READ"}
INVITE_CUSTOM = {"email": "new@example.com", "customRoleId": "custom_role:deployer"}
ADA = {"memberId": "member:ada"}
CHANGE = {**ADA, "role": "READ"}
ACCESS = {**ADA, "appId": "app:bare"}
ROLE = {"name": "another", "permissions": ["app.read"]}
DEPLOYER = {"customRoleId": "custom_role:deployer"}


def unheld(mutation: str, input: dict[str, Any], name: str) -> Case:
    """What would give a permission that the viewer does not hold."""
    permission = Permission.ENVIRONMENT_PROMOTE
    facts = {"permission": permission.value}
    return Case(
        mutation, input, "PermissionDeniedError", at(name), lacking=(permission,), facts=facts
    )


def unseen_app(mutation: str, input: dict[str, Any]) -> list[Case]:
    lacking = (Permission.APP_READ,)
    return [
        *missing(mutation, input, "appId")[:3],
        Case(mutation, input, "NotFoundError", at("appId"), lacking=lacking),
    ]


CASES = [
    Case("createApp", {"name": "Not A Name"}, "InvalidNameError", at("name")),
    Case("createApp", {"name": "triage\n"}, "InvalidNameError", at("name")),
    Case("createApp", {"name": ""}, "InvalidNameError", at("name")),
    Case("createApp", {"name": "triage"}, "NameTakenError", at("name")),
    denied("createApp", {"name": "another"}, Permission.APP_INSERT),
    invalid("createApp", {"name": "another", **LONG_KEY}, "idempotencyKey"),
    invalid("createApp", {"name": "another", "idempotencyKey": " "}, "idempotencyKey"),
    *missing("linkRepository", LINK, "appId"),
    denied("linkRepository", LINK, Permission.APP_UPDATE),
    invalid("linkRepository", {**LINK, "url": "http://example.com/a.git"}, "url"),
    invalid("linkRepository", {**LINK, "url": "/etc"}, "url"),
    invalid("linkRepository", {**LINK, "url": ""}, "url"),
    invalid("linkRepository", {**LINK, "branch": "a..b"}, "branch"),
    invalid("linkRepository", {**LINK, "token": "t" * 4001}, "token"),
    invalid("linkRepository", {**LINK, "url": "repository:triage", "token": "t"}, "token"),
    invalid("linkRepository", {**LINK, "deployKey": "k"}, "deployKey"),
    invalid("linkRepository", {**LINK, "hostKey": "k"}, "hostKey"),
    invalid("linkRepository", {**LINK, **SSH}, "deployKey"),
    invalid("linkRepository", {**LINK, **SSH, "deployKey": "k"}, "deployKey"),
    invalid("linkRepository", {**LINK, **SSH, "token": "t"}, "token"),
    Case("linkRepository", {**LINK, "url": "repository:triage"}, "RepositoryTakenError", at("url")),
    Case(
        "linkRepository", {**LINK, "url": "repository:no"}, "RepositoryUnreachableError", at("url")
    ),
    *missing("rotateWebhookSecret", {"appId": "app:triage"}, "appId"),
    denied("rotateWebhookSecret", {"appId": "app:triage"}, Permission.APP_UPDATE),
    Case("rotateWebhookSecret", {"appId": "app:bare"}, "GitConnectionMissingError", at("appId")),
    *missing("createEnvironment", CREATE, "appId"),
    denied("createEnvironment", CREATE, Permission.ENVIRONMENT_INSERT),
    invalid("createEnvironment", {**CREATE, **LONG_KEY}, "idempotencyKey"),
    Case("createEnvironment", {**CREATE, "name": "qa\n"}, "InvalidNameError", at("name")),
    Case("createEnvironment", {**CREATE, "name": "dev"}, "NameTakenError", at("name")),
    *missing("promoteEnvironment", PROMOTE, "targetId")[:3],
    *missing("promoteEnvironment", PROMOTE, "sourceId"),
    Case(
        "promoteEnvironment",
        {**PROMOTE, "sourceId": "environment:lost/dev"},
        "NotFoundError",
        at("sourceId"),
    ),
    denied("promoteEnvironment", PROMOTE, Permission.ENVIRONMENT_PROMOTE),
    invalid("promoteEnvironment", {**PROMOTE, "note": "n" * 2001}, "note"),
    invalid("promoteEnvironment", {**PROMOTE, "note": "a\0b"}, "note"),
    invalid("promoteEnvironment", {**PROMOTE, **LONG_KEY}, "idempotencyKey"),
    Case(
        "promoteEnvironment", {**PROMOTE, "targetId": DEV}, "TargetIsDefaultError", at("targetId")
    ),
    Case(
        "promoteEnvironment",
        {"sourceId": STAGING, "targetId": STAGING},
        "SourceIsTargetError",
        at("sourceId"),
    ),
    Case(
        "promoteEnvironment",
        {"sourceId": "environment:bare/dev", "targetId": "environment:bare/target"},
        "GitConnectionMissingError",
        at("sourceId"),
    ),
    Case(
        "promoteEnvironment",
        {"sourceId": "environment:lost/dev", "targetId": "environment:lost/target"},
        "RepositoryUnreachableError",
        at("sourceId"),
    ),
    Case(
        "promoteEnvironment", {**PROMOTE, "targetId": BUSY}, "EnvironmentBusyError", at("targetId")
    ),
    Case(
        "promoteEnvironment",
        {**PROMOTE, "expectedSourceCommit": "0" * 40},
        "StaleSourceError",
        at("expectedSourceCommit"),
    ),
    Case(
        "promoteEnvironment",
        {"sourceId": STAGING, "targetId": EMPTY, "expectedSourceCommit": ""},
        "StaleSourceError",
        at("expectedSourceCommit"),
    ),
    Case(
        "promoteEnvironment",
        {**PROMOTE, "expectedTargetVersion": 0},
        "StaleTargetError",
        at("expectedTargetVersion"),
    ),
    *missing("redeployEnvironment", {"environmentId": STAGING}, "environmentId"),
    denied("redeployEnvironment", {"environmentId": STAGING}, Permission.ENVIRONMENT_PROMOTE),
    invalid("redeployEnvironment", {"environmentId": STAGING, **LONG_KEY}, "idempotencyKey"),
    Case(
        "redeployEnvironment",
        {"environmentId": EMPTY},
        "EnvironmentNotPinnedError",
        at("environmentId"),
    ),
    Case(
        "redeployEnvironment", {"environmentId": BUSY}, "EnvironmentBusyError", at("environmentId")
    ),
    Case(
        "redeployEnvironment",
        {"environmentId": "environment:bare/dev"},
        "GitConnectionMissingError",
        at("environmentId"),
    ),
    Case(
        "redeployEnvironment",
        {"environmentId": "environment:lost/dev"},
        "RepositoryUnreachableError",
        at("environmentId"),
    ),
    *missing("retryDeployment", {"deploymentId": "deployment:failed"}, "deploymentId"),
    denied(
        "retryDeployment", {"deploymentId": "deployment:failed"}, Permission.ENVIRONMENT_PROMOTE
    ),
    invalid("retryDeployment", {"deploymentId": "deployment:failed", **LONG_KEY}, "idempotencyKey"),
    Case(
        "retryDeployment",
        {"deploymentId": "deployment:settled"},
        "NotRetryableError",
        at("deploymentId"),
    ),
    Case(
        "retryDeployment",
        {"deploymentId": "deployment:flying"},
        "EnvironmentBusyError",
        at("deploymentId"),
    ),
    *missing("rollbackEnvironment", {"environmentId": STAGING, "version": 1}, "environmentId"),
    denied(
        "rollbackEnvironment",
        {"environmentId": STAGING, "version": 1},
        Permission.ENVIRONMENT_PROMOTE,
    ),
    invalid(
        "rollbackEnvironment",
        {"environmentId": STAGING, "version": 1, "note": "n" * 2001},
        "note",
    ),
    Case(
        "rollbackEnvironment",
        {"environmentId": STAGING, "version": 2},
        "AlreadyServingError",
        at("version"),
    ),
    *(
        Case(
            "rollbackEnvironment",
            {"environmentId": STAGING, "version": version},
            "VersionNotFoundError",
            at("version"),
        )
        for version in (3, 0, -1, 2**31 - 1)
    ),
    Case(
        "rollbackEnvironment",
        {"environmentId": DEV, "version": 1},
        "TargetIsDefaultError",
        at("environmentId"),
    ),
    Case(
        "rollbackEnvironment",
        {"environmentId": BUSY, "version": 1},
        "EnvironmentBusyError",
        at("environmentId"),
    ),
    *missing("cancelDeployment", {"deploymentId": "deployment:flying"}, "deploymentId"),
    denied(
        "cancelDeployment", {"deploymentId": "deployment:flying"}, Permission.ENVIRONMENT_PROMOTE
    ),
    Case(
        "cancelDeployment",
        {"deploymentId": "deployment:settled"},
        "AlreadySettledError",
        at("deploymentId"),
    ),
    *missing(
        "deleteEnvironment", {"environmentId": EMPTY, "confirmationName": "empty"}, "environmentId"
    ),
    denied(
        "deleteEnvironment",
        {"environmentId": EMPTY, "confirmationName": "empty"},
        Permission.ENVIRONMENT_DELETE,
    ),
    *(
        Case(
            "deleteEnvironment",
            {"environmentId": EMPTY, "confirmationName": name},
            "ConfirmationMismatchError",
            at("confirmationName"),
        )
        for name in ("", "empty\n", "Empty", "a\0b")
    ),
    Case(
        "deleteEnvironment",
        {"environmentId": DEV, "confirmationName": "dev"},
        "DefaultEnvironmentLockedError",
        at("environmentId"),
    ),
    Case(
        "deleteEnvironment",
        {"environmentId": BUSY, "confirmationName": "busy"},
        "EnvironmentBusyError",
        at("environmentId"),
    ),
    *missing("createApiKey", KEY, "environmentId"),
    denied("createApiKey", KEY, Permission.API_KEY_INSERT),
    Case(
        "createApiKey",
        {**KEY, "permissions": ["dataset.read"]},
        "PermissionDeniedError",
        at("permissions"),
        lacking=(Permission.DATASET_READ,),
        facts={"permission": "dataset.read"},
    ),
    invalid("createApiKey", {**KEY, "name": " "}, "name"),
    invalid("createApiKey", {**KEY, "name": "n" * 101}, "name"),
    invalid("createApiKey", {**KEY, "name": "a\0b"}, "name"),
    invalid("createApiKey", {**KEY, "permissions": []}, "permissions"),
    invalid("createApiKey", {**KEY, "permissions": ["environment.*"]}, "permissions"),
    invalid("createApiKey", {**KEY, "permissions": ["app.insert"]}, "permissions"),
    invalid("createApiKey", {**KEY, "expiresAt": "2020-01-01T00:00:00Z"}, "expiresAt"),
    invalid("createApiKey", {**KEY, "expiresAt": "2999-01-01T00:00:00"}, "expiresAt"),
    invalid("createApiKey", {**KEY, **LONG_KEY}, "idempotencyKey"),
    *missing("revokeApiKey", REVOKE, "apiKeyId"),
    denied("revokeApiKey", REVOKE, Permission.API_KEY_DELETE),
    *missing("setEnvironmentVariable", SET, "environmentId"),
    denied("setEnvironmentVariable", SET, Permission.VARIABLE_WRITE),
    *(
        invalid("setEnvironmentVariable", {**SET, "name": name}, "name")
        for name in ("", "1A", "A\n", "A\0", "PATH", "PINMARK_A")
    ),
    *(
        invalid("setEnvironmentVariable", {**SET, "value": value}, "value")
        for value in ("a\0b", "x" * 32769)
    ),
    invalid("setEnvironmentVariable", {**SET, **LONG_KEY}, "idempotencyKey"),
    *missing("deleteEnvironmentVariable", TOKEN, "variableId"),
    denied("deleteEnvironmentVariable", TOKEN, Permission.VARIABLE_WRITE),
    *missing("revealEnvironmentVariable", TOKEN, "variableId"),
    denied("revealEnvironmentVariable", TOKEN, Permission.VARIABLE_REVEAL),
    denied("inviteMember", INVITE, Permission.MEMBER_WRITE),
    unheld("inviteMember", INVITE_CUSTOM, "customRoleId"),
    *missing("inviteMember", INVITE_CUSTOM, "customRoleId"),
    *(
        invalid("inviteMember", {**INVITE, "email": email}, "email")
        for email in ("", "a", "a@b", "a\0@example.com", "é@example.com")
    ),
    invalid("inviteMember", {"email": "new@example.com"}, "role"),
    invalid("inviteMember", {**INVITE_CUSTOM, "role": "READ"}, "role"),
    invalid("inviteMember", {**INVITE, "expiresAt": "2020-01-01T00:00:00Z"}, "expiresAt"),
    invalid("inviteMember", {**INVITE, "expiresAt": "2999-01-01T00:00:00Z"}, "expiresAt"),
    invalid("inviteMember", {**INVITE, **LONG_KEY}, "idempotencyKey"),
    *(
        Case("inviteMember", {**INVITE, "email": email}, "AlreadyMemberError", at("email"))
        for email in ("Ada@example.com", "gone@example.com")
    ),
    *missing("revokeInvitation", {"invitationId": "invitation:open"}, "invitationId"),
    denied("revokeInvitation", {"invitationId": "invitation:open"}, Permission.MEMBER_WRITE),
    Case(
        "revokeInvitation",
        {"invitationId": "invitation:ada"},
        "InvitationAcceptedError",
        at("invitationId"),
    ),
    *missing("changeMemberRole", CHANGE, "memberId"),
    *missing("changeMemberRole", {**ADA, **DEPLOYER}, "customRoleId")[:3],
    denied("changeMemberRole", CHANGE, Permission.MEMBER_WRITE),
    unheld("changeMemberRole", {**ADA, **DEPLOYER}, "customRoleId"),
    invalid("changeMemberRole", ADA, "role"),
    invalid("changeMemberRole", {**CHANGE, **DEPLOYER}, "role"),
    Case(
        "changeMemberRole",
        {"memberId": "member:owner", "role": "ADMIN"},
        "LastOwnerError",
        at("memberId"),
    ),
    *missing("setAppAccess", {**ACCESS, "role": "READ"}, "memberId"),
    *missing("setAppAccess", {**ACCESS, **DEPLOYER}, "customRoleId")[:3],
    *unseen_app("setAppAccess", {**ACCESS, "role": "READ"}),
    denied("setAppAccess", {**ACCESS, "role": "READ"}, Permission.MEMBER_WRITE),
    unheld("setAppAccess", {**ACCESS, **DEPLOYER}, "customRoleId"),
    invalid("setAppAccess", ACCESS, "role"),
    invalid("setAppAccess", {**ACCESS, "role": "OWNER"}, "role"),
    invalid("setAppAccess", {**ACCESS, "role": "READ", **DEPLOYER}, "role"),
    invalid("setAppAccess", {**ACCESS, "role": "READ", "switchedOff": True}, "switchedOff"),
    Case(
        "setAppAccess",
        {"memberId": "member:owner", "appId": "app:bare", "switchedOff": True},
        "OwnerAccessError",
        at("memberId"),
    ),
    *missing("clearAppAccess", ACCESS, "memberId"),
    *unseen_app("clearAppAccess", ACCESS),
    denied("clearAppAccess", ACCESS, Permission.MEMBER_WRITE),
    *missing("deactivateMember", ADA, "memberId"),
    denied("deactivateMember", ADA, Permission.MEMBER_WRITE),
    Case("deactivateMember", {"memberId": "member:owner"}, "LastOwnerError", at("memberId")),
    *missing("reactivateMember", {"memberId": "member:gone"}, "memberId"),
    denied("reactivateMember", {"memberId": "member:gone"}, Permission.MEMBER_WRITE),
    denied("createCustomRole", ROLE, Permission.MEMBER_WRITE),
    unheld("createCustomRole", {**ROLE, "permissions": ["environment.promote"]}, "permissions"),
    *(
        invalid("createCustomRole", {**ROLE, "name": name}, "name")
        for name in ("", "1st", "deployer\n", "n" * 41, "Owner", "admin")
    ),
    invalid("createCustomRole", {**ROLE, "permissions": []}, "permissions"),
    invalid("createCustomRole", {**ROLE, "permissions": ["environment.*"]}, "permissions"),
    invalid("createCustomRole", {**ROLE, **LONG_KEY}, "idempotencyKey"),
    Case("createCustomRole", {**ROLE, "name": "deployer"}, "NameTakenError", at("name")),
    *missing("updateCustomRole", DEPLOYER, "customRoleId"),
    denied("updateCustomRole", DEPLOYER, Permission.MEMBER_WRITE),
    invalid("updateCustomRole", {**DEPLOYER, "name": ""}, "name"),
    invalid("updateCustomRole", {**DEPLOYER, "permissions": []}, "permissions"),
    Case("updateCustomRole", {**DEPLOYER, "name": "idle"}, "NameTakenError", at("name")),
    *missing("deleteCustomRole", DEPLOYER, "customRoleId"),
    denied("deleteCustomRole", DEPLOYER, Permission.MEMBER_WRITE),
    Case("deleteCustomRole", DEPLOYER, "RoleInUseError", at("customRoleId")),
    invalid("createAccessToken", {"name": " "}, "name"),
    invalid("createAccessToken", {"name": "n" * 101}, "name"),
    invalid("createAccessToken", {"name": "t", "expiresAt": "2020-01-01T00:00:00Z"}, "expiresAt"),
    invalid("createAccessToken", {"name": "t", **LONG_KEY}, "idempotencyKey"),
    *missing("revokeAccessToken", {"accessTokenId": "access_token:ada"}, "accessTokenId"),
    *missing("endSession", {"sessionId": JUNK}, "sessionId")[:3],
    Case("endSession", {"sessionId": "session:ada"}, "NotFoundError", at("sessionId")),
    *missing("endOtherSessions", {"keptSessionId": JUNK}, "keptSessionId")[:3],
    Case(
        "endOtherSessions", {"keptSessionId": "session:ada"}, "NotFoundError", at("keptSessionId")
    ),
    denied("createServiceToken", SERVICE, Permission.MEMBER_WRITE),
    *(
        Case("createServiceToken", {**SERVICE, "appIds": ids}, "NotFoundError", at("appIds"))
        for ids in ([JUNK], ["app:triage", ""], [DEV])
    ),
    Case(
        "createServiceToken",
        SERVICE,
        "PermissionDeniedError",
        at("permissions"),
        lacking=(Permission.ENVIRONMENT_PROMOTE,),
        facts={"permission": "environment.promote"},
    ),
    Case(
        "createServiceToken",
        {"name": "ci", "role": "READ"},
        "PermissionDeniedError",
        at("role"),
        lacking=(Permission.DATASET_READ,),
        facts={"permission": "dataset.read"},
    ),
    invalid("createServiceToken", {"name": "ci", "role": "OWNER"}, "role"),
    invalid("createServiceToken", {**SERVICE, "role": "READ"}, "permissions"),
    invalid("createServiceToken", {"name": "ci"}, "permissions"),
    invalid("createServiceToken", {"name": "ci", "permissions": ["member.write"]}, "permissions"),
    invalid("createServiceToken", {"name": "ci", "permissions": ["all"]}, "permissions"),
    invalid("createServiceToken", {**SERVICE, "name": " "}, "name"),
    invalid("createServiceToken", {**SERVICE, "name": "n" * 101}, "name"),
    invalid("createServiceToken", {**SERVICE, "appIds": []}, "appIds"),
    invalid("createServiceToken", {**SERVICE, "expiresAt": "2020-01-01T00:00:00Z"}, "expiresAt"),
    invalid("createServiceToken", {**SERVICE, **LONG_KEY}, "idempotencyKey"),
    *missing("revokeServiceToken", REVOKE_TOKEN, "serviceTokenId"),
    denied("revokeServiceToken", REVOKE_TOKEN, Permission.MEMBER_WRITE),
]

CONFLICTING = {
    "createApiKey": (KEY, {**KEY, "name": "another"}),
    "createServiceToken": (SERVICE, {**SERVICE, "name": "another"}),
    "createApp": ({"name": "first-one"}, {"name": "second-one"}),
    "inviteMember": ({**INVITE, "email": "first@example.com"}, INVITE),
    "createCustomRole": ({**ROLE, "name": "first one"}, ROLE),
    "createAccessToken": ({"name": "first one"}, {"name": "second one"}),
    "linkRepository": (
        {"appId": "app:triage", "url": "repository:triage"},
        {"appId": "app:triage", "url": "repository:triage", "branch": "other"},
    ),
    "createEnvironment": (
        {"appId": "app:bare", "name": "first-one"},
        {"appId": "app:bare", "name": "second-one"},
    ),
    "promoteEnvironment": (
        {**PROMOTE, "targetId": EMPTY},
        {**PROMOTE, "targetId": EMPTY, "note": "another"},
    ),
    "redeployEnvironment": ({"environmentId": DEV}, {"environmentId": STAGING}),
    "rollbackEnvironment": (
        {"environmentId": STAGING, "version": 1},
        {"environmentId": STAGING, "version": 1, "note": "another"},
    ),
    "retryDeployment": (
        {"deploymentId": "deployment:failed"},
        {"deploymentId": "deployment:settled"},
    ),
    "setEnvironmentVariable": (
        {"environmentId": EMPTY, "name": "ONCE", "value": "1"},
        {"environmentId": EMPTY, "name": "ONCE", "value": "2"},
    ),
}
"""Per mutation, two inputs under one key: the first is done, the second is refused."""
