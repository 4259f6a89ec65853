"""For how long a caller is taken for who they were."""

from time import monotonic
from uuid import UUID, uuid4

from models import ORGANIZATION
from services.authentication import CHECKED_SECONDS, REMEMBERED_SECONDS, Remembered
from services.database_revisions import Changes, Revision
from services.principals import ALL_PERMISSIONS, Principal

SOMEBODY = Principal(UUID(int=1), "somebody", UUID(int=2), ALL_PERMISSIONS)


def remembered(changes: Changes, *, ago: float = 0.0) -> Remembered:
    then = monotonic() - ago
    return Remembered(SOMEBODY, then + REMEMBERED_SECONDS, then + CHECKED_SECONDS, at(changes))


def at(changes: Changes) -> Revision:
    return Revision(str(uuid4()), changes.reads, changes)


def test_who_is_not_held_against_the_database_is_remembered_for_seconds() -> None:
    changes = Changes()

    assert remembered(changes).is_good(None)
    assert not remembered(changes, ago=REMEMBERED_SECONDS).is_good(None)


def test_who_is_held_against_it_is_remembered_until_their_use_has_to_be_noted() -> None:
    changes = Changes()

    assert remembered(changes, ago=REMEMBERED_SECONDS).is_good(at(changes))
    assert not remembered(changes, ago=CHECKED_SECONDS).is_good(at(changes))


def test_a_write_to_an_app_changes_nobody() -> None:
    changes = Changes()
    known = remembered(changes)
    changes.note([uuid4()])

    assert known.is_good(at(changes))


def test_whatever_changes_of_who_may_do_what_nobody_is_remembered() -> None:
    changes = Changes()
    known = remembered(changes)
    changes.note([ORGANIZATION])

    assert not known.is_good(at(changes))
