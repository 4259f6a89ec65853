"""What the API promises to keep under attack, each tried on whatever server it is given.

A promise is a function that asks a server and fails where it does not find what is promised. The
same functions are tried on ours and on one of plain Strawberry.
"""

from tests.support.promises.asking import Promise, Server
from tests.support.promises.limits import LIMITS
from tests.support.promises.over_http import OVER_HTTP
from tests.support.promises.over_websocket import OVER_WEBSOCKET

PROMISES: dict[str, Promise] = {
    promise.__name__: promise for promise in (*OVER_HTTP, *OVER_WEBSOCKET, *LIMITS)
}

__all__ = ["PROMISES", "Promise", "Server"]
