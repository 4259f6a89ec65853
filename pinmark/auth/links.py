"""``/auth/link``: a link that signs an owner in once.

To open it changes nothing, since mail programs and chats open links before people do; the page
has a button, and what that sends uses the link up.
"""

from urllib.parse import parse_qs

from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response

from models import SignInMethod
from pinmark.auth.credentials import comes_from_us
from pinmark.auth.pages import confirm_page, message
from pinmark.auth.signing_in import safe_next, signed_in, start
from pinmark.server_state import new_request_id, server_of
from services import sign_in_links

MAXIMUM_FORM = 8 * 1024
FORM = "application/x-www-form-urlencoded"


async def link_page(request: Request) -> Response:
    """The button; whether the link is good shows only when it is pressed."""
    given = request.query_params
    return confirm_page(given.get("token", ""), safe_next(given.get("next")))


async def use_link(request: Request) -> Response:
    server = server_of(request)
    if not comes_from_us(request, server.settings):
        return message(
            "Not from here",
            "The link can only be used with the button of its own page.",
            "Behind a proxy, PINMARK_PUBLIC_URL has to be the address that browsers use.",
            status=403,
        )
    form = await _form(request)
    request_id, installation = new_request_id(), server.installation
    async with installation.database.transaction() as session:
        member = await sign_in_links.use_link(
            session, pepper=installation.pepper, token=form.get("token", "")
        )
        if member is None:
            return _not_good()
        secret = await start(
            request, session, member=member, method=SignInMethod.LINK, request_id=request_id
        )
    return signed_in(request, secret, following=safe_next(form.get("next")))


def _not_good() -> Response:
    return message(
        "This link is not good any more",
        "It works once, for fifteen minutes.",
        "Run `pinmark sign-in-link` where the server runs, or start the server again, "
        "and open the link that it prints.",
        status=410,
    )


async def _form(request: Request) -> dict[str, str]:
    """The form's fields; none where the body is no form or too large to be ours."""
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() != FORM:
        return {}
    body = bytearray()
    try:
        async for chunk in request.stream():
            body += chunk
            if len(body) > MAXIMUM_FORM:
                return {}
        fields = parse_qs(body.decode("ascii"), max_num_fields=10)
    except (ClientDisconnect, ValueError):
        return {}
    return {name: values[0] for name, values in fields.items()}
