"""Addresses that somebody can be invited by, in the one spelling that they are compared in."""

import re

from models import MAXIMUM_EMAIL
from services.errors import InvalidInput

_ATOM = r"[a-z0-9!#$%&'*+/=?^_`{|}~-]+"
_LABEL = r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?"
_ADDRESS = re.compile(rf"{_ATOM}(?:\.{_ATOM})*@(?:{_LABEL}\.)+{_LABEL}")
_MAXIMUM_LOCAL = 64


def normal_email(address: str) -> str:
    """The address in lower case; raises ``InvalidInput`` for what cannot be one.

    Only ASCII: an address with a letter that looks like another's is another's.
    """
    normal = address.strip().lower() if len(address) <= 2 * MAXIMUM_EMAIL else ""
    local = normal.partition("@")[0]
    if (
        len(normal) > MAXIMUM_EMAIL
        or len(local) > _MAXIMUM_LOCAL
        or not normal.isascii()
        or _ADDRESS.fullmatch(normal) is None
    ):
        raise InvalidInput("email", "This is not an email address.")
    return normal
