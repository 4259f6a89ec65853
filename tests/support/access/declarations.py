"""What the published schema and the REST API declare, in the words of the rules."""

import re

from graphql import DirectiveNode, GraphQLField, value_from_ast_untyped
from strawberry import Schema

from pinmark.rest import OPERATIONS
from pinmark.rest.operations import Operation
from schema.rows import OF_THE_OBJECT

NAME = "requires"
ENDS = {"ABSENT": "?", "DENIED": "!"}


def declarations_of(field: GraphQLField) -> list[str]:
    """Each ``@requires`` of a field as one word.

    ``?`` ends what is absent without the permission, ``!`` what is refused by its name; ``own``
    follows where it is not asked of what is one's own.
    """
    directives = () if field.ast_node is None else field.ast_node.directives or ()
    return [_word(each) for each in directives if each.name.value == NAME]


def _word(directive: DirectiveNode) -> str:
    arguments = directive.arguments or ()
    given = {each.name.value: value_from_ast_untyped(each.value) for each in arguments}
    audience = str(given.get("audience", "")).lower()
    if "permission" not in given:
        return audience
    return f"{'|'.join(given['permission'])}{ENDS[given['otherwise']]}{audience}"


def is_an_edge(schema: Schema, type_name: str, field_name: str) -> bool:
    """Whether a field tells more than its object has, or takes arguments."""
    kind = schema.get_type_by_name(type_name)
    for field in getattr(kind, "fields", ()):
        if schema.config.name_converter.from_field(field) == field_name:
            resolver = field.base_resolver
            leads_on = resolver is not None and not hasattr(resolver.wrapped_func, OF_THE_OBJECT)
            return leads_on or bool(field.arguments)
    return False


def operation_of(route: str) -> Operation:
    """The operation that a route of the rules is an address of."""
    method, path = route.split("?")[0].split(" ", 1)
    (found,) = (
        each for each in OPERATIONS if each.method == method and _pattern(each).fullmatch(path)
    )
    return found


def _pattern(operation: Operation) -> re.Pattern[str]:
    anything = operation.path.replace("{path}", ".+")
    return re.compile(re.sub(r"{\w+}", "[^/]+", anything))


def declared_by(rule: str) -> set[str]:
    """What an operation with this rule declares: what is asked last."""
    return set(re.split(r"[@?!~^]", rule.split()[-1])[0].split("|"))
