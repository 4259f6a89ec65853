"""Executing operations by functions generated for them, over the resolvers of a Strawberry schema.

Source: the GraphQL specification, chapter "Execution". It knows GraphQL and Strawberry and nothing
of what the schema is about. For each validated operation that is asked more than once:

    planning      which fields of which types can be answered     CollectFields, MergeSelectionSets
    resolving     how each field's value is come by               ResolveFieldValue
    source_text   a Python function for each selection set        ExecuteSelectionSet
    completion    what a value becomes in the answer              CompleteValue
    running       what one run knows; where its errors were       "Handling Execution Errors"
    compilation   the parts put together, and what is left out    ExecuteQuery, ExecuteMutation
    executor      where graphql-core hands over                   ExecuteSubscriptionEvent

What is not covered is given to graphql-core, which stays the measure: the answers are the same,
field for field and error for error, and a test of random documents holds it so.
"""

from pinmark.execution.compilation import Compiled, NotCovered, compile_operation
from pinmark.execution.executor import Executor, compiled_for

__all__ = ["Compiled", "Executor", "NotCovered", "compile_operation", "compiled_for"]
