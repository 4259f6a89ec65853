"""The embedded server keeps every committed row, whoever runs it and however its owner ends."""

from __future__ import annotations

import os
import pwd
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Generator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import asyncpg
import psycopg
import pytest
import sqlalchemy as sa
from sqlalchemy.ext.asyncio import create_async_engine

from pinmark.embedded_postgres import (
    EmbeddedPostgres,
    EmbeddedPostgresError,
    EmbeddedPostgresInUseError,
    NotDurableError,
    assert_durable,
    locks,
    read_running_url,
    run_embedded_postgres,
)
from pinmark.embedded_postgres.binaries import copy_installation, find_binaries
from pinmark.embedded_postgres.identity import Strategy

PROJECT = Path(__file__).parents[2]
IS_ROOT = os.geteuid() == 0
STRATEGIES: list[Strategy | None] = ["namespace", "nobody"] if IS_ROOT else [None]
# One that /etc/passwd knows and one that it does not.
ORDINARY_UIDS = [65534, 12345] if IS_ROOT else [os.geteuid()]


@contextmanager
def owner_process(directory: Path, *options: str) -> Generator[tuple[subprocess.Popen[str], str]]:
    """Another process that owns the server, and the URL it announces."""
    owner = subprocess.Popen(
        [sys.executable, "-m", f"{__package__}.embedded_postgres_owner", str(directory), *options],
        cwd=PROJECT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert owner.stdin is not None
    assert owner.stdout is not None
    with owner.stdin, owner.stdout:
        try:
            yield owner, owner.stdout.readline().strip()
        finally:
            owner.stdin.close()
            owner.wait()


def write_notes(url: str, *texts: str) -> None:
    with psycopg.connect(url) as connection:
        connection.execute("create table if not exists note (text text not null)")
        for text in texts:
            connection.execute("insert into note values (%s)", [text])


def read_notes(url: str) -> list[str]:
    with psycopg.connect(url) as connection:
        return [text for (text,) in connection.execute("select text from note order by text")]


def show(url: str, setting: str) -> str:
    with psycopg.connect(url) as connection:
        row = connection.execute("select current_setting(%s)", [setting]).fetchone()
    assert row is not None
    return row[0]


def process_number(directory: Path) -> int:
    lines = (directory / "cluster" / "postmaster.pid").read_text().splitlines()
    return int(lines[0])


def wait_for(path: Path) -> None:
    while not path.exists():
        time.sleep(0.005)


@pytest.fixture
def directory(tmp_path: Path) -> Path:
    return tmp_path / "postgres"


@pytest.fixture(scope="module")
def served_directory(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("served") / "postgres"


@pytest.fixture(scope="module")
def served(served_directory: Path) -> Generator[EmbeddedPostgres]:
    """A running server for the promises that need no directory of their own."""
    with run_embedded_postgres(served_directory, settings={"listen_addresses": "*"}) as postgres:
        yield postgres


@pytest.fixture
def open_directory() -> Generator[Path]:
    """A temporary directory that every user can reach, unlike pytest's own."""
    path = Path(tempfile.mkdtemp())
    path.chmod(0o755)
    yield path
    shutil.rmtree(path)


@pytest.fixture
def installation(open_directory: Path) -> Path:
    """The directory of a copy of the programs that every user can reach."""
    return copy_installation(find_binaries(None), open_directory / "postgresql")


def home_of(uid: int, parent: Path) -> Path:
    home = parent / "home"
    home.mkdir(mode=0o700)
    os.chown(home, uid, uid)
    return home / "postgres"


def test_rows_are_still_there_after_a_stop_and_a_start(directory: Path) -> None:
    with run_embedded_postgres(directory) as postgres:
        write_notes(postgres.url(), "kept")
    assert postgres.poll() == 0

    with run_embedded_postgres(directory) as postgres:
        assert read_notes(postgres.url()) == ["kept"]


@pytest.mark.parametrize("strategy", STRATEGIES)
def test_committed_rows_survive_kill_9_of_the_owner_and_an_immediate_restart(
    directory: Path, strategy: Strategy | None
) -> None:
    texts = [f"{number:03}" for number in range(100)]
    options = ("--strategy", strategy) if strategy else ()
    with owner_process(directory, *options) as (owner, url):
        write_notes(url, *texts)
        owner.kill()
        with run_embedded_postgres(directory, strategy=strategy) as postgres:
            assert read_notes(postgres.url()) == texts


def test_committed_rows_survive_when_the_server_is_killed_with_its_owner(directory: Path) -> None:
    with owner_process(directory) as (owner, url):
        write_notes(url, "kept")
        os.kill(process_number(directory), signal.SIGKILL)
        owner.kill()
        with run_embedded_postgres(directory) as postgres:
            assert read_notes(postgres.url()) == ["kept"]


def test_a_start_waits_for_the_processes_a_killed_server_left_behind(directory: Path) -> None:
    with owner_process(directory) as (owner, url), psycopg.connect(url) as connection:
        lingering = connection.info.backend_pid
        os.kill(lingering, signal.SIGSTOP)
        os.kill(process_number(directory), signal.SIGKILL)
        owner.kill()
        owner.wait()
        with ThreadPoolExecutor(1) as pool:
            pool.submit(lambda: (time.sleep(0.3), os.kill(lingering, signal.SIGCONT)))
            with run_embedded_postgres(directory) as postgres:
                assert not Path(f"/proc/{lingering}/cwd").exists()
                assert read_running_url(directory) == postgres.url()


def test_a_start_gives_up_on_a_server_that_never_finishes(
    directory: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(locks, "SERVER_PATIENCE_SECONDS", 0.1)
    with (
        locks.outlive_previous_server(directory.parent),
        pytest.raises(EmbeddedPostgresInUseError, match="has not finished"),
        run_embedded_postgres(directory.parent),
    ):
        pass


def test_the_server_goes_away_with_a_killed_owner(directory: Path) -> None:
    with owner_process(directory) as (owner, _):
        server = process_number(directory)
        owner.kill()
        owner.wait()
        while Path(f"/proc/{server}/cwd").exists():
            time.sleep(0.01)
    assert "database system is shut down" in (directory / "postgres.log").read_text()
    with run_embedded_postgres(directory):  # tidies up after the killed one
        pass


def test_an_owner_killed_during_initdb_leaves_nothing_that_cannot_start(directory: Path) -> None:
    with owner_process_being_born(directory) as owner:
        wait_for(directory / "cluster.unfinished" / "PG_VERSION")
        owner.kill()
        owner.wait()
    assert not (directory / "cluster").exists()

    with run_embedded_postgres(directory) as postgres:
        write_notes(postgres.url(), "kept")
    assert not (directory / "cluster.unfinished").exists()


@contextmanager
def owner_process_being_born(directory: Path) -> Generator[subprocess.Popen[bytes]]:
    owner = subprocess.Popen(
        [sys.executable, "-m", f"{__package__}.embedded_postgres_owner", str(directory)],
        cwd=PROJECT,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
    )
    try:
        yield owner
    finally:
        owner.kill()
        owner.wait()


def test_a_second_owner_is_refused_and_the_first_keeps_working(
    served: EmbeddedPostgres, served_directory: Path
) -> None:
    with (
        pytest.raises(EmbeddedPostgresInUseError, match=str(served_directory)),
        run_embedded_postgres(served_directory),
    ):
        pass
    write_notes(served.url(), "kept")
    assert read_running_url(served_directory) == served.url()


def test_a_server_started_by_hand_is_left_alone(directory: Path) -> None:
    with run_embedded_postgres(directory):
        pass
    with subprocess.Popen(["sleep", "600"], cwd=directory / "cluster") as by_hand:
        (directory / "cluster" / "postmaster.pid").write_text(f"{by_hand.pid}\n")
        with (
            pytest.raises(EmbeddedPostgresInUseError, match=str(by_hand.pid)),
            run_embedded_postgres(directory),
        ):
            pass
        by_hand.kill()


def test_a_process_number_that_now_belongs_to_somebody_else_does_not_prevent_a_start(
    directory: Path,
) -> None:
    with run_embedded_postgres(directory):
        pass
    with subprocess.Popen(["sleep", "600"], cwd="/") as somebody_else:
        (directory / "cluster" / "postmaster.pid").write_text(f"{somebody_else.pid}\n")
        with run_embedded_postgres(directory) as postgres:
            write_notes(postgres.url(), "kept")
        somebody_else.kill()


@pytest.mark.parametrize("uid", ORDINARY_UIDS)
def test_an_ordinary_user_owns_a_server_that_survives_kill_9(
    open_directory: Path, installation: Path, uid: int
) -> None:
    directory = home_of(uid, open_directory)
    options = ("--uid", str(uid), "--binaries", str(installation))
    with owner_process(directory, *options) as (owner, url):
        write_notes(url, "kept")
        assert (directory / "cluster").stat().st_uid == uid
        owner.kill()
        with owner_process(directory, *options) as (_, restarted):
            assert read_notes(restarted) == ["kept"]


def test_where_namespaces_are_refused_root_runs_the_server_as_nobody_and_a_user_as_itself(
    directory: Path,
) -> None:
    expected = pwd.getpwnam("nobody").pw_uid if IS_ROOT else os.geteuid()
    with owner_process(directory, "--refuse-namespaces") as (owner, url):
        write_notes(url, "kept")
        assert Path(f"/proc/{process_number(directory)}").stat().st_uid == expected
        assert (directory / "runtime" / "socket").stat().st_uid == expected
        owner.kill()
        with owner_process(directory, "--refuse-namespaces") as (_, restarted):
            assert read_notes(restarted) == ["kept"]


@pytest.mark.parametrize("strategy", STRATEGIES)
def test_programs_in_a_closed_home_are_still_used(
    open_directory: Path, installation: Path, strategy: Strategy | None
) -> None:
    uid = 12345 if IS_ROOT else os.geteuid()  # a home of another user: root may run this there
    home = home_of(uid, open_directory).parent
    shutil.move(open_directory / "postgresql", home)
    closed = home / installation.relative_to(open_directory)
    with run_embedded_postgres(home / "postgres", binaries=closed, strategy=strategy) as postgres:
        write_notes(postgres.url(), "kept")
        assert read_notes(postgres.url()) == ["kept"]


def test_a_cluster_can_be_run_as_another_identity_later(directory: Path) -> None:
    for strategy in (*STRATEGIES, *STRATEGIES):
        with run_embedded_postgres(directory, strategy=strategy) as postgres:
            write_notes(postgres.url(), "kept")
            assert set(read_notes(postgres.url())) == {"kept"}


def test_a_very_long_data_directory_still_gets_a_short_socket_path(tmp_path: Path) -> None:
    directory = tmp_path.joinpath(*(["a-directory-with-quite-a-long-name"] * 8))
    with run_embedded_postgres(directory) as postgres:
        socket = postgres.socket_directory / ".s.PGSQL.5432"
        assert socket.is_socket()
        assert len(os.fsencode(socket)) <= 107
        assert not socket.resolve().is_relative_to(directory)
        write_notes(postgres.url(), "kept")


def test_a_temporary_directory_with_an_awkward_path_is_passed_over(
    directory: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    awkward = tmp_path / "a,b:c"
    awkward.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(awkward))
    with run_embedded_postgres(directory) as postgres:
        assert not postgres.socket_directory.is_relative_to(awkward)
        write_notes(postgres.url(), "kept")


async def test_every_driver_of_ours_accepts_the_url(
    served: EmbeddedPostgres, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PGPORT", "1")
    with psycopg.connect(served.url()) as connection:
        assert connection.execute("select current_database()").fetchone() == ("pinmark",)

    connected = await asyncpg.connect(served.url())
    assert await connected.fetchval("select current_database()") == "pinmark"
    await connected.close()

    for driver in ("asyncpg", "psycopg"):
        engine = create_async_engine(served.url().replace("postgresql:", f"postgresql+{driver}:"))
        async with engine.connect() as session:
            assert await session.scalar(sa.text("select current_database()")) == "pinmark"
        await engine.dispose()


def test_other_processes_read_the_url_only_while_the_server_is_up(directory: Path) -> None:
    assert read_running_url(directory) is None
    with owner_process(directory) as (owner, url):
        assert read_running_url(directory) == url
        assert (directory / "url").stat().st_mode & 0o777 == 0o600
        owner.kill()
        owner.wait()
        assert read_running_url(directory) is None
    with run_embedded_postgres(directory) as postgres:
        assert read_running_url(directory) == postgres.url()
    assert read_running_url(directory) is None


def test_nothing_is_left_outside_the_directory(directory: Path) -> None:
    with owner_process(directory) as (owner, _):
        left_by_the_killed = (directory / "runtime").readlink()
        owner.kill()
    with run_embedded_postgres(directory) as postgres:
        assert not left_by_the_killed.exists()
    assert not postgres.socket_directory.parent.exists()


def test_the_server_is_closed_to_networks_and_other_users_whatever_the_settings_say(
    served: EmbeddedPostgres, served_directory: Path
) -> None:
    assert show(served.url(), "listen_addresses") == ""
    assert served.socket_directory.stat().st_mode & 0o777 == 0o700
    assert served_directory.stat().st_mode & 0o777 == 0o700
    with psycopg.connect(served.url()) as connection:
        rules = connection.execute("select type, auth_method from pg_hba_file_rules")
        assert set(rules) == {("local", "trust"), ("host", "reject")}


def test_text_sorts_the_same_everywhere_and_pages_carry_checksums(served: EmbeddedPostgres) -> None:
    assert show(served.url(), "data_checksums") == "on"
    assert show(served.url(), "server_encoding") == "UTF8"
    with psycopg.connect(served.url()) as connection:
        locale = connection.execute(
            "select datlocprovider, datlocale from pg_database where datname = 'pinmark'"
        )
        assert locale.fetchall() == [("b", "C.UTF-8")]
        letters = connection.execute("select upper('äß'), 'ä' ~ '\\w'")
        assert letters.fetchall() == [("Äß", True)]


def test_settings_reach_the_server_but_cannot_make_it_forgetful(directory: Path) -> None:
    chosen = {"max_connections": "42", "fsync": "off"}
    with run_embedded_postgres(directory, settings=chosen) as postgres:
        assert show(postgres.url(), "max_connections") == "42"
        assert_durable(postgres.url())


def test_a_server_that_may_lose_commits_is_refused(directory: Path) -> None:
    with (
        run_embedded_postgres(directory, durable=False) as postgres,
        pytest.raises(NotDurableError, match="fsync = off"),
    ):
        assert_durable(postgres.url())


def test_a_role_that_may_lose_commits_is_refused(directory: Path) -> None:
    with run_embedded_postgres(directory) as postgres:
        with psycopg.connect(postgres.url()) as connection:
            connection.execute("alter role pinmark set synchronous_commit = off")
        with pytest.raises(NotDurableError, match="synchronous_commit = off"):
            assert_durable(postgres.url())


def test_a_server_that_cannot_start_says_why(directory: Path) -> None:
    with (
        pytest.raises(EmbeddedPostgresError, match='parameter "work_mem"'),
        run_embedded_postgres(directory, settings={"work_mem": "plenty"}),
    ):
        pass


def test_an_initdb_that_fails_says_why(directory: Path, installation: Path) -> None:
    (installation.parent / "share" / "postgres.bki").unlink()
    with (
        pytest.raises(EmbeddedPostgresError, match=r"postgres\.bki"),
        run_embedded_postgres(directory, binaries=installation),
    ):
        pass


def test_programs_that_are_missing_are_named(directory: Path, tmp_path: Path) -> None:
    with (
        pytest.raises(EmbeddedPostgresError, match="no postgres and no initdb"),
        run_embedded_postgres(directory, binaries=tmp_path),
    ):
        pass


def test_ctrl_c_in_the_terminal_does_not_reach_the_server(served: EmbeddedPostgres) -> None:
    assert os.getsid(served.process.pid) == served.process.pid != os.getsid(0)


def test_the_owner_notices_a_server_that_ends_by_itself(directory: Path) -> None:
    with run_embedded_postgres(directory) as postgres:
        assert postgres.poll() is None
        postgres.process.send_signal(signal.SIGQUIT)
        assert postgres.wait() == postgres.poll() is not None


def test_only_the_main_thread_may_start_a_server(directory: Path) -> None:
    def start() -> None:
        with run_embedded_postgres(directory):
            pass

    with (
        ThreadPoolExecutor(1) as pool,
        pytest.raises(EmbeddedPostgresError, match="main thread"),
    ):
        pool.submit(start).result()


def test_a_long_log_makes_room_for_a_new_one(directory: Path) -> None:
    directory.mkdir(mode=0o700)
    (directory / "postgres.log").write_bytes(b"old\n" * 3_000_000)
    with run_embedded_postgres(directory):
        assert "ready to accept connections" in (directory / "postgres.log").read_text()
    assert (directory / "postgres.log.1").stat().st_size == 12_000_000


def test_secrets_in_our_environment_do_not_reach_the_server(
    directory: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PINMARK_SECRET_KEY", "hush")
    monkeypatch.setenv("PGDATA", "/nowhere")
    with run_embedded_postgres(directory) as postgres:
        names = Path(f"/proc/{postgres.process.pid}/environ").read_bytes()
        assert b"hush" not in names
        assert b"/nowhere" not in names
