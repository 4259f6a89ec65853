"""What the answers to a document depend on, beside the document itself and who asks.

Most are a matter of the database alone, and many of those of one app in it: they stay what they
are while others are written to.
"""

from enum import Enum
from functools import lru_cache
from typing import Any
from uuid import UUID

from graphql import (
    FieldNode,
    OperationDefinitionNode,
    OperationType,
    TypeInfo,
    TypeInfoVisitor,
    Visitor,
    visit,
)

from pinmark.graphql import CACHED_DOCUMENTS, LONGEST_DOCUMENT, document_of, served
from schema.context import Context


class Reach(Enum):
    """How far one has to look to know whether an answer is still the one."""

    MORE = "MORE"
    """Beyond the database; or the document does more than read."""
    DATABASE = "DATABASE"
    APPS = "APPS"
    """To the apps that it looked into, and to who may do what."""


OF_MORE = frozenset(
    {
        "Environment.timeline",
        "Environment.versionAt",
        "EnvironmentCapabilities.createApiKey",
        "Invitation.state",
        "Query.comparison",
        "Viewer.sessions",
    }
)
"""The fields whose values depend on more than the database: on the time, or on files beside it."""

INTO_AN_APP = frozenset({"Query.app", "Query.environment"})
"""The fields that find an app, and note in the context which."""
WITHIN_AN_APP = frozenset(
    {
        "Actor",
        "App",
        "AppCapabilities",
        "CacheDecision",
        "Capability",
        "CodeBuild",
        "Commit",
        "ContentProblem",
        "Deployment",
        "DeploymentConnection",
        "DeploymentEdge",
        "Environment",
        "EnvironmentCapabilities",
        "EnvironmentConnection",
        "EnvironmentEdge",
        "FileSync",
        "PageInfo",
        "Pin",
        "Repository",
        "Runtime",
    }
)
"""The types whose fields show nothing of any other app than their own. What leads from them to a
type that is not here is not followed: its answers are taken to depend on the whole database.
"""


def reach_of(query: str) -> Reach:
    """What answers to the text depend on, whichever of its operations is meant."""
    return _reach_of(query) if len(query) <= LONGEST_DOCUMENT else Reach.MORE


def apps_of(query: str, context: Context) -> frozenset[UUID] | None:
    """The apps alone that the answer made in a context is about; None where it is about more."""
    return frozenset(context.apps) if reach_of(query) is Reach.APPS else None


@lru_cache(maxsize=CACHED_DOCUMENTS)
def _reach_of(query: str) -> Reach:
    document = document_of(query)
    if document is None:
        return Reach.MORE
    found = _Fields()
    visit(document, TypeInfoVisitor(found.types, found))
    if not found.only_reads or found.coordinates & OF_MORE:
        return Reach.MORE
    outside = {
        coordinate
        for coordinate in found.coordinates - INTO_AN_APP
        if coordinate.partition(".")[0] not in WITHIN_AN_APP
    }
    return Reach.DATABASE if outside else Reach.APPS


class _Fields(Visitor):
    """Gathers which fields of which types a document asks for."""

    def __init__(self) -> None:
        super().__init__()
        self.types = TypeInfo(served)
        self.coordinates: set[str] = set()
        self.only_reads = True

    def enter_operation_definition(self, node: OperationDefinitionNode, *_: Any) -> None:
        self.only_reads &= node.operation is OperationType.QUERY

    def enter_field(self, node: FieldNode, *_: Any) -> None:
        self.coordinates.add(f"{self.types.get_parent_type()}.{node.name.value}")
