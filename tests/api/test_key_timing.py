"""A guess is answered alike however near it was: the same work is done for every one."""

from uuid import UUID

from services.api_keys import revoke_api_key
from tests.support.keys import make_key
from tests.support.people import act, invite
from tests.support.queries import recorded_queries
from tests.support.worlds import World


async def revoke(world: World, key_id: UUID) -> None:
    await act(
        world.installation,
        lambda session: revoke_api_key(session, principal=world.owner, api_key_id=key_id),
    )


async def refused(world: World, key: str) -> tuple[list[str], bytes]:
    """The statements that a refusal takes, and what it says."""
    with recorded_queries(leaving_out=()) as statements:
        response = await world.server.client.post(
            "/graphql",
            json={"query": "{ viewer { id } }"},
            headers={"Authorization": f"Bearer {key}"},
        )
    assert response.status_code == 401
    return [each for each in statements if "digest" in each], response.content


async def test_every_guess_takes_the_same_statements_and_says_the_same(own_world: World) -> None:
    environment = await own_world.know(await own_world.app_row("triage"), "staging")
    owner = own_world.owner
    living = await make_key(own_world.installation, owner, environment, name="living")
    revoked = await make_key(own_world.installation, owner, environment, name="revoked")
    await revoke(own_world, revoked.row.id)
    invited = await invite(own_world.installation, owner, "guess@example.com")
    length = len(living.plaintext)
    guesses = {
        "a wrong beginning": "nobody_knows_this".ljust(length, "x"),
        "a right beginning": living.plaintext[:17].ljust(length, "x"),
        "all but the last": living.plaintext[:-1] + ("a" if living.plaintext[-1] != "a" else "b"),
        "another kind's": invited.plaintext,
        "a revoked key": revoked.plaintext,
    }
    answers = {name: await refused(own_world, key) for name, key in guesses.items()}
    statements, body = answers["a wrong beginning"]
    assert len(statements) == 3
    assert answers == dict.fromkeys(guesses, (statements, body))
