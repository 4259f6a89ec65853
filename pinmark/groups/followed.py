"""Which subscriptions are equal: the same document and variables, seen with the same eyes.

Where to begin is no part of it: a cursor is given once, and only the subscription itself looks at
it. Whoever has the same rights sees the same, in fields that say nothing of who asks; these are
listed, and with any other field only the very same principal sees the same.
"""

from collections.abc import Hashable
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

import orjson
from graphql import (
    DocumentNode,
    FieldNode,
    OperationDefinitionNode,
    OperationType,
    TypeInfo,
    TypeInfoVisitor,
    VariableNode,
    Visitor,
    get_operation_ast,
    visit,
)

from pinmark.graphql import CACHED_DOCUMENTS, LONGEST_DOCUMENT, document_of, served
from pinmark.operations import Operation
from services.principals import Principal

AFTER = "after"
SAME_FOR_ALL = {
    "Subscription": {"appEvents", "buildLog", "deploymentProgress", "runtimeLog"},
    "AppEvent": {"actor", "cursor", "deployment", "environment", "kind", "occurredAt"},
    "DeploymentEvent": {
        "actor",
        "codeBuildStatus",
        "cursor",
        "deployment",
        "fileSyncStatus",
        "occurredAt",
        "status",
    },
    "BuildLogChunk": {"cursor", "lines"},
    "BuildLogLine": {"at", "number", "text"},
    "RuntimeLogChunk": {"cursor", "lines", "omitted"},
    "RuntimeLogLine": {"at", "number", "text"},
    "Actor": {"id", "kind", "name"},
    "App": {"createdAt", "databaseId", "id", "name"},
    "CacheDecision": {"detail", "key", "kind"},
    "CodeBuild": {
        "cacheDecision",
        "cacheHit",
        "detail",
        "finishedAt",
        "startedAt",
        "status",
    },
    "Commit": {"authorName", "committedAt", "message", "sha", "shortSha"},
    "ContentProblem": {"code", "line", "message", "path"},
    "Deployment": {
        "actor",
        "codeBuild",
        "commit",
        "contentProblems",
        "createdAt",
        "databaseId",
        "environment",
        "failureClass",
        "failureReason",
        "fileSync",
        "id",
        "kind",
        "note",
        "override",
        "retryOf",
        "settledAt",
        "source",
        "sourceName",
        "status",
        "version",
    },
    "Environment": {
        "app",
        "codeCommit",
        "contentCommit",
        "createdAt",
        "currentVersion",
        "databaseId",
        "deletedAt",
        "deploying",
        "id",
        "isDefault",
        "name",
        "pin",
        "pinLabel",
        "runtime",
        "state",
    },
    "FileSync": {"detail", "finishedAt", "startedAt", "status"},
    "Pin": {"commit", "deployment", "since", "version"},
    "Runtime": {"deployment", "reason", "replacement", "restarts", "since", "state"},
}
"""The fields whose values depend on the rights of who asks, at most; a test asks for all of them
as somebody who has rights and nothing else.
"""


@dataclass(frozen=True)
class Followed:
    """A subscription as somebody asked for it."""

    operation: Operation
    base_url: str
    received: str | None
    """The cursor that goes before what the operation says."""
    subject: Hashable
    """The operation, and where it was asked, without where it begins."""
    begins: bytes | None
    """What the operation says of where it begins."""
    same_for_all: bool
    """Whether all who have the same rights are told the same."""

    def by(self, principal: Principal) -> Hashable:
        """What is equal for whoever is told the same from the same place on."""
        who = () if self.same_for_all else principal.identity
        return (self.subject, principal.rights, who)

    def begun_by(self, principal: Principal) -> Hashable:
        """The same with the place."""
        return (self.by(principal), self.begins, self.received)

    def going_on(self, place: str | None) -> "Followed":
        """The same, past what was told already."""
        return self if place is None else replace(self, received=place)


def followed_by(
    operation: Operation, base_url: str, received: str | None = None
) -> Followed | None:
    """What a subscription follows; None for what is none, or cannot be told to be equal."""
    query = operation.query
    shape = shape_of(query, operation.name) if len(query) <= LONGEST_DOCUMENT else None
    if shape is None:
        return None
    variables = dict(operation.variables or {})
    begins = variables.pop(shape.cursor, None) if shape.cursor is not None else None
    try:
        told = orjson.dumps(variables, option=orjson.OPT_SORT_KEYS)
        place = None if begins is None else orjson.dumps(begins)
    except orjson.JSONEncodeError:  # it reads deeper nesting than it writes
        return None
    subject = (query, operation.name, told, base_url)
    return Followed(operation, base_url, received, subject, place, shape.same_for_all)


@dataclass(frozen=True)
class Shape:
    """What a subscription's document says of it."""

    cursor: str | None
    """The variable that says where it begins and nothing else, if there is one."""
    same_for_all: bool


@lru_cache(maxsize=CACHED_DOCUMENTS)
def shape_of(query: str, name: str | None) -> Shape | None:
    """The shape of a document's subscription; None if it is none, or no document at all."""
    document = document_of(query)
    operation = None if document is None else get_operation_ast(document, name)
    if (
        document is None
        or operation is None
        or operation.operation is not OperationType.SUBSCRIPTION
    ):
        return None
    found = _Found()
    visit(document, TypeInfoVisitor(found.types, found))
    return Shape(_cursor_of(document, operation, found), found.same_for_all)


def _cursor_of(
    document: DocumentNode, operation: OperationDefinitionNode, found: "_Found"
) -> str | None:
    """The variable that is used once in the document, and that for where to begin."""
    if len(document.definitions) != 1 or len(operation.selection_set.selections) != 1:
        return None
    field = operation.selection_set.selections[0]
    for argument in (field.arguments or ()) if isinstance(field, FieldNode) else ():
        value = argument.value
        if argument.name.value == AFTER and isinstance(value, VariableNode):
            name = value.name.value
            return name if found.variables.count(name) == 2 else None  # its definition is one
    return None


class _Found(Visitor):
    """What a document asks for, and the variables wherever they stand."""

    def __init__(self) -> None:
        super().__init__()
        self.types = TypeInfo(served)
        self.variables: list[str] = []
        self.same_for_all = True

    def enter_variable(self, node: VariableNode, *_: Any) -> None:
        self.variables.append(node.name.value)

    def enter_field(self, node: FieldNode, *_: Any) -> None:
        name = node.name.value
        if name != "__typename":
            fields = SAME_FOR_ALL.get(str(self.types.get_parent_type()), ())
            self.same_for_all &= name in fields
