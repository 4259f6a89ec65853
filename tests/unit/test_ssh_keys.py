"""Keys of ssh as people type them."""

import pytest
from cryptography.hazmat.primitives.asymmetric import dsa, ec, ed448, ed25519, rsa
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
)
from hypothesis import given
from hypothesis import strategies as st

from services.errors import InvalidInput
from services.git.ssh_keys import HostKey, parse_deploy_key, parse_host_key
from tests.support.ssh_host import host_key_of, new_key, private_text, public_text

ED25519 = ed25519.Ed25519PrivateKey.generate()
CURVE = ec.generate_private_key(ec.SECP384R1())
SHORT_RSA = rsa.generate_private_key(65537, 1024)
GOOD_RSA = rsa.generate_private_key(65537, 2048)
OPENSSH, PKCS8, TRADITIONAL = (
    PrivateFormat.OpenSSH,
    PrivateFormat.PKCS8,
    PrivateFormat.TraditionalOpenSSL,
)

Private = (
    ed25519.Ed25519PrivateKey
    | ec.EllipticCurvePrivateKey
    | rsa.RSAPrivateKey
    | ed448.Ed448PrivateKey
    | dsa.DSAPrivateKey
)


BEGINS = "-----BEGIN OPENSSH PRIVATE KEY-----"


def pem(key: Private, form: PrivateFormat = PKCS8, *, password: bytes | None = None) -> str:
    encryption = NoEncryption() if password is None else BestAvailableEncryption(password)
    return key.private_bytes(Encoding.PEM, form, encryption).decode()


@pytest.mark.parametrize(
    ("key", "form"),
    [
        *((ED25519, form) for form in (OPENSSH, PKCS8)),
        *((CURVE, form) for form in (OPENSSH, PKCS8, TRADITIONAL)),
        *((GOOD_RSA, form) for form in (OPENSSH, PKCS8, TRADITIONAL)),
    ],
)
def test_a_key_is_the_same_in_each_form_it_may_have(
    key: ed25519.Ed25519PrivateKey, form: PrivateFormat
) -> None:
    text = pem(key, form)
    as_typed = "\r\n  ".join(["", *text.splitlines(), ""])

    for typed in (text, as_typed):
        parsed = parse_deploy_key(typed)
        assert parsed.private.startswith("-----BEGIN OPENSSH PRIVATE KEY-----\n")
        assert parse_deploy_key(parsed.private).fingerprint == parsed.fingerprint
        line = key.public_key().public_bytes(Encoding.OpenSSH, PublicFormat.OpenSSH)
        assert parse_host_key(line.decode()).fingerprint == parsed.fingerprint


def test_the_private_half_is_in_no_representation() -> None:
    parsed = parse_deploy_key(pem(ED25519, OPENSSH))

    assert "PRIVATE" not in repr(parsed)
    assert parsed.fingerprint in repr(parsed)


def public_pem(key: ed25519.Ed25519PrivateKey) -> str:
    form = PublicFormat.SubjectPublicKeyInfo
    return key.public_key().public_bytes(Encoding.PEM, form).decode()


NO_DEPLOY_KEYS = {
    "nothing": ("", "is a private key"),
    "words": ("a deploy key", "is a private key"),
    "no text": ("\ud800", "is a private key"),
    "a form without a key": (
        f"{BEGINS}\nAAAA\n-----END OPENSSH PRIVATE KEY-----",
        "is a private key",
    ),
    "a piece of a key": ("-----BEGIN RSA PRIVATE KEY-----\nMII=", "is a private key"),
    "a certificate": ("-----BEGIN CERTIFICATE-----\nMII=", "is a private key"),
    "too long": ("k" * 8001, "at most 8000"),
    "a public key": (public_text(new_key()), "This is a public key"),
    "a public key in PEM": (public_pem(ED25519), "This is a public key"),
    "an encrypted key": (pem(ED25519, PKCS8, password=b"secret"), "encrypted"),
    "an encrypted key of old": (pem(GOOD_RSA, TRADITIONAL, password=b"secret"), "encrypted"),
    "a short RSA key": (pem(SHORT_RSA), "Ed25519"),
    "a short RSA key of OpenSSH": (pem(SHORT_RSA, OPENSSH), "Ed25519"),
    "a key of another kind": (pem(ed448.Ed448PrivateKey.generate()), "Ed25519"),
    "another curve": (pem(ec.generate_private_key(ec.SECP256K1())), "Ed25519"),
    "a DSA key": (pem(dsa.generate_private_key(1024)), "Ed25519"),
}


