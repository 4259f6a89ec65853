"""An error at any step of any act: nothing accepted is lost, nothing is done twice.

By default at some steps that the seed draws; in ``make faults`` at every one.
"""

from collections.abc import AsyncGenerator
from random import Random
from uuid import UUID

import pytest

from services import faults
from services.faults import Fault, InjectedFault, Point
from tests.support.fault_acts import Stage, make_stage
from tests.support.fault_scale import SEED, WHOLE
from tests.support.histories import read_history
from tests.support.places import Place, open_place

DRAWN = list(Point) if WHOLE else Random(SEED).sample(list(Point), k=10)


@pytest.fixture(scope="module")
async def place(
    postgres: str, template: str, tmp_path_factory: pytest.TempPathFactory
) -> AsyncGenerator[Place]:
    async with open_place(postgres, template, tmp_path_factory.mktemp("points")) as place:
        yield place


@pytest.mark.parametrize("point", DRAWN)
async def test_an_error_at_any_point_loses_nothing_and_repeats_nothing(
    place: Place, point: Point
) -> None:
    stage = await make_stage(place.server, place.repository, place.app, point, place.work)
    before = await read_history(place.url, UUID(place.app.database_id))
    faults.arm(Fault(point, "raise"))
    try:
        await _meet_the_error(stage)
        assert not faults.is_armed(), f"nothing comes by {point}"
    finally:
        faults.arm(None)

    await stage.assert_done_once(place.url, before, place.server)


async def _meet_the_error(stage: Stage) -> None:
    if stage.asked is None:
        with pytest.raises(InjectedFault):
            await stage.work()
        return
    answer = await stage.strike(stage.client)
    assert answer is not None
    assert answer["errors"][0]["extensions"]["code"] == "INTERNAL_SERVER_ERROR"
