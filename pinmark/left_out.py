"""What is wrong with a request, without what is not to be told.

graphql-core tells the client what it sent where that is not of the type that it should be. What it
sent may be a secret, and answers end up in logs of clients and proxies. It also tells which names
of the schema come close, where a server may keep its schema to itself.
"""

import re

_ECHOES = (
    (re.compile(r"(, but encountered error|[,;.] found:).*", re.DOTALL | re.IGNORECASE), "."),
    (re.compile(r"( cannot represent [^:']*):.*", re.DOTALL), r"\1."),
    (re.compile(r"Value '.*' does not exist in '(\w+)' enum.*", re.DOTALL), r"It is none of \1."),
)
_SUGGESTION = re.compile(r" Did you mean .*", re.DOTALL)


def without_values(message: str) -> str:
    """The message up to where it would show the value."""
    for echo, instead in _ECHOES:
        message = echo.sub(instead, message)
    return message


def without_suggestions(message: str) -> str:
    """The message up to where it would name what else there is."""
    return _SUGGESTION.sub("", message)
