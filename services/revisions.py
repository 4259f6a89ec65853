"""The revision of an environment: another one whenever what it serves or does has changed."""

from hashlib import sha256

from models import Environment
from services.errors import StaleEnvironment


def revision_of(environment: Environment) -> str:
    facts = (
        environment.id,
        environment.current_version,
        environment.pinned_deployment_id,
        environment.content_deployment_id,
        environment.code_deployment_id,
        environment.deploying_id,
        environment.deployment_count,
        environment.deleted_at,
    )
    return sha256(repr(facts).encode()).hexdigest()[:32]


def check_revision(environment: Environment, expected: frozenset[str] | None) -> None:
    """Refuse an environment of none of the revisions; None is content with any.

    It means something only for a row that is held, or as an early look.
    """
    if expected is not None and revision_of(environment) not in expected:
        raise StaleEnvironment(environment.name)
