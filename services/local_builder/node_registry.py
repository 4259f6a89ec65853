"""Which of the operator's own settings npm may know: where packages come from, no more.

They are npm's own variables (``npm_config_registry``, the registry of a scope, the credentials of
a host, ``npm_config_cafile``) and ``NODE_EXTRA_CA_CERTS``. An ``.npmrc`` in the operator's home is
not read; an app's own is, and says less than these.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from services.sandbox import Mount

ADDRESS = re.compile(r"npm_config_(?:registry|@[^:]+:registry)", re.IGNORECASE)
CREDENTIAL = re.compile(r"npm_config_//.+:(?:_auth|_authToken|_password|username)", re.IGNORECASE)
# The bundle that uv trusts serves too; named as an addition it takes nothing away.
CERTIFICATES = {
    "NODE_EXTRA_CA_CERTS": ("NODE_EXTRA_CA_CERTS", "SSL_CERT_FILE"),
    "npm_config_cafile": ("npm_config_cafile", "NPM_CONFIG_CAFILE"),
}


@dataclass(frozen=True)
class NodeRegistry:
    """The registries, the credentials, and files of certificates by the variable that names each.

    An upstream proxy (HTTPS_PROXY) is not among them: the gate connects by itself.
    """

    variables: Mapping[str, str]
    certificates: Mapping[str, Mount]

    @property
    def secrets(self) -> Sequence[str]:
        """Credentials and the passwords in addresses, which no log may show."""
        passwords = (urlsplit(value).password for value in self._matching(ADDRESS))
        return [*self._matching(CREDENTIAL), *(each for each in passwords if each)]

    def _matching(self, names: re.Pattern[str]) -> list[str]:
        return [value for name, value in self.variables.items() if names.fullmatch(name)]


def node_registry_of(environment: Mapping[str, str]) -> NodeRegistry:
    variables = {
        name: value
        for name, value in environment.items()
        if CREDENTIAL.fullmatch(name) or (ADDRESS.fullmatch(name) and _is_address(value))
    }
    certificates: dict[str, Mount] = {}
    for variable, names in CERTIFICATES.items():
        files = (Path(environment[name]) for name in names if environment.get(name))
        if file := next((file for file in files if file.is_file()), None):
            target = f"/run/pinmark/{variable.lower()}.pem"
            certificates[variable] = Mount(source=file.resolve(), target=target)
    return NodeRegistry(variables, certificates)


def _is_address(value: str) -> bool:
    try:
        return urlsplit(value).scheme in ("http", "https")
    except ValueError:
        return False
