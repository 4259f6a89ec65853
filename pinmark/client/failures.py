"""Every way a command ends other than well, and the exit code of each.

* Failure                1  the deployment failed, or the command could not be done
  - Unreachable          1  the server does not answer
    + StreamLost         1  a stream ended before its operation did
  - Usage                2  asked for in a way that cannot be done
  - Denied               3  no token, not a valid one, or not permitted
  - NotFound             4
  - Conflict             5  what is there has moved on, or is busy
  - StillRunning       124  the time given is over; the deployment goes on
  - Interrupted        130  stopped by who ran it; a deployment goes on
"""

from typing import Any

Data = dict[str, Any]


class Failure(Exception):
    """One sentence on what and where, and the next command to try."""

    exit_code = 1

    def __init__(self, message: str, *, hint: str | None = None, code: str = "FAILED") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint
        self.code = code


class Unreachable(Failure):
    pass


class StreamLost(Unreachable):
    pass


class Usage(Failure):
    exit_code = 2


class Denied(Failure):
    exit_code = 3


class NotFound(Failure):
    exit_code = 4


class Conflict(Failure):
    exit_code = 5


class StillRunning(Failure):
    exit_code = 124


class Interrupted(Failure):
    exit_code = 130


_USAGE = ("BAD_USER_INPUT", "GRAPHQL_PARSE_FAILED", "INVALID_CURSOR")
_REFUSED_AS: dict[str, type[Failure]] = {
    **dict.fromkeys((*_USAGE, "INVALID_INPUT", "INVALID_NAME"), Usage),
    **dict.fromkeys(("TARGET_IS_DEFAULT", "SOURCE_IS_TARGET", "CONFIRMATION_MISMATCH"), Usage),
    "DEFAULT_ENVIRONMENT_LOCKED": Usage,
    **dict.fromkeys(("UNAUTHENTICATED", "PERMISSION_DENIED", "CROSS_ORIGIN"), Denied),
    **dict.fromkeys(("NOT_FOUND", "VERSION_NOT_FOUND"), NotFound),
    **dict.fromkeys(("ENVIRONMENT_BUSY", "STALE_SOURCE", "STALE_TARGET", "NAME_TAKEN"), Conflict),
    **dict.fromkeys(("ALREADY_SETTLED", "ALREADY_SERVING", "NOT_RETRYABLE"), Conflict),
    "IDEMPOTENCY_CONFLICT": Conflict,
    **dict.fromkeys(("UNAVAILABLE", "INTERNAL_SERVER_ERROR"), Unreachable),
}
_HINTS = {
    "UNAUTHENTICATED": "Run `pinmark login`, or set PINMARK_TOKEN.",
    "PERMISSION_DENIED": "`pinmark whoami` shows who you are here.",
    "STALE_TARGET": "`pinmark env list` shows what is served now.",
    "STALE_SOURCE": "The source moved; look again with `pinmark diff`.",
    "VERSION_NOT_FOUND": "`pinmark deployments ENV` shows the versions that there were.",
    "NOT_RETRYABLE": "`pinmark promote` starts a new one.",
    "IDEMPOTENCY_CONFLICT": "Use another --idempotency-key for another promotion.",
    "GIT_CONNECTION_MISSING": "Link a repository to the app first.",
}


def refusal(code: str, message: str, *, hint: str | None = None) -> Failure:
    """What the server says no with, as the failure that it is here."""
    return _REFUSED_AS.get(code, Failure)(message, hint=hint or _HINTS.get(code), code=code)
