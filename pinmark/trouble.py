"""What a client is told of trouble that is not its own, by whatever edge it came."""

BUSY = "The server has more to do than it can; try again in a moment."
LATE = "The operation took longer than it may; ask for less at once."
LATE_WRITE = (
    "The operation took longer than its answer may. It goes on, and may yet take effect: look, or "
    "send it again with the same idempotencyKey."
)
INTERNAL = "Something went wrong on our side. Tell us the request id."
CUT_SHORT = (
    "The server was stopped before this was over. It may yet take effect: look, or send it again "
    "with the same idempotencyKey."
)
