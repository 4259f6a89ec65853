"""What is asked for by a setting and comes with an extra that is not installed."""


class MissingExtra(Exception):
    """The message says which extra."""

    def __init__(self, setting: str, extra: str) -> None:
        super().__init__(f"{setting} needs what comes with `pinmark[{extra}]`, and it is not here.")
