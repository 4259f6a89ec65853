"""What a client is told of trouble that is not its own, by whatever edge it came."""

BUSY = "The server has more to do than it can; try again in a moment."
INTERNAL = "Something went wrong on our side. Tell us the request id."
