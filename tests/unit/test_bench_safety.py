"""What the bench of safety leaves out is still there to be left out, and noise is told as noise."""

from uuid import UUID

from bench.safety import NOISE, Column, Cost, table
from bench.taken_out import Feature, Known, features
from pinmark.rate_limits import RateLimits
from services.database_revisions import Changes, Revision
from services.principals import ALL_PERMISSIONS, Principal

PRINCIPAL = Principal(UUID(int=1), "owner", UUID(int=2), ALL_PERMISSIONS)
KNOWN = Known(PRINCIPAL, Revision("1", 0, Changes()), cost=1)


def feature(name: str) -> Feature:
    return next(each for each in features(KNOWN) if each.name == name)


def test_everything_that_is_left_out_has_the_name_it_is_left_out_by() -> None:
    patches = [patch for each in features(KNOWN) for patch in each.patches]

    assert [
        patch for patch in patches if not callable(getattr(patch.owner, patch.name, None))
    ] == []


def test_what_was_left_out_is_back_afterwards() -> None:
    before = RateLimits.spend
    with feature("the rate bucket").left_out():
        assert RateLimits.spend is not before

    assert RateLimits.spend is before


def test_what_is_called_is_told() -> None:
    permissions = feature("permissions")
    with permissions.counted() as called:
        PRINCIPAL.can(next(iter(ALL_PERMISSIONS)))

    assert called == ["can"]


def test_a_difference_that_may_be_nothing_stands_in_brackets() -> None:
    assert Cost([-3.0, -1.0, 1.0, 2.0, 3.0]).told(0.0) == "(1.0 ± 3.0)"


def test_a_difference_within_the_noise_stands_in_brackets() -> None:
    assert Cost([2.0] * 5).told(2.5) == "(2.0 ± 0.0)"


def test_a_difference_beyond_the_noise_is_told_as_it_is() -> None:
    assert Cost([4.0] * 5).told(2.5) == "4.0 ± 0.0"


def test_what_is_not_on_a_way_has_no_figure_there() -> None:
    costs = {NOISE: Cost([1.0]), "permissions": Cost([9.0])}
    columns = [Column("kept", [100.0], {NOISE: Cost([1.0])}), Column("anew", [200.0], costs)]

    assert "| permissions | – | 9.0 ± 0.0 |" in table(columns)  # noqa: RUF001
