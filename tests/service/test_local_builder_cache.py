"""The package cache of an app: kept between its builds, never without bound."""

import os
from pathlib import Path

import pytest

from services.local_builder.package_cache import hold_cache
from services.sandbox import unprivileged_uid
from tests.support.building import Bench, pinned_idna


@pytest.fixture
def cache(tmp_path: Path) -> Path:
    """A cache with something in it that is larger than nothing."""
    cache = tmp_path / "data" / "cache"
    with hold_cache(cache, uid=unprivileged_uid("cache"), most=10**9):
        (cache / "wheel").write_bytes(b"w" * 10_000)
    return cache


def test_a_cache_is_kept(cache: Path) -> None:
    with hold_cache(cache, uid=unprivileged_uid("cache"), most=10**9):
        assert (cache / "wheel").exists()


def test_a_cache_that_grew_too_large_is_emptied(cache: Path) -> None:
    with hold_cache(cache, uid=unprivileged_uid("cache"), most=5_000):
        assert list(cache.iterdir()) == []


def test_a_cache_in_use_is_left_alone(cache: Path) -> None:
    with (
        hold_cache(cache, uid=unprivileged_uid("cache"), most=10**9),
        hold_cache(cache, uid=unprivileged_uid("cache"), most=5_000),
    ):
        assert (cache / "wheel").exists()


def test_a_cache_belongs_to_who_builds(cache: Path) -> None:
    somebody_else = unprivileged_uid("somebody else")

    with hold_cache(cache, uid=somebody_else, most=10**9):
        assert cache.stat().st_uid == (somebody_else or os.geteuid())


async def test_a_second_build_does_not_download_again(tmp_path: Path) -> None:
    bench = Bench(tmp_path)
    files = {
        "handler.py": "from idna import encode as handler\n",
        "requirements.txt": pinned_idna(),
    }
    await bench.build(files)
    first = len([line for line in bench.lines if line.startswith("Prepared")])

    await bench.build(files)

    assert (first, len([line for line in bench.lines if line.startswith("Prepared")])) == (1, 1)
