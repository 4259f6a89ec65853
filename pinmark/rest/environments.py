"""Which environment a request means: an API key's own, or the one that a member names."""

from uuid import UUID

from starlette.requests import Request

from pinmark.rest.refusals import Refusal
from services.principals import Principal

ENVIRONMENT_HEADER = "X-Pinmark-Environment-Id"


def environment_of(request: Request, principal: Principal) -> UUID:
    """The id of the environment; a key that names another than its own is told of none."""
    given = request.headers.get(ENVIRONMENT_HEADER)
    if given is None:
        if principal.key is not None:
            return principal.key.environment_id
        message = f"Name the environment: `{ENVIRONMENT_HEADER}: <uuid>`, or send an API key."
        raise Refusal(400, "missing_environment_id", message)
    try:
        return UUID(given)
    except ValueError:
        raise Refusal(404, "not_found", "No such environment.") from None
