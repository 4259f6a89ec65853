"""A plain model of the rules: what each act must answer, and what is served after it.

It knows nothing of Git, of databases or of jobs. An answer is the type that GraphQL gives.
"""

from dataclasses import dataclass, field

ACCEPTED = "Success"


@dataclass
class Run:
    """A deployment into a pinned environment. ``state`` is flying, succeeded, failed or invalid."""

    id: str
    environment: "Slot"
    kind: str
    version: int | None
    body: bytes
    state: str = "flying"


@dataclass
class Slot:
    """A pinned environment: its counter, its pin, and everything that was deployed into it."""

    id: str
    name: str
    living: bool = True
    counter: int = 0
    pin: Run | None = None
    runs: list[Run] = field(default_factory=list[Run])

    @property
    def flying(self) -> Run | None:
        return next((run for run in self.runs if run.state == "flying"), None)

    def succeed(self, run: Run) -> None:
        run.state, self.pin = "succeeded", run
        if run.kind == "PROMOTION":
            assert run.version == self.counter + 1
            self.counter += 1

    def newest_success(self, version: int) -> Run | None:
        found = [run for run in self.runs if run.state == "succeeded" and run.version == version]
        return found[-1] if found else None


@dataclass
class Head:
    """What the branch holds."""

    body: bytes
    valid: bool = True


def promote(source: Slot | None, target: Slot, head: Head) -> str:
    """A promotion of ``source``, or of dev without one."""
    if source is target:
        return "SourceIsTargetError"
    if target.flying:
        return "EnvironmentBusyError"
    pinned = source is not None and source.pin is not None
    return ACCEPTED if pinned or head.valid else "ContentInvalidError"


def promoted_body(source: Slot | None, head: Head) -> bytes:
    return source.pin.body if source is not None and source.pin is not None else head.body


def roll_back(target: Slot, version: int) -> str:
    if target.flying:
        return "EnvironmentBusyError"
    if target.pin is not None and target.pin.version == version:
        return "AlreadyServingError"
    return ACCEPTED if target.newest_success(version) else "VersionNotFoundError"


def redeploy(target: Slot) -> str:
    if target.flying:
        return "EnvironmentBusyError"
    return ACCEPTED if target.pin else "EnvironmentNotPinnedError"


def retry(run: Run) -> str:
    slot = run.environment
    if not slot.living or run.state in {"invalid", "succeeded"}:
        return "NotRetryableError"
    if slot.flying:
        return "EnvironmentBusyError"
    since = slot.runs[slot.runs.index(run) + 1 :]
    return "NotRetryableError" if any(each.state == "succeeded" for each in since) else ACCEPTED


def cancel(run: Run) -> str:
    return ACCEPTED if run.state == "flying" else "AlreadySettledError"


def delete(target: Slot, typed: str) -> str:
    if typed != target.name:
        return "ConfirmationMismatchError"
    return "EnvironmentBusyError" if target.flying else ACCEPTED
