"""What a variable may be called, and how much room there is for values."""

import re

from models import MAXIMUM_VALUE_BYTES, VARIABLE_NAME_PATTERN
from services.errors import InvalidInput
from services.inputs import check_text

MAXIMUM_VARIABLES = 100
MAXIMUM_TOTAL_BYTES = 256 * 1024
"""Of an environment's values together: a process takes them all when it starts."""

_NAME = re.compile(VARIABLE_NAME_PATTERN.removeprefix("^").removesuffix("$"))

_SET_BY_US = "Pinmark sets it itself"
_LOADS_CODE = "it decides what is loaded before the app's own code"
_WAY_OUT = "it decides how the sandbox reaches the network"

# Compared in upper case: npm and the proxies' names are read in any.
_RESERVED = {
    **dict.fromkeys(
        ("HOME", "LANG", "PATH", "TMPDIR", "VIRTUAL_ENV", "PWD"),
        _SET_BY_US,
    ),
    **dict.fromkeys(
        (
            "UV_CACHE_DIR",
            "UV_LINK_MODE",
            "UV_NO_PROGRESS",
            "UV_PROJECT_ENVIRONMENT",
            "UV_PYTHON",
            "UV_PYTHON_DOWNLOADS",
        ),
        _SET_BY_US,
    ),
    **dict.fromkeys(
        (
            "BASH_ENV",
            "ESBUILD_BINARY_PATH",
            "GCONV_PATH",
            "GLIBC_TUNABLES",
            "LOCPATH",
            "NODE_CHANNEL_FD",
            "NODE_OPTIONS",
            "NODE_PATH",
            "NODE_UNIQUE_ID",
            "OPENSSL_CONF",
            "OPENSSL_ENGINES",
            "OPENSSL_MODULES",
        ),
        _LOADS_CODE,
    ),
    **dict.fromkeys(
        (
            "ALL_PROXY",
            "HTTP_PROXY",
            "HTTPS_PROXY",
            "NO_PROXY",
            "NODE_EXTRA_CA_CERTS",
            "SSL_CERT_DIR",
            "SSL_CERT_FILE",
        ),
        _WAY_OUT,
    ),
}
_RESERVED_PREFIXES = {
    "AGENTMARK_": _SET_BY_US,
    "PINMARK_": _SET_BY_US,
    "LD_": _LOADS_CODE,
    "PYTHON": _LOADS_CODE,
    "NPM_CONFIG_": _SET_BY_US,
}


def why_reserved(name: str) -> str | None:
    """Why no app may set this name, as the end of a sentence; None for one that it may."""
    name = name.upper()
    for prefix, why in _RESERVED_PREFIXES.items():
        if name.startswith(prefix):
            return why
    return _RESERVED.get(name)


def check_variable_name(name: str) -> None:
    """Raise ``InvalidInput`` unless an app may set a variable of this name."""
    if _NAME.fullmatch(name) is None:
        raise InvalidInput(
            "name",
            "A variable's name has 1 to 128 letters, digits and underscores, and does not start "
            "with a digit.",
        )
    why = why_reserved(name)
    if why is not None:
        raise InvalidInput("name", f"{name} is reserved: {why}.")


def check_value(value: str) -> int:
    """How many bytes the value has; raises ``InvalidInput``, which says nothing of it."""
    check_text("value", value, maximum=MAXIMUM_VALUE_BYTES)
    size = len(value.encode())
    if size > MAXIMUM_VALUE_BYTES:
        raise InvalidInput("value", f"At most {MAXIMUM_VALUE_BYTES} bytes; this has {size}.")
    return size


def check_room(*, others: int, bytes_of_others: int, size: int) -> None:
    """Raise ``InvalidInput`` unless one more value of ``size`` bytes fits beside the others."""
    if others >= MAXIMUM_VARIABLES:
        raise InvalidInput("name", f"An environment has at most {MAXIMUM_VARIABLES} variables.")
    if bytes_of_others + size > MAXIMUM_TOTAL_BYTES:
        raise InvalidInput(
            "value",
            f"An environment's values have at most {MAXIMUM_TOTAL_BYTES} bytes together; with "
            f"this one they would have {bytes_of_others + size}.",
        )
