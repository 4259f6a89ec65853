"""An identity provider that signs whatever a test wants it to, on a socket of its own."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from time import time
from typing import Any

import jwt
import uvicorn
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from jwt.algorithms import ECAlgorithm, RSAAlgorithm
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

CLIENT = "pinmark"
RSA_KEY = rsa.generate_private_key(public_exponent=65537, key_size=2048)
OTHER_KEY = rsa.generate_private_key(public_exponent=65537, key_size=2048)
EC_KEY = ec.generate_private_key(ec.SECP256R1())


def jwk(key: Any, kid: str, **more: str) -> dict[str, Any]:
    algorithm: Any = RSAAlgorithm if isinstance(key, rsa.RSAPrivateKey) else ECAlgorithm
    return {**algorithm.to_jwk(key.public_key(), as_dict=True), "kid": kid, "use": "sig", **more}


KEYS = [jwk(RSA_KEY, "rsa"), jwk(EC_KEY, "ec", alg="ES256")]


def forge(claims: dict[str, Any], *, key: Any = RSA_KEY, alg: str = "RS256", **header: Any) -> str:
    """A token with these claims, by whatever key and algorithm; its key is called ``rsa``."""
    headers = {name: value for name, value in {"kid": "rsa", **header}.items() if value}
    return jwt.encode(claims, key, algorithm=alg, headers=headers)


@dataclass
class ForgingProvider:
    """What the provider answers with; a test changes it as it likes."""

    issuer: str = ""
    keys: list[dict[str, Any]] = field(default_factory=lambda: list(KEYS))
    discovery: dict[str, Any] = field(default_factory=dict[str, Any])
    token: dict[str, Any] = field(default_factory=dict[str, Any])
    userinfo: dict[str, Any] = field(default_factory=dict[str, Any])
    seen: list[str] = field(default_factory=list[str])

    def claims(self, **changed: Any) -> dict[str, Any]:
        """Good claims but for what is ``changed``; None leaves one out."""
        now = int(time())
        good = {"iss": self.issuer, "aud": CLIENT, "sub": "ada", "iat": now, "exp": now + 300}
        verified = {"email": "ada@example.com", "email_verified": True}
        return {
            name: value
            for name, value in {**good, **verified, **changed}.items()
            if value is not None
        }

    def app(self) -> Starlette:
        routes = [
            Route("/.well-known/openid-configuration", self._discovery),
            Route("/jwks", self._jwks),
            Route("/token", self._token, methods=["POST"]),
            Route("/userinfo", self._userinfo),
        ]
        return Starlette(routes=routes)

    async def _discovery(self, request: Request) -> Response:
        self.seen.append("discovery")
        document = {
            "issuer": self.issuer,
            "authorization_endpoint": f"{self.issuer}/authorize",
            "token_endpoint": f"{self.issuer}/token",
            "jwks_uri": f"{self.issuer}/jwks",
            "userinfo_endpoint": f"{self.issuer}/userinfo",
        }
        return JSONResponse({**document, **self.discovery})

    async def _jwks(self, request: Request) -> Response:
        self.seen.append("jwks")
        return JSONResponse({"keys": self.keys})

    async def _token(self, request: Request) -> Response:
        self.seen.append("token")
        return JSONResponse({"access_token": "a", "token_type": "Bearer", **self.token})

    async def _userinfo(self, request: Request) -> Response:
        self.seen.append("userinfo")
        return JSONResponse(self.userinfo)


@asynccontextmanager
async def forging_provider() -> AsyncGenerator[ForgingProvider]:
    provider = ForgingProvider()
    server = uvicorn.Server(uvicorn.Config(provider.app(), port=0, log_config=None))
    serving = asyncio.ensure_future(server.serve())
    while not server.started:
        await asyncio.sleep(0.005)
    port = server.servers[0].sockets[0].getsockname()[1]
    provider.issuer = f"http://127.0.0.1:{port}"
    try:
        yield provider
    finally:
        server.should_exit = True
        await serving
