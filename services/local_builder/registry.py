"""Which of the operator's own settings a build may know: where packages come from, no more."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from services.sandbox import Mount

INDEXES = ("UV_INDEX_URL", "UV_DEFAULT_INDEX", "UV_INDEX", "UV_EXTRA_INDEX_URL")
CHOICES = ("UV_INDEX_STRATEGY", "UV_SYSTEM_CERTS", "UV_NATIVE_TLS")
CERTIFICATES = "/run/pinmark/certificates.pem"
CERTIFICATE_VARIABLES = ("SSL_CERT_FILE", "GIT_SSL_CAINFO", "PIP_CERT", "REQUESTS_CA_BUNDLE")


@dataclass(frozen=True)
class Registry:
    """The package indexes and the certificates to trust, from the operator's environment.

    An upstream proxy (HTTPS_PROXY) is not among them: the gate connects by itself.
    """

    variables: Mapping[str, str]
    certificates: Mount | None

    @property
    def secrets(self) -> list[str]:
        """Passwords in index addresses, which no log may show."""
        addresses = " ".join(self.variables.values()).split()
        found = (_password(address.rpartition("=")[2]) for address in addresses)
        return [password for password in found if password]


def registry_of(environment: Mapping[str, str]) -> Registry:
    variables = {name: environment[name] for name in INDEXES + CHOICES if name in environment}
    bundle = Path(environment.get("SSL_CERT_FILE", ""))
    if not bundle.is_file():
        return Registry(variables, None)
    return Registry(variables, Mount(source=bundle.resolve(), target=CERTIFICATES))


def _password(address: str) -> str | None:
    try:
        return urlsplit(address).password
    except ValueError:
        return None
