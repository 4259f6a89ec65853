"""What a confined command can see, and that nothing of it stays."""

import os
from collections.abc import AsyncGenerator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from anyio import create_task_group, fail_after, to_thread

from services.sandbox import (
    Area,
    Limits,
    Mount,
    Outcome,
    Sandbox,
    SandboxUnavailable,
    Step,
    find_sandbox,
    open_area,
    run,
    unprivileged_uid,
)
from services.sandbox.tree import Process
from tests.support.building import areas, own_address, own_processes

LIMITS = Limits(seconds=60)


@dataclass
class Room:
    """A sandbox with an area to use it in, and what was said there."""

    sandbox: Sandbox
    area: Area
    lines: list[str] = field(default_factory=list[str])

    async def run(
        self,
        command: Sequence[str],
        *,
        variables: dict[str, str] | None = None,
        mounts: Sequence[Mount] = (),
        secrets: Sequence[str] = (),
    ) -> Outcome:
        step = Step(
            command=command,
            directory="/",
            limits=LIMITS,
            variables={"PATH": "/usr/bin:/bin", **(variables or {})},
            mounts=mounts,
            secrets=secrets,
        )
        return await run(self.sandbox, step, area=self.area, log=self.log)

    async def shell(self, script: str) -> str:
        await self.run(["/bin/sh", "-c", script])
        return "\n".join(self.lines)

    async def python(self, script: str) -> str:
        await self.run([str(self.sandbox.interpreter.executable), "-c", script])
        return "\n".join(self.lines)

    async def log(self, line: str) -> None:
        self.lines.append(line)


@pytest.fixture
async def room() -> AsyncGenerator[Room]:
    async with open_area(uid=unprivileged_uid("test")) as area:
        yield Room(await find_sandbox("auto"), area)


async def test_the_exit_code_is_the_commands_own(room: Room) -> None:
    outcome = await room.run(["/bin/sh", "-c", "exit 7"])

    assert (outcome.exit_code, outcome.stopped) == (7, None)


