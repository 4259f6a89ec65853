"""Whatever a client sends to any argument or field of any root is answered, never a crash."""

from collections.abc import Mapping
from typing import Any

import pytest
from anyio import fail_after
from graphql import (
    GraphQLInputObjectType,
    GraphQLObjectType,
    GraphQLUnionType,
    OperationType,
    build_schema,
    is_leaf_type,
)
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pinmark.graphql import schema
from tests.support.graphql_ws import OperationFailed
from tests.support.worlds import World

SERVED = build_schema(schema.as_str())


def root_of(kind: str) -> GraphQLObjectType:
    root = SERVED.get_root_type(OperationType(kind))
    assert root is not None
    return root


FIELDS = [(kind, name) for kind in ("query", "mutation") for name in root_of(kind).fields]
SUBSCRIPTIONS = list(root_of("subscription").fields)
SLOW = [HealthCheck.too_slow, HealthCheck.data_too_large]
STRANGE = [
    "", " ", "\0", "\n", "dev", "dev\n", "x" * 3000, "null", "é", "🦄", "\ufeff", "\u202e", "%",
    "' OR 1=1 --", "../..", "https://", "https://[", "/", "/etc/passwd", "0" * 40,
    "RGVwbG95bWVudDo", "=", "W10",
]  # fmt: skip
ids = st.sampled_from(
    [
        "app:triage", "environment:triage/dev", "environment:triage/staging", "deployment:failed",
        "member:bob", "custom_role:idle", "invitation:open", "access_token:bob",
    ]
)  # fmt: skip
texts = st.one_of(st.sampled_from(STRANGE), ids, st.text(max_size=60))
strange = st.one_of(st.sampled_from(STRANGE), st.text(max_size=60))
integers = st.one_of(
    st.integers(-(2**31), 2**31 - 1), st.sampled_from([0, 1, -1, 2**31, 2**63, -(2**31) - 1])
)
anything = st.one_of(
    texts, integers, st.booleans(), st.none(), st.floats(allow_nan=False, allow_infinity=False)
)


def values(kind: str) -> st.SearchStrategy[Any]:
    """Mostly values of the type, with any strings in them; now and then something else."""
    kind = kind.removesuffix("!")
    if kind.startswith("["):
        return st.one_of(st.lists(values(kind[1:-1]), max_size=3), anything)
    named = SERVED.get_type(kind)
    if isinstance(named, GraphQLInputObjectType):
        return fields({name: str(field.type) for name, field in named.fields.items()})
    if kind == "Int":
        return st.one_of(integers, integers, anything)
    return st.one_of(texts, texts, texts, anything)


def fields(declared: Mapping[str, str]) -> st.SearchStrategy[dict[str, Any]]:
    return st.fixed_dictionaries(
        {name: values(kind) for name, kind in declared.items() if kind.endswith("!")},
        optional={name: values(kind) for name, kind in declared.items() if kind[-1] != "!"},
    )


def arguments_of(kind: str, name: str) -> dict[str, str]:
    arguments = root_of(kind).fields[name].args
    return {each: str(argument.type) for each, argument in arguments.items()}


def selection(kind: str) -> str:
    """Something to select of a type: its name, and what can be read of it without arguments."""
    named = SERVED.get_type(kind.strip("[]!"))
    if isinstance(named, GraphQLUnionType):
        return "{ __typename ... on UserError { code message path } }"
    leaves = [
        name
        for name, field in (named.fields.items() if isinstance(named, GraphQLObjectType) else ())
        if is_leaf_type(SERVED.get_type(str(field.type).strip("[]!")))
    ]
    return f"{{ __typename {' '.join(leaves)} }}"


def document(kind: str, name: str) -> str:
    arguments = arguments_of(kind, name)
    declared = ", ".join(f"${each}: {of}" for each, of in arguments.items())
    given = ", ".join(f"{each}: ${each}" for each in arguments)
    head, tail = (f"({declared})", f"({given})") if arguments else ("", "")
    returned = str(root_of(kind).fields[name].type)
    return f"{kind} {head} {{ {name}{tail} {selection(returned)} }}"


def resolve(world: World, value: Any) -> Any:
    match value:
        case dict():
            return {name: resolve(world, each) for name, each in value.items()}  # pyright: ignore[reportUnknownVariableType]  # any JSON
        case list():
            return [resolve(world, each) for each in value]  # pyright: ignore[reportUnknownVariableType]  # any JSON
        case _:
            return world.resolve(value)


def check_codes(errors: list[dict[str, Any]]) -> None:
    for error in errors:
        assert error["extensions"]["code"] not in {"INTERNAL_SERVER_ERROR", None}, error


def requests() -> st.SearchStrategy[tuple[str, str, dict[str, Any]]]:
    """A root field of a query or mutation, and variables for all its arguments."""

    def of(chosen: tuple[str, str]) -> st.SearchStrategy[tuple[str, str, dict[str, Any]]]:
        kind, name = chosen
        return st.tuples(st.just(kind), st.just(name), fields(arguments_of(kind, name)))

    return st.sampled_from(FIELDS).flatmap(of)


@settings(max_examples=200, deadline=None, derandomize=True, suppress_health_check=SLOW)
@given(request=requests())
async def test_any_input_of_any_root_field_is_answered(
    own_world: World, request: tuple[str, str, dict[str, Any]]
) -> None:
    kind, name, variables = request
    response = await own_world.server.client.post(
        "/graphql",
        json={"query": document(kind, name), "variables": resolve(own_world, variables)},
        headers={"Authorization": f"Bearer {own_world.server.token}"},
    )
    assert response.status_code in {200, 400}
    check_codes(response.json().get("errors", []))


@pytest.mark.parametrize("name", SUBSCRIPTIONS)
@settings(max_examples=30, deadline=None, derandomize=True, suppress_health_check=SLOW)
@given(texts=st.tuples(strange, strange))
async def test_any_id_and_cursor_of_a_subscription_is_answered(
    own_world: World, name: str, texts: tuple[str, str]
) -> None:
    variables = dict(zip(arguments_of("subscription", name), texts, strict=True))
    async with own_world.server.socket() as socket:
        with fail_after(60), pytest.raises(OperationFailed) as failed:
            await anext(socket.run(document("subscription", name), **variables))
    check_codes(failed.value.errors)
