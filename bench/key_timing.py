"""Whether a refusal's time tells how near a guess was: ``python -m bench.key_timing [ROUNDS]``.

A real server process is shown keys that are not valid, in rounds: one that begins like no key of
ours, one that begins as a living key does, the token of an invitation, and a revoked key. Within a
round the order is drawn anew. Printed are the medians, and of each pair the share of rounds'
answers in which the first took longer (one half when nothing can be told) with the chance of a
share as far from one half by luck alone, by Mann and Whitney's test of ranks.
"""

import asyncio
import secrets
import sys
import tempfile
import time
from collections.abc import Sequence
from itertools import combinations
from math import erfc, sqrt
from pathlib import Path
from random import SystemRandom
from statistics import median

from bench.promote import describe_machine
from tests.support.processes import ServerProcess, Site, open_site
from tests.support.promoting import make_app
from tests.support.repositories import make_repository
from tests.support.samples import FIRST_COMMIT

ROUNDS = 2000
WARM_UP = 50
SHOWN_PREFIX = 17
TAIL = 54
MAKE_KEY = """
mutation ($id: ID!) { createApiKey(input: {environmentId: $id, name: "k", preset: SDK}) {
  ... on CreateApiKeySuccess { plaintext apiKey { id } } } }
"""
REVOKE = "mutation ($id: ID!) { revokeApiKey(input: {apiKeyId: $id}) { __typename } }"
INVITE = """
mutation { inviteMember(input: {email: "a@example.com", role: READ}) {
  ... on InviteMemberSuccess { plaintext } } }
"""
ASKED = {"query": "{ viewer { id } }"}


def rank_test(first: Sequence[float], second: Sequence[float]) -> tuple[float, float]:
    """The share of pairs in which the first is larger, and the chance of one as far from half."""
    ranked = sorted([(each, 1) for each in first] + [(each, 0) for each in second])
    ranks = sum(place for place, (_, of_first) in enumerate(ranked, start=1) if of_first)
    n, m = len(first), len(second)
    larger = ranks - n * (n + 1) / 2
    deviation = sqrt(n * m * (n + m + 1) / 12)
    return larger / (n * m), erfc(abs(larger - n * m / 2) / deviation / sqrt(2))


async def seconds_to_refuse(server: ServerProcess, key: str) -> float:
    headers = {"Authorization": f"Bearer {key}"}
    begun = time.perf_counter()
    response = await server.client.post("/graphql", json=ASKED, headers=headers)
    taken = time.perf_counter() - begun
    assert response.status_code == 401, response.text
    return taken


def like(beginning: str) -> str:
    """Something that begins so and is no key."""
    return beginning + secrets.token_hex(TAIL)[: TAIL - len(beginning)]


async def measure(
    server: ServerProcess, *, living: str, revoked: str, invitation: str, rounds: int
) -> dict[str, list[float]]:
    taken: dict[str, list[float]] = {}
    for number in range(WARM_UP + rounds):
        guesses = {
            "a wrong beginning": like("nobody_knows_this"),
            "a right beginning, a wrong end": like(living[:SHOWN_PREFIX]),
            "an invitation's token": invitation,
            "a revoked key": revoked,
        }
        for name in SystemRandom().sample(list(guesses), len(guesses)):
            seconds = await seconds_to_refuse(server, guesses[name])
            if number >= WARM_UP:
                taken.setdefault(name, []).append(seconds)
    return taken


def report(taken: dict[str, list[float]]) -> None:
    for name, seconds in sorted(taken.items()):
        print(f"{name:34} p50 {1000 * median(seconds):7.3f} ms")
    for first, second in combinations(sorted(taken), 2):
        share, chance = rank_test(taken[first], taken[second])
        print(f"{first} took longer than {second}: {share:.3f} of pairs, p = {chance:.2f}")


async def run(site: Site, rounds: int) -> None:
    repository = make_repository(site.repositories / "app.git")
    repository.commit(FIRST_COMMIT)
    async with site.serving() as server:
        app = await make_app(server, repository.path, environments=["staging"])
        staging = app.environments["staging"]
        living, revoked = [
            (await server.data(MAKE_KEY, id=staging))["createApiKey"] for _ in range(2)
        ]
        await server.data(REVOKE, id=revoked["apiKey"]["id"])
        invited = (await server.data(INVITE))["inviteMember"]
        print(describe_machine(site))
        print(f"Milliseconds until a key that is not valid is refused, {rounds} rounds:")
        taken = await measure(
            server,
            living=living["plaintext"],
            revoked=revoked["plaintext"],
            invitation=invited["plaintext"],
            rounds=rounds,
        )
        report(taken)


def main() -> None:
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else ROUNDS
    with tempfile.TemporaryDirectory() as folder, open_site(Path(folder)) as site:
        asyncio.run(run(site, rounds))


if __name__ == "__main__":
    main()
