"""What is said: results and warnings apart, objects for programs, words harmless to a terminal."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pinmark.client.event_stream import StreamEvent, read_events
from pinmark.client.words import harmless, harmless_lines, read_seconds
from tests.support.command_line import CommandLine
from tests.support.worlds import World

NASTY = "\x1b]0;mine\x07\x1b[2J\x9b31m\u202egnp.exe\x1b[31mred\x1b[0m\r"


async def test_with_json_standard_output_is_objects_and_people_read_the_other(
    owner: CommandLine, world: World
) -> None:
    ran = await owner.run("logs", world.deployments["settled"], "--follow", "--json")
    assert ran.objects[-1]["type"] == "result"
    assert "Deployed v1 to staging." in ran.err


async def test_a_failure_is_an_object_too(owner: CommandLine) -> None:
    ran = await owner.run("promote", "--from", "dev", "--to", "busy", "--json")
    (error,) = ran.objects
    assert (error["type"], error["code"]) == ("error", "ENVIRONMENT_BUSY")
    assert error["message"] in ran.err


async def test_lists_are_tables_for_people_and_objects_for_programs(owner: CommandLine) -> None:
    ran = await owner.run("env", "list")
    head, dev, *_ = ran.out.splitlines()
    assert head.split() == ["ENVIRONMENT", "SERVES", "COMMIT", "MESSAGE", "STATE"]
    assert dev.split()[:2] == ["dev", "default"]

    found = await owner.objects("env", "list")
    assert {each["name"]: each["pinLabel"] for each in found}["staging"] == "v2"
    for arguments in (("app", "list"), ("deployments",), ("keys", "list")):
        assert await owner.objects(*arguments)


async def test_deployments_are_the_newest_first_and_no_more_than_asked_for(
    owner: CommandLine,
) -> None:
    found = await owner.objects("deployments")
    times = [each["createdAt"] for each in found]
    assert times == sorted(times, reverse=True)
    assert await owner.objects("deployments", "--limit", "2") == found[:2]
    assert await owner.objects("deployments", "--since", "0s") == []
    of_staging = await owner.objects("deployments", "staging", "--since", "1d")
    assert [each["version"] for each in of_staging] == [2, 1]


async def test_a_comparison_says_what_would_change(owner: CommandLine) -> None:
    ran = await owner.run("diff", "dev", "empty")
    assert ran.code == 0, ran.outcome
    assert "dev (default) → empty (no-pin)" in ran.out
    assert "+ agentmark/triage.prompt.mdx" in ran.out


@pytest.mark.long
async def test_an_environment_comes_and_goes(owner: CommandLine) -> None:
    (made,) = await owner.objects("env", "create", "qa")
    assert made["apiKeyCreationUrl"].endswith("/triage/settings/api-keys?env=qa")
    (key,) = await owner.objects("keys", "create", "ci", "--env", "qa", "--preset", "full-access")
    assert "environment.read" in key["permissions"]
    (viewer,) = await owner.showing(key["plaintext"]).objects("whoami")
    assert viewer["environment"]["name"] == "qa"
    assert (await owner.run("keys", "revoke", key["id"])).code == 0
    assert (await owner.showing(key["plaintext"]).run("whoami")).code == 3
    assert (await owner.run("env", "delete", "qa", "--confirm", "qa")).code == 0


async def test_a_key_is_alone_on_standard_output(owner: CommandLine) -> None:
    ran = await owner.run("keys", "create", "one", "--env", "staging", "--preset", "sdk")
    assert ran.out.startswith("sk_pinmark_")
    assert len(ran.out.split()) == 1


async def test_any_operation_runs_as_it_is(owner: CommandLine, world: World) -> None:
    query = "query ($app: String!, $first: Int) { app(name: $app) { environments(first: $first) "
    query += "{ nodes { name } } } }"
    (answer,) = await owner.objects("api", query, "--var", "app=triage", "--var", "first=1")
    assert answer["data"] == {"app": {"environments": {"nodes": [{"name": "dev"}]}}}

    watching = "subscription ($id: ID!) { deploymentProgress(id: $id) { status } }"
    told = await owner.objects("api", watching, "--var", f"id={world.deployments['settled']}")
    assert told[-1]["data"] == {"deploymentProgress": {"status": "DEPLOYED"}}
    assert len(told) > 1


async def test_an_answer_with_errors_is_printed_and_decides_the_code(owner: CommandLine) -> None:
    ran = await owner.run("api", "-", "--json", given="{ viewer")
    assert ran.code == 2, ran.outcome
    assert ran.objects[0]["errors"]


async def test_what_others_wrote_does_nothing_to_a_terminal(
    owner: CommandLine, world: World
) -> None:
    note = NASTY.replace("\r", "")
    made = await owner.objects(
        "promote", "--from", "dev", "--to", "failed", "--detach", "--note", note
    )
    assert made[0]["note"] == note
    for more in ((), ("--json",)):
        with owner.terminal("deployments", "failed", *more) as terminal:
            assert await terminal.ended() == 0, terminal.text
            assert not {"\x1b", "\x07", "\x9b", "\u202e"} & set(terminal.raw)
    assert (await owner.run("cancel", made[0]["id"])).code == 0


def test_colours_are_left_out_and_other_controls_spelled_out() -> None:
    assert harmless("\x1b[31mred\x1b[0m") == "red"
    assert harmless("a\x1b]0;b\x07") == "a\\x1b]0;b\\x07"
    assert harmless("\u202eabc") == "\\u202eabc"
    assert harmless("tab\tand ünïcödé") == "tab\tand ünïcödé"


@given(st.text())
def test_no_text_reaches_a_terminal_with_a_control_in_it(text: str) -> None:
    for line in harmless_lines(text):
        assert all(letter == "\t" or letter.isprintable() or letter > "\x9f" for letter in line)


@pytest.mark.parametrize(
    ("text", "seconds"),
    [("90", 90), ("30s", 30), ("20m", 1200), ("2h", 7200), ("7d", 604800), (" 1m ", 60)],
)
def test_times_are_read(text: str, seconds: int) -> None:
    assert read_seconds(text) == seconds


@pytest.mark.parametrize("text", ["", "m", "1.5h", "-1s", "1w", "soon", "\u0661s"])
def test_what_is_no_time_is_none(text: str) -> None:
    assert read_seconds(text) is None


def test_events_are_read_whole_or_not_at_all() -> None:
    lines = [":", "event: next", "id: a", 'data: {"x":1}', "", "event: complete", "data:", ""]
    whole = [StreamEvent("next", '{"x":1}', "a"), StreamEvent("complete", "", None)]
    assert list(read_events(lines)) == whole
    assert list(read_events(lines[:-1])) == whole[:1]
    assert list(read_events([": comment", "retry: 1", ""])) == []
