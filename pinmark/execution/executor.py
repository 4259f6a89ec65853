"""Where graphql-core is left: it coerces the variables, and a compiled function does the rest.

Source: the GraphQL specification, "Executing Requests" (ExecuteRequest) and, for each event of a
subscription, ExecuteSubscriptionEvent. An operation that is asked for the first time is executed
by graphql-core, because compiling takes longer than executing once.
"""

# graphql-core leaves the parameters of its generic types open:
# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false
# pyright: reportUnknownArgumentType=false, reportUnknownParameterType=false

from collections import OrderedDict
from typing import Any

from graphql import (
    ArgumentNode,
    DirectiveNode,
    FragmentDefinitionNode,
    GraphQLSchema,
    OperationDefinitionNode,
    VariableNode,
    Visitor,
    default_field_resolver,
    default_type_resolver,
    visit,
)
from graphql.execution.values import VariableValues, get_variable_values
from strawberry.schema.schema import StrawberryGraphQLCoreExecutionContext

from pinmark.execution.compilation import Compiled, NotCovered, compile_operation

KEPT_OPERATIONS = 1000
KEPT_VARIANTS = 8
"""Of one operation: for different values of the variables that its switches depend on."""
SWITCHES = frozenset({"skip", "include"})

Fragments = dict[str, FragmentDefinitionNode]


class Executor(StrawberryGraphQLCoreExecutionContext):
    """Executes compiled what it can."""

    def execute_operation(self, serially: bool | None = None) -> Any:
        compiled = self._compiled() if self._is_ordinary() else None
        if compiled is None:
            return super().execute_operation(serially)
        return compiled.run(self.root_value, self.context_value, self.variable_values)

    def _compiled(self) -> Compiled | None:
        known = operations.known(self.operation, self.fragment_definitions)
        return known.compiled(self.schema, self.variable_values)

    def _is_ordinary(self) -> bool:
        """Whether nobody asked for anything that only graphql-core does."""
        return (
            self.error_propagation
            and self.abort_signal is None
            and self.hooks is None
            and self.field_resolver is default_field_resolver
            and self.type_resolver is default_type_resolver
            and (self.middleware_manager is None or not self.middleware_manager.middlewares)
        )


def compiled_for(
    schema: GraphQLSchema,
    operation: OperationDefinitionNode,
    fragments: Fragments,
    given: dict[str, Any],
) -> tuple[Compiled, VariableValues] | None:
    """The function for what the variables are given as, and what they are; None for what
    graphql-core is to execute, or to refuse.
    """
    variables = get_variable_values(schema, operation.variable_definitions or (), given)
    if not isinstance(variables, VariableValues):
        return None
    compiled = operations.known(operation, fragments).compiled(schema, variables)
    return None if compiled is None else (compiled, variables)


class KnownOperation:
    """An operation that was asked for before, and its functions so far."""

    def __init__(self, operation: OperationDefinitionNode, fragments: Fragments) -> None:
        self.operation = operation
        self._fragments = fragments
        self._asked = False
        self._switches: tuple[str, ...] = ()
        self._variants: dict[tuple[Any, ...], Compiled | None] = {}

    def compiled(self, schema: GraphQLSchema, variables: VariableValues) -> Compiled | None:
        """The function for these variables; None when graphql-core is to execute it."""
        if not self._asked:
            self._asked = True
            self._switches = switches_of(self.operation, self._fragments)
            return None
        variant = tuple(variables.coerced.get(name) for name in self._switches)
        if variant not in self._variants:
            if len(self._variants) >= KEPT_VARIANTS:
                return None
            self._variants[variant] = self._compile(schema, variables)
        return self._variants[variant]

    def _compile(self, schema: GraphQLSchema, variables: VariableValues) -> Compiled | None:
        try:
            return compile_operation(schema, self.operation, self._fragments, variables)
        except NotCovered:
            return None


class KnownOperations:
    """The operations of late, by the very documents that they stand in, which are kept too."""

    def __init__(self, kept: int) -> None:
        self._kept = kept
        self._known: OrderedDict[int, KnownOperation] = OrderedDict()

    def known(self, operation: OperationDefinitionNode, fragments: Fragments) -> KnownOperation:
        key = id(operation)  # of an object that is kept with it, so nothing else has the same
        found = self._known.get(key)
        if found is None:
            found = self._known[key] = KnownOperation(operation, fragments)
            if len(self._known) > self._kept:
                self._known.popitem(last=False)
        self._known.move_to_end(key)
        return found


operations = KnownOperations(KEPT_OPERATIONS)


class _Switches(Visitor):
    def __init__(self) -> None:
        super().__init__()
        self.names: dict[str, None] = {}

    def enter_directive(self, node: DirectiveNode, *_: Any) -> None:
        if node.name.value in SWITCHES:
            for argument in node.arguments or ():
                self._note(argument)

    def _note(self, argument: ArgumentNode) -> None:
        if isinstance(argument.value, VariableNode):
            self.names[argument.value.name.value] = None


def switches_of(operation: OperationDefinitionNode, fragments: Fragments) -> tuple[str, ...]:
    """The variables that decide what ``@skip`` and ``@include`` leave."""
    found = _Switches()
    for node in (operation, *fragments.values()):
        visit(node, found)
    return tuple(found.names)
