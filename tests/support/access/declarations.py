"""What the published schema declares, in the words of the rules: ``app.read? app.update!``."""

from graphql import DirectiveNode, GraphQLField, value_from_ast_untyped
from strawberry import Schema

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
    """Whether a field is worked out when it is asked for, or takes arguments."""
    kind = schema.get_type_by_name(type_name)
    for field in getattr(kind, "fields", ()):
        if schema.config.name_converter.from_field(field) == field_name:
            return field.base_resolver is not None or bool(field.arguments)
    return False
