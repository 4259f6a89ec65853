"""``pinmark explain``: what an operation is compiled to, and the SQL that it runs."""

import asyncio
from collections.abc import Callable
from typing import Any, cast

import orjson
import typer
from graphql import GraphQLError, OperationDefinitionNode, get_operation_ast, parse, validate
from graphql.execution.values import VariableValues, get_variable_values
from sqlalchemy import event
from sqlalchemy.ext.asyncio import AsyncEngine

from pinmark.assembly import open_installation
from pinmark.document_shape import fragments_of
from pinmark.execution import Compiled, NotCovered, compile_operation
from pinmark.graphql import MAXIMUM_TOKENS, served
from pinmark.operations import Operation, execute
from pinmark.postgres import reachable_postgres
from pinmark.settings import Settings
from schema.context import Context
from services.hub import Hub
from services.rights import owner_principal
from services.tokens import find_owner

Say = Callable[[str], None]
Variables = dict[str, Any]


def read_variables(given: str) -> Variables:
    try:
        variables: object = orjson.loads(given)
    except orjson.JSONDecodeError as error:
        raise typer.BadParameter(str(error), param_hint="--variables") from None
    if not isinstance(variables, dict):
        raise typer.BadParameter("Variables are an object.", param_hint="--variables")
    return cast(Variables, variables)


def explain(query: str, variables: Variables, *, say: Say) -> None:
    """Say the Python that answers the operation."""
    try:
        say(compile_text(query, variables).source)
    except NotCovered as reason:
        say(f"# graphql-core executes this one: {reason}")


def compile_text(query: str, variables: Variables) -> Compiled:
    try:
        document = parse(query, max_tokens=MAXIMUM_TOKENS)
    except GraphQLError as error:
        raise typer.BadParameter(error.message, param_hint="query") from None
    if errors := validate(served, document):
        raise typer.BadParameter("\n".join(error.message for error in errors), param_hint="query")
    operation = get_operation_ast(document)
    if operation is None:
        raise typer.BadParameter("Give a document of one operation.", param_hint="query")
    return compile_operation(
        served, operation, fragments_of(document), _coerce(operation, variables)
    )


def _coerce(operation: OperationDefinitionNode, variables: Variables) -> VariableValues:
    values = get_variable_values(served, operation.variable_definitions or (), variables)
    if isinstance(values, VariableValues):
        return values
    told = "\n".join(error.message for error in values)
    raise typer.BadParameter(told, param_hint="--variables")


def explain_sql(settings: Settings, query: str, variables: Variables, *, say: Say) -> None:
    """Run the query as an owner on the installation's database, and say each statement."""
    with reachable_postgres(settings) as url:
        for statement in asyncio.run(_statements(settings, url, Operation(query, variables))):
            say(f"-- {statement}")


async def _statements(settings: Settings, url: str, operation: Operation) -> list[str]:
    statements: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        statements.append(" ".join(statement.split()))

    async with open_installation(settings, url) as installation:
        async with installation.database.moment() as session:
            principal = owner_principal(await find_owner(session))
            engine = cast(AsyncEngine, session.bind).sync_engine
        event.listen(engine, "before_cursor_execute", note)
        context = Context(installation, Hub(), principal, settings.base_url)
        await execute(context, operation, request_id="explain")
    return statements
