"""What the server answers is the same, whether an operation was compiled or not."""

from itertools import chain

from pinmark.graphql import schema
from schema.context import Context
from services.hub import Hub
from tests.support.both_executions import Compiling, Interpreting, Told, answer
from tests.support.fault_scale import OPERATIONS, SEED, WHOLE
from tests.support.random_documents import RandomDocument, Words, random_document
from tests.support.worlds import World

DOCUMENTS = OPERATIONS if WHOLE else 60
QUERY = "query ($name: String!) { app(name: $name) { id environments { nodes { name } } } }"

graphql_schema = schema._schema  # pyright: ignore[reportPrivateUsage]  # graphql-core's own


def words_of(world: World) -> Words:
    """Names and ids of what is there, and of what is not."""
    things = (
        world.apps,
        world.environments,
        world.deployments,
        world.api_keys,
        world.variables,
        world.members,
        world.custom_roles,
        world.sessions,
    )
    ids = list(chain.from_iterable(each.values() for each in things))
    return {
        "ID": [*ids, *world.environments.values(), "nothing", ""],
        "String": ["triage", "bare", "staging", "dev", "agentmark/greet.prompt.mdx", "", "zz"],
    }


async def told_by(world: World, compiled: bool, document: RandomDocument) -> Told:
    context = Context(world.installation, Hub(), world.owner, "http://localhost")
    executor = Compiling if compiled else Interpreting
    try:
        return await answer(graphql_schema, executor, document.text, document.variables, context)
    finally:
        await context.close()


async def test_random_queries_are_answered_as_graphql_core_answers_them(world: World) -> None:
    words = words_of(world)
    answered = 0
    for number in range(DOCUMENTS):
        seed = f"{SEED}.api.{number}"
        document = random_document(graphql_schema, seed, words=words)

        expected = await told_by(world, False, document)
        told = await told_by(world, True, document)

        assert told == expected, f"seed {seed}: {document.text} with {document.variables}"
        answered += expected.data != "None"
    assert answered > DOCUMENTS // 3


async def test_a_query_sent_again_is_answered_the_same_by_its_function(world: World) -> None:
    first, *again = [await world.server.graphql(QUERY, name="triage") for _ in range(3)]

    assert again == [first, first]
