"""Tokens: asked for, kept for their owner alone, and shown to nobody but their server."""

import stat
from pathlib import Path

from pinmark.client.configuration import checked_token
from pinmark.client.failures import Usage
from tests.support.command_line import CommandLine
from tests.support.worlds import World


def kept(somebody: CommandLine) -> Path:
    return somebody.home / "config" / "pinmark" / "client.json"


async def test_a_token_that_is_piped_in_is_kept_and_used(
    stranger: CommandLine, world: World
) -> None:
    ran = await stranger.run("login", "--token-stdin", given=world.server.token + "\n")
    assert ran.code == 0, ran.outcome
    assert world.server.token not in ran.out + ran.err
    assert (await stranger.objects("whoami"))[0]["name"] == "owner"


async def test_a_token_is_kept_where_only_its_owner_reads(
    stranger: CommandLine, world: World
) -> None:
    await stranger.run("login", "--token-stdin", given=world.server.token)
    assert stat.S_IMODE(kept(stranger).stat().st_mode) == 0o600
    assert stat.S_IMODE(kept(stranger).parent.stat().st_mode) == 0o700

    kept(stranger).chmod(0o644)
    ran = await stranger.run("whoami")
    assert ran.code == 2, ran.outcome
    assert f"chmod 600 {kept(stranger)}" in ran.err


async def test_a_token_that_is_not_good_is_not_kept(stranger: CommandLine) -> None:
    ran = await stranger.run("login", "--token-stdin", given="wrong")
    assert ran.code == 3, ran.outcome
    assert not kept(stranger).exists()


async def test_the_variable_goes_before_what_is_kept(stranger: CommandLine, world: World) -> None:
    await stranger.run("login", "--token-stdin", given=world.server.token)
    (viewer,) = await stranger.showing(world.tokens["bob"]).objects("whoami")
    assert viewer["name"] == "bob"


async def test_the_server_and_app_of_the_last_login_are_meant_unless_told_otherwise(
    stranger: CommandLine, world: World
) -> None:
    nowhere = CommandLine(stranger.home, None, None)
    url = world.server.base
    login = ("login", "--url", url, "--app", "triage", "--token-stdin")
    assert (await nowhere.run(*login, given=world.server.token)).code == 0
    names = [each["name"] for each in await nowhere.objects("env", "list")]
    assert names[0] == "dev"

    elsewhere = CommandLine(stranger.home, "http://127.0.0.1:9", None)
    assert "127.0.0.1:9" in (await elsewhere.run("whoami")).err
    assert (await elsewhere.run("whoami", "--url", url + "/")).code == 0


async def test_a_kept_token_is_shown_to_no_other_server(
    stranger: CommandLine, world: World
) -> None:
    await stranger.run("login", "--token-stdin", given=world.server.token)
    other = world.server.base.replace("127.0.0.1", "localhost")
    ran = await stranger.run("whoami", "--url", other)
    assert ran.code == 3, ran.outcome
    assert f"There is no token for {other}." in ran.err


async def test_a_token_is_asked_for_at_a_terminal_and_not_shown_there(
    stranger: CommandLine, world: World
) -> None:
    with stranger.terminal("login") as terminal:
        await terminal.until("(not shown):")
        terminal.type(world.server.token + "\n")
        assert await terminal.ended() == 0, terminal.text
        assert "You are owner" in terminal.text
        assert world.server.token not in terminal.raw


async def test_a_token_with_a_line_break_is_not_repeated_in_what_is_said(
    owner: CommandLine,
) -> None:
    ran = await owner.showing("secret\nX-Evil: 1").run("whoami")
    assert ran.code == 2, ran.outcome
    assert "secret" not in ran.out + ran.err


async def test_no_failure_repeats_the_token(owner: CommandLine, world: World) -> None:
    for arguments in (
        ("whoami", "--url", "http://127.0.0.1:9"),
        ("promote", "--from", "dev", "--to", "nowhere"),
        ("api", "{ viewer"),
        ("logs", world.deployments["failed"], "--follow", "--json"),
    ):
        ran = await owner.run(*arguments)
        assert ran.code != 0
        assert world.server.token not in ran.out + ran.err


def test_a_token_is_one_word() -> None:
    for wrong in ("", " ", "a b", "a\nb", "a\0b", "é"):
        try:
            checked_token(wrong, where="here")
        except Usage:
            continue
        raise AssertionError(wrong)
    assert checked_token(" good\n", where="here") == "good"
