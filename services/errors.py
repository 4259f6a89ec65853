"""Every way the domain says no.

* DomainError
  - NotFound
    + FileNotServed
  - PermissionDenied
  - InvalidInput
    + InvalidName
  - InvalidCursor
  - Conflict
    + NameTaken
    + RepositoryTaken
    + EnvironmentBusy
    + IdempotencyConflict
    + StaleSource
    + StaleTarget
    + StaleEnvironment
    + NotRetryable
    + AlreadySettled
    + AlreadyServing
    + LastOwner
    + AlreadyMember
    + InvitationAccepted
    + RoleInUse
  - Refused
    + TargetIsDefault
    + SourceIsTarget
    + GitConnectionMissing
    + ContentInvalid
    + DefaultEnvironmentLocked
    + ConfirmationMismatch
    + VersionNotFound
    + EnvironmentNotPinned
    + NothingSynced
    + NoHandler
    + OwnerAccess
  - OwnerRequired
  - MemberRequired
  - PlanLimit
    + EnvironmentLimit
    + ApiKeyLimit
    + AppLimit
  - RepositoryUnreachable
  - ExecutionError
    + RuntimeNotReady
    + RuntimeFailed

A ``DomainError`` is an expected answer: its message is safe to show to the caller and its
attributes are the facts it is about. ``path`` says where in the input the trouble lies, in the
input's own field names. Anything else that escapes is a bug.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from models.kinds import ContentProblemCode
from services.texts import storable

MAXIMUM_PROBLEM = 1000


class DomainError(Exception):
    """A rule of the domain said no."""

    def __init__(self, message: str, *, path: Sequence[str] = ()) -> None:
        super().__init__(message)
        self.message = message
        self.path = tuple(path)


class NotFound(DomainError):
    """Absent, foreign and unreadable are one answer: nobody learns what exists elsewhere."""

    def __init__(self, kind: str, *, path: Sequence[str] = (), hint: str = "") -> None:
        super().__init__(f"No such {kind}.{hint}", path=path)
        self.kind = kind


class FileNotServed(NotFound):
    """The environment serves no such file; ``suggestions`` are paths of its own that are close."""

    def __init__(self, kind: str, suggestions: Sequence[str] = ()) -> None:
        hint = f" Did you mean {' or '.join(suggestions)}?" if suggestions else ""
        super().__init__(kind, path=("path",), hint=hint)
        self.suggestions = tuple(suggestions)


class PermissionDenied(DomainError):
    """The principal may see the thing, but not do this to it."""

    def __init__(self, permission: str, *, path: Sequence[str] = ()) -> None:
        super().__init__(f"This needs the permission {permission}.", path=path)
        self.permission = permission


class InvalidInput(DomainError):
    """The input cannot be used as given; ``field`` is the input field at fault."""

    def __init__(self, field: str, message: str) -> None:
        super().__init__(message, path=("input", field))
        self.field = field


class InvalidName(InvalidInput):
    """A name outside ``^[a-z][a-z0-9-]{1,39}$``, matched in full."""

    def __init__(self, field: str = "name") -> None:
        super().__init__(
            field,
            "A name has 2 to 40 lowercase letters, digits and hyphens, and starts with a letter.",
        )


class InvalidCursor(DomainError):
    """A cursor that this list or stream never gave."""

    def __init__(self, argument: str) -> None:
        super().__init__(f"{argument} is not a cursor of this list or stream.", path=(argument,))


class Conflict(DomainError):
    """The present state of things forbids it; the same request may succeed at another time."""


class NameTaken(Conflict):
    def __init__(self, kind: str, name: str) -> None:
        article = "an" if kind[0] in "aeiou" else "a"
        super().__init__(f"There already is {article} {kind} named {name}.", path=("input", "name"))
        self.kind = kind
        self.name = name


class RepositoryTaken(Conflict):
    """One app per repository and branch."""

    def __init__(self, branch: str) -> None:
        super().__init__(
            f"Branch {branch} of this repository is linked to another app.", path=("input", "url")
        )


class EnvironmentBusy(Conflict):
    """A pinned environment has one deployment in flight at most; ``deployment_id`` is it."""

    def __init__(self, name: str, deployment_id: UUID, *, path: Sequence[str] = ()) -> None:
        super().__init__(f"{name} is deploying; wait for it to settle or cancel it.", path=path)
        self.name = name
        self.deployment_id = deployment_id


class IdempotencyConflict(Conflict):
    def __init__(self) -> None:
        super().__init__(
            "This idempotency key was used before with another input.",
            path=("input", "idempotencyKey"),
        )


class StaleSource(Conflict):
    """The source no longer has the commit that the caller compared."""

    def __init__(self, expected: str, actual: str) -> None:
        super().__init__(
            f"The source is at {actual[:12]} now, not at {expected[:12]}.",
            path=("input", "expectedSourceCommit"),
        )
        self.actual = actual


class StaleTarget(Conflict):
    """The target no longer serves the version that the caller compared."""

    def __init__(self, expected: int, actual: int) -> None:
        super().__init__(
            f"The target serves version {actual} now, not {expected}.",
            path=("input", "expectedTargetVersion"),
        )
        self.actual = actual


class StaleEnvironment(Conflict):
    """The environment is not as it was when the caller looked at it."""

    def __init__(self, name: str) -> None:
        super().__init__(f"{name} has changed since it was looked at.")


class NotRetryable(Conflict):
    def __init__(self, reason: str) -> None:
        super().__init__(reason, path=("input", "deploymentId"))


class AlreadySettled(Conflict):
    """The deployment settled first; ``deployment_id`` is it."""

    def __init__(self, deployment_id: UUID) -> None:
        super().__init__("This deployment has already settled.", path=("input", "deploymentId"))
        self.deployment_id = deployment_id


class AlreadyServing(Conflict):
    def __init__(self, name: str, version: int) -> None:
        super().__init__(f"{name} already serves v{version}.", path=("input", "version"))


class LastOwner(Conflict):
    """An organization always has an owner who can act."""

    def __init__(self) -> None:
        super().__init__(
            "This is the only active owner; make another one first.", path=("input", "memberId")
        )


class AlreadyMember(Conflict):
    def __init__(self) -> None:
        super().__init__(
            "A member has this address; one who left is reactivated, not invited.",
            path=("input", "email"),
        )


class InvitationAccepted(Conflict):
    def __init__(self) -> None:
        super().__init__(
            "The invitation has been accepted; deactivate the member instead.",
            path=("input", "invitationId"),
        )


class RoleInUse(Conflict):
    def __init__(self) -> None:
        super().__init__(
            "Members or open invitations have this role; give them another first.",
            path=("input", "customRoleId"),
        )


class Refused(DomainError):
    """The rules forbid it as asked, whoever asks and whenever."""


class TargetIsDefault(Refused):
    def __init__(self, name: str, *, field: str = "targetId") -> None:
        super().__init__(
            f"{name} tracks branch HEAD; it is never a target and has no versions.",
            path=("input", field),
        )


class SourceIsTarget(Refused):
    def __init__(self, name: str) -> None:
        super().__init__(f"{name} cannot be promoted into itself.", path=("input", "sourceId"))


class GitConnectionMissing(Refused):
    def __init__(self, app_name: str, *, path: Sequence[str] = ()) -> None:
        super().__init__(
            f"{app_name} has no linked repository, so there is no commit to build.", path=path
        )


@dataclass(frozen=True)
class ContentProblem:
    """What is wrong with one file at a commit; ``line`` counts from 1, null when no one line."""

    path: str
    line: int | None
    message: str
    code: ContentProblemCode

    def __post_init__(self) -> None:
        """Hold only what can be kept: a hostile file may name itself in its own words."""
        object.__setattr__(self, "path", storable(self.path, maximum=MAXIMUM_PROBLEM))
        object.__setattr__(self, "message", storable(self.message, maximum=MAXIMUM_PROBLEM))

    def __str__(self) -> str:
        where = self.path if self.line is None else f"{self.path}:{self.line}"
        return f"{where}: {self.message}"


class ContentInvalid(Refused):
    """The content at the commit does not validate; the attempt is recorded as ``deployment_id``."""

    def __init__(self, deployment_id: UUID, problems: Sequence[ContentProblem]) -> None:
        count = len(problems)
        first = str(problems[0]) if problems else "the content cannot be read"
        more = f" (and {count - 1} more)" if count > 1 else ""
        super().__init__(f"The content is not valid: {first}{more}", path=("input", "sourceId"))
        self.deployment_id = deployment_id
        self.problems = tuple(problems)


class DefaultEnvironmentLocked(Refused):
    def __init__(self, name: str) -> None:
        super().__init__(
            f"{name} is the default environment and lives as long as its app.",
            path=("input", "environmentId"),
        )


class ConfirmationMismatch(Refused):
    def __init__(self, name: str) -> None:
        super().__init__(
            f"Type {name} to confirm; something else was given.",
            path=("input", "confirmationName"),
        )


class VersionNotFound(Refused):
    def __init__(self, name: str, version: int) -> None:
        super().__init__(f"{name} has no successful version {version}.", path=("input", "version"))


class EnvironmentNotPinned(Refused):
    """Nothing was ever promoted into it, so it has nothing to run."""

    def __init__(self, name: str) -> None:
        super().__init__(
            f"{name} has no pin; promote into it first.", path=("input", "environmentId")
        )


class NothingSynced(Refused):
    """The default environment follows a branch of which nothing is synced yet."""

    def __init__(self, name: str) -> None:
        super().__init__(
            f"{name} has no content yet: no commit of its branch is synced.",
            path=("input", "environmentId"),
        )


class NoHandler(Refused):
    """What the environment serves has content, but no code to run."""

    def __init__(self, name: str) -> None:
        super().__init__(f"{name} has no handler to run.", path=("input", "environmentId"))


class OwnerAccess(Refused):
    """An owner may do everything in every app; no app has another role for them."""

    def __init__(self) -> None:
        super().__init__(
            "An owner may do everything in every app; change their role first.",
            path=("input", "memberId"),
        )


class OwnerRequired(DomainError):
    """It touches an owner, which no permission is enough for."""

    def __init__(self, *, path: Sequence[str]) -> None:
        super().__init__("Only an owner makes, changes or unmakes an owner.", path=path)


class MemberRequired(DomainError):
    """A program asked for what only a person has."""

    def __init__(self) -> None:
        super().__init__("Only a member has access tokens; this is another kind of caller.")


class PlanLimit(DomainError):
    """The plan allows no more of something; the message names the plan."""

    def __init__(self, plan: str, limit: int, current: int, *, what: str) -> None:
        super().__init__(
            f"Your {plan} plan allows {limit} {what}. Upgrade your plan to add more.",
            path=("input", "name"),
        )
        self.plan = plan
        self.limit = limit
        self.current = current


class EnvironmentLimit(PlanLimit):
    def __init__(self, plan: str, limit: int, current: int) -> None:
        super().__init__(plan, limit, current, what="environments per app")


class ApiKeyLimit(PlanLimit):
    def __init__(self, plan: str, limit: int, current: int) -> None:
        super().__init__(plan, limit, current, what="API keys per app")


class AppLimit(PlanLimit):
    def __init__(self, plan: str, limit: int, current: int) -> None:
        super().__init__(plan, limit, current, what="apps")


class RepositoryUnreachable(DomainError):
    """The repository did not answer, or not with what was asked; the message says which."""

    def __init__(self, reason: str, *, path: Sequence[str] = ()) -> None:
        super().__init__(f"The repository cannot be read: {reason}.", path=path)
        self.reason = reason


class ExecutionError(DomainError):
    """The handler could not be called, through no fault of the caller's."""


class RuntimeNotReady(ExecutionError):
    """No runtime answers at the moment; it is being started, or starting it failed."""

    def __init__(self, name: str, reason: str | None) -> None:
        super().__init__(f"The runtime of {name} is not ready. {reason or ''}".strip())


class RuntimeFailed(ExecutionError):
    """The runtime died while it had the call, or did not answer as a runtime does."""

    def __init__(self, name: str, reason: str) -> None:
        super().__init__(f"The runtime of {name} {reason}.")
