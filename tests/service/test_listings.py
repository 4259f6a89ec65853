"""Lists, paged both ways by cursors that only their own list accepts."""

from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from models import App, Environment
from services.errors import InvalidCursor, InvalidInput
from services.listings import (
    list_apps,
    list_deleted_environments,
    list_deployments,
    list_environments,
    list_files,
)
from services.paging import Page, PageRequest
from services.principals import Permission
from tests.support.apps import fresh
from tests.support.callers import Caller, fail
from tests.support.repositories import Repository
from tests.support.samples import PROMPT

List = Callable[[PageRequest], Awaitable[Page[Any]]]


@pytest.fixture
async def lists(
    caller: Caller, app: App, dev: Environment, staging: Environment
) -> dict[str, tuple[List, list[str]]]:
    """Each list with the names of what it holds, in order."""
    installation, principal = caller.installation, caller.principal
    for name in ("zeta", "alpha", "eu-west-1", "eu"):
        await caller.create_environment(app, name)
        await caller.create_app(name)
    for _ in range(3):
        namesake = await caller.create_environment(app, "gone")
        await caller.delete(namesake)
    made = [
        await fail(installation, await caller.promote(dev, staging, note=f"{number}"))
        for number in range(5)
    ]

    async def apps(request: PageRequest) -> Page[Any]:
        async with installation.database.moment() as session:
            return await list_apps(session, principal=principal, request=request)

    async def environments(request: PageRequest) -> Page[Any]:
        async with installation.database.moment() as session:
            return await list_environments(session, app=app, request=request)

    async def deleted(request: PageRequest) -> Page[Any]:
        async with installation.database.moment() as session:
            return await list_deleted_environments(session, app=app, request=request)

    async def deployments(request: PageRequest) -> Page[Any]:
        async with installation.database.moment() as session:
            return await list_deployments(session, environment=staging, request=request)

    return {
        "apps": (apps, ["alpha", "eu", "eu-west-1", "triage", "zeta"]),
        "environments": (environments, ["dev", "alpha", "eu", "eu-west-1", "staging", "zeta"]),
        "deleted": (deleted, ["gone"] * 3),
        "deployments": (deployments, [str(one.id) for one in reversed(made)]),
    }


def names(page: Page[Any]) -> list[str]:
    return [row.name if hasattr(row, "name") else str(row.id) for row in page.rows]


async def test_paged_forward_and_backward_each_list_is_whole(
    lists: dict[str, tuple[List, list[str]]],
) -> None:
    for read, expected in lists.values():
        whole = await read(PageRequest(first=100, counting=True))
        assert names(whole) == expected
        assert (whole.total, whole.has_next, whole.has_previous) == (len(expected), False, False)

        forward: list[Any] = []
        request = PageRequest(first=2, counting=True)
        while True:
            page = await read(request)
            forward += page.rows
            assert page.total == len(expected)
            if not page.has_next:
                break
            request = PageRequest(first=2, after=page.cursors[-1], counting=True)
        assert forward == list(whole.rows)

        backward: list[Any] = []
        request = PageRequest(last=2)
        while True:
            page = await read(request)
            backward = [*page.rows, *backward]
            if not page.has_previous:
                break
            request = PageRequest(last=2, before=page.cursors[0])
        assert backward == list(whole.rows)


async def test_a_page_between_two_cursors_has_what_lies_between(
    lists: dict[str, tuple[List, list[str]]],
) -> None:
    read, expected = lists["environments"]
    cursors = (await read(PageRequest())).cursors
    page = await read(PageRequest(first=10, after=cursors[0], before=cursors[-1]))
    assert names(page) == expected[1:-1]
    page = await read(PageRequest(last=2, after=cursors[0], before=cursors[-1]))
    assert names(page) == expected[-3:-1]


