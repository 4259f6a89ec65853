"""The published contract: what is written down is what is served, and every word is explained."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from graphql import (
    GraphQLEnumType,
    GraphQLInputObjectType,
    GraphQLInterfaceType,
    GraphQLNamedType,
    GraphQLObjectType,
    GraphQLScalarType,
    GraphQLUnionType,
    build_schema,
    is_required_input_field,
    is_specified_scalar_type,
)
from typer.testing import CliRunner

from pinmark.cli import cli
from pinmark.graphql import schema

ROOT = Path(__file__).parents[2]
PUBLISHED = (ROOT / "schema.graphql").read_text()
CONTRACT = (Path(__file__).parent / "contract.graphql").read_text()
SERVED = build_schema(schema.as_str())
PROMISED = build_schema(CONTRACT)


def own_types() -> Iterator[GraphQLNamedType]:
    for name, kind in SERVED.type_map.items():
        if not name.startswith("__") and not is_specified_scalar_type(kind):
            yield kind


def described() -> Iterator[tuple[str, str | None]]:
    """Every name of the schema and what is said of it."""
    for kind in own_types():
        yield kind.name, kind.description
        match kind:
            case GraphQLEnumType():
                for name, value in kind.values.items():
                    yield f"{kind.name}.{name}", value.description
            case GraphQLInputObjectType():
                for name, field in kind.fields.items():
                    yield f"{kind.name}.{name}", field.description
            case GraphQLObjectType() | GraphQLInterfaceType():
                for name, field in kind.fields.items():
                    yield f"{kind.name}.{name}", field.description
                    for argument, value in field.args.items():
                        yield f"{kind.name}.{name}({argument})", value.description
            case _:
                assert isinstance(kind, GraphQLUnionType | GraphQLScalarType)


def test_schema_graphql_is_what_the_code_serves() -> None:
    assert schema.as_str() + "\n" == PUBLISHED


def test_pinmark_schema_prints_it() -> None:
    result = CliRunner().invoke(cli, ["schema"])
    assert (result.exit_code, result.stdout) == (0, PUBLISHED)


def test_everything_in_the_schema_is_described() -> None:
    silent = [name for name, description in described() if not (description or "").strip()]
    assert silent == []


def test_every_result_can_be_a_user_error() -> None:
    assert SERVED.mutation_type is not None
    for name, field in SERVED.mutation_type.fields.items():
        union = SERVED.get_type(str(field.type).rstrip("!"))
        assert isinstance(union, GraphQLUnionType), name
        refusals = [
            kind for kind in union.types if "UserError" in {each.name for each in kind.interfaces}
        ]
        assert refusals, name
        assert len(refusals) == len(union.types) - 1, f"{name} has one success"
        assert list(field.args) == ["input"]


@pytest.mark.parametrize("name", [name for name in PROMISED.type_map if not name.startswith("__")])
def test_what_was_promised_is_there(name: str) -> None:
    promised, served = PROMISED.type_map[name], SERVED.type_map.get(name)
    assert served is not None
    assert type(promised) is type(served)
    match promised, served:
        case GraphQLEnumType(), GraphQLEnumType():
            assert set(promised.values) <= set(served.values)
        case GraphQLUnionType(), GraphQLUnionType():
            assert {kind.name for kind in promised.types} <= {kind.name for kind in served.types}
        case GraphQLInputObjectType(), GraphQLInputObjectType():
            for field_name, field in promised.fields.items():
                assert str(served.fields[field_name].type) == str(field.type), field_name
            added = set(served.fields) - set(promised.fields)
            assert not {name for name in added if is_required_input_field(served.fields[name])}
        case (
            (GraphQLObjectType() | GraphQLInterfaceType()),
            (GraphQLObjectType() | GraphQLInterfaceType()),
        ):
            check_fields(promised, served)
        case _:
            assert isinstance(promised, GraphQLScalarType)


def check_fields(
    promised: GraphQLObjectType | GraphQLInterfaceType,
    served: GraphQLObjectType | GraphQLInterfaceType,
) -> None:
    assert {kind.name for kind in promised.interfaces} <= {kind.name for kind in served.interfaces}
    for name, field in promised.fields.items():
        actual = served.fields[name]
        assert accepts(str(field.type), str(actual.type)), f"{name}: {actual.type}"
        for argument, value in field.args.items():
            assert str(actual.args[argument].type) == str(value.type), f"{name}({argument})"


def accepts(promised: str, actual: str) -> bool:
    """A field may promise more than the contract: non-null where null was allowed."""
    return actual in {promised, promised + "!"} or actual.replace("!", "") == promised
