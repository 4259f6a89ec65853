"""The keys of ssh: a host's, which is pinned, and an app's own, which is a secret."""

import re
from base64 import b64decode, b64encode
from dataclasses import dataclass, field
from hashlib import sha256

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ec import (
    EllipticCurvePrivateKey,
    EllipticCurvePublicKey,
)
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, RSAPublicKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
    load_ssh_private_key,
    load_ssh_public_key,
)

from services.errors import InvalidInput
from services.inputs import check_text

ED25519 = "ssh-ed25519"
RSA = "ssh-rsa"
ECDSA = ("ecdsa-sha2-nistp256", "ecdsa-sha2-nistp384", "ecdsa-sha2-nistp521")
KINDS = (ED25519, *ECDSA, RSA)
"""The kinds of key that are safe enough, those to be preferred first."""
CURVES = frozenset({"secp256r1", "secp384r1", "secp521r1"})
RSA_BITS = range(2048, 8193)

MAXIMUM_DEPLOY_KEY = 8000  # an RSA key of 8192 bits has 6,400 characters
MAXIMUM_HOST_KEY = 4000
FINGERPRINT = re.compile(r"SHA256:([A-Za-z0-9+/]{43})=?")
PEM_BEGINS = "-----BEGIN "

PrivateKey = Ed25519PrivateKey | EllipticCurvePrivateKey | RSAPrivateKey


@dataclass(frozen=True)
class HostKey:
    """What a host proves to be itself with; of a fingerprint alone the kind is not known."""

    kind: str | None
    fingerprint: str

    def __str__(self) -> str:
        return f"{self.kind} {self.fingerprint}" if self.kind else self.fingerprint

    @classmethod
    def kept(cls, text: str) -> "HostKey":
        """Read what ``str`` made of one."""
        kind, _, fingerprint = text.partition(" ")
        return cls(kind, fingerprint)

    @classmethod
    def of(cls, public: bytes) -> "HostKey | None":
        """Name a public key as hosts send it; None when it is of no kind to be trusted."""
        size = int.from_bytes(public[:4], "big")
        kind = public[4 : 4 + size].decode("ascii", errors="replace")
        if kind not in KINDS:
            return None
        try:
            key = load_ssh_public_key(f"{kind} {b64encode(public).decode()}".encode())
        except (ValueError, UnsupportedAlgorithm):
            return None
        return cls(kind, fingerprint_of(public)) if is_strong(key) else None


@dataclass(frozen=True)
class DeployKey:
    """A private key that may read a repository, in OpenSSH's own form."""

    private: str = field(repr=False)
    fingerprint: str


def fingerprint_of(public: bytes) -> str:
    digest = b64encode(sha256(public).digest()).decode()
    return f"SHA256:{digest.rstrip('=')}"


def is_strong(key: object) -> bool:
    if isinstance(key, RSAPrivateKey | RSAPublicKey):
        return key.key_size in RSA_BITS
    if isinstance(key, EllipticCurvePrivateKey | EllipticCurvePublicKey):
        return key.curve.name in CURVES
    return isinstance(key, Ed25519PrivateKey | Ed25519PublicKey)


def parse_host_key(text: str) -> HostKey:
    """Read a host's key: a public key as OpenSSH writes it, or its SHA-256 fingerprint.

    Words around it are left aside, so a line of ``ssh-keyscan`` or ``ssh-keygen -l`` will do.
    """
    check_text("hostKey", text, maximum=MAXIMUM_HOST_KEY)
    words = text.split()
    kinds = [index for index, word in enumerate(words) if word in KINDS]
    for word in words:
        if found := FINGERPRINT.fullmatch(word):
            return HostKey(words[kinds[0]] if kinds else None, f"SHA256:{found[1]}")
    if len(kinds) == 1 and kinds[0] + 1 < len(words):
        try:
            key = HostKey.of(b64decode(words[kinds[0] + 1], validate=True))
        except ValueError:
            key = None
        if key is not None and key.kind == words[kinds[0]]:
            return key
    raise InvalidInput(
        "hostKey",
        "A host key is one line such as ssh-ed25519 AAAA…, or a fingerprint such as SHA256:…; "
        "of an RSA key, with 2048 to 8192 bits.",
    )


def parse_deploy_key(text: str) -> DeployKey:
    """Read a private key, or refuse it in a sentence that says nothing of what is in it.

    Blocks for as long as the arithmetic of an RSA key takes; use a thread.
    """
    if len(text) > MAXIMUM_DEPLOY_KEY:
        raise refusal(f"A deploy key has at most {MAXIMUM_DEPLOY_KEY} characters.")
    text = "\n".join(line.strip() for line in text.strip().splitlines())
    if is_public(text):
        raise refusal("This is a public key, which belongs to the host; give the private one here.")
    key = load_private(text)
    if not isinstance(key, PrivateKey) or not is_strong(key):
        raise refusal(
            "A deploy key is an Ed25519 or ECDSA key, or an RSA key of 2048 to 8192 bits."
        )
    private = key.private_bytes(Encoding.PEM, PrivateFormat.OpenSSH, NoEncryption())
    public = key.public_key().public_bytes(Encoding.OpenSSH, PublicFormat.OpenSSH)
    return DeployKey(private.decode(), fingerprint_of(b64decode(public.split()[1])))


def is_public(text: str) -> bool:
    first, _, _ = text.partition("\n")
    return "PUBLIC KEY" in first or first.startswith(("ssh-", "ecdsa-", "sk-"))


def load_private(text: str) -> object:
    no_key = refusal(
        "A deploy key is a private key, from -----BEGIN … PRIVATE KEY----- to the end of it."
    )
    if not text.startswith(PEM_BEGINS) or not text.isascii():
        raise no_key
    load = load_ssh_private_key if text.startswith("-----BEGIN OPENSSH") else load_pem_private_key
    try:
        return load(f"{text}\n".encode(), password=None)
    except TypeError as error:  # how both say that a password is missing
        raise refusal("This key is encrypted; a deploy key has no passphrase.") from error
    except UnsupportedAlgorithm:
        return None
    except ValueError as error:
        raise no_key from error


def refusal(message: str) -> InvalidInput:
    return InvalidInput("deployKey", message)