async def test_a_list_refuses_the_cursors_of_every_other(
    lists: dict[str, tuple[List, list[str]]],
) -> None:
    cursors = {
        name: (await read(PageRequest(first=1))).cursors[0] for name, (read, _) in lists.items()
    }
    for name, (read, _) in lists.items():
        foreign = [cursor for other, cursor in cursors.items() if other != name]
        for cursor in (*foreign, "", "junk", "\x00", "x" * 100_000):
            with pytest.raises(InvalidCursor):
                await read(PageRequest(after=cursor))
            with pytest.raises(InvalidCursor):
                await read(PageRequest(before=cursor))


async def test_a_page_has_a_size_and_one_direction(
    lists: dict[str, tuple[List, list[str]]],
) -> None:
    read, _ = lists["environments"]
    for request, field in (
        (PageRequest(first=-1), "first"),
        (PageRequest(first=101), "first"),
        (PageRequest(last=-1), "last"),
        (PageRequest(last=101), "last"),
        (PageRequest(first=1, last=1), "last"),
    ):
        with pytest.raises(InvalidInput) as refusal:
            await read(request)
        assert refusal.value.field == field
    empty = await read(PageRequest(first=0, counting=True))
    assert (names(empty), empty.has_next, empty.total) == ([], True, 6)


async def test_what_comes_meanwhile_shifts_no_page(
    caller: Caller, dev: Environment, staging: Environment
) -> None:
    for _ in range(3):
        await caller.release(dev, staging)

    async def page(request: PageRequest) -> Page[Any]:
        async with caller.installation.database.moment() as session:
            return await list_deployments(session, environment=staging, request=request)

    newest = await page(PageRequest(first=2))
    await caller.release(dev, staging)
    rest = await page(PageRequest(first=2, after=newest.cursors[-1]))
    assert [row.version for row in newest.rows] == [3, 2]
    assert [row.version for row in rest.rows] == [1]


async def test_who_may_not_read_apps_is_told_of_none(caller: Caller, app: App) -> None:
    guest = caller.holding(Permission.ENVIRONMENT_READ).principal
    async with caller.installation.database.moment() as session:
        page = await list_apps(session, principal=guest, request=PageRequest(counting=True))
    assert (page.rows, page.total) == ([], 0)


async def test_files_are_listed_by_path_and_folder(
    caller: Caller, dev: Environment, staging: Environment, repository: Repository
) -> None:
    for path in ("a_b/x", "a_b/y/z", "aXb/x", "a_b%/x", "a_b"):
        repository.commit({f"agentmark/{path}.prompt.mdx": PROMPT})
    await caller.release(dev, staging)
    staging = await fresh(caller.installation, staging)

    async def paths(path: str | None) -> list[str]:
        async with caller.installation.database.moment() as session:
            page = await list_files(
                session,
                principal=caller.principal,
                environment=staging,
                path=path,
                request=PageRequest(first=100),
            )
            return [entry.path.removeprefix("agentmark/") for entry in page.rows]

    assert len(await paths(None)) == 8
    assert await paths("agentmark/a_b") == ["a_b/x.prompt.mdx", "a_b/y/z.prompt.mdx"]
    assert await paths("agentmark/a_b/") == await paths("agentmark/a_b")
    assert await paths("agentmark/a_b%") == ["a_b%/x.prompt.mdx"]
    assert await paths("agentmark/a_b.prompt.mdx") == ["a_b.prompt.mdx"]
    for nothing in ("", "agentmark/a", "/", "%", "agentmark/absent", "é"):
        assert await paths(nothing) == [], nothing


async def test_a_path_that_cannot_be_one_is_refused(caller: Caller, staging: Environment) -> None:
    async with caller.installation.database.moment() as session:
        for path in ("\x00", "x" * 5000, "\ud800"):
            with pytest.raises(InvalidInput):
                await list_files(
                    session,
                    principal=caller.principal,
                    environment=staging,
                    path=path,
                    request=PageRequest(),
                )
