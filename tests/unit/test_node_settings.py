"""The settings of many nodes: what cannot work is refused before anything is started."""

import sys

import pytest
from pydantic import ValidationError

from pinmark.missing_extra import MissingExtra
from pinmark.notifications import open_bell, open_wakeups
from pinmark.settings import Settings


@pytest.mark.parametrize("setting", ["builder", "runtime"])
def test_pods_need_an_image(setting: str) -> None:
    with pytest.raises(ValidationError, match="PINMARK_KUBERNETES_IMAGE"):
        Settings.model_validate({setting: "kubernetes"})
    assert Settings.model_validate({setting: "kubernetes", "kubernetes_image": "pinmark"})


def test_what_carries_wake_ups_is_a_redis_or_nothing() -> None:
    with pytest.raises(ValidationError, match="must start with redis://"):
        Settings.model_validate({"broadcast_url": "nats://somewhere"})
    assert Settings.model_validate({"broadcast_url": ""}).broadcast is None
    secret = Settings.model_validate({"broadcast_url": "redis://:hunter2@redis"})
    assert secret.broadcast == "redis://:hunter2@redis"
    assert "hunter2" not in repr(secret)


async def test_an_extra_that_is_not_installed_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("redis", "redis.asyncio"):
        monkeypatch.setitem(sys.modules, name, None)
    monkeypatch.delitem(sys.modules, "pinmark.notifications.redis", raising=False)
    with pytest.raises(MissingExtra, match=r"PINMARK_BROADCAST_URL needs .*pinmark\[redis\]"):
        async with open_bell("redis://redis"):
            pass
    with pytest.raises(MissingExtra):
        async with open_wakeups("postgresql://nowhere/nothing", "redis://redis"):
            pass