async def test_nothing_of_the_servers_variables_gets_in(
    room: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PINMARK_SECRET_KEY", "the server's own")

    said = await room.shell("env; cat /proc/*/environ")

    assert "the server's own" not in said


async def test_nothing_of_the_servers_files_gets_in(room: Room, tmp_path: Path) -> None:
    secret = tmp_path / "owner.token"
    secret.write_text("the owner's token")
    secret.chmod(0o644)
    home = Path.home() / ".profile"

    said = await room.shell(f"cat {secret} {home}; ls -R /home /var /srv /opt; ls /etc/shadow")

    assert "the owner's token" not in said
    assert len(room.lines) == said.count("No such file or directory")


async def test_only_what_is_bound_for_writing_can_be_written(room: Room) -> None:
    mine = room.area.directory("mine", writable=True)
    mounts = [Mount(source=mine, target="/mine", writable=True)]
    places = "/x /etc/x /dev/x /usr/x /run/x /mine/x"

    await room.run(["/bin/sh", "-c", f"touch {places}"], mounts=mounts)

    assert [path.name for path in mine.iterdir()] == ["x"]
    assert "\n".join(room.lines).count("Read-only file system") == 5


async def test_shared_memory_is_bounded(room: Room) -> None:
    said = await room.shell("head -c 70000000 /dev/zero > /dev/shm/x")

    assert "No space left on device" in said


async def test_there_is_no_capability_and_no_way_to_get_one(room: Room) -> None:
    said = await room.python(
        "import ctypes\n"
        "print(ctypes.CDLL(None).unshare(0x10000000))\n"
        "print(open('/proc/self/status').read())"
    )

    assert said.startswith("-1")
    assert "CapEff:\t0000000000000000" in said
    assert "NoNewPrivs:\t1" in said


async def test_there_is_no_network_at_all(room: Room) -> None:
    said = await room.python(
        "import socket\n"
        f"for host in ('{own_address()}', '198.51.100.1'):\n"
        "    try: socket.create_connection((host, 9), 5)\n"
        "    except OSError as error: print(error)\n"
        "print(socket.if_nameindex())"
    )

    assert said.count("Network is unreachable") == 2
    assert "[(1, 'lo')]" in said


async def test_root_is_given_up_before_the_sandbox_begins(room: Room) -> None:
    expected = unprivileged_uid("test") or os.geteuid()
    seen: set[int] = set()

    async def look() -> None:
        while len(room.lines) == 0:
            await to_thread.run_sync(os.sched_yield)
        seen.update(os.stat(f"/proc/{each.pid}").st_uid for each in own_processes())

    with fail_after(60):
        async with create_task_group() as group:
            group.start_soon(room.run, ["/bin/sh", "-c", "echo here; sleep 1; true"])
            await look()

    assert seen == {expected}


async def test_no_variable_shows_in_the_list_of_processes(room: Room) -> None:
    lists: list[bytes] = []

    async def look() -> None:
        while len(room.lines) == 0:
            await to_thread.run_sync(os.sched_yield)
        lists.extend(map(command_line, own_processes()))

    with fail_after(60):
        async with create_task_group() as group:
            group.start_soon(sleeper, room)
            await look()

    assert len(lists) > 1
    assert not any(b"variable-value" in line for line in lists)


def command_line(process: Process) -> bytes:
    return Path(f"/proc/{process.pid}/cmdline").read_bytes()


async def sleeper(room: Room) -> None:
    script = "echo here; sleep 1; true"
    await room.run(["/bin/sh", "-c", script], variables={"TOKEN": "variable-value"})


async def test_secrets_are_masked_and_control_bytes_replaced(room: Room) -> None:
    await room.run(["/usr/bin/printf", r"a hunter22 b\000c\n"], secrets=["hunter22", "a"])

    assert room.lines == ["a *** b\N{REPLACEMENT CHARACTER}c"]


async def test_a_log_that_cannot_be_written_ends_the_command(room: Room) -> None:
    async def broken(line: str) -> None:
        raise ConnectionError("the database is gone")

    step = Step(command=["/usr/bin/yes"], directory="/", limits=LIMITS)

    with pytest.raises(ConnectionError):
        await run(room.sandbox, step, area=room.area, log=broken)

    assert own_processes() == []


async def test_what_a_command_leaves_behind_ends_with_it(room: Room) -> None:
    await room.shell("setsid sleep 1000 & (sleep 1000 &)")

    assert own_processes() == []


@pytest.mark.parametrize("setting", ["/usr/bin/false", "/nowhere/bwrap"])
async def test_where_no_sandbox_works_the_sentence_names_the_way_out(setting: str) -> None:
    with pytest.raises(SandboxUnavailable, match=r"No sandbox works .* set PINMARK_SANDBOX=none"):
        await find_sandbox(setting)


async def test_without_a_sandbox_root_is_still_given_up() -> None:
    async with open_area(uid=unprivileged_uid("test")) as area:
        room = Room(await find_sandbox("none"), area)
        said = await room.shell("id -u")

    assert said == str(unprivileged_uid("test") or os.geteuid())


async def test_an_area_goes_with_whatever_was_done_to_it() -> None:
    before = areas()

    async with open_area(uid=None) as area:
        closed = area.directory("closed")
        (closed / "file").touch()
        closed.chmod(0)
        deep = os.open(area.directory("deep"), os.O_RDONLY)
        for _ in range(3_000):
            os.mkdir("d", dir_fd=deep)
            deeper = os.open("d", os.O_RDONLY, dir_fd=deep)
            os.close(deep)
            deep = deeper
        os.close(deep)

    assert areas() <= before


async def test_an_area_of_a_killed_server_is_removed_and_a_living_one_is_not(
    tmp_path: Path,
) -> None:
    abandoned = tmp_path / "pinmark-area-abandoned"
    abandoned.mkdir()
    (abandoned / "lock").touch()

    async with open_area(uid=None, below=tmp_path) as living, open_area(uid=None, below=tmp_path):
        assert not abandoned.exists()
        assert living.root.exists()
