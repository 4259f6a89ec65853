"""The published contract: GraphQL types, inputs, unions and the words that describe them.

Types map themselves from rows; nested fields read through the loaders of the context.
"""

from schema import enums

__all__ = ["enums"]  # described before any type that uses them is made
