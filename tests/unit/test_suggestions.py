"""A path that is not there: what was meant, when that can be told."""

from hypothesis import given
from hypothesis import strategies as st

from services.suggestions import CLOSE, MOST, closest

KNOWN = [
    "agentmark/support/triage.prompt.mdx",
    "agentmark/support/reply.prompt.mdx",
    "agentmark/components/tone.mdx",
    "agentmark/tickets.jsonl",
]


def hints(path: str) -> tuple[str, ...]:
    return closest(path, KNOWN, root="agentmark/")


def test_a_slip_a_lost_suffix_and_the_wrong_case_are_understood() -> None:
    for slip in (
        "agentmark/support/triag.prompt.mdx",
        "agentmark/support/triage.mdx",
        "agentmark/Support/Triage.prompt.mdx",
        "support/triage.prompt.mdx",
        "agentmark/support/triage.promt.mdx",
    ):
        assert hints(slip)[0] == KNOWN[0], slip


def test_what_all_paths_share_makes_none_close() -> None:
    for other in ("agentmark/zzzz.prompt.mdx", "agentmark/", ".prompt.mdx", "", "x"):
        assert hints(other) == ()


def test_at_most_three_are_suggested_the_closest_first() -> None:
    many = [f"a/report-{number}.mdx" for number in range(20_000)]
    found = closest("a/reports-7.mdx", many)
    assert len(found) == MOST
    assert found[0] == "a/report-7.mdx"


@given(st.text(max_size=300), st.lists(st.text(max_size=300), max_size=20))
def test_nothing_is_suggested_that_is_not_known(path: str, known: list[str]) -> None:
    assert 0 < CLOSE < 1
    assert set(closest(path, known)) <= set(known)
