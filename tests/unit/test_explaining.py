"""``pinmark explain`` shows what an operation is compiled to."""

import pytest
import typer

from pinmark.explaining import explain, read_variables

MENU = "query ($app: String!) { app(name: $app) { name environments { nodes { name } } } }"


def explained(query: str, **variables: object) -> str:
    said: list[str] = []
    explain(query, variables, say=said.append)
    return "\n".join(said)


def test_it_prints_a_function_for_each_selection_set() -> None:
    source = explained(MENU, app="triage")

    assert source.count("def answer_") == 4
    assert "resolve_App_environments(source, info=" in source
    compile(source, "explained", "exec")


def test_a_field_that_is_skipped_is_not_in_it() -> None:
    query = "query ($no: Boolean!) { viewer { name id @skip(if: $no) } }"

    assert "source.id" in explained(query, no=False)
    assert "source.id" not in explained(query, no=True)


def test_it_says_what_is_left_to_graphql_core() -> None:
    assert "graphql-core executes this one" in explained("{ __schema { description } }")


@pytest.mark.parametrize(
    "query", ["{", "{ nothing }", "query A { viewer { name } } query B { __typename }"]
)
def test_what_is_no_operation_is_told(query: str) -> None:
    with pytest.raises(typer.BadParameter):
        explained(query)


@pytest.mark.parametrize("given", ["{", "[]"])
def test_variables_that_are_no_object_are_told(given: str) -> None:
    with pytest.raises(typer.BadParameter):
        read_variables(given)
