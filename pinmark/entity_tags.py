"""Whether a client has the very answer that it asks for (RFC 9110, 8.8.3 and 13.1.2)."""

import re

from starlette.datastructures import Headers

ETAG = re.compile(r'(?:W/)?("[\x21\x23-\x7e\x80-\xff]*")')


def etag_of(digest: bytes) -> str:
    return f'"{digest.hex()}"'


def is_known(headers: Headers, etag: str) -> bool:
    """Whether the client has these very bytes, by ``If-None-Match``; weak tags count as well."""
    given = ",".join(headers.getlist("if-none-match"))
    return given.strip() == "*" or etag in ETAG.findall(given)