@pytest.mark.parametrize(("text", "sentence"), NO_DEPLOY_KEYS.values(), ids=NO_DEPLOY_KEYS)
def test_what_is_no_deploy_key_is_refused_in_a_sentence(text: str, sentence: str) -> None:
    with pytest.raises(InvalidInput, match=sentence) as refusal:
        parse_deploy_key(text)

    assert refusal.value.field == "deployKey"
    assert not any(line in refusal.value.message for line in text.splitlines()[4:])


def test_a_key_of_openssh_with_a_passphrase_is_refused() -> None:
    text = """-----BEGIN OPENSSH PRIVATE KEY-----
b3BlbnNzaC1rZXktdjEAAAAACmFlczI1Ni1jdHIAAAAGYmNyeXB0AAAAGAAAABD8rYfpNp
+COIQ+UZbEcmSqAAAAEAAAAAEAAAAzAAAAC3NzaC1lZDI1NTE5AAAAIJyVmxD03KDRx9Lj
4X/enBcn5qJSqWwirvDNRr7rFhgMAAAAkLrbI1HlqJIdApwU8418DhJrraNyAoJ54gTmYG
2AqPlvKdQuD28oiwIhZyZwi4EPB+YmuRZ/7XCbksGlojKOed16Zx4TVTRPMLc2L2HK4z+K
gV4b5yIvgjhNmBkfGPJxv6Lx5E+49gyiBCSEKrtBSmRxMebLOuOAcr/qNdLJfv7Pi7OzzB
Ws3wsQkvwtJBV23A==
-----END OPENSSH PRIVATE KEY-----"""
    with pytest.raises(InvalidInput, match="encrypted"):
        parse_deploy_key(text)


@pytest.mark.filterwarnings("ignore:SSH DSA keys are deprecated")
def test_a_dsa_key_of_openssh_is_refused() -> None:
    with pytest.raises(InvalidInput):
        parse_deploy_key(private_text(new_key("ssh-dss")))


@given(st.text(max_size=80) | st.binary(max_size=80).map(lambda raw: raw.decode("latin-1")))
def test_whatever_is_typed_is_a_key_or_refused(text: str) -> None:
    for typed in (text, f"-----BEGIN OPENSSH PRIVATE KEY-----{text}", f"-----BEGIN {text}"):
        with pytest.raises(InvalidInput):
            parse_deploy_key(typed)
        with pytest.raises(InvalidInput):
            parse_host_key(typed)


@pytest.mark.parametrize("kind", ["ssh-ed25519", "ecdsa-sha2-nistp256", "ssh-rsa"])
def test_a_host_key_is_read_in_the_forms_that_tools_print(kind: str) -> None:
    key = new_key(kind)
    expected, line = host_key_of(key), public_text(key).strip()

    assert expected.fingerprint == key.get_fingerprint()
    assert str(expected) == f"{kind} {key.get_fingerprint()}"
    assert HostKey.kept(str(expected)) == expected
    for text in (line, f"{line} a comment", f"example.com {line}", str(expected)):
        assert parse_host_key(text) == expected
    for text in (expected.fingerprint, f"  {expected.fingerprint}=\n"):
        assert parse_host_key(text) == HostKey(None, expected.fingerprint)
    assert parse_host_key(f"256 {expected.fingerprint} example.com (X)").kind is None


NO_HOST_KEYS = {
    "nothing": "",
    "a kind": "ssh-ed25519",
    "a piece of a key": "ssh-ed25519 AAAA",
    "no base64": "ssh-ed25519 not-base64",
    "a piece of a fingerprint": "SHA256:short",
    "an old fingerprint": "MD5:16:27:ac:a5:76:28:2d:36:63:1b:56:4d:eb:df:a6:48",
    "a short RSA key": public_text(new_key("ssh-rsa", bits=1024)),
    "a DSA key": public_text(new_key("ssh-dss")),
    "another kind": public_text(new_key()).replace("ssh-ed25519", "ssh-rsa", 1),
    "two keys": public_text(new_key()) + public_text(new_key()),
    "a private key": private_text(new_key()),
    "too long": "k" * 4001,
    "no text": "\ud800",
}


@pytest.mark.parametrize("text", NO_HOST_KEYS.values(), ids=NO_HOST_KEYS)
def test_what_is_no_host_key_is_refused(text: str) -> None:
    with pytest.raises(InvalidInput) as refusal:
        parse_host_key(text)

    assert refusal.value.field == "hostKey"
