"""Documents that were found good before: what was found holds for as long as they are kept.

Whether a document is well formed, valid and within the limits is a matter of its text, of which of
its operations is meant, and of whether the server describes its schema. Its cost is a matter of
the variables too, of those alone that say how large pages are. Nothing here depends on who asks.
"""

# graphql-core leaves the parameters of its generic types open:
# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false

import inspect
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, cast

from graphql import (
    ArgumentNode,
    DocumentNode,
    ExecutionResult,
    FieldNode,
    FragmentDefinitionNode,
    GraphQLError,
    OperationDefinitionNode,
    OperationType,
    VariableNode,
    Visitor,
    get_operation_ast,
    visit,
)
from graphql import execute as execute_document
from strawberry.execution.is_awaitable import optimized_is_awaitable

from pinmark.document_shape import fragments_of
from pinmark.execution import Executor, compiled_for
from pinmark.graphql import CACHED_DOCUMENTS, served
from pinmark.limits import LARGEST_NUMBER, MAXIMUM_COST, PAGE_SIZES, cost_of, too_costly
from schema.context import Context

LONGEST_TEXTS = 1024 * 1024
"""Of all documents together, in characters."""
MOST_COSTS = 16
"""Kept for one document: for as many choices of its page sizes."""

IN_A_TRANSACTION = frozenset({"rowCount", "rows"})
"""Fields that are read through a cursor, which lives as long as a transaction does."""


@dataclass(frozen=True)
class Meant:
    """A document's text, and what else decides whether it is good."""

    text: str
    operation: str | None
    introspection: bool


@dataclass(eq=False)
class KnownDocument:
    """A document that was executed before, so it passed all that stands before that."""

    document: DocumentNode
    operation: OperationDefinitionNode
    fragments: dict[str, FragmentDefinitionNode]
    sizes: tuple[str, ...]
    """The variables that page sizes are given by."""
    in_a_transaction: bool
    costs: dict[tuple[int | None, ...], int] = field(default_factory=dict[Any, int])

    @property
    def kind(self) -> OperationType:
        return self.operation.operation

    @property
    def is_of_statements(self) -> bool:
        """Whether it only reads, by statements that need no transaction around them."""
        return self.kind is OperationType.QUERY and not self.in_a_transaction

    def cost(self, variables: Mapping[str, Any]) -> int:
        given = tuple(_integer(variables.get(name)) for name in self.sizes)
        cost = self.costs.get(given)
        if cost is None:
            cost = cost_of(self.document, variables)
            if len(self.costs) < MOST_COSTS:
                self.costs[given] = cost
        return cost

    async def execute(
        self, context: Context, variables: dict[str, Any] | None, name: str | None
    ) -> ExecutionResult:
        """Run it, if its pages are not too large together."""
        context.cost = min(self.cost(variables or {}), LARGEST_NUMBER)
        if context.cost > MAXIMUM_COST:
            return ExecutionResult(None, [too_costly(context.cost)])
        context.kind = self.kind.value
        try:
            compiled = compiled_for(served, self.operation, self.fragments, variables or {})
            if compiled is not None:
                function, values = compiled
                return await function.run(None, context, values)
            result = execute_document(
                served,
                self.document,
                context_value=context,
                variable_values=variables,
                operation_name=name,
                executor_class=Executor,
                is_awaitable=cast(Any, optimized_is_awaitable),
            )
            return await result if inspect.isawaitable(result) else result
        except Exception as error:
            return ExecutionResult(None, [GraphQLError(str(error), original_error=error)])


class KnownDocuments:
    """The good documents of late, as many as there is room for."""

    def __init__(self, *, most: int = CACHED_DOCUMENTS, longest: int = LONGEST_TEXTS) -> None:
        self._most, self._longest = most, longest
        self._length = 0
        self._known: OrderedDict[Meant, KnownDocument] = OrderedDict()

    def find(self, meant: Meant) -> KnownDocument | None:
        found = self._known.get(meant)
        if found is not None:
            self._known.move_to_end(meant)
        return found

    def learn(self, meant: Meant, document: DocumentNode) -> None:
        """The document is being executed."""
        operation = get_operation_ast(document, meant.operation)
        if operation is None or operation.operation is OperationType.SUBSCRIPTION:
            return
        if meant not in self._known:
            self._length += len(meant.text)
        found = _Found()
        visit(document, found)
        self._known[meant] = KnownDocument(
            document,
            operation,
            fragments_of(document),
            tuple(found.sizes),
            found.in_a_transaction,
        )
        while len(self._known) > self._most or self._length > self._longest:
            forgotten, _ = self._known.popitem(last=False)
            self._length -= len(forgotten.text)


class _Found(Visitor):
    """Gathers the variables that page sizes are given by, and whether a transaction is needed."""

    def __init__(self) -> None:
        super().__init__()
        self.sizes: dict[str, None] = {}
        self.in_a_transaction = False

    def enter_argument(self, node: ArgumentNode, *_: Any) -> None:
        if node.name.value in PAGE_SIZES and isinstance(node.value, VariableNode):
            self.sizes[node.value.name.value] = None

    def enter_field(self, node: FieldNode, *_: Any) -> None:
        self.in_a_transaction |= node.name.value in IN_A_TRANSACTION


def _integer(given: object) -> int | None:
    return given if isinstance(given, int) else None
