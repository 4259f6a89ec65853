"""What a field takes of whoever asks for it, declared where the field is defined and published.

A declaration refuses nobody: the services do. It is there to be read, by clients in
``schema.graphql`` and by a test that goes through every field; another holds it against what is
answered to everybody who may ask.
"""

from enum import Enum

import strawberry
from strawberry.schema_directive import Location
from strawberry.types.unset import UNSET

from services.principals import Permission


@strawberry.enum(description="Who is answered by a field for which no permission is asked.")
class Audience(Enum):
    KNOWN = strawberry.enum_value("known", description="Whoever has a valid token or session.")
    OWN = strawberry.enum_value(
        "own", description="Everybody, of what is their own: their sessions, tokens and rights."
    )
    PARENT = strawberry.enum_value(
        "parent", description="Whoever was given the object that the field belongs to."
    )
    SUBJECT = strawberry.enum_value(
        "subject",
        description="Whoever may see the thing that is named, which its type decides; for anybody "
        "else it is not there.",
    )


@strawberry.enum(description="What is answered without the permission.")
class Otherwise(Enum):
    DENIED = strawberry.enum_value(
        "denied", description="A refusal that names the permission, the first where several stand."
    )
    ABSENT = strawberry.enum_value(
        "absent", description="The same as for something that is not there, or left out of a list."
    )


@strawberry.schema_directive(
    locations=[Location.FIELD_DEFINITION],
    repeatable=True,
    description="What it takes to be answered by the field, beyond being given the object that it "
    "belongs to. Where it stands several times, all of it, in this order; of several permissions "
    "one. With the audience `OWN` beside a permission, that is not asked of what is one's own.",
)
class Requires:
    permission: list[str] | None = strawberry.directive_field(name="permission", default=UNSET)
    otherwise: Otherwise | None = strawberry.directive_field(name="otherwise", default=UNSET)
    audience: Audience | None = strawberry.directive_field(name="audience", default=UNSET)


def needs(*one_of: Permission, own: bool = False) -> Requires:
    """One of these permissions, or a refusal that names the first; with ``own`` not of oneself."""
    return _requires(one_of, Otherwise.DENIED, own=own)


def sees(*one_of: Permission, own: bool = False) -> Requires:
    """One of these permissions, or the thing is not there; with ``own`` not of oneself."""
    return _requires(one_of, Otherwise.ABSENT, own=own)


def _requires(one_of: tuple[Permission, ...], otherwise: Otherwise, *, own: bool) -> Requires:
    return Requires(
        permission=[each.value for each in one_of],
        otherwise=otherwise,
        audience=Audience.OWN if own else UNSET,
    )


KNOWN = Requires(audience=Audience.KNOWN)
OWN = Requires(audience=Audience.OWN)
WITH_PARENT = Requires(audience=Audience.PARENT)
SUBJECT = Requires(audience=Audience.SUBJECT)
