"""Where signing in leads, which settings go together, and which keys of a provider count."""

from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from hypothesis import given
from hypothesis import strategies as st
from jwt.algorithms import ECAlgorithm, RSAAlgorithm
from pydantic import ValidationError

from pinmark.auth.oidc.keys import ALL_ALGORITHMS, key_for, signing_keys
from pinmark.auth.oidc.tokens import TokenRefused, looks_like_jwt, read_header
from pinmark.auth.signing_in import safe_next
from pinmark.settings import Settings, is_secure_url
from services.key_secrets import ACCESS_TOKEN, API_KEY, INVITATION, SERVICE_TOKEN, spell

RSA = RSAAlgorithm.to_jwk(rsa.generate_private_key(65537, 2048).public_key(), as_dict=True)
EC = ECAlgorithm.to_jwk(ec.generate_private_key(ec.SECP256R1()).public_key(), as_dict=True)


@pytest.mark.parametrize("path", ["/", "/graphiql", "/a/b?c=d&e=%2F#f", "/a//b", "/a@b:1"])
def test_a_path_of_ours_is_where_one_goes_next(path: str) -> None:
    assert safe_next(path) == path


@pytest.mark.parametrize(
    "path",
    [
        None, "", "a", "//evil.example", "/\\evil.example", "/a\\b", "https://evil.example",
        "javascript:alert(1)", "\t/", "/\t/evil.example", "/\n", "/a b", "/é", "/" + "a" * 2000,
        "http:/evil.example", " /", "/\x00",
    ],
)  # fmt: skip
def test_anything_else_leads_home(path: str | None) -> None:
    assert safe_next(path) == "/"


@given(st.text(alphabet="/\\:.@?#a \t\n", max_size=8))
def test_where_one_goes_is_never_another_host(text: str) -> None:
    path = safe_next(text)
    assert path.startswith("/")
    assert not path.startswith(("//", "/\\"))
    assert "\\" not in path


@pytest.mark.parametrize(
    ("url", "secure"),
    [
        ("https://idp.example", True),
        ("https://idp.example/realms/a", True),
        ("http://127.0.0.1:9000", True),
        ("http://localhost", True),
        ("http://[::1]:9000", True),
        ("http://idp.example", False),
        ("http://127.0.0.1.evil.example", False),
        ("http://localhost@evil.example", False),
        ("https://", False),
        ("file:///etc/passwd", False),
        ("javascript:1", False),
        ("", False),
    ],
)
def test_a_provider_is_reached_where_nobody_listens(url: str, secure: bool) -> None:
    assert is_secure_url(url) == secure


@pytest.mark.parametrize(
    "given",
    [
        {"oidc_issuer": "https://idp.example"},
        {"oidc_client_id": "pinmark"},
        {"oidc_issuer": "http://idp.example", "oidc_client_id": "pinmark"},
        {"oidc_scopes": "email"},
        {"session_idle_hours": 0},
    ],
    ids=str,
)
def test_settings_that_cannot_work_are_refused_at_start(given: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        Settings(**given)


def test_the_clients_secret_is_in_no_repr() -> None:
    settings = Settings(
        oidc_issuer="https://idp.example",
        oidc_client_id="pinmark",
        oidc_client_secret="hush hush",  # pyright: ignore[reportArgumentType]  # as the environment has it
    )
    assert "hush" not in repr(settings)


def test_only_keys_that_sign_asymmetrically_count() -> None:
    weak = RSAAlgorithm.to_jwk(rsa.generate_private_key(65537, 1024).public_key(), as_dict=True)
    left_out: list[object] = [
        {"kty": "oct", "k": "c2VjcmV0", "kid": "a", "alg": "HS256"},
        {**RSA, "use": "enc"},
        {**RSA, "alg": "RSA-OAEP"},
        {**RSA, "alg": "ES256"},
        {**RSA, "n": None},
        {**EC, "crv": "P-1"},
        weak,
        "RSA",
        None,
        {},
    ]
    assert signing_keys({"keys": left_out}) == []
    assert signing_keys({"keys": "none"}) == signing_keys({}) == []
    assert len(signing_keys({"keys": [*left_out, RSA, EC]})) == 2


def test_a_token_is_verified_with_the_one_key_that_it_can_be_signed_with() -> None:
    keys = signing_keys(
        {"keys": [{**RSA, "kid": "a"}, {**RSA, "kid": "b", "alg": "RS512"}, {**EC, "kid": "c"}]}
    )
    found = {
        (kid, algorithm): key.id if key is not None else None
        for kid in ("a", "b", "c", "d", None)
        for algorithm in ("RS256", "RS512", "ES256")
        for key in [key_for(keys, kid=kid, algorithm=algorithm)]
    }
    assert {asked: key for asked, key in found.items() if key is not None} == {
        ("a", "RS256"): "a",
        ("a", "RS512"): "a",
        ("b", "RS512"): "b",
        ("c", "ES256"): "c",
        (None, "RS256"): "a",
        (None, "ES256"): "c",
    }


def test_no_algorithm_is_symmetric_or_none() -> None:
    assert not {each for each in ALL_ALGORITHMS if each.startswith("HS") or each == "none"}


@given(st.text(alphabet="eyJ.abc=_-\0é", max_size=60))
def test_any_text_is_a_header_or_refused(text: str) -> None:
    with pytest.raises(TokenRefused):
        read_header("eyJ" + text)


def test_no_key_of_ours_looks_like_a_jwt() -> None:
    for kind in (API_KEY, ACCESS_TOKEN, INVITATION, SERVICE_TOKEN):
        assert not looks_like_jwt(spell(b"\xff" * 32, kind.prefix))
