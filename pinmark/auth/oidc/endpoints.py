"""``/auth/sign-in`` and ``/auth/callback``: to the identity provider and back."""

import structlog
from starlette.requests import Request
from starlette.responses import Response

from models import SignInMethod, utc_now
from pinmark.auth.cookies import FLOW, cookie_of, give_cookie, take_cookie
from pinmark.auth.oidc.fetching import ProviderFailed
from pinmark.auth.oidc.flow import LASTS, Flow, FlowBroken, identify
from pinmark.auth.oidc.provider import Provider
from pinmark.auth.oidc.tokens import TokenRefused
from pinmark.auth.pages import message, redirect
from pinmark.auth.signing_in import safe_next, signed_in, start
from pinmark.server_state import Server, new_request_id, server_of
from services import sign_in
from services.sign_in import Identity, NotInvited

CALLBACK = "/auth/callback"

log = structlog.get_logger()


async def go_to_provider(request: Request) -> Response:
    server = server_of(request)
    if server.provider is None:
        return message(
            "No identity provider",
            "This installation has none. Whoever runs it can print a link to sign in with: "
            "`pinmark sign-in-link`.",
            status=404,
        )
    flow = Flow.begin(
        following=safe_next(request.query_params.get("next")),
        redirect_uri=_base(request, server) + CALLBACK,
    )
    try:
        discovery = await server.provider.discover()
    except ProviderFailed as failed:
        return _provider_is_down(failed)
    response = redirect(flow.address(server.provider, discovery))
    return give_cookie(response, server.settings, FLOW, flow.sealed(server.flows), lasts=LASTS)


async def come_back(request: Request) -> Response:
    server = server_of(request)
    if server.provider is None:
        return await go_to_provider(request)
    response = await _come_back(request, server, server.provider)
    return take_cookie(response, server.settings, FLOW)


async def _come_back(request: Request, server: Server, provider: Provider) -> Response:
    request_id = new_request_id()
    try:
        flow, identity = await _identify(request, server, provider)
        async with server.installation.database.transaction() as session:
            member = await sign_in.admit(session, identity=identity, request_id=request_id)
            secret = await start(
                request, session, member=member, method=SignInMethod.OIDC, request_id=request_id
            )
    except (FlowBroken, TokenRefused) as refused:
        log.warning("a sign-in was refused", reason=str(refused), request_id=request_id)
        return message(
            "That sign-in cannot be used",
            "It was begun too long ago or elsewhere, or has been used already.",
            "Go to /auth/sign-in to begin again.",
            status=400,
        )
    except ProviderFailed as failed:
        return _provider_is_down(failed)
    except NotInvited:
        log.info("a sign-in without an invitation", request_id=request_id)
        return message(
            "No invitation",
            "You are signed in at your identity provider, but nobody has invited you here.",
            "Ask an owner to invite the e-mail address that your provider has verified.",
            status=403,
        )
    return signed_in(request, secret, following=flow.following)


async def _identify(request: Request, server: Server, provider: Provider) -> tuple[Flow, Identity]:
    """Who comes back, once: whatever becomes of it, the same state is not taken again."""
    sealed = cookie_of(request, server.settings, FLOW)
    if sealed is None:
        raise FlowBroken("the browser did not begin it")
    flow = Flow.unsealed(sealed, server.flows)
    discovery = await provider.discover()
    code = flow.check(provider, discovery, dict(request.query_params))
    async with server.installation.database.transaction() as session:
        if not await sign_in.spend(session, state=flow.state, expires_at=utc_now() + LASTS):
            raise FlowBroken("it has come back before")
    return flow, await identify(provider, discovery, flow, code)


def _provider_is_down(failed: ProviderFailed) -> Response:
    log.warning("the identity provider failed", reason=str(failed))
    return message(
        "Your identity provider does not answer",
        "Nothing was changed. Try again in a moment.",
        status=502,
    )


def _base(request: Request, server: Server) -> str:
    return (server.settings.public_url or str(request.base_url)).rstrip("/")
