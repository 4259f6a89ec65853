"""What schemathesis asks of answers beside its own checks; it is run with this module as hooks.

The rules of the domain may refuse what a description allows: a name that is taken, a version that
is no more. But input is called invalid only where the description says so, apart from the few
fields whose rules no description can tell.
"""

from typing import Any

import schemathesis

CALLED_INVALID = frozenset({"invalid_request_body", "invalid_query_params", "invalid_path_params"})
BEYOND_DESCRIPTION = frozenset(
    {
        "after",  # cursors are the server's own
        "branch",
        "deploy_key",
        "expires_at",  # no leap seconds
        "from",  # nothing is told of the future
        "host_key",
        "name",  # of a variable: some are the server's
        "permissions",  # one of them, or a preset
        "promptKind",  # not with a dataset
        "since",
        "source_id",
        "time",
        "to",
        "token",
        "until",
        "url",
        "value",
    }
)


@schemathesis.check
def what_is_described_is_not_called_invalid(
    ctx: schemathesis.CheckContext,
    response: schemathesis.Response,
    case: schemathesis.Case[Any],
) -> None:
    meta = case.meta
    if meta is None or not meta.generation.mode.is_positive or response.status_code != 400:
        return
    if meta.phase.name == "stateful":  # a link may put into a body what does not fit there
        return
    error = response.json()["error"]
    if error["code"] in CALLED_INVALID:
        assert set(error["details"]) <= BEYOND_DESCRIPTION, error
