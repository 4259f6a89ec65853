"""Which environment a request means.

Until a key names its environment by itself, the caller names it by id in a header.
"""

from uuid import UUID

from starlette.requests import Request

from pinmark.rest.answers import Refusal
from services.principals import Principal

ENVIRONMENT_HEADER = "X-Pinmark-Environment-Id"


async def environment_of(request: Request, principal: Principal) -> UUID:
    """The environment's id, or a ``Refusal``; whether there is one is not asked here."""
    given = request.headers.get(ENVIRONMENT_HEADER)
    if given is None:
        message = f"Name the environment: `{ENVIRONMENT_HEADER}: <uuid>`."
        raise Refusal(400, "missing_environment_id", message)
    try:
        return UUID(given)
    except ValueError:
        raise Refusal(404, "not_found", "No such environment.") from None
