"""What a commit message may ask of the pipeline."""

from enum import StrEnum


class Override(StrEnum):
    """An instruction in a commit message."""

    SKIP_DEPLOY = "SKIP_DEPLOY"
    SKIP_BUILD = "SKIP_BUILD"
    FORCE_BUILD = "FORCE_BUILD"

    @property
    def skips_build(self) -> bool:
        return self is not Override.FORCE_BUILD


_WRITTEN = {
    "[skip deploy]": Override.SKIP_DEPLOY,
    "[force build]": Override.FORCE_BUILD,
    "[skip build]": Override.SKIP_BUILD,
}
"""The strongest first: who skips the deployment skips its build, forced or not."""


def override_in(message: str) -> Override | None:
    """The strongest instruction in a commit message, in whatever case it is written."""
    lowered = message.lower()
    return next((override for text, override in _WRITTEN.items() if text in lowered), None)
